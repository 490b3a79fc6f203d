import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Account } from './support/account.js';
import { AccountPage } from './support/account-page.js';
import type { Crm } from './support/crm.js';
import { Deployment, START_MS } from './support/deployment.js';

let deployment: Deployment;
let crm: Crm;
let account: Account;
let page: AccountPage;

beforeAll(async () => {
  deployment = await Deployment.start({ accounts: 3, variables: { MODULES: 'courier,stripe,testpay' } });
  crm = deployment.nextCrm();
  crm.settings = { ...crm.settings, system_language: { value: 'es', updated_at: '2026-01-01 10:00:00' } };
  account = await Account.connect(deployment, crm);
  page = await AccountPage.open(account);
}, START_MS);
afterAll(() => deployment?.stop(), START_MS);

/** Connects another account, opens its page, and disconnects it as an operator. */
async function openRemoved(): Promise<AccountPage> {
  const other = await Account.connect(deployment, deployment.nextCrm());
  const opened = await AccountPage.open(other);
  const { id } = await deployment.getConnection(other.crm);
  await deployment.operator('POST', `/connections/${id}/disconnect`);
  return opened;
}

describe('the token of an account page', () => {
  it('is renewed by itself, without a cookie', async () => {
    const reply = await page.call('POST', 'session');
    expect(reply.status).toBe(200);
    const { token, endsAt } = reply.json as { token: string; endsAt: string };
    expect(Date.parse(endsAt) - Date.now()).toBeGreaterThan(59 * 60_000);
    expect(reply.headers.get('set-cookie')).toBeNull();
    expect((await page.read(token)).status).toBe(200);
  });

  it('is not renewed by strangers, nor once the connection was removed', async () => {
    const statuses = await Promise.all(
      ['', 'Bearer forged', `Bearer ${page.token}x`].map(async (authorization) => {
        const reply = await fetch(`${deployment.url}/courier/account/api/session`, { method: 'POST', headers: { authorization } });
        return reply.status;
      }),
    );
    expect(statuses).toEqual([401, 401, 401]);
    expect((await (await openRemoved()).call('POST', 'session')).status).toBe(401);
  });
});
