import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Locator } from 'playwright-core';
import { browserPath, startBrowser } from './support/browser.js';
import { Crm } from './support/crm.js';
import { Deployment, START_MS } from './support/deployment.js';
import { inspectLooks, PageWatch } from './support/page-watch.js';
import { freePort } from './support/server-process.js';

let deployment: Deployment;
let crm: Crm;
let browser: Browser;

/** The path that people take most; `sandbox-screens` tries everything else. */
(browserPath === undefined ? describe.skip : describe)("the life of the sandbox CRM's screens", () => {
  beforeAll(async () => {
    const port = String(await freePort());
    const url = `http://127.0.0.1:${port}`;
    crm = await Crm.start({ pages: resolve('dist/web'), modulesUrl: url });
    crm.settings = { ...crm.settings, system_language: { value: 'en', updated_at: '2026-01-01 10:00:00' } };
    const variables = { PORT: port, PUBLIC_URL: url, MODULES: 'courier,testpay' };
    [deployment, browser] = await Promise.all([Deployment.start({ crms: [crm], variables }), startBrowser()]);
  }, START_MS);
  afterAll(async () => {
    await browser?.close();
    await deployment?.stop();
    await crm?.close();
  }, START_MS);

  it('connect modules, bring an order from its quote to a status, and have an invoice paid', async () => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    const watch = new PageWatch(page, [crm.url, deployment.url]);
    const open = (path: string): Promise<unknown> => page.goto(`${crm.url}/#${path}`);
    const press = (name: string | RegExp): Promise<void> => page.getByRole('button', { name }).click();
    const requests = (name: string): Locator => page.getByRole('complementary', { name: 'Requests' }).getByRole('button', { name });

    await open('/');
    await page.getByText('No module is connected').waitFor();
    await press('Connect Own courier service');
    await page.getByRole('heading', { name: 'Own courier service is connected' }).waitFor();
    await press('Connect Test payments');
    await page.getByRole('heading', { name: 'Test payments is connected' }).waitFor();
    await page.getByText('All modules of the deployment are connected.').waitFor();
    // The requests in both directions are listed.
    await requests('CRM to module: register').first().waitFor();
    await requests('module to CRM: integration.edit').first().waitFor();

    await page.getByRole('link', { name: 'Open its page: Own courier service' }).click();
    await page.frameLocator('iframe').getByRole('heading', { name: 'Own courier service' }).first().waitFor();
    await press('Phone width');
    expect((await page.locator('iframe').boundingBox())?.width).toBe(390);

    await open('/orders');
    await page.getByText('No orders yet').waitFor();
    await press('New order');
    await page.getByLabel('Start from').selectOption({ index: 2 });
    await press('Create the order');
    await press('Quote');
    await page.getByRole('radio', { name: /pickup/ }).check();
    const saves = page.getByRole('button', { name: 'Save the delivery' });
    expect(await saves.isDisabled()).toBe(true);
    await page.getByRole('group', { name: 'Pickup point' }).getByRole('radio').first().check();
    await saves.click();
    await page.getByText('save answered in').waitFor();
    const [delivery] = crm.context.account.deliveries;
    await page.getByText(delivery?.trackNumber ?? 'none').waitFor();

    await press(/^Print: Label/);
    const form = page.getByTitle(/^Printed form/);
    const address = new URL((await form.getAttribute('src')) ?? '', crm.url).href;
    const printed = await fetch(address);
    expect([printed.headers.get('content-type'), (await printed.text()).slice(0, 5)]).toEqual(['application/pdf', '%PDF-']);

    const report = [{ deliveryId: delivery?.deliveryId, code: 'in-transit', updatedAt: new Date().toISOString(), comment: 'left the hub' }];
    await deployment.operator('POST', '/deliveries/statuses', report);
    await page.getByRole('region', { name: 'Statuses' }).getByText('left the hub').waitFor();
    await requests('module to CRM: delivery.tracking').first().click();
    const panel = page.getByRole('dialog', { name: /^delivery\.tracking/ });
    await panel.getByText('"code": "in-transit"').waitFor();
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'hidden' });

    await page.getByLabel('Amount').fill('150');
    await press('Create an invoice');
    const invoice = page.getByRole('region', { name: 'Invoice 1' });
    await invoice.locator('.ui-badge').getByText('pending', { exact: true }).waitFor();
    const [buyer] = await Promise.all([context.waitForEvent('page'), invoice.getByRole('link', { name: 'Open the buyer’s page' }).click()]);
    await buyer.locator('input[name="card"]').fill('4242 4242 4242 4242');
    await buyer.locator('input[name="card"]').press('Enter');
    await invoice.locator('.ui-badge').getByText('succeeded', { exact: true }).waitFor();
    await invoice.getByText('the module checks whether to capture the money').waitFor();
    expect(await inspectLooks(page)).toEqual([]);
    await page.setViewportSize({ width: 1280, height: 900 });

    await press('Delete');
    await page.getByRole('dialog', { name: 'Delete the delivery' }).getByRole('button', { name: 'Delete' }).click();
    await page.getByText('delete answered in').waitFor();
    expect(crm.context.account.deliveries[0]).toMatchObject({ deleted: true });

    expect(watch).toMatchObject({ complaints: [], foreign: [] });
    await context.close();
  }, 120_000);
});
