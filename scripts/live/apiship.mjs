import assert from 'node:assert/strict';
import { say } from '../project.mjs';
import { makeContext, run } from './context.mjs';

/** @type {import('./context.mjs').Suite} */
export async function apiship(load, url) {
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
}
