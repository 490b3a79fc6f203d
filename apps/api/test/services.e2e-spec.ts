import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Account, readRefusal } from './support/account.js';
import { AccountPage } from './support/account-page.js';
import { Deployment, START_MS } from './support/deployment.js';
import { HookService } from './support/hook-service.js';
import type { Reply } from './support/reply.js';
import { anyBackend } from './support/test-servers.js';
import { until } from './support/until.js';

const MODULE = 'hooked-carrier';
/** Milliseconds after which a hanging call is aborted. */
const BUDGET_MS = 4000;

let deployment: Deployment;
let service: HookService;
let account: Account;
let page: AccountPage;
let connection: string;

const build = (changes: object = {}): object => ({
  ...{ baseUrl: service.url, apiKey: service.apiKey, webhookSecret: 'a-strong-secret-of-it' },
  ...changes,
});
const post = (path: string, body?: object): Promise<Reply> =>
  deployment.send(`/${MODULE}/account/api/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${page.token}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
const read = async <Found extends object>(column: string, from: string, key: string): Promise<Found[]> =>
  deployment.stores.query<Found>(`SELECT ${column} FROM ${from} WHERE ${key} = $1`, [connection]);
const readSealed = async (): Promise<string | null | undefined> =>
  (await read<{ sealed: string | null }>('settings_sealed AS sealed', 'connection', 'id'))[0]?.sealed;

/** The connection's webhook address. */
const getAddress = (): string => `${deployment.variables.PUBLIC_URL}/${MODULE}/webhooks/${connection}`;
const viewService = async (): Promise<{ state: string; problem?: string }> =>
  ((await page.read()).json as { service: { state: string; problem?: string } }).service;
const reach = (state: string): Promise<unknown> => until(`it is ${state}`, async () => (await viewService()).state === state);
/** As if the time until the next try had passed. */
const makeDue = (): Promise<unknown> =>
  deployment.stores.query(`UPDATE provider_setup SET due_at = now(), lease_until = '-infinity' WHERE connection_id = $1`, [connection]);
const readMemory = async (): Promise<string | null | undefined> =>
  (await read<{ sealed: string | null }>('service_memory_sealed AS sealed', 'connection', 'id'))[0]?.sealed;

/** Tests' hold on an account that is new for each of them. */
async function begin(): Promise<void> {
  account = await Account.connect(deployment, deployment.nextCrm(), MODULE);
  page = await AccountPage.open(account);
  connection = (await deployment.getConnection(account.crm)).id;
}

describe.each(anyBackend)('the setup at a service, queue on %s', (backend) => {
  const services: HookService[] = [];

  beforeAll(async () => {
    service = await HookService.start();
    services.push(service);
    deployment = await Deployment.start({
      backend,
      accounts: 26,
      withFakeCarrier: true,
      variables: { PROVIDER_BUDGET_MS: String(BUDGET_MS) },
    });
  }, START_MS);
  afterAll(async () => {
    await deployment?.stop();
    await Promise.all(services.map((one) => one.close()));
  });
  beforeEach(begin);
  afterEach(async () => {
    // On a slow machine a connection of an earlier test would come back to the service after a minute.
    await deployment.stores.query('UPDATE provider_setup SET due_at = NULL');
    // A running set-up would create its webhook after the reset.
    const running = 'SELECT 1 FROM provider_setup WHERE lease_until > now()';
    await until('no set-up is running', async () => (await deployment.stores.query(running)).length === 0);
    service.reset();
    expect(deployment.complaints()).toEqual([]);
  });

  describe('a check', () => {
    it('stops a save that the service refuses, by field, and nothing is stored', async () => {
      const refusal = readRefusal(await page.save(build({ apiKey: 'wrong' })));
      expect(refusal).toMatchObject({ status: 400, errors: { apiKey: 'is not accepted' } });
      expect(await readSealed()).toBeNull();
      expect(await read('*', 'provider_setup', 'connection_id')).toEqual([]);
      expect(service.hooks).toEqual([]);
      expect((await deployment.getConnection(account.crm)).rejectedCalls).toEqual([]);
    });

    it('shows who the account is, and warns without stopping', async () => {
      const saved = await page.save(build({ webhookSecret: 'weak-secret-of-shop' }));
      expect(saved.status).toBe(200);
      const check = { state: 'ok', account: 'Shop of Anna', warnings: { webhookSecret: 'is weak' }, at: expect.any(String) };
      expect(saved.json).toMatchObject({ service: { check } });
      expect((await page.read()).json).toMatchObject({ service: { check } });
    });

    it('lets a save through while the service is unavailable, and reports that', async () => {
      service.fail('account', { kind: 'hang' });
      const saved = await page.save(build());
      expect(saved.status).toBe(200);
      expect(saved.json).toMatchObject({ service: { check: { state: 'away', message: expect.stringContaining('Hook Service') } } });
      expect(await readSealed()).toMatch(/^v1\./);
    });

    it('tries other settings without storing them, or the stored ones, for the page and the operator', async () => {
      expect((await page.save(build())).status).toBe(200);
      const before = await readSealed();
      const tried = await post('check', build({ apiKey: 'wrong' }));
      expect([tried.status, tried.json]).toMatchObject([200, { state: 'errors', errors: { apiKey: 'is not accepted' } }]);
      expect(await readSealed()).toBe(before);
      expect((await page.read()).json).toMatchObject({ service: { check: { state: 'ok' } } });
      service.fail('account', { kind: 'error-before', status: 503 });
      expect((await post('check')).json).toMatchObject({ state: 'away', errors: {}, warnings: {} });
      expect((await page.read()).json).toMatchObject({ service: { check: { state: 'away' } } });
      // A secret that is left out is the stored one.
      const masked = build({ apiKey: { set: true } });
      const asked = await deployment.operator('POST', `/connections/${connection}/check`, masked);
      expect(asked).toMatchObject({ state: 'ok', account: 'Shop of Anna' });
      expect(readRefusal(await post('check', build({ webhookSecret: 'short' })))).toMatchObject({
        status: 400,
        errors: { webhookSecret: expect.any(String) },
      });
    });
  });

  describe('a connection', () => {
    it('is set up when its settings are saved, once, and what it remembers is sealed', async () => {
      const saved = await page.save(build());
      expect(saved.json).toMatchObject({ service: { check: { state: 'ok' } } });
      // On a busy machine the save may end before.
      await until('it is set up', async () => JSON.stringify((await page.read()).json).includes('"state":"connected"'));
      expect(service.hooks.map(({ url }) => url)).toEqual([getAddress()]);
      expect(await readMemory()).toMatch(/^v1\./);
      expect((await page.save(build())).json).toMatchObject({ service: { state: 'connected' } });
      expect(service.count('create')).toBe(1);
      const shown = await deployment.operator<{ services: object[] }>('GET', `/connections/${connection}`);
      expect(shown.services).toMatchObject([{ provider: MODULE, state: 'connected', wanted: true, address: getAddress(), tries: 0 }]);
      for (const secret of service.secrets.values()) expect(JSON.stringify([shown, saved.json])).not.toContain(secret);
    });

    it('is checked every hour, which changes nothing', async () => {
      // Connections of other tests whose service was unavailable are checked until it is back.
      const apiKey = 'key-of-one-account';
      service.accept(apiKey);
      await page.save(build({ apiKey }));
      // Its registration changes the connection.
      const waiting = `/outbox?connection=${connection}&state=pending`;
      await until('it is registered', async () => (await deployment.operator<{ total: number }>('GET', waiting)).total === 0);
      const readState = async (): Promise<object[]> => [
        await read('version, service_memory_sealed', 'connection', 'id'),
        await read("state, address, detail, tries, due_at > now() + interval '50 minutes' AS waits", 'provider_setup', 'connection_id'),
      ];
      const before = await readState();
      expect(before[1]).toMatchObject([{ waits: true, tries: 0 }]);
      const asked = service.count('list', apiKey);
      await makeDue();
      await until('it is looked at', () => service.count('list', apiKey) > asked);
      await until('that is stored', async () => JSON.stringify(await readState()) === JSON.stringify(before));
      expect([service.count('create'), service.count('move'), service.count('remove')]).toEqual([1, 0, 0]);
      // A check is a day old before it is made again.
      expect(service.count('account', apiKey)).toBe(1);
    });

    it('leaves what others set up, and replaces it with consent', async () => {
      service.occupy('https://other.example/hook?token=theirs');
      expect((await page.save(build())).json).toMatchObject({
        service: { state: 'conflict', conflict: [{ about: 'Shop of Anna', address: 'https://other.example/hook' }] },
      });
      expect((await post('connect')).json).toMatchObject({ state: 'conflict' });
      expect(service.hooks).toHaveLength(1);
      expect(readRefusal(await post('connect', { replace: 'yes' }))).toMatchObject({
        status: 400,
        errors: { replace: expect.any(String) },
      });
      expect((await post('connect', { replace: true })).json).toMatchObject({ state: 'connected' });
      expect(await viewService()).not.toHaveProperty('conflict');
      expect(service.hooks.map(({ url }) => url)).toEqual([getAddress()]);
    });

    it('shows the steps that only a user can do, in the language of the account', async () => {
      service.modes.isManual = true;
      const manual = [{ address: getAddress(), events: ['order.changed'], text: 'В разделе «Вебхуки»' }];
      expect((await page.save(build())).json).toMatchObject({ service: { state: 'manual', manual } });
      service.modes.isManual = false;
      const asked = await deployment.operator('POST', `/connections/${connection}/connect`);
      expect(asked).toMatchObject({ state: 'connected' });
    });

    it('of a service that is unavailable is saved, reported, and checked and set up later', async () => {
      service.fail('account', { kind: 'error-before', status: 503 });
      service.fail('list', { kind: 'error-before', status: 503 });
      expect((await page.save(build())).json).toMatchObject({
        service: { state: 'failed', problem: expect.stringContaining('Hook Service'), check: { state: 'away' } },
      });
      expect(service.hooks).toEqual([]);
      await makeDue();
      await reach('connected');
      expect(await viewService()).toMatchObject({ check: { state: 'ok', account: 'Shop of Anna' } });
      expect(await viewService()).not.toHaveProperty('problem');
      expect(service.hooks).toHaveLength(1);
    });

    it('is taken down when the account switches the module off, and set up when it is on again', async () => {
      await page.save(build());
      await account.activity(true, true);
      await account.activity(false, false);
      await reach('removed');
      expect(service.hooks).toEqual([]);
      expect(await read('due_at', 'provider_setup', 'connection_id')).toEqual([{ due_at: null }]);
      expect(service.count('remove')).toBe(1);
      await account.activity(true, false);
      await reach('connected');
      expect(service.hooks.map(({ url }) => url)).toEqual([getAddress()]);
    });

    it('stays while the account is frozen', async () => {
      await page.save(build());
      await account.activity(true, true);
      await makeDue();
      const asked = service.count('list');
      await until('it is looked at', () => service.count('list') > asked);
      expect([service.hooks.length, service.count('remove')]).toEqual([1, 0]);
    });

    it('is set up again when an account connects again that had left', async () => {
      await page.save(build());
      await account.activity(false, false);
      await reach('removed');
      account = await Account.connect(deployment, account.crm, MODULE);
      page = await AccountPage.open(account);
      await reach('connected');
      expect(service.hooks).toHaveLength(1);
    });

    it('is set up by one process at a time', async () => {
      service.fail('list', { kind: 'delay', ms: 500 });
      const save = page.save(build());
      await until('it is being set up', () => service.count('list') > 0);
      const other = readRefusal(await post('connect', { replace: true }));
      expect([other.status, other.errorMsg]).toEqual([409, expect.stringContaining('прямо сейчас')]);
      expect((await save).json).toMatchObject({ service: { state: 'connected' } });
      expect(service.count('list')).toBe(1);
    });

    it('that becomes due while its result waits to be stored is looked at again', async () => {
      service.fail('list', { kind: 'delay', ms: 300 });
      const save = page.save(build());
      await until('it is being set up', () => service.count('list') > 0);
      const change = deployment.stores.query(`DO $$ BEGIN
        PERFORM FROM connection WHERE id = '${connection}' FOR UPDATE;
        PERFORM pg_sleep(1.5);
        UPDATE provider_setup SET due_at = clock_timestamp() WHERE connection_id = '${connection}';
      END $$`);
      await Promise.all([save, change]);
      await until('it is looked at', () => service.count('list') > 1);
    });

    it('whose settings change while it is set up is set up with the new ones', async () => {
      service.fail('list', { kind: 'delay', ms: 1000 });
      const first = page.save(build());
      await until('it is being set up', () => service.count('list') > 0);
      await page.save(build({ webhookSecret: 'another-secret-of-it' }));
      await first;
      await until('it is set up again', () => service.count('list') === 2);
      await until('that is stored', async () => {
        const [row] = await read<{ waits: boolean }>(`due_at > now() + interval '50 minutes' AS waits`, 'provider_setup', 'connection_id');
        return row?.waits;
      });
      expect(service.hooks).toHaveLength(1);
    });

    it('may not remember more than 16 KiB', async () => {
      expect((await page.save(build({ webhookSecret: 'huge-secret-of-this' }))).json).toMatchObject({
        service: { state: 'failed', problem: expect.stringContaining('журнал') },
      });
      expect(await readMemory()).toBeNull();
    });

    it('is found when it was saved before its provider could set itself up, and moved when PUBLIC_URL changed', async () => {
      await page.save(build());
      const [hook] = service.hooks;
      const restart = async (): Promise<void> => {
        await deployment.stopWorkers();
        await deployment.stopApi();
        await deployment.startApi();
        await deployment.startWorker();
      };
      await deployment.stores.query('DELETE FROM provider_setup WHERE connection_id = $1', [connection]);
      await restart();
      await until('it is found', async () => (await read('1', 'provider_setup', 'connection_id')).length > 0);
      await makeDue();
      await reach('connected');
      const before = getAddress();
      expect(service.hooks).toEqual([{ id: hook?.id, url: before }]);
      deployment.variables.PUBLIC_URL = `http://localhost:${deployment.variables.PORT}`;
      await restart();
      await until('it is moved', () => service.hooks[0]?.url === getAddress());
      expect(getAddress()).not.toBe(before);
      expect([service.hooks.length, service.hooks[0]?.id, service.count('create')]).toEqual([1, hook?.id, 1]);
      await until('that is stored', async () => (await read('address', 'provider_setup', 'connection_id'))[0]);
      expect(await viewService()).toMatchObject({ state: 'connected' });
    });
  });

  describe('that is being set up, when a process dies', () => {
    /** A shop with its own service, so that one kill meets several shops at different moments. */
    interface Shop {
      service: HookService;
      account: Account;
      page: AccountPage;
      connection: string;
    }
    beforeAll(() => {
      // A call that hangs is not over before the kill.
      deployment.variables.PROVIDER_BUDGET_MS = '60000';
    });

    /** Makes a new shop the one that the functions above act on. */
    const makeShop = async (): Promise<Shop> => {
      service = await HookService.start();
      services.push(service);
      await begin();
      return { service, account, page, connection };
    };
    const use = async (shop: Shop): Promise<void> => {
      ({ service, account, connection } = shop);
      page = await AccountPage.open(account);
    };
    /** Saves. The reply may be lost. */
    const save = (): Promise<unknown> => page.save(build()).catch(() => undefined);
    /** Expects that only the remembered webhook exists, and that no other one is made. */
    const expectOne = async (): Promise<void> => {
      await makeDue();
      await reach('connected');
      expect(service.hooks.map(({ url }) => url)).toEqual([getAddress()]);
      const made = service.count('create');
      expect((await post('connect')).json).toMatchObject({ state: 'connected' });
      expect(service.count('create')).toBe(made);
    };

    it('in the api: a check leaves nothing, stored settings are set up by a worker, and a webhook whose secret is lost is there once', async () => {
      await deployment.separate('api');
      const made = await makeShop();
      service.fail('create', { kind: 'hang' });
      const saving = [save()];
      await until('it is made', () => made.service.hooks.length > 0);
      const stored = await makeShop();
      service.fail('list', { kind: 'hang' });
      saving.push(save());
      await until('it is being set up', () => stored.service.count('list') > 0);
      const checked = await makeShop();
      service.fail('account', { kind: 'hang' });
      saving.push(save());
      await until('it is checked', () => checked.service.count('account') > 0);
      await deployment.killApi();
      await Promise.all(saving);
      await deployment.startApi();

      await use(checked);
      expect(await readSealed()).toBeNull();
      expect(await read('1', 'provider_setup', 'connection_id')).toEqual([]);
      expect(service.count('list')).toBe(0);
      await use(stored);
      expect(await readSealed()).toMatch(/^v1\./);
      expect(service.hooks).toEqual([]);
      await expectOne();
      await use(made);
      await expectOne();
    });

    it('in a worker: a webhook whose secret is lost exists once, and a removed webhook is gone', async () => {
      await deployment.separate('worker');
      const removed = await makeShop();
      await save();
      const made = await makeShop();
      service.fail('list', { kind: 'error-before' });
      await save();
      service.fail('create', { kind: 'hang' });
      await makeDue();
      await until('it is made', () => made.service.hooks.length > 0);
      await use(removed);
      service.fail('remove', { kind: 'hang' });
      await account.activity(false, false);
      await until('it is taken down', () => service.count('remove') > 0);
      await deployment.killWorkers();
      await deployment.startWorker();

      await makeDue();
      await reach('removed');
      expect(service.hooks).toEqual([]);
      await account.activity(true, false);
      await reach('connected');
      expect(service.hooks).toHaveLength(1);
      await use(made);
      await expectOne();
    });
  });
});
