import { randomUUID } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Frame, Page } from 'playwright-core';
import { Account } from './support/account.js';
import { browserPath, startBrowser } from './support/browser.js';
import { enterConsole } from './support/console.js';
import { Deployment, START_MS } from './support/deployment.js';
import { openInCrm, showSection } from './support/open-in-crm.js';
import { until } from './support/until.js';

interface Money {
  figures: { service: string; missing: number; paid: number; fees: number; currency: string; differing: number }[];
  differences: {
    id: string;
    kind: string;
    owner?: string;
    state: string;
    register?: string;
    key?: string;
    subject?: string;
    orderId?: number;
  }[];
  registers: { number: string; revision: number }[];
}

/** The order of a payment that was paid out, less 10 of its money. */
const ORDER = { id: 1003, number: '1003C' };
/** A payment of another channel, and an unreadable line. */
const OTHER = ',9002,SETTLEMENT,2026-11-06T12:00:00.000-03:00,100.00,-5.00,95.00,ARS\n';
const BAD = ',9003,SETTLEMENT,soon,1.00,0,1.00,ARS\n';
const HEADER =
  'EXTERNAL_REFERENCE,SOURCE_ID,TRANSACTION_TYPE,TRANSACTION_DATE,TRANSACTION_AMOUNT,FEE_AMOUNT,SETTLEMENT_NET_AMOUNT,SETTLEMENT_CURRENCY\n';

let deployment: Deployment;
let account: Account;
let connection: string;
let payment: string;
let browser: Browser;
let page: Page;
let folder: string;

const read = (): Promise<Money> => deployment.operator<Money>('GET', `/connections/${connection}/money`);
/** Writes the report of the cabinet. */
async function writeReport(more: string): Promise<string> {
  const file = join(folder, `${randomUUID()}.csv`);
  await writeFile(file, `${HEADER}${payment},9001,SETTLEMENT,2026-11-05T10:12:00.000-03:00,1470.00,-103.60,1366.40,ARS\n${more}`);
  return file;
}
/** How many pixels the page is too wide. */
const overflow = (frame: Frame): Promise<number> =>
  frame.locator('html').evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);

