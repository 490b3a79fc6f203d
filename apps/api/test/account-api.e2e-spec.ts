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

describe('drafts of an account page', () => {
  interface Draft {
    draft?: { values: object; savedAt: string; keptUntil: string };
  }
  const draftOf = async (of: AccountPage, query = ''): Promise<Draft> => (await of.call('GET', `draft${query}`)).json;

  it('are what was typed, for the same connection and form alone', async () => {
    expect(await draftOf(page)).toEqual({});
    const typed = { trackPrefix: 'x y z', zones: [{ code: '' }] };
    const kept = (await page.call('PUT', 'draft', typed)).json as Draft;
    expect(kept.draft?.values).toEqual(typed);
    expect(await draftOf(page)).toEqual(kept);
    expect(await draftOf(page, '?form=rules')).toEqual({});
    const other = await AccountPage.open(await Account.connect(deployment, deployment.nextCrm(), 'courier'));
    expect(await draftOf(other)).toEqual({});
    expect((await page.values<{ trackPrefix: string }>()).trackPrefix).toBe('CD');
    expect((await page.call('DELETE', 'draft')).json).toEqual({});
    expect(await draftOf(page)).toEqual({});
  });

  it('end with what is saved, and hold no secret', async () => {
    const shops = await AccountPage.open(await Account.connect(deployment, crm, 'testpay'));
    const typed = { shops: [{ code: 'main', name: 'Tienda' }], webhookSecret: 'a secret of sixteen' };
    const kept = (await shops.call('PUT', 'draft', typed)).json as Draft;
    expect(kept.draft?.values).toEqual({ shops: typed.shops });
    expect((await shops.save({ shops: [{ ...typed.shops[0], active: true, capture: 'automatic', holdHours: 1 }] })).status).toBe(200);
    expect(await draftOf(shops)).toEqual({});
  });

  it('must be of the form, and not too large', async () => {
    const put = async (path: string, body: object): Promise<[number, object]> => {
      const reply = await page.call('PUT', path, body);
      return [reply.status, (reply.json as { errors?: object }).errors ?? {}];
    };
    expect(await put('draft', { zone: [] })).toEqual([400, { zone: 'is not known' }]);
    expect((await put('draft?form=orders', {}))[0]).toBe(400);
    expect((await put('draft?provider=stripe', {}))[0]).toBe(404);
    expect(await put('draft', { trackPrefix: 'x'.repeat(2_100_000) })).toEqual([400, { body: 'must be at most 2097152 bytes' }]);
    const strange = await fetch(`${deployment.url}/courier/account/api/draft`, { headers: { authorization: 'Bearer x' } });
    expect(strange.status).toBe(401);
  });
});
