import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import { InjectProviders, type Providers } from '#integration-kit';
import { Clock, fillIn, type Language, type LocalText, textFor } from '#platform';
import {
  buildProviderSection,
  describeAge,
  type EmbedRequest,
  type WidgetBadge,
  type WidgetRow,
  type WidgetSource,
  type WidgetView,
} from '#widgets';
import { texts } from './inventory.texts.js';
import { type Pack, type StoreProvider, toMillionths, toUnits, type WarehouseStock } from './port/index.js';
import { ReservationStore } from './reservation-store.js';
import { StockFigures } from './stock-figures.js';

/** Maximum number of items in the sidebar. */
const MOST_ITEMS = 50;

/** An item of the order form with its stock. Quantities are in millionths. */
interface Shippable {
  readonly name: string;
  readonly needed: number;
  /** Quantity that the order has reserved. */
  readonly reserved: number;
  /** Free stock by warehouse, without the order's own. Undefined: the warehouse system has no such offer. */
  readonly stores: readonly WarehouseStock[] | undefined;
  /** When the stock was read. Undefined: just now. */
  readonly readAt?: Date | undefined;
}

/** The stock of the order's items, below the items. */
@Injectable()
export class StockWidget implements WidgetSource {
  readonly integration = 'store';
  readonly targets = ['order/card:list.after'];

  constructor(
    @InjectProviders('store') private readonly providers: Providers<StoreProvider>,
    private readonly figures: StockFigures,
    private readonly reservations: ReservationStore,
    private readonly clock: Clock,
  ) {}

  /** Nothing is shown if the warehouse system has no figures of the offers. */
  async badge(connection: Connection, request: EmbedRequest, language: Language): Promise<WidgetBadge | null> {
    const items = await this.listItems(connection, request);
    if (items.every(({ stores }) => stores === undefined)) return null;
    return { text: textFor(countReady(items), language), tone: judge(items) };
  }

  async view(connection: Connection, request: EmbedRequest, language: Language): Promise<WidgetView> {
    const items = await this.listItems(connection, request);
    const reservation = request.order && (await this.reservations.find(connection, String(request.order.id)));
    const text = (one: LocalText): string => textFor(one, language);
    const short = items.filter(isShort);
    const unknown = items.filter(({ stores }) => stores === undefined);
    const [oldest] = items.flatMap(({ readAt }) => readAt ?? []).toSorted((one, other) => one.getTime() - other.getTime());
    const format = (millionths: number): string => new Intl.NumberFormat(language).format(toUnits(millionths));
    return {
      title: text(texts.widget.title),
      ...(items.length > 0 && { state: text(countReady(items)) }),
      tone: judge(items),
      ...(oldest && { age: describeAge(oldest, this.clock.now(), language, connection.account.timeZone) }),
      alerts: [
        ...short.map(({ name, needed, reserved, stores }) => ({
          tone: 'bad' as const,
          text: text(fillIn(texts.widget.short, { name, missing: format(needed - reserved - sumFree(stores)) })),
        })),
        ...(unknown.length > 0 ? [{ tone: 'warning' as const, text: text(fillIn(texts.widget.unknown, { count: unknown.length })) }] : []),
      ],
      sections: [
        ...items.slice(0, MOST_ITEMS).map((item) => ({
          title: text(fillIn(texts.widget.item, { name: item.name, quantity: format(item.needed) })),
          rows: [
            ...(item.stores ?? []).map(({ store, available }): WidgetRow => ({
              label: store,
              text:
                available === undefined
                  ? text(texts.widget.noFigure)
                  : text(fillIn(texts.widget.free, { quantity: format(toMillionths(available)) })),
            })),
            ...(item.reserved > 0 ? [{ label: text(texts.widget.reserved), text: format(item.reserved) }] : []),
          ],
          empty: text(texts.widget.noStock),
        })),
        ...buildProviderSection(connection.module.manifest, reservation?.memory, language),
      ],
      actions: [],
    };
  }

  /** Lists the form's items once per offer. Outside warehouses are not called: their last figures count. */
  private async listItems(connection: Connection, { order }: EmbedRequest): Promise<Shippable[]> {
    const items = (order?.items ?? []).filter(({ offerId }) => offerId !== undefined);
    const offers = [...new Set(items.flatMap(({ offerId }) => offerId ?? []))];
    if (!order || offers.length === 0) return [];
    const [stocks, packs] = await Promise.all([this.readStocks(connection, offers), this.readPacks(connection, String(order.id))]);
    return offers.map((offer) => {
      const own = items.filter(({ offerId }) => offerId === offer);
      const { key } = stocks.get(offer) ?? {};
      const isOf = (pack: Pack): boolean => pack.offer.id === offer || (key !== undefined && pack.offer.key === key);
      const reserved = packs.filter(isOf).map(({ quantity }) => toMillionths(quantity));
      return {
        name: own[0]?.name ?? own[0]?.article ?? String(offer),
        needed: sum(own.map(({ quantity }) => toMillionths(quantity))),
        reserved: sum(reserved),
        stores: stocks.get(offer)?.stores,
        readAt: stocks.get(offer)?.readAt,
      };
    });
  }

  private async readStocks(
    connection: Connection,
    offers: readonly number[],
  ): Promise<Map<number, { key: string; stores: readonly WarehouseStock[]; readAt?: Date }>> {
    const figures = await this.figures.find(connection, offers);
    const known = new Map(
      figures.map(({ offerId, offerKey: key, warehouses, readAt }) => [Number(offerId), { key, stores: warehouses, readAt }]),
    );
    if (connection.module.kind !== 'service') return known;
    // A stock file may have no ids of the CRM.
    const asked = offers.map((id) => {
      const found = known.get(id);
      return { id, ...(found && { key: found.key }) };
    });
    const stocks = await this.providers.call(connection, 'readStocks', (provider, context) => provider.readStocks(asked, context));
    return new Map(stocks.flatMap((stock, index) => (stock ? [[offers[index] ?? 0, { key: stock.offer.key, stores: stock.stores }]] : [])));
  }

  private async readPacks(connection: Connection, order: string): Promise<readonly Pack[]> {
    if (!this.providers.has(connection, 'readReserved')) return (await this.reservations.find(connection, order))?.packs ?? [];
    return this.providers.call(connection, 'readReserved', (provider, context) => provider.readReserved(order, context));
  }
}

function sum(quantities: readonly number[]): number {
  return quantities.reduce((total, quantity) => total + quantity, 0);
}

function sumFree(stores: readonly WarehouseStock[] = []): number {
  return sum(stores.map(({ available = 0 }) => toMillionths(available)));
}

function isReady({ stores, reserved, needed }: Shippable): boolean {
  return reserved + sumFree(stores) >= needed;
}

/** Whether an item is missing by the figures of all its warehouses. */
function isShort(item: Shippable): boolean {
  return (item.stores?.every(({ available }) => available !== undefined) ?? false) && !isReady(item);
}

function countReady(items: readonly Shippable[]): LocalText {
  return fillIn(texts.widget.ready, { ready: items.filter(isReady).length, all: items.length });
}

function judge(items: readonly Shippable[]): 'plain' | 'good' | 'warning' | 'bad' {
  if (items.some(isShort)) return 'bad';
  if (items.length === 0) return 'plain';
  return items.every(isReady) ? 'good' : 'warning';
}
