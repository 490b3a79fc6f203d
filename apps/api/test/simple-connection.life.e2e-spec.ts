import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { wireCalculate } from '#testing';
import { Account, postForm, readRefusal, register, readResult } from './support/account.js';
import { AccountPage } from './support/account-page.js';
import { listViolations } from './support/contract-check.js';
import { DELIVERY_SCOPES } from './support/crm.js';
import { Deployment, START_MS } from './support/deployment.js';

let deployment: Deployment;

beforeAll(async () => {
  deployment = await Deployment.start({ accounts: 20, workers: 0, variables: { MODULE_TESTPAY_SECRET: 'the-new-secret, the-old-secret' } });
}, START_MS);
afterAll(() => deployment?.stop());
afterEach(() => expect(deployment.complaints()).toEqual([]));

describe('config', () => {
  it('names the scopes and the register address', async () => {
    const reply = await deployment.send('/courier/config');
    expect(reply.status).toBe(200);
    expect(listViolations(reply.json, 'CallbackSimpleConnectionConnectionConfigResponse')).toEqual([]);
    expect(reply.json).toEqual({ success: true, scopes: DELIVERY_SCOPES, registerUrl: `${deployment.url}/courier/register` });
  });

  it('is 404 for a module that is not hosted', async () => {
    expect(readRefusal(await deployment.send('/nosuch/config')).status).toBe(404);
    for (const field of [{}, '{"token":', ''])
      expect(readRefusal(await register(deployment, 'nosuch', field))).toEqual(readRefusal(await deployment.send('/nosuch/config')));
  });
});

