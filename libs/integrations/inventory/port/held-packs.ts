import { toMillionths, toUnits } from './quantity.js';
import type { MovedItem, OfferRef, Pack } from './stocks.js';

/**
 * Returns an order's packs after `asked` was applied: each item, offer and warehouse once, without packs of
 * 0. Equal packs of a request are added up. A pack without a warehouse applies to the warehouse that holds
 * it. A quantity of 0 without a warehouse applies to all. Also for services that accept only whole orders.
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

/**
 * Assigns items to the warehouses that hold them for the order, the rest to `store`. Each offer and warehouse
 * is in the result once.
 */
export function placeItems(
  items: readonly MovedItem[],
  held: readonly Pick<Pack, 'offer' | 'store' | 'quantity'>[],
  store?: string,
): MovedItem[] {
  const left = held.map(({ quantity }) => toMillionths(quantity));
  const placed: MovedItem[] = [];
  const place = (offer: OfferRef, at: string | undefined, millionths: number): void => {
    if (millionths === 0) return;
    const known = placed.find((one) => one.store === at && isSameOffer(one.offer, offer));
    if (known) known.quantity = toUnits(toMillionths(known.quantity) + millionths);
    else placed.push({ offer, ...(at !== undefined && { store: at }), quantity: toUnits(millionths) });
  };
  for (const { offer, quantity } of items) {
    let rest = toMillionths(quantity);
    held.forEach((pack, index) => {
      const taken = isSameOffer(pack.offer, offer) ? Math.min(rest, left[index] ?? 0) : 0;
      left[index] = (left[index] ?? 0) - taken;
      rest -= taken;
      place(offer, pack.store, taken);
    });
    place(offer, store, rest);
  }
  return placed;
}

function isOf(one: Pack, other: Pack): boolean {
  return one.item === other.item && isSameOffer(one.offer, other.offer);
}

/** Compares offers in the CRM's order: by id, then xmlId, then externalId. */
function isSameOffer(one: OfferRef, other: OfferRef): boolean {
  if (one.id !== undefined && other.id !== undefined) return one.id === other.id;
  if (one.xmlId !== undefined && other.xmlId !== undefined) return one.xmlId === other.xmlId;
  const isSameSite = one.site === undefined || other.site === undefined || one.site === other.site;
  return one.externalId !== undefined && one.externalId === other.externalId && isSameSite;
}
