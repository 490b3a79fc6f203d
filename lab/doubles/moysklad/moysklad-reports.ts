import { isUuid } from '#platform/plain';
import type { MoySkladAccount, MoySkladUser } from './moysklad-account.js';
import { readPage, splitFilter } from './moysklad-filters.js';
import type { MoySkladFigures, MoySkladGood } from './moysklad-objects.js';
import { MoySkladRefusal, wrong } from './moysklad-refusal.js';
import { readMoment, toNumber, writeMoment } from './moysklad-units.js';
import type { MoySkladViews } from './moysklad-views.js';

const COUNTS: Readonly<Record<string, (row: MoySkladFigures) => number>> = {
  stock: ({ stock }) => stock,
  freeStock: ({ stock, reserve }) => stock - reserve,
  quantity: ({ stock, reserve, inTransit }) => stock - reserve + inTransit,
  reserve: ({ reserve }) => reserve,
  inTransit: ({ inTransit }) => inTransit,
};
const DAY_MS = 86_400_000;
/** The subject of a report. */
export interface MoySkladAsked {
  account: MoySkladAccount;
  user: MoySkladUser;
  query: ReadonlyMap<string, string>;
  views: MoySkladViews;
}

/** `report/stock/bystore/current`, or `all/current` summed: a bare list. `mostRows`: beyond it 13005. */
export function reportCurrent({ account, user, query }: MoySkladAsked, isSummed: boolean, mostRows: number): object[] {
  user.need('seeCurrentStock');
  const { book } = account;
  const stockType = query.get('stockType') ?? 'stock';
  const count = Object.hasOwn(COUNTS, stockType) ? COUNTS[stockType] : undefined;
  if (!count) throw wrong('There is no such stockType', 'stockType');
  if (![undefined, 'zeroLines'].includes(query.get('include'))) throw wrong('include is zeroLines', 'include');
  const shown = readFlag(query, 'withRecalculate');
  const since = readSince(query.get('changedSince'), book.now);
  const ids = readIds(query.get('filter'), isSummed ? ['assortmentId'] : ['assortmentId', 'storeId']);
  const withZeros = query.get('include') === 'zeroLines' || since !== undefined;

  const reserves = book.countReserves();
  const rows = [...book.goods.values()].flatMap((good): object[] => {
    const changed = Math.max(good.stockChanged, stockType !== 'stock' && book.modes.reserveChanges === 'listed' ? good.reserveChanged : 0);
    if (since !== undefined && changed < since) return [];
    if (!hasStock(good) || user.hidden.has(good.id) || ids.get('assortmentId')?.has(good.id) === false) return [];
    const isGone = good.archived;
    if (isGone && since === undefined) return [];
    const isUnsettled = book.isRecalculated(good);
    const isOld = isUnsettled && book.modes.recalculation === 'old';
    const figures = isOld ? (good.recalculation?.before ?? []) : book.listFigures(good, reserves);
    const tell = (figure: number): number | null | undefined => (isUnsettled && !isOld ? (shown ? null : undefined) : toNumber(figure));
    const kept = figures.flatMap((row): { store: string | null; figure: number }[] => {
      const store = row.store === null ? undefined : book.entries.store.get(row.store);
      const isAway = isGone || store?.archived === true;
      if ((isAway && since === undefined) || (row.store !== null && user.hidden.has(row.store))) return [];
      const wanted = ids.get('storeId');
      if (wanted && (row.store === null || !wanted.has(row.store))) return [];
      return [{ store: row.store, figure: isAway ? 0 : count(row) }];
    });
    const lines = isSummed && kept.length > 0 ? [{ figure: kept.reduce((sum, { figure }) => sum + figure, 0) }] : kept;
    return lines.flatMap((line) => {
      const told = tell(line.figure);
      if (told === undefined || (told === 0 && (!withZeros || ('store' in line && line.store === null)))) return [];
      return [{ assortmentId: good.id, ...('store' in line && { storeId: line.store }), [stockType]: told }];
    });
  });
  if (rows.length > mostRows) throw new MoySkladRefusal(13005);
  return rows;
}

/** `report/stock/bystore`: every store of each good. Heavy. */
export function reportByStore({ account, user, query, views }: MoySkladAsked): { rows: object[]; size: number } {
  user.need('seeStockReports');
  const { book } = account;
  const stores = [...book.entries.store.values()].filter(({ id, archived }) => !archived && !user.hidden.has(id));
  const reserves = book.countReserves();
  return cut(listReported({ account, user, query, views }), query, (good) => {
    const figures = book.listFigures(good, reserves);
    return {
      ...reportMeta(views, good),
      stockByStore: stores.map(({ id, name }) => {
        const row = figures.find(({ store }) => store === id);
        return {
          ...views.meta('store', id),
          ...{ name, stock: toNumber(row?.stock ?? 0), reserve: toNumber(row?.reserve ?? 0), inTransit: toNumber(row?.inTransit ?? 0) },
        };
      }),
    };
  });
}

