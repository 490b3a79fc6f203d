import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Account, register } from './support/account.js';
import { AccountPage } from './support/account-page.js';
import { DELIVERY_SCOPES } from './support/crm.js';
import { Deployment, START_MS } from './support/deployment.js';
import { anyBackend } from './support/test-servers.js';
import { until } from './support/until.js';

let deployment: Deployment;

describe.each(anyBackend)('registration through the outbox, queue on %s', (backend) => {
  beforeAll(async () => {
    deployment = await Deployment.start({ backend, accounts: 13 });
  }, START_MS);
  afterAll(() => deployment?.stop());
  afterEach(() => expect(deployment.complaints()).toEqual([]));

  it('connects although the CRM does not take the registration just now, and registers later', async () => {
    const crm = deployment.nextCrm();
    crm.fail('*/edit', { kind: 'error-before', status: 500 }, 2);
    const reply = await register(deployment, 'courier', crm.registerField(deployment.getSecret('courier')));
    expect(reply.status).toBe(200);
    expect(crm.registrations).toEqual([]);
    await until('the outbox has registered the module', () => crm.registrations.length > 0);
    await until(
      'the connection says so',
      async () => (await deployment.getConnection(crm)).registrationError === null && (await deployment.getConnection(crm)).registeredAt,
    );
  });

  it('reads settings again that were unavailable when the account was connected, and shows that on the page', async () => {
    const crm = deployment.nextCrm();
    crm.fail('*/v5/settings', { kind: 'error-before', status: 403, errorMsg: 'Access denied' }, 100);
    const account = await Account.connect(deployment, crm);
    expect(await deployment.getConnection(crm)).toMatchObject({
      account: { timeZone: 'UTC', language: 'en' },
      settingsError: expect.stringContaining('Access denied'),
      settingsAskedAgainAt: expect.any(String),
    });
    expect((await AccountPage.open(account)).notices).toEqual([expect.stringContaining('could not be read from the CRM')]);
    const askNow = (): Promise<unknown> =>
      deployment.stores.query(`UPDATE connection SET settings_due_at = now() WHERE system_url = $1 AND settings_due_at IS NOT NULL`, [
        crm.url,
      ]);
    crm.clear();
    await askNow();
    await until('they are asked for', () => crm.calls.length > 0, 30_000);
    // Refused again: not before a pause.
    const again = Date.parse((await deployment.getConnection(crm)).settingsAskedAgainAt ?? '');
    expect(again - Date.now()).toBeGreaterThan(60_000);
    crm.recover();
    await askNow();
    await until('the module is registered in the language of the account', () => crm.registrations.length > 1, 30_000);
    const connection = await deployment.getConnection(crm);
    expect(connection).toMatchObject({ account: { timeZone: 'Europe/Moscow', language: 'ru' } });
    expect(connection).not.toHaveProperty('settingsError');
    expect((await AccountPage.open(account)).notices).toEqual([]);
  });

  it('shows and saves settings only for its own connection, and registers the module again', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm());
    const page = await AccountPage.open(account);
    const before = await page.read();
    expect(before.status).toBe(200);
    const { schema, values } = before.json as { schema: object; values: { trackPrefix: string; cutOffHour: number } };
    expect(JSON.stringify(schema)).toContain('trackPrefix');
    const registrations = account.crm.registrations.length;
    const saved = await page.save({ ...values, trackPrefix: 'ZZ' });
    expect([saved.status, (saved.json as { values: { trackPrefix: string } }).values.trackPrefix]).toEqual([200, 'ZZ']);
    await until('the module is registered anew', () => account.crm.registrations.length > registrations);
    expect((await account.ship('4001')).trackNumber).toMatch(/^ZZ/);
    expect(account.registration.clientId).toBe(account.clientId);
  });

  it('leaves the shop’s choices in the CRM, and changes its language immediately', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm());
    const { crm } = account;
    const sent = account.registration.integrations?.delivery?.settings;
    expect(sent).toMatchObject({ defaultPayerType: 'receiver' });
    const module = crm.findModule('courier');
    const chosen = { ...sent, defaultPayerType: 'sender', paymentTypes: [{ code: 'cash', active: true, cod: true }] };
    crm.changeModule('courier', { ...module, integrations: { delivery: { ...module?.integrations?.delivery, settings: chosen } } });
    crm.clear();
    expect((await account.tellSettings({ ...crm.settings, system_language: { value: 'es' } })).status).toBe(200);
    await until('the module is registered in Spanish', () => crm.registrations.length > 1, 5_000);
    expect(crm.calls.map((call) => call.path)).toEqual(['/api/v5/integration-modules/courier', '/api/v5/integration-modules/courier/edit']);
    expect(account.registration.name).toBe('Mensajería');
    expect(account.registration.integrations?.delivery).not.toHaveProperty('settings');
    expect(crm.findModule('courier')?.integrations?.delivery?.settings).toEqual(chosen);
    // A repeat changes nothing. Rows that the CRM accepted are marked a moment later.
    const countPending = async (): Promise<number> =>
      (await deployment.operator<{ total: number }>('GET', `/outbox?kind=registration&state=pending`)).total;
    await until('no registration waits', async () => (await countPending()) === 0);
    await account.tellSettings({ ...crm.settings, system_language: { value: 'es' } });
    expect(await countPending()).toBe(0);
    // The module was removed in the CRM: all of it is new there.
    crm.removeModules();
    await deployment.operator('POST', `/connections/${(await deployment.getConnection(crm)).id}/register`);
    await until('it is registered again', () => crm.registrations.length > 2);
    expect(account.registration.integrations?.delivery?.settings).toEqual(sent);
  });

  it.each([
    ['refuses', 403],
    ['fails at', 500],
  ])('registers although the CRM %s the read of the present registration', async (_, status) => {
    const crm = deployment.nextCrm();
    crm.fail('*/integration-modules/courier', { kind: 'error-before', status }, 100);
    const account = await Account.connect(deployment, crm);
    crm.recover();
    expect(account.registration.integrations?.delivery).toHaveProperty('settings');
    expect(await deployment.getConnection(crm)).toMatchObject({ registrationError: null, registeredAt: expect.any(String) });
  });

  it('keeps what the CRM answers: tokens sealed, the rest for the operator and the page', async () => {
    const crm = deployment.nextCrm();
    const info = {
      deliveryType: { id: 7, code: 'courier-type' },
      mgTransport: { endpointUrl: 'https://mg.example/api', token: 'transport-token' },
      mgBot: [],
      notExistUsersIds: { 0: '15', 1: 4 },
      notExistSiteCodes: ['closed-shop'],
      billingInfo: { price: '990', priceWithDiscount: 890.5, currency: { code: 'RUB', name: 'Рубль' }, billingType: 'month' },
    };
    crm.fail('*/edit', { kind: 'odd-reply', fields: { info } });
    const account = await Account.connect(deployment, crm);
    const billingInfo = { price: 990, priceWithDiscount: 890.5, currency: 'RUB', billingType: 'month' };
    const shown = await deployment.getConnection(crm);
    expect(shown).toMatchObject({
      registrationReply: {
        deliveryType: 'courier-type',
        mgTransport: { endpointUrl: 'https://mg.example/api' },
        unknownUsers: [15, 4],
        unknownSites: ['closed-shop'],
        billingInfo,
      },
      chatTokens: 'set',
      billingInfo: { ...billingInfo, at: expect.any(String) },
    });
    const [row] = await deployment.stores.query<{ row: string }>('SELECT c::text AS row FROM connection c WHERE id = $1', [shown.id]);
    expect(JSON.stringify(shown) + (row?.row ?? '')).not.toContain('transport-token');
    const { notices } = await AccountPage.open(account);
    expect(notices).toEqual([expect.stringContaining('id, которым'), expect.stringContaining('closed-shop')]);
    // The price changes. Invalid billing data is not a reason to reject the callback.
    const activity = { activity: { active: true, freeze: false }, systemUrl: crm.url };
    expect((await account.post('/activity', { ...activity, billingInfo: { price: 1200 } })).status).toBe(200);
    expect((await account.post('/activity', { ...activity, billingInfo: 'gratis' })).status).toBe(200);
    expect((await deployment.getConnection(crm)).billingInfo).toEqual({ price: 1200, at: expect.any(String) });
  });

  describe('after an upgrade', () => {
    it('asks for scopes that a key lacks, and registers with the new key', async () => {
      const crm = deployment.nextCrm();
      await Account.connect(deployment, crm);
      // A version before needed less.
      await deployment.stores.query(
        `UPDATE connection SET scopes = '{integration_read,integration_write}', attempted_hash = NULL, version = version + 1 WHERE system_url = $1`,
        [crm.url],
      );
      crm.clear();
      await deployment.stopWorkers();
      await deployment.startWorker();
      await until('the scopes are asked for', () => crm.callsTo('integration.updateScopes').length > 0);
      await until('the module is registered with the new key', () => crm.callsTo('integration.edit').some((call) => call.status === 200));
      expect(new Set(crm.calls.map((call) => call.key)).size).toBe(2);
      await until('the scopes are known', async () => (await deployment.getConnection(crm)).scopes.length === DELIVERY_SCOPES.length);
    });

    it('leaves alone what the CRM has refused, until something changes or a day has passed', async () => {
      const [refused, narrow, fine] = [deployment.nextCrm(), deployment.nextCrm(), deployment.nextCrm()];
      for (const crm of [refused, narrow, fine]) await Account.connect(deployment, crm);
      const { id } = await deployment.getConnection(refused);
      refused.fail('*/edit', { kind: 'error-before', status: 400, errorMsg: 'Country XX is not known' }, 1000);
      narrow.fail('*/update-scopes', { kind: 'odd-reply', fields: { apiKey: undefined } }, 1000);
      await deployment.stores.query(
        `UPDATE connection SET scopes = '{integration_read,integration_write}', attempted_hash = NULL, version = version + 1 WHERE system_url = $1`,
        [narrow.url],
      );
      await deployment.stores.query(
        `UPDATE connection SET registered_hash = 'of before', attempted_hash = 'of before' WHERE system_url = $1`,
        [refused.url],
      );
      for (const crm of [refused, narrow]) crm.clear();
      const upgrade = async (): Promise<void> => {
        const before = fine.registrations.length;
        await deployment.stores.query(
          `UPDATE connection SET registered_hash = 'of before', attempted_hash = 'of before' WHERE system_url = $1`,
          [fine.url],
        );
        // An attempt of a connection that is fine shows that all were looked at.
        await deployment.stopWorkers();
        await deployment.startWorker();
        await until('the check is over', () => fine.registrations.length > before);
        await until('nothing waits', async () => {
          await deployment.ageRefusals('registration');
          return (await deployment.operator<{ total: number }>('GET', '/outbox?kind=registration&state=pending')).total === 0;
        });
      };
      const edits = (): number[] => [refused, narrow].map((crm) => crm.callsTo('integration.edit').length);
      const failed = async (): Promise<number> =>
        (await deployment.operator<{ total: number }>('GET', `/outbox?connection=${id}&kind=registration&state=failed`)).total;
      // Twice, because at the first refusal nothing is set aside, and each time also without widgets.
      await upgrade();
      expect([edits(), await failed()]).toEqual([[4, 1], 1]);
      await upgrade();
      expect([edits(), await failed()]).toEqual([[4, 1], 1]);
      expect(await deployment.getConnection(refused)).toMatchObject({
        registrationError: expect.stringContaining('Country XX is not known'),
        registrationAdvice: expect.stringContaining(`POST /operator/api/connections/${id}/register`),
      });
      expect((await deployment.getConnection(narrow)).registrationAdvice).toMatch(/lacks notification_write.*connect the module again/);
      expect((await deployment.getConnection(fine)).registrationAdvice).toBeUndefined();
      // A day later, and still one entry for the operator.
      await deployment.stores.query(`UPDATE connection SET attempted_at = now() - interval '25 hours' WHERE system_url = $1`, [
        refused.url,
      ]);
      await upgrade();
      expect([edits(), await failed()]).toEqual([[8, 1], 1]);
      refused.recover();
      await deployment.operator('POST', `/connections/${id}/register`);
      await until('it is registered', async () => (await deployment.getConnection(refused)).registrationError === null);
      expect(await failed()).toBe(0);
    });

    it('registers every connection again when PUBLIC_URL changes, and only then', async () => {
      const connected = deployment.crms.filter((one) => one.registrations.length > 0);
      const account = await Account.connect(deployment, deployment.nextCrm());
      // Messages of the previous tests are sent first.
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
      const active = await Promise.all(
        connected.map(async (crm) => (await deployment.listConnections(crm)).some((one) => one.active && !one.frozen)),
      );
      await until('all others are too', () =>
        connected.every((crm, index) => !active[index] || crm.registrations.at(-1)?.baseUrl?.startsWith('https://modules.example.com')),
      );
    });
  });
});

