import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { callbackForm } from '#testing';
import { Account } from './support/account.js';
import type { Crm } from './support/crm.js';
import { Deployment, START_MS } from './support/deployment.js';
import type { Reply } from './support/reply.js';
import { until } from './support/until.js';

/** Maximum number of wrong guesses per address and minute. */
const MOST = 30;

let deployment: Deployment;
let crm: Crm;
let account: Account;
let lastAddress = 0;

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** A request that comes through the proxy from an address. */
function from(address: string, path: string, init: RequestInit = {}): Promise<Reply> {
  return deployment.send(path, { ...init, headers: { ...init.headers, 'x-forwarded-for': address } });
}

const strangers = (): string => `198.51.100.${++lastAddress}`;

/** The statuses of this number of requests, sent one after another. */
async function collectStatuses(times: number, ask: () => Promise<Reply>): Promise<number[]> {
  const statuses: number[] = [];
  for (let at = 0; at < times; at++) statuses.push((await ask()).status);
  return statuses;
}

/** An unopened one-time link, relative to the api's address. */
async function newLink(): Promise<string> {
  account = await Account.connect(deployment, crm);
  const { pathname, search } = new URL(account.accountUrl);
  return pathname + search;
}

beforeAll(async () => {
  const variables = { MODULES: 'courier,testpay', TRUSTED_PROXIES: '127.0.0.1', PUBLIC_URL: 'https://modules.example.com' };
  deployment = await Deployment.start({ accounts: 1, variables, workers: 0 });
  crm = deployment.nextCrm();
  account = await Account.connect(deployment, crm);
}, START_MS);

afterAll(() => deployment?.stop(), START_MS);

describe('who guesses', () => {
  const operator = (address: string, token: string): Promise<Reply> =>
    from(address, '/operator/api/modules', { headers: { authorization: `Bearer ${token}` } });
  const callback = (address: string, clientId: string): Promise<Reply> =>
    from(address, '/courier/callbacks/settings', { method: 'POST', headers: FORM, body: callbackForm(clientId, { settings: {} }) });
  const page = (address: string, clientId: string): Promise<Reply> =>
    from(address, '/courier/account', { method: 'POST', headers: FORM, body: `clientId=${clientId}` });
  const signUp = (address: string, secret: string): Promise<Reply> =>
    from(address, '/courier/register', {
      method: 'POST',
      headers: FORM,
      body: new URLSearchParams({ register: JSON.stringify(crm.registerField(secret)) }).toString(),
    });

  const DOORS: [string, number, (address: string, secret: string) => Promise<Reply>, () => string][] = [
    ['operator tokens', 401, operator, () => deployment.variables.OPERATOR_TOKEN ?? ''],
    ['client ids of callbacks', 403, callback, () => account.clientId],
    ['client ids of the page', 403, page, () => account.clientId],
    ['registrations', 401, signUp, () => deployment.getSecret('courier')],
  ];

  it.each(DOORS)('%s is slowed by the address, and who knows the secret passes from there too', async (_name, refusal, knock, secret) => {
    const address = strangers();
    const statuses = await collectStatuses(MOST + 3, () => knock(address, 'wrong'));
    expect(statuses).toEqual([...Array.from({ length: MOST }, () => refusal), 429, 429, 429]);
    const slowed = await knock(address, 'wrong');
    expect(Number(slowed.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await knock(address, secret())).status).toBe(200);
    expect((await knock(strangers(), 'wrong')).status).toBe(refusal);
  });

  it('one-time tokens and pages’ tokens too', async () => {
    const link = await newLink();
    const [first, second] = [strangers(), strangers()];
    const opened = await collectStatuses(MOST + 1, () => from(first, '/courier/account?token=wrong'));
    expect(opened.slice(-2)).toEqual([403, 429]);
    const asked = await collectStatuses(MOST + 1, () =>
      from(second, '/courier/account/api/settings', { headers: { authorization: 'Bearer x' } }),
    );
    expect(asked.slice(-2)).toEqual([401, 429]);
    const shown = await from(first, link);
    expect(shown.status).toBe(200);
    const token = /"token":"([^"]+)"/.exec(shown.bytes.toString())?.[1] ?? '';
    const settings = (bearer: string): Promise<Reply> =>
      from(second, '/courier/account/api/settings', { headers: { authorization: `Bearer ${bearer}` } });
    expect((await settings(token)).status).toBe(200);
    for (const more of ['.', '.x', '=', '!', token]) expect((await settings(token + more)).status).toBe(429);
  });

  it('is in the journal until it is slowed, so that a flood pushes nothing out', async () => {
    const address = strangers();
    const guess = (): Promise<Reply> =>
      from(address, '/courier/callbacks/delivery/get?clientId=wrong&deliveryId=1', { headers: { 'x-request-id': 'a-flood' } });
    expect((await collectStatuses(MOST + 3, guess)).slice(-4)).toEqual([403, 429, 429, 429]);
    await callback(strangers(), account.clientId);
    await until('the journal has the requests', async () => {
      const rows = await deployment.stores.query<{ status: number }>(`SELECT status FROM journal_entry WHERE request = 'a-flood'`);
      return rows.length >= MOST;
    });
    const rows = await deployment.stores.query<{ status: number }>('SELECT DISTINCT status FROM journal_entry WHERE status >= 400');
    expect(rows).not.toContainEqual({ status: 429 });
    expect(rows).toContainEqual({ status: 403 });
  });

  it('an address comes from the proxy, not from its client', async () => {
    const [mine, claimed] = [strangers(), strangers()];
    const statuses = await collectStatuses(MOST + 1, () => operator(`${claimed}, ${mine}`, 'wrong'));
    expect(statuses.at(-1)).toBe(429);
    expect((await operator(claimed, 'wrong')).status).toBe(401);
  });
});

