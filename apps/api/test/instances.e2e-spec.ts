import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Locator } from 'playwright-core';
import type * as wire from '#crm-client/wire';
import { sampleOrder, wireCalculate } from '#testing';
import { Account, postForm, readRefusal, readResult, register } from './support/account.js';
import { AccountPage } from './support/account-page.js';
import { browserPath, startBrowser } from './support/browser.js';
import type { Crm } from './support/crm.js';
import { type ConnectionView, Deployment, START_MS } from './support/deployment.js';
import { openInCrm } from './support/open-in-crm.js';
import { until } from './support/until.js';

const MODULES = [
  { code: 'riders', provider: 'courier', name: 'Riders', multiAccount: true },
  { code: 'visits', provider: 'webvisits', name: 'Visits', multiAccount: true },
  { code: 'courier', provider: 'courier' },
];
const ORDER = sampleOrder('moscowCourier');

interface Instance {
  id: string;
  code: string;
  name?: string;
  title: string;
  state: string;
  problem?: string;
  isOpen: boolean;
}
interface Settings {
  trackPrefix: string;
  zones: { prices: { basePrice: number }[] }[];
}

let deployment: Deployment;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crossdock-instances-'));
  await writeFile(join(folder, 'modules.json'), JSON.stringify({ modules: MODULES }));
  deployment = await Deployment.start({ accounts: 16, variables: { MODULES_FILE: join(folder, 'modules.json') } });
}, START_MS);
afterAll(async () => {
  await deployment?.stop();
  await rm(folder, { recursive: true });
});
afterEach(() => expect(deployment.complaints()).toEqual([]));

/** The page's calls about instances, as JSON. Throws unless the reply is a list. */
async function list(page: AccountPage, ...call: Parameters<AccountPage['call']> | []): Promise<Instance[]> {
  const [verb = 'GET', path = 'instances', body] = call;
  const reply = await page.call(verb, path, body);
  if (reply.status >= 300) throw new Error(`${verb} ${path} answered ${reply.status}: ${reply.bytes.toString()}`);
  return (reply.json as { items: Instance[] }).items;
}

/** Connects the first instance and adds another. */
async function connectTwo(module = 'riders', name = 'Madrid'): Promise<{ crm: Crm; first: Account; second: Account; page: AccountPage }> {
  const crm = deployment.nextCrm();
  const first = await Account.connect(deployment, crm, module);
  const page = await AccountPage.open(first);
  const items = await list(page, 'POST', 'instances', { name });
  return { crm, first, second: first.findInstance(items[1]?.code ?? ''), page };
}

async function quote(account: Account): Promise<number | undefined> {
  const tariffs = readResult<wire.CallbackDeliveryResponseCalculate[]>(
    await account.calculate(wireCalculate(ORDER)),
    'CallbackDeliveryCalculateResponse',
  );
  return tariffs.find(({ code }) => code === 'courier')?.cost ?? undefined;
}

const connectionOf = async ({ crm, code }: Account): Promise<ConnectionView> => {
  const found = (await deployment.listConnections(crm)).find((one) => one.code === code);
  if (!found) throw new Error(`there is no ${code}`);
  return found;
};
const report = (deliveryId: string, code: string): Promise<unknown> =>
  deployment.operator('POST', '/deliveries/statuses', [{ deliveryId, code }]);
const registrationsOf = ({ crm, code }: Account): number => crm.registrations.filter((one) => one.code === code).length;
/** The key of the last call that registered an instance. */
const keyOf = ({ crm, code }: Account): string | undefined =>
  crm.callsTo('integration.edit').findLast((call) => call.path.endsWith(`/${code}/edit`))?.key;