(browserPath === undefined ? describe.skip : describe)('the money of a shop', () => {
  beforeAll(async () => {
    [deployment, browser, folder] = await Promise.all([
      Deployment.start({ accounts: 1, variables: { MODULES: 'mercadopago' } }),
      startBrowser(),
      mkdtemp(join(tmpdir(), 'money-')),
    ]);
    const crm = deployment.nextCrm();
    crm.settings = { ...crm.settings, system_language: { value: 'en', updated_at: '2026-01-01 10:00:00' } };
    account = await Account.connect(deployment, crm, 'mercadopago');
    connection = (await deployment.getConnection(crm)).id;
    payment = randomUUID();
    await deployment.stores.query(
      `INSERT INTO payment (id, connection_id, invoice_uuid, shop, capture, token, status, status_at, currency, amount_minor, captured_minor, request,
         order_number, active_at, created_at, updated_at)
       VALUES ($1::uuid, $2, $1::text, 'ar', 'automatic', $1::text, 'succeeded', now(), 'ARS', 148000, 148000, $3, $4, now(), now(), now())`,
      [payment, connection, JSON.stringify({ orderId: String(ORDER.id) }), ORDER.number],
    );
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(20_000);
  }, START_MS);
  afterAll(async () => {
    await browser?.close();
    await deployment?.stop();
  });

  it('is uploaded on the account page as a report of the cabinet, with its columns, and shows its bad lines', async () => {
    const frame = await openInCrm(page, account);
    await showSection(frame, 'money');
    await frame.getByText('No registers yet').waitFor();
    await frame.getByRole('button', { name: 'Upload a file' }).click();
    await frame.getByLabel('File').setInputFiles(await writeReport(OTHER + BAD));
    await frame.getByLabel('Number', { exact: false }).first().fill('2026-11');
    await frame.getByLabel('Currency').fill('ARS');
    // The delimiter is guessed from the file.
    expect(await frame.getByLabel('Columns are separated by').inputValue()).toBe(',');
    await frame.getByLabel('Decimal sign').selectOption({ label: 'point' });
    await frame.getByLabel('Format of dates').fill("yyyy-MM-dd'T'HH:mm:ss.SSSZZ");
    await frame.getByRole('button', { name: 'Check the file' }).click();
    await frame.getByText('Choose at least one of the three numbers.').nth(1).waitFor();
    const columns = {
      'Number of the order': 'EXTERNAL_REFERENCE',
      'Id at the service': 'SOURCE_ID',
      'Collected amount': 'TRANSACTION_AMOUNT',
      'Paid out amount': 'SETTLEMENT_NET_AMOUNT',
      'Date of the row': 'TRANSACTION_DATE',
    };
    for (const [label, column] of Object.entries(columns)) await frame.getByLabel(label).fill(column);
    await frame.getByRole('button', { name: 'Add a fee' }).click();
    await frame.getByLabel('Column of a fee').fill('FEE_AMOUNT');
    await frame.getByRole('button', { name: 'Check the file' }).click();
    await frame.getByText('2 rows, in total ARS 1,461.40').waitFor();
    await frame.getByText('Line 4: “soon” is not a date in this format').waitFor();
    await frame.getByRole('cell', { name: 'commission: ARS 103.60' }).waitFor();
    expect([(await read()).registers, await overflow(frame)]).toEqual([[], 0]);
    await frame.getByRole('button', { name: 'Upload the other rows' }).click();
    await frame.getByText('Uploaded. The money is compared within a minute.').waitFor();
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await overflow(frame)).toBe(0);
    await page.setViewportSize({ width: 1280, height: 800 });
    await until('it is compared', async () => (await read()).differences.length === 2, 90_000);
    const { figures, differences, registers } = await read();
    expect(registers).toMatchObject([{ number: '2026-11', revision: 1 }]);
    expect(figures).toMatchObject([{ service: 'mercadopago', currency: 'ARS', paid: 1366.4, fees: 103.6, missing: 10, differing: 1 }]);
    expect(differences.toSorted((one, other) => one.kind.localeCompare(other.kind))).toMatchObject([
      { kind: 'money.paid-less', subject: `payment:${payment}`, orderId: ORDER.id },
      { kind: 'money.unknown', register: '2026-11', key: '9002' },
    ]);
  }, 180_000);

  it('has links to the orders of the CRM, and the names and dates of people', async () => {
    const frame = await openInCrm(page, account);
    await showSection(frame, 'money');
    const differences = frame.getByRole('table', { name: 'Differences' });
    const row = differences.getByRole('row').filter({ hasText: 'Paid out less' });
    await row.getByText(/Mercado Pago, \w{3} \d+, \d{4}/).waitFor();
    await row.getByText('expected: ARS 1,480.00').waitFor();
    expect(await row.getByRole('link', { name: ORDER.number }).getAttribute('href')).toBe(
      `https://${new URL(account.crm.url).host}/orders/${ORDER.id}/edit`,
    );
    await frame.getByRole('table', { name: 'Money' }).getByRole('button').first().click();
    await frame.getByRole('link', { name: ORDER.number }).first().waitFor();
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await overflow(frame)).toBe(0);
    await page.setViewportSize({ width: 1280, height: 800 });
  }, 60_000);

  it('is handled in the console too, with the story of each payment and an entry in the audit list', async () => {
    await enterConsole(deployment, page.context());
    await page.goto(`${deployment.url}/operator/connections/${connection}?tab=money`);
    const row = page.getByRole('table', { name: 'Differences' }).getByRole('row').filter({ hasText: 'Paid out less' });
    await row.waitFor();
    await row.getByLabel('Owner').fill('Ann');
    await row.getByLabel('Owner').press('Tab');
    await until('it is assigned', async () => (await read()).differences.some(({ owner }) => owner === 'Ann'));
    await row.getByRole('button', { name: 'Accept' }).click();
    await row.getByText('Accepted').waitFor();
    expect((await read()).differences.find(({ kind }) => kind === 'money.paid-less')).toMatchObject({ owner: 'Ann', state: 'dismissed' });
    const { items } = await deployment.operator<{ items: { path: string; method: string }[] }>('GET', '/audit?limit=5');
    expect(JSON.stringify(items)).toContain('/money/differences/');
    await row.getByRole('link', { name: ORDER.number }).click();
    await page.waitForURL(`**/operator/stories/payment/${payment}`);
  }, 60_000);
});
