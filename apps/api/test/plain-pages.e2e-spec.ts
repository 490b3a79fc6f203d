import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Frame, Page } from 'playwright-core';
import { Account } from './support/account.js';
import { browserPath, startBrowser } from './support/browser.js';
import { Deployment, START_MS } from './support/deployment.js';
import { findBarriers, inspectLooks, measureOverflow, PageWatch } from './support/page-watch.js';
import { PaymentDesk } from './support/payment-desk.js';
import { TelephonyDesk } from './support/telephony-desk.js';
import { until } from './support/until.js';

const FOREIGN = 'http://foreign.example/';

let deployment: Deployment;
let browser: Browser;
const contexts: BrowserContext[] = [];

async function openPage(options: Parameters<Browser['newContext']>[0] = {}): Promise<{ page: Page; watch: PageWatch }> {
  const context = await browser.newContext(options);
  contexts.push(context);
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  return { page, watch: new PageWatch(page, [deployment.url, ...deployment.crms.map(({ url }) => url)]) };
}

/** Shows an address in a frame of another page. */
async function openInFrame(page: Page, parent: string, address: string): Promise<Frame> {
  const body = `<!doctype html><link rel="icon" href="data:,"><iframe name="module" src="${address}"></iframe>`;
  await page.route(parent, (route) => route.fulfill({ contentType: 'text/html', body }));
  await page.goto(parent);
  const frame = page.mainFrame().childFrames()[0];
  if (!frame) throw new Error('no frame');
  return frame;
}

/** Opens an old link, repeatedly while the api is busy, because no frame shows a 503. */
async function openWhenFree<T>(page: Page, address: string, open: () => Promise<T>): Promise<T> {
  const { reply, opened } = await until(`${address} is answered`, async () => {
    const [reply, opened] = await Promise.all([page.waitForResponse(address), open()]);
    if (reply.status() === 503) throw new Error('it was answered with 503');
    return { reply, opened };
  });
  expect([reply.status(), reply.headers()['content-security-policy']]).toEqual([
    403,
    expect.not.stringContaining("frame-ancestors 'none'"),
  ]);
  return opened;
}

