/** `npm run test:live -- cdek`: a small suite against a carrier's test API, not part of `npm test`. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { v7 as uuidv7 } from 'uuid';
import { build } from './build.mjs';
import { install } from './install.mjs';
import { SetupError, main, root, say } from './project.mjs';

const help = `npm run test:live -- <provider> [--url <address>]

Runs a small suite of one adapter against the outside service's public test contour: it quotes, registers, reads, prints and withdraws for true.
Needs a network. With --url it speaks to another address, such as a double's (npm run double -- cdek).

Providers: apiship, cdek, mercadopago, moysklad, telegram, yookassa, zadarma

mercadopago needs the token of a test seller, MERCADOPAGO_TEST_TOKEN, and its currency, MERCADOPAGO_TEST_CURRENCY (MXN); an order is opened, which nobody pays.
moysklad needs a trial account with a good in stock: MOYSKLAD_TEST_TOKEN (a double's when not set); an order of one unit is made, and emptied.
telegram needs a bot and a chat with you: TELEGRAM_TEST_TOKEN, and TELEGRAM_TEST_CHAT, the id of who pressed Start; its webhook is not touched.
yookassa needs a test shop: YOOKASSA_TEST_SHOP_ID and YOOKASSA_TEST_SECRET_KEY; a payment is made in it, which nobody pays.
zadarma needs an account: ZADARMA_TEST_KEY and ZADARMA_TEST_SECRET (a double's when not set); it is only read, nobody is called.
`;

/**
 * A context like a module's for a provider, with half a minute for each call.
 * @param {any} testing `#testing`
 * @param {object} settings
 * @param {object} cache
 */
const makeContext = (testing, settings, cache) => () =>
  testing.providerContext(settings, { connectionId: `live-${run}`, now: new Date(), signal: AbortSignal.timeout(30_000), cache });

const run = randomBytes(4).toString('hex');

/**
 * @type {Record<string, (load: (path: string) => Promise<any>, url: string | undefined) => Promise<[string,
 * () => Promise<unknown>][]>>}
 */
