import { fillIn, type LocalText } from '#platform/plain';
import type { ProviderError } from './provider-error.js';
import { texts } from './provider-kit.texts.js';

/** Midnight in Moscow, when Russia and Kazakhstan raised their VAT. */
const RAISED_AT = Date.parse('2026-01-01T00:00:00+03:00');

/** Rates in percent that were replaced on that day, by country. */
const RAISED: Readonly<Record<string, readonly [before: number, since: number]>> = { RU: [20, 22], KZ: [12, 16] };

/** Whether the rates of 2026 apply at a moment. A shop can keep the old ones: `raises` is false. */
export function isVatRaised(at: Date, raises: boolean): boolean {
  return raises && at.getTime() >= RAISED_AT;
}

/** Returns the rate that replaced `rate` in one of the countries (ISO 3166-1 alpha-2), else `rate`. */
export function raiseVat(rate: number, countries: readonly string[]): number {
  const country = countries.find((one) => RAISED[one]?.[0] === rate);
  return (country !== undefined && RAISED[country]?.[1]) || rate;
}

/** The VAT rates that a service takes, and what an account wants. */
export interface VatTerms {
  /** `order`: the order's own rates, `none`: without VAT, else one rate for all in percent. */
  vatRate: string;
  /** Whether the rates of 2026 replace older ones. */
  raisesVat: boolean;
  now: Date;
  /** Countries whose rates may have been raised, ISO 3166-1 alpha-2. */
  countries: readonly string[];
  /** Percent. */
  rates: readonly number[];
  /** Rates that the service took only before they were raised. */
  formerRates?: readonly number[];
  /** Makes the error for a rate that the service does not take. */
  refuse(rate: string, field: string): ProviderError;
}

/** Chooses the VAT rates of one order, and notes the rates that differ from the order's. */
export class VatChooser {
  /** By the rate that was replaced. */
  private readonly changes = new Map<number, LocalText>();

  constructor(private readonly terms: VatTerms) {}

  /** A sentence for each rate that was replaced. */
  get warnings(): LocalText[] {
    return [...this.changes.values()];
  }

  /**
   * Returns the rate to send for an amount in percent, null without VAT. An amount of 0 has any rate.
   * @param own rate of the order or item, such as `20.00` or `none`
   * @throws ProviderError of `refuse` at `field` for a rate that the service does not take
   */
  choose(amount: number, own: string | undefined, field: string): number | null {
    const { vatRate, raisesVat, now, countries, rates, formerRates = [] } = this.terms;
    const text = vatRate === 'order' ? own || 'none' : vatRate;
    if (text === 'none') return null;
    const wanted = Number(text);
    const isRaised = isVatRaised(now, raisesVat);
    const rate = isRaised ? raiseVat(wanted, countries) : wanted;
    const isTaken = rates.includes(rate) || (!isRaised && formerRates.includes(rate));
    if (amount === 0) return isTaken ? rate : null;
    if (!isTaken) throw this.terms.refuse(own ?? '', field);
    if (rate !== wanted) this.changes.set(wanted, fillIn(texts.vatRaised, { wanted, rate }));
    return rate;
  }
}