describe('two instances of a module in one account', () => {
  it('are registered each under its own code, and take callbacks with their own settings', async () => {
    const { crm, first, second, page } = await connectTwo();
    expect(second.code).toMatch(/^riders-[a-z0-9]{8}$/);
    expect(first.registration).toMatchObject({ code: 'riders', integrationCode: 'riders', name: 'Riders' });
    expect(second.registration).toMatchObject({ code: second.code, integrationCode: 'riders', name: 'Riders: Madrid' });
    for (const field of ['baseUrl', 'accountUrl', 'logo'] as const) expect(second.registration[field]).toBe(first.registration[field]);
    expect(await list(page)).toMatchObject([
      { code: 'riders', title: 'Riders', state: 'active', isOpen: true },
      { code: second.code, name: 'Madrid', title: 'Riders: Madrid', state: 'active', isOpen: false },
    ]);
    const other = await AccountPage.open(second);
    const settings = await other.values<Settings>();
    const dearer = settings.zones.map((zone) => ({
      ...zone,
      prices: zone.prices.map((price) => ({ ...price, basePrice: price.basePrice + 12_300 })),
    }));
    expect((await other.save({ ...settings, trackPrefix: 'MD', zones: dearer })).status).toBe(200);
    const [cheap, dear] = [await quote(first), await quote(second)];
    expect(dear).toBe((cheap ?? 0) + 123);
    // The same order may travel with both.
    const [one, two] = [await first.ship('7'), await second.ship('7')];
    expect(two.deliveryId).not.toBe(one.deliveryId);
    expect([one.trackNumber?.startsWith('MD'), two.trackNumber?.startsWith('MD')]).toEqual([false, true]);
    expect(readRefusal(await first.delete(two.deliveryId)).status).toBe(404);
    await report(one.deliveryId, 'accepted');
    await report(two.deliveryId, 'sorting');
    await until(
      'both statuses are there',
      () => crm.listCodes(one.deliveryId).includes('accepted') && crm.listCodes(two.deliveryId).includes('sorting'),
    );
    const codes = crm.tracking.map((call) => `${call.path.split('/').at(-2)} ${JSON.parse(String(call.input.statusUpdate))[0].deliveryId}`);
    expect(new Set(codes)).toEqual(new Set([`riders ${one.deliveryId}`, `${second.code} ${two.deliveryId}`]));
    expect(await deployment.operator('GET', `/connections?code=${second.code}`)).toMatchObject({
      items: [{ module: 'riders', code: second.code, name: 'Madrid', systemUrl: crm.url }],
      total: 1,
    });
  });

  it('are switched off and frozen each for itself', async () => {
    const { first, second, page } = await connectTwo();
    await second.activity(true, true);
    expect((await list(page)).map(({ state }) => state)).toEqual(['active', 'frozen']);
    await second.activity(false, false);
    expect((await list(page)).map(({ state }) => state)).toEqual(['active', 'inactive']);
    expect(readRefusal(await second.calculate(wireCalculate(ORDER))).status).toBe(403);
    expect((await first.calculate(wireCalculate(ORDER))).status).toBe(200);
    // From what is switched off, nothing new comes.
    const off = await AccountPage.open(second);
    expect(readRefusal(await off.call('POST', 'instances', { name: 'Sevilla' })).status).toBe(400);
    // Connecting again renews both, but switches on only the first.
    await Account.connect(deployment, first.crm, 'riders');
    expect([await connectionOf(first), await connectionOf(second)]).toMatchObject([{ active: true }, { active: false }]);
  });

  it('follow a rename that either receives first', async () => {
    const { crm, first, second } = await connectTwo();
    const { deliveryId } = await first.ship('8');
    await crm.rename();
    expect((await second.activity(true, false)).status).toBe(200);
    expect((await deployment.listConnections(crm)).map(({ systemUrl }) => systemUrl)).toEqual([crm.newUrl, crm.newUrl]);
    expect((await first.activity(true, false)).json).toEqual({ success: true });
    await report(deliveryId, 'accepted');
    await until('the status is at the new address', () => crm.listCodes(deliveryId).includes('accepted'));
    expect(crm.tracking.at(-1)?.origin).toBe(crm.newUrl);
  });

  it('get a new key together, and are registered again with it', async () => {
    const { crm, first, second } = await connectTwo();
    const before = registrationsOf(second);
    crm.revokeKeys();
    const again = await Account.connect(deployment, crm, 'riders');
    expect(again.clientId).toBe(first.clientId);
    await until('the other one is registered again', () => registrationsOf(second) > before);
    expect(keyOf(second)).toBe(keyOf(first));
    expect(await deployment.listConnections(crm)).toHaveLength(2);
    const { deliveryId } = await second.ship('9');
    await report(deliveryId, 'accepted');
    await until('the status is there', () => crm.listCodes(deliveryId).includes('accepted'));
  });

  it('get a wider key together, for which one of them asked', async () => {
    const { crm, first, second } = await connectTwo('visits', 'Blog');
    crm.clear();
    await Account.connect(deployment, crm, 'visits', ['web_analytics_write']);
    await until('the other one is registered with the wider key', () => keyOf(second) !== undefined && keyOf(second) === keyOf(first));
    const asked = crm.callsTo('integration.updateScopes');
    expect(asked.map((call) => call.path.split('/').at(-2))).toEqual(['visits']);
    expect(keyOf(second)).not.toBe(asked[0]?.key);
    expect((await connectionOf(second)).scopes).toContain('web_analytics_write');
  });

  it('are renamed by the shop, which the CRM shows', async () => {
    const { crm, first, second, page } = await connectTwo();
    const id = (await connectionOf(second)).id;
    const renamed = await list(page, 'PUT', `instances/${id}`, { name: '  Málaga <1> ' });
    expect(renamed[1]).toMatchObject({ name: 'Málaga <1>', title: 'Riders: Málaga <1>' });
    await until('the CRM has the name', () => crm.findModule(second.code)?.name === 'Riders: Málaga <1>');
    // The first instance may get a name too. In the CRM it keeps the module's name.
    const named = await list(page, 'PUT', `instances/${(await connectionOf(first)).id}`, { name: 'Barcelona' });
    expect(named[0]).toMatchObject({ name: 'Barcelona', title: 'Riders' });
    for (const body of [{}, { name: '' }, { name: ' ' }, { name: 'x'.repeat(101) }, { name: 'a\nb' }, { name: 'barcelona' }]) {
      const { status, errors } = readRefusal(await page.call('PUT', `instances/${id}`, body));
      expect([status, Object.keys(errors)]).toEqual([400, ['name']]);
    }
    expect(readRefusal(await page.call('POST', 'instances', { name: 'BARCELONA' })).errors).toEqual({
      name: expect.stringContaining('другого подключения'),
    });
    expect(await list(page)).toHaveLength(2);
  });

  it('are removed one by one except for the last, while the other continues', async () => {
    const { crm, first, second, page } = await connectTwo();
    const id = (await connectionOf(first)).id;
    const kept = await second.ship('10');
    expect(await list(page, 'DELETE', `instances/${id}`)).toMatchObject([{ code: second.code }]);
    await until('the CRM has switched it off', () => crm.findModule('riders')?.active === false);
    expect(crm.findModule(second.code)?.active).toBe(true);
    expect(readRefusal(await first.calculate(wireCalculate(ORDER))).status).toBe(403);
    await report(kept.deliveryId, 'accepted');
    await until('the other one reports', () => crm.listCodes(kept.deliveryId).includes('accepted'));
    expect(readRefusal(await page.call('GET', 'instances')).status).toBe(401);
    const other = await AccountPage.open(second);
    const last = readRefusal(await other.call('DELETE', `instances/${(await connectionOf(second)).id}`));
    expect([last.status, last.errorMsg]).toEqual([400, expect.stringContaining('единственное')]);
    expect(readRefusal(await other.call('DELETE', `instances/${id}`)).status).toBe(404);
    // The CRM can still open the page of the removed instance. It shows the remaining ones.
    const left = await AccountPage.open(first);
    expect(await list(left)).toMatchObject([{ code: second.code, isOpen: true }]);
    const added = await list(left, 'POST', 'instances', { name: 'Madrid 2' });
    expect(added.map(({ code }) => code)).toEqual([second.code, expect.stringMatching(/^riders-[a-z0-9]{8}$/)]);
    expect(added[1]?.code).not.toBe(second.code);
    // Connecting again brings the first back.
    await Account.connect(deployment, crm, 'riders');
    expect((await list(left)).map(({ code }) => code)).toEqual(['riders', ...added.map(({ code }) => code)]);
  });

  it('are not both removed at the same time', async () => {
    const { page, crm } = await connectTwo();
    const ids = (await deployment.listConnections(crm)).map(({ id }) => id);
    const replies = await Promise.all(ids.map((id) => page.call('DELETE', `instances/${id}`)));
    const [removed, refused] = replies.map(({ status }) => status).sort();
    // The page that asked may have ended with its connection.
    expect([removed, refused === 400 || refused === 401]).toEqual([200, true]);
    expect((await deployment.listConnections(crm)).filter(({ disconnectedAt }) => disconnectedAt === null)).toHaveLength(1);
  });

  it('show why the CRM does not take one', async () => {
    const crm = deployment.nextCrm();
    const page = await AccountPage.open(await Account.connect(deployment, crm, 'riders'));
    crm.fail('*/edit', {
      kind: 'error-before',
      status: 400,
      errorMsg: 'Errors in the entity format',
      errors: { code: 'only one is allowed' },
    });
    const [, added] = await list(page, 'POST', 'instances', { name: 'Madrid' });
    expect(added).toMatchObject({ state: 'pending', problem: expect.stringContaining('only one is allowed') });
  });

  it('become one instance after many simultaneous registrations', async () => {
    const crm = deployment.nextCrm();
    const field = (): object => crm.registerField(deployment.getSecret('riders'));
    const replies = await Promise.all([register(deployment, 'riders', field()), register(deployment, 'riders', field())]);
    expect(replies.map(({ status }) => status)).toEqual([200, 200]);
    expect(await deployment.listConnections(crm)).toHaveLength(1);
  });

  it('are hidden from other accounts and other modules', async () => {
    const { second } = await connectTwo();
    const id = (await connectionOf(second)).id;
    const stranger = await AccountPage.open(await Account.connect(deployment, deployment.nextCrm(), 'riders'));
    const neighbour = await AccountPage.open(await Account.connect(deployment, second.crm, 'visits'));
    for (const page of [stranger, neighbour]) {
      expect(await list(page)).toHaveLength(1);
      expect(readRefusal(await page.call('PUT', `instances/${id}`, { name: 'Mine' })).status).toBe(404);
      expect(readRefusal(await page.call('DELETE', `instances/${id}`)).status).toBe(404);
      expect(readRefusal(await page.call('POST', `instances/${id}/open`)).status).toBe(404);
    }
    expect((await connectionOf(second)).name).toBe('Madrid');
    expect(readRefusal(await deployment.send('/riders/account/api/instances')).status).toBe(401);
  });

  it('are refused for a module that allows one', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm());
    const page = await AccountPage.open(account);
    for (const call of [page.call('GET', 'instances'), page.call('POST', 'instances', { name: 'Madrid' })])
      expect(readRefusal(await call)).toMatchObject({ status: 404, errorMsg: expect.stringContaining('только один раз') });
    const html = (await postForm(`${deployment.url}/courier/account`, `clientId=${account.clientId}`)).bytes.toString();
    expect(html).not.toContain('id="instances"');
    expect(await deployment.operator('GET', '/modules')).toMatchObject({
      items: MODULES.map(({ code, multiAccount = false }) => ({ code, multiAccount })),
    });
  });
});