describe('register', () => {
  it('verifies the key, registers the module and answers the account page', async () => {
    const crm = deployment.nextCrm();
    const account = await Account.connect(deployment, crm);
    expect(crm.calls.map((call) => call.path)).toEqual([
      '/api/credentials',
      '/api/v5/settings',
      '/api/v5/integration-modules/courier',
      '/api/v5/integration-modules/courier/edit',
    ]);
    expect(account.accountUrl.startsWith(`${deployment.url}/courier/account?token=`)).toBe(true);
    expect(await deployment.getConnection(crm)).toMatchObject({
      systemUrl: crm.url,
      active: true,
      frozen: false,
      scopes: DELIVERY_SCOPES,
      account: { timeZone: 'Europe/Moscow', language: 'ru', currency: 'RUB' },
      registeredAt: expect.any(String),
      registrationError: null,
    });
  });

  it('registers all that the provider can do', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm());
    const { registration } = account;
    expect(registration).toMatchObject({
      code: 'courier',
      integrationCode: 'courier',
      active: true,
      baseUrl: `${deployment.url}/courier/callbacks`,
      accountUrl: `${deployment.url}/courier/account`,
      actions: { activity: '/activity', settings: '/settings' },
      availableCountries: ['RU', 'ES', 'MX'],
    });
    expect(account.clientId.length).toBeGreaterThanOrEqual(22);
    const { delivery } = registration.integrations ?? {};
    expect(Object.keys(delivery?.actions ?? {}).sort()).toEqual(
      ['calculate', 'delete', 'get', 'print', 'save', 'shipmentDelete', 'shipmentPointList', 'shipmentSave', 'tariffList'].sort(),
    );
    expect(delivery?.statusList?.map((status) => status.code)).toContain('delivered');
    expect(delivery?.plateList?.map((plate) => `${plate.type}/${plate.code}`)).toEqual([
      'order/label',
      'order/waybill',
      'shipment/manifest',
    ]);
    expect(delivery?.payerType).toEqual(['receiver', 'sender']);
    const field = delivery?.deliveryDataFieldList?.find((one) => one.type === 'autocomplete');
    // Every address that was promised answers.
    const logo = await deployment.send(new URL(registration.logo ?? '').pathname);
    expect([logo.status, logo.headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
    readResult(await account.get(field?.autocompleteUrl ?? '', { term: 'Мос' }), 'CallbackDeliveryAutocompleteResponse');
    for (const path of Object.values(delivery?.actions ?? {})) {
      const reply = await account.post(path, {});
      const answer = reply.status === 404 ? await account.get(path) : reply;
      expect([path, answer.status === 200 || answer.status === 400]).toEqual([path, true]);
    }
  });

  it('refuses a bad token with 401 and stores nothing', async () => {
    const crm = deployment.nextCrm();
    const field = crm.registerField(deployment.getSecret('courier'));
    for (const token of ['0'.repeat(64), field.token.slice(0, -1), '', 'ключ']) {
      const reply = await register(deployment, 'courier', { ...field, token });
      expect(readRefusal(reply).status).toBe(token === '' ? 400 : 401);
    }
    const other = crm.registerField('another secret', field.apiKey);
    expect(readRefusal(await register(deployment, 'courier', other)).status).toBe(401);
    expect(await deployment.listConnections(crm)).toEqual([]);
    expect(crm.calls).toEqual([]);
  });

  it('takes a token by any of the secrets while one replaces the other', async () => {
    const crm = deployment.nextCrm();
    const { scopes } = (await deployment.send('/testpay/config')).json as { scopes: string[] };
    const connect = async (secret: string): Promise<number> =>
      (await register(deployment, 'testpay', crm.registerField(secret, crm.issueKey(scopes)))).status;
    expect([await connect('the-old-secret'), await connect('the-new-secret')]).toEqual([200, 200]);
    expect([await connect('the-new-secret, the-old-secret'), await connect('development-secret-of-testpay')]).toEqual([401, 401]);
  });

  it('takes the token in upper case', async () => {
    const crm = deployment.nextCrm();
    const field = crm.registerField(deployment.getSecret('courier'));
    expect((await register(deployment, 'courier', { ...field, token: field.token.toUpperCase() })).status).toBe(200);
  });

  it.each([
    ['empty', '', { register: 'is required' }],
    ['not JSON', '{"token":', { register: 'is not valid JSON' }],
    ['no object', '"x"', { register: 'must be an object' }],
    ['a list', '[1]', { register: 'must be an object' }],
    ['no token', '{"apiKey":"k","systemUrl":"https://demo.retailcrm.ru"}', { token: 'is required' }],
    ['no key', '{"token":"k","systemUrl":"https://demo.retailcrm.ru"}', { apiKey: 'is required' }],
    ['no address', '{"token":"k","apiKey":"k"}', { systemUrl: 'is required' }],
    ['null', '{"token":null,"apiKey":"k","systemUrl":"https://demo.retailcrm.ru"}', { token: 'is required' }],
  ])('refuses a register field that is wrong: %s', async (_, text, wrong) => {
    const { status, errors } = readRefusal(await register(deployment, 'courier', text));
    expect([status, errors]).toEqual([400, wrong]);
  });

  it('refuses a body without the field, or with two, or without a form', async () => {
    const missing = { status: 400, errors: { register: 'is required' } };
    for (const body of ['x=1', 'register={}&register={}'])
      expect(readRefusal(await postForm(`${deployment.url}/courier/register`, body))).toMatchObject(missing);
    expect(readRefusal(await deployment.send('/courier/register', { method: 'POST' }))).toMatchObject(missing);
  });

  it.each([
    'http://demo.retailcrm.ru',
    'https://demo.retailcrm.ru:8443',
    'https://demo.retailcrm.ru/path',
    'https://demo.retailcrm.ru/?q=1',
    'https://demo.retailcrm.ru/#f',
    'https://user:password@demo.retailcrm.ru',
    'https://example.com',
    'https://retailcrm.ru',
    'https://demo.retailcrm.ru.example.com',
    'https://a.b.retailcrm.ru',
    'https://127.0.0.1',
    'http://127.0.0.1:1',
    'http://169.254.169.254',
    'file:///etc/passwd',
    'demo.retailcrm.ru',
    'not an address',
  ])('refuses the address %s', async (systemUrl) => {
    const crm = deployment.crms[0];
    const { status, errors } = readRefusal(
      await register(deployment, 'courier', crm?.registerField(deployment.getSecret('courier'), 'a-key', systemUrl) ?? {}),
    );
    expect([status, Object.keys(errors)]).toEqual([400, ['systemUrl']]);
  });

  it('refuses a key that cannot be sent', async () => {
    const crm = deployment.nextCrm();
    for (const key of ['with space', 'ключ', 'line\nbreak']) {
      const { status, errors } = readRefusal(
        await register(deployment, 'courier', crm.registerField(deployment.getSecret('courier'), key)),
      );
      expect([status, Object.keys(errors)]).toEqual([400, ['apiKey']]);
    }
  });

  it('names the scopes a key lacks, and stores nothing', async () => {
    const crm = deployment.nextCrm();
    const key = crm.issueKey(['integration_read', 'delivery_read']);
    const { status, errorMsg } = readRefusal(
      await register(deployment, 'courier', crm.registerField(deployment.getSecret('courier'), key)),
    );
    expect(status).toBe(400);
    expect(errorMsg).toContain('integration_write, notification_write, delivery_write');
    expect(await deployment.listConnections(crm)).toEqual([]);
    expect(crm.registrations).toEqual([]);
  });

  it('refuses a key the CRM does not know, and stores nothing', async () => {
    const crm = deployment.nextCrm();
    const { status, errors } = readRefusal(
      await register(deployment, 'courier', crm.registerField(deployment.getSecret('courier'), 'unknown-key')),
    );
    expect([status, Object.keys(errors)]).toEqual([400, ['apiKey']]);
    expect(await deployment.listConnections(crm)).toEqual([]);
  });

  it('reports that the CRM is down, and stores nothing', async () => {
    const crm = deployment.nextCrm();
    crm.fail('*/credentials', { kind: 'drop' }, 100);
    const field = crm.registerField(deployment.getSecret('courier'));
    const { status, errorMsg } = readRefusal(await register(deployment, 'courier', field));
    expect([status, errorMsg.includes('cannot be reached'), errorMsg.includes(field.apiKey)]).toEqual([502, true, false]);
    expect(await deployment.listConnections(crm)).toEqual([]);
  });

  it('tells the user when the CRM refuses the registration', async () => {
    const crm = deployment.nextCrm();
    crm.fail('*/edit', {
      kind: 'error-before',
      status: 400,
      errorMsg: 'Errors in the entity format',
      errors: { logo: 'is not a picture' },
    });
    const { status, errorMsg } = readRefusal(await register(deployment, 'courier', crm.registerField(deployment.getSecret('courier'))));
    expect([status, errorMsg.includes('is not a picture')]).toEqual([400, true]);
    // Trying again is connecting again.
    await Account.connect(deployment, crm);
    expect(await deployment.getConnection(crm)).toMatchObject({ registrationError: null });
  });

  it('renews the connection when an account connects again', async () => {
    const crm = deployment.nextCrm();
    const first = await Account.connect(deployment, crm);
    const before = await deployment.getConnection(crm);
    await first.activity(false, true);
    const again = await Account.connect(deployment, crm);
    expect(again.clientId).toBe(first.clientId);
    expect(await deployment.getConnection(crm)).toMatchObject({ id: before.id, active: true, frozen: false });
    expect(crm.callsTo('integration.edit').map((call) => call.key)).toHaveLength(2);
    expect(new Set(crm.callsTo('integration.edit').map((call) => call.key)).size).toBe(2);
    expect((await again.calculate(wireCalculate())).status).toBe(200);
  });

  it('makes one connection of many at the same time', async () => {
    const crm = deployment.nextCrm();
    const replies = await Promise.all(
      Array.from({ length: 3 }, () => register(deployment, 'courier', crm.registerField(deployment.getSecret('courier')))),
    );
    expect(replies.map((reply) => reply.status)).toEqual([200, 200, 200]);
    await deployment.getConnection(crm);
    expect(new Set(crm.registrations.map((one) => one.clientId)).size).toBe(1);
  });
});

