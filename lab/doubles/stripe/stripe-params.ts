import { Refusal } from '../../../libs/testing/double/refusal.js';
import type { StripeIntent } from './stripe-wire.js';

/** Least amounts, in the API's unit. */
const LEAST: Readonly<Record<string, number>> = {
  usd: 50, eur: 50, gbp: 30, mxn: 1000, jpy: 50, brl: 50, cad: 50, aud: 50, chf: 50, dkk: 250, nok: 300, sek: 300, pln: 200, czk: 1500, huf: 17_500, ron: 200, aed: 200,
}; // oxfmt-ignore
const ZERO_DIGITS = 'bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' ');
const THREE_DIGITS = 'bhd jod kwd omr tnd'.split(' ');

/** The parameters of a call, form or query, by their flat names: `line_items[0][quantity]`. */
export class StripeParams {
  private readonly values: ReadonlyMap<string, string>;

  constructor(values: Readonly<Record<string, string | undefined>>) {
    this.values = new Map(Object.entries(values) as [string, string][]);
  }

  optional(name: string): string | undefined {
    const value = this.values.get(name);
    if (value === '') throw invalid('parameter_invalid_empty', name, `You passed an empty string for '${name}'.`);
    return value;
  }

  need(name: string): string {
    const value = this.optional(name);
    if (value === undefined) throw invalid('parameter_missing', name, `Missing required param: ${name}.`);
    return value;
  }

  takeOneOf<Choice extends string>(name: string, choices: readonly Choice[], otherwise: Choice): Choice {
    return this.oneOf(name, choices) ?? otherwise;
  }

  oneOf<Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined {
    const value = this.optional(name);
    if (value === undefined) return undefined;
    const found = choices.find((choice) => choice === value);
    if (found === undefined) throw invalid(undefined, name, `Invalid ${name}: must be one of ${choices.join(', ')}`);
    return found;
  }

  whole(name: string): number | undefined {
    const value = this.optional(name);
    if (value === undefined) return undefined;
    if (!/^-?\d{1,12}$/.test(value)) throw invalid('parameter_invalid_integer', name, `Invalid integer: ${value}`);
    return Number(value);
  }

  url(name: string): string | undefined {
    const value = this.optional(name);
    if (value !== undefined && !/^https?:\/\/\S+$/.test(value)) throw invalid('url_invalid', name, 'Not a valid URL');
    return value;
  }

  email(name: string): string | undefined {
    const value = this.optional(name);
    if (value !== undefined && !/^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(value))
      throw invalid('email_invalid', name, `Invalid email address: ${value}`);
    return value;
  }

  /** All of `{name}[key]`. */
  map(name: string): Record<string, string> {
    const found = [...this.values].filter(
      ([key]) => key.startsWith(`${name}[`) && key.endsWith(']') && !key.slice(name.length + 1, -1).includes('['),
    );
    const entries = found.map(([key, value]): [string, string] => [key.slice(name.length + 1, -1), value]);
    if (entries.length > 50 || entries.some(([key, value]) => key.length > 40 || value.length > 500))
      throw invalid(undefined, name, 'Metadata has at most 50 keys of 40 characters with values of 500');
    return Object.fromEntries(entries);
  }

  /** The values of `{name}[0]`, `{name}[1]`, ... */
  list(name: string): string[] {
    return Array.from({ length: this.count(name) }, (_, index) => this.need(`${name}[${index}]`));
  }

  /** How many of `{name}[0]`, `{name}[1]`, ... there are. */
  count(name: string): number {
    let count = 0;
    while ([...this.values.keys()].some((key) => key.startsWith(`${name}[${count}]`))) count++;
    return count;
  }

  get expand(): string[] {
    return [...this.values].filter(([name]) => name.startsWith('expand[')).map(([, value]) => value);
  }
}

/** A currency and an amount in it that can be charged. */
export function checkedAmount(amount: number, currency: string, param: string): number {
  if (amount < (LEAST[currency] ?? 1))
    throw invalid('amount_too_small', param, `The amount must be at least ${LEAST[currency] ?? 1} ${currency}`);
  if (amount > (ZERO_DIGITS.includes(currency) ? 9_999_999_999 : 99_999_999_99))
    throw invalid('amount_too_large', param, 'The amount is too large');
  return stepped(amount, currency, param);
}

/** Of three-digit currencies only whole tens are taken. */
export function stepped(amount: number, currency: string, param: string): number {
  if (THREE_DIGITS.includes(currency) && amount % 10 !== 0)
    throw invalid(undefined, param, `Invalid amount: ${currency} amounts must be divisible by 10`);
  return amount;
}

/** Makes a rejection. `details`: Stripe's fields besides code and message. */
export function refuse(status: number, code: string, message: string, details: RefusalDetails = {}): Refusal {
  return new Refusal(status, code, message, { type: 'invalid_request_error', ...details });
}

interface RefusalDetails {
  type?: 'invalid_request_error' | 'card_error' | 'idempotency_error' | 'api_error';
  param?: string;
  decline_code?: string;
  /** The payment that an error is about. */
  payment_intent?: StripeIntent;
}

/** Makes the refusal of a parameter. */
export function invalid(code: string | undefined, param: string, message: string): Refusal {
  return refuse(400, code ?? '', message, { param });
}
