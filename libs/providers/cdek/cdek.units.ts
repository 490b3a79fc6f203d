import { isVatRaised, type Money, raiseVat, toMoney, toWireAmount } from '#provider-kit';
import type { Parcel } from '#delivery/port';
import type { CdekContext } from './cdek.settings.js';
import { findCountryOf } from './countries.js';

/** A package's weight and sides as CDEK takes them. */
export interface CdekPackageSize {
  /** Grams. */
  weight: number;
  /** Centimetres, as width and height. */
  length?: number;
  width?: number;
  height?: number;
}

/** An amount with its VAT. Nothing owed needs no rate. */
export interface CdekMoney {
  value: number;
  vat_sum?: number;
  /** Percent. Null without VAT. */
  vat_rate?: number | null;
}

/** Whole centimetres for millimetres, rounded up. */
export function toCentimetres(millimetres: number): number {
  return Math.max(1, Math.ceil(millimetres / 10));
}

/** Whole grams, rounded up, at least one. */
export function toGrams(weight: number): number {
  return Math.max(1, Math.ceil(weight));
}

/** Grams from which CDEK requires the sides. */
const MEASURED_FROM = 100;

/**
 * Weight and sides of a parcel, as far as CDEK demands sides: with a known side, to a locker, and from 100 g.
 */
export function toPackageSize(parcel: Parcel, context: CdekContext, { toLocker = false }: { toLocker?: boolean } = {}): CdekPackageSize {
  const { weight, length, width, height } = parcel;
  const isMeasured = length !== undefined || width !== undefined || height !== undefined;
  return isMeasured || toLocker || toGrams(weight) >= MEASURED_FROM ? toFullSize(parcel, context) : { weight: toGrams(weight) };
}

/** Weight and sides of a parcel. The settings' sides replace unknown ones. */
export function toFullSize({ weight, length, width, height }: Parcel, { settings }: CdekContext): Required<CdekPackageSize> {
  const toSide = (own: number | undefined, usual: number): number => (own === undefined ? usual : toCentimetres(own));
  return {
    weight: toGrams(weight),
    length: toSide(length, settings.boxLength),
    width: toSide(width, settings.boxWidth),
    height: toSide(height, settings.boxHeight),
  };
}

/** The currency for prices: the order's, else the account's, else the contract's. ISO 4217. */
export function chooseCurrency(request: { currency?: string }, { settings, account }: CdekContext): string {
  return request.currency ?? account.currency ?? settings.currency;
}

/** An amount with its included VAT, rounded to the currency's smallest unit. `rate`: percent, null: none. */
export function addVat(amount: Money, rate: number | null): CdekMoney {
  const value = toWireAmount(amount);
  if (amount.minor === 0) return { value };
  if (rate === null) return { value, vat_rate: null };
  const vat = toMoney(Math.round((amount.minor * rate) / (100 + rate)), amount.currency);
  return { value, vat_rate: rate, vat_sum: toWireAmount(vat) };
}

/** Rates on CDEK's pages since 2026, in percent, and rates that were removed then. */
const RATES_OF_2026: readonly number[] = [0, 5, 7, 10, 16, 22];
const RATES_BEFORE: readonly number[] = [12, 20];

/** A VAT rate as CDEK takes it. */
export interface SentVat {
  /** Percent. Null without VAT. */
  rate: number | null;
  /** The rate of the order, where another is sent. */
  instead?: number;
}

/**
 * The VAT rate to send: the settings', else `own`, the order's or item's (`20.00`, `none`), or the one that
 * replaced it in the recipient's country or the contract's. Undefined for a rate that CDEK does not have.
 */
export function chooseVat(own: string | undefined, country: string, { settings, now }: CdekContext): SentVat | undefined {
  const text = settings.vatRate === 'order' ? own || 'none' : settings.vatRate;
  if (text === 'none') return { rate: null };
  const wanted = Number(text);
  const isRaised = isVatRaised(now, settings.raisesVat);
  const rate = isRaised ? raiseVat(wanted, [country, findCountryOf(settings.currency) ?? '']) : wanted;
  if (!RATES_OF_2026.includes(rate) && (isRaised || !RATES_BEFORE.includes(rate))) return undefined;
  return { rate, ...(rate !== wanted && { instead: wanted }) };
}

/** Maximum number of characters of any text at CDEK. */
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