describe('account page', () => {
  it('opens once with the token of the connection, and with clientId at any time', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm());
    const path = account.accountUrl.slice(deployment.url.length);
    const page = await deployment.send(path);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers.get('content-security-policy')).toContain(account.crm.url);
    // The courier sends none.
    expect(page.bytes.toString()).not.toContain('/webhooks/');
    expect(readRefusal(await deployment.send(path)).status).toBe(403);
    for (let visit = 0; visit < 2; visit++)
      expect((await postForm(`${deployment.url}/courier/account`, `clientId=${account.clientId}`)).status).toBe(200);
  });

  it('is refused for the token of another module, and a quarter of an hour after it was issued', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm());
    const path = account.accountUrl.slice(deployment.url.length);
    expect(readRefusal(await deployment.send(path.replace('/courier/', '/testpay/'))).status).toBe(403);
    const { id } = await deployment.getConnection(account.crm);
    const age = `UPDATE connection SET account_token_expires_at = account_token_expires_at - interval '15 minutes' WHERE id = $1`;
    await deployment.stores.query(age, [id]);
    expect(readRefusal(await deployment.send(path)).status).toBe(403);
  });

  it.each([
    '/courier/account',
    '/courier/account?token=x',
    '/courier/account?token=',
    '/courier/account?token=a&token=b',
    '/a%00b/account?token=x',
  ])('is refused at %s', async (path) => {
    expect(readRefusal(await deployment.send(path)).status).toBe(403);
  });

  it.each(['', 'clientId=', 'clientId=x', 'clientId=x&clientId=y', 'clientId=%00'])('is refused for the body %p', async (body) => {
    expect(readRefusal(await postForm(`${deployment.url}/courier/account`, body)).status).toBe(403);
    expect(readRefusal(await postForm(`${deployment.url}/%00/account`, body)).status).toBe(403);
  });

  it.each([
    ['no object', '[1,2]'],
    ['a text', '"x"'],
    ['null', 'null'],
    ['not JSON', '{'],
    ['nothing', ''],
  ])('refuses settings that are %s', async (_, body) => {
    const account = await Account.connect(deployment, deployment.crms.find((one) => one.registrations.length > 0) ?? deployment.nextCrm());
    expect(readRefusal(await (await AccountPage.open(account)).save(body)).status).toBe(400);
  });

  it('names the fields of settings that are wrong', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm());
    const page = await AccountPage.open(account);
    expect(readRefusal(await page.save({ ...(await page.values()), cutOffHour: 99 })).errors).toHaveProperty('cutOffHour');
  });

  it('admits no one without its token', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm());
    const page = await AccountPage.open(account);
    for (const bad of ['', 'x', 'x.y', `${page.token}x`, page.token.split('.')[0] ?? '', account.clientId, 'operator-token'])
      expect(readRefusal(await page.read(bad)).status).toBe(401);
  });
});
