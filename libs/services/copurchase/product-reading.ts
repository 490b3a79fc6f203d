import { cleanText } from '#platform';
import { readId, isTrue, listIn, readMember, readNumber, readText } from './wire-reading.js';

/** What is stored of a product. */
export interface ReadProduct {
  id: number;
  externalId?: string;
  active: boolean;
  /** The lowest price of its offers, in the account's base currency. */
  price?: number;
  /** Ids of its offers (SKUs): order items name these. */
  offers: number[];
  groups: string[];
}

/** Reads a product of `store/products` (reference: Product); undefined without an id. Active by default. */
export function readProduct(product: unknown): ReadProduct | undefined {
  const id = readId(readMember(product, 'id'));
  if (id === undefined) return undefined;
  const externalId = readText(readMember(product, 'externalId'));
  const active = readMember(product, 'active');
  const offers = listIn(readMember(product, 'offers')) ?? [];
  const prices = offers.map((offer) => readNumber(readMember(offer, 'price'))).filter((price) => price !== undefined);
  const price = readNumber(readMember(product, 'minPrice')) ?? (prices.length > 0 ? Math.min(...prices) : undefined);
  return {
    id,
    ...(externalId !== undefined && { externalId: cleanText(externalId) }),
    active: active === undefined || active === null || isTrue(active),
    ...(price !== undefined && price >= 0 && { price }),
    offers: [...new Set(offers.map((offer) => readId(readMember(offer, 'id'))).filter((offer) => offer !== undefined))],
    groups: [...new Set((listIn(readMember(product, 'groups')) ?? []).map(readGroupKey).filter((key) => key !== undefined))],
  };
}

/** A group by its id, or by its external id where it has no other. */
function readGroupKey(group: unknown): string | undefined {
  const id = readId(readMember(group, 'id'));
  if (id !== undefined) return String(id);
  const externalId = readText(readMember(group, 'externalId'));
  return externalId === undefined ? undefined : cleanText(`external:${externalId}`);
}
