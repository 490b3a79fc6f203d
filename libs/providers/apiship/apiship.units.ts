import { DateTime } from 'luxon';
import { type Parcel, type ParcelSize, toCentimetres, toGrams } from '#delivery/port';
import { fillIn } from '#platform';
import { makeFieldError, toMoney, toWireAmount, VatChooser } from '#provider-kit';
import type { ApishipContext } from './apiship.settings.js';
import { texts } from './apiship.texts.js';

/** The only currency that ApiShip documents. */
export const CURRENCY = 'RUB';
/** The country of receipts, and of an address without a country. */
export const HOME = 'RU';

/** The most characters of a comment. */
export const MOST_CHARACTERS = 255;

/** Length of a side that was not measured, centimetres: ApiShip's own assumption. */
const UNKNOWN_SIDE = 10;

/** Weight and sides of a parcel. */
export function toSize({ weight, length, width, height }: Parcel): ParcelSize {
  const [long, wide, high] = [length, width, height].map((side) => toCentimetres(side, UNKNOWN_SIDE)) as [number, number, number];
  return { weight: toGrams(weight), length: long, width: wide, height: high };
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

/** Without VAT. */
export const NO_VAT = -1;

/** Chooses the VAT rates of an order. */
export function openVat({ settings: { vatRate, raisesVat }, now }: ApishipContext): VatChooser {
  return new VatChooser({
    ...{ vatRate, raisesVat, now, countries: [HOME], rates: [0, 5, 7, 10, 20, 22] },
    refuse: (rate, field) => makeFieldError(field, fillIn(texts.vatRate, { rate }), texts.impossible),
  });
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
