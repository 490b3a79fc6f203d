import { countCurrencyDigits, type Money, toMoney, toWireAmount, ProviderError } from '#provider-kit';

/** Amounts of these are whole units (Stripe: zero-decimal currencies). */
const ZERO_DIGITS: ReadonlySet<string> = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '));
/** Amounts of these are thousandths, and only whole tens of them are taken (Stripe: three-decimal currencies). */
const THREE_DIGITS: ReadonlySet<string> = new Set('BHD JOD KWD OMR TND'.split(' '));

/** What Stripe takes of the currencies the CRM and its countries have. */
export const CURRENCIES: readonly string[] = (
  'USD EUR MXN ARS BRL CLP COP PEN UYU PYG BOB GTQ CRC DOP HNL NIO PAB RUB UAH BYN KZT UZS KGS AMD AZN GEL MDL TJS TRY GBP PLN CZK HUF RON BGN SEK NOK ' +
  'DKK CHF CNY JPY KRW VND INR THB IDR AED SAR ILS NGN KWD BHD OMR JOD TND CAD AUD NZD'
).split(' ');

/** Digits of the unit Stripe counts in: its own list, which is not ISO 4217 everywhere. */
export function stripeDigits(currency: string): number {
  return ZERO_DIGITS.has(currency) ? 0 : THREE_DIGITS.has(currency) ? 3 : 2;
}

/** An amount as Stripe counts it, or why it cannot be told so: it has more digits than Stripe takes. */
export function stripeAmountOf(amount: Money): number | undefined {
  const shift = stripeDigits(amount.currency) - countCurrencyDigits(amount.currency);
  const scaled = shift >= 0 ? amount.minor * 10 ** shift : amount.minor / 10 ** -shift;
  const step = THREE_DIGITS.has(amount.currency) ? 10 : 1;
  return Number.isSafeInteger(scaled) && scaled % step === 0 ? scaled : undefined;
}

/** As `stripeAmountOf`. Throws ProviderError `invalid` naming the amount. */
export function toStripeAmount(amount: Money): number {
  const result = stripeAmountOf(amount);
  if (result !== undefined) return result;
  const digits = Math.min(2, stripeDigits(amount.currency));
  const problem = `must have at most ${digits} digits after the point: Stripe takes no smaller parts of ${amount.currency}`;
  throw new ProviderError('invalid', `Stripe cannot take ${toWireAmount(amount)} ${amount.currency}: the amount ${problem}.`, {
    fields: { amount: problem },
  });
}

/** An amount of Stripe's; `currency` in any case. Where Stripe counts smaller parts than we do, half a unit is rounded up. */
export function fromStripeAmount(amount: number, currency: string): Money {
  const code = currency.toUpperCase();
  const shift = countCurrencyDigits(code) - stripeDigits(code);
  return toMoney(shift >= 0 ? amount * 10 ** shift : Math.round(amount / 10 ** -shift), code);
}