/** `report/stock/all`: sums with prices. Heavy. */
export function reportAll(asked: MoySkladAsked): { rows: object[]; size: number } {
  const { account, user, query, views } = asked;
  user.need('seeStockReports');
  const reserves = account.book.countReserves();
  return cut(listReported(asked), query, (good) => {
    const figures = account.book.listFigures(good, reserves);
    const sum = (name: string): number => toNumber(figures.reduce((all, row) => all + (COUNTS[name]?.(row) ?? 0), 0));
    return {
      ...reportMeta(views, good),
      ...{ stock: sum('stock'), reserve: sum('reserve'), inTransit: sum('inTransit'), quantity: sum('quantity') },
      ...(!user.lacks.has('seeBuyPrice') && { price: good.buyPrice?.value ?? 0 }),
      ...{ salePrice: 0, name: good.name, code: good.code ?? '', externalCode: good.externalCode, article: good.article ?? '' },
    };
  });
}

/** `report/byoperations/reserve`: which orders reserve a good. */
export function reportReserves({ account, user, query, views }: MoySkladAsked): { rows: object[]; size: number } {
  user.need('seeStockReports');
  const { book } = account;
  const parts = splitFilter(query.get('filter') ?? '');
  const hrefs = parts.map(({ name, sign, value }) => {
    if (name !== 'assortment' || sign !== '=') throw wrong('The filter is assortment=href', 'filter');
    return value;
  });
  const goods = [...book.goods.values()].filter(({ type, id }) => hrefs.includes(views.meta(type, id).meta.href));
  if (hrefs.length === 0 || goods.length < hrefs.length) throw new MoySkladRefusal(2013, 'filter');
  const rows = [...book.orders.values()]
    .filter(({ deleted, applicable }) => deleted === undefined && applicable)
    .flatMap((order) => order.positions.map((position) => ({ order, position, reserve: book.countReserve(order, position) })))
    .filter(({ position, reserve }) => reserve > 0 && goods.some(({ id }) => id === position.good))
    .map(({ order, position, reserve }) => {
      const good = book.good(position.good);
      const store = order.store === undefined ? undefined : views.meta('store', order.store);
      return {
        operation: { ...views.meta('customerorder', order.id), name: order.name, moment: writeMoment(order.moment) },
        ...{ assortment: views.meta(good.type, good.id), reserve: toNumber(reserve), ...(store && { store }) },
      };
    });
  const { limit, offset } = readPage(query);
  return { rows: rows.slice(offset, offset + limit), size: rows.length };
}

function hasStock({ type }: MoySkladGood): boolean {
  return type !== 'bundle' && type !== 'service';
}

/** Report rows carry a query in their hrefs. */
function reportMeta(views: MoySkladViews, { type, id }: MoySkladGood): object {
  const { meta } = views.meta(type, id);
  return { meta: { ...meta, href: `${meta.href}?expand=supplier` } };
}

function listReported({ account, user, query, views }: MoySkladAsked): MoySkladGood[] {
  const { book } = account;
  const parts = splitFilter(query.get('filter') ?? '');
  const hrefs = new Set<string>();
  let mode = 'nonEmpty';
  for (const { name, sign, value } of parts) {
    if (sign !== '=' || !['stockMode', 'product', 'variant', 'consignment'].includes(name))
      throw wrong(`There is no filter by ${name}`, 'filter');
    if (name === 'stockMode') mode = value;
    else if (value === views.meta(name, value.slice(value.lastIndexOf('/') + 1)).meta.href) hrefs.add(value);
    else throw new MoySkladRefusal(2013, 'filter');
  }
  if (!['all', 'positiveOnly', 'negativeOnly', 'empty', 'nonEmpty', 'underMinimum'].includes(mode))
    throw wrong('There is no such stockMode', 'filter');
  return [...book.goods.values()].filter((good) => {
    if (!hasStock(good) || good.archived || user.hidden.has(good.id)) return false;
    if (hrefs.size > 0 && !hrefs.has(views.meta(good.type, good.id).meta.href)) return false;
    const stock = [...good.balances.values()].reduce((sum, one) => sum + one.stock, 0);
    if (mode === 'positiveOnly') return stock > 0;
    if (mode === 'negativeOnly') return stock < 0;
    if (mode === 'empty') return stock === 0;
    return mode === 'all' || stock !== 0;
  });
}

function cut(
  goods: readonly MoySkladGood[],
  query: ReadonlyMap<string, string>,
  tell: (good: MoySkladGood) => object,
): { rows: object[]; size: number } {
  const { limit, offset } = readPage(query);
  return { rows: goods.slice(offset, offset + limit).map(tell), size: goods.length };
}

function readFlag(query: ReadonlyMap<string, string>, name: string): boolean {
  const text = query.get(name) ?? 'false';
  if (text !== 'true' && text !== 'false') throw wrong(`${name} is true or false`, name);
  return text === 'true';
}

/** In Moscow time, at most 24 hours back and not in the future. */
function readSince(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  const since = readMoment(text, 'changedSince');
  if (since > now) throw wrong('changedSince is in the future', 'changedSince');
  if (since < now - DAY_MS) throw wrong('changedSince is more than 24 hours back', 'changedSince');
  return since;
}

/** `assortmentId=<uuid>,<uuid>;storeId=<uuid>`: bare ids, each name once. */
function readIds(filter: string | undefined, names: readonly string[]): Map<string, ReadonlySet<string>> {
  const found = new Map<string, ReadonlySet<string>>();
  for (const { name, sign, value } of splitFilter(filter ?? '')) {
    if (!names.includes(name) || sign !== '=' || found.has(name)) throw wrong(`The filter cannot be by ${name}`, 'filter');
    const ids = value.split(',');
    if (!ids.every(isUuid)) throw wrong(`${name} is a list of ids`, 'filter');
    found.set(name, new Set(ids));
  }
  return found;
}
