import { type Parcel, type ParcelSize, toCentimetres, toGrams } from '#delivery/port';
import { fillIn } from '#platform';
import { makeFieldError, type Money, toMoney, toWireAmount, VatChooser } from '#provider-kit';
import type { CdekContext } from './cdek.settings.js';
import { texts } from './cdek.texts.js';
import { findCountryOf } from './countries.js';

/** A package's weight and sides as CDEK takes them. */
export type CdekPackageSize = Pick<ParcelSize, 'weight'> & Partial<ParcelSize>;

/** An amount with its VAT. Nothing owed needs no rate. */
export interface CdekMoney {
  value: number;
  vat_sum?: number;
  /** Percent. Null without VAT. */
  vat_rate?: number | null;
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
export function toFullSize({ weight, length, width, height }: Parcel, { settings }: CdekContext): ParcelSize {
  return {
    weight: toGrams(weight),
    length: toCentimetres(length, settings.boxLength),
    width: toCentimetres(width, settings.boxWidth),
    height: toCentimetres(height, settings.boxHeight),
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

/** Chooses the VAT rates of an order to a country. CDEK's pages have other rates since 2026. */
export function openVat(country: string, { settings, now }: CdekContext): VatChooser {
  const { vatRate, raisesVat, currency } = settings;
  return new VatChooser({
    ...{ vatRate, raisesVat, now, countries: [country, findCountryOf(currency) ?? ''] },
    ...{ rates: [0, 5, 7, 10, 16, 22], formerRates: [12, 20] },
    refuse: (rate, field) => makeFieldError(field, fillIn(texts.vatRate, { rate }), texts.impossible),
  });
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
