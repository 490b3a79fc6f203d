import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, Frame, Locator, Page } from 'playwright-core';
import { StripeDouble } from '../../../lab/doubles/stripe/index.js';
import { Account, postForm } from './support/account.js';
import { AccountPage } from './support/account-page.js';
import { browserPath, startBrowser } from './support/browser.js';
import type { Crm } from './support/crm.js';
import { Deployment, START_MS } from './support/deployment.js';
import { openInCrm } from './support/open-in-crm.js';

const KEY = 'sk_test_entered_in_the_page';

interface Settings {
  shops: { code: string; name: string; active: boolean; capture: string; secretKey: object; webhookSecret?: object }[];
}

let deployment: Deployment;
let crm: Crm;
let account: Account;
let browser: Browser;
let stripe: StripeDouble;
let page: Page;
/** Problems that the browser reported about the page. */
let complaints: string[];

const open = (): Promise<Frame> => openInCrm(page, account);

async function stored(): Promise<Settings> {
  const { id } = await deployment.getConnection(crm);
  return (await deployment.operator<{ values: Settings }>('GET', `/connections/${id}/settings`)).values;
}

/** Saves, and returns the page's status message. */
async function save(frame: Frame): Promise<string> {
  await frame.getByRole('button', { name: 'Save', exact: true }).click();
  const note = frame.locator('.save-bar [role=status]');
  await note.getByText(/aved/).waitFor();
  return note.innerText();
}

/** The button that opens a row of the list. */
const row = (frame: Frame, number: number): Locator => frame.getByRole('button', { name: `Edit: Shops ${number}` });
const done = (frame: Frame): Promise<void> => frame.getByRole('button', { name: 'Done' }).click();

/** The label and the description of the focused field. */
async function focused(frame: Frame): Promise<string[]> {
  const control = frame.locator(':focus');
  const [id, lines] = [await control.getAttribute('id'), (await control.getAttribute('aria-describedby')) ?? ''];
  return frame.locator([`label[for="${id}"]`, ...lines.split(' ').map((line) => `#${line}`)].join(', ')).allInnerTexts();
}

