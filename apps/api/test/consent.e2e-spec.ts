import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { YooKassaDouble } from '#testing';
import { AccountPage } from './support/account-page.js';
import { ConsentWindow } from './support/consent-window.js';
import { Deployment, START_MS } from './support/deployment.js';
import { PaymentDesk } from './support/payment-desk.js';
import { until } from './support/until.js';

let deployment: Deployment;
let yookassa: YooKassaDouble;
let desk: PaymentDesk;
let page: AccountPage;
let connection: string;

beforeAll(async () => {
  yookassa = await YooKassaDouble.start();
  yookassa.addShop({ shopId: '200', secretKey: 'live_second_key', currency: 'RUB', receipts: 'none' });
  const { clientId, clientSecret } = yookassa.oauth.application;
  deployment = await Deployment.start({
    accounts: 8,
    variables: {
      ...{ MODULES: 'yookassa', PROVIDER_BUDGET_MS: '10000', YOOKASSA_URL: yookassa.url },
      ...{ YOOKASSA_CLIENT_ID: clientId, YOOKASSA_CLIENT_SECRET: clientSecret },
    },
  });
  yookassa.oauth.application.redirectUri = `${deployment.variables.PUBLIC_URL}/yookassa/oauth/yookassa/callback`;
}, START_MS);

afterAll(async () => {
  await deployment?.stop();
  await yookassa?.close();
});

beforeEach(async () => {
  yookassa.oauth.faults.length = 0;
  desk = await PaymentDesk.open(deployment, deployment.nextCrm(), 'yookassa');
  page = await AccountPage.open(desk.account);
  const [row] = await deployment.stores.query<{ id: string }>('SELECT id FROM connection ORDER BY created_at DESC LIMIT 1');
  connection = row?.id ?? '';
});

const read = async (): Promise<unknown> => (await page.call('GET', 'consent')).json;
const open = (): Promise<ConsentWindow> => ConsentWindow.open(page);
const listHooks = (): string[] => yookassa.hooks.filter(({ url }) => url.endsWith(connection)).map(({ event }) => event);
const makeInvoice = (): Promise<{ invoiceUuid: string }> => desk.invoice({ shopId: '100500' });

async function consent(account = '100500'): Promise<ConsentWindow> {
  const window = await open();
  await window.leave();
  await window.choose(account);
  expect((await window.arrive()).status).toBe(200);
  return window;
}

