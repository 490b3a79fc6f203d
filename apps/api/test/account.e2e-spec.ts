import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { BrowserContext, Frame, Page } from 'playwright-core';
import { StripeDouble } from '../../../lab/doubles/stripe/index.js';
import { Account } from './support/account.js';
import { AccountPage } from './support/account-page.js';
import { browserPath, SharedPage } from './support/browser.js';
import { Deployment, START_MS } from './support/deployment.js';
import { openAlone, openInCrm, pressSave, showSection } from './support/open-in-crm.js';
import { ALL_IMPACTS, inspectLooks, measureOverflow, type PageWatch } from './support/page-watch.js';
import { BuyerPage } from './support/payment-desk.js';

const KEY = 'sk_test_of_the_shop';
const SCRIPT = `"><img src=x onerror="document.title='hacked'"><script>document.title='hacked'</script>`;

let deployment: Deployment;
let stripe: StripeDouble;
let shared: SharedPage;
let context: BrowserContext;
let page: Page;
let watch: PageWatch;

async function connect(module: string, language = 'en'): Promise<Account> {
  const crm = deployment.nextCrm();
  crm.settings = { ...crm.settings, system_language: { value: language, updated_at: '2026-01-01 10:00:00' } };
  return Account.connect(deployment, crm, module);
}

/** Opens the page of an account in a frame of its CRM. */
async function open(account: Account): Promise<Frame> {
  watch.hosts.push(account.crm.url);
  return openInCrm(page, account);
}

