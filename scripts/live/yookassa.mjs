import assert from 'node:assert/strict';
import { v7 as uuidv7 } from 'uuid';
import { say } from '../project.mjs';
import { makeContext, run } from './context.mjs';

/** @type {import('./context.mjs').Suite} */
export async function yookassa(load, url) {
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
    ['it is found by our reference', async () => assert.equal((await provider.find(reference, context()))?.externalId, payment.externalId)],
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
}
