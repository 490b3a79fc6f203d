import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type * as wire from '#crm-client/wire';
import { CdekDouble, FakeCarrier, FakeWarehouse, sampleOrder, wireCalculate } from '#testing';
import { StripeDouble } from '../../../lab/doubles/stripe/index.js';
import { Account, postForm, readRefusal, readResult } from './support/account.js';
import { AccountPage } from './support/account-page.js';
import { Crm } from './support/crm.js';
import { Deployment, START_MS } from './support/deployment.js';
import type { Reply } from './support/reply.js';
import { pack, StockDesk } from './support/stock-desk.js';
import { until } from './support/until.js';

/** Carrier and warehouse. */
const MODULE = 'acme';
/** A module with a gateway and a carrier. Each sets up its webhooks at its service. */
const CHECKOUT = 'checkout';
const MODULES = [
  { code: MODULE, providers: ['fake-carrier', 'fake-warehouse'], name: 'Acme' },
  { code: CHECKOUT, providers: ['stripe', 'cdek'] },
];

interface Settings {
  values: Record<string, unknown>;
  provider?: string;
  providers?: { code: string; integration: string; title: string }[];
  service?: { state: string };
}

let folder: string;
let carrier: FakeCarrier;
let warehouse: FakeWarehouse;
let cdek: CdekDouble;
let stripe: StripeDouble;
let crms: Crm[];
let deployment: Deployment;
let desk: StockDesk;

const readSettings = (query = '', connection = desk.connection): Promise<Settings> =>
  deployment.operator('GET', `/connections/${connection}/settings${query}`);
const saveSettings = (query: string, values: object, connection = desk.connection): Promise<Settings> =>
  deployment.operator('PUT', `/connections/${connection}/settings${query}`, values);
const ofCarrier = (): object => ({ baseUrl: carrier.url, apiKey: carrier.apiKey, webhookSecret: carrier.webhookSecret });
const ofWarehouse = (): object => ({ baseUrl: warehouse.url, secret: warehouse.secret });
const getAddress = (module: string, connection: string, provider = ''): string =>
  `${deployment.url}/${module}/webhooks/${connection}${provider && `/${provider}`}`;

async function knows(xmlId: string, available: number): Promise<void> {
  await until(`the CRM knows ${available} of ${xmlId}`, () => desk.known.get(`${xmlId}/main`)?.available === available);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crossdock-combined-'));
  await writeFile(join(folder, 'modules.json'), JSON.stringify({ modules: MODULES }));
  [carrier, warehouse, cdek, stripe] = await Promise.all([
    FakeCarrier.start({ webhookSecret: 'secret-of-the-carrier' }),
    FakeWarehouse.start({ secret: 'secret-of-the-warehouse' }),
    CdekDouble.start(),
    StripeDouble.start(),
  ]);
  // One for a repeated test.
  crms = await Crm.startAll(3);
  deployment = await Deployment.start({
    ...{ crms, withFakeCarrier: true },
    variables: { MODULES_FILE: join(folder, 'modules.json'), CDEK_URL: cdek.url, STRIPE_URL: stripe.url },
  });
  desk = await StockDesk.open(deployment, deployment.nextCrm(), MODULE);
}, START_MS);
afterAll(async () => {
  await deployment?.stop();
  await Promise.all([...(crms ?? []), carrier, warehouse, cdek, stripe].map((one) => one?.close()));
  await rm(folder, { recursive: true });
});
afterEach(() => {
  expect(deployment.complaints()).toEqual([]);
});