(browserPath === undefined ? describe.skip : describe)('pages of plain HTML', () => {
  beforeAll(async () => {
    [deployment, browser] = await Promise.all([
      Deployment.start({ accounts: 3, variables: { MODULES: 'courier,testpay,asterisk' } }),
      startBrowser(),
    ]);
  }, START_MS);
  afterAll(async () => {
    await browser?.close();
    await deployment?.stop();
  }, START_MS);
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
  });

  describe('an old link to an account page', () => {
    const open = (headers: Record<string, string>, init: RequestInit = {}): Promise<Response> =>
      fetch(`${deployment.url}/courier/account${init.method === undefined ? '?token=old' : ''}`, { ...init, headers });

    it('shows what to do in the frame of the CRM, in three languages, its own first, also after a reload', async () => {
      const account = await Account.connect(deployment, deployment.nextCrm());
      const { page } = await openPage({ locale: 'ru-RU' });
      await page.goto(account.accountUrl);
      const frame = await openWhenFree(page, account.accountUrl, () =>
        openInFrame(page, `${account.crm.url}/admin/integration`, account.accountUrl),
      );
      await frame.getByRole('heading', { level: 1, name: 'Откройте модуль из CRM' }).waitFor();
      await frame.getByText('Abra el módulo desde el CRM').waitFor();
      // Emptied, so that only the reloaded page has the heading.
      const reload = 'void (document.body.replaceChildren(), setTimeout(() => location.reload()))';
      await openWhenFree(page, account.accountUrl, () => frame.evaluate(reload));
      await frame.getByRole('heading', { level: 2, name: 'Open the module from the CRM' }).waitFor();
      await page.goto(account.accountUrl);
      expect(await inspectLooks(page)).toEqual([]);
    });

    it('shows nothing in a foreign frame', async () => {
      const { page } = await openPage();
      for (const path of ['/courier/account?token=old', '/testpay/pay/unknown', '/courier/callbacks/none', '/', '/health/live']) {
        const frame = await openInFrame(page, FOREIGN, deployment.url + path);
        await until(`the browser refuses to frame ${path}`, () => frame.url() === 'chrome-error://chromewebdata/');
      }
    });

    it('names the hosts of CRMs alone, and loads nothing', async () => {
      const reply = await open({ accept: 'text/html', 'accept-language': 'es', referer: FOREIGN });
      expect([reply.status, reply.headers.get('content-type')]).toEqual([403, 'text/html; charset=utf-8']);
      const policy = reply.headers.get('content-security-policy') ?? '';
      const sources = /frame-ancestors (.*)$/.exec(policy)?.[1]?.split(' ');
      expect(sources).toEqual(expect.arrayContaining(['https://*.retailcrm.ru', 'https://*.simla.com', deployment.crms[0]?.url]));
      expect(sources).not.toEqual(expect.arrayContaining([expect.stringMatching(/^(\*|https?:|'self'|http:\/\/foreign.*)$/)]));
      const html = await reply.text();
      expect(html).toContain('<html lang="es">');
      expect(html).not.toMatch(/<script| style="/);
    });

    it('shows the same after a wrong client id, while other programs get the usual error', async () => {
      const form = { 'content-type': 'application/x-www-form-urlencoded' };
      const wrong = await open({ accept: 'text/html', ...form }, { method: 'POST', body: 'clientId=nobody' });
      expect([wrong.status, (await wrong.text()).includes('<html lang="en">')]).toEqual([403, true]);
      const reply = await open({ accept: '*/*' });
      expect([reply.status, (await reply.json()) as object]).toEqual([403, { success: false, errorMsg: expect.any(String) }]);
    });
  });

  describe("the buyer's page of the test gateway", () => {
    it('shows that no money moves, takes a card that is clicked, and fits', async () => {
      const desk = await PaymentDesk.open(deployment, deployment.nextCrm());
      const { invoiceUrl } = await desk.invoice({ returnUrl: undefined });
      const { page, watch } = await openPage({ locale: 'es-MX' });
      await page.goto(invoiceUrl);
      await page.getByText('Prueba: no se cobra nada').waitFor();
      for (const [language, words] of [
        ['en-GB', 'Test mode: you will not be charged'],
        ['ru', 'Тест: деньги не списываются'],
      ] as const)
        expect(await (await fetch(invoiceUrl, { headers: { 'accept-language': language } })).text()).toContain(words);
      expect(await inspectLooks(page)).toEqual([]);
      await page.getByRole('link', { name: '4000 0000 0000 0002' }).click();
      expect(await page.getByLabel('Número de tarjeta').inputValue()).toBe('4000 0000 0000 0002');
      await page.getByRole('button', { name: 'Pagar' }).click();
      await page.getByRole('alert').getByText('rechazada').waitFor();
      // This one takes its time.
      await page.getByRole('link', { name: '4000 0000 0000 0077' }).click();
      await page.locator('button:focus', { hasText: 'Pagar' }).press('Enter');
      await page.getByRole('status').getByText('se está procesando').waitFor();
      await page.waitForLoadState();
      let loads = 0;
      page.on('load', () => (loads += 1));
      // The page receives the outcome only after the checks below.
      let goOn = (): void => undefined;
      const looked = new Promise<void>((resolve) => (goOn = resolve));
      await page.route(
        (url) => url.href.startsWith(invoiceUrl),
        async (route) => {
          if (route.request().resourceType() === 'fetch') await looked;
          await route.continue();
        },
      );
      goOn();
      await page.getByRole('status').getByText('Pagado').waitFor();
      await page.waitForLoadState();
      expect(loads).toBe(1);
      expect(await inspectLooks(page)).toEqual([]);
      expect(watch).toMatchObject({ complaints: [], foreign: [] });
    });
  });

  describe('the documents of the API', () => {
    it.each(['/docs', '/docs/callbacks'])('%s loads nothing foreign, is light, and fits', async (path) => {
      const { page, watch } = await openPage();
      let bytes = 0;
      page.on('response', (reply) => (bytes += Number(reply.headers()['content-length'] ?? 0)));
      const reply = await page.goto(deployment.url + path);
      expect(reply?.headers()['content-security-policy']).not.toContain('unsafe');
      await page.getByRole('heading', { level: 1 }).waitFor();
      expect(bytes).toBeLessThan(150_000);
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 800 });
        expect([await findBarriers(page, ['minor', 'moderate', 'serious', 'critical']), await measureOverflow(page)]).toEqual([[], 0]);
      }
      expect(watch).toMatchObject({ complaints: [], foreign: [] });
    });

    it('opens an operation by its address and by the keyboard, with its fields and example', async () => {
      const { page, watch } = await openPage({ colorScheme: 'dark' });
      await page.goto(`${deployment.url}/docs/callbacks#saveDelivery`);
      const operation = page.locator('#saveDelivery[open]');
      await operation.getByRole('heading', { name: 'Request body' }).waitFor();
      await operation.getByText('Fields of the request').press('Enter');
      await operation.getByText('Fields of save').press('Enter');
      await operation.getByText('orderNumber', { exact: true }).waitFor();
      await operation.getByText('Example of the request').press('Enter');
      await operation.getByText('"client-id-of-the-connection"').waitFor();
      expect([await findBarriers(page, ['minor', 'moderate', 'serious', 'critical']), await measureOverflow(page)]).toEqual([[], 0]);
      await page.getByLabel('Search').fill('shipment delete');
      await page.getByRole('heading', { name: '/{module}/callbacks/delivery/shipment-delete' }).waitFor();
      expect(await page.locator('.endpoint').count()).toBe(1);
      expect(watch).toMatchObject({ complaints: [], foreign: [] });
    });
  });

  describe('the telephony page', () => {
    it('is in the account’s language, follows its state without a reload, and fits', async () => {
      const crm = deployment.nextCrm();
      crm.settings = { ...crm.settings, system_language: { value: 'es', updated_at: '2026-01-01 10:00:00' } };
      const desk = await TelephonyDesk.open(deployment, crm);
      const { page, watch } = await openPage({ locale: 'en-GB' });
      const { clientId } = desk.account;
      const parent = `${crm.url}/admin/telephony`;
      const form = `<form method="post" target="module" action="${deployment.url}/asterisk/callbacks/telephony/account"><input type="hidden" name="clientId" value="${clientId}"></form>`;
      await page.route(parent, (route) =>
        route.fulfill({
          contentType: 'text/html',
          body: `<!doctype html><link rel="icon" href="data:,"><iframe name="module" width="900" height="700"></iframe>${form}<script>document.forms[0].submit()</script>`,
        }),
      );
      await page.goto(parent);
      const frame = page.frame('module');
      if (!frame) throw new Error('no frame');
      await frame.getByText('Conexión con la centralita: conectada').waitFor();
      await frame.getByRole('row', { name: '101 11 –' }).waitFor();
      await desk.account.get('/telephony/user-status', { code: '101', userId: '11', status: 'dinner' });
      await frame.getByRole('row', { name: '101 11 en la comida' }).waitFor();
      const call = desk.pbx.incoming('79161234567', '74950000000').ring('101');
      await frame.getByRole('row', { name: /entrante \+79161234567 .*en curso/ }).waitFor();
      call.hangup();
      await frame.getByRole('row', { name: /entrante \+79161234567 .*sin respuesta|cancelada/ }).waitFor();
      await desk.pbx.close();
      await frame.getByText('Conexión con la centralita: sin conexión').waitFor({ timeout: 20_000 });
      await frame.getByText('No se pudo consultar la centralita').waitFor();
      expect(await frame.locator('#stale').isVisible()).toBe(false);
      await page.evaluate("document.forms[0].target = '_self', document.forms[0].submit()");
      await page.getByText('Conexión con la centralita: sin conexión').waitFor();
      expect(await inspectLooks(page)).toEqual([]);
      expect(watch).toMatchObject({ complaints: [], foreign: [] });
    });

    it('gets its state only with its own token', async () => {
      const address = `${deployment.url}/asterisk/account/api/telephony`;
      for (const token of ['', 'forged'])
        expect((await fetch(address, { headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
      expect((await fetch(address)).status).toBe(401);
    });
  });
});
