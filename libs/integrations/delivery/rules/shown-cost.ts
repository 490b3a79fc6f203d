import { addMoney, type Money, readMoney, takeShare, toMoney } from '#provider-kit';
import type { Tariff } from '../port/index.js';
import type { Rounding, RulePrice } from './rules.dto.js';

/** How a rule changed a carrier's price. `currency`: not at all, because its sums are in another currency. */
export type PriceChange = 'none' | 'changed' | 'free' | 'currency';

/** A cost, as shown to the buyer. */
export interface ShownCost {
  cost: Money;
  change: PriceChange;
}

/**
 * Computes the cost that is shown for a carrier's price: markup or discount, at least 0, then rounding, then
 * free from a declared value. A price in another currency than the rule's sums is unchanged.
 */
export function computeShownCost(cost: Money, price: RulePrice, declaredValue: Money | undefined): ShownCost {
  const { currency = cost.currency, percent = 0, amount = 0, roundTo, rounding, freeFrom } = price;
  if (currency !== cost.currency) return { cost, change: 'currency' };
  if (freeFrom !== undefined && declaredValue?.currency === currency && declaredValue.minor >= readMoney(freeFrom, currency).minor)
    return { cost: toMoney(0, currency), change: 'free' };
  // Hundredths of a percent are whole: the rules' class takes no more than two decimals.
  const share = takeShare(toMoney(percent < 0 ? 0 - cost.minor : cost.minor, currency), Math.round(Math.abs(percent) * 100));
  const sum = addMoney(cost, share, readMoney(amount, currency));
  const marked = toMoney(Math.max(0, sum.minor), currency);
  const shown = roundTo === undefined ? marked : roundMoney(marked, readMoney(roundTo, currency).minor, rounding);
  return { cost: shown, change: shown.minor === cost.minor ? 'none' : 'changed' };
}

/** Returns a tariff as shown to the buyer, with the points that have their own price. */
export function showTariff(tariff: Tariff, price: RulePrice, declaredValue: Money | undefined): Tariff {
  const { cost, pickupPoints } = tariff;
  const show = (money: Money): Money => computeShownCost(money, price, declaredValue).cost;
  return {
    ...tariff,
    ...(cost && { cost: show(cost) }),
    ...(pickupPoints && { pickupPoints: pickupPoints.map((point) => (point.cost ? { ...point, cost: show(point.cost) } : point)) }),
  };
}

/** Rounds to a multiple of a step in minor units. A half is rounded up. */
function roundMoney({ minor, currency }: Money, step: number, rounding: Rounding): Money {
  const over = minor % step;
  const isUp = rounding === 'up' ? over > 0 : rounding === 'nearest' && over * 2 >= step;
  return toMoney(minor - over + (isUp ? step : 0), currency);
}
