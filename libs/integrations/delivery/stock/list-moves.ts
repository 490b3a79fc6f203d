import type { KeptItem, StockMove } from '#integration-kit';
import { type DeliveryFacts, isHandedOver } from '../delivery-state.js';
import type { DeliveryManifest, Parcel, ParcelItem } from '../port/index.js';

/** When goods of a parcel are written off: never, once the carrier has it, or once the buyer has it. */
export const STOCK_RULES = ['none', 'shipped', 'delivered'] as const;
export type StockRule = (typeof STOCK_RULES)[number];

/** The moves that a delivery's state requires, each with its goods. An empty one is not required. */
export type Moves = Readonly<Record<StockMove, readonly KeptItem[]>> & {
  /** Goods are back, but the carrier does not report which: a person takes them back. */
  readonly isUnclear: boolean;
};

/** The facts that moves follow from. */
export type MovedFacts = Pick<DeliveryFacts, 'status' | 'history' | 'delivered' | 'related'>;

/**
 * Lists the moves of a delivery's goods. With `shipped`, all leave once, and the ones that the buyer did not
 * take come back. With `delivered`, only the ones that the buyer took leave.
 */
export function listMoves(
  { status, history, delivered, related = [] }: MovedFacts,
  parcels: readonly Parcel[],
  manifest: Pick<DeliveryManifest<object>, 'statuses' | 'cancelledStatus'>,
  rule: StockRule,
): Moves {
  const had = manifest.statuses.filter(({ code }) => code === status || history.some((entry) => entry.code === code));
  const wasHandedOver = had.some(({ code }) => isHandedOver(manifest, code));
  const isReturned = had.some((one) => one.code === status && one.isReturned);
  const returns = related.filter(({ kind }) => kind === 'return');
  const isRestBack = returns.some(({ state }) => state === 'back') && !returns.some(({ state }) => state === 'going');
  const [all, kept] = [sumItems(parcels), delivered && sumItems(parcels, delivered)];
  const rest = kept ? subtract(all, kept) : all;
  const isUnclear =
    related.some(({ kind, state }) => kind === 'clientReturn' && state === 'back') || (isRestBack && wasHandedOver && !kept);
  if (rule === 'shipped') {
    const isOut = wasHandedOver || had.some(({ isTaken }) => isTaken);
    const isBack = isReturned || (isRestBack && !isUnclear);
    return { writeOff: isOut ? all : [], takeBack: isOut && isBack ? rest : [], isUnclear: isUnclear && isOut && !isReturned };
  }
  const isOut = rule === 'delivered' && wasHandedOver;
  return {
    writeOff: isOut ? (kept ?? all) : [],
    takeBack: isOut && isReturned && !kept ? all : [],
    isUnclear: isUnclear && isOut && !isReturned,
  };
}

/** Sums items by offer: all of the parcels, or the given quantities. */
function sumItems(parcels: readonly Parcel[], chosen?: NonNullable<DeliveryFacts['delivered']>): KeptItem[] {
  const items = chosen
    ? chosen.flatMap(({ parcel, item, quantity }) => {
        const found = parcels[parcel]?.items[item];
        return found ? [{ ...found, quantity }] : [];
      })
    : parcels.flatMap((parcel) => parcel.items);
  const sums = new Map<string, KeptItem>();
  for (const item of items) {
    const offer = toOffer(item);
    const key = JSON.stringify(offer);
    const quantity = add(sums.get(key)?.quantity ?? 0, item.quantity);
    if (quantity > 0) sums.set(key, { offer, quantity });
  }
  return [...sums.values()];
}

function subtract(all: readonly KeptItem[], kept: readonly KeptItem[]): KeptItem[] {
  return all.flatMap(({ offer, quantity }) => {
    const taken = kept.find((one) => JSON.stringify(one.offer) === JSON.stringify(offer))?.quantity ?? 0;
    const left = add(quantity, -taken);
    return left > 0 ? [{ offer, quantity: left }] : [];
  });
}

/** Exact for quantities of up to 6 decimals. */
function add(one: number, other: number): number {
  return Math.round((one + other) * 1e6) / 1e6;
}

function toOffer({ offerId, xmlId, externalId }: ParcelItem): KeptItem['offer'] {
  return {
    ...(offerId !== undefined && /^\d{1,15}$/.test(offerId) && { id: Number(offerId) }),
    ...(xmlId && { xmlId }),
    ...(externalId && { externalId }),
  };
}
