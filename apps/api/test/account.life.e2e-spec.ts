import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Frame } from 'playwright-core';
import { StripeDouble } from '../../../lab/doubles/stripe/index.js';
import { AccountPage } from './support/account-page.js';
import { browserPath, startBrowser } from './support/browser.js';
import { Deployment, START_MS } from './support/deployment.js';
import { openAlone, openInCrm, pressSave, showSection } from './support/open-in-crm.js';
import { inspectLooks, PageWatch } from './support/page-watch.js';
import { BuyerPage, PaymentDesk } from './support/payment-desk.js';

const KEY = 'sk_test_of_the_shop';

let deployment: Deployment;
let stripe: StripeDouble;
let browser: Browser;

/** The first steps with their states. */
const listSteps = async (frame: Frame): Promise<string[]> =>
  (await frame.locator('.first-steps h3').allInnerTexts()).map((text) => text.replace(/\s+/g, ' '));

/** The path that most shops take. The specs named `account` try everything else. */
(browserPath === undefined ? describe.skip : describe)('the life of an account page', () => {
  beforeAll(async () => {
    stripe = await StripeDouble.start({ key: KEY });
    [deployment, browser] = await Promise.all([
      Deployment.start({ accounts: 1, variables: { MODULES: 'stripe', STRIPE_URL: stripe.url } }),
      startBrowser(),
    ]);
  }, START_MS);
  afterAll(async () => {
    await browser?.close();
    await deployment?.stop();
    await stripe?.close();
  }, START_MS);

  it('leads from a wrong key to a test payment, and follows it live', async () => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    const crm = deployment.nextCrm();
    crm.settings = { ...crm.settings, system_language: { value: 'en', updated_at: '2026-01-01 10:00:00' } };
    const desk = await PaymentDesk.open(deployment, crm, 'stripe');
    let watch = new PageWatch(page, [deployment.url, crm.url]);
    const frame = await openInCrm(page, desk.account);
    await frame.locator('.first-steps').waitFor();
    expect(await listSteps(frame)).toEqual([
      'Paste a key (next)',
      'The webhook is created automatically (later)',
      'Make a test payment (later)',
    ]);
    await frame.getByRole('button', { name: 'Fill in the form' }).click();
    await frame.locator('.settings-form :focus').waitFor();

    await frame.getByRole('button', { name: 'Add: Shops' }).click();
    await frame.getByLabel('Code').fill('main');
    await frame.getByLabel('Name').fill('Tienda');
    await frame.getByLabel('Stages').selectOption('automatic');
    const panel = frame.getByRole('dialog', { name: /^Shops/ });
    expect(await panel.getByLabel('Secret key').getAttribute('type')).toBe('password');
    await panel.getByLabel('Secret key').fill('sk_test_wrong');
    await frame.getByRole('button', { name: 'Done' }).click();
    await frame.getByRole('button', { name: /^Edit: Shops 1 / }).waitFor();
    expect(await pressSave(frame)).toContain('Not saved');
    await frame.getByLabel('Secret key').fill(KEY);
    await frame.getByRole('button', { name: 'Done' }).click();
    expect(await pressSave(frame)).toContain('Connected as Double Shop 1, MX, test.');
    await frame.getByText('The service sends its events here.').waitFor();
    await frame.getByText('2 of 3 done').waitFor();
    expect(await listSteps(frame)).toEqual(['Make a test payment (next)']);
    const folded = frame.locator('.done-steps');
    expect(await folded.innerText()).toBe('✓ Done: 2');
    await folded.locator('summary').click();
    await folded.getByText('Paste a key').waitFor();

    const { invoiceUrl, paymentId } = await desk.invoice({ currency: 'MXN' });
    await new BuyerPage(invoiceUrl).open();
    const { json } = await (await AccountPage.open(desk.account)).call('GET', 'first-steps');
    expect(json).toMatchObject({ steps: [{ isDone: true }, { isDone: true }, { isDone: false }] });
    stripe.book.pay(stripe.sessions(paymentId)[0]?.id ?? '');
    await frame.locator('.first-steps').waitFor({ state: 'detached' });
    await showSection(frame, 'health');
    await frame.getByText('Works.').waitFor();
    await frame.getByRole('cell', { name: /5074A/ }).waitFor();
    // A wrong key is a refusal that the browser's console shows, too.
    expect(watch.complaints.filter((text) => !text.includes('400'))).toEqual([]);
    expect(watch.foreign).toEqual([]);

    watch = new PageWatch(page, [deployment.url]);
    await openAlone(page, desk.account);
    await page.locator('.ui-card').first().waitFor();
    expect(await inspectLooks(page)).toEqual([]);
    expect(watch).toMatchObject({ complaints: [], foreign: [] });
    expect(await context.cookies()).toEqual([]);
    await context.close();
  }, 120_000);
});