describe('a link that works once', () => {
  it('is not spent by a look at its head, nor opened with anything behind it', async () => {
    const link = await newLink();
    expect((await from(strangers(), link, { method: 'HEAD' })).status).toBe(200);
    for (const more of ['x', '%20', '%00', '.', '=', '/']) expect((await from(strangers(), link + more)).status).toBe(403);
    expect((await from(strangers(), link)).status).toBe(200);
    expect((await from(strangers(), link)).status).toBe(403);
    // The reply to a HEAD request does not show whether the link works.
    expect((await from(strangers(), link, { method: 'HEAD' })).status).toBe(200);
  });
});

describe('a registration', () => {
  it('that switches on a module that the CRM switched off leaves a mark for the operator', async () => {
    const mark = async (): Promise<unknown> => {
      const { id } = await deployment.getConnection(crm);
      return (await deployment.operator<{ switchedOnAgainAt: string | null }>('GET', `/connections/${id}`)).switchedOnAgainAt;
    };
    account = await Account.connect(deployment, crm);
    expect(await mark()).toBeNull();
    expect((await account.activity(false, false)).status).toBe(200);
    expect(await mark()).toBeNull();
    account = await Account.connect(deployment, crm);
    expect(Date.parse(String(await mark()))).toBeGreaterThan(Date.now() - 60_000);
    expect(deployment.api?.lastOutput).toContain('on again, which the CRM had switched off');
  });
});

describe('every answer', () => {
  it.each([
    ['/health/live', 200],
    ['/courier/config', 200],
    ['/courier/logo.svg', 200],
    ['/nowhere', 404],
    ['/operator/api/modules', 401],
    ['/%E0%A4%A', 400],
  ])('of %s is identified by its data, and only over TLS', async (path, status) => {
    const reply = await deployment.send(path);
    expect([reply.status, reply.headers.get('x-content-type-options')]).toEqual([status, 'nosniff']);
    if (status !== 400) expect(reply.headers.get('strict-transport-security')).toBe('max-age=31536000');
  });
});
