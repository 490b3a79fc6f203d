import { countCurrencyDigits, type Money, toMoney, readMoney, toWireAmount, takeShare } from '#provider-kit';
import type { Collect } from '../requests.js';
import type { TablePrice } from './price-table.settings.js';
import type { Load } from './volumetric-weight.js';

/** Values that are charged for, including weight. Amounts are in the zone's currency. */
export interface Charged {
  load: Load;
  declaredValue?: Money | undefined;
  /** Amount to collect from the buyer. */
  cod?: Money | undefined;
  fitting: boolean;
}

/** A price, and the insurance in it. */
export interface Quote {
  cost: Money;
  insurance: Money;
}

/**
 * Computes the exact price of a delivery in the zone's currency. Returns undefined if it exceeds exact
 * integers.
 */
export function computeQuote(price: TablePrice, currency: string, { load, declaredValue, cod, fitting }: Charged): Quote | undefined {
  const steps = Math.max(0, Math.ceil((load.weight - price.baseWeight) / price.stepWeight));
  const extraPackages = Math.max(0, load.parcels.length - 1);
  const weighed = price.basePrice + steps * price.stepPrice + extraPackages * price.extraPackagePrice + (fitting ? price.fittingPrice : 0);
  const insured = Math.max(0, (declaredValue?.minor ?? 0) - price.insuranceFreeUpTo);
  const insurance = insured > 0 ? takeShare({ minor: insured, currency }, price.insuranceBasisPoints) : { minor: 0, currency };
  const collected = cod?.minor ?? 0;
  const codFee = collected > 0 ? Math.max(price.codMinimum, takeShare({ minor: collected, currency }, price.codBasisPoints).minor) : 0;
  const total = weighed + insurance.minor + codFee;
  return Number.isSafeInteger(total) ? { cost: toMoney(total, currency), insurance } : undefined;
}

/** Returns the total collected amount in the zone's currency, or undefined if there is none. */
export function readCollected(collect: Collect | undefined, currency: string): Money | undefined {
  return collect && pickInCurrency({ minor: collect.total, currency: collect.currency }, currency);
}

/**
 * Returns an order's amount in the zone's currency. Other currencies were rejected before. A number without a
 * currency is in the zone's.
 */
export function pickInCurrency(amount: Money | undefined, currency: string): Money | undefined {
  if (amount === undefined || amount.currency === currency) return amount;
  const number = toWireAmount(amount);
  // An amount beyond exact integers exceeds every limit, and has no price.
  if (Math.abs(number) * 10 ** countCurrencyDigits(currency) >= Number.MAX_SAFE_INTEGER)
    return { minor: Number.MAX_SAFE_INTEGER, currency };
  return readMoney(number, currency);
}
