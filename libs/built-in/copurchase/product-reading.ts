import { cleanText } from '#platform';
import { readId, isTrue, listIn, readMember, readNumber, readText } from './wire-reading.js';

/** Stored part of a product. */
export interface ReadProduct {
  id: number;
  externalId?: string;
  active: boolean;
  /** The lowest price of its offers, in the account's base currency. */
  price?: number;
  /** Ids of its offers (SKUs), which order items refer to. */
  offers: number[];
  groups: string[];
}

/**
 * Reads a product of `store/products` (reference: Product). Returns undefined without an id. Default: active.
 */
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

/** Returns a group's id, or its external id if it has no other. */
function readGroupKey(group: unknown): string | undefined {
  const id = readId(readMember(group, 'id'));
  if (id !== undefined) return String(id);
  const externalId = readText(readMember(group, 'externalId'));
  return externalId === undefined ? undefined : cleanText(`external:${externalId}`);
}
