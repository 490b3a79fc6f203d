import { type CheckReport, decimal, isRefusal, list, ProviderError, shape, type Shaped, text, truth } from '#provider-kit';
import {
  type ExistingReservation,
  mergePacks,
  type OfferRef,
  type OfferStock,
  type Pack,
  type ReserveRequest,
  type StockUpdate,
  type StoreProvider,
} from '#store/port';
import { declareCheck } from '../common/check.js';
import { openService } from '../common/template.api.js';
import { manifest } from './template.manifest.js';
import type { TemplateContext, TemplateSettings } from '../common/template.settings.js';

const service = openService();
const check = declareCheck(service);

/** A good of the service. The shop identifies it by its SKU, which is the offer's `xmlId`. */
const good = shape({ id: text, sku: text, stocks: list(shape({ warehouse: text, units: decimal })) });
type Good = Shaped<typeof good>;

const searchGoods = service.ask('POST /goods/search', shape({ goods: list(good) }));
const readChanges = service.read('/changes', shape({ goods: list(good), next: text, more: truth }));
const putReservation = service.act('PUT /reservations/:order', shape({ id: text }));

/** The service as a store provider. */
export class TemplateProvider implements StoreProvider<TemplateSettings> {
  readonly manifest = manifest;

  check(_settings: TemplateSettings, context: TemplateContext): Promise<CheckReport> {
    return check(context);
  }

  async readStocks(offers: readonly OfferRef[], context: TemplateContext): Promise<(OfferStock | undefined)[]> {
    const goods = await this.findGoods(offers, context);
    return goods.map(
      (found) =>
        found && { offer: toOffer(found), stores: found.stocks.map(({ warehouse, units }) => ({ store: warehouse, available: units })) },
    );
  }

  /** Sets all that the order holds: the service takes it as a whole. */
  async reserve(request: ReserveRequest, context: TemplateContext, existing?: ExistingReservation): Promise<void> {
    const packs = mergePacks(existing?.packs ?? [], request.packs);
    const goods = await this.findGoods(
      packs.map(({ offer }) => offer),
      context,
    );
    const lines = packs.map(({ store, quantity, ...pack }, index) => {
      const found = goods[index];
      if (!found) throw refuse(findPath(request, pack, 'offer'), 'is no good of the service');
      if (store === undefined) throw refuse(findPath(request, pack, 'store'), 'is required');
      return { good: found.id, warehouse: store, units: quantity };
    });
    try {
      await putReservation(context, { order: request.order, json: { lines } });
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const wrong = error.problems.find(({ field }) => field !== undefined);
      const pack = packs[Number(/^lines\[(\d+)\]/.exec(wrong?.field ?? '')?.[1])];
      throw pack ? refuse(findPath(request, pack, 'quantity'), wrong?.message ?? error.message) : error;
    }
  }

  async listChanges(cursor: string | undefined, context: TemplateContext): Promise<StockUpdate> {
    try {
      const { goods, next, more } = await readChanges(context, { query: { since: cursor } });
      return { offers: goods.map(toOffer), cursor: next, more };
    } catch (error) {
      // A cursor of other settings, or too old: from now on.
      if (cursor !== undefined && isRefusal(error) && error.has('bad_cursor')) return this.listChanges(undefined, context);
      throw error;
    }
  }

  /** The goods of offers in the requested order. */
  private async findGoods(offers: readonly OfferRef[], context: TemplateContext): Promise<(Good | undefined)[]> {
    const json = { ids: offers.flatMap(({ key }) => key ?? []), skus: offers.flatMap(({ key, xmlId }) => (key ? [] : (xmlId ?? []))) };
    const { goods } = await searchGoods(context, { json });
    const byId = new Map(goods.map((found) => [found.id, found]));
    const bySku = new Map(goods.map((found) => [found.sku, found]));
    return offers.map(({ key, xmlId }) => (key ? byId.get(key) : bySku.get(xmlId ?? '')));
  }
}

function toOffer({ id, sku }: Good): OfferStock['offer'] {
  return { key: id, xmlId: sku };
}

/** The callback's path of a pack's field. `order` for a pack that the order held before. */
function findPath({ packs }: ReserveRequest, { item, offer }: Pick<Pack, 'item' | 'offer'>, field: string): string {
  const index = packs.findIndex((pack) => pack.item === item && pack.offer === offer);
  return index < 0 ? 'order' : `packs[${index}].${field}`;
}

function refuse(path: string, why: string): ProviderError {
  return new ProviderError('rejected', 'Template Service: nothing was reserved', { fields: { [path]: why } });
}