(browserPath === undefined ? describe.skip : describe)('the page of a module that may have several instances', () => {
  it('adds, opens and renames one, and removes it after a question', async () => {
    const crm = deployment.nextCrm();
    crm.settings = { ...crm.settings, system_language: { value: 'en', updated_at: '2026-01-01 10:00:00' } };
    const account = await Account.connect(deployment, crm, 'riders');
    const complaints: string[] = [];
    const browser = await startBrowser();
    try {
      const page = await browser.newPage({ viewport: { width: 1000, height: 800 } });
      page.setDefaultTimeout(30_000);
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      const frame = await openInCrm(page, account);
      const part = frame.getByRole('region', { name: 'Connections' });
      const dialog = frame.getByRole('dialog');
      const rows = part.locator('tbody tr');
      const press = (name: string, where: Locator = part): Promise<void> => where.getByRole('button', { name, exact: true }).click();
      const title = (name: string): Promise<void> => frame.getByRole('heading', { name, exact: true, level: 1 }).waitFor();
      const openSection = (): Promise<void> => frame.getByRole('link', { name: 'Connections' }).click();
      await openSection();
      await rows.getByText('open now').waitFor();
      expect(await part.getByRole('button').allInnerTexts()).toEqual(['Add a connection', 'Rename']);

      await press('Add a connection');
      await dialog.getByLabel('Name').fill('Madrid');
      await press('Add', dialog);
      await frame.getByText('Added Madrid.').waitFor();
      await press('Open: Madrid');
      await title('Riders: Madrid');
      await openSection();
      await press('Rename: Madrid');
      await dialog.getByLabel('Name').fill(' ');
      await press('Save', dialog);
      await dialog.getByText('Must be filled in').waitFor();
      await dialog.getByLabel('Name').fill('riders');
      await press('Save', dialog);
      await dialog.getByText('is the name of another connection').waitFor();
      await dialog.getByLabel('Name').fill('Sevilla');
      await press('Save', dialog);
      await title('Riders: Sevilla');

      await press('Remove: Sevilla');
      await press('Cancel', dialog);
      expect(await rows.count()).toBe(2);
      await press('Remove: Sevilla');
      await dialog.getByText('Sevilla (riders-').waitFor();
      await press('Remove', dialog);
      await title('Riders');
      await openSection();
      await rows.getByText('open now').waitFor();
      expect(await rows.count()).toBe(1);
      expect((await deployment.listConnections(crm)).filter(({ active }) => active)).toHaveLength(1);
      // The browser reports the rejected call.
      expect(complaints).toEqual([expect.stringContaining('400')]);
    } finally {
      await browser.close();
    }
  });
});
