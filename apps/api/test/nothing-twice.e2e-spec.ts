import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type * as wire from '#crm-client/wire';
import { callbackForm, sampleOrder, type WireSave, wireSave, type WireShipmentSave, wireShipmentSave } from '#testing';
import { Account, postForm, readRefusal, readResult, readSaved } from './support/account.js';
import { Deployment, START_MS } from './support/deployment.js';
import type { Reply } from './support/reply.js';

/** A delivery as the operator API lists it. */
interface DeliveryItem {
  id: string;
  order: string;
  orderNumber?: string;
  status: string;
  trackNumber?: string;
  deletedAt?: string;
}

let deployment: Deployment;
let account: Account;

beforeAll(async () => {
  deployment = await Deployment.start({ accounts: 1, workers: 0 });
  account = await Account.connect(deployment, deployment.nextCrm());
}, START_MS);
afterAll(() => deployment?.stop());
afterEach(() => expect(deployment.complaints()).toEqual([]));

let lastOrder = 100;

function nextOrder(changes: Parameters<typeof wireSave>[2] = {}): WireSave {
  const order = String(++lastOrder);
  return wireSave('courier', sampleOrder('moscowCourier', { order, orderNumber: `${order}A` }), changes);
}

/** All deliveries an order ever had, the newest first. */
async function listDeliveries(order: string): Promise<DeliveryItem[]> {
  return (await deployment.operator<{ items: DeliveryItem[] }>('GET', `/deliveries?order=${order}`)).items;
}

function atOnce<T>(count: number, call: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => call(index)));
}

function readShipment(reply: Reply): string {
  const { shipmentId } = readResult<wire.CallbackDeliveryResponseShipmentSave>(reply, 'CallbackDeliveryShipmentSaveResponse');
  if (!shipmentId) throw new Error('no shipmentId');
  return shipmentId;
}

/** Repeats a call while a process that has just started replies that it is overloaded. */
async function insist(ask: () => Promise<Reply>): Promise<Reply> {
  let reply = await ask();
  for (let tries = 0; reply.status === 503 && tries < 10; tries++) {
    await setTimeout(500);
    reply = await ask();
  }
  return reply;
}

