import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeWarehouse, sampleOrder, wireSave } from '#testing';
import type { EmbedRequest, Registry, RegistryRequest, WidgetBadge, WidgetView } from '#widgets';
import { Account, readSaved } from './support/account.js';
import { Deployment, START_MS } from './support/deployment.js';
import { installPackage, writeProbe } from './support/outside-provider.js';
import { PaymentDesk } from './support/payment-desk.js';
import { StockDesk } from './support/stock-desk.js';
import { TelephonyDesk } from './support/telephony-desk.js';
import { until } from './support/until.js';

/** A stranger's carrier, whose `save` returns extra data, which one line of its manifest shows. */
const OUTSIDE = writeProbe('delivery', 'acme', `widget: { rows: [{ label: say('Hub'), field: 'hub' }] }`).replace(
  /async save\(\).*/,
  `async save({ reference }) { return { externalId: reference, status: 'gone', extraData: { hub: 'Hub 7' } }; },`,
);

let deployment: Deployment;

async function ask<Reply>(path: string, of: Account, payload: Partial<RegistryRequest>): Promise<Reply> {
  const reply = await of.post(`/embed/${path}`, { payload: { version: 1, locale: 'en-GB', ...payload } });
  expect([reply.status, reply.json]).toEqual([200, expect.anything()]);
  return reply.json as Reply;
}
const readBadge = async (of: Account, request: Partial<EmbedRequest>): Promise<WidgetBadge | null> =>
  (await ask<{ badge: WidgetBadge | null }>('badge', of, request)).badge;
const readView = (of: Account, request: Partial<EmbedRequest>): Promise<WidgetView> => ask('view', of, request);
const readRegistry = (of: Account, request: Partial<RegistryRequest> = {}): Promise<Registry> => ask('registry', of, request);

beforeAll(async () => {
  deployment = await Deployment.start({ accounts: 9, withFakeCarrier: true });
}, START_MS);
afterAll(() => deployment?.stop());
afterEach(() => expect(deployment.complaints()).toEqual([]));

describe('calls', () => {
  const target = 'customer/card:phone';
  const phone = '+7 916 123-45-67';
  let desk: TelephonyDesk;
  let stranger: Account;
  beforeAll(async () => {
    desk = await TelephonyDesk.open(deployment, deployment.nextCrm());
    stranger = await Account.connect(deployment, deployment.nextCrm(), 'asterisk');
    await deployment.stores.query(
      `INSERT INTO telephony_call (id, connection_id, external_id, direction, phone, code, started_at, answered_at, ended_at, outcome) VALUES
       ($1, $3, 'a', 'in', '+79161234567', '101', now() - interval '9 minutes', NULL, now() - interval '8 minutes', 'no-answer'),
       ($2, $3, 'b', 'out', '+79161234567', '101', now() - interval '3 days', now() - interval '3 days', now() - interval '3 days', 'answered')`,
      [randomUUID(), randomUUID(), desk.connectionId],
    );
  });
  afterAll(() => desk?.close());

  it('with a phone are found in its stored form, and never over another connection', async () => {
    expect(await readBadge(desk.account, { target, phone })).toEqual({ text: expect.stringMatching(/^Missed /), tone: 'bad' });
    expect((await readView(desk.account, { target, phone })).sections[0]?.rows).toHaveLength(2);
    expect(await readBadge(stranger, { target, phone })).toBeNull();
    expect((await readView(stranger, { target, phone })).sections[0]?.rows).toEqual([]);
    expect(await readBadge(desk.account, { target, phone: '+79160000000' })).toBeNull();
  });
});

