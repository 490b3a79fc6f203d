import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CdekDouble, pdfPages, sampleOrder, type WireSave, wireSave, wireShipmentSave } from '#testing';
import { Account, readSaved } from './support/account.js';
import { Crm } from './support/crm.js';
import { Deployment, START_MS } from './support/deployment.js';

/** An order as the CRM splits what it owes: minor units (kopecks). */
interface Split {
  items: { quantity: number; cost: number; owed: 'all' | 'none' | number }[];
  deliveryCost: number;
  deliveryOwed: 'all' | 'none' | number;
  payerType: 'sender' | 'receiver';
  withCod: boolean;
  /** The account sends the whole sum in the delivery's field. */
  oneField: boolean;
}

const amount = fc.integer({ min: 1, max: 300_000 });
const owed = fc.oneof(fc.constantFrom('all' as const, 'none' as const), amount);
const splits: fc.Arbitrary<Split> = fc.record({
  items: fc.array(fc.record({ quantity: fc.integer({ min: 1, max: 7 }), cost: amount, owed }), { minLength: 1, maxLength: 4 }),
  deliveryCost: amount,
  deliveryOwed: owed,
  payerType: fc.constantFrom('sender', 'receiver'),
  withCod: fc.boolean(),
  oneField: fc.boolean(),
});

const due = (part: 'all' | 'none' | number, whole: number): number =>
  part === 'all' ? whole : part === 'none' ? 0 : Math.min(part, whole);

/** The callback's fields, and what the order owes in kopecks. */
function buildOrder(split: Split): { fields: Parameters<typeof wireSave>[2] & object; owes: number } {
  const goods = split.items.reduce((sum, item) => sum + due(item.owed, item.cost) * item.quantity, 0);
  const delivery = due(split.deliveryOwed, split.deliveryCost);
  // One field holds no split, so only an order with its whole delivery due can be sent this way.
  const oneField = split.oneField && goods > 0;
  const owes = oneField ? goods + split.deliveryCost : goods + delivery;
  const items = split.items.map(({ quantity, cost, owed: part }, index) => ({
    ...{ offerId: String(index + 1), name: `Товар ${index + 1}`, quantity, weight: 100, vatRate: 'none' },
    ...{ cost: cost / 100, declaredValue: cost / 100, cod: oneField ? 0 : due(part, cost) / 100 },
  }));
  return {
    owes: split.withCod ? owes : 0,
    fields: {
      packages: [{ packageId: '1', weight: 1000, width: 200, length: 200, height: 100, items }],
      delivery: {
        withCod: split.withCod,
        cost: split.deliveryCost / 100,
        cod: (oneField ? owes : delivery) / 100,
        payerType: split.payerType,
      },
    },
  };
}

/** Digits of the amounts in a text, spaces of thousands taken out. */
const flat = (text: string): string => text.replace(/\s+/g, '');
const rubles = (kopecks: number): string => `${Math.floor(kopecks / 100)},${String(kopecks % 100).padStart(2, '0')}₽`;

describe('what is asked for at the door', () => {
  let cdek: CdekDouble;
  let crm: Crm;
  let deployment: Deployment;
  let orders = 0;

  beforeAll(async () => {
    cdek = await CdekDouble.start();
    cdek.setModes({ validateAfterMs: 0 });
    crm = await Crm.start();
    deployment = await Deployment.start({ crms: [crm], variables: { MODULES: 'courier,cdek', CDEK_URL: cdek.url } });
  }, START_MS);
  afterAll(async () => {
    await deployment?.stop();
    await crm?.close();
    await cdek?.close();
  });

  const buildSave = (tariff: string, fields: object): WireSave =>
    wireSave(tariff, sampleOrder('moscowCourier', { order: String(++orders), orderNumber: `${orders}A` }), fields);

  it('by the courier’s papers is what the order owes', async () => {
    const account = await Account.connect(deployment, crm, 'courier');
    const readText = async (entityType: string, type: string, id: string): Promise<string> => {
      const reply = await account.post('/delivery/print', { print: { entityType, type, deliveryIds: [[id]] } });
      return flat(
        pdfPages(reply.bytes)
          .map(({ text }) => text)
          .join(' '),
      );
    };
    await fc.assert(
      fc.asyncProperty(splits, async (split) => {
        const { fields, owes } = buildOrder(split);
        const { deliveryId } = readSaved(await account.save(buildSave('courier', fields)));
        const label = await readText('order', 'label', deliveryId);
        expect(label).toContain(owes > 0 ? `КОПЛАТЕ${rubles(owes)}` : 'ОПЛАЧЕНО');
        const waybill = await readText('order', 'waybill', deliveryId);
        expect(waybill).toContain(owes > 0 ? `КОПЛАТЕ${rubles(owes)}` : 'ОПЛАЧЕНО');
        if (owes > 0) expect(waybill).toContain(`${rubles(owes)}Место`);
        const shipment = await account.post('/delivery/shipment-save', { shipmentSave: wireShipmentSave([deliveryId]) });
        const { shipmentId } = (shipment.json as { result: { shipmentId: string } }).result;
        const manifest = await readText('shipment', 'manifest', shipmentId);
        if (owes > 0) expect(manifest).toContain(`КОПЛАТЕ:${rubles(owes)}`);
        else expect(manifest).not.toContain('КОПЛАТЕ:');
      }),
      { numRuns: 10, endOnFailure: true },
    );
  });

  it('by the order that CDEK holds is what the order owes', async () => {
    const account = await Account.connect(deployment, crm, 'cdek');
    await fc.assert(
      fc.asyncProperty(splits, async (split) => {
        const { fields, owes } = buildOrder({ ...split, payerType: 'sender' });
        readSaved(await account.save(buildSave('137', fields)));
        const { body } = cdek.standing().find(({ number }) => number.startsWith(`${orders}-`)) ?? {};
        const items = (body?.packages ?? []).flatMap((one) => one.items ?? []).filter((item) => item !== undefined);
        const asked = items.reduce((sum, { payment, amount: pieces }) => sum + Math.round((payment?.value ?? 0) * 100) * (pieces ?? 0), 0);
        expect(items.reduce((sum, { amount: pieces }) => sum + (pieces ?? 0), 0)).toBe(
          split.items.reduce((sum, { quantity }) => sum + quantity, 0),
        );
        expect(asked + Math.round((body?.delivery_recipient_cost?.value ?? 0) * 100)).toBe(owes);
      }),
      { numRuns: 20, endOnFailure: true },
    );
  });
});
