import { type CheckReport, id, isAuth, list, maybe, type ProviderWebhook, readWebhook, sayError, shape, signedBody } from '#provider-kit';
import type {
  ExistingReservation,
  OfferRef,
  OfferStock,
  ReservedOrder,
  ReserveRequest,
  StockEvent,
  StockMovement,
  StockUpdate,
  StoreProvider,
  TakeBackRequest,
  WriteOffRequest,
} from '#inventory/port';
import * as api from './fake-warehouse.api.js';
import { manifest } from './fake-warehouse.manifest.js';
import type { FakeWarehouseContext, FakeWarehouseSettings } from './fake-warehouse.settings.js';
import { readCost, readFree } from './figures.js';
import { buildMovedLines, reserve } from './reservation.js';

/** Without goods an event means that something changed. */
const event = shape({ id: id(200), goods: maybe(list(api.good, 1_000)) });
const events = shape({ events: list(event, 1_000) });

const LIMIT = 100;
/** Our own cursor while all goods are read: the page, and the warehouse's cursor for the changes after it. */
const ALL = /^all:(\d+):(.+)$/;

/** The fake warehouse as a store provider. */
export class FakeWarehouseProvider implements StoreProvider<FakeWarehouseSettings> {
  readonly manifest = manifest;
  /** Signed over time and body. */
  readonly webhook: ProviderWebhook<FakeWarehouseSettings, StockEvent> = {
    verify: signedBody<FakeWarehouseContext>({
      header: 'x-warehouse-signature',
      keys: ({ settings }) => [settings.secret],
      timeHeader: 'x-warehouse-timestamp',
    }),
    parse: (request) => readWebhook(request, events).events.map(({ id, goods }) => ({ id, ...(goods && { offers: goods.map(toOffer) }) })),
  };

  async check(_settings: FakeWarehouseSettings, context: FakeWarehouseContext): Promise<CheckReport> {
    try {
      return { account: (await api.readAccount(context)).name };
    } catch (error) {
      if (!isAuth(error)) throw error;
      return { errors: { secret: sayError(error, context.account.language) } };
    }
  }

  async readStocks(offers: readonly OfferRef[], context: FakeWarehouseContext): Promise<(OfferStock | undefined)[]> {
    const goods = await api.findGoods(offers, context);
    const ids = goods.flatMap((good) => good?.id ?? []);
    const stocks = await api.readByParts(ids, async (names) => (await api.readStocks(context, { query: { goods: names } })).stocks);
    return goods.map((good) => {
      const own = stocks.filter((stock) => stock.good === good?.id);
      return good && { offer: toOffer(good), stores: own.map((stock) => toStore(stock, context)) };
    });
  }

  reserve(request: ReserveRequest, context: FakeWarehouseContext, existing?: ExistingReservation): Promise<ReservedOrder> {
    return reserve(request, context, existing);
  }

  async writeOff({ key, order, items }: WriteOffRequest, context: FakeWarehouseContext): Promise<StockMovement> {
    const { id, number } = await api.putMovement(context, {
      key,
      json: { kind: 'shipment', of: order, lines: await buildMovedLines(items, context) },
    });
    return { documents: [{ id, number }] };
  }

  async takeBack({ key, writeOff, items }: TakeBackRequest, context: FakeWarehouseContext): Promise<StockMovement> {
    const json = { kind: 'return', of: writeOff, lines: await buildMovedLines(items, context) };
    const { id, number } = await api.putMovement(context, { key, json });
    return { documents: [{ id, number }] };
  }

  /** Changes since a cursor. All goods if the warehouse has forgotten it, then the changes made meanwhile. */
  async listChanges(cursor: string | undefined, context: FakeWarehouseContext): Promise<StockUpdate> {
    const [, page, after] = ALL.exec(cursor ?? '') ?? [];
    if (page !== undefined && after !== undefined) return listPage(Number(page), after, context);
    const readChanges = (since?: string) => api.readChanges(context, { query: { limit: LIMIT, since } });
    const changes = readChanges(cursor).then(({ goods, next, ...more }): StockUpdate => ({
      offers: goods.map(toOffer),
      cursor: next,
      ...more,
    }));
    return api.service.unless('no-cursor', changes, async () => {
      return { offers: [], cursor: `all:1:${(await readChanges()).next}`, more: true };
    });
  }
}

async function listPage(page: number, after: string, context: FakeWarehouseContext): Promise<StockUpdate> {
  const { goods, pages = 0 } = await api.readGoods(context, { query: { page, limit: LIMIT } });
  return { offers: goods.map(toOffer), cursor: page >= pages ? after : `all:${page + 1}:${after}`, more: true };
}

function toOffer({ id: key, sku: xmlId }: api.WireGood): OfferStock['offer'] {
  return { key, xmlId };
}

function toStore({ warehouse, free, cost }: api.WireStock, { account }: FakeWarehouseContext): OfferStock['stores'][number] {
  const price = readCost(cost, account.currency);
  return { store: warehouse, ...(free !== undefined && { available: readFree(free) }), ...(price && { purchasePrice: price }) };
}
