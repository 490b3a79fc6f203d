import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeCarrier, pdfPages, sampleOrder, wireSave } from '#testing';
import type { BadgeReply, EmbedRequest, PressResult, WidgetView } from '#widgets';
import { Account, postForm, readRefusal } from './support/account.js';
import { AccountPage } from './support/account-page.js';
import { Deployment, START_MS } from './support/deployment.js';
import { BuyerPage, PaymentDesk } from './support/payment-desk.js';
import { type Reply, readReply } from './support/reply.js';
import { until } from './support/until.js';

const DELIVERY = 'order/card:delivery.after';
const PAYMENT = 'order/card:payment.before';
/** A module with a carrier and a gateway. */
const BOTH = 'both';

let folder: string;
let deployment: Deployment;
let carrier: FakeCarrier;
let account: Account;
let stranger: Account;
let desk: PaymentDesk;
let both: Account;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crossdock-embed-'));
  const modules = [
    { code: 'courier', provider: 'courier' },
    { code: 'testpay', provider: 'testpay' },
    { code: 'shown', provider: 'courier' },
    { code: BOTH, providers: ['courier', 'testpay'] },
    { code: 'fake-carrier', provider: 'fake-carrier' },
  ];
  await writeFile(join(folder, 'modules.json'), JSON.stringify({ modules }));
  carrier = await FakeCarrier.start();
  deployment = await Deployment.start({
    accounts: 8,
    withFakeCarrier: true,
    variables: { MODULES_FILE: join(folder, 'modules.json'), WIDGETS_PUBLISHED: 'shown' },
  });
  account = await Account.connect(deployment, deployment.nextCrm());
  stranger = await Account.connect(deployment, deployment.nextCrm());
  desk = await PaymentDesk.open(deployment, deployment.nextCrm());
  both = await Account.connect(deployment, deployment.nextCrm(), BOTH);
}, START_MS);
afterAll(async () => {
  await deployment?.stop();
  await carrier?.close();
  await rm(folder, { recursive: true, force: true });
});
afterEach(() => expect(deployment.complaints()).toEqual([]));

const toRequest = (id: number, target = DELIVERY, more: object = {}): EmbedRequest => ({
  ...{ version: 1, target, locale: 'en-GB', order: { id, number: `${id}A` } },
  ...more,
});
const call = (path: string, payload: object, of = account): Promise<Reply> => of.post(`/embed/${path}`, { payload });
const readBadge = async (request: EmbedRequest, of = account): Promise<BadgeReply['badge']> =>
  ((await call('badge', request, of)).json as BadgeReply).badge;
const readView = async (request: EmbedRequest, of = account): Promise<WidgetView> => (await call('view', request, of)).json;
/** Milliseconds until the reply to a press: 800, with room for a busy machine. The carrier takes longer. */
const ANSWERED_MS = 2_000;
const press = (request: EmbedRequest, thing: string, action: string, key = randomUUID(), of = account): Promise<Reply> =>
  call('act', { ...request, thing, action, key, user: { id: 7, name: 'Анна' } }, of);
const allow = async (of: Account, actions: string[]): Promise<Reply> => (await AccountPage.open(of)).call('PUT', 'widgets', { actions });

