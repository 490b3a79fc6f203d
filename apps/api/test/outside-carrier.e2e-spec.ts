import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import type * as wire from '#crm-client/wire';
import { toWholeSecond } from '#platform';
import { FakeCarrier, sampleOrder, wireSave } from '#testing';
import { Account, readRefusal, readResult, readSaved } from './support/account.js';
import { Deployment, START_MS } from './support/deployment.js';
import { anyBackend } from './support/test-servers.js';
import type { Reply } from './support/reply.js';
import { until } from './support/until.js';

const MODULE = 'fake-carrier';
const TARIFF = 'express';
/** Time budget of a provider in this spec, and a delay beyond it. */
const BUDGET_MS = 1500;
const TOO_SLOW_MS = 2500;

interface Page<Item> {
  items: Item[];
  total: number;
}

interface OperationView {
  id: string;
  kind: string;
  state: string;
  subject: string;
}

/** A save as the version before stored it: without the customer, the store and what else it did not read. */
const BEFORE = {
  reference: '4711-1',
  order: '4711',
  orderNumber: '4711A',
  site: 'shop-ru',
  siteName: 'Shop',
  storeCode: 'main',
  storeName: 'Main store',
  recipient: { name: 'Ольга', company: 'ООО «Ромашка»', phone: '+79161234567' },
  manager: { name: 'Менеджер Анна', phone: '+74957654321', email: 'anna@example.com' },
  parcels: [
    {
      weight: 850,
      items: [
        {
          quantity: 2,
          offerId: 'offer-249000',
          name: 'Футболка хлопковая, синяя',
          declaredValue: { minor: 249000, currency: 'RUB' },
          cost: { minor: 249000, currency: 'RUB' },
          vatRate: '20.00',
          weight: 425,
        },
      ],
      packageId: '1',
      width: 200,
      length: 300,
      height: 100,
    },
  ],
  from: {
    index: '115280',
    countryIso: 'RU',
    region: 'Москва',
    city: 'Москва',
    street: 'ул. Ленинская Слобода',
    house: '19',
    text: '115280, Москва, ул. Ленинская Слобода, д. 19',
  },
  to: {
    index: '125047',
    countryIso: 'RU',
    region: 'Москва',
    city: 'Москва',
    street: 'ул. Лесная',
    flat: '41',
    floor: 5,
    block: 3,
    house: '7',
    housing: 'стр. 2',
    metro: 'Белорусская',
    notes: 'Домофон 41, звонить за час',
    text: '125047, Москва, ул. Лесная, д. 7, стр. 2, кв. 41',
  },
  tariff: 'express',
  payerType: 'sender',
  cost: { minor: 35000, currency: 'RUB' },
  vatRate: '20.00',
  declaredValue: { minor: 498000, currency: 'RUB' },
  currency: 'RUB',
  shipmentDate: '2026-03-03',
  extraData: {},
};
const BEFORE_HASH = 'b315404c8e4b04bdbb51f10e25d6be3482a41e701042b5315d0ea58668c8f10f';

let deployment: Deployment;
let carrier: FakeCarrier;
let account: Account;
let order = 100;

const save = (changes: Parameters<typeof wireSave>[2] = {}): Promise<Reply> =>
  account.save(wireSave(TARIFF, sampleOrder('moscowCourier', { order: String(order), orderNumber: `${order}A` }), changes));
/** A delivery as the operator sees it. */
const kept = (deliveryId: string): Promise<{ status: string; history: { code: string; moved: boolean }[] }> =>
  deployment.operator('GET', `/deliveries/${deliveryId}`);
/** How many webhook events are stored, and how many of them wait. */
const events = async (): Promise<{ all: number; pending: number }> => {
  const { items, total } = await deployment.operator<Page<{ state: string }>>('GET', '/inbox?limit=500');
  return { all: total, pending: items.filter((event) => event.state === 'pending').length };
};
/** Posts events of the present order as the carrier does, signed. */
const post = async (states: { state: string; at: Date; trackNumber?: string }[]): Promise<void> => {
  const { id } = await deployment.getConnection(account.crm);
  const externalId = carrier.orders(`${order}-1`)[0]?.id;
  const body = JSON.stringify({ events: states.map((event) => ({ id: randomUUID(), order: externalId, ...event })) });
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', carrier.webhookSecret).update(`${timestamp}.${body}`).digest('hex');
  const headers = { 'content-type': 'application/json', 'x-carrier-timestamp': timestamp, 'x-carrier-signature': signature };
  expect((await deployment.send(`/${MODULE}/webhooks/${id}`, { method: 'POST', headers, body })).status).toBe(200);
};
const findOperation = async (subject: string, state: string): Promise<OperationView | undefined> =>
  (await deployment.operator<Page<OperationView>>('GET', `/operations?subject=${subject}&state=${state}`)).items[0];
