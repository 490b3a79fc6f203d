import { countCurrencyDigits, type Money, toMoney } from '#provider-kit';
import { toMillionths, type WarehouseStock } from '#inventory/port';
import { type Figures, readFigures } from './figures.js';
import { findGoods, type Found, type Good, toOffer } from './goods.js';
import type { Moysklad, MoyskladMethod } from './moysklad.api.js';
import type { MoyskladContext } from './moysklad.settings.js';
import { readFigure, toAvailable } from './moysklad.units.js';

const UNIT = toMillionths(1);

/**
 * Reads the stock of offers in the stores of the settings. An entry is undefined if the offer matches no good
 * or several, or the good is archived, a service, or a bundle with unknown parts. Throws ProviderError.
 */
export const readStocks: MoyskladMethod<'readStocks'> = async (api, offers, context) => {
  const { stores, figure } = context.settings;
  const found = (await findGoods(api, offers, context)).map((one) => (hasStock(one) ? one : undefined));
  const goods = found.filter((one) => one !== undefined);
  const [figuresOf, readPrice] = await Promise.all([
    readFigures(api, figure, goods.flatMap(listCounted), context),
    goods.length > 0 ? openPrices(api, context) : undefined,
  ]);
  return found.map((good, index) => {
    if (!good) return undefined;
    const price = readPrice?.(good);
    return {
      offer: toOffer(good, offers[index]?.xmlId),
      stores: stores.map(({ code, warehouse }): WarehouseStock => {
        const units = countAt(good, warehouse, figuresOf);
        return { store: code, ...(units !== undefined && { available: toAvailable(units) }), ...(price && { purchasePrice: price }) };
      }),
    };
  });
};

/** Whether the found good can have stock. */
export function hasStock(found: Found): found is Good {
  if (found === undefined || found === 'several' || found.isArchived || found.type === 'service') return false;
  return found.type !== 'bundle' || (found.parts?.length ?? 0) > 0;
}

/** The goods whose figures make up the stock of a good: its own, or the parts of a bundle. */
export function listCounted({ id, type, parts = [] }: Good): string[] {
  return type === 'bundle' ? parts.map(({ good }) => good) : [id];
}

/**
 * Millionths in a store. For a bundle, the number that can be assembled from its parts. Undefined if unknown
 * at the moment.
 */
export function countAt({ id, type, parts = [] }: Good, store: string, figuresOf: (good: string) => Figures): number | undefined {
  if (type !== 'bundle') return figuresOf(id).at(store);
  let least = Infinity;
  for (const { good, millionths } of parts) {
    const has = figuresOf(good).at(store);
    if (has === undefined) return undefined;
    least = Math.min(least, Math.floor(has / millionths));
  }
  return Number.isFinite(least) ? least * UNIT : readFigure(0);
}

/** Reads the price of a good. */
type ReadPrice = (good: Good) => Money | undefined;

const KEPT = { ttlSeconds: 3_600 };
/** MoySklad counts hundredths of every currency. */
const DIGITS = 2;

/**
 * Makes a function that reads purchase prices from cards: prices in the account's currency that are set.
 * Throws ProviderError.
 */
async function openPrices(api: Moysklad, context: MoyskladContext): Promise<ReadPrice> {
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
