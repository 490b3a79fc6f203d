import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/core';
import metadata from 'libphonenumber-js/min/metadata';
import { type Money, money, moneyToWire } from '#platform';
import type { ParcelItem, SaveRequest } from '#delivery/port';
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
  const value = moneyToWire(amount);
  if (rate === undefined) return { value };
  const vat = money(Math.round((amount.minor * rate) / (100 + rate)), amount.currency);
  return { value, vat_rate: rate, vat_sum: moneyToWire(vat) };
}

/** Whole percents of VAT; undefined: none. `own` is the order's or the item's, as the CRM writes it (`20.00`, `none`). */
export function vatOf(setting: VatRate, own: string | undefined): number | undefined {
  const rate = Number(setting === 'order' ? (own ?? 'none') : setting);
  return Number.isInteger(rate) && rate >= 0 && rate < 100 ? rate : undefined;
}

/** What the recipient pays: for a piece of each item (by package and item), and for the delivery. Minor units. */
export interface Collected {
  pieces: number[][];
  delivery: number;
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
 * Splits what is collected so that the pieces and the delivery add up to it exactly: by the items' own amounts where they leave something for the delivery,
 * else in proportion to the items' prices (a part was paid before, or only the sum is known).
 */
export function collected({ parcels, withCod, cod, cost }: SaveRequest): Collected {
  const total = withCod ? (cod?.minor ?? 0) : 0;
  const split = (unit: (item: ParcelItem) => number): Collected => {
    const pieces = parcels.map(({ items }) => items.map(unit));
    const goods = parcels.reduce(
      (sum, { items }, at) => items.reduce((own, item, n) => own + (pieces[at]?.[n] ?? 0) * piecesOf(item), sum),
      0,
    );
    return { pieces, delivery: total - goods };
  };
  if (total <= 0) return { pieces: parcels.map(({ items }) => items.map(() => 0)), delivery: 0 };
  const own = split((item) => perPiece(item, item.cod));
  const named = parcels.some(({ items }) => items.some((item) => (item.cod?.minor ?? 0) > 0));
  if (named && own.delivery >= 0) return own;
  const forGoods = named ? total : total - Math.min(total, cost?.minor ?? 0);
  const worthOf = (item: ParcelItem): number => perPiece(item, named ? item.cod : (item.cost ?? item.declaredValue));
  const worth = parcels.reduce((sum, { items }) => items.reduce((all, item) => all + worthOf(item) * piecesOf(item), sum), 0);
  // What does not divide is asked for with the delivery.
  return split((item) => (worth === 0 ? 0 : Number((BigInt(worthOf(item)) * BigInt(forGoods)) / BigInt(worth))));
}
