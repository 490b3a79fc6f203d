import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { Account } from './support/account.js';
import { browserPath, startBrowser } from './support/browser.js';
import { enterConsole } from './support/console.js';
import { Deployment, START_MS } from './support/deployment.js';
import { openInCrm } from './support/open-in-crm.js';
import { until } from './support/until.js';

interface Money {
  figures: { missing: number; paid: number; currency: string }[];
  differences: { id: string; kind: string; owner?: string }[];
}

const FILE = 'Id;Sum;Fee\n17;1500,00;60,00\n';
const QUERY = 'number=17&date=2026-11-24&currency=RUB';

let deployment: Deployment;
let account: Account;
let connection: string;
let browser: Browser;
let page: Page;

const path = (more = ''): string => `/connections/${connection}/money${more}`;
const send = async (query: string): Promise<{ outcome: string }> => {
  const reply = await fetch(`${deployment.url}/operator/api${path(`/registers?${query}`)}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${deployment.variables.OPERATOR_TOKEN ?? ''}`, 'content-type': 'text/csv' },
    body: FILE,
  });
  return (await reply.json()) as { outcome: string };
};

(browserPath === undefined ? describe.skip : describe)('the money of a shop', () => {
  beforeAll(async () => {
    [deployment, browser] = await Promise.all([Deployment.start({ accounts: 1, variables: { MODULES: 'stripe' } }), startBrowser()]);
    const crm = deployment.nextCrm();
    crm.settings = { ...crm.settings, system_language: { value: 'en', updated_at: '2026-01-01 10:00:00' } };
    account = await Account.connect(deployment, crm, 'stripe');
    connection = (await deployment.getConnection(crm)).id;
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(20_000);
  }, START_MS);
  afterAll(async () => {
    await browser?.close();
    await deployment?.stop();
  });

  it('is uploaded as a file, and is the same on the account page and in the console', async () => {
    const layout = {
      delimiter: ';',
      decimal: ',',
      encoding: 'utf-8',
      dateFormat: 'dd.MM.yyyy',
      externalId: 'Id',
      gross: 'Sum',
      fees: [{ column: 'Fee', code: 'commission' }],
    };
    await deployment.operator('PUT', path('/settings'), { layout });
    expect(await send(`${QUERY}&dryRun=true`)).toMatchObject({ outcome: 'checked', shown: [{ key: '17', gross: 1500, net: 1440 }] });
    expect(await send(QUERY)).toMatchObject({ outcome: 'added', rows: 1 });
    expect(await send(QUERY)).toMatchObject({ outcome: 'same' });
    const read = (): Promise<Money> => deployment.operator<Money>('GET', path());
    await until('it is compared', async () => (await read()).differences.length > 0, 90_000);
    await deployment.stores.query(
      `INSERT INTO settlement (connection_id, subject, currency, integration, service, day, order_number, owed, collected, refunded, paid, fees,
         missing, quoted, billed, differs, facts) VALUES ($1, 'payment:x', 'RUB', 'payment', 'stripe', current_date, '1003C', 150000, 150000, 0, 50000,
         6000, 94000, 0, 0, false, '{}')`,
      [connection],
    );
    const { figures, differences } = await read();
    expect(differences).toMatchObject([{ kind: 'money.unknown' }]);
    expect(figures).toMatchObject([{ missing: 940, paid: 500, currency: 'RUB' }]);
    const frame = await openInCrm(page, account);
    await frame.locator('.ui-menu a[href="#money"]').click();
    await frame.getByText('RUB 940.00').first().waitFor();
    await frame.locator('table button').first().click();
    await frame.getByText('1003C').waitFor();
    await frame.getByLabel('Owner').fill('Ann');
    await frame.getByLabel('Owner').press('Tab');
    await until('it is assigned', async () => (await read()).differences[0]?.owner === 'Ann');
    await enterConsole(deployment, page.context());
    await page.goto(`${deployment.url}/operator/connections/${connection}?tab=money`);
    await page.getByText('RUB 940.00').first().waitFor();
  }, 180_000);
});
