import { expect, it } from '@jest/globals';
import type { OfferRef, OfferStock } from '#inventory/port';
import { toMoney } from '#provider-kit';
import { checkProviderError } from '../provider/index.js';
import { MANY, type StoreSuite } from './suite.js';

/** Tests the stocks of offers and warehouses. */
export function testStocks<S extends object>(suite: StoreSuite<S>): void {
  it('stocks are in the order of the request, with undefined for an unknown offer', async () => {
    const [first, second] = [await suite.newOffer(3), await suite.newOffer(0.25)];
    const asked = [{ xmlId: 'no such offer' }, { xmlId: second }, { xmlId: first }, { xmlId: second }];
    const stocks = await suite.provider.readStocks(asked, suite.context);
    expect(stocks.map((stock) => stock?.offer.xmlId)).toEqual([undefined, second, first, second]);
    const available = stocks.map((stock) => stock?.stores.find(({ store }) => store === suite.subject.store)?.available);
    expect(available).toEqual([undefined, 0.25, 3, 0.25]);
    for (const stock of stocks) if (stock) checkStock(suite, stock);
  });

  it('each warehouse has its own stock, never below zero', async () => {
    const { store, otherStore } = suite.subject;
    const xmlId = await suite.newOffer(-2);
    const readIn = async (code: string): Promise<number> =>
      (await suite.readOne(xmlId))?.stores.find((one) => one.store === code)?.available ?? 0;
    expect(await readIn(store)).toBe(0);
    if (otherStore === undefined) return suite.isLocal() ? undefined : suite.unproven.add('each warehouse has its own stock', 'otherStore');
    await suite.subject.setStock(xmlId, 3, otherStore);
    expect([await readIn(store), await readIn(otherStore)]).toEqual([0, 3]);
    await suite.subject.setStock(xmlId, 5);
    expect([await readIn(store), await readIn(otherStore)]).toEqual([5, 3]);
  });

  it('units that are reserved for no warehouse are not available', async () => {
    if (!suite.subject.reserveElsewhere) return;
    const xmlId = await suite.newOffer(5);
    await suite.subject.reserveElsewhere(xmlId, 2);
    expect(await suite.readAvailable([{ xmlId }])).toEqual([3]);
  });
}

/** Tests offers with one xmlId, bundles and keys. */
export function testOffers<S extends object>(suite: StoreSuite<S>): void {
  it('an xmlId of two offers has no stock', async () => {
    const { makeTwin } = suite.subject;
    if (!makeTwin) return;
    const xmlId = await suite.newOffer(3);
    await makeTwin.call(suite.subject, xmlId);
    expect(await suite.readOne(xmlId)).toBeUndefined();
  });

  it('the stock of a bundle follows from its parts', async () => {
    const { makeBundle, store } = suite.subject;
    if (!makeBundle) return;
    const xmlId = suite.newXmlId();
    await makeBundle.call(suite.subject, xmlId, [
      { xmlId: await suite.newOffer(9), units: 2 },
      { xmlId: await suite.newOffer(3), units: 1 },
    ]);
    expect((await suite.readOne(xmlId))?.stores.find((one) => one.store === store)?.available).toBe(3);
    await makeBundle.call(suite.subject, `${xmlId}-b`, [{ xmlId: await suite.newOffer(5), units: 2 }]);
    expect((await suite.readOne(`${xmlId}-b`))?.stores.find((one) => one.store === store)?.available).toBe(2);
  });

  it('an offer is found by the returned key', async () => {
    const xmlId = await suite.newOffer(7);
    const stock = await suite.readOne(xmlId);
    const key = stock?.offer.key ?? '';
    expect(key).toMatch(/\S/);
    for (const offer of [{ key }, { key, xmlId: 'a name that it had' }])
      expect(await suite.provider.readStocks([offer], suite.context)).toEqual([stock]);
  });
}