describe('a module of a carrier and a warehouse', () => {
  it('is one connection and one registration, with the parts and scopes of both', async () => {
    const { account, crm } = desk;
    const { scopes } = (await deployment.send(`/${MODULE}/config`)).json as { scopes: string[] };
    expect(scopes).toEqual(expect.arrayContaining(['delivery_write', 'store_write']));
    expect(crm.callsTo('integration.edit')).toHaveLength(1);
    const { integrations, name } = account.registration;
    expect([name, Object.keys(integrations ?? {})]).toEqual(['Acme', ['delivery', 'store', 'embedJs']]);
    expect(await deployment.listConnections(crm)).toMatchObject([
      {
        rejectedCalls: [],
        providers: [
          { provider: 'fake-carrier', integration: 'delivery', rejectedCalls: [] },
          { provider: 'fake-warehouse', integration: 'store', rejectedCalls: [] },
        ],
      },
    ]);
    const { items } = await deployment.operator<{ items: { code: string }[] }>('GET', '/modules');
    expect(items.find(({ code }) => code === MODULE)).toMatchObject({
      ...{ provider: 'fake-carrier', integration: 'delivery' },
      providers: [{ provider: 'fake-carrier' }, { provider: 'fake-warehouse', integration: 'store', kind: 'adapter' }],
    });
  });

  it('has settings for each provider, and saving one leaves the others', async () => {
    const providers = [
      { code: 'fake-carrier', integration: 'delivery', title: expect.any(String) },
      { code: 'fake-warehouse', integration: 'store', title: expect.any(String) },
    ];
    expect(await readSettings()).toMatchObject({ provider: 'fake-carrier', providers });
    await saveSettings('?provider=fake-carrier', { ...ofCarrier(), contract: 'prepaid' });
    expect(await readSettings('?provider=fake-warehouse')).toMatchObject({
      ...{ provider: 'fake-warehouse', providers },
      values: { baseUrl: 'http://127.0.0.1:4200' },
    });
    const saved = await saveSettings('?provider=fake-warehouse', ofWarehouse());
    expect(saved).toMatchObject({ provider: 'fake-warehouse', values: { baseUrl: warehouse.url }, service: { check: { state: 'ok' } } });
    expect(await readSettings()).toMatchObject({ values: { baseUrl: carrier.url, contract: 'prepaid' } });
    await saveSettings('', { ...ofCarrier(), contract: 'full' });
    expect(await readSettings('?provider=fake-warehouse')).toMatchObject({ values: { baseUrl: warehouse.url } });
    expect(await deployment.operator('POST', `/connections/${desk.connection}/check?provider=fake-warehouse`)).toMatchObject({
      state: 'ok',
    });
  });

  it('lists its providers if an unknown one is requested', async () => {
    const page = await AccountPage.open(desk.account);
    const ask = (path: string, method = 'GET'): Promise<Reply> =>
      deployment.send(`/${MODULE}/account/api/${path}`, { method, headers: { authorization: `Bearer ${page.token}` } });
    const replies = [
      await deployment.askOperator('GET', `/connections/${desk.connection}/settings?provider=ledger`),
      ...[await ask('settings?provider=ledger'), await ask('check?provider=ledger', 'POST'), await ask('lookups/x?provider=ledger')],
    ];
    for (const reply of replies)
      expect(readRefusal(reply)).toMatchObject({
        status: 404,
        errorMsg: 'This module has no provider "ledger". Use one of fake-carrier, fake-warehouse.',
      });
    expect((await ask('settings?provider=fake-warehouse')).json).toMatchObject({ values: { baseUrl: warehouse.url } });
    expect((await ask('settings')).json).toMatchObject({ provider: 'fake-carrier', values: { baseUrl: carrier.url } });
  });

  it('answers each callback through the provider of its integration', async () => {
    const tariffs = readResult<wire.CallbackDeliveryResponseCalculate[]>(
      await desk.account.calculate(wireCalculate(sampleOrder('moscowCourier'))),
      'CallbackDeliveryCalculateResponse',
    );
    expect(tariffs.map(({ code }) => code)).toContain('express');
    warehouse.webhooks.mode = 'off';
    warehouse.setStock('c1', 'main', '12');
    expect(await desk.ask([{ xmlId: 'c1' }])).toMatchObject([{ xmlId: 'c1', stores: [{ code: 'main', available: 12 }] }]);
    expect((await desk.reserve(5, [pack('c1', 2)])).status).toBe(200);
    expect(warehouse.countCalls('reserve')).toBe(1);
    warehouse.webhooks.mode = 'auto';
    const refused = readRefusal(await desk.account.get('/recommendation', { 'ids[]': '1', mode: 'analogs' }));
    expect(refused).toMatchObject({ status: 404, errorMsg: expect.stringContaining('does not support this callback') });
  });

  it('takes webhooks at an address for each, and sends what follows from them to the CRM', async () => {
    const { deliveryId } = await desk.account.ship('77', 'express');
    carrier.pushStatus('77-1', 'in_transit', { at: new Date(Date.now() + 2_000) });
    await until('the CRM knows the status', () => desk.crm.listCodes(deliveryId).includes('in-transit'));
    expect(carrier.webhooks.attempts.at(-1)).toMatchObject({ url: getAddress(MODULE, desk.connection), status: 200 });
    warehouse.setWebhookUrl({ url: getAddress(MODULE, desk.connection, 'fake-warehouse') });
    warehouse.setStock('w1', 'main', '3');
    await knows('w1', 3);
  });

  it('believes no webhook of the other provider, nor one at the other address', async () => {
    const post = async (url: string, forge: boolean): Promise<number | undefined> => {
      warehouse.webhooks.mode = 'hold';
      warehouse.setWebhookUrl({ url });
      warehouse.setStock('w2', 'main', '9');
      await warehouse.webhooks.flush({ forge });
      return warehouse.webhooks.attempts.at(-1)?.status;
    };
    expect(await post(getAddress(MODULE, desk.connection, 'fake-warehouse'), true)).toBe(400);
    expect(await post(getAddress(MODULE, desk.connection), false)).toBe(400);
    expect(await post(getAddress(MODULE, desk.connection, 'ledger'), false)).toBe(400);
    const rows = await deployment.stores.query(`SELECT 1 FROM inbox_event WHERE payload::text LIKE '%w2%'`);
    expect(rows).toEqual([]);
  });

  it('shows the account which provider rejects its credentials, whatever the other does', async () => {
    const refusals = async (): Promise<string[][]> =>
      ((await deployment.getConnection(desk.crm)) as unknown as { providers: { rejectedCalls: string[] }[] }).providers.map(
        ({ rejectedCalls }) => rejectedCalls,
      );
    warehouse.fail('*', { kind: 'unauthorized' }, 100);
    await until('it is noted', async () => {
      await desk.account.post('/store/inventories-upload', { offers: [{ xmlId: 'c1' }] });
      return (await refusals())[1]?.includes('readStocks');
    });
    expect((await refusals())[0]).toEqual([]);
    await until('the account is told', () => desk.crm.notifications.length > 0);
    expect(desk.crm.notifications[0]).toMatch(/^<b>Acme: /);
    warehouse.faults.clear();
    await saveSettings('?provider=fake-carrier', ofCarrier());
    expect((await refusals())[1]).toContain('readStocks');
    await saveSettings('?provider=fake-warehouse', ofWarehouse());
    expect(await refusals()).toEqual([[], []]);
  });

  it('shows each provider on its page, under its title', async () => {
    const page = await postForm(`${deployment.url}/${MODULE}/account`, `clientId=${desk.account.clientId}`);
    const html = page.bytes.toString();
    const { parts } = JSON.parse(/<script type="application\/json" id="start">(.*)<\/script>/.exec(html)?.[1] ?? '') as { parts: object[] };
    expect(parts).toEqual([
      expect.objectContaining({ provider: 'fake-carrier', webhookUrl: getAddress(MODULE, desk.connection) }),
      expect.objectContaining({
        ...{ provider: 'fake-warehouse', canCheck: true },
        webhookUrl: getAddress(MODULE, desk.connection, 'fake-warehouse'),
      }),
    ]);
  });
});

