import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsNumber, IsString, ValidateNested } from 'class-validator';
import { type CheckReport, ProviderError, sayFields } from '#provider-kit';
import {
  type ExistingReservation,
  mergePacks,
  type OfferRef,
  type OfferStock,
  type Pack,
  type ReserveRequest,
  type StockNews,
  type StoreProvider,
} from '#store/port';
import { checkAccount } from '../common/check.js';
import { TemplateClient, TemplateRefusal } from '../common/template.client.js';
import { manifest } from './template.manifest.js';
import type { TemplateContext, TemplateSettings } from '../common/template.settings.js';

class WireStock {
  @IsString() warehouse!: string;
  @IsNumber() units!: number;
}

/** A good of the service; the shop knows it by its SKU, which is the offer's `xmlId`. */
class WireGood {
  @IsString() id!: string;
  @IsString() sku!: string;
  @IsArray() @ValidateNested({ each: true }) @Type(() => WireStock) stocks!: WireStock[];
}

class WireGoods {
  @IsArray() @ValidateNested({ each: true }) @Type(() => WireGood) goods!: WireGood[];
}

class WireChanges extends WireGoods {
  @IsString() next!: string;
  @IsBoolean() more!: boolean;
}

class WireReservation {
  @IsString() id!: string;
}

/** The service as a store provider. */
export class TemplateProvider implements StoreProvider<TemplateSettings> {
  readonly manifest = manifest;
  private readonly client = new TemplateClient();

  check(_settings: TemplateSettings, context: TemplateContext): Promise<CheckReport> {
    return checkAccount(this.client, context);
  }

  async readStocks(offers: readonly OfferRef[], context: TemplateContext): Promise<(OfferStock | undefined)[]> {
    const goods = await this.findGoods(offers, context);
    return goods.map(
      (good) =>
        good && { offer: toOffer(good), stores: good.stocks.map(({ warehouse, units }) => ({ store: warehouse, available: units })) },
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
      const good = goods[index];
      if (!good) throw refuse(findPath(request, pack, 'offer'), 'is no good of the service');
      if (store === undefined) throw refuse(findPath(request, pack, 'store'), 'is required');
      return { good: good.id, warehouse: store, units: quantity };
    });
    const path = `/reservations/${encodeURIComponent(request.order)}`;
    try {
      await this.client.read(WireReservation, { method: 'PUT', path, json: { lines }, effect: true }, context);
    } catch (error) {
      if (!(error instanceof TemplateRefusal)) throw error;
      const [line, why] = Object.entries(sayFields(error, context.account.language) ?? {})[0] ?? [];
      const pack = packs[Number(/^lines\[(\d+)\]/.exec(line ?? '')?.[1])];
      throw pack ? refuse(findPath(request, pack, 'quantity'), why ?? error.message) : error;
    }
  }

  async listChanges(cursor: string | undefined, context: TemplateContext): Promise<StockNews> {
    try {
      const call = { method: 'GET', path: '/changes', query: { since: cursor }, effect: false } as const;
      const { goods, next, more } = await this.client.read(WireChanges, call, context);
      return { offers: goods.map(toOffer), cursor: next, more };
    } catch (error) {
      // A cursor of other settings, or too old: from now on.
      if (cursor !== undefined && error instanceof TemplateRefusal && error.code === 'bad_cursor')
        return this.listChanges(undefined, context);
      throw error;
    }
  }

  /** The goods of offers in the order asked; a search changes nothing, although it is a POST. */
  private async findGoods(offers: readonly OfferRef[], context: TemplateContext): Promise<(WireGood | undefined)[]> {
    const json = { ids: offers.flatMap(({ key }) => key ?? []), skus: offers.flatMap(({ key, xmlId }) => (key ? [] : (xmlId ?? []))) };
    const { goods } = await this.client.read(WireGoods, { method: 'POST', path: '/goods/search', json, effect: false }, context);
    const byId = new Map(goods.map((good) => [good.id, good]));
    const bySku = new Map(goods.map((good) => [good.sku, good]));
    return offers.map(({ key, xmlId }) => (key ? byId.get(key) : bySku.get(xmlId ?? '')));
  }
}

function toOffer({ id, sku }: WireGood): OfferStock['offer'] {
  return { key: id, xmlId: sku };
}

/** The callback's path of a pack's field; `order` for one that the order held before. */
function findPath({ packs }: ReserveRequest, { item, offer }: Pick<Pack, 'item' | 'offer'>, field: string): string {
  const index = packs.findIndex((pack) => pack.item === item && pack.offer === offer);
  return index < 0 ? 'order' : `packs[${index}].${field}`;
}

function refuse(path: string, why: string): ProviderError {
  return new ProviderError('rejected', 'Template Service: nothing was reserved', { fields: { [path]: why } });
}
