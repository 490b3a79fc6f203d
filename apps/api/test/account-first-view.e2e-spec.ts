import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import { builtIn, listCodes } from '#catalogue';
import { Account, postForm } from './support/account.js';
import { AccountPage } from './support/account-page.js';
import { browserPath, SharedPage } from './support/browser.js';
import { Crm } from './support/crm.js';
import { Deployment, START_MS } from './support/deployment.js';
import { weighFirstView } from './support/first-view.js';
import { openAlone } from './support/open-in-crm.js';
import { freePort } from './support/server-process.js';

interface Zone {
  code: string;
  name: { en: string };
  areas: { country: string }[];
}

interface Network {
  senderName: string;
  points: { code: string; city: string; phone?: string }[];
}

let deployment: Deployment;
let crm: Crm;
let shared: SharedPage;
let context: BrowserContext;
let page: Page;

/** Opens the account page of a module outside the CRM's frame. */
async function open(account: Account): Promise<void> {
  await openAlone(page, account);
  await page.locator('main .ui-card').first().waitFor();
}

(browserPath === undefined ? describe.skip : describe)('the first view', () => {
  beforeAll(async () => {
    const port = String(await freePort());
    const url = `http://127.0.0.1:${port}`;
    crm = await Crm.start({ pages: resolve('dist/web'), modulesUrl: url });
    [deployment, shared] = await Promise.all([
      Deployment.start({ crms: [crm], variables: { PORT: port, PUBLIC_URL: url }, workers: 0 }),
      SharedPage.open(),
    ]);
    ({ context, page } = shared);
  }, START_MS);
  afterAll(async () => {
    await shared?.close();
    await deployment?.stop();
    await crm?.close();
  }, START_MS);
  beforeEach(() => shared.reset());

  it.each(builtIn.map((hosting) => [hosting.integration.code, listCodes([hosting])] as const))(
    'of the heaviest account page of %s is at most 80 kB',
    async (_name, modules) => {
      // Pages of an integration only differ by their documents and settings.
      const weighed = modules.map(async (module) => {
        const account = await Account.connect(deployment, crm, module);
        const document = await postForm(`${deployment.url}/${module}/account`, `clientId=${account.clientId}`);
        const settings = await (await AccountPage.open(account)).read();
        return { account, size: gzipSync(document.bytes).length + gzipSync(settings.bytes).length };
      });
      const [heaviest] = (await Promise.all(weighed)).sort((one, other) => other.size - one.size);
      if (!heaviest) throw new Error('there is no module');
      expect(await weighFirstView(context, page, () => open(heaviest.account))).toBe('fits');
    },
  );

  it('of the account page of a courier with 300 zones, and all of them in a draft, is at most 80 kB', async () => {
    const account = await Account.connect(deployment, crm);
    const api = await AccountPage.open(account);
    const { items } = (await api.call('GET', 'presets')).json as { items: { values: { zones: Zone[] } }[] };
    const network = items[0]?.values;
    if (!network) throw new Error('there is no preset');
    const [zone] = network.zones;
    if (!zone) throw new Error('the preset has no zone');
    const others = Array.from({ length: 300 - network.zones.length }, (_, n) => ({
      ...{ ...zone, code: `zone-${n}`, name: { ...zone.name, en: `District ${(n * 7919) % 613}` } },
      areas: [{ country: 'RU', postalCodes: [String(420_000 + ((n * 7919) % 9_999))] }],
    }));
    const zones = [...network.zones, ...others];
    expect((await api.save({ ...network, zones })).json).not.toHaveProperty('errorMsg');
    const typed = zones.map((one) => ({ ...one, name: { ...one.name, en: `${one.name.en} anew` } }));
    expect((await api.call('PUT', 'draft?form=settings', { zones: typed })).status).toBe(200);
    expect((await api.call('GET', 'draft?form=settings&brief=true')).json).toEqual({
      draft: { savedAt: expect.any(String), keptUntil: expect.any(String) },
    });
    expect(await weighFirstView(context, page, () => open(account))).toBe('fits');
    await page.locator('.draft-notice').waitFor();
    await api.call('DELETE', 'draft?form=settings');
  });

  it('of the account page of a courier with 3,000 points is at most 80 kB, and loads the points when their section is opened', async () => {
    const account = await Account.connect(deployment, crm);
    await account.tellSettings({ system_language: { value: 'EN' } });
    const api = await AccountPage.open(account);
    const { items } = (await api.call('GET', 'presets')).json as { items: { values: { zones: Zone[] } }[] };
    const network = items[0]!.values;
    const points = Array.from({ length: 3_000 }, (_, n) => ({
      ...{
        code: `P-${n}`,
        name: `Shop at the corner ${(n * 7919) % 613}`,
        city: `Town ${n % 400}`,
        address: `Main street ${(n * 31) % 977}`,
      },
      ...{ country: network.zones[0]!.areas[0]!.country, zones: [network.zones[0]!.code], schedule: `9:00-${12 + (n % 11)}:00` },
      ...{
        latitude: ((n * 7919) % 89_999) / 1_000,
        longitude: ((n * 104_729) % 179_999) / 1_000,
        limits: { maxWeight: 1_000 * (1 + (n % 30)) },
      },
    }));
    expect((await api.save({ ...network, points })).json).not.toHaveProperty('errorMsg');
    expect(await weighFirstView(context, page, () => open(account))).toBe('fits');

    await page.locator('.ui-menu a[href="#points"]').click();
    await page.getByRole('searchbox', { name: 'Search: Pickup points' }).fill('P-2718');
    await page.getByRole('button', { name: 'Edit: Pickup points 2719' }).click();
    await page.getByRole('dialog').getByLabel('Phone').fill('+7 911 000-00-00');
    // Meanwhile another user moves one point and deletes the last one.
    const moved = points.slice(0, -1).map((point) => (point.code === 'P-1' ? { ...point, city: 'Elsewhere' } : point));
    await api.save({ ...(await api.values()), senderName: 'Anna', points: moved });
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('button', { name: 'Load', exact: true }).click();
    await page.getByText('Your changes are in the form and not saved yet.').waitFor();
    expect((await api.values<Network>()).points[2_718]).not.toHaveProperty('phone');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved. The module is being registered again.').waitFor();
    const stored = await api.values<Network>();
    expect([stored.senderName, stored.points.map(({ code, city, phone }) => `${code} ${city} ${phone ?? ''}`)]).toEqual([
      'Anna',
      moved.map(({ code, city }) => `${code} ${city} ${code === 'P-2718' ? '+7 911 000-00-00' : ''}`),
    ]);

    // The points stay where they are when they are not even looked at.
    await page.locator('.ui-menu a[href="#sender"]').click();
    await page.getByLabel('Sender on printed forms').fill('Boris');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved. The module is being registered again.').waitFor();
    expect(await api.values()).toEqual({ ...stored, senderName: 'Boris' });
  });

  it("of the sandbox's screens is at most 80 kB, with all modules connected", async () => {
    const view = (): Promise<void> => page.getByText('All modules of the deployment are connected.').waitFor();
    expect(await weighFirstView(context, page, () => page.goto(crm.url).then(view))).toBe('fits');
  });

  it('that is outdated reports a missing part, and is loaded again without losing what was typed', async () => {
    const account = await Account.connect(deployment, crm);
    await account.tellSettings({ system_language: { value: 'EN' } });
    await open(account);
    await page.locator('.ui-menu a[href="#sender"]').click();
    await page.locator('.settings-form input').first().fill('A shop with a long memory');
    // As after a new version was deployed.
    await page.route('**/assets/HealthPanel*', (route) => route.fulfill({ status: 404 }));
    await page.locator('.ui-menu a[href="#health"]').click();
    await page.getByRole('alert').getByText('A part of this page could not be loaded.').waitFor();
    await page.unroute('**/assets/HealthPanel*');
    await page.getByRole('button', { name: 'Reload the page' }).click();
    await page.getByRole('heading', { name: 'Recent activity' }).waitFor();
    await page.getByRole('button', { name: 'Continue with them' }).click();
    await page.locator('.draft-notice').waitFor({ state: 'detached' });
    await page.locator('.ui-menu a[href="#sender"]').click();
    expect(await page.locator('.settings-form input').first().inputValue()).toBe('A shop with a long memory');
  });
});
