import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type * as wire from '#crm-client/wire';
import { FakeCarrier, sampleOrder, wireCalculate, wireSave } from '#testing';
import { Account, readRefusal, readResult } from './support/account.js';
import type { Crm } from './support/crm.js';
import { type ConnectionView, Deployment, START_MS } from './support/deployment.js';
import type { Reply } from './support/reply.js';
import { until } from './support/until.js';

const MODULE = 'fake-carrier';
const TRIAL = /пробное подключение/;

let deployment: Deployment;
let carrier: FakeCarrier;

const settings = (): object => ({ baseUrl: carrier.url, apiKey: carrier.apiKey, webhookSecret: carrier.webhookSecret });
const connect = (body: object): Promise<Reply> => deployment.askOperator('POST', '/connections', body);
const listOutbox = async (connection: string): Promise<unknown[]> =>
  (await deployment.operator<{ items: unknown[] }>('GET', `/outbox?connection=${connection}`)).items;
const newOrder = (): ReturnType<typeof sampleOrder> => sampleOrder('moscowCourier', { order: '4711', orderNumber: '4711A' });
const countEdits = (crm: Crm): number => crm.callsTo('integration.edit').length;

beforeAll(async () => {
  carrier = await FakeCarrier.start();
  deployment = await Deployment.start({ accounts: 6, withFakeCarrier: true });
}, START_MS);
afterAll(async () => {
  await deployment?.stop();
  await carrier?.close();
});
afterEach(() => expect(deployment.complaints()).toEqual([]));

describe('a connection by hand', () => {
  it('is made once, registered, and given a new key the next time', async () => {
    const crm = deployment.nextCrm();
    const apiKey = crm.issueKey();
    const made = await connect({ module: MODULE, systemUrl: crm.url, apiKey, settings: settings() });
    expect([made.status, made.json]).toMatchObject([201, { module: MODULE, active: true, shadow: false, registrationError: null }]);
    expect(made.bytes.toString()).not.toContain(apiKey);
    expect(made.json).not.toHaveProperty('clientId');
    const { id } = made.json as ConnectionView;
    expect(crm.findModule(MODULE)).toMatchObject({ active: true, clientId: expect.any(String) });
    const stored = await deployment.operator<{ values: object }>('GET', `/connections/${id}/settings`);
    expect(stored.values).toMatchObject({ baseUrl: carrier.url });
    crm.revokeKeys();
    const again = await connect({ module: MODULE, systemUrl: crm.url, apiKey: crm.issueKey() });
    expect([again.status, again.json]).toMatchObject([200, { id, registrationError: null }]);
    const kept = await deployment.operator<{ values: object }>('GET', `/connections/${id}/settings`);
    expect(kept.values).toEqual(stored.values);
  });

  it('is rejected with its problems, by field', async () => {
    const crm = deployment.nextCrm();
    const good = { module: MODULE, systemUrl: crm.url, apiKey: crm.issueKey() };
    const cases: [object, string][] = [
      [{ ...good, module: 'nosuch' }, 'module'],
      [{ ...good, systemUrl: 'https://example.com' }, 'systemUrl'],
      [{ ...good, systemUrl: undefined }, 'systemUrl'],
      [{ ...good, apiKey: 'wrong' }, 'apiKey'],
      [{ ...good, apiKey: 'ключ' }, 'apiKey'],
      [{ ...good, apiKey: crm.issueKey(['integration_read']) }, 'apiKey'],
      [{ ...good, shadow: 'perhaps' }, 'shadow'],
      [{ ...good, settings: { ...settings(), baseUrl: 5 } }, 'settings.baseUrl'],
      [{ ...good, settings: 'none' }, 'settings'],
    ];
    for (const [body, field] of cases) {
      const { status, errors } = readRefusal(await connect(body));
      expect([status, Object.keys(errors)]).toEqual([400, [field]]);
    }
    const end = crm.fail('/api/credentials', { kind: 'error-before', status: 503 }, 99);
    expect(readRefusal(await connect(good))).toMatchObject({ status: 502, errors: { systemUrl: 'cannot be reached' } });
    end();
    expect(readRefusal(await connect([])).status).toBe(400);
    expect(await deployment.listConnections(crm)).toEqual([]);
  });
});

