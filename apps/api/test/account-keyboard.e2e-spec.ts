import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { StripeDouble } from '../../../lab/doubles/stripe/index.js';
import { Account } from './support/account.js';
import { AccountPage } from './support/account-page.js';
import { browserPath, SharedPage } from './support/browser.js';
import { Deployment, START_MS } from './support/deployment.js';
import { openAlone } from './support/open-in-crm.js';
import type { PageWatch } from './support/page-watch.js';

const KEY = 'sk_test_typed_by_keys';
/** More stops than a page has. */
const MOST_STOPS = 120;

interface Named {
  code: string;
  name: string;
}

let deployment: Deployment;
let stripe: StripeDouble;
let shared: SharedPage;
let page: Page;
let watch: PageWatch;

/** Connects a module to a new account and opens its page outside the CRM's frame. */
async function open(module: string): Promise<AccountPage> {
  const crm = deployment.nextCrm();
  crm.settings = { ...crm.settings, system_language: { value: 'en', updated_at: '2026-01-01 10:00:00' } };
  const account = await Account.connect(deployment, crm, module);
  await openAlone(page, account);
  return AccountPage.open(account);
}

/** The label of the focused element, as a screen reader announces it. */
const readFocus = (): Promise<string> =>
  page.evaluate<string>(`(() => {
    const element = document.activeElement;
    const label = element.getAttribute('aria-label') ?? element.labels?.[0]?.innerText ?? element.innerText;
    return (label ?? '').replace(/\\s+/g, ' ').replace(/ \\*$/, '').trim();
  })()`);

/** Presses Tab until the element with this name has the focus. */
async function tabTo(name: string | RegExp): Promise<void> {
  const passed: string[] = [];
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    await page.keyboard.press('Tab');
    const focus = await readFocus();
    if (typeof name === 'string' ? focus === name : name.test(focus)) return;
    passed.push(focus);
  }
  throw new Error(`Tab never reached ${name}, but ${[...new Set(passed)].join(' | ')}`);
}

const press = (key: string): Promise<void> => page.keyboard.press(key);
const typeInto = async (name: string, text: string): Promise<void> => {
  await tabTo(name);
  await press('Control+A');
  await page.keyboard.type(text);
};
const panel = (): Locator => page.locator('dialog[open]');