describe('a module of two services that take webhooks', () => {
  it('is set up at both, taken down at both when it is switched off, and set up again', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm(), CHECKOUT);
    const { id } = await deployment.getConnection(account.crm);
    const shops = [{ code: 'main', name: 'Main', active: true, capture: 'automatic', secretKey: 'sk_test_double' }];
    expect(await saveSettings('', { shops }, id)).toMatchObject({ provider: 'stripe', service: { state: 'connected' } });
    const connect = (): Promise<object> => deployment.operator('POST', `/connections/${id}/connect?provider=cdek`, {});
    const listHooks = (): string[][] => [
      stripe.account.endpoints.list().map(({ url }) => url),
      cdek.subscriptions.flatMap(({ url, type }) => (type === 'ORDER_STATUS' ? [url] : [])),
    ];
    const both = [[getAddress(CHECKOUT, id)], [getAddress(CHECKOUT, id, 'cdek')]];
    // CDEK's default settings are its test account.
    await until('a worker has set up CDEK too', () => listHooks().every((urls) => urls.length > 0));
    expect(listHooks()).toEqual(both);
    // Its own subscription is known as such, so no second one is made.
    expect(await connect()).toMatchObject({ state: 'connected' });
    expect(listHooks()).toEqual(both);
    await until('both parts are registered', () => {
      const { delivery, payment } = account.registration.integrations ?? {};
      return delivery && payment;
    });
    expect((await account.activity(false, false)).status).toBe(200);
    await until('both are taken down', () => listHooks().every((urls) => urls.length === 0));
    expect((await account.activity(true, false)).status).toBe(200);
    // On a loaded machine the first attempt may fail. It is repeated after a minute.
    await until('both are set up again', () => JSON.stringify(listHooks()) === JSON.stringify(both), 100_000);
    const { services } = await deployment.operator<{ services: { provider: string; state: string }[] }>('GET', `/connections/${id}`);
    expect(services.map(({ provider }) => provider).sort()).toEqual(['cdek', 'stripe']);
  });
});