const suites = {
  async apiship(load, url) {
    const { ApishipProvider } = await load('libs/providers/apiship/index.js');
    const testing = await load('libs/testing/index.js');
    const provider = new ApishipProvider(url, process.env.APISHIP_PLATFORM);
    const context = makeContext(testing, provider.manifest.createDefaultSettings(), new testing.MemoryCache());
    const order = testing.sampleOrder('petersburgPoint');
    /** @type {any[]} */
    let tariffs = [];
    /** @type {any} */
    let delivery;
    const request = () => {
      const offered = tariffs.find((one) => one.type === 'selfDelivery' && one.code.startsWith('cdek:')) ?? tariffs[0];
      const terminal = offered.pickupPoints?.[0].code;
      return testing.saveRequest(`live-${run}`, offered.code, { ...order, to: { ...order.to, terminal } }, { shipmentDate: undefined });
    };
    return [
      [
        'the credentials are taken, and carriers are connected',
        async () => {
          const { account, errors, warnings } = await provider.check(context().settings, context());
          say([account, ...Object.values(warnings ?? {})].join(' | '));
          assert.deepEqual(errors ?? {}, {});
        },
      ],
      [
        'tariffs are quoted, with points',
        async () => {
          tariffs = await provider.calculate(testing.calculateRequest(order), context());
          say(tariffs.map((one) => `${one.code} ${one.cost.minor / 100} ${one.pickupPoints?.length ?? ''}`).join(' | '));
          assert.ok(tariffs.length > 0);
        },
      ],
      ['tariffs are listed', async () => assert.ok((await provider.listTariffs(context())).length > 0)],
      [
        'an order is registered, and the carrier answers for it',
        async () => {
          const saved = await provider.save(request(), context());
          delivery = testing.existingDelivery(saved, request());
          for (let attempt = 0; ['pending', 'uploading'].includes(delivery.status) && attempt < 60; attempt++) {
            await new Promise((resolve) => setTimeout(resolve, 1_000));
            delivery = testing.existingDelivery(await provider.get(delivery, context()), request());
          }
          const [report] = (await provider.track([delivery], context())).slice(-1);
          say(`${delivery.status} ${delivery.trackNumber ?? ''} ${report?.comment ?? ''}`);
          assert.ok(!['pending', 'uploading'].includes(delivery.status));
        },
      ],
      [
        'it is found by our number, and a repeat makes no other',
        async () => {
          assert.equal((await provider.find(`live-${run}`, context()))?.externalId, delivery.externalId);
          assert.equal((await provider.save(request(), context())).externalId, delivery.externalId);
        },
      ],
      [
        'its label is printed, if the carrier took it',
        async () => {
          if (delivery.trackNumber === undefined) return say('there is no label: the carrier refused the order');
          const pdf = await provider.print({ entity: 'order', form: 'label', deliveries: [delivery] }, context());
          assert.equal(Buffer.from(pdf.subarray(0, 5)).toString(), '%PDF-');
        },
      ],
      [
        'it is withdrawn',
        async () => {
          await provider.cancel(delivery, context());
          assert.equal((await provider.get(delivery, context())).status, 'deliveryCanceled');
        },
      ],
    ];
  },

  async cdek(load, url) {
    const { CdekProvider } = await load('libs/providers/cdek/index.js');
    const testing = await load('libs/testing/index.js');
    const provider = new CdekProvider(url);
    const settings = provider.manifest.createDefaultSettings();
    const context = makeContext(testing, settings, new testing.MemoryCache());
    const order = testing.sampleOrder('petersburgPoint');
    const request = (/** @type {object} */ changes = {}) => testing.saveRequest(`live-${run}`, '137', order, { ...changes });
    /** @type {any} */
    let delivery;
    return [
      [
        'the credentials are taken and cities are suggested',
        async () => assert.ok((await provider.autocomplete('city', 'Москва', context())).length > 0),
      ],
      [
        'the default shipment point takes parcels in',
        async () => {
          const points = await provider.listPickupPoints({ city: 'Москва', countryIso: 'RU' }, context());
          assert.ok(
            points.some((/** @type {any} */ point) => point.code === settings.shipmentPoint),
            `${settings.shipmentPoint} is not among ${points.length} points`,
          );
        },
      ],
      [
        'tariffs are quoted, with points',
        async () => {
          const tariffs = await provider.calculate(testing.calculateRequest(order), context());
          say(
            tariffs
              .map((/** @type {any} */ one) => `${one.code} ${one.cost ? one.cost.minor / 100 : '-'} ${one.pickupPoints?.length ?? ''}`)
              .join(' | '),
          );
          assert.ok(tariffs.some((/** @type {any} */ one) => one.type === 'courier' && one.cost));
          assert.ok(tariffs.some((/** @type {any} */ one) => one.type === 'selfDelivery' && one.pickupPoints.length > 0));
        },
      ],
      [
        'an address nobody serves has no tariffs',
        async () => assert.deepEqual(await provider.calculate(testing.calculateRequest(testing.sampleOrder('notServed')), context()), []),
      ],
      [
        'an order is registered and gets its number',
        async () => {
          const saved = await provider.save(request(), context());
          delivery = testing.existingDelivery(saved, request());
          for (let attempt = 0; delivery.trackNumber === undefined && attempt < 30; attempt++) {
            await new Promise((resolve) => setTimeout(resolve, 1_000));
            delivery = testing.existingDelivery(await provider.get(delivery, context()), request());
          }
          assert.match(String(delivery.trackNumber), /^\d+$/);
        },
      ],
      [
        'it is found by our number, and a repeat makes no other',
        async () => {
          assert.equal((await provider.find(`live-${run}`, context()))?.externalId, delivery.externalId);
          assert.equal((await provider.save(request(), context())).externalId, delivery.externalId);
        },
      ],
      [
        'it can be changed',
        async () => {
          const changed = request({ recipient: { ...request().recipient, phone: '+79169999999' } });
          assert.equal((await provider.save(changed, context(), delivery)).externalId, delivery.externalId);
        },
      ],
      ['it is tracked', async () => assert.ok((await provider.track([delivery], context())).length > 0)],
      ...['label', 'waybill'].map(
        (form) =>
          /** @type {[string, () => Promise<unknown>]} */ ([
            `its ${form} is printed`,
            async () => {
              const pdf = await provider.print({ entity: 'order', form, deliveries: [delivery] }, context());
              assert.equal(Buffer.from(pdf.subarray(0, 5)).toString(), '%PDF-');
            },
          ]),
      ),
      [
        'it is withdrawn',
        async () => {
          await provider.cancel(delivery, context());
          assert.equal((await provider.get(delivery, context())).status, 'cancelled');
        },
      ],
      [
        'an order that cannot be is refused in plain words',
        async () => {
          await assert.rejects(
            provider.save({ ...request(), reference: `live-${run}-x`, from: { terminal: 'NOWHERE1' } }, context()),
            (/** @type {any} */ error) => {
              say(error.message);
              return error.kind === 'rejected';
            },
          );
        },
      ],
    ];
  },

  async mercadopago(load, url) {
    const { MercadoPagoProvider } = await load('libs/providers/mercadopago/index.js');
    const testing = await load('libs/testing/index.js');
    const { MERCADOPAGO_TEST_TOKEN: accessToken = 'APP_USR-double', MERCADOPAGO_TEST_CURRENCY: currency = 'MXN' } = process.env;
    const provider = new MercadoPagoProvider(url);
    const shop = {
      code: 'main',
      name: 'Main',
      active: true,
      binary: false,
      expirationDays: 1,
      excludedTypes: ['atm'],
      excludedMethods: [],
    };
    const settings = { shops: [{ ...shop, accessToken, maxInstallments: 3, statementDescriptor: 'TEST LIVE' }] };
    const context = makeContext(testing, settings, new testing.MemoryCache());
    const reference = uuidv7();
    const links = { payUrl: 'https://shop.example/pay', doneUrl: 'https://shop.example/pay?done=1' };
    // Whole in each currency, however many digits it has.
    const amount = { minor: 200_00, currency };
    const item = { name: 'Té', quantity: 2, price: { ...amount, minor: 100_00 }, total: amount };
    const request = {
      ...{ reference, invoiceUuid: `live-${run}`, shop: 'main', capture: 'automatic', amount, items: [item] },
      ...{ ...links, orderNumber: `live-${run}`, buyer: { email: 'buyer@example.com' } },
    };
    /** @type {any} */
    let payment;
    return [
      [
        'the seller says who it is',
        async () => {
          const { account, errors } = await provider.check(settings, context());
          assert.deepEqual(errors, {});
          say(account);
        },
      ],
      [
        'its ways to pay are listed',
        async () => {
          const found = await provider.lookUp('paymentMethods', '', context());
          say(found.map((/** @type {any} */ one) => `${one.value} (${one.hint})`).join(', '));
          assert.ok(found.length > 0);
        },
      ],
      [
        'an order is opened, once',
        async () => {
          const state = await provider.create(request, context());
          payment = { id: reference, status: 'pending', refunds: [], createdAt: new Date(), request, ...state };
          assert.equal((await provider.create(request, context())).externalId, state.externalId);
        },
      ],
      [
        'it is found by our reference',
        async () => assert.equal((await provider.find(reference, context()))?.externalId, payment.externalId),
      ],
      [
        'it has a page to pay on, which a later reading tells too',
        async () => {
          const { url: page } = await provider.openCheckout(
            { ...payment, memory: { order: payment.externalId } },
            { key: uuidv7() },
            context(),
          );
          assert.match(page, /^https?:/);
          say(page);
        },
      ],
      [
        'nothing can be refunded before it is paid',
        async () => {
          const call = provider.refund(payment, { key: uuidv7(), amount }, context());
          await assert.rejects(call, (/** @type {any} */ error) => error.kind === 'rejected');
        },
      ],
      [
        'the order is cancelled',
        async () => assert.equal((await provider.cancel(payment, { key: uuidv7() }, context())).status, 'canceled'),
      ],
    ];
  },

  async moysklad(load, url) {
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
  },

  async zadarma(load, url) {
    const { ZadarmaProvider } = await load('libs/providers/zadarma/index.js');
    const testing = await load('libs/testing/index.js');
    const { ZADARMA_TEST_KEY: key = 'zadarma-double-key', ZADARMA_TEST_SECRET: secret = 'zadarma-double-secret' } = process.env;
    const provider = new ZadarmaProvider(url);
    const settings = { ...provider.manifest.createDefaultSettings(), key, secret };
    const context = makeContext(testing, settings, new testing.MemoryCache());
    /** @type {any[]} */
    let extensions = [];
    return [
      [
        'the key and the secret are taken',
        async () => {
          const { account, errors, warnings } = await provider.check(settings, context());
          say([account, ...Object.values(warnings ?? {})].join(' | '));
          assert.deepEqual(errors ?? {}, {});
        },
      ],
      [
        'a wrong secret is refused, and named',
        async () => {
          const wrong = { ...settings, secret: 'wrong' };
          assert.deepEqual(Object.keys((await provider.check(wrong, { ...context(), settings: wrong })).errors), ['secret']);
        },
      ],
      [
        'extensions and numbers are listed',
        async () => {
          extensions = await provider.lookUp('extensions', '', context());
          say([...extensions, ...(await provider.lookUp('numbers', '', context()))].map(({ label }) => label).join(' | '));
          assert.ok(extensions.length > 0);
        },
      ],
      [
        'an extension that is none cannot call',
        async () => {
          const request = { reference: uuidv7(), code: '999999', phone: '+442037691880' };
          await assert.rejects(provider.call(request, context()), (/** @type {any} */ error) => error.kind === 'rejected');
        },
      ],
      [
        'calls of the last day are told by the statistics, with their recordings',
        async () => {
          const now = new Date();
          const events = await provider.catchUp(new Date(now.getTime() - 86_400_000), context());
          const calls = events.flatMap((/** @type {any} */ event) => provider.track(event, undefined, now, context())?.call ?? []);
          say(calls.map((/** @type {any} */ call) => `${call.direction} ${call.outcome} ${call.code ?? ''}`).join(' | ') || 'no calls');
          for (const { record } of calls) if (record !== undefined) say((await provider.findRecord(record, context()))?.name ?? 'gone');
        },
      ],
      [
        'a recording that is none is not found',
        async () => assert.equal(await provider.findRecord('call/1.1@1.mp3', context()), undefined),
      ],
    ];
  },

  async telegram(load, url) {
    const { TelegramProvider } = await load('libs/providers/telegram/index.js');
    const testing = await load('libs/testing/index.js');
    const { TELEGRAM_TEST_TOKEN: token = '', TELEGRAM_TEST_CHAT: chat = '' } = process.env;
    if (token === '' || chat === '') throw new SetupError('Set TELEGRAM_TEST_TOKEN and TELEGRAM_TEST_CHAT first.');
    const provider = new TelegramProvider(url);
    const settings = { bots: [{ code: 'live', token }] };
    const context = makeContext(testing, settings, new testing.MemoryCache());
    const place = { account: token.split(':')[0], chat };
    const build = (/** @type {object} */ changes) => ({ ...place, reference: uuidv7(), kind: 'text', media: [], ...changes });
    /** @type {string[]} */
    let ids = [];
    return [
      [
        'the token is taken',
        async () => {
          const { account, errors } = await provider.check(settings, context());
          assert.deepEqual(errors, {});
          say(account);
        },
      ],
      ['the bot is an account', async () => assert.equal((await provider.listAccounts(context()))[0].id, place.account)],
      [
        'a text arrives as it is, a long one in parts',
        async () => {
          ({ ids } = await provider.sendMessage(build({ text: `live-${run} <b>&amp; *x* _y_` }), context()));
          assert.equal(ids.length, 1);
          assert.equal((await provider.sendMessage(build({ text: 'long '.repeat(1_000), quote: ids }), context())).ids.length, 2);
        },
      ],
      [
        'a file arrives',
        async () => {
          const bytes = Buffer.from(`live-${run}`);
          const open = async () => Readable.from([bytes]);
          const media = [{ name: 'live.txt', type: 'text/plain', size: bytes.length, open }];
          assert.equal((await provider.sendMessage(build({ kind: 'file', text: 'a file', media }), context())).ids.length, 1);
        },
      ],
      [
        'a text is edited, twice',
        async () => {
          for (let n = 0; n < 2; n++) await provider.editMessage({ ...place, ids, text: 'edited' }, context());
        },
      ],
      [
        'a reaction is set and taken back',
        async () => {
          await provider.reactToMessage({ ...place, id: ids[0], emoji: '👍' }, context());
          await provider.reactToMessage({ ...place, id: ids[0] }, context());
        },
      ],
      [
        'a message is deleted, twice',
        async () => {
          for (let n = 0; n < 2; n++) await provider.deleteMessage({ ...place, ids }, context());
        },
      ],
      [
        'nobody is written to who has not written',
        async () => {
          const call = provider.sendMessage(build({ chat: '1', text: 'hello' }), context());
          await assert.rejects(call, (/** @type {any} */ error) => error.code === 'customer_not_exists');
        },
      ],
    ];
  },

  async yookassa(load, url) {
    const { YookassaProvider } = await load('libs/providers/yookassa/index.js');
    const testing = await load('libs/testing/index.js');
    const { YOOKASSA_TEST_SHOP_ID: shopId = '100500', YOOKASSA_TEST_SECRET_KEY: secretKey = 'test_double_key' } = process.env;
    const provider = new YookassaProvider(url);
    const shop = { code: 'main', name: 'Main', active: true, capture: 'manual', shopId, secretKey, currency: 'RUB', receipts: 'none' };
    const settings = { ...provider.manifest.createDefaultSettings(), shops: [shop] };
    const context = makeContext(testing, settings, new testing.MemoryCache());
    const reference = uuidv7();
    const links = { payUrl: 'https://shop.example/pay', doneUrl: 'https://shop.example/pay?done=1' };
    const request = {
      ...{ reference, invoiceUuid: `live-${run}`, shop: 'main', capture: 'manual', amount: { minor: 100_50, currency: 'RUB' } },
      ...{ ...links, orderNumber: `live-${run}`, items: [], buyer: {} },
    };
    /** @type {any} */
    let payment;
    return [
      [
        'the shop says who it is',
        async () => {
          const { account, errors } = await provider.check(settings, context());
          assert.deepEqual(errors, {});
          say(account);
        },
      ],
      [
        'a payment is made, once',
        async () => {
          const state = await provider.create(request, context());
          assert.equal(state.status, 'pending');
          payment = { id: reference, status: 'pending', refunds: [], createdAt: new Date(), memory: {}, request, ...state };
          assert.equal((await provider.create(request, context())).externalId, state.externalId);
        },
      ],
      [
        'it is found by our reference',
        async () => assert.equal((await provider.find(reference, context()))?.externalId, payment.externalId),
      ],
      [
        'it has a page to pay on',
        async () => assert.match((await provider.openCheckout(payment, { key: uuidv7() }, context())).url, /^https?:/),
      ],
      [
        'it cannot be taken before it is paid',
        async () => {
          const call = provider.approve(payment, { key: uuidv7(), amount: request.amount }, context());
          await assert.rejects(call, (/** @type {any} */ error) => error.kind === 'rejected');
        },
      ],
      [
        'the invoice is cancelled',
        async () => assert.equal((await provider.cancel(payment, { key: uuidv7() }, context())).status, 'canceled'),
      ],
    ];
  },
};

await main(async () => {
  const args = process.argv.slice(2);
  const at = args.indexOf('--url');
  const url = at === -1 ? undefined : args.splice(at, 2)[1];
  if (args.length !== 1 || args[0] === '--help' || args[0] === '-h') {
    process.stdout.write(help);
    return args.length === 1 ? 0 : 1;
  }
  const suite = suites[args[0]];
  if (!suite) throw new SetupError(`there is no live suite "${args[0]}"; there are: ${Object.keys(suites).join(', ')}`);
  await install();
  await build();
  const load = (/** @type {string} */ path) => import(pathToFileURL(join(root, 'dist', path)).href);
  await import('reflect-metadata');
  const steps = await suite(load, url);
  let failed = 0;
  for (const [name, act] of steps) {
    try {
      await act();
      say(`ok      ${name}`);
    } catch (error) {
      failed++;
      say(`FAILED  ${name}: ${error.message}`);
      // Nothing else can go well.
      if (steps[0]?.[0] === name) {
        say('The service cannot be reached, or does not take the credentials: nothing was tested.');
        return 1;
      }
    }
  }
  say(`${steps.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
});
