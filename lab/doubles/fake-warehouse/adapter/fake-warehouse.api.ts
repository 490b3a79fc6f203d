import { hmacSha256Hex } from '#platform';
import { list, maybe, record, Service, shape, type Shaped, signed, splitIntoParts, text, truth, whole } from '#provider-kit';
import type { OfferRef } from '#inventory/port';
import type { FakeWarehouseContext } from './fake-warehouse.settings.js';

const refusal = shape({ error: shape({ code: text, message: text, fields: maybe(record(text)) }) });

export const service = new Service<FakeWarehouseContext, 'no-cursor' | 'other-version'>({
  name: 'Fake Warehouse',
  url: ({ settings }) => settings.baseUrl,
  isAccountAddress: true,
  auth: signed(
    ({ settings }) => settings.secret,
    ({ method, path, query, body = '' }, { settings, now }) => {
      const time = String(Math.floor(now.getTime() / 1_000));
      const lines = [method, query ? `${path}?${query}` : path, time, body];
      return { 'x-warehouse-timestamp': time, 'x-warehouse-signature': hmacSha256Hex(settings.secret, lines.join('\n')) };
    },
  ),
  refusal(body) {
    const { code, message, fields = {} } = refusal(body).error;
    return { problems: [{ code, message }, ...Object.entries(fields).map(([field, why]) => ({ message: why, field }))] };
  },
  errors: [
    ['cursor_gone', 'no-cursor'],
    // Also a cursor of other settings.
    ['bad_cursor', 'no-cursor'],
    ['other_version', 'other-version'],
  ],
});

/** A good of the catalogue. Its SKU is the offer's `xmlId`. */
export const good = shape({ id: text, sku: text });
/** `free` is missing while it is recalculated. Amounts and quantities are decimal texts. */
const stock = shape({ good: text, warehouse: text, free: maybe(text), cost: maybe(shape({ amount: text, currency: text })) });
const reservation = shape({
  ...{ id: text, number: text, version: whole },
  lines: list(shape({ good: text, warehouse: text, quantity: text })),
});

export type WireGood = Shaped<typeof good>;
export type WireStock = Shaped<typeof stock>;
export type WireReservation = Shaped<typeof reservation>;

export const readAccount = service.read('/v1/account', shape({ name: text }));
export const readGoods = service.read('/v1/goods', shape({ goods: list(good), pages: maybe(whole) }));
export const readStocks = service.read('/v1/stocks', shape({ stocks: list(stock) }));
export const readChanges = service.read('/v1/changes', shape({ goods: list(good), next: text, more: truth, againSeconds: maybe(whole) }));
export const readReservation = service.read('/v1/reservations/:order', reservation);
export const putMovement = service.act('PUT /v1/movements/:key', shape({ id: text, number: text }));
export const putReservation = service.act('PUT /v1/reservations/:order', reservation);

/** The maximum number of goods in one request. */
const MOST_GOODS = 50;

/** Reads rows by a list of names, in as many requests as it takes. */
export async function readByParts<Row>(names: readonly string[], read: (names: string) => Promise<Row[]>): Promise<Row[]> {
  const rows: Row[] = [];
  for (const part of splitIntoParts([...new Set(names)], MOST_GOODS)) rows.push(...(await read(part.join(','))));
  return rows;
}

/** Finds the goods of offers by key or xmlId, in the requested order. Throws ProviderError. */
export async function findGoods(offers: readonly OfferRef[], context: FakeWarehouseContext): Promise<(WireGood | undefined)[]> {
  const read = (name: 'ids' | 'skus', texts: readonly string[]): Promise<WireGood[]> =>
    readByParts(
      // A comma separates names, so a name with a comma is not a good.
      texts.filter((one) => one !== '' && !one.includes(',')),
      async (names) => (await readGoods(context, { query: { [name]: names } })).goods,
    );
  const byId = await read(
    'ids',
    offers.flatMap(({ key = [] }) => key),
  );
  const bySku = await read(
    'skus',
    offers.flatMap(({ key, xmlId = [] }) => (key === undefined ? xmlId : [])),
  );
  return offers.map(({ key, xmlId }) => (key === undefined ? bySku.find(({ sku }) => sku === xmlId) : byId.find(({ id }) => id === key)));
}
