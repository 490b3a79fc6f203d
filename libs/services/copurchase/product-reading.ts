import { cleanText } from '#platform';
import { idIn, isTrue, listIn, memberOf, numberIn, textIn } from './wire-reading.js';

/** What is kept of a product. */
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

/** A product as `store/products` gives it (reference: Product); undefined without an id. One that does not say is active. */
export function readProduct(product: unknown): ReadProduct | undefined {
  const id = idIn(memberOf(product, 'id'));
  if (id === undefined) return undefined;
  const externalId = textIn(memberOf(product, 'externalId'));
  const active = memberOf(product, 'active');
  const offers = listIn(memberOf(product, 'offers')) ?? [];
  const prices = offers.map((offer) => numberIn(memberOf(offer, 'price'))).filter((price) => price !== undefined);
  const price = numberIn(memberOf(product, 'minPrice')) ?? (prices.length > 0 ? Math.min(...prices) : undefined);
  return {
    id,
    ...(externalId !== undefined && { externalId: cleanText(externalId) }),
    active: active === undefined || active === null || isTrue(active),
    ...(price !== undefined && price >= 0 && { price }),
    offers: [...new Set(offers.map((offer) => idIn(memberOf(offer, 'id'))).filter((offer) => offer !== undefined))],
    groups: [...new Set((listIn(memberOf(product, 'groups')) ?? []).map(groupKey).filter((key) => key !== undefined))],
  };
}

/** A group by its id, or by its external id where it has no other. */
function groupKey(group: unknown): string | undefined {
  const id = idIn(memberOf(group, 'id'));
  if (id !== undefined) return String(id);
  const externalId = textIn(memberOf(group, 'externalId'));
  return externalId === undefined ? undefined : cleanText(`external:${externalId}`);
}
