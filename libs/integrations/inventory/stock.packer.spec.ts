import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { Connection } from '#connections';
import { type CrmClient, ScopeError, ValidationError } from '#crm-client';
import type { StoreOfferInput } from '#crm-client/wire';
import type { Providers } from '#integration-kit';
import type { OfferStock, StoreProvider } from './port/index.js';
import type { StockFigures } from './stock-figures.js';
import { StockPacker } from './stock.packer.js';

const AT = { verb: 'POST', path: '/api/v5/store/inventories/upload' };
const refusal = new ValidationError('Errors in the entity format', AT, {}, null);

/** Codes of the CRM's warehouses. Undefined: the key lacks the permission to read them. */
let crmStores: string[] | undefined;
let stocks: OfferStock[];
let taken: StoreOfferInput[];
/** The site of each upload, with its offers. */
let uploads: [site: string | undefined, offers: string[]][];
let warn: jest.SpiedFunction<typeof Logger.prototype.warn>;

const stockOf = (key: string, ...stores: string[]): OfferStock => ({
  offer: { key, xmlId: key },
  stores: stores.map((store) => ({ store, available: 1 })),
});

/** Like the CRM, rejects the whole upload because of one unknown warehouse. */
const crm = {
  store: {
    inventoriesUpload: ({ offers, site }: { offers: StoreOfferInput[]; site?: string }) => {
      const isKnown = offers.every(({ stores }) => stores?.every(({ code }) => (crmStores ?? ['main']).includes(code ?? '')));
      if (!isKnown) return Promise.reject(refusal);
      taken.push(...offers);
      uploads.push([site, offers.map(({ id, xmlId, externalId }) => String(id ?? xmlId ?? externalId))]);
      return Promise.resolve({});
    },
  },
  references: {
    stores: () =>
      crmStores
        ? Promise.resolve({ stores: crmStores.map((code) => ({ code, name: code })) })
        : Promise.reject(new ScopeError('no', AT, 'reference_read')),
  },
} as unknown as CrmClient;

const packer = new StockPacker(
  { call: () => Promise.resolve(stocks) } as unknown as Providers<StoreProvider>,
  { keep: () => Promise.resolve() } as unknown as StockFigures,
);
const send = (): Promise<unknown> =>
  packer
    .send(
      crm,
      { id: 'c' } as Connection,
      stocks.map(({ offer: { key } }) => ({ id: key, subject: key, payload: {} })),
      new AbortController().signal,
    )
    .catch((error: unknown) => error);

beforeEach(() => {
  crmStores = ['main', 'shop'];
  stocks = [stockOf('tea', 'main', 'shpo'), stockOf('honey', 'shpo'), stockOf('salt', 'shop')];
  [taken, uploads] = [[], []];
  warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
  warn.mockClear();
});

describe('an upload of stocks', () => {
  const stores = [{ store: 'main', available: 1 }];

  it('names the site of offers that the CRM has to search by their number there, in a call for each', async () => {
    const offers = [
      { key: 'a', externalId: 'A-1', site: 'moscow' },
      { key: 'b', externalId: 'A-1', site: 'kazan' },
      { key: 'c', externalId: 'C-1', xmlId: 'tea', site: 'kazan' },
      { key: 'd', externalId: 'D-1', site: 'moscow' },
      { key: 'e', id: 7 },
    ];
    stocks = offers.map((offer) => ({ offer, stores }));
    expect(await send()).toBeUndefined();
    expect(uploads).toEqual([
      ['moscow', ['A-1', 'D-1']],
      ['kazan', ['A-1']],
      [undefined, ['tea', '7']],
    ]);
  });

  it('has no offers without a figure, and none that the CRM cannot find', async () => {
    stocks = [{ offer: { key: 'a', xmlId: 'a' }, stores: [{ store: 'main' }] }, { offer: { key: 'b' }, stores }, stockOf('salt', 'shop')];
    expect(await send()).toBeUndefined();
    expect(uploads).toEqual([[undefined, ['salt']]]);
  });
});

describe('an upload that the CRM refuses', () => {
  it('for an unknown warehouse is sent without that warehouse, which is reported', async () => {
    expect(await send()).toBeUndefined();
    expect(taken.map(({ xmlId, stores }) => [xmlId, stores?.map(({ code }) => code)])).toEqual([
      ['tea', ['main']],
      ['salt', ['shop']],
    ]);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn).toHaveBeenCalledWith('the CRM of connection c has no warehouse shpo. Its figures are left out');
  });

  it.each([
    ['it has all of them', ['main', 'shop', 'shpo', '-']],
    ['it has none of them', ['-']],
    ['it does not tell which it has', undefined],
  ])('stays refused where %s', async (_why, stores) => {
    crmStores = stores;
    if (stores?.includes('shpo')) stocks = [stockOf('tea', 'main', 'shpo'), { ...stockOf('bad', 'main'), stores: [] }];
    if (stores?.includes('shpo')) jest.spyOn(crm.store, 'inventoriesUpload').mockRejectedValueOnce(refusal);
    expect(await send()).toBe(refusal);
    expect([taken, warn.mock.calls]).toEqual([[], []]);
  });
});
