import { fillIn, type LocalText, mapText } from '#platform';
import { makeError, type Money, ProviderError, readDecimalMoney, sayAway, writeDecimalMoney } from '#provider-kit';
import { texts } from './mercadopago.texts.js';

/** Only accepted in whole units. ISO 4217 has cents for Colombian pesos, which are not used. */
const WHOLE: ReadonlySet<string> = new Set(['CLP', 'COP']);

/** Formats an amount for orders: `1000.00`, whole pesos as `15000`. Undefined for a fraction of those. */
export function formatMercadoPagoAmount(amount: Money): string | undefined {
  const text = writeDecimalMoney(amount);
  if (!WHOLE.has(amount.currency)) return text;
  return /\.0*[1-9]/.test(text) ? undefined : text.replace(/\..*/, '');
}

/** As `formatMercadoPagoAmount`. Throws ProviderError `invalid`, naming the amount. */
export function toMercadoPagoAmount(amount: Money): string {
  const text = formatMercadoPagoAmount(amount);
  if (text !== undefined) return text;
  throw refuseField('amount', fillIn(texts.wholeOnly, { currency: amount.currency }));
}

/**
 * Reads an amount of a reply without floating point. Throws ProviderError `unavailable` for anything else.
 */
export function readMercadoPagoAmount(text: string | number, currency: string): Money {
  try {
    return readDecimalMoney(String(text), currency);
  } catch (cause) {
    const localText = sayAway('Mercado Pago');
    throw new ProviderError('unavailable', 'Mercado Pago gave an amount that cannot be read', { localText, cause });
  }
}

/** A ProviderError `invalid` about one of the callback's fields. */
export function refuseField(field: string, problem: LocalText): ProviderError {
  return makeError(
    'invalid',
    mapText(problem, (words) => `Mercado Pago: ${words}`),
    { fields: { [field]: problem } },
  );
}
