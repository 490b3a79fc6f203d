import type { Position, WantedPosition } from './documents.js';

/** For each good, by its id: its kind and the millionths that an order should hold. */
export type Wanted = ReadonlyMap<string, { type: string; millionths: number }>;

/**
 * Makes all positions of an order that should hold the wanted goods, from its present ones. Shipped goods
 * stay. Whether `reserve` still counts shipped goods is not documented, so it is moved by the difference.
 */
export function buildPositions(present: readonly Position[], wanted: Wanted): WantedPosition[] {
  const goods = new Set([...present.map(({ good }) => good), ...wanted.keys()]);
  return [...goods].flatMap((good) => buildFor(good, present, wanted.get(good)));
}

function buildFor(good: string, present: readonly Position[], wanted = { type: '', millionths: 0 }): WantedPosition[] {
  const { type } = wanted;
  const [first, ...others] = present.filter((one) => one.good === good);
  const shipped = others.filter((one) => one.shipped > 0).map((one) => ({ id: one.id, good, type, quantity: one.shipped, reserve: 0 }));
  const rest = Math.max(0, wanted.millionths - shipped.reduce((sum, { quantity }) => sum + quantity, 0));
  const quantity = Math.max(rest, first?.shipped ?? 0);
  if (quantity === 0) return shipped;
  const moved = first && first.shipped > 0 ? first.reserve + rest - first.quantity : rest;
  const reserve = Math.min(quantity, Math.max(0, moved));
  return [{ ...(first && { id: first.id }), good, type, quantity, reserve }, ...shipped];
}

/** Whether an order has exactly these positions. */
export function isAsWanted(present: readonly Position[], wanted: readonly WantedPosition[]): boolean {
  if (present.length !== wanted.length) return false;
  return wanted.every(({ id, quantity, reserve }) =>
    present.some((one) => one.id === id && one.quantity === quantity && one.reserve === reserve),
  );
}

/** Millionths that positions reserve, by good. */
export function sumReserves(positions: readonly { good: string; reserve: number }[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { good, reserve } of positions) sums.set(good, (sums.get(good) ?? 0) + reserve);
  return sums;
}
