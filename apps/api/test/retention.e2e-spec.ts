import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { type Connection, readModules, Usage } from '#connections';
import { DeliveryDeletion, DeliveryRetention, DeliveryStore } from '#delivery';
import { InboxCleaning } from '#inbox';
import { OperationsCleaning, OperationsService, OperationStore } from '#operations';
import { OutboxCleaning } from '#outbox';
import { PaymentRetention } from '#payment';
import { Database, dataSourceOptions, Environment, Retention } from '#platform';
import { courierManifest } from '#built-in/courier';
import { ReconciliationCleaning } from '#reconciliation';
import { InventoryRetention } from '#inventory';
import { CallOperations, TelephonyRetention } from '#telephony';
import { sampleOrder, type WireSave, wireSave, wireShipmentSave } from '#testing';
import { Account, readResult, readSaved } from './support/account.js';
import { Deployment, START_MS } from './support/deployment.js';

const TABLES = ['operation', 'delivery', 'delivery_status', 'shipment', 'payment', 'telephony_call'];
const PERSONAL = [
  '79161234567',
  'Кузнецова',
  'olga@example.com',
  'Менеджер Анна',
  'Lesnaya',
  'call before',
  'Вход со двора',
  'Ivanov',
  'visitor-of-spring',
  ...['7707083893', '40702810', 'Tverskaya', 'door 12', '1990-05-06', 'Sklad street', 'after lunch', 'before dawn'],
];
const CONNECTION = '01900000-0000-7000-8000-000000000001';

let deployment: Deployment;
let account: Account;
let source: DataSource;
let deliveryId: string;

const order = sampleOrder('moscowCourier', { order: '1', orderNumber: '1A' });
const change = {
  delivery: {
    deliveryAddress: { region: 'Москва', city: 'Москва', street: 'Lesnaya', building: '5', notes: 'call before' },
  },
};
const changed = wireSave('courier', order, change as never);
const save: WireSave = {
  ...changed,
  store: { code: 'main', name: 'Main store', address: { street: 'Sklad street' } },
  customer: {
    ...{ type: 'customer', id: 7, phones: [], ...changed.customer },
    ...{ birthday: '1990-05-06', customFields: { entrance: 'door 12' }, address: { street: 'Tverskaya' } },
    contragent: { contragentType: 'individual', INN: '7707083893', bankAccount: '40702810' },
  },
  delivery: { ...changed.delivery, deliveryTime: { custom: 'after lunch' } },
};

/** The contents of the tables, as text. */
async function contents(): Promise<string> {
  const all = await Promise.all(TABLES.map((table) => deployment.stores.query<{ row: string }>(`SELECT t::text AS row FROM ${table} t`)));
  return all
    .flat()
    .map(({ row }) => row)
    .join('\n');
}

async function age(days: number): Promise<void> {
  const back = `now() - interval '${days} days'`;
  for (const table of ['operation', 'delivery', 'shipment', 'payment'])
    await deployment.stores.query(`UPDATE ${table} SET created_at = ${back}, updated_at = ${back}`);
  await deployment.stores.query(
    `UPDATE telephony_call SET started_at = ${back}, ended_at = CASE WHEN ended_at IS NULL THEN NULL ELSE ${back} END`,
  );
}

async function insert(table: string, row: object): Promise<void> {
  const names = Object.keys(row);
  await deployment.stores.query(
    `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map((_, at) => `$${at + 1}`).join(', ')})`,
    Object.values(row),
  );
}

const buildRetention = (environment: Environment): Retention => new Retention(new Database(source), environment);
const buildStore = (environment: Environment): OperationStore => new OperationStore(new Database(source), environment);
const buildOperations = (environment: Environment): OperationsService =>
  new OperationsService(
    new Database(source),
    buildStore(environment),
    {} as never,
    environment,
    {} as never,
    new Usage(new Database(source), {} as never),
  );
const buildPaymentRetention = (environment: Environment): PaymentRetention =>
  new PaymentRetention(buildRetention(environment), environment, buildStore(environment));

