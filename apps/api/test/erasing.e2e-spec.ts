import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeCarrier, sampleOrder, wireSave } from '#testing';
import { Account, readRefusal } from './support/account.js';
import { Deployment, START_MS } from './support/deployment.js';
import { PaymentDesk } from './support/payment-desk.js';
import { ServerProcess } from './support/server-process.js';
import { until } from './support/until.js';

/** Rows of one account that take some batches. */
const MANY = 20_000;
const NOBODY = '00000000-0000-4000-8000-000000000000';

interface Erasing {
  erasing?: { state: string; rows: number; part?: string };
}

let deployment: Deployment;
let carrier: FakeCarrier;

beforeAll(async () => {
  carrier = await FakeCarrier.start();
  deployment = await Deployment.start({ accounts: 14, workers: 0, withFakeCarrier: true });
}, START_MS);
afterAll(async () => {
  await deployment?.stop();
  await carrier?.close();
});
afterEach(() => expect(deployment.complaints()).toEqual([]));

const find = async ({ crm }: Account): Promise<string> => (await deployment.getConnection(crm)).id;
const erase = (id: string): Promise<Erasing> => deployment.operator('DELETE', `/connections/${id}`);
const look = async (id: string): Promise<Erasing | undefined> => {
  const reply = await deployment.askOperator('GET', `/connections/${id}`);
  return reply.status === 404 ? undefined : (reply.json as Erasing);
};
const isGone = (id: string): Promise<unknown> => until('it is gone', async () => (await look(id)) === undefined, 60_000);

/** Every row of every table as text that holds one of these. */
async function search(texts: readonly string[]): Promise<string[]> {
  const tables = await deployment.stores.query<{ name: string }>(
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
     WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await deployment.stores.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
    found.push(...rows.flatMap(({ row }) => (texts.some((text) => row.includes(text)) ? [`${name} ${row}`] : [])));
  }
  return found;
}

/** Rows of tables that are dear to fill by calls. */
async function fill(id: string, mark: string): Promise<void> {
  const statements = [
    `INSERT INTO telephony_call (id, connection_id, external_id, direction, phone, started_at) VALUES (gen_random_uuid(), $1, $2, 'in', $2, now())`,
    `INSERT INTO inbox_event (connection_id, event_id, kind, payload, state) VALUES ($1, $2, 'spec', '{}', 'applied')`,
    `INSERT INTO provider_cache (scope, key, value, expires_at) VALUES ('spec/' || $1::uuid, $2, 'x', now())`,
    `WITH channel AS (INSERT INTO chat_channel (id, connection_id, account, name, state) VALUES (gen_random_uuid(), $1, $2, 'x', 'off') RETURNING id),
       dialogue AS (INSERT INTO chat_dialogue (id, connection_id, channel_id, chat) SELECT gen_random_uuid(), $1, id, $2 FROM channel RETURNING id, channel_id)
       INSERT INTO chat_message (id, dialogue_id, connection_id, channel_id, direction, action, event_key, state)
       SELECT gen_random_uuid(), id, $1, channel_id, 'in', 'send', $2, 'sent' FROM dialogue`,
    `INSERT INTO webvisits_visitor (id, connection_id, key_hash, visits, visit_id, first_seen, last_seen) VALUES (gen_random_uuid(), $1, $2, 1, gen_random_uuid(), now(), now())`,
    `WITH visit AS (INSERT INTO webvisits_visit (id, connection_id, visitor_id, source, started_at, last_at, pages)
       SELECT gen_random_uuid(), $1, id, $2, now(), now(), 1 FROM webvisits_visitor WHERE key_hash = $2 RETURNING id)
       INSERT INTO webvisits_page (visit_id, number, at, url) SELECT id, 1, now(), $2 FROM visit`,
    `WITH offer AS (INSERT INTO ledger_offer (connection_id, xml_id) VALUES ($1, $2) RETURNING id)
       INSERT INTO ledger_balance (offer_id, warehouse, connection_id) SELECT id, $2, $1 FROM offer`,
    `INSERT INTO ledger_movement (connection_id, offer_id, warehouse, kind, on_hand, reserved, order_ref)
       SELECT $1, 1, $2, 'set', 0, 0, $2 FROM generate_series(1, ${MANY})`,
    `INSERT INTO compiled_settings (connection_id, provider, format, source, sealed) VALUES ($1, 'courier', 1, $2, $2)`,
    `INSERT INTO copurchase_order (connection_id, order_id, status) VALUES ($1, 1, $2)`,
    `INSERT INTO inventory_state (connection_id, cursor, due_at) VALUES ($1, $2, now())`,
    `INSERT INTO inventory_reservation (connection_id, order_ref, memory, packs, documents) VALUES ($1, $2, '{}', '[]', '[]')`,
  ];
  for (const statement of statements) await deployment.stores.query(statement, [id, mark]);
}

