import { fillIn } from '#platform';
import { countCurrencyDigits, makeError, type Money, toMoney, toWireAmount } from '#provider-kit';
import { texts } from './stripe.texts.js';

/** Currencies whose amounts are whole units (Stripe: zero-decimal currencies). */
const ZERO_DIGITS: ReadonlySet<string> = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '));
/** Currencies with amounts in thousandths. Stripe accepts only whole tens (three-decimal currencies). */
const THREE_DIGITS: ReadonlySet<string> = new Set('BHD JOD KWD OMR TND'.split(' '));

/** Currencies of the CRM and its countries that Stripe accepts. */
export const CURRENCIES: readonly string[] = (
  'USD EUR MXN ARS BRL CLP COP PEN UYU PYG BOB GTQ CRC DOP HNL NIO PAB RUB UAH BYN KZT UZS KGS AMD AZN GEL MDL TJS TRY GBP PLN CZK HUF RON BGN SEK NOK ' +
  'DKK CHF CNY JPY KRW VND INR THB IDR AED SAR ILS NGN KWD BHD OMR JOD TND CAD AUD NZD'
).split(' ');

/** Decimal digits of the unit that Stripe counts in: its own list, which is not ISO 4217 everywhere. */
export function countStripeDigits(currency: string): number {
  return ZERO_DIGITS.has(currency) ? 0 : THREE_DIGITS.has(currency) ? 3 : 2;
}

/** Converts an amount to Stripe's units. Undefined when it has more digits than Stripe accepts. */
export function countInStripeUnits(amount: Money): number | undefined {
  const shift = countStripeDigits(amount.currency) - countCurrencyDigits(amount.currency);
  const scaled = shift >= 0 ? amount.minor * 10 ** shift : amount.minor / 10 ** -shift;
  const step = THREE_DIGITS.has(amount.currency) ? 10 : 1;
  return Number.isSafeInteger(scaled) && scaled % step === 0 ? scaled : undefined;
}

/** As `countInStripeUnits`. Throws ProviderError `invalid`, naming the amount. */
export function toStripeAmount(amount: Money): number {
  const result = countInStripeUnits(amount);
  if (result !== undefined) return result;
  const { currency } = amount;
  const why = fillIn(texts.tooFine, { digits: Math.min(2, countStripeDigits(currency)), currency });
  throw makeError('invalid', fillIn(texts.notTaken, { amount: `${toWireAmount(amount)} ${currency}`, why }), { fields: { amount: why } });
}

/** Reads an amount in Stripe's units, the currency in any case. Half of our smallest unit is rounded up. */
export function fromStripeAmount(amount: number, currency: string): Money {
  const code = currency.toUpperCase();
  const shift = countCurrencyDigits(code) - countStripeDigits(code);
  return toMoney(shift >= 0 ? amount * 10 ** shift : Math.round(amount / 10 ** -shift), code);
}

/** As `fromStripeAmount`. Throws ProviderError `unavailable` when the currency is not `expected`. */
export function readInvoiceAmount(amount: number, currency: string, expected: string): Money {
  const result = fromStripeAmount(amount, currency);
  if (result.currency === expected) return result;
  throw makeError('unavailable', fillIn(texts.otherCurrency, { has: result.currency, expected }));
}