(browserPath === undefined ? describe.skip : describe)('the account page', () => {
  beforeAll(async () => {
    stripe = await StripeDouble.start({ key: KEY });
    [deployment, shared] = await Promise.all([
      Deployment.start({ accounts: 6, variables: { MODULES: 'courier,stripe', STRIPE_URL: stripe.url }, workers: 0 }),
      SharedPage.open(),
    ]);
    ({ page, watch } = shared);
    watch.hosts.push(deployment.url);
  }, START_MS);
  afterAll(async () => {
    await shared?.close();
    await deployment?.stop();
    await stripe?.close();
  }, START_MS);
  beforeEach(() => shared.reset());
  afterEach(() => {
    expect(watch).toMatchObject({ complaints: [], foreign: [] });
  });

  it('is used with only the keyboard, from a key to a saved change', async () => {
    const api = await open('stripe');
    await page.locator('.first-steps').waitFor();
    await tabTo('Skip to content');
    await press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('content');

    await tabTo('Add: Shops');
    await press('Enter');
    await panel().waitFor();
    await typeInto('Code', 'main');
    await typeInto('Name', 'Tienda');
    await tabTo('Stages');
    await press('ArrowDown');
    await typeInto('Secret key', KEY);
    // The focus stays in the panel, however long one goes on.
    for (let stop = 0; stop < 12; stop++) await press('Tab');
    expect((await panel().locator(':focus').count()) + Number((await readFocus()) === '')).toBeGreaterThan(0);
    await tabTo('Done');
    await press('Enter');
    await panel().waitFor({ state: 'detached' });
    expect(await readFocus()).toBe('Add: Shops');
    await tabTo('Save');
    await press('Enter');
    await page.getByText('Connected as Double Shop 1, MX, test.').first().waitFor();

    await tabTo(/^Edit: Shops 1/);
    await press('Enter');
    await typeInto('Name', 'Otra tienda');
    // Escape does not keep what was typed, and does not lose it.
    await press('Escape');
    await panel().waitFor({ state: 'detached' });
    expect(await readFocus()).toMatch(/^Edit: Shops 1/);
    await page.getByText('Not changed: main, Otra tienda').waitFor();
    expect(await page.getByText('You have unsaved changes.').count()).toBe(0);
    await tabTo('Restore the changes');
    await press('Enter');
    await panel().waitFor();
    expect(await panel().getByLabel('Name').inputValue()).toBe('Otra tienda');
    await tabTo('Done');
    await press('Enter');
    await panel().waitFor({ state: 'detached' });
    expect(await page.getByText('Not changed:').count()).toBe(0);

    // A row that was only started is not added either. A row without any text is dropped silently.
    await tabTo('Add: Shops');
    await press('Enter');
    await typeInto('Code', 'half');
    await press('Escape');
    await page.getByText('Not added: half').waitFor();
    expect(await page.getByRole('button', { name: /^Edit: Shops/ }).count()).toBe(1);
    await tabTo('Add: Shops');
    await press('Enter');
    await panel().waitFor();
    await press('Escape');
    await panel().waitFor({ state: 'detached' });
    expect(await page.getByText('Not added:').count()).toBe(0);
    await tabTo('Save');
    await press('Enter');
    await page.locator('.save-bar [role=status]', { hasText: 'Saved' }).waitFor();
    expect((await api.values<{ shops: Named[] }>()).shops).toMatchObject([{ code: 'main', name: 'Otra tienda' }]);

    await tabTo(/^Health/);
    await press('Enter');
    await page.locator('.health-facts').waitFor();
    expect(await page.locator('.ui-menu [aria-current=page]').innerText()).toContain('Health');
  });

  it('keeps the buttons of rows in a narrow frame, and the place of who removes the last row', async () => {
    await page.setViewportSize({ width: 690, height: 700 });
    await open('courier');
    await page.locator('.ui-menu a[href="#points"]').click();
    const removes = page.getByRole('button', { name: /^Remove: Pickup points/ });
    await removes.first().waitFor();
    const rows = await removes.count();
    const [box, table] = await Promise.all([removes.first().boundingBox(), page.locator('.list-field .ui-table').first().boundingBox()]);
    expect(box && table && box.x + box.width).toBeLessThanOrEqual((table?.x ?? 0) + (table?.width ?? 0));

    await page.getByRole('button', { name: 'Save', exact: true }).click();
    const status = page.locator('.save-bar [role=status]');
    await status.filter({ hasText: 'Saved' }).waitFor();
    await removes.last().focus();
    await press('Enter');
    const undo = page.getByText(/^Removed: /);
    await undo.waitFor();
    // In sight, though the row was the last of many.
    expect((await undo.boundingBox())?.y).toBeLessThan(700);
    expect((await undo.boundingBox())?.y).toBeGreaterThan(50);
    expect(await removes.count()).toBe(rows - 1);
    expect(await readFocus()).toBe(await removes.last().getAttribute('aria-label'));
    expect(await status.textContent()).toBe('');
    expect(await page.getByText('You have unsaved changes.').isVisible()).toBe(true);
  });

  it('offers countries by name, and names zones by their codes', async () => {
    await open('courier');
    await page.locator('.ui-menu a[href="#points"]').click();
    await page
      .getByRole('button', { name: /^Edit: Pickup points/ })
      .first()
      .click();
    const country = panel().getByRole('combobox', { name: 'Country', exact: true });
    expect(await country.inputValue()).toBe('ES');
    await country.selectOption('Mexico (MX)');
    expect(await country.inputValue()).toBe('MX');
    const zone = panel().getByRole('combobox', { name: 'Zones served (codes) 1' });
    const line = panel()
      .locator('.ui-field', { has: page.getByRole('combobox', { name: 'Zones served (codes) 1' }) })
      .locator('p')
      .first();
    expect(await line.innerText()).toBe('Barcelona');
    await zone.fill('nowhere');
    expect(await line.innerText()).toBe('Not in the list');
  });

  it('shows money in currency units and shares in percent, and stores the smaller units', async () => {
    const api = await open('courier');
    const read = async () => (await api.values<{ zones: { prices: Record<string, number>[] }[] }>()).zones[0]?.prices[0];
    const before = await read();
    await page.locator('.ui-menu a[href="#prices"]').click();
    await page
      .getByRole('button', { name: /^Edit: Zones/ })
      .first()
      .click();
    const currency = await panel().getByRole('combobox', { name: 'Currency', exact: true }).inputValue();
    await panel()
      .getByRole('button', { name: /^Edit: Prices/ })
      .first()
      .click();
    const price = panel().last();
    const base = price.getByRole('textbox', { name: 'Base price', exact: true });
    expect(await base.inputValue()).toBe(String((before?.['basePrice'] ?? NaN) / 100));
    expect(await base.locator('..').innerText()).toBe(currency);
    await base.fill('350,5');
    expect(await base.inputValue()).toBe('350,5');
    await price.getByRole('textbox', { name: 'Insurance', exact: true }).fill('1.25');
    await price.getByRole('button', { name: 'Done' }).click();
    await panel().locator('td', { hasText: '350.50' }).first().waitFor();
    await panel().getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.locator('.save-bar [role=status]').filter({ hasText: 'Saved' }).waitFor();
    expect(await read()).toMatchObject({ basePrice: 35_050, insuranceBasisPoints: 125 });
  });

  it('saves a list as CSV, shows what a file changes, and takes it over or leaves it', async () => {
    const api = await open('courier');
    const before = (await api.values<{ points: Named[] }>()).points;
    await page.locator('.ui-menu a[href="#points"]').click();
    const openCsv = async (): Promise<void> => {
      await page.getByRole('button', { name: 'CSV: Pickup points' }).click();
      await panel().waitFor();
    };
    const load = async (text: string | Buffer): Promise<void> => {
      const [chooser] = await Promise.all([
        page.waitForEvent('filechooser'),
        panel().getByRole('button', { name: 'Load a CSV …' }).press('Enter'),
      ]);
      await chooser.setFiles({ name: 'points.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
      await panel().getByText('points.csv').waitFor();
    };

    await openCsv();
    const [download] = await Promise.all([page.waitForEvent('download'), panel().getByRole('button', { name: 'Save as CSV' }).click()]);
    expect(download.suggestedFilename()).toBe('points.csv');
    const file = await readFile(await download.path(), 'utf8');
    await load(file);
    await panel().getByText('The file changes nothing.').waitFor();
    expect(await panel().getByRole('button', { name: 'Apply' }).isDisabled()).toBe(true);

    const [first] = before;
    if (!first) throw new Error('there is no point');
    const lines = file.split(/\r?\n/);
    const line = lines.find((one) => one.includes(first.code)) ?? '';
    const changed = file.replace(line, `${line.replace(first.name, 'Renamed')}\r\n${line.replace(first.code, 'NEW-ONE')}`);
    await load(changed);
    await panel().getByText('New: 1').waitFor();
    await panel().getByText('Changed: 1').waitFor();
    expect(await panel().innerText()).toContain(`${first.name} → Renamed`);
    await press('Escape');
    await panel().waitFor({ state: 'detached' });
    expect(await page.getByText('You have unsaved changes.').count()).toBe(0);

    await openCsv();
    await load(changed);
    await panel().getByRole('button', { name: 'Apply' }).click();
    await page.getByText(`Applied: ${before.length + 1} rows. Save to keep them.`).waitFor();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.locator('.save-bar [role=status]', { hasText: 'Saved' }).waitFor();
    const after = (await api.values<{ points: Named[] }>()).points;
    expect(after).toHaveLength(before.length + 1);
    expect(after.find(({ code }) => code === first.code)?.name).toBe('Renamed');

    await openCsv();
    for (const [broken, said] of [
      ['', 'The file has no lines.'],
      ['code;name\n"open;1\n', 'a quotation mark is misplaced or missing in line 2.'],
      ['colour;size\nred;1\n', 'No known columns. Valid columns: '],
      [Buffer.from([0x89, 0x50, 0, 0, 1]), 'This is not a text file. Save the table as CSV first.'],
    ] as const) {
      await load(broken);
      await panel().getByRole('alert').filter({ hasText: said }).waitFor();
      expect(await panel().getByRole('button', { name: 'Apply' }).count()).toBe(0);
    }
    await load(file);
    await panel().getByText('Changed: 1').waitFor();
    expect(await panel().getByRole('alert').count()).toBe(0);
  });
});
