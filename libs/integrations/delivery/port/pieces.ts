import type { Money } from '#provider-kit';
import type { ParcelItem } from './requests.js';

/** How many pieces an item counts as: a quantity that is not whole (1.5 kg) is one piece. */
export function countPieces({ quantity }: ParcelItem): number {
  return Number.isInteger(quantity) && quantity > 0 ? quantity : 1;
}

/** An amount for one unit of an item as an amount for one of its pieces. Minor units. */
export function toPieceAmount(item: ParcelItem, amount: Money | undefined): number {
  const minor = amount?.minor ?? 0;
  return Number.isInteger(item.quantity) && item.quantity > 0 ? minor : Math.round(minor * item.quantity);
}

/**
 * Splits an item's sum over its pieces, in minor units, for a carrier that takes one amount for all pieces of
 * a line: a remainder makes two lines, first the pieces with one unit more. No line is empty.
 */
export function splitOverPieces(sum: number, pieces: number): { each: number; pieces: number }[] {
  const each = Math.floor(sum / pieces);
  const more = sum - each * pieces;
  return [
    { each: each + 1, pieces: more },
    { each, pieces: pieces - more },
  ].filter((part) => part.pieces > 0);
}