const countOrders = (): number => carrier.orders().filter((one) => one.reference.startsWith(`${order}-`)).length;
/** Repeats the save, as the CRM's user does, until it is answered. */
const saveUntilAnswered = (): Promise<ReturnType<typeof readSaved>> =>
  until('the save is answered', async () => {
    const reply = await save();
    return reply.status === 200 && readSaved(reply);
  });

/** Makes every reader of a table wait. Returns a function that releases them. */
async function lockAway(table: string): Promise<() => Promise<void>> {
  const holder = new Client(deployment.stores.variables.DATABASE_URL);
  await holder.connect();
  await holder.query(`BEGIN; LOCK TABLE ${table}`);
  return () => holder.end();
}

describe.each(anyBackend)('an outside carrier, queue on %s', (backend) => {
  beforeAll(async () => {
    carrier = await FakeCarrier.start();
    const variables = { PROVIDER_BUDGET_MS: String(BUDGET_MS) };
    deployment = await Deployment.start({ backend, accounts: 1, withFakeCarrier: true, variables });
    account = await Account.connect(deployment, deployment.nextCrm(), MODULE);
    const { id } = await deployment.getConnection(account.crm);
    await deployment.operator('PUT', `/connections/${id}/settings`, {
      baseUrl: carrier.url,
      apiKey: carrier.apiKey,
      webhookSecret: carrier.webhookSecret,
    });
  }, START_MS);
  afterAll(async () => {
    await deployment?.stop();
    await carrier?.close();
  });
  beforeEach(() => {
    order += 1;
  });
  afterEach(() => {
    carrier.faults.clear();
    carrier.setModes({ asynchronous: undefined, uniqueReferences: true });
    carrier.webhooks.mode = 'auto';
    expect(carrier.duplicates()).toEqual([]);
    expect(deployment.complaints()).toEqual([]);
  });

  describe('what the contract with the carrier allows', () => {
    const settle = (): Promise<unknown> =>
      until('no registration waits', async () => {
        return (await deployment.operator<Page<object>>('GET', '/outbox?kind=registration&state=pending')).total === 0;
      });
    const agree = async (contract: string): Promise<void> => {
      await settle();
      account.crm.clear();
      const { id } = await deployment.getConnection(account.crm);
      const { url: baseUrl, apiKey, webhookSecret } = carrier;
      await deployment.operator('PUT', `/connections/${id}/settings`, { baseUrl, apiKey, webhookSecret, contract });
      await settle();
    };
    const countEdits = (): number => account.crm.callsTo('integration.edit').length;
    const PREPAID = { codAvailable: false, payerType: ['sender'], deliveryDataFieldList: [{ code: 'comment' }] };
    const FULL = { codAvailable: true, payerType: ['sender', 'receiver'], deliveryDataFieldList: [{}, {}] };
    afterAll(() => agree('full'));

    it('is registered once when it changes, and what the shop chose in the CRM stays', async () => {
      expect(account.registration.integrations?.delivery).toMatchObject({ ...FULL, settings: { defaultPayerType: 'sender' } });
      const module = account.crm.findModule(MODULE);
      const chosen = { ...module?.integrations?.delivery?.settings, nullDeclaredValue: true, lockedByDefault: true };
      account.crm.changeModule(MODULE, { ...module, integrations: { delivery: { ...module?.integrations?.delivery, settings: chosen } } });
      await agree('prepaid');
      expect(countEdits()).toBe(1);
      expect(account.registration.integrations?.delivery).toMatchObject(PREPAID);
      expect(account.registration.integrations?.delivery).not.toHaveProperty('settings');
      expect(account.crm.findModule(MODULE)?.integrations?.delivery?.settings).toEqual(chosen);
      await agree('full');
      expect(account.registration.integrations?.delivery).toMatchObject(FULL);
    });

    it('replaces the payer that the shop chose and may choose no longer, and nothing else', async () => {
      const module = account.crm.findModule(MODULE);
      const chosen = { ...module?.integrations?.delivery?.settings, defaultPayerType: 'receiver', lockedByDefault: true };
      account.crm.changeModule(MODULE, { ...module, integrations: { delivery: { ...module?.integrations?.delivery, settings: chosen } } });
      await agree('prepaid');
      expect(countEdits()).toBe(1);
      const now = account.crm.findModule(MODULE)?.integrations?.delivery?.settings;
      expect(now).toEqual({ ...chosen, defaultPayerType: 'sender' });
    });

    it('binds new saves, while earlier saves are answered and continue', async () => {
      await agree('full');
      const receiver = { delivery: { payerType: 'receiver' } } as const;
      const saved = readSaved(await save(receiver));
      await agree('prepaid');
      expect(readSaved(await save(receiver))).toEqual(saved);
      expect(countOrders()).toBe(1);
      carrier.pushStatus(`${order}-1`, 'in_transit', { at: new Date(Date.now() + 2_000) });
      await until('the CRM knows', () => account.crm.listCodes(saved.deliveryId).includes('in-transit'));
      order += 1;
      const refusal = readRefusal(await save(receiver));
      expect(refusal).toMatchObject({ status: 400, errors: { 'delivery.payerType': 'must be one of: sender' } });
      expect(countOrders()).toBe(0);
    });
  });

  it('prints commands of a label printer for operators. The CRM is offered PDFs only', async () => {
    const { deliveryId } = readSaved(await save());
    const operator = (form: string): Promise<Reply> => deployment.askOperator('GET', `/deliveries/${deliveryId}/documents/${form}`);
    const label = await operator('label-zpl');
    expect([label.status, label.headers.get('content-type')]).toEqual([200, 'application/zpl']);
    expect(label.headers.get('content-disposition')).toBe(`inline; filename="label-zpl-${order}A.zpl"`);
    expect(label.bytes.toString()).toContain(`^FD${carrier.orders(`${order}-1`)[0]?.trackNumber ?? ''}`);
    expect((await operator('label')).headers.get('content-type')).toBe('application/pdf');
    expect(account.registration.integrations?.delivery?.plateList?.map(({ code }) => code)).toEqual(['label', 'act']);
    const refused = readRefusal(await account.post('/delivery/print', { print: { type: 'label-zpl', deliveryIds: [[deliveryId]] } }));
    expect(refused).toMatchObject({ status: 400, errors: { type: 'must be one of: label' } });
  });

  describe('time that the database took', () => {
    it('counts: what has too little left is not sent, and the repeat is', async () => {
      const release = await lockAway('connection');
      const answer = save();
      await setTimeout(BUDGET_MS * 0.9);
      await release();
      const refused = readRefusal(await answer);
      expect([refused.status, refused.errorMsg]).toEqual([502, expect.stringContaining('nothing was sent')]);
      expect(countOrders()).toBe(0);
      expect(readSaved(await save()).deliveryId).toBeTruthy();
    });
  });

  describe('housekeeping', () => {
    it('is corrected by housekeeping if no caller repeats it', async () => {
      carrier.fail('createOrder', { kind: 'drop-after' });
      readRefusal(await save());
      const done = await until('the operation is done', () => findOperation(String(order), 'done'));
      expect(done.kind).toBe('delivery.save');
      const [delivery] = (await deployment.operator<Page<{ id: string }>>('GET', `/deliveries?order=${order}`)).items;
      expect(readSaved(await save()).deliveryId).toBe(delivery?.id);
      expect(countOrders()).toBe(1);
    });
  });

  describe('an asynchronous carrier', () => {
    it('answers a preprocessing status, and the number follows by the webhook', async () => {
      carrier.setModes({ asynchronous: {} });
      const saved = readSaved(await save());
      expect(saved).toMatchObject({ status: 'registering' });
      expect(saved.trackNumber).toBeUndefined();
      carrier.validate(`${order}-1`);
      await until('the CRM has the number', () => account.crm.findDelivery(saved.deliveryId)?.trackNumber);
      expect(account.crm.listCodes(saved.deliveryId)).toEqual(['registered']);
    });

    it('is polled when its webhooks are lost', async () => {
      carrier.webhooks.mode = 'off';
      carrier.setModes({ asynchronous: {} });
      const saved = readSaved(await save());
      carrier.validate(`${order}-1`, 'no such street');
      await until('the CRM has the refusal', () => account.crm.listCodes(saved.deliveryId).includes('refused'), 40_000);
      expect(account.crm.findDelivery(saved.deliveryId)?.history.at(-1)?.comment).toMatch(/no such street/);
    });

    it('may register a delivery before its answer has come', async () => {
      carrier.setModes({ asynchronous: {} });
      const saved = readSaved(await save());
      carrier.pushStatus(`${order}-1`, 'registered', { at: new Date(Date.now() - 10_000) });
      await until('it has moved on', async () => (await kept(saved.deliveryId)).status === 'registered');
      await until('the CRM knows', () => account.crm.listCodes(saved.deliveryId).includes('registered'));
      expect(account.crm.listBackwardDeliveries()).toEqual([]);
    });

    it('gives a track number with a status that is late: it reaches the CRM all the same', async () => {
      carrier.setModes({ asynchronous: {} });
      const saved = readSaved(await save());
      await post([{ state: 'in_transit', at: new Date(Date.now() + 60_000) }]);
      await post([{ state: 'registered', at: new Date(), trackNumber: 'FCT-LATE' }]);
      await until('the CRM has the number', () => account.crm.findDelivery(saved.deliveryId)?.trackNumber);
      expect(account.crm.listCodes(saved.deliveryId)).toEqual(['in-transit']);
      expect((await kept(saved.deliveryId)).status).toBe('in-transit');
    });

    it('that is polled again and again reports nothing twice', async () => {
      const saved = readSaved(await save());
      carrier.pushStatus(`${order}-1`, 'in_transit', { at: new Date(Date.now() + 5000) });
      await until('the CRM knows', () => account.crm.listCodes(saved.deliveryId).includes('in-transit'));
      const told = account.crm.findDelivery(saved.deliveryId)?.history.length;
      const before = await kept(saved.deliveryId);
      for (let round = 0; round < 2; round++) {
        const asked = carrier.countCalls('events');
        await deployment.stores.query(`UPDATE delivery SET poll_at = now() WHERE id = $1`, [saved.deliveryId]);
        await until('the carrier is asked', () => carrier.countCalls('events') > asked);
      }
      await until('nothing waits', async () => (await deployment.operator<Page<object>>('GET', '/outbox?state=pending')).total === 0);
      expect(await kept(saved.deliveryId)).toEqual(before);
      expect(account.crm.findDelivery(saved.deliveryId)?.history.length).toBe(told);
    });
  });

  it('counts a carrier’s future date as now, once, and is not frozen by it', async () => {
    const saved = readSaved(await save());
    const began = Date.now();
    carrier.pushStatus(`${order}-1`, 'in_transit', { at: new Date(Date.now() + 80 * 60_000) });
    await until('the CRM knows', () => account.crm.listCodes(saved.deliveryId).includes('in-transit'));
    const told = account.crm.findDelivery(saved.deliveryId)?.history.at(-1);
    expect(Math.abs(Date.parse(told?.updatedAt ?? '') - began)).toBeLessThan(60_000);
    for (let round = 0; round < 2; round++) {
      const asked = carrier.countCalls('events');
      await deployment.stores.query(`UPDATE delivery SET poll_at = now() WHERE id = $1`, [saved.deliveryId]);
      await until('the carrier is asked', () => carrier.countCalls('events') > asked);
    }
    await setTimeout(1_100);
    carrier.pushStatus(`${order}-1`, 'out_for_delivery');
    await until('the CRM knows more', () => account.crm.listCodes(saved.deliveryId).includes('out-for-delivery'));
    expect(account.crm.listCodes(saved.deliveryId).slice(-2)).toEqual(['in-transit', 'out-for-delivery']);
    expect((await kept(saved.deliveryId)).history.filter((one) => one.code === 'in-transit')).toHaveLength(1);
  });

  it('that cannot be polled is warned of when it goes, not at each poll', async () => {
    carrier.webhooks.mode = 'off';
    const { deliveryId } = readSaved(await save());
    const warnings = (): number => (deployment.workers[0]?.lastOutput.split('fake-carrier cannot be polled').length ?? 1) - 1;
    const poll = async (): Promise<void> => {
      const asked = carrier.countCalls('events');
      // Again and again: a breaker may be open for the moment.
      await until('the carrier is asked', async () => {
        await deployment.stores.query(`UPDATE delivery SET poll_at = now() WHERE id = $1`, [deliveryId]);
        return carrier.countCalls('events') > asked;
      });
    };
    // The success of a poll that has started already would end the outage that begins here.
    await deployment.settled();
    const before = warnings();
    carrier.fail('events', { kind: 'error-before', status: 503 }, 100);
    await poll();
    await until('it is said that it went', () => warnings() > before);
    for (let round = 0; round < 2; round++) await poll();
    expect(warnings()).toBe(before + 1);
    carrier.faults.clear();
    await poll();
    carrier.fail('events', { kind: 'error-before', status: 503 }, 100);
    await poll();
    await until('it is said that it went again', () => warnings() === before + 2);
  });

  describe('get', () => {
    const got = async (deliveryId: string): Promise<wire.CallbackDeliveryResponseLoadDeliveryData> =>
      readResult(await account.get('/delivery/get', { deliveryId }), 'CallbackDeliveryGetResponse');

    it('returns the carrier’s current state, and the CRM receives it', async () => {
      carrier.webhooks.mode = 'off';
      const { deliveryId } = readSaved(await save());
      const expectedOn = '2026-12-24';
      Object.assign(carrier.orders(`${order}-1`)[0] ?? {}, { expectedOn, price: 12_345, trackNumber: 'FCT-NEW' });
      const at = new Date(toWholeSecond(new Date()).getTime() + 2_000);
      carrier.pushStatus(`${order}-1`, 'in_transit', { at, comment: 'left' });
      const answer = await got(deliveryId);
      expect(answer).toMatchObject({ deliveryDate: expectedOn, cost: 123.45, trackNumber: 'FCT-NEW' });
      expect(answer.status).toMatchObject({ code: 'in-transit', comment: 'left' });
      expect(new Date(answer.status?.updatedAt ?? 0)).toEqual(at);
      await until('the CRM knows', () => account.crm.listCodes(deliveryId).includes('in-transit'));
    });

    it.each([{ kind: 'hang' }, { kind: 'error-before' }, { kind: 'unauthorized' }] as const)(
      'returns the stored state while the carrier is unavailable: %j',
      async (fault) => {
        carrier.webhooks.mode = 'off';
        const saved = readSaved(await save());
        carrier.fail('*', fault, 3);
        expect(await got(saved.deliveryId)).toMatchObject({ status: { code: 'registered' }, trackNumber: saved.trackNumber });
      },
    );
  });

  describe('webhooks', () => {
    it('are refused when forged or stale, and nothing is stored', async () => {
      const saved = readSaved(await save());
      await carrier.webhooks.idle();
      await until('all are applied', async () => (await events()).pending === 0);
      const before = await events();
      carrier.webhooks.mode = 'hold';
      carrier.pushStatus(`${order}-1`, 'in_transit');
      expect((await carrier.webhooks.flush({ forge: true })).at(-1)?.status).toBe(400);
      carrier.pushStatus(`${order}-1`, 'in_transit');
      expect((await carrier.webhooks.flush({ skewSeconds: -3600 })).at(-1)?.status).toBe(400);
      expect(await events()).toEqual(before);
      expect((await kept(saved.deliveryId)).status).toBe('registered');
    });

    it('are taken twice and out of order, and never move a delivery back', async () => {
      const saved = readSaved(await save());
      await carrier.webhooks.idle();
      const before = await events();
      carrier.webhooks.mode = 'hold';
      const at = (seconds: number): { at: Date } => ({ at: new Date(Date.now() + seconds * 1000) });
      carrier.pushStatus(`${order}-1`, 'in_transit', at(10));
      carrier.pushStatus(`${order}-1`, 'out_for_delivery', at(20));
      carrier.pushStatus(`${order}-1`, 'delivered', at(30));
      const attempts = await carrier.webhooks.flush({ copies: 2, reverse: true });
      expect(attempts.slice(-6).map((attempt) => attempt.status)).toEqual([200, 200, 200, 200, 200, 200]);
      await until('all are applied', async () => (await events()).pending === 0);
      expect((await events()).all).toBe(before.all + 3);
      const { status, history } = await kept(saved.deliveryId);
      expect(status).toBe('delivered');
      expect(history.filter((one) => one.moved).at(-1)?.code).toBe('delivered');
      // If the carrier's registration is dated one second before ours, it is reported once more, late.
      const codes = [...new Set(history.map((one) => one.code))];
      expect(codes.sort()).toEqual(['delivered', 'in-transit', 'out-for-delivery', 'registered']);
      await until('the CRM knows', () => account.crm.listCodes(saved.deliveryId).includes('delivered'));
      expect(account.crm.listBackwardDeliveries()).toEqual([]);
    });

    it('of a status that is not known promise nothing', async () => {
      const saved = readSaved(await save());
      carrier.pushStatus(`${order}-1`, 'abducted', { at: new Date(Date.now() + 5000) });
      await until('it is told', () => account.crm.listCodes(saved.deliveryId).includes('unrecognised'));
    });

    it('of an unknown connection are 404', async () => {
      const reply = await deployment.send(`/${MODULE}/webhooks/01890000-0000-7000-8000-000000000000`, { method: 'POST', body: '{}' });
      expect(readRefusal(reply).status).toBe(404);
    });
  });

  it('an event that was set aside is applied when an operator replays it', async () => {
    const saved = readSaved(await save());
    await carrier.webhooks.idle();
    await until('all are applied', async () => (await events()).pending === 0);
    await deployment.stopWorkers();
    await post([{ state: 'in_transit', at: new Date(Date.now() + 5000) }]);
    await deployment.stores.query(`UPDATE inbox_event SET state = 'failed', attempts = 12, last_error = 'gave up' WHERE state = 'pending'`);
    await deployment.startWorker();
    const { id: connection } = await deployment.getConnection(account.crm);
    const aside = (query: string): Promise<Page<{ id: string; state: string; lastError: string }>> =>
      deployment.operator('GET', `/inbox?state=failed&${query}`);
    const { items } = await aside(`connection=${connection}`);
    expect(items).toEqual([expect.objectContaining({ state: 'failed', lastError: 'gave up' })]);
    expect((await aside('connection=01890000-0000-7000-8000-000000000000')).total).toBe(0);
    expect((await aside('kind=nosuch')).total).toBe(0);
    expect(await deployment.operator('POST', '/inbox/replay', { connection: '01890000-0000-7000-8000-000000000000' })).toEqual({
      replayed: 0,
      items: [],
    });
    const id = items[0]?.id ?? '';
    expect(await deployment.operator('POST', `/inbox/${id}/replay`)).toEqual({ replayed: 1, items: [{ id, outcome: 'queued' }] });
    expect(
      (await deployment.operator<Page<{ id: string; attempts: number }>>('GET', `/inbox?connection=${connection}`)).items,
    ).toContainEqual(expect.objectContaining({ id, attempts: 12 }));
    await until('the CRM knows', () => account.crm.listCodes(saved.deliveryId).includes('in-transit'));
    await until('it is applied', async () =>
      readRefusal(await deployment.askOperator('POST', `/inbox/${id}/replay`)).errorMsg.includes('is applied'),
    );
    expect(await deployment.operator('POST', '/inbox/replay', { ids: [id, '999999999'] })).toEqual({
      replayed: 0,
      items: [
        { id, outcome: 'not-failed', reason: 'it is applied' },
        { id: '999999999', outcome: 'not-found' },
      ],
    });
  });

  describe('a reply that is lost', () => {
    it.each([
      ['is dropped after the carrier has acted', { kind: 'drop-after' }],
      ['is an error after the carrier has acted', { kind: 'error-after' }],
      ['cannot be read', { kind: 'invalid-json' }],
      ['comes too late', { kind: 'delay', ms: TOO_SLOW_MS }],
      ['never comes', { kind: 'hang' }],
      ['is dropped, and the carrier acts later', { kind: 'late', ms: 1500 }],
      ['is dropped before the carrier has acted', { kind: 'drop-before' }],
    ] as const)('%s: one order, and the repeat is answered with it', async (_name, fault) => {
      carrier.fail('createOrder', fault);
      const refusal = readRefusal(await save());
      expect(refusal.status).toBe(504);
      expect(refusal.errorMsg).toMatch(/are checking|проверяем/);
      const saved = await saveUntilAnswered();
      expect(saved.trackNumber).toBeTruthy();
      expect(countOrders()).toBe(1);
      expect(readSaved(await save()).deliveryId).toBe(saved.deliveryId);
    });

    it('frees the order when the carrier never made one', async () => {
      carrier.fail('createOrder', { kind: 'drop-before' });
      readRefusal(await save());
      await until('it is known that nothing was made', () => findOperation(String(order), 'refused'));
      expect(countOrders()).toBe(0);
      readSaved(await save());
      expect(countOrders()).toBe(1);
    });

    it('stays unknown while the carrier cannot be called, and an operator may release it', async () => {
      carrier.fail('createOrder', { kind: 'drop-before' });
      carrier.fail('findOrders', { kind: 'error-before' }, 1000);
      readRefusal(await save());
      const unknown = await until('it is unknown', () => findOperation(String(order), 'unknown'));
      expect(readRefusal(await save()).status).toBe(504);
      await until(
        'it can be released',
        async () => (await deployment.askOperator('POST', `/operations/${unknown.id}/release`)).status === 200,
      );
      carrier.faults.clear();
      readSaved(await save());
      expect(countOrders()).toBe(1);
    });
  });

  describe('one order', () => {
    it('is made once by twenty saves at the same time', async () => {
      carrier.fail('createOrder', { kind: 'delay', ms: 300 });
      const replies = await Promise.all(Array.from({ length: 20 }, () => save()));
      const ids = new Set(replies.filter((reply) => reply.status === 200).map((reply) => readSaved(reply).deliveryId));
      expect(ids.size).toBe(1);
      expect(replies.every((reply) => reply.status === 200 || reply.status === 504)).toBe(true);
      expect(countOrders()).toBe(1);
    });

    it('is refused in the words of the carrier, and a corrected save goes through', async () => {
      const wrong = readRefusal(await save({ delivery: { tariff: 'teleport' } }));
      expect(wrong.status).toBe(400);
      expect(Object.keys(wrong.errors)).toContain('delivery.tariff');
      readSaved(await save());
      expect(countOrders()).toBe(1);
    });

    it('is edited by another body, once, also when the reply is lost', async () => {
      const saved = readSaved(await save());
      carrier.fail('changeOrder', { kind: 'drop-after' });
      const change = { deliveryId: saved.deliveryId, delivery: { cost: 777 } };
      readRefusal(await save(change));
      await until('the edit is answered', async () => (await save(change)).status === 200);
      expect(countOrders()).toBe(1);
      const calls = carrier.countCalls('changeOrder');
      expect(readSaved(await save(change)).deliveryId).toBe(saved.deliveryId);
      expect(carrier.countCalls('changeOrder')).toBe(calls);
    });

    it('that the version before stored is repeated without a call, though more of it is read now', async () => {
      const body = {
        ...wireSave(TARIFF, sampleOrder('moscowCourier', { order: '4711', orderNumber: '4711A', from: BEFORE.from, to: BEFORE.to }), {
          delivery: { codPaymentType: { code: 'cash', name: 'Cash' } },
        }),
        customer: {
          ...{ type: 'customer_corporate', id: 7, firstName: 'Ольга', phones: ['+79161234567'] },
          contragent: { contragentType: 'legal-entity', legalName: 'ООО «Ромашка»', INN: '7707083893' },
        },
      };
      const { deliveryId } = readSaved(await account.save(body));
      const [row] = await deployment.stores.query<{ requestHash: string; inn: string }>(
        `SELECT request_hash AS "requestHash", request #>> '{customer,contragent,inn}' AS inn FROM delivery WHERE id = $1`,
        [deliveryId],
      );
      expect(row).toEqual({ requestHash: expect.stringMatching(/^2:/), inn: '7707083893' });
      await deployment.stores.query('UPDATE delivery SET request = $2, request_hash = $3 WHERE id = $1', [deliveryId, BEFORE, BEFORE_HASH]);
      const calls = carrier.countCalls('changeOrder');
      expect(readSaved(await account.save(body)).deliveryId).toBe(deliveryId);
      expect(readSaved(await account.save({ ...body, deliveryId })).deliveryId).toBe(deliveryId);
      expect(carrier.countCalls('changeOrder')).toBe(calls);
      expect(carrier.orders('4711-1')).toHaveLength(1);
      readSaved(await account.save({ ...body, deliveryId, orderNumber: '4711B' }));
      expect(carrier.countCalls('changeOrder')).toBe(calls + 1);
    });

    it('is withdrawn once, and the next save makes another one', async () => {
      const saved = readSaved(await save());
      carrier.fail('cancelOrder', { kind: 'drop-after' });
      expect((await account.delete(saved.deliveryId)).status).toBe(504);
      await until('the deletion is answered', async () => (await account.delete(saved.deliveryId)).status === 200);
      expect(readRefusal(await account.get('/delivery/get', { deliveryId: saved.deliveryId })).status).toBe(404);
      const next = readSaved(await save());
      expect(next.deliveryId).not.toBe(saved.deliveryId);
      expect(
        carrier
          .orders()
          .filter((one) => one.reference.startsWith(`${order}-`))
          .map((one) => one.reference),
      ).toEqual([`${order}-1`, `${order}-2`]);
    });
  });

  describe('shipments', () => {
    it('have a field that suggests, at the address of the registration', async () => {
      const fields = account.registration.integrations?.delivery?.shipmentDataFieldList ?? [];
      const url = fields.find((field) => field?.type === 'autocomplete')?.autocompleteUrl ?? '';
      const reply = await account.get(url, { term: 'south' });
      expect(readResult(reply, 'CallbackDeliveryAutocompleteResponse')).toEqual([{ value: 'south', label: 'South gate, bay 2' }]);
    });

    it('are made once when the reply is lost', async () => {
      const saved = readSaved(await save());
      carrier.fail('createShipment', { kind: 'drop-after' });
      const body = { date: '2026-12-01', orders: [{ deliveryId: saved.deliveryId }] };
      const ship = (): Promise<Reply> => account.post('/delivery/shipment-save', { shipmentSave: body });
      expect((await ship()).status).toBe(504);
      const shipment = await until('the shipment is answered', async () => {
        const reply = await ship();
        return reply.status === 200 && readResult<{ shipmentId: string }>(reply, 'CallbackDeliveryShipmentSaveResponse');
      });
      expect(readResult<{ shipmentId: string }>(await ship(), 'CallbackDeliveryShipmentSaveResponse')).toEqual(shipment);
      expect(carrier.shipments()).toHaveLength(1);
      expect((await account.post('/delivery/shipment-delete', { shipmentDelete: { shipmentId: shipment.shipmentId } })).status).toBe(200);
      const again = readResult<{ shipmentId: string }>(await ship(), 'CallbackDeliveryShipmentSaveResponse');
      expect(again.shipmentId).not.toBe(shipment.shipmentId);
    });
  });

  describe('a carrier in trouble', () => {
    it.each([
      ['limits', { kind: 'rate-limit', retryAfterSeconds: 3 }, 502],
      ['refuses the key', { kind: 'unauthorized' }, 400],
    ] as const)('that %s is answered as the contract requires, and nothing is stored as an answer', async (_name, fault, status) => {
      carrier.fail('createOrder', fault);
      expect(readRefusal(await save()).status).toBe(status);
      readSaved(await save());
    });
  });

  describe('an api that is asked to end', () => {
    it('answers what it has begun', async () => {
      carrier.setModes({ latencyMs: 700 });
      const calls = carrier.countCalls('createOrder');
      const reply = save();
      await until('the carrier is called', () => carrier.countCalls('createOrder') > calls);
      await deployment.stopApi();
      expect(readSaved(await reply).trackNumber).toBeTruthy();
      carrier.setModes({ latencyMs: 0 });
      await deployment.startApi();
      expect(readSaved(await save())).toEqual(readSaved(await reply));
    });
  });
});
