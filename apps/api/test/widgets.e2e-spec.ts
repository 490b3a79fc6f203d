import { readdirSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { Account } from './support/account.js';
import { browserPath, SharedPage } from './support/browser.js';
import { Crm } from './support/crm.js';
import { Deployment, START_MS } from './support/deployment.js';
import { inspectLooks } from './support/page-watch.js';
import { freePort } from './support/server-process.js';
import { until } from './support/until.js';
import { WidgetHost } from './support/widget-host.js';

/** The order of the vendor's sandbox. */
const ORDER = '214';
const DELIVERY = 'order/card:delivery.after';

let deployment: Deployment;
let crm: Crm;
let account: Account;
let stranger: Account;
let strangersCrm: Crm;

const filesUrl = (file: string, module = 'courier'): string => `${deployment.url}/${module}/callbacks/embed/${file}`;
/** Reads a file with exactly these headers. `fetch` adds some, and unpacks. */
const readFile = (
  file: string,
  headers: Record<string, string>,
): Promise<{ status?: number; headers: IncomingHttpHeaders; bytes: Buffer }> =>
  new Promise((done, fail) => {
    request(filesUrl(file), { headers }, (reply) => {
      void buffer(reply).then((bytes) => done({ status: reply.statusCode, headers: reply.headers, bytes }), fail);
    })
      .on('error', fail)
      .end();
  });
const fetchFile = (file: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> =>
  fetch(filesUrl(file), { method, headers });

beforeAll(async () => {
  const port = String(await freePort());
  const url = `http://127.0.0.1:${port}`;
  [crm, strangersCrm] = await Promise.all([Crm.start({ pages: resolve('dist/web'), modulesUrl: url }), Crm.start()]);
  deployment = await Deployment.start({ crms: [crm, strangersCrm], variables: { PORT: port, PUBLIC_URL: url, MODULES: 'courier' } });
  account = await Account.connect(deployment, crm);
  stranger = await Account.connect(deployment, strangersCrm);
}, START_MS);
afterAll(async () => {
  await deployment?.stop();
  await Promise.all([crm?.close(), strangersCrm?.close()]);
}, START_MS);
afterEach(() => expect(deployment.complaints()).toEqual([]));

describe('the files of widgets', () => {
  it('have fixed names with an ETag, for any origin', async () => {
    const origin = 'https://shop.example';
    const script = await fetchFile('widget.js', { origin, 'accept-encoding': 'gzip' });
    expect([script.status, ...['content-type', 'cache-control', 'vary'].map((name) => script.headers.get(name))]).toEqual([
      ...[200, 'text/javascript; charset=utf-8', 'no-cache', 'Origin, Accept-Encoding'],
    ]);
    expect(['access-control-allow-origin', 'access-control-allow-credentials'].map((name) => script.headers.get(name))).toEqual([
      ...[origin, 'true'],
    ]);
    const again = await readFile('widget.js', { 'if-none-match': script.headers.get('etag') ?? '', 'accept-encoding': 'gzip' });
    expect([again.status, again.bytes.length]).toEqual([304, 0]);
    const head = await fetchFile('widget.css', {}, 'HEAD');
    expect([head.status, head.headers.get('content-type'), await head.text()]).toEqual([200, 'text/css; charset=utf-8', '']);
    expect((await fetchFile('widget.js', { origin }, 'OPTIONS')).status).toBe(204);
  });

  it('are compressed for browsers that accept it', async () => {
    const plain = await (await fetchFile('widget.js', { 'accept-encoding': 'identity' })).text();
    const packed = await readFile('widget.js', { 'accept-encoding': 'gzip' });
    expect([packed.headers['content-encoding'], gunzipSync(packed.bytes).toString() === plain]).toEqual(['gzip', true]);
    expect(packed.bytes.length).toBeLessThan(60_000);
  });

  it('have immutable hashed names, and no others', async () => {
    const [name = ''] = readdirSync(resolve('dist/widget')).filter((one) => one.endsWith('.js'));
    const hashed = await fetchFile(name);
    expect([hashed.status, hashed.headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable']);
    for (const other of [
      'widget.00000000.js',
      'manifest.json',
      'widget.map',
      `${name}.br`,
      '..%2Fweb%2Fmanifest.json',
      '%2e%2e%2fpackage.json',
    ])
      expect([other, (await fetchFile(other)).status]).toEqual([other, 404]);
    expect((await fetch(filesUrl('widget.js', 'nobody'))).status).toBe(404);
  });
});

(browserPath === undefined ? describe.skip : describe)("the widgets in the vendor's sandbox", () => {
  let shared: SharedPage;
  let host: WidgetHost;
  let page: Page;
  const baseUrl = (): string => `${deployment.url}/courier/callbacks`;
  const open = (shown: { targets: string } | { pageCode: string }, clientId = account.clientId): Promise<void> =>
    host.open(page, baseUrl(), clientId, shown);
  const sidebar = (): Locator => page.getByRole('dialog');
  const setLocale = (locale: string): Promise<void> => host.setField(page, 'settings', 'system.locale', locale);
  let trackNumber: string;

  beforeAll(async () => {
    trackNumber = (await account.ship(ORDER)).trackNumber ?? '';
    [shared, host] = await Promise.all([SharedPage.open(), WidgetHost.start(baseUrl())]);
    page = shared.page;
  }, START_MS);
  afterAll(async () => {
    await shared?.close();
    await host?.close();
  }, START_MS);
  beforeEach(() => shared.reset());

  it('show a button by one small call, and the delivery in a sidebar when it is pressed', async () => {
    await open({ targets: DELIVERY });
    const button = page.getByRole('button', { name: 'Создана' });
    await button.waitFor();
    expect(host.calls.map(({ name, status }) => [name, status])).toEqual([['badge', 200]]);
    expect(host.calls[0]?.payload).toMatchObject({
      ...{ version: 1, target: DELIVERY, locale: 'ru-RU', user: { id: 17 } },
      order: { id: 214, number: '214C', currency: 'RUB', total: 35_100, address: 'Москва, ул. Ленина, 10' },
    });
    await button.click();
    await sidebar().getByText(trackNumber).first().waitFor();
    // The form's address is not that of the delivery.
    await sidebar().getByText(/адрес/i).first().waitFor();
    expect(host.calls.map(({ name }) => name)).toEqual(['badge', 'view']);
    expect(shared.watch.complaints).toEqual([]);
  });

  it('follow the language of the CRM while they are open', async () => {
    await open({ targets: DELIVERY });
    await page.getByRole('button', { name: 'Создана' }).click();
    for (const [locale, title, button] of [
      ['es-ES', /^Envío/, 'Creado'],
      ['en-GB', /^Delivery/, 'Created'],
      ['ru-RU', /^Доставка/, 'Создана'],
    ] as const) {
      await setLocale(locale);
      await sidebar().getByText(title).first().waitFor();
      await page.getByRole('button', { name: button }).first().waitFor();
    }
    expect(shared.watch.complaints).toEqual([]);
  });

  it('call nothing for an order that is not saved, until it is', async () => {
    await open({ targets: DELIVERY });
    await page.getByRole('button', { name: 'Создана' }).waitFor();
    await host.setField(page, 'order/card', 'id', null);
    await page.getByRole('button', { name: 'Сначала сохраните заказ' }).waitFor();
    expect(host.calls.length).toBe(1);
    await host.setField(page, 'order/card', 'id', Number(ORDER));
    await page.getByRole('button', { name: 'Создана' }).waitFor();
    expect(host.calls.length).toBe(2);
  });

  it.each([
    ['of an unknown clientId', () => 'unknown', 404],
    ['of an order of another account', () => stranger.clientId, 200],
  ])('show nothing %s', async (_case, clientId, status) => {
    await open({ targets: DELIVERY }, clientId());
    await until('the badge was requested', () => host.calls.length === 1);
    expect(host.calls[0]).toMatchObject({ name: 'badge', status });
    await page.waitForTimeout(500);
    expect(await page.locator('.ui-v1-button', { hasText: /./ }).count()).toBe(0);
    // A refusal in the console is the browser's own.
    expect(shared.watch.complaints.filter((complaint) => !complaint.includes('404'))).toEqual([]);
  });

  it('repeat a press whose reply was lost with the same key, and it happens once', async () => {
    await open({ targets: DELIVERY });
    await page.getByRole('button', { name: 'Создана' }).click();
    const print = sidebar()
      .getByRole('button', { name: /^Открыть:/ })
      .first();
    await print.waitFor();
    host.losesReplies = true;
    await print.click();
    await sidebar().getByText('Модуль не отвечает').first().waitFor();
    host.losesReplies = false;
    const link = sidebar().getByRole('link', { name: 'Открыть' });
    await print.click();
    await link.waitFor();
    const address = (await link.getAttribute('href')) ?? '';
    await print.click();
    await until('three presses arrived', () => host.calls.filter(({ name }) => name === 'act').length === 3);
    expect((await fetch(address)).headers.get('content-type')).toBe('application/pdf');
    const [first, second, third] = host.calls.flatMap(({ name, payload }) => (name === 'act' ? [payload] : []));
    expect(second).toMatchObject({ thing: first?.thing, action: first?.action, key: first?.key });
    expect(third?.key).not.toBe(first?.key);
  });

  it('explain an error in the sidebar, and try again', async () => {
    await open({ targets: DELIVERY });
    await page.getByRole('button', { name: 'Создана' }).waitFor();
    host.losesReplies = true;
    await page.getByRole('button', { name: 'Создана' }).click();
    await sidebar().getByText('Модуль не отвечает').waitFor();
    host.losesReplies = false;
    await sidebar().getByRole('button', { name: 'Повторить' }).click();
    await sidebar().getByText(trackNumber).first().waitFor();
  });

  it('list deliveries on a page, with links to their orders', async () => {
    await open({ pageCode: 'registry' });
    await page.getByRole('tab', { name: /Доставки/ }).click();
    const link = page.getByRole('table').getByText(/214/).first();
    await link.click();
    expect(await host.readNavigation(page)).toEqual([{ kind: 'go-to', route: 'crm_orders_edit', params: { id: 214 } }]);
    await page.getByPlaceholder('Поиск').fill('no such order');
    await link.waitFor({ state: 'detached' });
    await page.getByPlaceholder('Поиск').fill('214');
    await link.waitFor();
    expect(shared.watch.complaints).toEqual([]);
  });
});

(browserPath === undefined ? describe.skip : describe)('the widgets in the sandbox CRM', () => {
  let shared: SharedPage;
  let page: Page;
  beforeAll(async () => {
    shared = await SharedPage.open();
    page = shared.page;
  }, START_MS);
  afterAll(() => shared?.close());

  it('are shown in the order, with its real fields, and their calls are listed', async () => {
    const { orders } = (await (await fetch(`${crm.url}/sandbox/demo-orders`)).json()) as { orders: object[] };
    const made = await fetch(`${crm.url}/sandbox/accounts/default/orders`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(orders[0]) },
    });
    const { id, number } = (await made.json()) as { id: number; number: string };
    const { trackNumber } = await account.ship(String(id));
    await page.goto(`${crm.url}/#/orders/${id}`);
    await page.getByRole('button', { name: 'Show the widgets' }).click();
    await page.getByLabel('Language of the CRM').selectOption('English');
    await page.getByRole('button', { name: 'Created' }).first().click();
    await page
      .getByRole('dialog')
      .getByText(trackNumber ?? '')
      .first()
      .waitFor();
    const call = (await findExchanges()).findLast(({ name }) => name === 'embed.view');
    expect(call).toMatchObject({
      status: 200,
      violations: [],
      request: { payload: { order: { id, number, customerId: expect.any(Number) } } },
    });
    await page.getByRole('dialog').getByRole('button').first().click();
    await page.goto(`${crm.url}/#/modules/courier/pages/registry`);
    await page.getByRole('tab').first().waitFor();
    expect(await inspectLooks(page, ['critical'])).toEqual([]);
    expect(shared.watch.complaints).toEqual([]);
  });

  async function findExchanges(): Promise<{ name: string; status: number; request: object; violations: string[] }[]> {
    const reply = await fetch(`${crm.url}/sandbox/exchanges?limit=50`);
    return ((await reply.json()) as { entries: { name: string; status: number; request: object; violations: string[] }[] }).entries;
  }
});
