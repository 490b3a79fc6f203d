import { toMillionths, toUnits } from './quantity.js';
import type { OfferRef, Pack } from './stocks.js';

/**
 * Returns what an order holds after `asked` was set: each item, offer and warehouse once, none of 0. Equal
 * packs of a request add up; without a warehouse a pack is about the one that holds it, and 0 about all. For
 * services that take an order whole, too.
 */
export function mergePacks(held: readonly Pack[], asked: readonly Pack[]): Pack[] {
  const set: Pack[] = [];
  for (const pack of asked) {
    const before = held.find((one) => isOf(one, pack) && one.quantity > 0);
    const store = pack.store ?? (pack.quantity > 0 ? before?.store : undefined);
    const placed: Pack = { ...pack, ...(store !== undefined && { store }) };
    const known = set.findIndex((one) => isOf(one, placed) && one.store === placed.store);
    const sum = toMillionths(pack.quantity) + toMillionths(set[known]?.quantity ?? 0);
    if (known < 0) set.push(placed);
    else set[known] = { ...placed, quantity: toUnits(sum) };
  }
  const isReplaced = (pack: Pack): boolean =>
    set.some((one) => isOf(one, pack) && (one.store === pack.store || (one.store === undefined && one.quantity === 0)));
  return [...held.filter((pack) => !isReplaced(pack)), ...set.filter(({ quantity }) => quantity > 0)];
}

function isOf(one: Pack, other: Pack): boolean {
  return one.item === other.item && isSameOffer(one.offer, other.offer);
}

/** As the CRM finds offers: by id, then xmlId, then externalId. */
function isSameOffer(one: OfferRef, other: OfferRef): boolean {
  if (one.id !== undefined && other.id !== undefined) return one.id === other.id;
  if (one.xmlId !== undefined && other.xmlId !== undefined) return one.xmlId === other.xmlId;
  const isSameSite = one.site === undefined || other.site === undefined || one.site === other.site;
  return one.externalId !== undefined && one.externalId === other.externalId && isSameSite;
}