describe('stock', () => {
  const target = 'order/card:list.after';
  const items = [
    { offerId: 1, name: 'Tea', quantity: 2 },
    { offerId: 2, name: 'Cup', quantity: 1 },
  ];

  it('of the ledger counts what the order has reserved', async () => {
    const desk = await StockDesk.open(deployment);
    await desk.move({ id: 1, store: 'main', mode: 'set', quantity: 3 });
    await desk.move({ id: 2, store: 'shop', mode: 'set', quantity: 1 });
    const request = { target, order: { id: 900, items } };
    expect(await readBadge(desk.account, request)).toEqual({ text: '2 of 2 can be shipped', tone: 'good' });
    await desk.reserve(901, [{ item: { id: 1 }, offer: { id: 2 }, quantity: 1, store: 'shop' }]);
    expect(await readBadge(desk.account, request)).toEqual({ text: '1 of 2 can be shipped', tone: 'bad' });
    expect(await readBadge(desk.account, { ...request, order: { id: 901, items } })).toEqual({
      text: '2 of 2 can be shipped',
      tone: 'good',
    });
  });

  it('of the ledger knows the offers of a file without the CRM ids once the CRM has named them', async () => {
    const desk = await StockDesk.open(deployment, deployment.nextCrm());
    await desk.move({ xmlId: 'tea-1', store: 'main', mode: 'set', quantity: 3 });
    const request = { target, order: { id: 903, items: items.slice(0, 1) } };
    expect(await readBadge(desk.account, request)).toBeNull();
    await desk.reserve(903, [{ item: { id: 1 }, offer: { id: 1, xmlId: 'tea-1' }, quantity: 2, store: 'main' }]);
    expect(await readBadge(desk.account, request)).toEqual({ text: '1 of 1 can be shipped', tone: 'good' });
    await desk.move({ xmlId: 'tea-1', store: 'main', mode: 'set', quantity: 2 });
    await desk.ask([{ id: 1, xmlId: 'tea-1' }]);
    expect((await readView(desk.account, request)).sections[0]?.rows.map(({ text }) => text)).toEqual(['0 free', '2']);
  });

  it('of an outside warehouse is what the CRM last read, and calls nothing', async () => {
    const warehouse = await FakeWarehouse.start();
    const desk = await StockDesk.open(deployment, deployment.nextCrm(), 'fake-warehouse');
    const { url: baseUrl, secret } = warehouse;
    await deployment.operator('PUT', `/connections/${desk.connection}/settings`, { baseUrl, secret });
    warehouse.setStock('w1', 'main', '5');
    const request = { target, order: { id: 902, items } };
    expect(await readBadge(desk.account, request)).toBeNull();
    await desk.ask([{ id: 1, xmlId: 'w1' }]);
    await warehouse.close();
    expect(await readBadge(desk.account, request)).toEqual({ text: '1 of 2 can be shipped', tone: 'warning' });
    const view = await readView(desk.account, request);
    expect(view.age).toMatch(/^as of /);
    expect(view.sections[0]?.rows).toEqual([{ label: 'main', text: '5 free' }]);
    const { rows } = view.sections[1] ?? {};
    expect(rows).toEqual([]);
  });
});

describe('a provider of a stranger', () => {
  let folder: string;
  let other: Deployment;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'crossdock-sources-'));
    installPackage(folder, 'acme', OUTSIDE);
    await writeFile(join(folder, 'modules.json'), JSON.stringify({ modules: [{ code: 'acme', provider: 'acme' }] }));
    other = await Deployment.start({
      ...{ accounts: 1, apart: true, shipped: true },
      variables: { MODULES_DIR: folder, MODULES_FILE: '', MODULES: '' },
    });
  }, START_MS);
  afterAll(async () => {
    await other?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('shows a further row with one line of its manifest', async () => {
    const account = await Account.connect(other, other.nextCrm(), 'acme');
    readSaved(await account.save(wireSave('any', sampleOrder('moscowCourier', { order: '700', orderNumber: '700A' }), {})));
    const view = await readView(account, { target: 'order/card:delivery.after', order: { id: 700 } });
    expect(view.sections).toContainEqual({ title: 'acme', rows: [{ label: 'Hub', text: 'Hub 7' }] });
  });
});