async function empty(days = 365): Promise<void> {
  const environment = Object.assign(new Environment(), { RETENTION_DAYS: days, PAYMENT_RETENTION_DAYS: 0, CALL_RETENTION_DAYS: 0 });
  const retention = buildRetention(environment);
  const { signal } = new AbortController();
  const operations = buildOperations(environment);
  operations.define(new CallOperations({} as never, operations, {} as never, {} as never, {} as never).call);
  await new OperationsCleaning(retention, environment, operations).emptyPersonalData(signal);
  await new DeliveryRetention(retention).clean({}, signal);
  for (const cleaning of [buildPaymentRetention(environment), new TelephonyRetention(retention, environment)])
    await cleaning.clean({}, signal);
}

const inputs = (): Promise<{ input: object }[]> =>
  deployment.stores.query(`SELECT input FROM operation WHERE state = 'done' AND input <> '{}'`);

describe('what is old', () => {
  beforeAll(async () => {
    deployment = await Deployment.start({ accounts: 1, variables: { MODULES: 'courier' }, workers: 0 });
    account = await Account.connect(deployment, deployment.nextCrm());
    source = await new DataSource(
      dataSourceOptions(Object.assign(new Environment(), deployment.stores.variables, { DATABASE_POOL: 2 }), [], 'spec'),
    ).initialize();
    deliveryId = readSaved(await account.save(save)).deliveryId;
    expect(
      (
        await account.post('/delivery/shipment-save', {
          shipmentSave: wireShipmentSave([deliveryId], { time: { custom: 'before dawn' } }),
        })
      ).status,
    ).toBe(200);
    const call = { connection_id: CONNECTION, direction: 'in', phone: '+79161234567', started_at: new Date() };
    await insert('telephony_call', { ...call, id: CONNECTION.replace(/1$/, '2'), external_id: 'ended', ended_at: new Date() });
    await insert('telephony_call', { ...call, id: CONNECTION.replace(/1$/, '3'), external_id: 'going' });
    // A hidden number, but where the customer came from.
    await insert('telephony_call', {
      ...{ ...call, phone: null, id: CONNECTION.replace(/1$/, '8'), external_id: 'hidden', ended_at: new Date() },
      details: { clientId: 'visitor-of-spring' },
    });
    const payment = {
      ...{ connection_id: CONNECTION, shop: 's', capture: 'automatic', status_at: new Date(), currency: 'RUB', amount_minor: 100 },
      ...{ active_at: new Date(), memory: {}, created_at: new Date(), updated_at: new Date() },
    };
    const buyer = { id: '7', name: 'Ivanov', phone: '+79161234567' };
    const customer = { id: 7, phones: ['+79161234567'], contragent: { inn: '7707083893' }, address: { street: 'Tverskaya' } };
    await insert('payment', {
      ...{ ...payment, id: CONNECTION.replace(/1$/, '5'), invoice_uuid: 'u1', token: 't1', status: 'succeeded' },
      request: { buyer, customer, orderId: '1' },
    });
    await insert('payment', {
      ...{ ...payment, id: CONNECTION.replace(/1$/, '6'), invoice_uuid: 'u2', token: 't2', status: 'pending' },
      request: { buyer: { name: 'Sidorov' } },
    });
    await insert('operation', {
      ...{ id: CONNECTION, connection_id: CONNECTION, kind: 'delivery.save', subject: '1', state: 'done', key: 'k' },
      ...{ input: { request: { recipient: { name: 'Ivanov' } } }, result: { deliveryId: 'd' } },
    });
    await insert('operation', {
      ...{ id: CONNECTION.replace(/1$/, '7'), connection_id: CONNECTION, kind: 'telephony.call', subject: 'xd-1', state: 'done' },
      ...{ key: 'call 101 +79161234567', reference: 'xd-1', input: { request: { phone: '+79161234567' } }, result: { externalId: 'xd-1' } },
    });
    await insert('operation', {
      ...{ id: CONNECTION.replace(/1$/, '4'), connection_id: CONNECTION, kind: 'delivery.save', subject: '2', state: 'unknown' },
      ...{ input: { request: { recipient: { name: 'Petrov' } } } },
    });
  }, START_MS);

  afterAll(async () => {
    await source?.destroy();
    await deployment?.stop();
  }, START_MS);

  it('keeps its personal data until then, and forever if the operator chooses so', async () => {
    await age(364);
    const before = await contents();
    for (const one of PERSONAL) expect(before).toContain(one);
    await empty();
    expect(await contents()).toBe(before);
    await age(4_000);
    const old = await contents();
    await empty(0);
    expect(await contents()).toBe(old);
  });

  it('is emptied then if it is done, except for data that repeats and later calls need', async () => {
    await age(366);
    await empty();
    const [going] = await deployment.stores.query<{ phone: string }>(`SELECT phone FROM telephony_call WHERE external_id = 'going'`);
    expect(going?.phone).toBe('+79161234567');
    await deployment.stores.query(`DELETE FROM telephony_call WHERE external_id = 'going'`);
    const left = await contents();
    for (const one of PERSONAL) expect([one, left.includes(one)]).toEqual([one, false]);
    // Its outcome is not known yet: it may have to be finished.
    expect(left).toContain('Petrov');
    // May still be paid.
    expect(left).toContain('Sidorov');
    expect(await deployment.stores.query(`SELECT request FROM payment WHERE token = 't1'`)).toEqual([
      { request: { buyer: { id: '7' }, orderId: '1', purged: true } },
    ]);
    expect(await inputs()).toEqual([]);
    expect(await deployment.stores.query(`SELECT result FROM operation WHERE key = 'k'`)).toEqual([{ result: { deliveryId: 'd' } }]);

    // Read afresh, as another process does.
    const get = readResult<{ tariff: string; deliveryAddress?: object }>(
      await account.get('/delivery/get', { deliveryId }),
      'CallbackDeliveryGetResponse',
    );
    expect(get).toMatchObject({ tariff: 'courier', deliveryAddress: { city: 'Москва' } });
    expect(readSaved(await account.save(save)).deliveryId).toBe(deliveryId);
    const print = { print: { type: 'label', entityType: 'order', deliveryIds: [[deliveryId]] } };
    expect((await account.post('/delivery/print', print)).bytes.subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('has it again after an edit, and it is emptied again', async () => {
    const edit = { ...save, deliveryId, packages: save.packages } as typeof save;
    expect(readSaved(await account.save({ ...edit, orderNumber: '1B' } as never)).deliveryId).toBe(deliveryId);
    expect(await contents()).toContain('Lesnaya');
    await empty();
    expect(await contents()).toContain('Lesnaya');
    await age(366);
    await empty();
    expect(await contents()).not.toContain('Lesnaya');
  });

  it('is deleted by the library that owns the record, except for data that is still needed', async () => {
    const ago = (days: number): Date => new Date(Date.now() - days * 86_400_000);
    const connection_id = CONNECTION.replace(/1$/, '9');
    const operation = async (subject: string, days: number, row: object): Promise<void> =>
      insert('operation', { id: randomUUID(), connection_id, kind: 'spec', subject, updated_at: ago(days), ...row });
    await operation('done', 181, { state: 'done' });
    await operation('refused', 181, { state: 'refused' });
    await operation('young', 179, { state: 'done' });
    await operation('answers repeats', 181, { state: 'done', key: 'spec' });
    await operation('unknown', 181, { state: 'unknown' });
    const row = async (subject: string, days: number, state: string): Promise<void> =>
      insert('outbox', { connection_id, kind: 'spec', subject, payload: {}, state, created_at: ago(days), sent_at: ago(days) });
    for (const state of ['sent', 'dropped', 'pending', 'failed']) await row(state, 31, state);
    await row('young', 29, 'sent');
    const event = async (event_id: string, days: number, state: string): Promise<void> =>
      insert('inbox_event', { connection_id, event_id, kind: 'spec', payload: {}, state, created_at: ago(days) });
    for (const state of ['applied', 'pending', 'failed']) await event(state, 31, state);
    await event('young', 29, 'applied');
    const reservation = async (order_ref: string, days: number, packs: object[]): Promise<void> =>
      insert('inventory_reservation', {
        ...{ connection_id, order_ref, memory: {}, packs: JSON.stringify(packs), documents: '[]', updated_at: ago(days) },
      });
    await reservation('ended', 181, []);
    await reservation('young', 179, []);
    await reservation('holds', 181, [{ quantity: 1 }]);
    const comparison = async (problem: string, days: number, state: string): Promise<void> =>
      insert('reconciliation', {
        ...{ id: randomUUID(), connection_id, problem, state },
        ended_at: state === 'running' ? null : ago(days),
      });
    await comparison('done', 91, 'done');
    await comparison('failed', 91, 'failed');
    await comparison('running', 91, 'running');
    await comparison('young', 89, 'done');

    const clean = async (environment: Environment): Promise<void> => {
      const retention = buildRetention(environment);
      const cleanings = [
        new OperationsCleaning(retention, environment, buildOperations(environment)),
        new OutboxCleaning(retention),
        new InboxCleaning(retention),
        new InventoryRetention(retention, environment),
        new ReconciliationCleaning(retention),
      ];
      for (const cleaning of cleanings) await cleaning.clean({}, new AbortController().signal);
    };
    await clean(Object.assign(new Environment(), { OPERATION_RETENTION_DAYS: 0 }));
    expect(await deployment.stores.query(`SELECT FROM operation WHERE kind = 'spec'`)).toHaveLength(5);
    expect(await deployment.stores.query('SELECT FROM inventory_reservation')).toHaveLength(3);
    await clean(new Environment());
    const left = async (table: string, name: string): Promise<string[]> => {
      const rows = await deployment.stores.query<{ name: string }>(
        `SELECT ${name} AS name FROM ${table} WHERE connection_id = $1 ORDER BY 1`,
        [connection_id],
      );
      return rows.map((one) => one.name);
    };
    expect(await left('operation', 'subject')).toEqual(['answers repeats', 'unknown', 'young']);
    expect(await left('outbox', 'subject')).toEqual(['failed', 'pending', 'young']);
    expect(await left('inbox_event', 'event_id')).toEqual(['failed', 'pending', 'young']);
    expect(await left('inventory_reservation', 'order_ref')).toEqual(['holds', 'young']);
    expect(await left('reconciliation', 'problem')).toEqual(['running', 'young']);
  });

  describe('deliveries that ended', () => {
    const connection_id = CONNECTION.replace(/1$/, 'a');
    const CODES = { courier: connection_id, gone: CONNECTION.replace(/1$/, 'b') };
    const ago = (days: number): Date => new Date(Date.now() - days * 86_400_000);
    const ended = { status: 'delivered', days: 1096, request: { purged: true } };

    async function addDelivery(
      order: string,
      { days, ...row }: { days: number; status: string; request: object } & Record<string, unknown>,
    ) {
      const id = randomUUID();
      const fixed = { reference: 'r', external_id: 'e', outside: true, tariff: 't', request_hash: 'h', status_at: ago(days) };
      await insert('delivery', { ...fixed, id, connection_id, order_ref: order, created_at: ago(days), updated_at: ago(days), ...row });
      await insert('delivery_status', { delivery_id: id, code: 'created', updated_at: ago(days), moved: true });
      return id;
    }
    async function erase(days = 1095): Promise<void> {
      const environment = Object.assign(new Environment(), { NODE_ENV: 'development', DELIVERY_RETENTION_DAYS: days });
      const modules = readModules(environment, [{ integration: 'delivery', manifest: courierManifest, kind: 'service' }]);
      const erasure = new DeliveryDeletion(buildRetention(environment), environment, modules, buildStore(environment));
      await erasure.erase({}, new AbortController().signal);
    }
    const orders = async (): Promise<string[]> => {
      const rows = await deployment.stores.query<{ name: string }>(
        `SELECT order_ref AS name FROM delivery d WHERE connection_id = ANY ($1) AND EXISTS (SELECT FROM delivery_status WHERE delivery_id = d.id) ORDER BY 1`,
        [Object.values(CODES)],
      );
      return rows.map(({ name }) => name);
    };

    beforeAll(async () => {
      for (const [module_code, id] of Object.entries(CODES))
        await insert('connection', {
          ...{ id, module_code, system_url: `https://${id}`, client_id_hash: id, client_id_sealed: '', api_key_sealed: '', account: {} },
        });
      await addDelivery('ended', ended);
      await addDelivery('withdrawn', { ...ended, status: 'created', deleted_at: ago(1096) });
      await addDelivery('on its way', { ...ended, status: 'created' });
      await addDelivery('to be polled', { ...ended, poll_at: ago(1096) });
      await addDelivery('young', { ...ended, days: 1094 });
      await addDelivery('changed lately', { ...ended, updated_at: ago(1) });
      await addDelivery('not emptied', { ...ended, request: {} });
      await addDelivery('of a module that is gone', { ...ended, connection_id: CODES.gone });
      const done = { connection_id, kind: 'delivery.save', state: 'done', updated_at: ago(1096) };
      for (const order of ['ended', 'on its way'])
        await insert('operation', { ...done, id: randomUUID(), subject: order, key: `delivery.save:${order}:1` });
    });

    const kept = ['changed lately', 'not emptied', 'of a module that is gone', 'on its way', 'to be polled', 'young'];

    it('are kept forever if the operator chooses so', async () => {
      await erase(0);
      expect(await orders()).toEqual([...kept, 'ended', 'withdrawn'].sort());
    });

    it('are deleted with their statuses and operations, and no others, however old', async () => {
      const shipment = { connection_id, reference: 'r', external_id: 'e', request_hash: 'h', request: { purged: true } };
      const old = { ...shipment, created_at: ago(1096), updated_at: ago(1096) };
      const [{ id: live } = { id: '' }] = await deployment.stores.query<{ id: string }>(
        `SELECT id FROM delivery WHERE order_ref = 'young'`,
      );
      const [{ id: past } = { id: '' }] = await deployment.stores.query<{ id: string }>(
        `SELECT id FROM delivery WHERE order_ref = 'ended'`,
      );
      await insert('shipment', { ...old, id: randomUUID(), key: 'past', delivery_ids: [past] });
      await insert('shipment', { ...old, id: randomUUID(), key: 'live', delivery_ids: [past, live] });
      await erase();
      expect(await orders()).toEqual(kept);
      expect(await deployment.stores.query(`SELECT FROM delivery_status WHERE delivery_id = $1`, [past])).toEqual([]);
      expect(await deployment.stores.query(`SELECT key FROM shipment WHERE connection_id = $1`, [connection_id])).toEqual([
        { key: 'live' },
      ]);
      expect(await deployment.stores.query(`SELECT key FROM operation WHERE connection_id = $1`, [connection_id])).toEqual([
        { key: 'delivery.save:on its way:1' },
      ]);
    });

    it('are counted, so that the order has another reference next time', async () => {
      const store = new DeliveryStore(new Database(source), {} as never);
      const count = (order: string): Promise<number> => store.countDeleted({ id: connection_id } as Connection, order);
      expect(await Promise.all(['ended', 'withdrawn', 'young', 'none'].map(count))).toEqual([1, 1, 0, 0]);
      await addDelivery('ended', ended);
      await erase();
      expect(await count('ended')).toBe(2);
    });
  });

  describe('payments that are settled', () => {
    const connection_id = CONNECTION.replace(/1$/, 'c');
    const ago = (days: number): Date => new Date(Date.now() - days * 86_400_000);

    async function addPayment(invoice: string, row: Record<string, unknown> = {}, days = 1826): Promise<string> {
      const id = randomUUID();
      const fixed = { connection_id, shop: 's', capture: 'automatic', status: 'succeeded', currency: 'RUB', amount_minor: 100 };
      const times = { status_at: ago(days), active_at: ago(days), created_at: ago(days), updated_at: ago(days) };
      await insert('payment', { ...fixed, ...times, id, invoice_uuid: invoice, token: invoice, request: { purged: true }, ...row });
      await insert('payment_event', { payment_id: id, code: 'pending', moved: true, at: ago(days) });
      return id;
    }
    const addRefund = (payment_id: string, status: string): Promise<void> =>
      insert('payment_refund', {
        ...{ id: randomUUID(), payment_id, amount_minor: 1, requested: true, status },
        ...{ created_at: ago(1826), updated_at: ago(1826) },
      });
    const list = async (sql: string): Promise<string[]> =>
      (await deployment.stores.query<{ name: string }>(sql, [connection_id])).map(({ name }) => name);
    const invoices = (): Promise<string[]> => list('SELECT invoice_uuid AS name FROM payment WHERE connection_id = $1 ORDER BY 1');
    const clean = (days: number): Promise<void> =>
      buildPaymentRetention(Object.assign(new Environment(), { PAYMENT_RETENTION_DAYS: days })).clean({}, new AbortController().signal);

    beforeAll(async () => {
      const old = await addPayment('settled');
      await addRefund(old, 'succeeded');
      await addPayment('dispute won', { disputes: JSON.stringify([{ externalId: 'd', status: 'won', since: ago(1826) }]) });
      await addPayment('dispute open', { disputes: JSON.stringify([{ externalId: 'd', status: 'open', since: ago(1826) }]) });
      await addRefund(await addPayment('refund under way'), 'pending');
      await addPayment('may be paid', { status: 'pending' });
      await addPayment('not emptied', { request: {}, updated_at: ago(1) });
      await addPayment('changed lately', { updated_at: ago(1) });
      await addPayment('young', {}, 1824);
      for (const invoice of ['settled', 'young'])
        await insert('operation', {
          ...{ id: randomUUID(), connection_id, kind: 'payment.create', subject: invoice, state: 'done' },
          ...{ key: `payment.create:${invoice}`, updated_at: ago(1826) },
        });
    });

    const kept = ['changed lately', 'dispute open', 'may be paid', 'not emptied', 'refund under way', 'young'];

    it('are kept forever if the operator chooses so', async () => {
      await clean(0);
      expect(await invoices()).toEqual([...kept, 'dispute won', 'settled'].sort());
    });

    it('are deleted with their refunds, history and operation, and no others, however old', async () => {
      await clean(1825);
      expect(await invoices()).toEqual(kept);
      expect(await list('SELECT subject AS name FROM operation WHERE connection_id = $1')).toEqual(['young']);
      const orphans = `SELECT FROM payment_event WHERE payment_id NOT IN (SELECT id FROM payment)
        UNION ALL SELECT FROM payment_refund WHERE payment_id NOT IN (SELECT id FROM payment)`;
      expect(await deployment.stores.query(orphans)).toEqual([]);
    });
  });

  it('deletes calls that ended, once their number is emptied', async () => {
    const connection_id = CONNECTION.replace(/1$/, 'd');
    const ago = (days: number): Date => new Date(Date.now() - days * 86_400_000);
    const call = async (external_id: string, row: object): Promise<void> =>
      insert('telephony_call', { id: randomUUID(), connection_id, external_id, direction: 'in', started_at: ago(1096), ...row });
    await call('old', { ended_at: ago(1096), phone: '+79161234567' });
    await call('young', { ended_at: ago(1094) });
    await call('going', {});
    const clean = async (days: Partial<Environment>): Promise<string[]> => {
      const environment = Object.assign(new Environment(), days);
      await new TelephonyRetention(buildRetention(environment), environment).clean({}, new AbortController().signal);
      const rows = await deployment.stores.query<{ name: string }>(
        'SELECT external_id AS name FROM telephony_call WHERE connection_id = $1 ORDER BY 1',
        [connection_id],
      );
      return rows.map(({ name }) => name);
    };
    expect(await clean({ RETENTION_DAYS: 0 })).toEqual(['going', 'old', 'young']);
    expect(await clean({ CALL_RETENTION_DAYS: 0 })).toEqual(['going', 'old', 'young']);
    expect(await clean({})).toEqual(['going', 'young']);
  });

  it('deletes events of calls that were set aside, and no others', async () => {
    const connection_id = CONNECTION.replace(/1$/, 'e');
    const add = (event_id: string, kind: string, state: string, days: number): Promise<void> =>
      insert('inbox_event', {
        ...{ connection_id, event_id, kind, state, payload: { event: { data: { caller_id: '79161234567' } } } },
        created_at: new Date(Date.now() - days * 86_400_000),
      });
    await add('old', 'telephony.event', 'failed', 366);
    await add('young', 'telephony.event', 'failed', 364);
    await add('waiting', 'telephony.event', 'pending', 366);
    await add('of a payment', 'payment.event', 'failed', 366);
    for (const RETENTION_DAYS of [0, 365]) {
      const environment = Object.assign(new Environment(), { RETENTION_DAYS });
      await new TelephonyRetention(buildRetention(environment), environment).clean({}, new AbortController().signal);
      const rows = await deployment.stores.query<{ name: string }>(
        'SELECT event_id AS name FROM inbox_event WHERE connection_id = $1 ORDER BY id',
        [connection_id],
      );
      const left = RETENTION_DAYS === 0 ? ['old', 'young', 'waiting', 'of a payment'] : ['young', 'waiting', 'of a payment'];
      expect(rows.map(({ name }) => name)).toEqual(left);
    }
  });
});
