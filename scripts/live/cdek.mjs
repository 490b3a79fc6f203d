import assert from 'node:assert/strict';
import { say } from '../project.mjs';
import { makeContext, run } from './context.mjs';

/** @type {import('./context.mjs').Suite} */
export async function cdek(load, url) {
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
}
