import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { browserPath, SharedPage } from './support/browser.js';
import { enterConsole, SHOPS, signInTo, startConsole, VALUES, VIEW } from './support/console.js';
import { type Deployment, START_MS } from './support/deployment.js';
import { weighFirstView } from './support/first-view.js';
import { inspectLooks, type PageWatch } from './support/page-watch.js';
import { until } from './support/until.js';

/** The shop whose service is unavailable. The CRM rejects the messages of three other shops. */
const AWAY = 'shop-07.example';

let deployment: Deployment;
let shared: SharedPage;
let context: BrowserContext;
let page: Page;
let watch: PageWatch;

const address = (path = ''): string => `${deployment.url}/operator${path}`;
/** Opens a page of the console as an operator. */
const open = async (path = '', token?: string): Promise<void> => {
  await enterConsole(deployment, context, token);
  await page.goto(address(path));
};
const findFocus = () => page.evaluate('document.activeElement.textContent') as Promise<string>;
const listHosts = () => page.getByRole('table').getByRole('link').allTextContents();

(browserPath === undefined ? describe.skip : describe)('the console in a browser', () => {
  beforeAll(async () => {
    [deployment, shared] = await Promise.all([startConsole(), SharedPage.open()]);
    ({ context, page, watch } = shared);
    watch.hosts.push(deployment.url);
  }, START_MS);
  afterAll(async () => {
    await shared?.close();
    await deployment?.stop();
  }, START_MS);
  beforeEach(() => shared.reset());
  afterEach(() => {
    expect(watch).toMatchObject({ complaints: [], foreign: [] });
  });

  it('shows the sign-in page when the session ends, and goes on where it was', async () => {
    await open('/connections?health=crm-refuses');
    await page.getByRole('link', { name: 'shop-01.example' }).waitFor();
    await deployment.stores.query('DELETE FROM operator_session');
    await page.getByRole('button', { name: 'Last push' }).click();
    await page.getByText('Your session has ended').waitFor();
    expect(await inspectLooks(page)).toEqual([]);
    // Each refused request is one line of the browser's console.
    expect(watch.complaints.splice(0).filter((line) => !line.includes('401'))).toEqual([]);
    await page.getByLabel('Operator’s token').fill(deployment.variables.OPERATOR_TOKEN ?? '');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'shop-01.example' }).waitFor();
    expect(new URL(page.url()).search).toBe('?health=crm-refuses&sort=lastPush&order=desc');
  });

  it('removes a need once its action was done, before the overview is updated', async () => {
    const insert = `INSERT INTO outbox (connection_id, kind, subject, payload, state, failed_at, last_error, error_group)
      VALUES ('01900000-0000-7000-8000-000000000011', 'delivery.tracking', 'ended', '{}', 'failed', now(), 'order 8 is locked', 'order 8 is locked')`;
    await deployment.stores.query(insert);
    try {
      await open();
      const need = page.getByRole('listitem').filter({ hasText: 'order 8 is locked' });
      await need.getByRole('button', { name: 'Replay' }).click();
      await need.waitFor({ state: 'detached' });
      // No worker runs: it still failed, and a page that knows nothing of the act shows it.
      await page.reload();
      await need.waitFor();
    } finally {
      await deployment.stores.query(`DELETE FROM outbox WHERE subject = 'ended'`);
      await deployment.stores.query('DELETE FROM task');
    }
  });

  it('sorts, filters and searches shops by the address, page by page, and goes back', async () => {
    await open('/connections');
    await page.getByText(`${SHOPS} connections`).waitFor();
    await page.getByRole('button', { name: 'Shop', exact: true }).click();
    await page.getByRole('row').nth(1).getByRole('link', { name: 'shop-01.example' }).waitFor();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText(`51–${SHOPS} of ${SHOPS}`).waitFor();
    await page.getByRole('row').nth(1).getByRole('link', { name: 'shop-51.example' }).waitFor();
    await page.getByLabel('State').selectOption('Service unavailable');
    await page.getByText('1 connection found').waitFor();
    expect(await listHosts()).toEqual([AWAY]);
    expect(new URL(page.url()).search).toBe('?sort=host&health=service-away');
    await page.goBack();
    await page.getByRole('row').nth(1).getByRole('link', { name: 'shop-51.example' }).waitFor();
    await page.getByLabel('Host').fill('SHOP-2');
    await page.getByText('10 connections found').waitFor();
    await page.reload();
    await page.getByText('10 connections found').waitFor();
    expect(await inspectLooks(page)).toEqual([]);
    expect(await page.getByLabel('Host').inputValue()).toBe('SHOP-2');
    expect((await listHosts())[0]).toBe('shop-20.example');
    await page.getByLabel('Host').fill('no such shop');
    await page.getByText('No connections match').waitFor();
  });

  it('can be used with only the keyboard', async () => {
    await open('/failures');
    await page.getByRole('link', { name: 'System' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'System', level: 1 }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowRight');
    await page.getByRole('cell', { name: 'Encrypts', exact: true }).waitFor();
    expect(new URL(page.url()).search).toBe('?tab=keys');
    await page.getByRole('button', { name: 'operator' }).press('Enter');
    await page.getByLabel('Dark').press('Space');
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
    await page.keyboard.press('Escape');
    expect(await page.getByRole('button', { name: 'Sign out' }).isVisible()).toBe(false);
    await page.evaluate('localStorage.clear()');
  });

  it('keeps buttons in sight next to a very long error, and the chosen tab on narrow screens', async () => {
    await deployment.stores.query(
      `INSERT INTO outbox (connection_id, kind, subject, payload, state, failed_at, last_error, error_group)
       VALUES ('01900000-0000-7000-8000-000000000010', 'delivery.tracking', 'long', '{}', 'failed', now(), repeat('Ж', 900), 'what they have in common')`,
    );
    try {
      await open('/failures');
      const row = page.getByRole('row').filter({ hasText: 'ЖЖЖ' });
      const isInSight = async (part: Locator): Promise<boolean> => {
        const box = await part.boundingBox();
        const width = page.viewportSize()?.width ?? 0;
        return box !== null && box.x >= 0 && box.x + box.width <= width;
      };
      await row.getByRole('button', { name: 'Replay' }).waitFor();
      expect([await isInSight(row.getByRole('button', { name: 'Discard' })), ((await row.boundingBox())?.height ?? 0) < 120]).toEqual([
        true,
        true,
      ]);
      await row.getByRole('link').click();
      await page.getByRole('columnheader', { name: 'Attempts' }).waitFor();
      expect(await isInSight(page.getByRole('cell').getByRole('button', { name: 'Discard' }))).toBe(true);
      await page.setViewportSize({ width: 390, height: 800 });
      await page.goto(address('/connections/01900000-0000-7000-8000-000000000010?tab=changes'));
      const tab = page.getByRole('tab', { name: 'State changes' });
      await tab.waitFor();
      await until('the tab is in sight', () => isInSight(tab));
    } finally {
      await deployment.stores.query(`DELETE FROM outbox WHERE subject = 'long'`);
    }
  });

  it('shows that an address is not one of its pages, and leaves addresses of the API to the API', async () => {
    await open('/no/such/page');
    await page.getByText('Page not found').waitFor();
    expect(await inspectLooks(page)).toEqual([]);
    const reply = await fetch(address('/api/no-such-list'));
    expect([reply.status, reply.headers.get('content-type')]).toEqual([404, 'application/json; charset=utf-8']);
  });

  it('may not be framed, and takes nothing but its own files', async () => {
    const reply = await fetch(address('/connections/1'));
    const policy = reply.headers.get('content-security-policy') ?? '';
    expect(policy.split('; ')).toEqual(expect.arrayContaining(["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"]));
    expect(policy).not.toMatch(/unsafe|nonce|\*/);
    expect(await reply.text()).not.toMatch(/ style=|<style| on\w+=/);
  });

  it('sends at most 80 kB for the first view of a page', async () => {
    const weigh = (path: string, sign: string): Promise<string> =>
      weighFirstView(context, page, async () => {
        await page.goto(address(path));
        await page.getByText(sign).and(page.locator(':visible')).first().waitFor();
      });
    await context.clearCookies();
    expect(await weigh('/', 'Sessions end')).toBe('fits');
    await enterConsole(deployment, context);
    for (const [path, sign] of [
      ['/', 'Latency'],
      ['/connections', 'shop-20.example'],
      ['/connections/01900000-0000-7000-8000-000000000007', 'no route'],
    ] as const)
      expect([path, await weigh(path, sign)]).toEqual([path, 'fits']);
  });

  it('keeps the focus near what was pressed', async () => {
    await open('/connections/01900000-0000-7000-8000-000000000020');
    await page.getByRole('button', { name: 'Freeze …' }).press('Enter');
    await page.getByRole('button', { name: 'Freeze', exact: true }).press('Enter');
    await page.getByRole('button', { name: 'Unfreeze' }).waitFor();
    expect((await findFocus()).trim()).toBe('Register again');
    await page.getByRole('button', { name: 'Unfreeze' }).press('Enter');
    await page.getByRole('button', { name: 'Freeze …' }).waitFor();
    expect((await findFocus()).trim()).toBe('Register again');
    // The paused registration is due immediately.
    await page.getByText('as soon as a worker is free').waitFor();
  });

  it('moves the focus to the heading of a page whose files come late', async () => {
    await page.route(/OverviewPage.*\.js$/, async (route) => {
      await page.getByLabel('Operator’s token').waitFor({ state: 'detached' });
      await route.continue();
    });
    await context.clearCookies();
    await signInTo(deployment, page);
    await until('the heading has the focus', async () => (await findFocus()) === 'Overview');
  });

  it('leaves the focus where it was moved while the files of a page come', async () => {
    const box = page.getByRole('searchbox', { name: 'Search all connections' });
    await page.route(/FailuresPage.*\.js$/, async (route) => {
      await until('the search is begun', async () => (await box.inputValue()) === 'shop-');
      await route.continue();
    });
    await open('/failures');
    await box.waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('shop-');
    await page.getByRole('heading', { name: 'Failures', level: 1 }).waitFor();
    await page.keyboard.type('07.example');
    expect(await box.inputValue()).toBe('shop-07.example');
    await page.keyboard.press('Enter');
    await until('the heading has the focus', async () => (await findFocus()) === 'Search');
  });

  it('encrypts everything again, and shows the progress', async () => {
    await open('/system?tab=keys');
    await page.getByText(`${VALUES + 2 * SHOPS} values are still encrypted with an older key.`).waitFor();
    expect(await inspectLooks(page)).toEqual([]);
    await page.getByRole('button', { name: 'Re-encrypt …' }).click();
    await page.getByRole('button', { name: 'Re-encrypt', exact: true }).click();
    // There is no worker yet.
    await page.getByRole('progressbar', { name: 'Re-encryption' }).waitFor();
    await page.goto(address('/system?tab=tasks'));
    await page.getByRole('progressbar', { name: 'Re-encryption' }).waitFor();
    expect(await inspectLooks(page)).toEqual([]);
    await deployment.startWorker();
    await page.getByRole('progressbar').waitFor({ state: 'detached', timeout: 60_000 });
    // It would go on asking shops that do not exist.
    await deployment.stopWorkers();
    await page.goto(address('/system?tab=keys'));
    await page.getByText('no longer encrypts anything').waitFor();
    await page.goto(address('/system?tab=audit'));
    await page.getByRole('cell', { name: 're encrypt · keys' }).first().waitFor();
    expect(await inspectLooks(page)).toEqual([]);
  }, 120_000);

  it('lists who is signed in, and ends a session or all of an operator', async () => {
    const enter = (token: string): Promise<Response> =>
      fetch(address('/api/session'), { method: 'POST', headers: { authorization: `Bearer ${token}`, 'user-agent': 'Another browser' } });
    await deployment.stores.query('DELETE FROM operator_session');
    await Promise.all([enter(VIEW), enter(VIEW), enter(deployment.variables.OPERATOR_TOKEN ?? '')]);
    await open('/system?tab=sessions', VIEW);
    await until('all are listed', async () => (await page.getByRole('row').count()) === 5);
    expect(await inspectLooks(page)).toEqual([]);
    expect(
      await page
        .getByRole('main')
        .getByRole('button', { name: /End|All/ })
        .count(),
    ).toBe(0);
    await page.getByRole('row').filter({ hasText: 'vera' }).filter({ hasText: 'this one' }).waitFor();

    await context.clearCookies();
    await open('/system?tab=sessions');
    await page.getByRole('row').filter({ hasText: 'vera' }).first().getByRole('button', { name: 'End all of vera' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End all' }).click();
    await page.getByText('3 sessions have ended.').waitFor();
    const another = page.getByRole('row').filter({ hasText: 'Another browser' });
    await another.getByRole('button', { name: 'End this session of operator' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End it' }).click();
    await page.getByText('The session has ended.').waitFor();
    await until('its own is left', async () => (await page.getByRole('row').count()) === 2);
    await page.goto(address('/system?tab=audit'));
    await page.getByRole('cell', { name: 'end sessions · operators' }).getByText('vera').waitFor();
    // The own one as well.
    await page.goto(address('/system?tab=sessions'));
    await page.getByRole('button', { name: 'End this session' }).click();
    await page.getByText('This is your own session').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'End it' }).click();
    await page.getByText('Your session has ended').waitFor();
    watch.complaints.splice(0, Infinity, ...watch.complaints.filter((line) => !line.includes('401')));
  });

  it('marks the database as restored, and shows that until all is compared', async () => {
    await open('/system');
    await page.getByRole('button', { name: 'This database was restored …' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'It was restored' }).click();
    await page.getByRole('heading', { name: 'This database was restored' }).waitFor();
    await page.getByText(`Still to be compared: ${SHOPS}, compared: 0.`).waitFor();
    await page.getByText('outbox.sweep').first().waitFor();
    expect(await inspectLooks(page, ['moderate', 'serious', 'critical'])).toEqual([]);
    await deployment.stores.query(`TRUNCATE shared_value`);
    await page.goto(address());
    await page.getByText('This database was restored. Compare all connections').waitFor();
    await open('/system', VIEW);
    await page.getByRole('heading', { name: 'This database was restored' }).waitFor();
    expect(await page.getByRole('button', { name: /Compare all|was restored/ }).count()).toBe(0);
    await open('/system');
    await page.getByRole('button', { name: 'Compare all' }).click();
    await page.getByText(`The comparison of ${SHOPS} connections has started.`).waitFor();
    await deployment.stores.query(`UPDATE reconciliation SET state = 'done'`);
    await page.reload();
    await page.getByText('Last restored').waitFor();
    expect(await page.getByRole('heading', { name: 'This database was restored' }).count()).toBe(0);
  });

  it('shows the name of each page in the browser’s tab, and follows old addresses', async () => {
    await open('/shops/01900000-0000-7000-8000-000000000030?tab=changes');
    await page.getByRole('heading', { name: 'shop-30.example', level: 1 }).waitFor();
    expect(page.url()).toBe(address('/connections/01900000-0000-7000-8000-000000000030?tab=changes'));
    expect(await page.title()).toBe('shop-30.example · testpay · Crossdock');
    await page.getByRole('link', { name: '← Connections' }).click();
    await page.getByRole('heading', { name: 'Connections', level: 1 }).waitFor();
    expect(await page.title()).toBe('Connections · Crossdock');
  });
});
