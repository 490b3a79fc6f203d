import type { Parcel } from '#delivery/port';
import { fillIn } from '#platform';
import { isVatRaised, makeFieldError, raiseVat, toMoney, toWireAmount } from '#provider-kit';
import { DateTime } from 'luxon';
import type { ApishipContext } from './apiship.settings.js';
import { texts } from './apiship.texts.js';

/** The only currency that ApiShip documents. */
export const CURRENCY = 'RUB';
/** The country of receipts, and of an address without a country. */
export const HOME = 'RU';

/** The most characters of a comment. */
export const MOST_CHARACTERS = 255;

/** A parcel's weight and sides as ApiShip takes them. */
export interface ApishipSize {
  /** Grams. */
  weight: number;
  /** Centimetres, as width and height. */
  length: number;
  width: number;
  height: number;
}

/** Length of a side that was not measured, centimetres: ApiShip's own assumption. */
const UNKNOWN_SIDE = 10;

/** Whole grams, rounded up, at least one. */
export function toGrams(weight: number): number {
  return Math.max(1, Math.ceil(weight));
}

/** Whole centimetres for millimetres, rounded up, at least one. */
export function toCentimetres(millimetres: number | undefined): number {
  return millimetres === undefined ? UNKNOWN_SIDE : Math.max(1, Math.ceil(millimetres / 10));
}

/** Weight and sides of a parcel. */
export function toSize({ weight, length, width, height }: Parcel): ApishipSize {
  return { weight: toGrams(weight), length: toCentimetres(length), width: toCentimetres(width), height: toCentimetres(height) };
}

/** Several parcels as one load: their weight, and sides that hold their volume. */
export function toLoad(sizes: readonly ApishipSize[]): ApishipSize {
  const length = Math.max(1, ...sizes.map((size) => size.length));
  const width = Math.max(1, ...sizes.map((size) => size.width));
  const volume = sizes.reduce((sum, size) => sum + size.length * size.width * size.height, 0);
  return {
    weight: Math.max(
      1,
      sizes.reduce((sum, size) => sum + size.weight, 0),
    ),
    length,
    width,
    height: Math.max(1, ...sizes.map((size) => size.height), Math.ceil(volume / (length * width))),
  };
}

/** Roubles with kopecks for minor units. */
export function toRoubles(minor: number): number {
  return toWireAmount(toMoney(minor, CURRENCY));
}

/** Throws ProviderError `invalid` for any currency except for the rouble. Undefined is the rouble. */
export function checkCurrency(currency: string | undefined): void {
  if (currency !== undefined && currency !== CURRENCY)
    throw makeFieldError('currency', fillIn(texts.onlyRoubles, { currency }), texts.impossible);
}

const RATES: ReadonlySet<number> = new Set([0, 5, 7, 10, 20, 22]);
/** Without VAT. */
export const NO_VAT = -1;

/** A VAT rate as ApiShip takes it. */
export interface SentVat {
  /** Percent, or NO_VAT. */
  rate: number;
  /** The rate of the order, where another is sent. */
  instead?: number;
}

/**
 * The VAT rate to send: the settings', else `own`, the order's or item's (`20.00`, `none`), or the one that
 * replaced it in 2026. Undefined for a rate that ApiShip does not have.
 */
export function chooseVat(own: string | undefined, { settings, now }: ApishipContext): SentVat | undefined {
  const text = settings.vatRate === 'order' ? own || 'none' : settings.vatRate;
  if (text === 'none') return { rate: NO_VAT };
  const wanted = Number(text);
  const rate = isVatRaised(now, settings.raisesVat) ? raiseVat(wanted, [HOME]) : wanted;
  return RATES.has(rate) ? { rate, ...(rate !== wanted && { instead: wanted }) } : undefined;
}

/** Digits of a phone, at most 15, a Russian one with a leading 7. Undefined if it cannot be called. */
export function readPhone(text: string | undefined): string | undefined {
  const digits = (text ?? '').replace(/\D/g, '');
  const phone = /^8\d{10}$/.test(digits) && !text?.trim().startsWith('+') ? `7${digits.slice(1)}` : digits;
  return phone.length >= 5 && phone.length <= 15 ? phone : undefined;
}

/** The day, if it is today or later in the account's time zone. Otherwise undefined. */
export function keepComingDay(day: string | undefined, { account, now }: ApishipContext): string | undefined {
  const today = DateTime.fromJSDate(now, { zone: account.timeZone }).toISODate() ?? '';
  return day !== undefined && /^\d{4}-\d\d-\d\d$/.test(day) && day >= today ? day : undefined;
}