(browserPath === undefined ? describe.skip : describe)('account page in a browser', () => {
  beforeAll(async () => {
    stripe = await StripeDouble.start({ key: KEY });
    [deployment, browser] = await Promise.all([
      Deployment.start({ accounts: 1, variables: { MODULES: 'stripe', STRIPE_URL: stripe.url }, workers: 0 }),
      startBrowser(),
    ]);
    crm = deployment.nextCrm();
    crm.settings = { ...crm.settings, system_language: { value: 'en', updated_at: '2026-01-01 10:00:00' } };
    account = await Account.connect(deployment, crm, 'stripe');
    page = await browser.newPage({ viewport: { width: 1000, height: 800 } });
    page.setDefaultTimeout(30_000);
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
  }, START_MS);

  afterAll(async () => {
    await browser?.close();
    await deployment?.stop();
    await stripe?.close();
  }, START_MS);

  beforeEach(() => {
    complaints = [];
  });

  it('fills in a list with a secret, and shows it again without the secret', async () => {
    const frame = await open();
    await frame.getByRole('button', { name: 'Add: Shops' }).click();
    await frame.getByLabel('Code').fill('main');
    await frame.getByLabel('Name').fill('Tienda');
    await frame.getByLabel('Stages').selectOption('manual');
    await frame.getByLabel('Secret key').fill(KEY);
    await done(frame);
    expect(await save(frame)).toBe('Saved. The module is being registered again. Connected as Double Shop 1, MX, test.');
    const shop = { code: 'main', name: 'Tienda', active: true, capture: 'manual', secretKey: { set: true } };
    expect(await stored()).toEqual({ shops: [shop] });

    const again = await open();
    await row(again, 1).click();
    expect(await again.getByLabel('Name').inputValue()).toBe('Tienda');
    expect(await again.getByLabel('Secret key').inputValue()).toBe('');
    expect(await again.content()).not.toContain(KEY);
    await again.getByLabel('Name').fill('Tienda 2');
    await done(again);
    await save(again);
    expect(await stored()).toEqual({ shops: [{ ...shop, name: 'Tienda 2' }] });
    expect([complaints, await page.context().cookies()]).toEqual([[], []]);
  });

  it('shows what is wrong at its field, before it is sent and after', async () => {
    const frame = await open();
    await frame.getByRole('button', { name: 'Add: Shops' }).click();
    const added = frame.getByRole('dialog');
    await added.getByLabel('Name').fill('Otra');
    await added.getByLabel('Secret key').fill(KEY);
    await done(frame);
    expect(await save(frame)).toBe('Not saved: correct the marked fields.');
    expect(await focused(frame)).toEqual(['Code *', 'Part of invoices. Do not change it later', 'Must be filled in']);

    // Only the server knows this one.
    await added.getByLabel('Code').fill('main');
    await done(frame);
    expect(await save(frame)).toBe('Not saved: correct the marked fields.');
    expect((await focused(frame)).at(-1)).toBe('Is also the code of another shop');
    expect(await added.getByLabel('Code').getAttribute('aria-invalid')).toBe('true');

    await added.getByLabel('Code').fill('other');
    await done(frame);
    await save(frame);
    expect((await stored()).shops.map(({ code }) => code)).toEqual(['main', 'other']);
    const remove = frame.getByRole('button', { name: 'Remove: Shops 2 other' });
    await remove.click();
    await frame.getByText('Removed: other, Otra').waitFor();
    await frame.getByRole('button', { name: 'Undo' }).click();
    await remove.click();
    await save(frame);
    expect((await stored()).shops.map(({ code }) => code)).toEqual(['main']);
  });

  it('clears a secret that is optional', async () => {
    const frame = await open();
    await row(frame, 1).click();
    await frame.getByLabel('Signing secret of the webhook').fill('whsec_entered');
    await done(frame);
    await save(frame);
    expect((await stored()).shops[0]?.webhookSecret).toEqual({ set: true });
    await row(frame, 1).click();
    await frame.getByLabel('Remove the stored value').check();
    await done(frame);
    await save(frame);
    expect((await stored()).shops[0]).not.toHaveProperty('webhookSecret');
  });

  it('shows an unknown field as JSON, and a notice if there is nothing to set', async () => {
    const title = { en: 'Range', es: 'Rango', ru: 'Диапазон' };
    let fields: object[] = [{ name: 'range', path: 'range', type: 'range', title, required: false, secret: false }];
    const sent: unknown[] = [];
    await page.route('**/api/settings?*', (route) => {
      if (route.request().method() === 'PUT') sent.push(route.request().postDataJSON());
      return route.fulfill({ json: { schema: { fields, sections: [] }, values: { range: { from: 1 } } } });
    });
    const frame = await open();
    await frame.getByLabel('Range').fill('{"from": 2}');
    await save(frame);
    expect(sent).toEqual([{ range: { from: 2 } }]);

    fields = [];
    const empty = await open();
    expect(await empty.getByText('This module has no settings.').isVisible()).toBe(true);
    expect(await empty.getByRole('button', { name: 'Save' }).isVisible()).toBe(false);
    await page.unroute('**/api/settings?*');
  });

  it("speaks the account's language", async () => {
    await account.tellSettings({ system_language: { value: 'RU' } });
    const { bytes } = await postForm(`${deployment.url}/stripe/account`, `clientId=${account.clientId}`);
    expect(bytes.toString()).toMatch(/<html lang="ru">[^]*"language":"ru"/);
    const frame = await open();
    await frame.getByRole('button', { name: 'Сохранить' }).waitFor();

    // So does the server, of what only it finds.
    const { json } = await (await AccountPage.open(account)).save({ shops: [{ code: 'x', secretKey: 5 }] });
    const { errorMsg, errors } = json as { errorMsg: string; errors: Record<string, string> };
    expect(errorMsg).toMatch(/^Неверные данные: /);
    expect(Object.values(errors).filter((text) => !/[а-яё]/.test(text))).toEqual([]);
    expect(errors['shops[0].name']).toBe('нужно заполнить');
  });
});