/** Tests purchase prices. */
export function testPrices<S extends object>(suite: StoreSuite<S>): void {
  it('a purchase price is in the currency of the account, or missing', async () => {
    const { setPrice } = suite.subject;
    if (!setPrice) return suite.isLocal() ? undefined : suite.unproven.add('the purchase price of offers', 'setPrice');
    const { currency = 'RUB' } = suite.context.account;
    for (const price of [toMoney(1_230_50, currency), toMoney(1_230_50, currency === 'EUR' ? 'USD' : 'EUR')]) {
      const xmlId = await suite.newOffer(3);
      await setPrice.call(suite.subject, xmlId, price);
      const prices = (await suite.readOne(xmlId))?.stores.flatMap(({ purchasePrice }) => purchasePrice ?? []) ?? [];
      if (price.currency === currency) expect(prices).toContainEqual(price);
      else expect(prices).toEqual([]);
    }
    const [cheap, dear] = [await suite.newOffer(1), await suite.newOffer(1)];
    for (const [xmlId, minor] of [
      [cheap, 1_00],
      [dear, 9_00],
    ] as const)
      await setPrice.call(suite.subject, xmlId, toMoney(minor, currency));
    const stocks = await suite.provider.readStocks([{ xmlId: await suite.newOffer(1) }, { xmlId: dear }, { xmlId: cheap }], suite.context);
    expect(stocks.map((stock) => stock?.stores.find(({ store }) => store === suite.subject.store)?.purchasePrice?.minor)).toEqual([
      ...[undefined, 9_00, 1_00],
    ]);
  });
}

/** Tests many offers, none, and odd ones. */
export function testManyStocks<S extends object>(suite: StoreSuite<S>): void {
  it('no offers have no stocks, and many offers have a stock each', async () => {
    expect(await suite.provider.readStocks([], suite.context)).toEqual([]);
    const offers: OfferRef[] = [];
    for (let n = 0; n < MANY; n++) offers.push({ xmlId: await suite.newOffer(n) });
    const stocks = await suite.provider.readStocks(offers, suite.context);
    expect(stocks.map((stock) => stock?.offer.xmlId)).toEqual(offers.map(({ xmlId }) => xmlId));
  });

  it('more offers than a page has a stock each', async () => {
    const offers = (await suite.fillPages()).map((xmlId) => ({ xmlId }));
    const asked = offers.flatMap((offer, n) => (n % 100 === 0 ? [{ xmlId: `no such offer ${n}` }, offer] : [offer]));
    const right = offers.flatMap((_, n) => (n % 100 === 0 ? [undefined, n % 97] : [n % 97]));
    expect(await suite.readAvailable(asked)).toEqual(right);
  });

  it('an odd xmlId finds nothing or fails with invalid', async () => {
    const odd = ['', ' ', 'a,b', '%', "'; DROP TABLE x; --", '*', '../..', '__proto__', 'я'.repeat(300)];
    const offers = odd.map((xmlId) => ({ xmlId }));
    try {
      const found = await suite.provider.readStocks(offers, suite.context);
      expect(found.filter(Boolean)).toEqual([]);
    } catch (error) {
      expect(checkProviderError(error, suite.provider, suite.context.settings).kind).toBe('invalid');
    }
  });
}

function checkStock<S extends object>({ context }: StoreSuite<S>, { offer, stores }: OfferStock): void {
  expect(offer.key).toMatch(/\S/);
  expect(new Set(stores.map(({ store }) => store)).size).toBe(stores.length);
  for (const { store, available, purchasePrice } of stores) {
    expect(store).toMatch(/\S/);
    if (available !== undefined) expect(available).toBeGreaterThanOrEqual(0);
    if (!purchasePrice) continue;
    expect([purchasePrice].filter(({ minor }) => !Number.isSafeInteger(minor) || minor < 0)).toEqual([]);
    expect(purchasePrice.currency).toBe(context.account.currency);
  }
}
