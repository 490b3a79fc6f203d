import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type * as wire from '#crm-client/wire';
import { sampleOrder, wireCalculate } from '#testing';
import { Account, postForm, refusalOf, register, resultOf } from './support/account.js';
import { violationsOf } from './support/contract-check.js';
import { CrmDouble, DELIVERY_SCOPES } from './support/crm-double.js';
import { Deployment, START_MS } from './support/deployment.js';
import { backends } from './support/test-servers.js';
import { until } from './support/until.js';

const EDIT = /integration-modules\/courier\/edit$/;

interface ConnectionView {
  id: string;
  systemUrl: string;
  active: boolean;
  frozen: boolean;
  scopes: string[];
  account: { timeZone: string; language: string; currency?: string; workTimes: object[]; nonWorkingDays: object[] };
  registeredAt: string | null;
  registrationError: string | null;
}

/** Accounts made by a spec, closed at its end. */
const open: CrmDouble[] = [];
let deployment: Deployment;

async function connectionsOf(crm: CrmDouble): Promise<ConnectionView[]> {
  const { items } = await deployment.operator<{ items: ConnectionView[] }>('GET', '/connections?limit=500');
  return items.filter((one) => one.systemUrl === crm.oldUrl || one.systemUrl === crm.newUrl);
}

async function connectionOf(crm: CrmDouble): Promise<ConnectionView> {
  const [connection, ...others] = await connectionsOf(crm);
  if (!connection || others.length > 0) throw new Error(`${crm.url} has ${others.length + (connection ? 1 : 0)} connections`);
  return connection;
}

/** Accounts are made before the deployment, whose CRM_HOSTS names them; each test takes one. */
function nextCrm(): CrmDouble {
  const crm = open.find((one) => !taken.has(one));
  if (!crm) throw new Error('start more accounts');
  taken.add(crm);
  return crm;
}
const taken = new Set<CrmDouble>();

afterEach(() => {
  for (const crm of open) expect(crm.complaints).toEqual([]);
});

