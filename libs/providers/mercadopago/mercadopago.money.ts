import { fillIn, type LocalText, mapText } from '#platform';
import { countCurrencyDigits, makeError, type Money, ProviderError, sayAway, toMoney } from '#provider-kit';
import { texts } from './mercadopago.texts.js';

/** Only accepted in whole units. ISO 4217 has cents for Colombian pesos, which are not used. */
const WHOLE: ReadonlySet<string> = new Set(['CLP', 'COP']);

/** Formats an amount for orders: `1000.00`, whole pesos as `15000`. Undefined for a fraction of those. */
export function formatMercadoPagoAmount({ minor, currency }: Money): string | undefined {
  const digits = countCurrencyDigits(currency);
  const text = String(Math.abs(minor)).padStart(digits + 1, '0');
  const [whole, part] = [text.slice(0, text.length - digits), text.slice(text.length - digits)];
  const sign = minor < 0 ? '-' : '';
  if (!WHOLE.has(currency)) return `${sign}${whole}${part === '' ? '' : `.${part}`}`;
  return /[1-9]/.test(part) ? undefined : `${sign}${whole}`;
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
  const [, whole = '', part = ''] = /^(\d{1,15})(?:\.(\d{1,10}))?$/.exec(String(text)) ?? [];
  const digits = countCurrencyDigits(currency);
  if (whole === '' || /[1-9]/.test(part.slice(digits)))
    throw new ProviderError('unavailable', 'Mercado Pago gave an amount that cannot be read', { localText: sayAway('Mercado Pago') });
  return toMoney(Number(whole + part.slice(0, digits).padEnd(digits, '0')), currency);
}

/** A ProviderError `invalid` about one of the callback's fields. */
export function refuseField(field: string, problem: LocalText): ProviderError {
  return makeError(
    'invalid',
    mapText(problem, (words) => `Mercado Pago: ${words}`),
    { fields: { [field]: problem } },
  );
}