describe('the way in', () => {
  it('accepts the clientId in the form and in the query, urlencoded and multipart', async () => {
    await account.ship('501');
    const payload = toRequest(501);
    const shown = { text: expect.any(String), tone: 'plain' };
    expect(await readBadge(payload)).toEqual(shown);
    expect((await account.postMultipart('/embed/badge', { payload })).json).toEqual({ badge: shown });
    const address = `${deployment.url}/courier/callbacks/embed/badge?clientId=${account.clientId}`;
    const reply = await postForm(address, new URLSearchParams({ payload: JSON.stringify(payload) }).toString());
    expect([reply.status, reply.json]).toEqual([200, { badge: shown }]);
  });

  it('answers 404 to an unknown or missing clientId, in the language of the request', async () => {
    const payload = { ...toRequest(501), locale: 'ru-RU' };
    const unknown = readRefusal(await account.post('/embed/view', { payload }, randomUUID()));
    expect([unknown.status, unknown.errorMsg]).toEqual([404, expect.stringContaining('не подключён')]);
    const form = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
    expect((await postForm(`${deployment.url}/courier/callbacks/embed/badge`, form)).status).toBe(404);
  });

  it('answers 403 while the module is frozen, and 400 without a payload', async () => {
    const frozen = await Account.connect(deployment, deployment.nextCrm());
    await frozen.activity(true, true);
    for (const path of ['badge', 'view', 'registry'])
      expect(readRefusal(await call(path, toRequest(1), frozen))).toMatchObject({
        status: 403,
        errorMsg: expect.stringContaining('frozen'),
      });
    expect(readRefusal(await press(toRequest(1), `delivery:${randomUUID()}`, 'check', undefined, frozen)).status).toBe(403);
    expect((await account.post('/embed/badge', {})).status).toBe(400);
    expect((await account.post('/embed/badge', { payload: '{"version":1' })).status).toBe(400);
  });

  it('shows nothing of another account, whatever is claimed', async () => {
    await account.ship('502');
    expect(await readBadge(toRequest(502), stranger)).toBeNull();
    const view = await readView(toRequest(502), stranger);
    expect([view.sections, view.actions]).toEqual([[], []]);
    const [action] = (await readView(toRequest(502))).actions;
    expect((await press(toRequest(502), action?.thing ?? '', 'check', undefined, stranger)).status).toBe(404);
  });

  it('reflects the origin, answers preflights, never redirects and takes at most 100 kB', async () => {
    const address = `${deployment.url}/courier/callbacks/embed/badge`;
    const origin = 'https://sandbox.example';
    const preflight = await readReply(await fetch(address, { method: 'OPTIONS', headers: { origin } }));
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, origin]);
    const body = new URLSearchParams({ clientId: account.clientId, payload: JSON.stringify(toRequest(501)) });
    const reply = await fetch(address, { method: 'POST', headers: { origin }, body, redirect: 'manual' });
    expect([reply.status, reply.headers.get('access-control-allow-origin'), reply.headers.get('vary')]).toEqual([200, origin, 'Origin']);
    expect((await call('badge', { ...toRequest(501), note: 'x'.repeat(110_000) })).status).toBe(413);
  });

  it('chooses the integration of a combined module by the target', async () => {
    await both.ship('503');
    expect(await readBadge(toRequest(503), both)).toMatchObject({ tone: 'plain' });
    expect(await readBadge(toRequest(503, PAYMENT), both)).toBeNull();
    expect((await readView(toRequest(503, PAYMENT), both)).title).toBe('Payment');
    expect((await call('view', toRequest(503, 'customer/card:phone'), both)).status).toBe(404);
  });
});

