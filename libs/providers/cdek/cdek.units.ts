import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/core';
import metadata from 'libphonenumber-js/min/metadata';
import { type Money, toMoney, toWireAmount } from '#provider-kit';
import type { ParcelItem } from '#delivery/port';
import type { VatRate } from './cdek.settings.js';
import type { CdekMoney, CdekPhone } from './cdek.wire.js';

/** Whole centimetres for millimetres, rounded up. */
export function centimetres(millimetres: number): number {
  return Math.max(1, Math.ceil(millimetres / 10));
}

/** Whole grams, rounded up, one at least. */
export function grams(weight: number): number {
  return Math.max(1, Math.ceil(weight));
}

/** A phone as CDEK takes it: international, an extension apart. Undefined when it is none. `country` is ISO 3166-1 alpha-2. */
export function phoneOf(text: string | undefined, country: string | undefined): CdekPhone | undefined {
  const parsed = parsePhoneNumberFromString(text ?? '', (country ?? 'RU') as CountryCode, metadata);
  if (!parsed?.isPossible()) return undefined;
  return { number: parsed.number, ...(parsed.ext && { additional: parsed.ext }) };
}

/** An amount with the VAT that is in it, rounded to the currency's smallest unit. */
export function withVat(amount: Money, rate: number | undefined): CdekMoney {
  const value = toWireAmount(amount);
  if (rate === undefined) return { value };
  const vat = toMoney(Math.round((amount.minor * rate) / (100 + rate)), amount.currency);
  return { value, vat_rate: rate, vat_sum: toWireAmount(vat) };
}

/** Whole percents of VAT; undefined: none. `own` is the order's or the item's, as the CRM writes it (`20.00`, `none`). */
export function vatOf(setting: VatRate, own: string | undefined): number | undefined {
  const rate = Number(setting === 'order' ? (own ?? 'none') : setting);
  return Number.isInteger(rate) && rate >= 0 && rate < 100 ? rate : undefined;
}

/** How many pieces an item counts as: a quantity that is not whole (1.5 kg) is one piece. */
export function piecesOf(item: ParcelItem): number {
  return Number.isInteger(item.quantity) && item.quantity > 0 ? item.quantity : 1;
}

/** The item's amount for one of those pieces, minor units. */
export function perPiece(item: ParcelItem, amount: Money | undefined): number {
  const minor = amount?.minor ?? 0;
  return Number.isInteger(item.quantity) && item.quantity > 0 ? minor : Math.round(minor * item.quantity);
}

/**
 * An item's sum as whole minor units a piece: CDEK wants one amount for each piece of a line, so what does not divide makes a second line of pieces that bear one
 * unit more. The greater ones first; none is empty.
 */
export function piecesAt(sum: number, pieces: number): { each: number; pieces: number }[] {
  const each = Math.floor(sum / pieces);
  const more = sum - each * pieces;
  return [
    { each: each + 1, pieces: more },
    { each, pieces: pieces - more },
  ].filter((part) => part.pieces > 0);
}
