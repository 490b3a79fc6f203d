import { Type } from 'class-transformer';
import { IsArray, IsOptional, IsString, ValidateNested } from 'class-validator';
import type { OfferRef, OfferStock } from '#store/port';
import type { FakeWarehouseClient } from './fake-warehouse.client.js';
import type { FakeWarehouseContext } from './fake-warehouse.settings.js';
import { readCost, readFree } from './figures.js';

/** A good of the catalogue; its SKU is the offer's `xmlId`. */
export class WireGood {
  @IsString() id!: string;
  @IsString() sku!: string;
}

class WireGoods {
  @IsArray() @ValidateNested({ each: true }) @Type(() => WireGood) goods!: WireGood[];
}

class WireCost {
  @IsString() amount!: string;
  @IsString() currency!: string;
}

class WireStock {
  @IsString() good!: string;
  @IsString() warehouse!: string;
  /** Null, so missing here: it is being recalculated. */
  @IsOptional() @IsString() free?: string;
  @IsOptional() @ValidateNested() @Type(() => WireCost) cost?: WireCost;
}

class WireStocks {
  @IsArray() @ValidateNested({ each: true }) @Type(() => WireStock) stocks!: WireStock[];
}

/** Most goods of one question. */
const MOST_GOODS = 50;

/** How a good is named outside. */
export function toOffer({ id, sku }: WireGood): OfferStock['offer'] {
  return { key: id, xmlId: sku };
}

/** Finds the goods of offers by key or xmlId, in the order asked. Throws ProviderError. */
export async function findGoods(
  client: FakeWarehouseClient,
  offers: readonly OfferRef[],
  context: FakeWarehouseContext,
): Promise<(WireGood | undefined)[]> {
  const byId = await askInLots(client, 'ids', pickTexts(offers, 'key'), context);
  const bySku = await askInLots(
    client,
    'skus',
    pickTexts(
      offers.filter(({ key }) => key === undefined),
      'xmlId',
    ),
    context,
  );
  const ids = new Map(byId.map((good) => [good.id, good]));
  const skus = new Map(bySku.map((good) => [good.sku, good]));
  return offers.map(({ key, xmlId }) => (key !== undefined ? ids.get(key) : skus.get(xmlId ?? '')));
}

/** Reads what there is of offers, by warehouse. Throws ProviderError. */
export async function readStocks(
  client: FakeWarehouseClient,
  offers: readonly OfferRef[],
  context: FakeWarehouseContext,
): Promise<(OfferStock | undefined)[]> {
  const goods = await findGoods(client, offers, context);
  const ids = [...new Set(goods.flatMap((good) => good?.id ?? []))];
  const stocks = new Map<string, WireStock[]>();
  for (const lot of split(ids)) {
    const call = { method: 'GET', path: '/v1/stocks', query: { goods: lot.join(',') } } as const;
    for (const stock of (await client.ask(WireStocks, call, context)).stocks)
      stocks.set(stock.good, [...(stocks.get(stock.good) ?? []), stock]);
  }
  return goods.map((good) => good && { offer: toOffer(good), stores: (stocks.get(good.id) ?? []).map((stock) => toStore(stock, context)) });
}

function toStore({ warehouse, free, cost }: WireStock, { account }: FakeWarehouseContext): OfferStock['stores'][number] {
  const price = readCost(cost, account.currency);
  return { store: warehouse, ...(free !== undefined && { available: readFree(free) }), ...(price && { purchasePrice: price }) };
}

async function askInLots(
  client: FakeWarehouseClient,
  name: 'ids' | 'skus',
  values: readonly string[],
  context: FakeWarehouseContext,
): Promise<WireGood[]> {
  const found: WireGood[] = [];
  for (const lot of split(values)) {
    const call = { method: 'GET', path: '/v1/goods', query: { [name]: lot.join(',') } } as const;
    found.push(...(await client.ask(WireGoods, call, context)).goods);
  }
  return found;
}

/** A comma parts values on the wire, so that a text with one names no good. */
function pickTexts(offers: readonly OfferRef[], name: 'key' | 'xmlId'): string[] {
  return [...new Set(offers.flatMap((offer) => offer[name] ?? []))].filter((text) => text !== '' && !text.includes(','));
}

function split(values: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(values.length / MOST_GOODS) }, (_, lot) => values.slice(lot * MOST_GOODS, (lot + 1) * MOST_GOODS));
}