describe.each(backends)('simple connection, queue on %s', (backend) => {
  beforeAll(async () => {
    open.push(...(await CrmDouble.startAll(25)));
    deployment = await Deployment.start({ backend, crms: open });
  }, START_MS);
  afterAll(async () => {
    await deployment?.stop();
    for (const crm of open.splice(0)) await crm.close();
    taken.clear();
  });

  describe('config', () => {
    it('names the scopes and the register address', async () => {
      const reply = await deployment.send('/courier/config');
      expect(reply.status).toBe(200);
      expect(violationsOf(reply.json, 'CallbackSimpleConnectionConnectionConfigResponse')).toEqual([]);
      expect(reply.json).toEqual({ success: true, scopes: DELIVERY_SCOPES, registerUrl: `${deployment.url}/courier/register` });
    });

    it('is 404 for a module that is not hosted', async () => {
      expect(refusalOf(await deployment.send('/nosuch/config')).status).toBe(404);
      expect(refusalOf(await register(deployment, 'nosuch', {})).status).toBe(404);
    });
  });

  describe('register', () => {
    it('verifies the key, registers the module and answers the account page', async () => {
      const crm = nextCrm();
      const account = await Account.connect(deployment, crm);
      expect(crm.calls.map((call) => call.path)).toEqual([
        '/api/credentials',
        '/api/v5/settings',
        '/api/v5/integration-modules/courier/edit',
      ]);
      expect(account.accountUrl.startsWith(`${deployment.url}/courier/account?token=`)).toBe(true);
      expect(await connectionOf(crm)).toMatchObject({
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
      const account = await Account.connect(deployment, nextCrm());
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
      resultOf(await account.get(field?.autocompleteUrl ?? '', { term: 'Мос' }), 'CallbackDeliveryAutocompleteResponse');
      for (const path of Object.values(delivery?.actions ?? {})) {
        const reply = await account.post(path, {});
        const answer = reply.status === 404 ? await account.get(path) : reply;
        expect([path, answer.status === 200 || answer.status === 400]).toEqual([path, true]);
      }
    });

    it('refuses a bad token with 401 and stores nothing', async () => {
      const crm = nextCrm();
      const field = crm.registerField(deployment.secretOf('courier'));
      for (const token of ['0'.repeat(64), field.token.slice(0, -1), '', 'ключ']) {
        const reply = await register(deployment, 'courier', { ...field, token });
        expect(refusalOf(reply).status).toBe(token === '' ? 400 : 401);
      }
      const other = crm.registerField('another secret', field.apiKey);
      expect(refusalOf(await register(deployment, 'courier', other)).status).toBe(401);
      expect(await connectionsOf(crm)).toEqual([]);
      expect(crm.calls).toEqual([]);
    });

    it('takes the token in upper case', async () => {
      const crm = nextCrm();
      const field = crm.registerField(deployment.secretOf('courier'));
      expect((await register(deployment, 'courier', { ...field, token: field.token.toUpperCase() })).status).toBe(200);
    });

    it.each([
      ['not JSON', '{"token":', 'register'],
      ['no object', '"x"', 'register'],
      ['a list', '[1]', 'register'],
      ['no token', '{"apiKey":"k","systemUrl":"https://demo.retailcrm.ru"}', 'token'],
      ['no key', '{"token":"k","systemUrl":"https://demo.retailcrm.ru"}', 'apiKey'],
      ['no address', '{"token":"k","apiKey":"k"}', 'systemUrl'],
      ['null', '{"token":null,"apiKey":"k","systemUrl":"https://demo.retailcrm.ru"}', 'token'],
    ])('refuses a register field that is wrong: %s', async (_, text, field) => {
      const { status, errors } = refusalOf(await register(deployment, 'courier', text));
      expect([status, Object.keys(errors)]).toEqual([400, [field]]);
    });

    it('refuses a body without the field, or without a form', async () => {
      expect(refusalOf(await postForm(`${deployment.url}/courier/register`, 'x=1')).errors).toEqual({ register: 'is required' });
      expect(refusalOf(await deployment.send('/courier/register', { method: 'POST' })).status).toBe(400);
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
      const crm = open[0];
      const { status, errors } = refusalOf(
        await register(deployment, 'courier', crm?.registerField(deployment.secretOf('courier'), 'a-key', systemUrl) ?? {}),
      );
      expect([status, Object.keys(errors)]).toEqual([400, ['systemUrl']]);
    });

    it('refuses a key that cannot be sent', async () => {
      const crm = nextCrm();
      for (const key of ['with space', 'ключ', 'line\nbreak']) {
        const { status, errors } = refusalOf(await register(deployment, 'courier', crm.registerField(deployment.secretOf('courier'), key)));
        expect([status, Object.keys(errors)]).toEqual([400, ['apiKey']]);
      }
    });

    it('names the scopes a key lacks, and stores nothing', async () => {
      const crm = nextCrm();
      const key = crm.issueKey(['integration_read', 'delivery_read']);
      const { status, errorMsg } = refusalOf(await register(deployment, 'courier', crm.registerField(deployment.secretOf('courier'), key)));
      expect(status).toBe(400);
      expect(errorMsg).toContain('integration_write, delivery_write');
      expect(await connectionsOf(crm)).toEqual([]);
      expect(crm.registrations).toEqual([]);
    });

    it('refuses a key the CRM does not know, and stores nothing', async () => {
      const crm = nextCrm();
      const { status, errors } = refusalOf(
        await register(deployment, 'courier', crm.registerField(deployment.secretOf('courier'), 'unknown-key')),
      );
      expect([status, Object.keys(errors)]).toEqual([400, ['apiKey']]);
      expect(await connectionsOf(crm)).toEqual([]);
    });

    it('says so when the CRM is down, and stores nothing', async () => {
      const crm = nextCrm();
      crm.fail(/credentials/, { kind: 'drop' }, 100);
      const field = crm.registerField(deployment.secretOf('courier'));
      const { status, errorMsg } = refusalOf(await register(deployment, 'courier', field));
      expect([status, errorMsg.includes('cannot be reached'), errorMsg.includes(field.apiKey)]).toEqual([502, true, false]);
      expect(await connectionsOf(crm)).toEqual([]);
    });

    it('connects although the CRM does not take the registration just now, and registers later', async () => {
      const crm = nextCrm();
      crm.fail(EDIT, { kind: 'answer', status: 500 }, 2);
      const reply = await register(deployment, 'courier', crm.registerField(deployment.secretOf('courier')));
      expect(reply.status).toBe(200);
      expect(crm.registrations).toEqual([]);
      await until('the outbox has registered the module', () => crm.registrations.length > 0);
      await until(
        'the connection says so',
        async () => (await connectionOf(crm)).registrationError === null && (await connectionOf(crm)).registeredAt,
      );
    });

    it('tells the user when the CRM refuses the registration', async () => {
      const crm = nextCrm();
      crm.fail(EDIT, { kind: 'answer', status: 400, errorMsg: 'Errors in the entity format', errors: { logo: 'is not a picture' } });
      const { status, errorMsg } = refusalOf(await register(deployment, 'courier', crm.registerField(deployment.secretOf('courier'))));
      expect([status, errorMsg.includes('is not a picture')]).toEqual([400, true]);
      // Trying again is connecting again.
      await Account.connect(deployment, crm);
      expect(await connectionOf(crm)).toMatchObject({ registrationError: null });
    });

    it('renews the connection when an account connects again', async () => {
      const crm = nextCrm();
      const first = await Account.connect(deployment, crm);
      const before = await connectionOf(crm);
      await first.activity(false, true);
      const again = await Account.connect(deployment, crm);
      expect(again.clientId).toBe(first.clientId);
      expect(await connectionOf(crm)).toMatchObject({ id: before.id, active: true, frozen: false });
      expect(crm.callsTo(EDIT).map((call) => call.key)).toHaveLength(2);
      expect(new Set(crm.callsTo(EDIT).map((call) => call.key)).size).toBe(2);
      expect((await again.calculate(wireCalculate())).status).toBe(200);
    });

    it('makes one connection of many at once', async () => {
      const crm = nextCrm();
      const replies = await Promise.all(
        Array.from({ length: 3 }, () => register(deployment, 'courier', crm.registerField(deployment.secretOf('courier')))),
      );
      expect(replies.map((reply) => reply.status)).toEqual([200, 200, 200]);
      await connectionOf(crm);
      expect(new Set(crm.registrations.map((one) => one.clientId)).size).toBe(1);
    });
  });

  describe('account page', () => {
    it('opens once with the token of the connection, and with clientId at any time', async () => {
      const account = await Account.connect(deployment, nextCrm());
      const path = account.accountUrl.slice(deployment.url.length);
      const page = await deployment.send(path);
      expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(page.headers.get('content-security-policy')).toContain(account.crm.url);
      expect(refusalOf(await deployment.send(path)).status).toBe(403);
      for (let visit = 0; visit < 2; visit++)
        expect((await postForm(`${deployment.url}/courier/account`, `clientId=${account.clientId}`)).status).toBe(200);
    });

    it.each([
      '/courier/account',
      '/courier/account?token=x',
      '/courier/account?token=',
      '/courier/account?token=a&token=b',
      '/a%00b/account?token=x',
    ])('is refused at %s', async (path) => {
      expect(refusalOf(await deployment.send(path)).status).toBe(403);
    });

    it.each(['', 'clientId=', 'clientId=x', 'clientId=x&clientId=y', 'clientId=%00'])('is refused for the body %p', async (body) => {
      expect(refusalOf(await postForm(`${deployment.url}/courier/account`, body)).status).toBe(403);
      expect(refusalOf(await postForm(`${deployment.url}/%00/account`, body)).status).toBe(403);
    });

    it('shows and saves settings for its own connection only, and registers the module anew', async () => {
      const account = await Account.connect(deployment, nextCrm());
      const token = await sessionOf(account);
      const before = await settingsApi(token);
      expect(before.status).toBe(200);
      const { schema, values } = before.json as { schema: object; values: { trackPrefix: string; cutOffHour: number } };
      expect(JSON.stringify(schema)).toContain('trackPrefix');
      const registrations = account.crm.registrations.length;
      const saved = await settingsApi(token, { ...values, trackPrefix: 'ZZ' });
      expect([saved.status, (saved.json as { values: { trackPrefix: string } }).values.trackPrefix]).toEqual([200, 'ZZ']);
      await until('the module is registered anew', () => account.crm.registrations.length > registrations);
      expect((await account.ship('4001')).trackNumber).toMatch(/^ZZ/);
      expect(account.registration.clientId).toBe(account.clientId);
    });

    it.each([
      ['no object', '[1,2]'],
      ['a text', '"x"'],
      ['null', 'null'],
      ['not JSON', '{'],
      ['nothing', ''],
    ])('refuses settings that are %s', async (_, body) => {
      const account = await Account.connect(deployment, open.find((one) => one.registrations.length > 0) ?? nextCrm());
      expect(refusalOf(await settingsApi(await sessionOf(account), body)).status).toBe(400);
    });

    it('names the fields of settings that are wrong', async () => {
      const account = await Account.connect(deployment, nextCrm());
      const token = await sessionOf(account);
      const { values } = (await settingsApi(token)).json as { values: object };
      expect(refusalOf(await settingsApi(token, { ...values, cutOffHour: 99 })).errors).toHaveProperty('cutOffHour');
    });

    it('lets nobody in without its token', async () => {
      const account = await Account.connect(deployment, nextCrm());
      const token = await sessionOf(account);
      for (const bad of ['', 'x', 'x.y', `${token}x`, token.split('.')[0] ?? '', account.clientId, 'operator-token'])
        expect(refusalOf(await settingsApi(bad)).status).toBe(401);
    });
  });

  describe('activity', () => {
    it('refuses callbacks of an account that is switched off or frozen, and takes them again afterwards', async () => {
      const account = await Account.connect(deployment, nextCrm());
      expect((await account.activity(false, false)).json).toEqual({ success: true });
      for (const reply of [
        await account.get('/delivery/tariffs'),
        await account.save({ order: '1', packages: [], delivery: { tariff: 'x' } }),
      ])
        expect(refusalOf(reply)).toMatchObject({ status: 403, errorMsg: expect.stringContaining('not active') });
      await account.activity(true, true);
      expect(refusalOf(await account.get('/delivery/tariffs'))).toMatchObject({ status: 403, errorMsg: expect.stringContaining('frozen') });
      // Settings are told to sleeping accounts too.
      expect((await account.tellSettings(account.crm.settings)).status).toBe(200);
      await account.activity(true, false);
      expect((await account.get('/delivery/tariffs')).status).toBe(200);
    });

    it('makes no delivery for an account that was switched off a moment ago', async () => {
      const account = await Account.connect(deployment, nextCrm());
      // The process remembers the account as active.
      expect((await account.calculate(wireCalculate())).status).toBe(200);
      await account.activity(false, false);
      await expect(account.ship('77')).rejects.toThrow('403');
    });

    it('follows a rename only when the key works at the new address', async () => {
      const account = await Account.connect(deployment, nextCrm());
      const { crm } = account;
      // Somebody else's account: the key is not known there.
      const other = open.find((one) => one !== crm && one.registrations.length > 0);
      expect(refusalOf(await account.activity(true, false, other?.url)).errors).toHaveProperty('systemUrl');
      expect(await connectionOf(crm)).toMatchObject({ systemUrl: crm.oldUrl });
      expect(refusalOf(await account.activity(true, false, 'https://example.com')).errors).toHaveProperty('systemUrl');
      crm.rename();
      expect((await account.activity(true, false)).status).toBe(200);
      expect(await connectionOf(crm)).toMatchObject({ systemUrl: crm.newUrl });
      // From now on the account is called there.
      await deployment.operator('POST', `/connections/${(await connectionOf(crm)).id}/register`);
      await until('the module is registered at the new address', () => crm.callsTo(EDIT).at(-1)?.origin === crm.newUrl);
      expect((await account.calculate(wireCalculate())).status).toBe(200);
    });

    it('keeps activity even when the address is not believed', async () => {
      const account = await Account.connect(deployment, nextCrm());
      expect(refusalOf(await account.activity(false, false, 'https://example.com')).status).toBe(400);
      expect(await connectionOf(account.crm)).toMatchObject({ active: false });
    });

    it('refuses a rename to the address of another connection', async () => {
      const account = await Account.connect(deployment, nextCrm());
      const { crm } = account;
      crm.rename();
      // The user has connected the module again at the new address before the CRM told of the rename.
      const renewed = await Account.connect(deployment, crm);
      expect(renewed.clientId).not.toBe(account.clientId);
      const { status, errors } = refusalOf(await account.activity(true, false));
      expect([status, Object.keys(errors)]).toEqual([400, ['systemUrl']]);
      expect((await renewed.activity(true, false)).status).toBe(200);
    });

    it.each([
      ['no activity', { systemUrl: 'https://demo.retailcrm.ru' }, 'activity'],
      ['no active', { activity: { freeze: false }, systemUrl: 'https://demo.retailcrm.ru' }, 'active'],
      ['no freeze', { activity: { active: true }, systemUrl: 'https://demo.retailcrm.ru' }, 'freeze'],
      ['no systemUrl', { activity: { active: true, freeze: false } }, 'systemUrl'],
      ['a wrong type', { activity: { active: 'perhaps', freeze: false }, systemUrl: 'https://demo.retailcrm.ru' }, 'active'],
    ])('refuses an activity with %s', async (_, fields, field) => {
      const account = await Account.connect(
        deployment,
        open.find((one) => one.registrations.length > 0 && one.url === one.oldUrl) ?? nextCrm(),
      );
      const { status, errors } = refusalOf(await account.post('/activity', fields));
      expect([status, Object.keys(errors)]).toEqual([400, [field]]);
    });
  });

  describe('settings', () => {
    it('of the account are kept, and calculate follows them', async () => {
      const account = await Account.connect(deployment, nextCrm());
      const terms = async (): Promise<number | null | undefined> => {
        const tariffs = resultOf<wire.CallbackDeliveryResponseCalculate[]>(
          await account.calculate(wireCalculate(sampleOrder('moscowCourier'))),
          'CallbackDeliveryCalculateResponse',
        );
        return tariffs.find((tariff) => tariff.code === 'courier')?.minTerm;
      };
      expect(await terms()).toBeLessThan(10);
      const reply = await account.tellSettings({
        default_currency: { value: 'EUR', updated_at: '2026-01-01 10:00:00' },
        system_language: { value: 'es', updated_at: '2026-01-01 10:00:00' },
        timezone: { value: 'Europe/Madrid', updated_at: '2026-01-01 10:00:00' },
        work_times: [{ day_type: 'Monday', start_time: '09:00', end_time: '18:00', lunch_start_time: '13:00', lunch_end_time: '14:00' }],
        // All year but the last days of it and the first.
        non_working_days: [daysAround(new Date())],
        mg: { order_creation: { default: { site: 'x' }, channels: [] } },
      });
      expect(reply.json).toEqual({ success: true });
      expect(await connectionOf(account.crm)).toMatchObject({
        account: {
          timeZone: 'Europe/Madrid',
          language: 'es',
          currency: 'EUR',
          workTimes: [{ day: 'Monday', start: '09:00', end: '18:00', lunchStart: '13:00', lunchEnd: '14:00' }],
          nonWorkingDays: [daysAround(new Date()) && expect.any(Object)],
        },
      });
      // Nobody works for the next twenty days.
      await until('calculate uses the new settings', async () => ((await terms()) ?? 0) >= 20, 5_000);
    });

    it('that cannot be read leave what was there', async () => {
      const account = await Account.connect(deployment, nextCrm());
      const reply = await account.tellSettings({
        default_currency: { value: 'rubles' },
        system_language: null,
        timezone: { value: 'Mars/Olympus' },
        work_times: [{ day_type: 'Someday', start_time: '25:99', end_time: 'x' }],
        non_working_days: [{ start_date: '13.45', end_date: 'x' }],
      });
      expect(reply.status).toBe(200);
      expect(await connectionOf(account.crm)).toMatchObject({
        account: { timeZone: 'Europe/Moscow', language: 'ru', currency: 'RUB', workTimes: [], nonWorkingDays: [] },
      });
    });

    it.each(['+03:00', 'GMT+3', 'EST', 'Etc/GMT-3', 'europe/moscow'])('with the zone %s keep the account usable', async (zone) => {
      const account = await Account.connect(
        deployment,
        open.find((one) => one.registrations.length > 0 && one.url === one.oldUrl) ?? nextCrm(),
      );
      expect((await account.tellSettings({ timezone: { value: zone } })).status).toBe(200);
      const { deliveryId } = await account.ship(`zone ${zone}`);
      resultOf(await account.get('/delivery/get', { deliveryId }), 'CallbackDeliveryGetResponse');
      expect((await account.tellSettings(account.crm.settings)).status).toBe(200);
    });
  });

  describe('after an upgrade', () => {
    it('asks for scopes that a key lacks, and registers with the new key', async () => {
      const crm = nextCrm();
      await Account.connect(deployment, crm);
      // A version before needed less.
      await deployment.stores.query(
        `UPDATE connection SET scopes = '{integration_read,integration_write}', version = version + 1 WHERE system_url = $1`,
        [crm.url],
      );
      crm.clear();
      await deployment.stopWorkers();
      await deployment.startWorker();
      await until('the scopes are asked for', () => crm.callsTo(/update-scopes/).length > 0);
      await until('the module is registered with the new key', () => crm.callsTo(EDIT).some((call) => call.status === 200));
      expect(new Set(crm.calls.map((call) => call.key)).size).toBe(2);
      await until('the scopes are known', async () => (await connectionOf(crm)).scopes.length === 4);
    });

    it('registers every connection again when PUBLIC_URL changes, and only then', async () => {
      const connected = open.filter((one) => one.registrations.length > 0);
      const account = await Account.connect(deployment, nextCrm());
      // What the tests before left behind is done first.
      await until(
        'nothing waits',
        async () => (await deployment.operator<{ total: number }>('GET', '/outbox?kind=registration&state=pending')).total === 0,
      );
      const before = account.crm.registrations.length;
      // A start with nothing changed registers nothing.
      await deployment.stopWorkers();
      await deployment.startWorker();
      deployment.variables.PUBLIC_URL = 'https://modules.example.com';
      await deployment.stopWorkers();
      await deployment.startWorker();
      await until('the new address is registered', () => account.registration.baseUrl === 'https://modules.example.com/courier/callbacks');
      expect(account.crm.registrations).toHaveLength(before + 1);
      expect(account.registration.clientId).toBe(account.clientId);
      const active = await Promise.all(connected.map(async (crm) => (await connectionsOf(crm)).some((one) => one.active && !one.frozen)));
      await until('all others are too', () =>
        connected.every((crm, index) => !active[index] || crm.registrations.at(-1)?.baseUrl?.startsWith('https://modules.example.com')),
      );
    });
  });
});

describe('modules.json', () => {
  const logo = '<svg xmlns="http://www.w3.org/2000/svg"><circle r="4"/></svg>';
  const modules = [
    { code: 'fast-riders', provider: 'courier', name: 'Fast Riders', countries: ['ES'], logo: 'logo.svg' },
    { code: 'courier', provider: 'courier' },
  ];
  let folder: string;
  let crm: CrmDouble;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'crossdock-modules-'));
    await writeFile(join(folder, 'logo.svg'), logo);
    await writeFile(join(folder, 'modules.json'), JSON.stringify({ modules }));
    crm = await CrmDouble.start();
    deployment = await Deployment.start({
      crms: [crm],
      workers: 0,
      variables: { MODULES_FILE: join(folder, 'modules.json'), MODULE_FAST_RIDERS_SECRET: 'a secret of its own' },
    });
  }, START_MS);
  afterAll(async () => {
    await deployment?.stop();
    await crm?.close();
    await rm(folder, { recursive: true });
  });

  it('names modules of the partner, each with its own secret and connections', async () => {
    const own = await Account.connect(deployment, crm, 'fast-riders');
    const baseUrl = `${deployment.url}/fast-riders/callbacks`;
    expect(own.registration).toMatchObject({ code: 'fast-riders', name: 'Fast Riders', availableCountries: ['ES'], baseUrl });
    expect((await deployment.send('/fast-riders/logo.svg')).bytes.toString()).toBe(logo);
    expect(refusalOf(await register(deployment, 'fast-riders', crm.registerField(deployment.secretOf('courier')))).status).toBe(401);
    const other = await Account.connect(deployment, crm, 'courier');
    expect(other.clientId).not.toBe(own.clientId);
    const { deliveryId } = await own.ship('1');
    // One module's connection is nobody in another module.
    expect(refusalOf(await other.post('/delivery/delete', { delete: { deliveryId } }, own.clientId)).status).toBe(403);
    expect(refusalOf(await other.delete(deliveryId)).status).toBe(404);
    expect(crm.complaints).toEqual([]);
  });
});

async function sessionOf(account: Account): Promise<string> {
  const page = await postForm(`${deployment.url}/${account.module}/account`, `clientId=${account.clientId}`);
  const token = /"token":"([^"]+)"/.exec(page.bytes.toString())?.[1];
  if (!token) throw new Error('the page holds no token');
  return token;
}

function settingsApi(token: string, values?: object | string): ReturnType<Deployment['send']> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return deployment.send('/courier/account/api/settings', {
    method: values === undefined ? 'GET' : 'PUT',
    headers: values === undefined ? { authorization: headers.authorization } : headers,
    ...(values !== undefined && { body: typeof values === 'string' ? values : JSON.stringify(values) }),
  });
}

/** From five days ago to twenty days ahead, as the CRM writes days of the year. */
function daysAround(now: Date): { start_date: string; end_date: string } {
  const day = (offset: number): string => new Date(now.getTime() + offset * 86_400_000).toISOString().slice(5, 10).replace('-', '.');
  return { start_date: day(-5), end_date: day(20) };
}
