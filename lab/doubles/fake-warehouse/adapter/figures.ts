import { type Money, ProviderError, readExactMoney } from '#provider-kit';
import { MILLIONTHS, toExactMillionths, toUnits } from '#inventory/port';

/** Reads a decimal text such as `-12.500000` into units. Below zero there is nothing for sale. */
export function readFree(text: string): number {
  const [, sign, whole = '0', digits = ''] = /^(-?)(\d{1,10})(?:\.(\d{1,6}))?$/.exec(text) ?? [];
  if (sign === undefined) throw new ProviderError('unavailable', 'Fake Warehouse answered a figure that cannot be read');
  return sign === '-' ? 0 : toUnits(Number(whole) * MILLIONTHS + Number(digits.padEnd(6, '0')));
}

/** Writes units as a decimal text. Undefined for more than 6 decimals. */
export function writeQuantity(units: number): string | undefined {
  const millionths = toExactMillionths(units);
  if (millionths === undefined) return undefined;
  return `${Math.floor(millionths / MILLIONTHS)}.${String(millionths % MILLIONTHS).padStart(6, '0')}`;
}

/** Reads a cost. Undefined in a currency other than the account's, because the CRM could not show it. */
export function readCost(cost: { amount: string; currency: string } | undefined, currency: string | undefined): Money | undefined {
  return cost && cost.currency === currency ? readExactMoney(Number(cost.amount), cost.currency) : undefined;
}