describe('erasing an account', () => {
  it('removes all its data, after kill -9 of the worker too, and touches nothing of others', async () => {
    // The only worker can be killed.
    await deployment.stopWorkers();
    const worker = ServerProcess.start('apps/api/test/support/carrier-main.js', ['worker'], { ...deployment.variables, WORKER_PORT: '0' });
    const [account, other] = [
      await Account.connect(deployment, deployment.nextCrm()),
      await Account.connect(deployment, deployment.nextCrm()),
    ];
    const [id, otherId] = [await find(account), await find(other)];
    const order = sampleOrder('moscowCourier', { order: '71', orderNumber: 'marked-71' });
    expect((await account.save(wireSave('courier', order))).status).toBe(200);
    const { deliveryId } = await other.ship('72');
    await fill(id, 'marked-account');
    await fill(otherId, 'other-account');
    const marks = [id, account.clientId, 'marked-account', 'marked-71'];
    expect((await search(marks)).length).toBeGreaterThan(15);
    const before = (await search([otherId, 'other-account'])).length;

    expect((await erase(id)).erasing).toMatchObject({ state: 'leaving' });
    await until('some of it is erased', async () => ((await look(id))?.erasing?.rows ?? 0) > 2_000, 60_000);
    expect(account.crm.registrations.at(-1)?.active).toBe(false);
    await worker.kill();
    expect((await look(id))?.erasing).toMatchObject({ state: 'erasing', step: expect.any(String) });
    expect(readRefusal(await account.get('/delivery/tariffs')).status).toBe(403);
    // The same account connects again while its old connection is being erased.
    const again = await Account.connect(deployment, account.crm);
    expect(await find(again)).not.toBe(id);
    await deployment.startWorker();
    // As if the dead worker's claim had run out.
    await deployment.stores.query(`UPDATE connection_erasure SET lease_until = '-infinity' WHERE id = $1`, [id]);
    await isGone(id);
    expect((await erase(id)).erasing).toBeNull();

    // Rows that arrived late are searched for once more. After that even the id is gone.
    await deployment.stores.query(`INSERT INTO inventory_state (connection_id, cursor, due_at) VALUES ($1, 'late', now())`, [id]);
    await deployment.stores.query('UPDATE connection_erasure SET due_at = now() WHERE id = $1', [id]);
    // The audit log and the counts for partners have the connection's id, but no buyers.
    const isKept = (row: string): boolean => /^\w+\.(?:audit_entry|usage_entry|usage_month) /.test(row);
    await until('nothing is left', async () => (await search([id, ...marks.slice(2)])).every(isKept));
    expect(await search(marks.slice(1))).toEqual([]);
    expect((await search([otherId, 'other-account'])).length).toBeGreaterThanOrEqual(before);
    expect((await deployment.operator<{ id: string }>('GET', `/deliveries/${deliveryId}`)).id).toBe(deliveryId);
    expect((await again.get('/delivery/tariffs')).status).toBe(200);
  });

  it('keeps the money of settled payments, and no names', async () => {
    const desk = await PaymentDesk.open(deployment, deployment.nextCrm());
    const id = await find(desk.account);
    const customer = { ...(desk.body().customer as object), email: 'payer@erased.example' };
    const [{ paymentId }, unpaid] = [await desk.invoice({ customer }), await desk.invoice({ customer })];
    await deployment.stores.query(`UPDATE payment SET status = 'succeeded', captured_minor = amount_minor, paid_at = now() WHERE id = $1`, [
      paymentId,
    ]);
    await erase(id);
    await isGone(id);
    const kept = await deployment.stores.query(
      'SELECT id, currency, amount_minor, refunded_minor FROM settled_payment WHERE id = ANY ($1)',
      [[paymentId, unpaid.paymentId]],
    );
    expect(kept).toEqual([{ id: paymentId, currency: 'RUB', amount_minor: '123450', refunded_minor: '0' }]);
    expect(await search(['payer@erased.example', unpaid.paymentId, unpaid.invoiceUuid])).toEqual([]);
  });

  it('continues after a day when neither CRM nor service can be reached', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm());
    const id = await find(account);
    account.crm.fail('*/edit', { kind: 'error-before', status: 502 }, 100);
    await erase(id);
    await until('the CRM was asked', () => account.crm.callsTo('integration.edit').length > 1);
    expect((await look(id))?.erasing).toMatchObject({ state: 'leaving' });
    await deployment.stores.query(`UPDATE connection_erasure SET requested_at = now() - interval '25 hours' WHERE id = $1`, [id]);
    await isGone(id);
    account.crm.recover();
  });

  it('gives its place to a new connection while it waits for the CRM', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm());
    const id = await find(account);
    account.crm.fail('*/edit', { kind: 'error-before', status: 502 }, 2);
    await erase(id);
    await until('the CRM was asked', () => account.crm.callsTo('integration.edit').length > 2);
    account.crm.recover();
    const again = await Account.connect(deployment, account.crm);
    expect(again.clientId).not.toBe(account.clientId);
    await isGone(id);
    expect(account.crm.registrations.at(-1)).toMatchObject({ active: true, clientId: again.clientId });
  });

  it('is a success if nothing exists, and 404 for an invalid id', async () => {
    expect((await deployment.askOperator('DELETE', `/connections/${NOBODY}`)).status).toBe(202);
    expect((await deployment.askOperator('DELETE', '/connections/x')).status).toBe(404);
  });
});

