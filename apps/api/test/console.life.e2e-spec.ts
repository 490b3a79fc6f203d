import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { browserPath, startBrowser } from './support/browser.js';
import { SHOPS, signInTo, startConsole, VIEW } from './support/console.js';
import { type Deployment, START_MS } from './support/deployment.js';
import { inspectLooks, PageWatch } from './support/page-watch.js';

let deployment: Deployment;
let browser: Browser;

/** The path that operators take most; `console` and `console-shop` try everything else. */
(browserPath === undefined ? describe.skip : describe)('the life of a console', () => {
  beforeAll(async () => {
    [deployment, browser] = await Promise.all([startConsole(), startBrowser()]);
  }, START_MS);
  afterAll(async () => {
    await browser?.close();
    await deployment?.stop();
  }, START_MS);

  it('shows what needs attention to viewers, and operators with the right to act resolve it', async () => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    const watch = new PageWatch(page, [deployment.url]);
    const address = (path = ''): string => `${deployment.url}/operator${path}`;
    const acts = page.getByRole('button', { name: /^(Check now|Register again|Replay|Check again|Re-encrypt …|Stop)$/ });

    await signInTo(deployment, page, VIEW);
    await page.getByText('The CRM rejects the module’s calls.').first().waitFor();
    await page.getByText('order 7 is unknown <img src=x').waitFor();
    expect(await acts.count()).toBe(0);
    await page.goto(address('/system?tab=keys'));
    await page.getByRole('cell', { name: 'Decrypts only' }).waitFor();
    expect(await acts.count()).toBe(0);
    await context.clearCookies();

    await signInTo(deployment, page);
    await page.reload();
    await page.getByText('order 7 is unknown <img src=x').waitFor();
    expect(await acts.allTextContents()).toEqual(expect.arrayContaining(['Register again', 'Replay']));
    expect(await inspectLooks(page)).toEqual([]);
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.getByRole('link', { name: /^3\s*Rejected by CRM$/ }).click();
    await page.getByText('3 connections found').waitFor();
    await page.getByRole('link', { name: 'Connections', exact: true }).click();
    await page.getByText(`${SHOPS} connections`).waitFor();
    await page.getByLabel('Host').fill('SHOP-30');
    await page.getByText('1 connection found').waitFor();
    await page.getByRole('table').getByRole('link').click();

    await page.getByRole('button', { name: 'Register again' }).click();
    await page.getByRole('status').getByText('The module is being registered again').waitFor();
    await page.goto(address('/system?tab=audit&shop=01900000-0000-7000-8000-000000000030'));
    await page.getByRole('link', { name: 'shop-30.example' }).click();
    await page.getByRole('heading', { name: 'shop-30.example', level: 1 }).waitFor();

    await page.getByRole('button', { name: 'operator' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Operator’s token').waitFor();
    expect(await context.cookies()).toEqual([]);
    expect(watch).toMatchObject({ complaints: [], foreign: [] });
    await context.close();
  }, 120_000);
});
