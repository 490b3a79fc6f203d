import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Account } from './support/account.js';
import { AccountPage } from './support/account-page.js';
import type { Crm } from './support/crm.js';
import { Deployment, START_MS } from './support/deployment.js';
import type { Reply } from './support/reply.js';
import { until } from './support/until.js';

let deployment: Deployment;
let crm: Crm;
let account: Account;
let page: AccountPage;

beforeAll(async () => {
  deployment = await Deployment.start({ accounts: 6, variables: { MODULES: 'courier,stripe,testpay' } });
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
  it('is renewed automatically, without a cookie', async () => {
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

  it('are the unsaved entries of only this connection and form', async () => {
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

  it('end once the settings are saved, and hold no secret', async () => {
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
    expect(await put('draft', { zone: [] })).toEqual([400, { zone: 'no se conoce' }]);
    expect((await put('draft?form=orders', {}))[0]).toBe(400);
    expect((await put('draft?provider=stripe', {}))[0]).toBe(404);
    expect(await put('draft', { trackPrefix: 'x'.repeat(2_100_000) })).toEqual([400, { body: 'debe ser como máximo 2097152 bytes' }]);
    const strange = await fetch(`${deployment.url}/courier/account/api/draft`, { headers: { authorization: 'Bearer x' } });
    expect(strange.status).toBe(401);
  });
});

describe('settings that an account page reads without long lists', () => {
  interface Brief {
    version: string;
    values: { hubs: object; senderName?: string };
  }

  it('are saved with unchanged lists, and only if the stored settings are still the ones that were read', async () => {
    const own = await AccountPage.open(await Account.connect(deployment, crm, 'courier'));
    const before = await own.values<{ hubs: object[] }>();
    const more = Array.from({ length: 200 }, (_, n) => ({ code: `hub-${n}`, name: `Hub ${n}`, address: 'Main street' }));
    const stored = { ...before, hubs: [...before.hubs, ...more] };
    expect((await own.save(stored)).json).not.toHaveProperty('errorMsg');
    const { version, values } = (await own.call('GET', 'settings?brief=true')).json as Brief;
    expect([values.hubs, (await own.call('GET', `settings/hubs?version=${version}`)).json]).toEqual([
      { rows: stored.hubs.length },
      { rows: stored.hubs },
    ]);
    expect((await own.call('GET', 'settings/senderName')).status).toBe(404);

    // If two users save at the same time, one is rejected, even if both passed the first check.
    const save = (senderName: string): Promise<Reply> => own.call('PUT', `settings?version=${version}`, { ...values, senderName });
    const replies = await Promise.all(['Anna', 'Boris'].map(save));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409]);
    const saved = replies.find(({ status }) => status === 200)?.json as unknown as Brief;
    expect(saved.values.hubs).toEqual(values.hubs);
    expect(await own.values()).toEqual({ ...stored, senderName: saved.values.senderName });

    const late = [save('Clara'), own.call('GET', `settings/hubs?version=${version}`), own.call('POST', `check?version=${version}`, values)];
    for (const { status, json } of await Promise.all(late))
      expect([status, json]).toEqual([
        409,
        expect.objectContaining({ errorMsg: 'Otra persona ha guardado estos ajustes mientras tanto.' }),
      ]);
    const [courier] = (await deployment.listConnections(crm)).filter(({ code }) => code.startsWith('courier'));
    expect((await deployment.askOperator('PUT', `/connections/${courier?.id}/settings?version=${version}`, stored)).status).toBe(409);
    // Without a version it is a value like any other.
    expect((await own.save({ ...values })).json).toMatchObject({ errors: { 'hubs[0]': 'debe ser un objeto' } });
  });
});

interface Overview {
  health: { state: string; words: string; todo?: string };
  problems: { state: string; words: string; todo?: string }[];
  pastProblems: { state: string; words: string; endedAt: string; todo?: string }[];
  providers: { provider: string; title: string }[];
  recent: { kind: string; title: string; state: string; tone: string }[];
  waitingSince: string | null;
}
const overviewOf = async (of: AccountPage): Promise<Overview> => (await of.call('GET', 'overview')).json;

describe('the overview of an account page', () => {
  it('describes how the connection is, and its last actions, in the language of the account', async () => {
    const { deliveryId } = await account.ship('7');
    await deployment.operator('POST', '/deliveries/statuses', [{ deliveryId, code: 'accepted' }]);
    const overview = await until('the status is shown', async () => {
      const found = await overviewOf(page);
      return found.recent[0]?.state === 'Recibido en el almacén' && found;
    });
    expect(overview).toMatchObject({
      health: { state: 'ok', words: 'Funciona.' },
      problems: [],
      providers: [{ provider: 'courier', integration: 'delivery' }],
      recent: [{ kind: 'delivery', id: deliveryId, title: 'Envío del pedido 7A', tone: 'waiting' }],
    });
    const other = await AccountPage.open(await Account.connect(deployment, deployment.nextCrm(), 'courier'));
    expect((await overviewOf(other)).recent).toEqual([]);
  });

  it('describes current and past problems and what to do, without the texts of other systems', async () => {
    const id = (await deployment.listConnections(crm)).find(({ code }) => code === 'courier')?.id;
    const problem = { 'credentials-refused:courier': { since: '2026-01-01T00:00:00Z', reason: 'Ivan Petrov has no key' } };
    const setProblems = (problems: object): Promise<unknown> =>
      deployment.stores.query(`UPDATE connection SET problems = $2, version = version + 1 WHERE id = $1`, [id, JSON.stringify(problems)]);
    await setProblems(problem);
    const { health, problems } = await overviewOf(page);
    expect(health).toMatchObject({ state: 'credentials-refused', words: expect.stringMatching(/rechaza las credenciales/) });
    expect(problems).toMatchObject([{ state: 'credentials-refused', provider: 'courier', todo: expect.stringMatching(/^Revise/) }]);
    await setProblems({});
    const after = await overviewOf(page);
    expect(after).toMatchObject({
      health: { state: 'ok' },
      problems: [],
      pastProblems: [{ state: 'credentials-refused', words: health.words }],
    });
    expect(after.pastProblems[0]?.endedAt).toBeDefined();
    expect(JSON.stringify([health, problems, after])).not.toMatch(/Petrov|no key/);
  });
});

describe('live updates of an account page', () => {
  const follow = (of: AccountPage, signal?: AbortSignal): Promise<Response> =>
    fetch(`${deployment.url}/courier/account/api/live`, { headers: { authorization: `Bearer ${of.token}` }, ...(signal && { signal }) });

  it('report a changed overview, only to the pages of that connection', async () => {
    const leaving = new AbortController();
    const other = await AccountPage.open(await Account.connect(deployment, deployment.nextCrm(), 'courier'));
    const [own, foreign] = await Promise.all([follow(page, leaving.signal), follow(other, leaving.signal)]);
    expect([own.status, own.headers.get('content-type'), own.headers.get('cache-control')]).toEqual([200, 'text/event-stream', 'no-store']);
    const heard = { own: '', foreign: '' };
    const listen = async (reply: Response, name: keyof typeof heard): Promise<void> => {
      for await (const bytes of reply.body ?? []) heard[name] += Buffer.from(bytes).toString();
    };
    const ended = Promise.allSettled([listen(own, 'own'), listen(foreign, 'foreign')]);
    const CHANGED = 'event: changed\ndata: {}\n\n';
    await until('both are told to look', () => heard.own.includes(CHANGED) && heard.foreign.includes(CHANGED));
    const before = heard.own;
    await account.ship('8');
    await until('the page hears of it', () => heard.own.length > before.length);
    expect(heard.own.slice(before.length)).toBe(CHANGED);
    expect(heard.foreign).toBe(`: open\n\n${CHANGED}`);
    leaving.abort();
    await ended;
  });

  it('are for the bearer of a token, and ten for a connection', async () => {
    expect((await fetch(`${deployment.url}/courier/account/api/live`)).status).toBe(401);
    const leaving = new AbortController();
    const replies = await Promise.all(Array.from({ length: 11 }, () => follow(page, leaving.signal)));
    expect(replies.map(({ status }) => status).sort()).toEqual([...Array.from({ length: 10 }, () => 200), 429]);
    leaving.abort();
  });
});