describe('one buyer', () => {
  const BUYER = { phone: '+79161112233', email: 'buyer@example.com' };

  it('is exported and erased from all records of that buyer, and no other buyer is', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm(), 'fake-carrier');
    const id = await find(account);
    const { url: baseUrl, apiKey, webhookSecret } = carrier;
    await deployment.operator('PUT', `/connections/${id}/settings`, { baseUrl, apiKey, webhookSecret });
    const ship = async (order: string, person: object): Promise<void> => {
      const save = wireSave('express', sampleOrder('moscowCourier', { order, orderNumber: order }));
      const reply = await account.save({ ...save, customer: { ...(save as { customer?: object }).customer, ...person } } as typeof save);
      if (reply.status !== 200) throw new Error(reply.bytes.toString());
    };
    await ship('81', { id: 501, externalId: 'shop-501', phones: ['8 (916) 111-22-33'], email: BUYER.email });
    await ship('82', { id: 502, externalId: 'shop-502', phones: ['8 (916) 111-22-34'], email: 'other@example.com' });
    for (const [key, shopId] of [
      ['own', 'shop-501'],
      ['others', 'shop-502'],
    ])
      await deployment.stores.query(
        `WITH visitor AS (INSERT INTO webvisits_visitor (id, connection_id, key_hash, visits, visit_id, first_seen, last_seen, identified)
           VALUES (gen_random_uuid(), $1, $2, 1, gen_random_uuid(), now(), now(), true) RETURNING id)
         INSERT INTO webvisits_link (connection_id, kind, external_id, visitor_id, linked_at) SELECT $1, 'customer', $3, id, now() FROM visitor`,
        [id, key, shopId],
      );
    await deployment.stores.query(
      `INSERT INTO telephony_call (id, connection_id, external_id, direction, phone, started_at, ended_at)
       VALUES (gen_random_uuid(), $1, 'a', 'in', $2, now(), now()), (gen_random_uuid(), $1, 'b', 'in', '+79161112234', now(), now()),
         (gen_random_uuid(), $1, 'c', 'in', $2, now(), NULL)`,
      [id, BUYER.phone],
    );
    const path = (query: Record<string, string>): string => `/connections/${id}/buyers?${new URLSearchParams(query).toString()}`;
    type Held = { total: number; held: Record<string, object[]> };
    const byPhone = await deployment.operator<Held>('GET', path({ phone: '8 916 111 22 33' }));
    expect(byPhone).toMatchObject({
      buyer: { phone: BUYER.phone },
      held: { deliveries: [{ order: '81' }], operations: [{ kind: 'delivery.save' }], calls: [{}, {}], visits: [{}] },
    });
    expect(JSON.stringify(byPhone)).not.toContain('other@example.com');
    for (const query of [{ email: 'Buyer@Example.com' }, { customer: '501' }] as Record<string, string>[])
      expect((await deployment.operator<Held>('GET', path(query))).held).toMatchObject({ deliveries: [{ order: '81' }], visits: [{}] });

    const erased = await deployment.operator('DELETE', path({ phone: BUYER.phone }));
    expect(erased).toMatchObject({
      erased: { deliveries: 1, operations: 1, calls: 1, visits: 1 },
      inFlight: { calls: 1 },
      advice: expect.stringContaining('Repeat'),
    });
    await deployment.stores.query('UPDATE telephony_call SET ended_at = now() WHERE connection_id = $1 AND ended_at IS NULL', [id]);
    expect(await deployment.operator('DELETE', path({ phone: BUYER.phone }))).toEqual({ total: 1, erased: { calls: 1 }, inFlight: {} });
    expect(await deployment.operator('DELETE', path({ phone: BUYER.phone }))).toEqual({ total: 0, erased: {}, inFlight: {} });
    expect(await search(['buyer@example.com', '111-22-33', BUYER.phone, 'shop-501'])).toEqual([]);
    const others = await deployment.operator<Held>('GET', path({ phone: '+79161112234' }));
    expect(others.held).toMatchObject({ deliveries: [{ order: '82' }], operations: [{}], calls: [{}], visits: [{}] });
  });

  it.each([
    ['nothing', {}, 'phone'],
    ['two', { phone: BUYER.phone, email: BUYER.email }, 'email'],
    ['a short number', { phone: '112' }, 'phone'],
    ['no number', { phone: 'Anna' }, 'phone'],
    ['no address', { email: 'anna' }, 'email'],
    ['no id', { customer: "1' OR 1=1" }, 'customer'],
  ])('is to be named by one thing, not by %s', async (_what, query, field) => {
    const account = deployment.crms.find((crm) => crm.registrations.length > 0);
    if (!account) throw new Error('no account is connected');
    const id = (await deployment.listConnections(account))[0]?.id ?? '';
    for (const verb of ['GET', 'DELETE'] as const) {
      const reply = await deployment.askOperator(verb, `/connections/${id}/buyers?${new URLSearchParams(query).toString()}`);
      expect(readRefusal(reply)).toMatchObject({ status: 400, errors: { [field]: expect.any(String) } });
    }
  });
});