describe('save', () => {
  it('repeated gives the same answer', async () => {
    const order = nextOrder();
    const first = await account.save(order);
    for (let repeat = 0; repeat < 3; repeat++) expect((await account.save(order)).json).toEqual(first.json);
    // The same in other clothes: fields in another order, unknown fields, numbers as texts.
    const other = Object.fromEntries(Object.entries({ ...order, somethingNew: 1 }).reverse()) as unknown as WireSave;
    expect((await account.save(other)).json).toEqual(first.json);
    expect(await listDeliveries(order.order)).toHaveLength(1);
  });

  it('twenty times at the same time makes one', async () => {
    const order = nextOrder();
    const replies = await atOnce(20, () => account.save(order));
    const [first, ...others] = replies.map(readSaved);
    for (const other of others) expect(other).toEqual(first);
    expect(await listDeliveries(order.order)).toHaveLength(1);
  });

  it('of twenty orders at the same time makes twenty, each with its own track number', async () => {
    const saved = await atOnce(20, () => account.save(nextOrder()));
    const numbers = saved.map((reply) => readSaved(reply).trackNumber);
    expect(new Set(numbers).size).toBe(20);
  });

  it('of many orders, one of them failing in the database, makes all the others', async () => {
    const orders = Array.from({ length: 20 }, () => nextOrder());
    const bad = orders[10]?.order ?? '';
    await deployment.stores.query(`ALTER TABLE delivery ADD CONSTRAINT spec_bad CHECK (order_ref <> '${bad}')`);
    const replies = await Promise.all(orders.map((order) => account.save(order)));
    await deployment.stores.query('ALTER TABLE delivery DROP CONSTRAINT spec_bad');
    expect(replies.map((reply) => reply.status)).toEqual(orders.map(({ order }) => (order === bad ? 500 : 200)));
    const listed = await Promise.all(orders.map(({ order }) => listDeliveries(order)));
    expect(listed.map((items) => items.map((item) => item.order))).toEqual(orders.map(({ order }) => (order === bad ? [] : [order])));
    expect(listed.flat().map((item) => item.id)).toEqual(
      replies.flatMap((reply) => (reply.status === 200 ? readSaved(reply).deliveryId : [])),
    );
  });

  it(
    'of the same orders to two processes at the same time makes each once',
    async () => {
      const second = await Deployment.start({ crms: deployment.crms, stores: deployment.stores, workers: 0, apart: true });
      try {
        const orders = Array.from({ length: 20 }, () => nextOrder());
        const saveThere = async (order: WireSave): Promise<Reply> =>
          postForm(`${second.url}/courier/callbacks/delivery/save`, callbackForm(account.clientId, { save: order }));
        const [here, there] = await Promise.all([
          Promise.all(orders.map((order) => insist(() => account.save(order)))),
          Promise.all([...orders].reverse().map((order) => insist(() => saveThere(order)))),
        ]);
        expect(there.reverse().map(readSaved)).toEqual(here.map(readSaved));
        for (const { order } of orders) expect(await listDeliveries(order)).toHaveLength(1);
      } finally {
        await second.stop();
      }
    },
    START_MS,
  );

  it('of the same order with another body is an edit', async () => {
    const order = nextOrder();
    const first = readSaved(await account.save(order));
    const edited = readSaved(await account.save({ ...order, orderNumber: 'changed', delivery: { ...order.delivery, cost: 1 } }));
    expect(edited).toMatchObject({ deliveryId: first.deliveryId, trackNumber: first.trackNumber });
    expect(await listDeliveries(order.order)).toMatchObject([{ id: first.deliveryId, orderNumber: 'changed' }]);
  });

  it('with ten bodies at the same time leaves one delivery that has one of them', async () => {
    const order = nextOrder();
    const replies = await atOnce(10, (index) => account.save({ ...order, orderNumber: `body ${index}` }));
    expect(new Set(replies.map((reply) => readSaved(reply).deliveryId)).size).toBe(1);
    const [delivery, ...others] = await listDeliveries(order.order);
    expect([others, delivery?.orderNumber]).toEqual([[], expect.stringMatching(/^body \d$/)]);
  });

  it('of an existing delivery does nothing, even when it can no longer be changed', async () => {
    const order = nextOrder();
    const { deliveryId } = readSaved(await account.save(order));
    await deployment.operator('POST', '/deliveries/statuses', [{ deliveryId, code: 'in-transit' }]);
    const reply = readSaved(await account.save({ ...order, deliveryId }));
    expect(reply).toMatchObject({ deliveryId, status: 'in-transit' });
    expect(readSaved(await account.save(order))).toEqual(reply);
    expect(readRefusal(await account.save({ ...order, deliveryId, orderNumber: 'changed' })).status).toBe(400);
    expect(readRefusal(await account.save({ ...order, orderNumber: 'changed' })).status).toBe(400);
  });

  it('refused leaves nothing behind, so that a corrected one goes through', async () => {
    const order = nextOrder();
    expect(readRefusal(await account.save({ ...order, delivery: { ...order.delivery, tariff: 'rocket' } })).status).toBe(400);
    expect(await listDeliveries(order.order)).toEqual([]);
    readSaved(await account.save(order));
  });

  it('of forty edits at the same time serves them all', async () => {
    const orders = await atOnce(40, async () => {
      const order = nextOrder();
      return { ...order, deliveryId: readSaved(await account.save(order)).deliveryId };
    });
    const replies = await Promise.all(orders.map((order) => account.save({ ...order, orderNumber: 'changed' })));
    expect(replies.map((reply) => reply.status)).toEqual(orders.map(() => 200));
  });

  it('of one delivery twenty times at the same time serialises the edits', async () => {
    const order = nextOrder();
    const { deliveryId } = readSaved(await account.save(order));
    const replies = await atOnce(20, (index) => account.save({ ...order, deliveryId, orderNumber: `edit ${index}` }));
    expect(replies.map((reply) => readSaved(reply).deliveryId)).toEqual(replies.map(() => deliveryId));
    expect(await listDeliveries(order.order)).toHaveLength(1);
  });
});

describe('delete', () => {
  it('frees the order for a new generation', async () => {
    const order = nextOrder();
    const first = readSaved(await account.save(order));
    expect((await account.delete(first.deliveryId)).status).toBe(200);
    const second = readSaved(await account.save(order));
    expect(second.deliveryId).not.toBe(first.deliveryId);
    expect(second.trackNumber).not.toBe(first.trackNumber);
    expect((await account.save(order)).json).toMatchObject({ result: { deliveryId: second.deliveryId } });
    expect(await listDeliveries(order.order)).toMatchObject([
      { id: second.deliveryId, status: 'created' },
      { id: first.deliveryId, status: 'cancelled', deletedAt: expect.any(String) },
    ]);
  });

  it('twice is a success, also ten times at the same time', async () => {
    const { deliveryId } = readSaved(await account.save(nextOrder()));
    const replies = await atOnce(10, () => account.delete(deliveryId));
    expect(replies.map((reply) => reply.status)).toEqual(replies.map(() => 200));
    expect((await account.delete(deliveryId)).json).toEqual({ success: true });
  });

  it('and edits at the same time end in one of two ways: edited and then deleted, or only deleted', async () => {
    for (let round = 0; round < 5; round++) {
      const order = nextOrder();
      const { deliveryId } = readSaved(await account.save(order));
      const [edit, removal] = await Promise.all([
        account.save({ ...order, deliveryId, orderNumber: 'changed' }),
        account.delete(deliveryId),
      ]);
      expect([edit.status === 200 || edit.status === 404, removal.status]).toEqual([true, 200]);
      const [delivery, ...others] = await listDeliveries(order.order);
      expect([others, delivery?.deletedAt]).toEqual([[], expect.any(String)]);
    }
  });

  it('and saves of the order at the same time never leave two live deliveries', async () => {
    for (let round = 0; round < 5; round++) {
      const order = nextOrder();
      const { deliveryId } = readSaved(await account.save(order));
      const [removal, ...saves] = await Promise.all([account.delete(deliveryId), ...Array.from({ length: 5 }, () => account.save(order))]);
      expect([removal.status, ...saves.map((reply) => reply.status)]).toEqual([200, ...saves.map(() => 200)]);
      const all = await listDeliveries(order.order);
      expect(all.filter((one) => one.deletedAt === undefined).length).toBeLessThanOrEqual(1);
      expect(all.length).toBeLessThanOrEqual(2);
    }
  });
});

