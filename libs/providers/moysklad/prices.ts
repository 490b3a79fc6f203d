import { countCurrencyDigits, type Money, toMoney } from '#provider-kit';
import type { Good } from './goods.js';
import type { Moysklad } from './moysklad.api.js';
import type { MoyskladContext } from './moysklad.settings.js';

/** Reads the price of a good. */
export type ReadPrice = (good: Good) => Money | undefined;

const KEPT = { ttlSeconds: 3_600 };
/** MoySklad counts hundredths of every currency. */
const DIGITS = 2;

/**
 * Makes a function that reads purchase prices from cards: prices in the account's currency that are set.
 * Throws ProviderError.
 */
export async function openPrices(api: Moysklad, context: MoyskladContext): Promise<ReadPrice> {
  const { settings, account, cache } = context;
  const { currency } = account;
  if (settings.price === 'none' || currency === undefined) return () => undefined;
  const load = async (): Promise<string[]> => {
    const { rows } = await api.currencies(context);
    return rows.flatMap(({ id, isoCode }) => (isoCode === currency ? [id] : []));
  };
  const ids = await cache.fetch(`currency:${api.identify(context)}:${currency}`, KEPT, load);
  return ({ buyPrice }) => {
    // MoySklad writes 0 if no price was entered.
    if (!buyPrice || buyPrice.value <= 0 || !ids.includes(buyPrice.currency ?? '')) return undefined;
    return toMoney(Math.round(buyPrice.value * 10 ** (countCurrencyDigits(currency) - DIGITS)), currency);
  };
}
