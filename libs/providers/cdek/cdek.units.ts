import { type Money, toMoney, toWireAmount } from '#provider-kit';
import type { Parcel } from '#delivery/port';
import type { CdekContext, VatRate } from './cdek.settings.js';

/** A package's weight and sides as CDEK takes them. */
export interface CdekPackageSize {
  /** Grams. */
  weight: number;
  /** Centimetres, as width and height. */
  length?: number;
  width?: number;
  height?: number;
}

/** An amount with its VAT; without a rate there is no VAT. */
export interface CdekMoney {
  value: number;
  vat_sum?: number;
  vat_rate?: number;
}

/** Whole centimetres for millimetres, rounded up. */
export function toCentimetres(millimetres: number): number {
  return Math.max(1, Math.ceil(millimetres / 10));
}

/** Whole grams, rounded up; at least one. */
export function toGrams(weight: number): number {
  return Math.max(1, Math.ceil(weight));
}

/** Weight and sides of a parcel. The sides are left out unless all three are known. */
export function toPackageSize({ weight, length, width, height }: Parcel): CdekPackageSize {
  const sides =
    length !== undefined && width !== undefined && height !== undefined
      ? { length: toCentimetres(length), width: toCentimetres(width), height: toCentimetres(height) }
      : {};
  return { weight: toGrams(weight), ...sides };
}

/** The currency that prices are wanted in: the order's, else the account's, else the contract's. ISO 4217. */
export function chooseCurrency(request: { currency?: string }, { settings, account }: CdekContext): string {
  return request.currency ?? account.currency ?? settings.currency;
}

/** An amount with its included VAT, rounded to the currency's smallest unit; `rate` is in percent. */
export function addVat(amount: Money, rate: number | undefined): CdekMoney {
  const value = toWireAmount(amount);
  if (rate === undefined) return { value };
  const vat = toMoney(Math.round((amount.minor * rate) / (100 + rate)), amount.currency);
  return { value, vat_rate: rate, vat_sum: toWireAmount(vat) };
}

/** VAT in whole percent, undefined for none; `own` is the order's or item's CRM rate (`20.00`, `none`). */
export function readVatRate(setting: VatRate, own: string | undefined): number | undefined {
  const rate = Number(setting === 'order' ? (own ?? 'none') : setting);
  return Number.isInteger(rate) && rate >= 0 && rate < 100 ? rate : undefined;
}

/** The most characters that CDEK takes in a text of any kind. */
export const MOST_CHARACTERS = 255;

/** CDEK's numbers of currencies. */
export const CURRENCIES: ReadonlyMap<string, number> = new Map([
  ['RUB', 1],
  ['KZT', 2],
  ['USD', 3],
  ['EUR', 4],
  ['GBP', 5],
  ['CNY', 6],
  ['BYN', 7],
  ['UAH', 8],
  ['KGS', 9],
  ['AMD', 10],
  ['TRY', 11],
  ['THB', 12],
  ['KRW', 13],
  ['AED', 14],
  ['UZS', 15],
  ['MNT', 16],
  ['PLN', 17],
  ['AZN', 18],
  ['GEL', 19],
]);
