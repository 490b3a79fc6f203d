import assert from 'node:assert/strict';
import { v7 as uuidv7 } from 'uuid';
import { say } from '../project.mjs';
import { makeContext, run } from './context.mjs';

/** @type {import('./context.mjs').Suite} */
export async function mercadopago(load, url) {
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
    ['it is found by our reference', async () => assert.equal((await provider.find(reference, context()))?.externalId, payment.externalId)],
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
    ['the order is cancelled', async () => assert.equal((await provider.cancel(payment, { key: uuidv7() }, context())).status, 'canceled')],
  ];
}