describe('a shop that consents', () => {
  it('connects without a key, with its webhooks, until it leaves', async () => {
    expect(await read()).toEqual({ state: 'none' });
    const window = await open();
    const start = await window.show();
    expect(start.status).toBe(200);
    expect(start.text).toContain(new URL(desk.crm.url).host);
    // Previews of the link leave it unused.
    expect([(await window.show()).status, await window.preview()]).toEqual([200, 200]);
    expect(await window.progress()).toEqual({ state: 'waiting' });
    const left = await window.leave();
    expect(left).toMatchObject({ status: 302, cookie: expect.stringMatching(/HttpOnly.*SameSite=Lax/) });
    expect((await window.show()).status).toBe(403);
    await window.choose('100500');
    const back = await window.arrive();
    expect([back.status, back.text.includes('YooKassa 100500')]).toEqual([200, true]);
    expect(back.headers.get('referrer-policy')).toBe('no-referrer');
    expect(await window.progress()).toEqual({ state: 'done', detail: 'YooKassa 100500' });
    expect(await read()).toMatchObject({ state: 'active', account: 'YooKassa 100500', isTest: true, endsAt: expect.any(String) });
    expect(await page.values()).toMatchObject({ shops: [{ code: '100500', name: 'YooKassa 100500' }], hasNotifications: true });
    await until('webhooks are set', () => listHooks().length === 4);

    const invoice = await makeInvoice();
    expect(invoice.invoiceUuid).toBeDefined();
    expect(yookassa.payments()).toHaveLength(1);
    expect(yookassa.calls.filter(({ status }) => status === 401)).toEqual([]);

    const left2 = await deployment.askOperator('POST', `/connections/${connection}/disconnect`);
    expect(left2.status).toBeLessThan(300);
    await until('the consent is revoked', async () => (await deployment.stores.query('SELECT 1 FROM oauth_grant')).length === 0);
    expect(listHooks()).toEqual([]);
    expect([...yookassa.oauth.tokens.values()].map(({ isAlive }) => isAlive)).not.toContain(true);
  });

  it('counts a reply once, from its own browser and within its time', async () => {
    const exchanged = yookassa.oauth.calls.length;
    const [window, other] = [await open(), await open()];
    // A newer attempt ends the earlier one.
    expect((await window.show()).status).toBe(403);
    await other.leave();
    await other.choose('100500');
    const stolen = await other.arrive({ cookie: '' });
    expect([stolen.status, await other.progress()]).toMatchObject([200, { state: 'failed' }]);
    expect((await other.arrive()).status).toBe(403);
    // Nothing was exchanged for it.
    expect(yookassa.oauth.calls).toHaveLength(exchanged);
    expect(await read()).toEqual({ state: 'none' });

    const late = await open();
    await late.leave();
    await late.choose('100500');
    await deployment.stores.query(`UPDATE oauth_attempt SET expires_at = now() - interval '1 second'`);
    expect([(await late.arrive()).status, await late.progress()]).toEqual([403, { state: 'expired' }]);

    const twice = await open();
    await twice.leave();
    await twice.choose('100500');
    const statuses = (await Promise.all([twice.arrive(), twice.arrive()])).map(({ status }) => status).sort();
    expect(statuses).toEqual([200, 403]);
  });

  it('may decline, and a strange reply of the service fails only the attempt', async () => {
    const window = await open();
    await window.leave();
    await window.choose('decline');
    const back = await window.arrive();
    expect([back.status, back.text.includes('<b>declined')]).toEqual([200, false]);
    expect(await window.progress()).toMatchObject({ state: 'declined' });
    for (const fault of ['html', 'away', 'lost'] as const) {
      const next = await open();
      await next.leave();
      await next.choose('100500');
      yookassa.oauth.faults.push(fault);
      expect([(await next.arrive()).status, await next.progress()]).toMatchObject([200, { state: 'failed', detail: expect.any(String) }]);
    }
    expect(await read()).toEqual({ state: 'none' });
  });

  it('decides before another account takes the place of the first', async () => {
    await consent();
    const refused = await consent('200');
    expect(await refused.progress()).toEqual({ state: 'other-account', detail: 'YooKassa 200' });
    expect(await read()).toMatchObject({ account: 'YooKassa 100500' });
    expect((await refused.decide(false)).json).toMatchObject({ account: 'YooKassa 100500' });
    expect((await refused.decide(true)).status).toBe(404);
    const accepted = await consent('200');
    expect((await accepted.decide(true)).json).toMatchObject({ account: 'YooKassa 200' });
    // The first account has neither webhooks nor a live token.
    const alive = [...yookassa.oauth.tokens].filter(([, { isAlive }]) => isAlive);
    await until('webhooks are moved', () => listHooks().length === 4);
    expect(alive.map(([, { account }]) => account)).toEqual(expect.arrayContaining(['200']));
    expect(
      yookassa.hooks.filter(({ url }) => url.endsWith(connection)).every(({ token }) => yookassa.oauth.findAccount(token) === '200'),
    ).toBe(true);
  });

  it('sees that its consent was revoked at the service, and connects again', async () => {
    await consent();
    yookassa.oauth.revokeAll('100500');
    await desk.create(desk.body({ shopId: '100500' }));
    await until('the consent has ended', async () => ((await read()) as { state: string }).state === 'ended');
    await until('the health shows it', async () => {
      const [row] = await deployment.stores.query<{ health: string }>('SELECT health FROM connection WHERE id = $1', [connection]);
      return row?.health === 'credentials-refused';
    });
    await consent();
    expect(await read()).toMatchObject({ state: 'active' });
    await until('it is healthy', async () => {
      const [row] = await deployment.stores.query<{ health: string }>('SELECT health FROM connection WHERE id = $1', [connection]);
      return row?.health === 'ok';
    });
  });
});

it('no secret of a consent is printed or stored in the open', async () => {
  const window = await consent();
  const secrets = [...window.secrets, ...yookassa.oauth.tokens.keys(), yookassa.oauth.application.clientSecret];
  expect(secrets.length).toBeGreaterThan(5);
  const dump = JSON.stringify([
    await deployment.stores.query('SELECT * FROM oauth_grant'),
    await deployment.stores.query('SELECT * FROM oauth_attempt'),
    await deployment.stores.query('SELECT * FROM journal_entry'),
    deployment.lastOutput,
  ]);
  expect(secrets.filter((secret) => dump.includes(secret))).toEqual([]);
});