describe('shipments', () => {
  async function saveShipment(ids: string[], changes: Partial<WireShipmentSave> = {}): Promise<Reply> {
    return account.post('/delivery/shipment-save', { shipmentSave: wireShipmentSave(ids, changes) });
  }
  async function deleteShipment(shipmentId: string): Promise<Reply> {
    return account.post('/delivery/shipment-delete', { shipmentDelete: { shipmentId } });
  }
  async function twoDeliveries(): Promise<[string, string]> {
    const [one, other] = [readSaved(await account.save(nextOrder())), readSaved(await account.save(nextOrder()))];
    return [one.deliveryId, other.deliveryId];
  }
  async function countDeliveries(ids: string[]): Promise<number> {
    const [row] = await deployment.stores.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM shipment WHERE delivery_ids @> $1::uuid[] AND deleted_at IS NULL`,
      [ids],
    );
    return row?.count ?? 0;
  }

  it('of the same deliveries on the same day are one, in whatever order they are named', async () => {
    const ids = await twoDeliveries();
    const first = readShipment(await saveShipment(ids));
    expect(readShipment(await saveShipment(ids))).toBe(first);
    expect(readShipment(await saveShipment([...ids].reverse()))).toBe(first);
    expect(readShipment(await saveShipment(ids, { date: '2026-03-04' }))).not.toBe(first);
    expect(await countDeliveries(ids)).toBe(2);
  });

  it('twenty times at the same time are one, and the last word counts', async () => {
    const ids = await twoDeliveries();
    const replies = await atOnce(20, (index) => saveShipment(ids, { comment: `word ${index % 3}` }));
    expect(new Set(replies.map(readShipment)).size).toBe(1);
    expect(await countDeliveries(ids)).toBe(1);
  });

  it('with another body are changed', async () => {
    const ids = await twoDeliveries();
    const shipmentId = readShipment(await saveShipment(ids));
    expect(readShipment(await saveShipment(ids, { comment: 'another' }))).toBe(shipmentId);
    const [third] = await twoDeliveries();
    const reply = await saveShipment([...ids, third], { shipmentId });
    expect(readResult(reply, 'CallbackDeliveryShipmentSaveResponse')).toMatchObject({ shipmentId, extraData: { packageCount: 3 } });
    // The deliveries of the first shipment are free again.
    expect(readShipment(await saveShipment(ids))).not.toBe(shipmentId);
  });

  it('changed forty at the same time are all served', async () => {
    const shipments = await atOnce(40, async (index) => {
      const { deliveryId } = readSaved(await account.save(nextOrder()));
      return { deliveryId, index, shipmentId: readShipment(await saveShipment([deliveryId])) };
    });
    const replies = await Promise.all(
      shipments.map((one) => saveShipment([one.deliveryId], { shipmentId: one.shipmentId, comment: 'changed' })),
    );
    expect(replies.map((reply) => reply.status)).toEqual(shipments.map(() => 200));
  });

  it('never become two of the same deliveries', async () => {
    const ids = await twoDeliveries();
    const [first, second] = [readShipment(await saveShipment(ids)), readShipment(await saveShipment(ids, { date: '2026-03-05' }))];
    expect(readRefusal(await saveShipment(ids, { shipmentId: second })).status).toBe(400);
    // Both are moved to a third day at the same time.
    const replies = await Promise.all([
      saveShipment(ids, { shipmentId: first, date: '2026-03-06' }),
      saveShipment(ids, { shipmentId: second, date: '2026-03-06' }),
    ]);
    expect(replies.map((reply) => reply.status).sort()).toEqual([200, 400]);
  });

  it('are deleted once, and may then be made again', async () => {
    const ids = await twoDeliveries();
    const first = readShipment(await saveShipment(ids));
    const removals = await atOnce(5, () => deleteShipment(first));
    expect(removals.map((reply) => reply.json)).toEqual(removals.map(() => ({ success: true })));
    const second = readShipment(await saveShipment(ids));
    expect(second).not.toBe(first);
    expect(readRefusal(await saveShipment(ids, { shipmentId: first })).status).toBe(404);
  });
});

describe('statuses', () => {
  it('sent by forty callers at the same time are all accepted', async () => {
    const ids = await atOnce(40, async () => readSaved(await account.save(nextOrder())).deliveryId);
    const replies = await Promise.all(
      ids.map((deliveryId) => deployment.askOperator('POST', '/deliveries/statuses', [{ deliveryId, code: 'accepted' }])),
    );
    expect(replies.map((reply) => reply.json)).toEqual(ids.map(() => ({ accepted: 1, rejected: [], notSent: [] })));
  });
});
