import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MercadoPagoDouble } from '../../../lab/doubles/mercadopago/index.js';
import { newId } from '#platform';
import { AccountPage } from './support/account-page.js';
import { ConsentWindow } from './support/consent-window.js';
import { Deployment, START_MS } from './support/deployment.js';
import { PaymentDesk } from './support/payment-desk.js';
import { until } from './support/until.js';

/** A row of `oauth_grant`. */
interface Grant {
  version: number;
  refreshes_sent: number;
  ended_at: Date | null;
}

let deployment: Deployment;
let mercadopago: MercadoPagoDouble;
let desk: PaymentDesk;
let page: AccountPage;
let connection: string;
let seller: string;

const SHOP = { currency: 'MXN', amount: 100 };

beforeAll(async () => {
  mercadopago = await MercadoPagoDouble.start();
  const { clientId, clientSecret } = mercadopago.oauth.application;
  deployment = await Deployment.start({
    ...{ accounts: 8, workers: 2, apart: true },
    variables: {
      ...{ MODULES: 'mercadopago', PROVIDER_BUDGET_MS: '10000', MERCADOPAGO_URL: mercadopago.url },
      ...{ MERCADOPAGO_CLIENT_ID: clientId, MERCADOPAGO_CLIENT_SECRET: clientSecret },
    },
  });
  mercadopago.oauth.application.redirectUri = `${deployment.variables.PUBLIC_URL}/mercadopago/oauth/mercadopago/callback`;
}, START_MS);

afterAll(async () => {
  await deployment?.stop();
  await mercadopago?.close();
});

beforeEach(async () => {
  mercadopago.oauth.faults.length = 0;
  // The refresh of an account's token ends, if it is strange, all tokens of that account.
  const { userId } = mercadopago.addAccount({ token: `APP_USR-${newId()}`, site: 'MLM', webhookSecret: 'secret-of-the-seller' });
  seller = String(userId);
  desk = await PaymentDesk.open(deployment, deployment.nextCrm(), 'mercadopago');
  page = await AccountPage.open(desk.account);
  const [row] = await deployment.stores.query<{ id: string }>('SELECT id FROM connection ORDER BY created_at DESC LIMIT 1');
  connection = row?.id ?? '';
  await consent();
  mercadopago.oauth.calls.length = 0;
});

async function consent(): Promise<void> {
  const window = await ConsentWindow.open(page);
  await window.leave();
  await window.choose(seller);
  expect((await window.arrive()).status).toBe(200);
  expect(await window.progress()).toMatchObject({ state: 'done' });
}

const read = async (): Promise<Grant> => {
  const [grant] = await deployment.stores.query<Grant>('SELECT * FROM oauth_grant WHERE connection_id = $1', [connection]);
  if (!grant) throw new Error('there is no consent');
  return grant;
};
const change = (what: string): Promise<unknown> =>
  deployment.stores.query(`UPDATE oauth_grant SET ${what} WHERE connection_id = $1`, [connection]);
const countRefreshes = (): number =>
  mercadopago.oauth.calls.filter(({ type, account }) => type === 'refresh_token' && account === seller).length;
const pay = async (): Promise<number> => (await desk.create(desk.body({ shopId: seller, ...SHOP }))).status;

/** Waits until a worker has looked for due tokens once more. */
async function ran(): Promise<void> {
  const [{ now } = {}] = await deployment.stores.query<{ now?: Date }>('SELECT now()');
  await until('the job has run', async () => {
    const sql = `SELECT 1 FROM recurring_run WHERE name = 'consents.refresh' AND ended_at > $1`;
    return (await deployment.stores.query(sql, [now])).length > 0;
  });
}

const listTokens = (): { isAlive: boolean }[] => [...mercadopago.oauth.tokens.values()].filter(({ account }) => account === seller);

/** Ends the access tokens, but no refresh token. */
function endAccess(): void {
  for (const issued of listTokens()) issued.isAlive = false;
}

describe('tokens that are refreshed', () => {
  it('are replaced once by two workers when they are due, and serve immediately', async () => {
    expect(await pay()).toBe(200);
    await change('refresh_due_at = now()');
    await until('they are replaced', async () => (await read()).version === 2);
    endAccess();
    for (const issued of listTokens().slice(-1)) issued.isAlive = true;
    expect([await pay(), countRefreshes(), await read()]).toMatchObject([200, 1, { refreshes_sent: 0, ended_at: null }]);
  });

  it('are replaced once for many calls that are rejected at the same time', async () => {
    endAccess();
    const statuses = await Promise.all(Array.from({ length: 6 }, () => pay()));
    expect([statuses, countRefreshes()]).toEqual([[200, 200, 200, 200, 200, 200], 1]);
  });

  it('stay in use while the service is down, for as long as it takes', async () => {
    for (let round = 0; round < 2; round++) {
      mercadopago.oauth.faults.push('away');
      await change('refresh_due_at = now()');
      await until('it was tried', () => countRefreshes() === round + 1);
      await until('it is released', async () => (await read()).refreshes_sent === 0);
    }
    expect([await pay(), await read()]).toMatchObject([200, { version: 1, ended_at: null }]);
    await change('refresh_due_at = now()');
    await until('they are replaced', async () => (await read()).version === 2);
  });

  it('serve after a lost reply, and the account is notified after one more try', async () => {
    mercadopago.oauth.faults.push('lost');
    await change('refresh_due_at = now()');
    await until('the reply was lost', async () => countRefreshes() === 1 && (await read()).refreshes_sent === 1);
    expect([await pay(), (await read()).ended_at]).toEqual([200, null]);
    await change('refresh_due_at = now()');
    await until('the account has to consent again', async () => (await read()).ended_at !== null);
    expect(countRefreshes()).toBe(2);
    await until('the page and the health show it', async () => {
      const { state } = (await page.call('GET', 'consent')).json as { state: string };
      const [row] = await deployment.stores.query<{ health: string }>('SELECT health FROM connection WHERE id = $1', [connection]);
      return state === 'ended' && row?.health === 'credentials-refused';
    });
    // No call sends the token again.
    expect(await pay()).not.toBe(200);
    await change('refresh_due_at = now()');
    await ran();
    expect(countRefreshes()).toBe(2);
    await consent();
    expect(await pay()).toBe(200);
  });

  it('are not sent more than once more after a kill of the process that sent them', async () => {
    mercadopago.oauth.faults.push('hold');
    await change('refresh_due_at = now()');
    await until('the service has replaced them', () => countRefreshes() === 1);
    await deployment.killWorkers();
    expect([await pay(), await read()]).toMatchObject([200, { refreshes_sent: 1, ended_at: null }]);
    await deployment.startWorker();
    await deployment.startWorker();
    // As after the lease.
    await change(`lease_until = '-infinity', refresh_due_at = now()`);
    await until('the account has to consent again', async () => (await read()).ended_at !== null);
    await change('refresh_due_at = now()');
    await ran();
    expect(countRefreshes()).toBe(2);
  });
});