(browserPath === undefined ? describe.skip : describe)('an account page', () => {
  beforeAll(async () => {
    stripe = await StripeDouble.start({ key: KEY });
    [deployment, shared] = await Promise.all([
      Deployment.start({ accounts: 13, variables: { MODULES: 'courier,stripe', STRIPE_URL: stripe.url } }),
      SharedPage.open(),
    ]);
    ({ context, page, watch } = shared);
    watch.hosts.push(deployment.url);
  }, START_MS);
  afterAll(async () => {
    await shared?.close();
    await deployment?.stop();
    await stripe?.close();
  }, START_MS);
  beforeEach(() => shared.reset());
  afterEach(async () => {
    expect(watch).toMatchObject({ complaints: [], foreign: [] });
    expect(await context.cookies()).toEqual([]);
  });

  it('makes a test payment with one press, and sees that it was paid', async () => {
    const account = await connect('stripe', 'es');
    await (
      await AccountPage.open(account)
    ).save({ shops: [{ code: 'main', name: 'Tienda', active: true, capture: 'automatic', secretKey: KEY }] });
    const frame = await open(account);
    await frame.getByText('No se cobra nada y nada de ello se registra en el CRM.').waitFor();
    await frame.getByRole('button', { name: 'Hacer un pago de prueba' }).click();
    const link = frame.getByRole('link', { name: 'Abrir la página de pago' });
    await link.waitFor();
    await frame.locator('a:focus', { hasText: 'Abrir la página de pago' }).waitFor();
    const { url = '' } = (await (await AccountPage.open(account)).call('GET', 'trial')).json as { url?: string };
    expect(await link.getAttribute('href')).toBe(url);
    await new BuyerPage(url).open();
    stripe.book.pay(stripe.sessions().at(-1)?.id ?? '');
    await frame.getByText('El pago de prueba ha llegado: todo funciona.').waitFor();
    await frame.locator('.first-steps').waitFor({ state: 'detached' });
  });

  it('comes again when its frame is reloaded', async () => {
    const frame = await open(await connect('courier'));
    await frame.evaluate(`document.body.dataset.old = ''; setTimeout(() => location.reload())`);
    await frame.locator('body:not([data-old]) .ui-menu a').first().waitFor();
  });

  it('keeps what is typed and not saved, without secrets, until it is saved', async () => {
    const account = await connect('courier');
    const typed = await open(account);
    await showSection(typed, 'sender');
    await typed.getByLabel("Sender's phone").fill('+34 600 000 000');
    const kept = page.waitForResponse((reply) => reply.url().includes('/api/draft') && reply.request().method() === 'PUT');
    expect((await kept).status()).toBe(200);
    // The field that was changed, and no other.
    expect((await kept).request().postDataJSON()).toEqual({ senderPhone: '+34 600 000 000' });
    await page.goto('about:blank');

    const frame = await open(account);
    await frame.getByText('You had unsaved changes').waitFor();
    await frame.getByRole('button', { name: 'Continue with them' }).click();
    await frame.locator('.draft-notice').waitFor({ state: 'detached' });
    await showSection(frame, 'sender');
    expect(await frame.getByLabel("Sender's phone").inputValue()).toBe('+34 600 000 000');
    expect(await pressSave(frame)).toContain('Saved');

    const after = await open(account);
    await showSection(after, 'sender');
    expect(await after.getByLabel("Sender's phone").inputValue()).toBe('+34 600 000 000');
    expect(await after.getByText('You had unsaved changes').count()).toBe(0);
  });

  it('discards a draft that is not wanted', async () => {
    const account = await connect('courier');
    await (await AccountPage.open(account)).call('PUT', 'draft', { senderName: 'Nobody' });
    const frame = await open(account);
    await frame.getByRole('button', { name: 'Delete the draft' }).click();
    await frame.getByText('You had unsaved changes').waitFor({ state: 'detached' });
    await showSection(frame, 'sender');
    expect(await frame.getByLabel('Sender on printed forms').inputValue()).toBe('');
    expect((await (await AccountPage.open(account)).call('GET', 'draft')).json).toEqual({});
  });

  it('shows what to do when its token has ended, and offers nothing that would fail', async () => {
    const account = await connect('courier', 'es');
    const frame = await open(account);
    await page.route('**/account/api/settings?*', (route) => route.fulfill({ status: 401, json: { success: false, errorMsg: 'ended' } }));
    await showSection(frame, 'sender');
    await frame.getByLabel('Teléfono del remitente').fill('1');
    await frame.getByRole('button', { name: 'Guardar' }).click();
    await frame.getByText('Esta página ha caducado').waitFor();
    expect(await frame.locator('button, input, a').count()).toBe(0);
    expect(watch.complaints.splice(0).filter((text) => !text.includes('401'))).toEqual([]);
  });

  it('lets in neither strangers nor other accounts', async () => {
    const [mine, others] = [await AccountPage.open(await connect('courier')), await AccountPage.open(await connect('stripe'))];
    const ask = async (path: string, authorization: string): Promise<number> => {
      const reply = await fetch(`${deployment.url}/courier/account/api/${path}`, { headers: { authorization } });
      await reply.body?.cancel();
      return reply.status;
    };
    for (const path of ['overview', 'live', 'first-steps', 'draft', 'settings', 'rules'])
      for (const authorization of ['', 'Bearer forged', `Bearer ${mine.token}x`, `Bearer ${others.token}`])
        expect([path, authorization, await ask(path, authorization)]).toEqual([path, authorization, 401]);
    expect(await ask('first-steps', `Bearer ${mine.token}`)).toBe(200);
  });

  it('shows script in any field as text', async () => {
    const account = await connect('courier');
    const api = await AccountPage.open(account);
    const values = await api.values<{ zones: { name: object }[]; points: object[] }>();
    const saved = await api.save({ ...values, senderName: SCRIPT.slice(0, 120), senderAddress: SCRIPT });
    expect(saved.status).toBe(200);
    await api.call('PUT', 'draft', { senderName: SCRIPT, senderPhone: SCRIPT });
    const frame = await open(account);
    await frame.getByRole('button', { name: 'Continue with them' }).click();
    await frame.locator('.draft-notice').waitFor({ state: 'detached' });
    for (const section of ['sender', 'prices', 'points', 'rules', 'health', 'connect']) {
      await showSection(frame, section);
      expect([section, await frame.title()]).not.toContain('hacked');
    }
    expect(await frame.locator('img[src="x"]').count()).toBe(0);
  });

  it('shows nothing in a foreign frame', async () => {
    const account = await connect('courier');
    const foreign = 'https://foreign.example';
    await page.route(`${foreign}/`, (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<iframe name="module"></iframe><form method="post" target="module" action="${deployment.url}/courier/account">
          <input name="clientId" value="${account.clientId}"></form><script>document.forms[0].submit()</script>`,
      }),
    );
    watch.hosts.push(foreign);
    await page.goto(foreign);
    await expect(page.frame('module')?.locator('.ui-menu').waitFor({ timeout: 3_000 })).rejects.toThrow();
    // The browser itself complains of the frame that it may not show.
    watch.complaints.length = 0;
  });

  it('has no barrier, and headings in order, in every section', async () => {
    await openAlone(page, await connect('courier'));
    for (const link of await page.locator('.ui-menu a').all()) {
      await link.click();
      await page.locator('.ui-card').first().waitFor();
      expect([await link.innerText(), await inspectLooks(page, ALL_IMPACTS)]).toEqual([expect.any(String), []]);
    }
  });

  it.each(['es', 'ru'])('misses no text in %s, which fits on a phone', async (language) => {
    await page.setViewportSize({ width: 390, height: 800 });
    await openAlone(page, await connect('courier', language));
    for (const section of ['connect', 'sender', 'rules', 'health']) {
      await showSection(page.mainFrame(), section);
      await page.locator('.ui-card').first().waitFor();
      expect([section, await measureOverflow(page)]).toEqual([section, 0]);
      const text = await page.locator('body').innerText();
      expect(text).not.toMatch(/undefined|\[object|\{\w+\}/);
      if (language === 'ru') expect(text.replace(/CRM|CSV|[\d.:/]+/g, '')).not.toMatch(/\b(the|Save|Health|Rules)\b/);
    }
  });
});
