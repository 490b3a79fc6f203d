import assert from 'node:assert/strict';
import { say } from '../project.mjs';
import { makeContext, run } from './context.mjs';

/** @type {import('./context.mjs').Suite} */
export async function moysklad(load, url) {
  const { MoyskladProvider } = await load('libs/providers/moysklad/index.js');
  const testing = await load('libs/testing/index.js');
  const { MOYSKLAD_TEST_TOKEN: token = 'moysklad-double-token' } = process.env;
  const provider = new MoyskladProvider(url);
  const settings = { ...provider.manifest.createDefaultSettings(), token };
  const context = makeContext(testing, settings, new testing.MemoryCache());
  /** @type {any} */
  let found;
  /** @type {any} */
  let known;
  const read = async () => (await provider.readStocks([{ key: found.offer.key }], context()))[0]?.stores[0];
  const reserve = async (/** @type {number} */ quantity) => {
    const packs = [{ item: '1', offer: found.offer, store: found.stores[0].store, quantity }];
    const reserved = await provider.reserve({ order: `live-${run}`, packs }, context(), known);
    known = { order: `live-${run}`, packs: quantity > 0 ? packs : [], ...reserved };
  };
  return [
    [
      'the token is taken',
      async () => {
        const { account, errors, warnings } = await provider.check(settings, context());
        say([account, ...Object.values(warnings ?? {})].join(' | '));
        assert.deepEqual(errors ?? {}, {});
      },
    ],
    [
      'warehouses, companies and counterparties are listed',
      async () => {
        const lists = await Promise.all(['warehouses', 'organizations', 'agents'].map((name) => provider.lookUp(name, '', context())));
        const [warehouses, [organization], [agent]] = lists;
        settings.stores = warehouses.map((/** @type {any} */ { value }, /** @type {number} */ n) => ({
          code: `w${n}`,
          warehouse: value,
        }));
        Object.assign(settings, { organization: organization.value, agent: agent.value });
        say(lists.map((list) => list.map((/** @type {any} */ { label }) => label).join(', ')).join(' | '));
      },
    ],
    [
      'goods are listed, and one of them is in stock',
      async () => {
        const { offers, cursor } = await provider.listChanges(undefined, context());
        const stocks = await provider.readStocks(offers.slice(0, 100), context());
        const isThere = (/** @type {any} */ { available }) => available >= 1;
        const inStock = stocks.find((/** @type {any} */ stock) => stock?.stores.some(isThere));
        found = inStock && { ...inStock, stores: inStock.stores.filter(isThere) };
        assert.ok(found, 'enter a good with a stock of 1 first');
        settings.stores = settings.stores.filter((/** @type {any} */ { code }) => code === found.stores[0].store);
        say(`${offers.length} goods, ${cursor.length} characters of cursor, ${JSON.stringify(found)}`);
      },
    ],
    [
      'one is reserved, once',
      async () => {
        await reserve(1);
        await reserve(1);
        say(JSON.stringify(known.documents));
      },
    ],
    [
      'it is seen once the figure is settled',
      async () => {
        const left = found.stores[0].available - 1;
        for (let look = 0; look < 12 && (await read())?.available !== left; look++) await new Promise((done) => setTimeout(done, 5_000));
        assert.equal((await read())?.available, left);
      },
    ],
    [
      'more than there is is refused',
      async () =>
        assert.rejects(
          reserve(found.stores[0].available + 1),
          (/** @type {any} */ error) => error.fields['packs[0].quantity'] !== undefined,
        ),
    ],
    ['the reservation ends', async () => reserve(0)],
  ];
}