describe('a delivery', () => {
  it('has its track number, history and parcels, in the language of the request', async () => {
    const { trackNumber } = await account.ship('510');
    const view = await readView(toRequest(510));
    expect(view).toMatchObject({ title: 'Delivery of order 510A', age: expect.stringMatching(/^as of .*, .*$/), alerts: [] });
    const [shipment, history, parcels] = ['Shipment', 'History', 'Parcels'].map((name) =>
      view.sections.find(({ title }) => title === name),
    );
    expect(shipment?.rows[0]).toEqual({ label: 'Tracking number', text: trackNumber, copy: true });
    expect([history?.rows.length, parcels?.rows[0]?.text]).toEqual([1, expect.stringMatching(/^[\d.]+ kg/)]);
    expect((await readView({ ...toRequest(510), locale: 'es-ES' })).title).toMatch(/^Envío/);
    expect((await readView({ ...toRequest(510), locale: 'de-DE' })).title).toMatch(/^Доставка/);
  });

  it('warns if the address in the form is not the one that the carrier got', async () => {
    await account.ship('511');
    const at = async (address: string): Promise<string[]> =>
      (await readView({ ...toRequest(511), order: { id: 511, address } })).alerts.map(({ text }) => text);
    const sent = (await readView(toRequest(511))).sections[0]?.rows.find(({ label }) => label.startsWith('Address'))?.text ?? '';
    expect(sent).not.toBe('');
    expect(await at(sent.toUpperCase())).toEqual([]);
    expect(await at('Казань, ул. Баумана, 99')).toEqual([expect.stringContaining('differs')]);
  });

  it('opens its label by an address that works once, and a repeated press gets the same address', async () => {
    await account.ship('512');
    const action = (await readView(toRequest(512))).actions.find(({ opens }) => opens);
    const key = randomUUID();
    const first: PressResult = (await press(toRequest(512), action?.thing ?? '', action?.action ?? '', key)).json;
    const again: PressResult = (await press(toRequest(512), action?.thing ?? '', action?.action ?? '', key)).json;
    expect(first.open).toMatch(/\/courier\/documents\//);
    expect(again.open).toBe(first.open);
    const open = first.open ?? '';
    expect((await fetch(`${open.slice(0, -2)}AA`)).status).toBe(404);
    expect((await fetch(open.replace('/courier/', '/testpay/'))).status).toBe(404);
  });

  it('gives the label once', async () => {
    await account.ship('513');
    const action = (await readView(toRequest(513))).actions.find(({ opens }) => opens);
    const { open = '' }: PressResult = (await press(toRequest(513), action?.thing ?? '', action?.action ?? '')).json;
    const label = await readReply(await fetch(open));
    expect([label.status, label.headers.get('content-type'), label.headers.get('cache-control')]).toEqual([
      200,
      'application/pdf',
      'no-store',
    ]);
    expect(pdfPages(label.bytes).length).toBeGreaterThan(0);
    expect(readRefusal(await readReply(await fetch(open)))).toMatchObject({
      status: 404,
      errorMsg: expect.stringContaining('already used'),
    });
    // After five minutes an unused address is gone, too.
    const { open: late = '' }: PressResult = (await press(toRequest(513), action?.thing ?? '', action?.action ?? '')).json;
    await deployment.stores.query(`UPDATE widget_press SET created_at = now() - interval '6 minutes'`);
    expect((await fetch(late)).status).toBe(404);
  });

  it('is cancelled only where the shop has switched that on, once, with the claimed user in the audit list', async () => {
    await allow(account, []);
    await account.ship('514');
    const request = toRequest(514);
    const { actions } = await readView(request);
    const thing = actions[0]?.thing ?? '';
    expect(actions.map(({ action }) => action)).not.toContain('cancel');
    expect(readRefusal(await press(request, thing, 'cancel')).status).toBe(403);
    expect((await allow(account, ['payment.refund'])).status).toBe(400);
    expect((await allow(account, ['delivery.cancel'])).json).toEqual({
      items: [expect.objectContaining({ id: 'delivery.cancel', isOn: true })],
    });
    expect((await readView(request)).actions.find(({ action }) => action === 'cancel')).toMatchObject({ confirm: expect.any(String) });
    const key = randomUUID();
    const replies = await Promise.all([1, 2, 3].map(() => press(request, thing, 'cancel', key)));
    expect(new Set(replies.map(({ json }) => (json as PressResult).text))).toEqual(new Set(['The delivery was cancelled.']));
    const other = await press(request, thing, 'check', key);
    expect([other.status, other.bytes.toString()]).toEqual([409, expect.stringContaining('already used')]);
    expect(await readBadge(request)).toBeNull();
    const { items } = await deployment.operator<{ items: object[] }>('GET', '/operations?kind=delivery.delete');
    expect(items).toHaveLength(1);
    const audit = await deployment.operator<{ items: { params: { key?: string } }[] }>('GET', '/audit?limit=50');
    // The repeats, and the other action with its key, add no entry.
    expect(audit.items.filter(({ params }) => params.key === key)).toEqual([
      expect.objectContaining({
        operator: 'claimed: Анна (7)',
        via: 'claim',
        status: 200,
        params: expect.objectContaining({ thing, action: 'cancel' }),
      }),
    ]);
  });
});

describe('a delivery of an outside carrier', () => {
  const MODULE = 'fake-carrier';
  let outside: Account;

  beforeAll(async () => {
    outside = await Account.connect(deployment, deployment.nextCrm(), MODULE);
    const { id } = await deployment.getConnection(outside.crm);
    const { url: baseUrl, apiKey, webhookSecret } = carrier;
    await deployment.operator('PUT', `/connections/${id}/settings`, { baseUrl, apiKey, webhookSecret });
    carrier.webhooks.mode = 'off';
  });
  afterEach(() => carrier.faults.clear());

  it('is checked on request, within a second, also if the carrier is slow', async () => {
    await outside.ship('520', 'express');
    const request = toRequest(520);
    const { actions } = await readView(request, outside);
    const thing = actions[0]?.thing ?? '';
    expect(actions.map(({ action }) => action)).toContain('check');
    carrier.pushStatus('520-1', 'in_transit', { at: new Date(Date.now() + 2_000) });
    const checked: PressResult = (await press(request, thing, 'check', undefined, outside)).json;
    expect(checked).toMatchObject({ tone: 'good', view: { state: expect.stringMatching(/transit|way/i) } });
    carrier.fail('events', { kind: 'delay', ms: 3_000 }, 10);
    const started = performance.now();
    expect((await press(request, thing, 'check', undefined, outside)).json).toMatchObject({ tone: 'warning' });
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it('shows why the carrier declined, and calls no service for it', async () => {
    carrier.fail('createOrder', { kind: 'error-before', status: 422 });
    const reply = await outside.save(wireSave('express', sampleOrder('moscowCourier', { order: '521', orderNumber: '521A' })));
    expect(reply.status).toBe(400);
    const calls = carrier.calls.length;
    expect(await readBadge(toRequest(521), outside)).toEqual({ text: 'Declined by the carrier', tone: 'bad' });
    expect((await readView(toRequest(521), outside)).alerts).toEqual([
      expect.objectContaining({ tone: 'bad', advice: expect.any(String) }),
    ]);
    expect(carrier.calls.length).toBe(calls);
  });

  it('has the action of its carrier where the shop has switched it on, once per press', async () => {
    const ring = 'press.fake-carrier.ring';
    await outside.ship('523', 'express');
    const request = toRequest(523);
    const { actions } = await readView(request, outside);
    const thing = actions[0]?.thing ?? '';
    expect(actions.map(({ action }) => action)).not.toContain(ring);
    expect(readRefusal(await press(request, thing, ring, undefined, outside)).status).toBe(403);
    expect((await allow(outside, [`delivery.${ring}`])).json as object).toMatchObject({
      items: expect.arrayContaining([{ id: `delivery.${ring}`, title: expect.any(String), isOn: true }]),
    });
    expect((await readView(request, outside)).actions).toContainEqual({
      thing,
      action: ring,
      label: 'Have the carrier call the recipient',
    });
    const [key, later] = [randomUUID(), randomUUID()];
    const replies = await Promise.all([1, 2, 3].map(() => press(request, thing, ring, key, outside)));
    for (const { json } of replies) expect(json).toMatchObject({ text: 'The carrier calls the recipient.', tone: 'good' });
    expect((await press(request, thing, ring, later, outside)).status).toBe(200);
    expect(carrier.orders('523-1')[0]?.rings).toEqual([key, later]);
    const { items } = await deployment.operator<{ items: object[] }>('GET', '/operations?kind=delivery.press');
    expect(items).toHaveLength(2);
    carrier.fail('ringRecipient', { kind: 'error-before', status: 409 });
    expect(readRefusal(await press(request, thing, ring, undefined, outside)).status).toBe(400);
    carrier.pushStatus('523-1', 'in_transit', { at: new Date(Date.now() + 2_000) });
    await press(request, thing, 'check', undefined, outside);
    const refused = readRefusal(await press({ ...request, locale: 'es-ES' }, thing, ring, undefined, outside));
    expect([refused.status, refused.errorMsg]).toEqual([409, 'No es posible en el estado actual del envío.']);
    const audit = await deployment.operator<{ items: { params: { key?: string } }[] }>('GET', '/audit?limit=50');
    expect(audit.items.filter(({ params }) => params.key === later)).toEqual([expect.objectContaining({ operator: 'claimed: Анна (7)' })]);
  });

  it('answers a press within a second, and shows its end and its failure later', async () => {
    const ring = 'press.fake-carrier.ring';
    await outside.ship('524', 'express');
    await allow(outside, [`delivery.${ring}`]);
    const request = toRequest(524);
    const thing = (await readView(request, outside)).actions[0]?.thing ?? '';
    const pressLate = async (): Promise<PressResult> => {
      const started = performance.now();
      const { json } = await press(request, thing, ring, undefined, outside);
      expect(performance.now() - started).toBeLessThan(ANSWERED_MS);
      return json as PressResult;
    };
    const running = { text: 'Running: Have the carrier call the recipient', tone: 'plain' };
    carrier.fail('ringRecipient', { kind: 'delay', ms: 3_000 }, 1);
    const late = await pressLate();
    expect(late).toMatchObject({ text: expect.stringContaining('is running'), view: { alerts: [running], refreshS: 3 } });
    expect(late.view?.actions.map(({ action }) => action)).not.toContain(ring);
    // Another user's press does not begin a second one.
    expect((await press(request, thing, ring, undefined, outside)).json).toMatchObject({ text: expect.stringContaining('is running') });
    const readAlerts = async (): Promise<string[]> => (await readView(request, outside)).alerts.map(({ text }) => text);
    await until('it has ended', async () => !(await readAlerts()).includes(running.text));
    expect(await readAlerts()).toEqual(['The carrier calls the recipient.']);
    expect(carrier.orders('524-1')[0]?.rings).toHaveLength(1);
    await deployment.stores.query(`UPDATE widget_press SET lease_until = now() - interval '16 minutes' WHERE thing = $1`, [thing]);
    expect(await readAlerts()).toEqual([]);
    carrier.fail('ringRecipient', { kind: 'delay', ms: 3_000 }, 1);
    const slow = pressLate();
    await until('the press runs', async () => (await readAlerts()).includes(running.text));
    carrier.pushStatus('524-1', 'delivered');
    await slow;
    await until('it has failed', async () => (await readView(request, outside)).alerts[0]?.tone === 'bad');
    expect((await readAlerts())[0]).toMatch(/^The service refused: ./);
  });

  it('repeats a press of unknown outcome with its key, after a carrier that hangs and after a crash', async () => {
    const ring = 'press.fake-carrier.ring';
    await outside.ship('525', 'express');
    await allow(outside, [`delivery.${ring}`]);
    const request = toRequest(525);
    const { actions } = await readView(request, outside);
    const { thing = '' } = actions[0] ?? {};
    const key = randomUUID();
    carrier.fail('ringRecipient', { kind: 'delay', ms: 6_000 }, 1);
    const started = performance.now();
    await press(request, thing, ring, key, outside);
    expect(performance.now() - started).toBeLessThan(ANSWERED_MS);
    const findKey = async (): Promise<string | undefined> =>
      (await readView(request, outside)).actions.find(({ action }) => action === ring)?.key;
    await until('its outcome is not known', async () => (await findKey()) === key);
    expect((await readView(request, outside)).alerts[0]).toMatchObject({ tone: 'warning', advice: expect.stringContaining('twice') });
    expect((await press(request, thing, ring, undefined, outside)).json).toMatchObject({ text: expect.stringContaining('not known') });
    await until('a repeat has its result', async () => {
      const { json } = await press(request, thing, ring, key, outside);
      return (json as PressResult).text === 'The carrier calls the recipient.';
    });
    expect([await findKey(), carrier.orders('525-1')[0]?.rings]).toEqual([undefined, [key]]);
    // The process that performed it has died.
    await deployment.stores.query(`UPDATE widget_press SET result = NULL, lease_until = now() - interval '1 second' WHERE key = $1`, [key]);
    expect(await findKey()).toBe(key);
    expect((await press(request, thing, ring, key, outside)).json).toMatchObject({ text: 'The carrier calls the recipient.' });
    expect(carrier.orders('525-1')[0]?.rings).toEqual([key]);
  }, 30_000);

  it('is in the journal without addresses, names, or links of documents', async () => {
    await outside.ship('522', 'express');
    const request = { ...toRequest(522), order: { id: 522, address: 'Казань, Баумана 99', phone: '+79161234567' } };
    const view = await readView(request, outside);
    const print = view.actions.find(({ opens }) => opens);
    const { open = '' }: PressResult = (await press(request, print?.thing ?? '', print?.action ?? '', undefined, outside)).json;
    await deployment.settled();
    const rows = await deployment.stores.query<{ row: string }>(`SELECT j::text AS row FROM journal_entry j WHERE name LIKE 'embed.%'`);
    const dump = rows.map(({ row }) => row).join();
    expect(dump).toContain('embed.view');
    for (const secret of ['Баумана', '9161234567', 'Анна', open.split('/').at(-1) ?? '', outside.clientId])
      expect(dump).not.toContain(secret);
  });
});

describe('a payment', () => {
  const onPayment = (id: number, more: object = {}): EmbedRequest => toRequest(id, PAYMENT, { order: { id, ...more } });

  it('has its link to copy, and warns if the order has changed', async () => {
    const { invoiceUrl } = await desk.invoice({ orderId: 601 });
    const view = await readView(onPayment(601, { total: 1234.5, currency: 'RUB' }), desk.account);
    expect(view).toMatchObject({ state: 'Awaiting payment', alerts: [] });
    expect(view.actions).toContainEqual(expect.objectContaining({ action: 'copy', copies: invoiceUrl }));
    expect(view.sections[0]?.rows).toContainEqual({ label: 'Payment link', text: invoiceUrl, href: invoiceUrl, copy: true });
    const changed = await readView(onPayment(601, { total: 2000, currency: 'RUB' }), desk.account);
    expect(changed.alerts).toEqual([expect.objectContaining({ text: expect.stringContaining('2,000') })]);
    expect(await readBadge(onPayment(601, { total: 2000 }), desk.account)).toEqual({ text: 'Order has changed', tone: 'warning' });
    const other = await PaymentDesk.open(deployment, deployment.nextCrm());
    expect(await readBadge(onPayment(601), other.account)).toBeNull();
    expect((await readView(onPayment(601), other.account)).sections).toEqual([]);
  });

  it('is refunded once, whatever is repeated, and the CRM gets the refund', async () => {
    await allow(desk.account, []);
    const invoice = await desk.invoice({ orderId: 602 });
    await new BuyerPage(invoice.invoiceUrl).pay('4242 4242 4242 4242');
    await until('the CRM knows that it is paid', () => desk.findLast(invoice.invoiceUuid)?.status === 'succeeded');
    const request = onPayment(602);
    const thing = `payment:${invoice.paymentId}`;
    expect((await press(request, thing, 'refund', undefined, desk.account)).status).toBe(403);
    await allow(desk.account, ['payment.refund', 'payment.cancel']);
    const key = randomUUID();
    const replies = await Promise.all([1, 2].map(() => press(request, thing, 'refund', key, desk.account)));
    for (const reply of replies) expect(reply.json).toMatchObject({ text: 'The refund was requested.', tone: 'good' });
    // A reply that was lost before it was stored.
    await deployment.stores.query(`UPDATE widget_press SET result = NULL, lease_until = '-infinity' WHERE key = $1`, [key]);
    expect((await press(request, thing, 'refund', key, desk.account)).json).toMatchObject({ text: 'The refund was requested.' });
    expect((await press(request, thing, 'cancel', undefined, desk.account)).status).toBe(409);
    await until('the CRM has the refund', () => desk.mapRefunds(invoice.invoiceUuid).has(key));
    expect([...desk.mapRefunds(invoice.invoiceUuid).keys()]).toEqual([key]);
  });

  it('is cancelled before it is paid', async () => {
    await allow(desk.account, ['payment.refund', 'payment.cancel']);
    const { paymentId, invoiceUuid } = await desk.invoice({ orderId: 603 });
    expect((await press(onPayment(603), `payment:${paymentId}`, 'cancel', undefined, desk.account)).json).toMatchObject({
      text: 'The payment was cancelled.',
      view: { state: 'Cancelled' },
    });
    await until('the CRM knows it', () => desk.findLast(invoiceUuid)?.status === 'canceled');
  });
});

describe('the registration', () => {
  it('has the targets of the integrations, and none if the archive is published', async () => {
    expect(account.registration.integrations?.embedJs).toMatchObject({
      entrypoint: '/embed/widget.js',
      runner: 'worker',
      targets: expect.arrayContaining([DELIVERY, 'order/mg:delivery.after']),
    });
    expect(both.registration.integrations?.embedJs?.targets).toEqual(expect.arrayContaining([DELIVERY, PAYMENT]));
    const shown = await Account.connect(deployment, account.crm, 'shown');
    expect(shown.registration.integrations).not.toHaveProperty('embedJs');
  });

  it('is repeated once without widgets that the CRM rejects, and not again', async () => {
    const crm = deployment.nextCrm();
    crm.fail('*/edit', { kind: 'error-before', status: 400, errorMsg: 'embedJs is not available' }, 1);
    const rejected = await Account.connect(deployment, crm);
    expect(rejected.registration.integrations).toHaveProperty('delivery');
    expect(rejected.registration.integrations).not.toHaveProperty('embedJs');
    const countEdits = (): number => crm.calls.filter(({ path }) => path.endsWith('/edit')).length;
    expect(countEdits()).toBe(2);
    const connection = await deployment.getConnection(crm);
    expect(connection).toMatchObject({ registrationError: null, health: { widgets: expect.stringContaining('embedJs is not available') } });
    expect((await AccountPage.open(rejected)).notices).toEqual([expect.stringContaining('кнопки')]);
    const { id } = connection;
    await deployment.operator('POST', `/connections/${id}/register`);
    await until('it is registered again', () => countEdits() > 2);
    expect([countEdits(), rejected.registration.integrations]).toEqual([3, expect.not.objectContaining({ embedJs: expect.anything() })]);
  });
});
