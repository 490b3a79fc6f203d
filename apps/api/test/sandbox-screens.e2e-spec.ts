import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Locator, Page, Response } from 'playwright-core';
import { browserPath, SharedPage } from './support/browser.js';
import { Crm } from './support/crm.js';
import { Deployment, START_MS } from './support/deployment.js';
import { inspectLooks, type PageWatch } from './support/page-watch.js';
import { freePort } from './support/server-process.js';

let deployment: Deployment;
let crm: Crm;
let shared: SharedPage;
let page: Page;
let watch: PageWatch;

const open = async (path: string): Promise<void> => void (await page.goto(`${crm.url}/#${path}`));
const press = (name: string | RegExp): Promise<void> => page.getByRole('button', { name }).click();
/** Calls the control of the sandbox. */
async function control<T>(path: string, body?: object): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  const reply = await fetch(`${crm.url}/sandbox${path}`, body && { method: 'POST', headers, body: JSON.stringify(body) });
  return (await reply.json()) as T;
}
/** Rows of the list of requests with this name. */
const requests = (name: string): Locator => page.getByRole('complementary', { name: 'Requests' }).getByRole('button', { name });

(browserPath === undefined ? describe.skip : describe)("the sandbox CRM's screens in a browser", () => {
  beforeAll(async () => {
    const port = String(await freePort());
    const url = `http://127.0.0.1:${port}`;
    crm = await Crm.start({ pages: resolve('dist/web'), modulesUrl: url });
    const variables = { PORT: port, PUBLIC_URL: url, MODULES: 'courier,testpay' };
    [deployment, shared] = await Promise.all([
      Deployment.start({ crms: [crm], variables }),
      SharedPage.open({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' }),
    ]);
    ({ page, watch } = shared);
    watch.hosts.push(crm.url, deployment.url);
    for (const module of ['courier', 'testpay']) {
      const connected = { moduleUrl: `${url}/${module}`, secret: deployment.getSecret(module) };
      expect(await control(`/accounts/default/modules/${module}/connect`, connected)).toMatchObject({ ok: true });
    }
    const [sample] = (await control<{ orders: [object] }>('/demo-orders')).orders;
    for (const order of ['1', '2']) {
      await control('/accounts/default/orders', sample);
      const saved = await control('/accounts/default/modules/courier/callbacks/save', { order });
      expect(saved).toMatchObject({ ok: true });
    }
  }, START_MS);
  afterAll(async () => {
    await shared?.close();
    await deployment?.stop();
    await crm?.close();
  }, START_MS);
  beforeEach(() => shared.reset());
  afterEach(() => {
    expect(watch).toMatchObject({ complaints: [], foreign: [] });
  });

  it('tells modules the account’s language and zone', async () => {
    await open('/settings');
    const told = page.getByText(/^Changed\. /).first();
    await page.getByLabel('Language').selectOption('Spanish');
    await told.waitFor();
    await page.getByLabel('Language').selectOption('English');
    await page.getByLabel('Language').and(page.locator(':enabled')).waitFor();
    await page.getByLabel('Time zone').fill('Nowhere/Land');
    await page.getByLabel('Time zone').press('Enter');
    await page.getByText('"Nowhere/Land" is not a time zone').waitFor();
    // The refusal in the console is the browser's own.
    expect(watch.complaints.splice(0)).toEqual([expect.stringContaining('400')]);
    await page.getByLabel('Time zone').fill('Europe/Madrid');
    await page.getByLabel('Time zone').press('Enter');
    await told.waitFor();
    expect(crm.settings).toMatchObject({ timezone: { value: 'Europe/Madrid' }, system_language: { value: 'EN' } });
  });

  it('goes to the heading of the screen that is opened', async () => {
    await open('/orders');
    await page.locator('h1:focus', { hasText: 'Orders' }).waitFor();
    for (const name of ['Shipments', 'Faults', 'Account']) {
      await page.getByRole('navigation').getByRole('link', { name }).press('Enter');
      await page.locator('h1:focus', { hasText: name }).waitFor();
    }
    await page.goto(`${crm.url}/#/modules/nowhere/page`);
    await page.locator('h1:focus', { hasText: 'nowhere' }).waitFor();
    await page.locator('nav .router-link-active', { hasText: 'Modules' }).waitFor();
    await page.goto(`${crm.url}/#/orders/999`);
    await page.locator('h1:focus', { hasText: 'Order 999' }).waitFor();
    // The refusal in the console is the browser's own.
    for (const complaint of watch.complaints.splice(0)) expect(complaint).toContain('404');
  });

  it('prints several deliveries in one PDF, and makes, changes and deletes a shipment', async () => {
    await open('/shipments');
    const deliveries = page.getByRole('region', { name: 'Deliveries' });
    const print = deliveries.getByRole('button', { name: /^Print: Label/ });
    await print.waitFor();
    expect(await print.isDisabled()).toBe(true);
    await deliveries.getByRole('button', { name: 'All' }).click();
    await print.click();
    const file = (await deliveries.getByTitle(/^Printed form/).getAttribute('src')) ?? '';
    expect((await (await fetch(new URL(file, crm.url))).text()).slice(0, 5)).toBe('%PDF-');
    await requests('CRM to module: print').first().click();
    const panel = page.getByRole('dialog', { name: /^print/ });
    for (const delivery of crm.context.account.deliveries.filter(({ deleted }) => !deleted))
      await panel.getByText(delivery.deliveryId).first().waitFor();
    await page.keyboard.press('Escape');

    await page.getByLabel('Picked up on').fill('2027-01-15');
    const [, other] = crm.context.rows('stores');
    await page.getByLabel('From the warehouse').selectOption(String(other?.['code']));
    await press('Create a shipment');
    const list = page.getByRole('region', { name: 'Shipments', exact: true });
    await list.getByText('2027-01-15').waitFor();
    const [shipment] = crm.context.rows('deliveryShipments');
    expect(shipment).toMatchObject({ status: 'created', store: other?.['code'], orders: [{ id: 2 }, { id: 1 }] });
    await list.getByRole('button', { name: 'Change' }).click();
    await page.getByLabel('Picked up on').fill('2027-01-16');
    await press('Save the shipment');
    await list.getByText('2027-01-16').waitFor();
    expect(crm.context.rows('deliveryShipments')).toHaveLength(1);
    await list.getByRole('button', { name: /^Print:/ }).click();
    await list.getByTitle(/^Printed form/).waitFor();
    await list.getByRole('button', { name: 'Delete' }).click();
    await list.getByText('cancelled').waitFor();
  });

  it('loses a status on purpose, and counts that it came back', async () => {
    const [delivery] = crm.context.account.deliveries.filter(({ deleted, orderId }) => !deleted && orderId === 1);
    const had = delivery?.status ?? '';
    await open('/orders/1');
    await page.getByText('Lose it on purpose').first().click();
    await page.getByLabel('The status falls back to').first().selectOption('delivered');
    await press('Lose the status');
    await page.getByText('Lost.', { exact: true }).waitFor();
    expect(delivery?.status).toBe('delivered');
    await open('/faults');
    const lost = page.getByRole('region', { name: 'Lost on purpose' });
    await lost.getByText('1 lost, 0 restored.').waitFor();
    await lost.getByText('still lost').waitFor();
    // As a module does that found the difference.
    const updatedAt = new Date().toISOString().replace(/\.\d+Z$/, '+00:00');
    const update = [{ deliveryId: delivery?.deliveryId, history: [{ code: had, updatedAt }] }];
    const told = await fetch(`${crm.url}/api/v5/delivery/generic/courier/tracking`, {
      method: 'POST',
      headers: { 'x-api-key': crm.issueKey() },
      body: new URLSearchParams({ statusUpdate: JSON.stringify(update) }),
    });
    expect(await told.json()).toMatchObject({ success: true });
    await lost.getByText('1 lost, 1 restored.').waitFor();
    await lost.getByText('restored', { exact: true }).waitFor();
  });

  it('shows all times in the account’s zone, and names it', async () => {
    // The reader is elsewhere.
    const context = await shared.browser.newContext({ viewport: { width: 1280, height: 900 }, timezoneId: 'Asia/Tokyo' });
    const page = await context.newPage();
    await page.goto(`${crm.url}/#/orders/1`);
    await page.getByText('All times are in the account’s zone: Europe/Madrid').waitFor();
    const said = await fetch(`${crm.url}/sandbox/exchanges?limit=1`);
    const [{ at }] = ((await said.json()) as { entries: [{ at: string }] }).entries;
    const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone: 'Europe/Madrid' }).format(new Date(at));
    await page.getByRole('complementary', { name: 'Requests' }).getByText(clock).first().waitFor();
    const [delivery] = crm.context.account.deliveries.filter(({ deleted, orderId }) => !deleted && orderId === 1);
    const told = delivery?.history.at(-1)?.updatedAt ?? '';
    const date = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23', timeZone: 'Europe/Madrid' });
    await page
      .getByRole('region', { name: 'Statuses' })
      .getByText(date.format(new Date(told)))
      .first()
      .waitFor();
    await context.close();
  });

  it('skips to the content of the screen that is shown', async () => {
    await open('/orders');
    await page.getByRole('heading', { name: 'Orders', level: 1 }).waitFor();
    await page.getByRole('link', { name: 'Skip to content' }).press('Enter');
    expect(new URL(page.url()).hash).toBe('#/orders');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Orders');
  });

  it('shows a violation in red with the sentence of the contract', async () => {
    await open('/');
    await fetch(`${crm.url}/api/v5/delivery/generic/courier/tracking`, {
      method: 'POST',
      headers: { 'x-api-key': crm.issueKey() },
      body: new URLSearchParams({ statusUpdate: JSON.stringify([{ deliveryId: '<b>nobody</b>', history: [] }]) }),
    });
    const beside = page.getByRole('complementary', { name: 'Requests' });
    const words = beside.getByText('no delivery "<b>nobody</b>" of this module is known');
    await words.waitFor();
    const colour = await words.evaluate(
      (element) => (globalThis as unknown as { getComputedStyle(of: unknown): { color: string } }).getComputedStyle(element).color,
    );
    expect(colour).toBe('rgb(183, 50, 50)');
    await beside.getByText('as one JSON field of at most 100 deliveries').waitFor();
    // The page begins with the newest fifty exchanges.
    for (let call = 0; call < 60; call += 1) await fetch(`${crm.url}/api/credentials`);
    await page.reload();
    await words.waitFor();
    await requests('integration.edit').first().waitFor({ state: 'hidden' });
    await beside.getByRole('button', { name: 'Show older' }).click();
    await requests('integration.edit').first().waitFor();
    crm.clear();
  });

  it('switches faults on and off, and counts what they spoil', async () => {
    await open('/faults');
    await page.getByRole('switch', { name: /Service unavailable/ }).check();
    await page.getByRole('link', { name: '1 fault on' }).waitFor();
    const spoiled = page.getByRole('listitem').filter({ hasText: 'Service unavailable' });
    await spoiled.getByText('0 affected').waitFor();
    expect((await fetch(`${crm.url}/api/credentials`)).status).toBe(503);
    await spoiled.getByText('1 affected').waitFor();
    await page.getByRole('switch', { name: /Service unavailable/ }).uncheck();
    await page.getByRole('link', { name: '1 fault on' }).waitFor({ state: 'hidden' });

    await page.getByLabel('Fault').selectOption('Rejects without acting');
    await page.getByLabel('Path').fill('/api/credentials');
    await page.getByLabel('Message').fill('Come back tomorrow');
    await page.getByLabel('Times').fill('1');
    await press('Switch on');
    await page.getByText('calls of /api/credentials, 1 more, “Come back tomorrow”').waitFor();
    expect(await (await fetch(`${crm.url}/api/credentials`)).json()).toMatchObject({ errorMsg: 'Come back tomorrow' });
    await page.getByText('calls of /api/credentials').waitFor({ state: 'hidden' });
    crm.clear();
  });

  it('shows a notice if it is opened at another address than the modules use', async () => {
    const local = crm.url.replace('127.0.0.1', 'localhost');
    watch.hosts.push(local);
    await page.goto(`${local}/#/orders`);
    await page.getByText('allow only that address to frame their pages').waitFor();
    await page.getByRole('link', { name: 'Open it there' }).click();
    await page.getByRole('heading', { name: 'Orders', level: 1 }).waitFor();
    expect(page.url()).toBe(`${crm.url}/#/orders`);
  });

  it('serves only its own files, and frames and posts only to the modules', async () => {
    const reply = await fetch(crm.url, { headers: { accept: 'text/html' } });
    const policy = reply.headers.get('content-security-policy') ?? '';
    expect(policy.split('; ')).toEqual(
      expect.arrayContaining([
        ...["default-src 'none'", "script-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"],
        ...[`frame-src 'self' ${deployment.url}`, `form-action 'self' ${deployment.url}`, `style-src 'self' ${deployment.url}`],
      ]),
    );
    expect(policy).not.toMatch(/unsafe|nonce|\*/);
    expect(await reply.text()).not.toMatch(/ style=|<style| on\w+=/);
  });

  it('sends at most 80 kB for its first view', async () => {
    const bodies: Promise<number>[] = [];
    const note = (response: Response): void => {
      if (response.url().startsWith(`${crm.url}/pages/`)) bodies.push(response.body().then((body) => gzipSync(body).length));
    };
    page.on('response', note);
    await open('/');
    await page.getByRole('heading', { name: 'Modules' }).waitFor();
    page.off('response', note);
    const sizes = await Promise.all(bodies);
    expect(sizes.length).toBeGreaterThan(2);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(80_000);
  });

  it('has no barrier on any screen, wide or narrow, light or dark', async () => {
    for (const path of [
      '/',
      '/orders',
      '/orders/1',
      '/shipments',
      '/payments',
      '/stock',
      '/phone',
      '/dialogues',
      '/exchanges',
      '/faults',
      '/settings',
    ]) {
      await open(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.getByText('Loading').first().waitFor({ state: 'detached' });
      expect([path, await inspectLooks(page)]).toEqual([path, []]);
      // Every screen has it, with the same rows.
      if (path === '/') await page.getByRole('button', { name: 'Requests', exact: true }).click();
    }
  }, 240_000);
});
