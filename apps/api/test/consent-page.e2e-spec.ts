import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Frame, Page } from 'playwright-core';
import { YooKassaDouble } from '#testing';
import { Account } from './support/account.js';
import { browserPath, startBrowser } from './support/browser.js';
import { Deployment, START_MS } from './support/deployment.js';
import { openInCrm } from './support/open-in-crm.js';

const SCRIPTS = 'allow-scripts allow-same-origin allow-forms';

let deployment: Deployment;
let yookassa: YooKassaDouble;
let browser: Browser;
let context: BrowserContext;
let page: Page;

async function openFrame(sandbox?: string, language = 'en'): Promise<Frame> {
  const crm = deployment.nextCrm();
  crm.settings = { ...crm.settings, system_language: { value: language, updated_at: '2026-01-01 10:00:00' } };
  return openInCrm(page, await Account.connect(deployment, crm, 'yookassa'), sandbox);
}

/** Consents in the window, as a user does. */
async function consent(window: Page, account: string): Promise<void> {
  await window.getByRole('link', { name: 'Go on to YooKassa' }).click();
  await window.getByRole('button', { name: account }).click();
}

(browserPath === undefined ? describe.skip : describe)('consent in a browser', () => {
  beforeAll(async () => {
    yookassa = await YooKassaDouble.start();
    yookassa.addShop({ shopId: '200', secretKey: 'live_second_key', currency: 'RUB', receipts: 'none' });
    const { clientId, clientSecret } = yookassa.oauth.application;
    const variables = { YOOKASSA_URL: yookassa.url, YOOKASSA_CLIENT_ID: clientId, YOOKASSA_CLIENT_SECRET: clientSecret };
    [deployment, browser] = await Promise.all([
      Deployment.start({ accounts: 6, variables: { MODULES: 'yookassa', PROVIDER_BUDGET_MS: '10000', ...variables } }),
      startBrowser(),
    ]);
    yookassa.oauth.application.redirectUri = `${deployment.variables.PUBLIC_URL}/yookassa/oauth/yookassa/callback`;
  }, START_MS);

  afterAll(async () => {
    await browser?.close();
    await deployment?.stop();
    await yookassa?.close();
  });

  beforeEach(async () => {
    await context?.close();
    context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    context.setDefaultTimeout(20_000);
    page = await context.newPage();
    yookassa.oauth.pageHeaders = { 'x-frame-options': 'DENY' };
  });

  it('connects through a window, although the service cuts it off from the page', async () => {
    yookassa.oauth.pageHeaders = { ...yookassa.oauth.pageHeaders, 'cross-origin-opener-policy': 'same-origin' };
    const frame = await openFrame();
    const opening = context.waitForEvent('page');
    await frame.getByRole('button', { name: 'Connect with YooKassa' }).click();
    const window = await opening;
    await window.getByRole('heading', { name: /^Connect YooKassa to 127\.0\.0\.1/ }).waitFor();
    await consent(window, 'Shop 100500');
    await window.getByText('Connected: YooKassa 100500. You may close this window.').waitFor();
    await frame.getByText('Connected: YooKassa 100500', { exact: true }).waitFor();
    expect(await frame.locator('.settings-form').innerText()).toContain('YooKassa 100500');

    // Another account than before is used only after the user confirms it.
    const next = context.waitForEvent('page');
    await frame.getByRole('button', { name: 'Connect again' }).click();
    await consent(await next, 'Shop 200');
    await frame.getByRole('button', { name: 'Keep YooKassa 100500' }).click();
    await frame.getByText('Connected: YooKassa 100500', { exact: true }).waitFor();
  });

  it('connects where the frame must not open windows, by an address to copy', async () => {
    const frame = await openFrame(SCRIPTS);
    await frame.getByRole('button', { name: 'Connect with YooKassa' }).click();
    await frame.getByText('Your browser blocked the new window.').waitFor();
    const address = await frame.getByLabel('Or open this address in another tab').inputValue();
    const window = await context.newPage();
    await window.goto(address);
    await consent(window, 'Decline');
    await frame.getByText('The access was declined. Nothing has changed.').waitFor();
    await frame.getByRole('button', { name: 'Connect with YooKassa' }).click();
    await frame.getByText('Your browser blocked the new window.').waitFor();
    await window.goto(await frame.getByLabel('Or open this address in another tab').inputValue());
    await consent(window, 'Shop 200');
    await frame.getByText('Connected: YooKassa 200', { exact: true }).waitFor();
  });

  it('connects where the frame opens windows without its sandbox', async () => {
    const frame = await openFrame(`${SCRIPTS} allow-popups allow-popups-to-escape-sandbox`);
    const opening = context.waitForEvent('page');
    await frame.getByRole('button', { name: 'Connect with YooKassa' }).click();
    await consent(await opening, 'Shop 100500');
    await frame.getByText('Connected: YooKassa 100500', { exact: true }).waitFor();
  });
});