describe('the registry page', () => {
  it('lists deliveries by page, status, order and track number', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm());
    const stranger = await Account.connect(deployment, deployment.nextCrm());
    const empty = await readRegistry(account);
    expect(empty.tabs.map(({ label }) => label)).toEqual(['Problems', 'Deliveries']);
    expect([empty.tab, empty.rows, empty.empty]).toEqual(['problems', [], 'No problems.']);
    const tracks: Record<string, string | null | undefined> = {};
    for (let order = 1; order <= 27; order++) tracks[order] = (await account.ship(String(order))).trackNumber;
    const first = await readRegistry(account, { tab: 'deliveries' });
    expect(first.rows.map(({ orderId }) => orderId)).toEqual(Array.from({ length: 25 }, (_, index) => 27 - index));
    const { next } = first;
    const second = await readRegistry(account, { tab: 'deliveries', ...(next !== undefined && { after: next }) });
    expect([second.rows.map(({ orderId }) => orderId), second.next]).toEqual([[2, 1], undefined]);
    for (const search of ['3', '3A', tracks[3] ?? ''])
      expect((await readRegistry(account, { tab: 'deliveries', search })).rows.map(({ orderId }) => orderId)).toEqual([3]);
    const [{ options = [] } = {}] = first.filters;
    const status = options.find(({ label }) => label === first.rows[0]?.cells['status'])?.value ?? '';
    expect((await readRegistry(account, { tab: 'deliveries', filter: { status } })).rows).toHaveLength(25);
    expect((await readRegistry(account, { tab: 'deliveries', filter: { status: '!' } })).rows).toEqual([]);
    expect((await readRegistry(stranger, { tab: 'deliveries' })).rows).toEqual([]);
    expect((await readRegistry(stranger, { tab: 'deliveries', search: tracks[3] ?? '' })).rows).toEqual([]);
    expect((await readRegistry(account, { tab: 'deliveries', after: "' OR true" })).rows).toHaveLength(25);
  });

  it('lists what needs attention, latest first, with the orders', async () => {
    const crm = deployment.nextCrm();
    const account = await Account.connect(deployment, crm);
    const { id } = await deployment.getConnection(crm);
    const { deliveryId } = await account.ship('41');
    const row = `INSERT INTO outbox (connection_id, kind, subject, payload, state, failed_at, last_error)
      SELECT $1, 'delivery.tracking', $2, '{}', 'failed', now() - make_interval(mins => n / 2), 'secret text of the CRM' FROM generate_series(1, 60) n`;
    await deployment.stores.query(row, [id, deliveryId]);
    const seen: string[] = [];
    for (let after: string | undefined, pages = 0; pages < 4; pages++) {
      const page: Registry = await readRegistry(account, after === undefined ? {} : { after });
      seen.push(...page.rows.map((one) => one.id));
      expect(page.rows[0]).toMatchObject({ orderId: 41, tone: 'bad', cells: { order: '41A', problem: 'The CRM rejected an update' } });
      expect(JSON.stringify(page)).not.toContain('secret text');
      if ((after = page.next) === undefined) break;
    }
    expect([seen.length, new Set(seen).size]).toEqual([60, 60]);
    expect((await readRegistry(account, { search: '41A' })).rows).toHaveLength(25);
    expect((await readRegistry(account, { search: '42' })).rows).toEqual([]);
    expect((await readRegistry(account, { filter: { kind: 'inbox' } })).rows).toEqual([]);
    expect((await readRegistry(account, { after: '2026-02-31T00:00:00.000000Z outbox:1' })).rows).toHaveLength(25);
    await deployment.stores.query(`DELETE FROM outbox WHERE connection_id = $1`, [id]);
  });

  it('lists payments, and holds that end soon as problems', async () => {
    const desk = await PaymentDesk.open(deployment, deployment.nextCrm());
    expect((await readRegistry(desk.account)).tabs.map(({ id }) => id)).toEqual(['problems', 'payments']);
    await desk.create(desk.body());
    const { rows } = await readRegistry(desk.account, { tab: 'payments' });
    expect(rows).toMatchObject([
      {
        orderId: 5074,
        tone: 'plain',
        cells: { order: '5074A', amount: expect.stringMatching(/^RUB\s1,234\.50$/), status: 'Awaiting payment' },
      },
    ]);
    for (const search of ['5074', '5074A']) expect((await readRegistry(desk.account, { tab: 'payments', search })).rows).toHaveLength(1);
    expect((await readRegistry(desk.account, { tab: 'payments', filter: { status: 'succeeded' } })).rows).toEqual([]);
    await deployment.stores.query(
      `UPDATE payment SET status = 'waitingForCapture', expires_at = now() + interval '2 hours', read_at = NULL WHERE id = $1`,
      [rows[0]?.id],
    );
    expect((await readRegistry(desk.account)).rows).toMatchObject([
      { orderId: 5074, cells: { order: '5074A', problem: expect.stringMatching(/^The hold of RUB/) } },
    ]);
  });
});

it('a module without records has no registry page', async () => {
  const account = await Account.connect(deployment, deployment.nextCrm(), 'asterisk');
  await until('it is connected', () => account.clientId !== '');
  const reply = await account.post('/embed/registry', { payload: { version: 1 } });
  expect(reply.status).toBe(404);
});