describe('a trial next to another module', () => {
  it('answers questions, has no effect, and goes live', async () => {
    const crm = deployment.nextCrm();
    const asked = { module: MODULE, systemUrl: crm.url, apiKey: crm.issueKey(), shadow: true, settings: settings() };
    const made = await connect(asked);
    const { id, clientId } = made.json as ConnectionView & { clientId: string };
    expect([made.status, made.json]).toMatchObject([201, { shadow: true, registeredAt: null, clientId: expect.any(String) }]);
    expect((await connect(asked)).json).toMatchObject({ id, clientId });
    expect(readRefusal(await connect({ ...asked, shadow: false })).errors).toEqual({ shadow: expect.stringContaining('go-live') });
    const account = Account.byHand(deployment, crm, MODULE, clientId);
    const tariffs = readResult<wire.CallbackDeliveryResponseCalculate[]>(
      await account.calculate(wireCalculate(newOrder())),
      'CallbackDeliveryCalculateResponse',
    );
    expect(tariffs.length).toBeGreaterThan(0);
    readResult(await account.get('/delivery/shipment-points'), 'CallbackDeliveryShipmentPointListResponse');

    const before = carrier.orders().length;
    expect(readRefusal(await account.save(wireSave('express', newOrder())))).toMatchObject({
      status: 400,
      errorMsg: expect.stringMatching(TRIAL),
    });
    expect(carrier.orders()).toHaveLength(before);
    const timestamp = String(Math.floor(Date.now() / 1000));
    const body = JSON.stringify({ events: [{ id: randomUUID(), order: 'any', state: 'delivered', at: new Date() }] });
    const signature = createHmac('sha256', carrier.webhookSecret).update(`${timestamp}.${body}`).digest('hex');
    const headers = { 'content-type': 'application/json', 'x-carrier-timestamp': timestamp, 'x-carrier-signature': signature };
    const webhook = await deployment.send(`/${MODULE}/webhooks/${id}`, { method: 'POST', headers, body });
    expect(readRefusal(webhook).errorMsg).toMatch(TRIAL);
    await deployment.operator('PUT', `/connections/${id}/settings`, settings());
    for (const step of ['register', 'connect'])
      expect(readRefusal(await deployment.askOperator('POST', `/connections/${id}/${step}`, {})).errorMsg).toMatch(TRIAL);
    expect(await listOutbox(id)).toEqual([]);
    expect(countEdits(crm)).toBe(0);
    const { items: trials } = await deployment.operator<{ items: ConnectionView[] }>('GET', '/connections?shadow=true');
    expect(trials.map((one) => one.id)).toEqual([id]);

    expect(await deployment.operator('POST', `/connections/${id}/go-live`)).toMatchObject({ shadow: false, registrationError: null });
    expect(crm.findModule(MODULE)).toMatchObject({ active: true, clientId });
    const edits = countEdits(crm);
    expect(await deployment.operator('POST', `/connections/${id}/go-live`)).toMatchObject({ shadow: false });
    expect(countEdits(crm)).toBe(edits);
    expect((await account.save(wireSave('express', newOrder()))).status).toBe(200);
    expect(readRefusal(await connect(asked)).errors).toEqual({ shadow: expect.stringContaining('must not be true') });
  });

  it('with a built-in provider stores nothing, and one click in the CRM ends it', async () => {
    const crm = deployment.nextCrm();
    const made = await connect({ module: 'courier', systemUrl: crm.url, apiKey: crm.issueKey(), shadow: true });
    const { id, clientId } = made.json as ConnectionView & { clientId: string };
    const trial = Account.byHand(deployment, crm, 'courier', clientId);
    readResult(await trial.calculate(wireCalculate(newOrder())), 'CallbackDeliveryCalculateResponse');
    expect(readRefusal(await trial.save(wireSave('courier', newOrder()))).errorMsg).toMatch(TRIAL);
    expect(await deployment.operator('GET', `/deliveries?connection=${id}`)).toMatchObject({ items: [] });
    // Until the trial connection goes live, the other module reports the statuses of its deliveries.
    const line = { kind: 'delivery', module: 'courier', systemUrl: crm.url, order: '4710', deliveryId: 'old-1', externalId: 'R-1' };
    const lines = [{ ...line, status: 'created', statusAt: '2026-01-10T10:00:00', tariff: 'courier' }];
    crm.addDelivery('courier', 'old-1', '4710');
    const { items } = await deployment.operator<{ items: { id: string }[] }>('POST', '/move-in', { lines });
    const report = { deliveryId: items[0]?.id, code: 'delivered', updatedAt: '2026-01-10T12:00:00Z' };
    const told = (): Promise<object> => deployment.operator('POST', '/deliveries/statuses', { statuses: [report] });
    expect(await told()).toMatchObject({ accepted: 0, rejected: [{ index: 0, error: expect.stringContaining('trial') }] });
    const account = await Account.connect(deployment, crm);
    expect(await told()).toMatchObject({ accepted: 1, rejected: [] });
    await until('the CRM is told', () => Promise.resolve(crm.listCodes('old-1').includes('delivered')));
    expect(account.clientId).toBe(clientId);
    const { deliveryId } = await account.ship('4711');
    await deployment.operator('POST', '/deliveries/statuses', [{ deliveryId, code: 'in-transit' }]);
    await until('the CRM is told', () => Promise.resolve(crm.listCodes(deliveryId).includes('in-transit')));
  });
});
