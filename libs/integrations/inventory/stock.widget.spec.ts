import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Connection } from '#connections';
import type { Providers } from '#integration-kit';
import type { Clock } from '#platform';
import type { EmbedItem, EmbedRequest } from '#widgets';
import type { StockFigureEntity } from './inventory.entity.js';
import type { Pack, StoreProvider } from './port/index.js';
import type { ReservationStore } from './reservation-store.js';
import type { StockFigures } from './stock-figures.js';
import { StockWidget } from './stock.widget.js';

const say = (text: string) => ({ en: text, es: text, ru: text });
const manifest = { title: say('Depot'), widget: { rows: [{ label: say('Document'), field: 'number' }] } };
const connection = { id: 'c', module: { kind: 'adapter', manifest }, account: { timeZone: 'UTC' } } as unknown as Connection;
const now = new Date('2026-12-01T14:05:00Z');
const readAt = new Date('2026-12-01T12:05:00Z');
let figures: Record<number, Record<string, number | undefined>>;
let packs: Pack[];

const widget = new StockWidget(
  { has: () => false } as unknown as Providers<StoreProvider>,
  {
    find: (_of: Connection, offers: number[]) =>
      Promise.resolve(
        offers
          .filter((id) => figures[id])
          .map((id) => ({
            ...{ offerId: String(id), readAt },
            warehouses: Object.entries(figures[id] ?? {}).map(([store, available]) => ({ store, available })),
          })) as StockFigureEntity[],
      ),
  } as unknown as StockFigures,
  {
    find: (_of: Connection, order: string) => Promise.resolve(order === '214' ? { packs, memory: { number: 'D-7' } } : undefined),
  } as unknown as ReservationStore,
  { now: () => now } as Clock,
);

const ask = (...items: EmbedItem[]): EmbedRequest => ({ version: 1, order: { id: 214, items } });
const tea: EmbedItem = { offerId: 1, name: 'Tea', quantity: 3 };
const cup: EmbedItem = { offerId: 2, article: 'CUP', quantity: 1 };

beforeEach(() => {
  figures = { 1: { main: 2, shop: 1 }, 2: { main: 0 } };
  packs = [];
});

describe('the stock below the items', () => {
  it.each<[string, EmbedItem[], object | null]>([
    ['adds the warehouses up', [tea], { text: '1 of 1 can be shipped', tone: 'good' }],
    ['is red if one is missing', [tea, cup], { text: '1 of 2 can be shipped', tone: 'bad' }],
    ['adds the lines of an offer up', [tea, { ...tea, quantity: 0.1 }], { text: '0 of 1 can be shipped', tone: 'bad' }],
    ['warns of offers without a figure', [tea, { offerId: 9, quantity: 1 }], { text: '1 of 2 can be shipped', tone: 'warning' }],
    ['shows nothing if the warehouse has none of them', [{ offerId: 9, quantity: 1 }], null],
    ['shows nothing without offers', [{ name: 'Service', quantity: 1 }], null],
  ])('%s', async (_title, items, badge) => {
    expect(await widget.badge(connection, ask(...items), 'en')).toEqual(badge);
  });

  it('counts what the order has reserved, and nothing of another order', async () => {
    packs = [{ item: '5', offer: { id: 2 }, store: 'main', quantity: 1 }];
    expect(await widget.badge(connection, ask(cup), 'en')).toEqual({ text: '1 of 1 can be shipped', tone: 'good' });
    const other = { ...ask(cup), order: { id: 215, items: [cup] } };
    expect(await widget.badge(connection, other, 'ru')).toEqual({ text: 'Можно отгрузить 0 из 1', tone: 'bad' });
  });

  it('opens with items by warehouse, missing quantities, the age of the figures and rows of the provider', async () => {
    figures[3] = { main: undefined };
    const view = await widget.view(connection, ask(tea, { ...cup, quantity: 2 }, { offerId: 3, name: 'Jar', quantity: 1 }), 'en');
    expect(view).toMatchObject({ state: '1 of 3 can be shipped', tone: 'bad', age: expect.stringMatching(/^as of .*12:05, 2 hours ago$/) });
    expect(view.alerts.map(({ text }) => text)).toEqual(['CUP: 2 missing.']);
    expect(view.sections.map(({ title, rows }) => [title, ...rows.map(({ label, text }) => `${label}: ${text}`)])).toEqual([
      ['Tea, 3 ordered', 'main: 2 free', 'shop: 1 free'],
      ['CUP, 2 ordered', 'main: 0 free'],
      ['Jar, 1 ordered', 'main: unknown at the moment'],
      ['Depot', 'Document: D-7'],
    ]);
  });
});
