import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Account, readRefusal } from './support/account.js';
import { AccountPage } from './support/account-page.js';
import { Deployment, START_MS } from './support/deployment.js';
import { HookService } from './support/hook-service.js';
import type { Reply } from './support/reply.js';
import { anyBackend } from './support/test-servers.js';

const MODULE = 'hooked-carrier';
/** Milliseconds; a call that hangs is over then. */
const BUDGET_MS = 1500;

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

describe.each(anyBackend)('what stands at a service, queue on %s', (backend) => {
  beforeAll(async () => {
    service = await HookService.start();
    deployment = await Deployment.start({
      backend,
      accounts: 8,
      withFakeCarrier: true,
      variables: { PROVIDER_BUDGET_MS: String(BUDGET_MS) },
    });
  }, START_MS);
  afterAll(async () => {
    await deployment?.stop();
    await service?.close();
  });
  beforeEach(async () => {
    account = await Account.connect(deployment, deployment.nextCrm(), MODULE);
    page = await AccountPage.open(account);
    connection = (await deployment.getConnection(account.crm)).id;
  });
  afterEach(() => {
    service.reset();
    expect(deployment.complaints()).toEqual([]);
  });

  describe('a check', () => {
    it('stops a save that the service refuses, by field, and nothing is stored', async () => {
      const refusal = readRefusal(await page.save(build({ apiKey: 'wrong' })));
      expect(refusal).toMatchObject({ status: 400, errors: { apiKey: 'is not accepted' } });
      expect(await readSealed()).toBeNull();
      expect(await read('*', 'connection_service', 'connection_id')).toEqual([]);
      expect(service.hooks).toEqual([]);
      expect((await deployment.getConnection(account.crm)).refusedCalls).toEqual([]);
    });

    it('says who the account is, and warns without stopping', async () => {
      const saved = await page.save(build({ webhookSecret: 'weak-secret-of-shop' }));
      expect(saved.status).toBe(200);
      const check = { state: 'ok', account: 'Shop of Anna', warnings: { webhookSecret: 'is weak' }, at: expect.any(String) };
      expect(saved.json).toMatchObject({ service: { check } });
      expect((await page.read()).json).toMatchObject({ service: { check } });
    });

    it('lets a save through while the service is away, and says so', async () => {
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
});
