import type { ParcelLimits } from '#delivery/prices';
import { fillIn, type Language, type LocalText, makeText } from '#platform';
import { countCurrencyDigits, type Money } from '#provider-kit';
import { texts } from './courier.texts.js';

/** Number formats, cached because creating one costs more than a whole calculation. */
const formats = new Map<string, Intl.NumberFormat>();

/** Formats an amount in the language: `1 234,50 ₽`. */
export function formatAmount(amount: Money, language: Language): string {
  const key = `${language}${amount.currency}`;
  let format = formats.get(key);
  if (!format) {
    // Mexico's format of pesos differs from Spain's of euros. `narrowSymbol` would be a plain $, which
    // suggests dollars.
    const locale = language === 'es' && amount.currency === 'MXN' ? 'es-MX' : (LOCALES[language] ?? language);
    format = new Intl.NumberFormat(locale, { style: 'currency', currency: amount.currency, currencyDisplay: 'symbol' });
    formats.set(key, format);
  }
  return format.format(amount.minor / 10 ** countCurrencyDigits(amount.currency));
}

const LOCALES: Readonly<Record<string, string>> = { en: 'en-GB' };

/** Formats grams as kilograms in the language: 12345 is `12.345` or `12,345`, 50000 is `50`. */
export function formatKilograms(grams: number, language: Language): string {
  const text = String(Math.round(grams) / 1000);
  return language === 'en' ? text : text.replace('.', ',');
}

interface Hours {
  from: string;
  to: string;
}

/** Lists windows: `10:00-14:00, 14:00-18:00`. */
export function formatHours(windows: readonly Hours[]): string {
  return windows.map((window) => `${window.from}-${window.to}`).join(', ');
}

/** Describes a pickup point's limits. */
export function describePointLimits({ maxWeight, maxLength, maxWidth, maxHeight }: ParcelLimits, cod: boolean): LocalText {
  const weight = sayKilograms(maxWeight);
  const hasSides = maxLength !== undefined && maxWidth !== undefined && maxHeight !== undefined;
  const limits = hasSides
    ? fillIn(texts.weightAndSides, { weight, sides: `${maxLength} x ${maxWidth} x ${maxHeight}` })
    : fillIn(texts.weight, { weight });
  return cod ? fillIn(texts.pointLimits, { limits }) : fillIn(texts.pointLimitsWithoutCod, { limits });
}

export const sayAmount = (amount: Money): LocalText => makeText((language) => formatAmount(amount, language));
export const sayKilograms = (grams: number): LocalText => makeText((language) => formatKilograms(grams, language));
