import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { wireCalculate } from '#testing';
import { Account, postForm } from './support/account.js';
import { AccountPage } from './support/account-page.js';
import { browserPath, startBrowser } from './support/browser.js';
import type { Crm } from './support/crm.js';
import { Deployment, START_MS } from './support/deployment.js';

interface View {
  schema: { presets: { title: { en: string } }[] };
  values: { zones: object[] };
  missing?: string;
}

describe('a courier service on its first day', () => {
  let deployment: Deployment;
  let crm: Crm;
  let account: Account;

  const quoted = async (): Promise<string[]> => {
    const { result } = (await account.calculate(wireCalculate())).json as { result: { code: string }[] };
    return result.map(({ code }) => code);
  };

  beforeAll(async () => {
    const secrets = { OPERATOR_TOKEN: 'operator-token-of-production', MODULE_COURIER_SECRET: 'secret-of-the-courier' };
    deployment = await Deployment.start({ accounts: 1, variables: { NODE_ENV: 'production', MODULES: 'courier', ...secrets } });
    crm = deployment.nextCrm();
    crm.settings = { ...crm.settings, system_language: { value: 'en', updated_at: '2026-01-01 10:00:00' } };
    account = await Account.connect(deployment, crm);
  }, START_MS);

  afterAll(() => deployment?.stop(), START_MS);

  it('quotes nothing in production, says so, and offers networks to start from', async () => {
    expect(await quoted()).toEqual([]);
    const view = (await (await AccountPage.open(account)).read()).json as View;
    expect(view.schema.presets.map(({ title }) => title.en)).toEqual(['Moscow', 'Spain', 'Mexico']);
    expect(view.values.zones).toEqual([]);
    expect(view.missing).toMatch(/^There are no zones yet/);
  });

  it.each([0, 1, 2])('takes network %i unchanged', async (index) => {
    const page = await AccountPage.open(account);
    const { values } = (await page.read()).json as View;
    const { items } = (await page.call('GET', 'presets')).json as { items: { values: object }[] };
    const saved = await page.save({ ...values, ...items[index]?.values });
    expect(saved.status).toBe(200);
    expect((saved.json as View).missing).toBeUndefined();
    // Back to the first day.
    expect((await page.save({ ...values, tariffs: [], zones: [], points: [], hubs: [] })).status).toBe(200);
  });

  (browserPath === undefined ? it.skip : it)(
    'fills the form with a network, which is quoted when it is saved',
    async () => {
      const browser = await startBrowser();
      try {
        const page = await browser.newPage({ viewport: { width: 390, height: 800 } });
        const form = await postForm(`${deployment.url}/courier/account`, `clientId=${account.clientId}`);
        expect(form.status).toBe(200);
        await page.route('**/start', (route) =>
          route.fulfill({
            contentType: 'text/html',
            body: `<form method="post" action="${deployment.url}/courier/account"><input name="clientId" value="${account.clientId}"></form><script>document.forms[0].submit()</script>`,
          }),
        );
        await page.goto(`${deployment.url}/start`);
        await page.getByText('There are no zones yet').waitFor();
        await page.getByRole('button', { name: 'Moscow' }).click();
        await page.getByText('Filled in from Moscow').waitFor();
        expect(await quoted()).toEqual([]);
        await page.getByRole('button', { name: 'Save' }).click();
        await page.getByText(/^Saved/).waitFor();
        expect(await page.getByText('There are no zones yet').count()).toBe(0);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
      } finally {
        await browser.close();
      }
      expect(await quoted()).toEqual(expect.arrayContaining(['courier']));
    },
    60_000,
  );
});