describe('a new version, for many accounts', () => {
  const ACCOUNTS = 60;

  beforeAll(async () => {
    deployment = await Deployment.start({ accounts: ACCOUNTS, variables: { MODULES: 'courier' } });
    for (let n = 0; n < ACCOUNTS; n++) await Account.connect(deployment, deployment.nextCrm());
  }, START_MS);
  afterAll(() => deployment?.stop());

  it('registers each once, a few at a time, however many workers check simultaneously', async () => {
    const crms = deployment.crms.filter((crm) => crm.registrations.length > 0);
    const waiting = async (): Promise<number> =>
      (await deployment.operator<{ total: number }>('GET', '/outbox?kind=registration&state=pending')).total;
    await until('nothing waits', async () => (await waiting()) === 0);
    await deployment.stopWorkers();
    for (const crm of crms) crm.clear();
    deployment.variables.PUBLIC_URL = 'https://modules.example.com';
    const started = performance.now();
    await Promise.all([deployment.startWorker(), deployment.startWorker(), deployment.startWorker()]);
    const count = (method: string): number[] => crms.map((crm) => crm.callsTo(`integration.${method}`).length);
    await until('all are registered', () => count('edit').every((edits) => edits > 0), 60_000);
    // The second batch waits for its turn.
    expect(performance.now() - started).toBeGreaterThan(5_000);
    // The CRM has the last call before its worker has stored the reply.
    await until('nothing waits', async () => (await waiting()) === 0);
    // A worker that starts checks once more.
    await deployment.startWorker();
    await deployment.settled();
    expect([...new Set(count('edit')), ...new Set(count('get'))]).toEqual([1, 1]);
    expect(new Set(crms.map((crm) => crm.calls.length))).toEqual(new Set([2]));
  });
});
