import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Account, readRefusal } from './support/account.js';
import { AccountPage } from './support/account-page.js';
import { type Crm, type CrmFault, DELIVERY_SCOPES } from './support/crm.js';
import { Deployment, START_MS } from './support/deployment.js';
import type { Reply } from './support/reply.js';
import { until } from './support/until.js';

const MODULE = 'searching-carrier';
const LOOKUP_SCOPES = ['reference_read', 'user_read'];
/** Without them the module is not registered. */
const REQUIRED = DELIVERY_SCOPES.filter((scope) => !LOOKUP_SCOPES.includes(scope));

let deployment: Deployment;

/** The page of an account, and what it looks up. */
interface Desk {
  account: Account;
  crm: Crm;
  find(name: string, query?: string): Promise<Reply>;
}

async function open(refused: readonly string[] = []): Promise<Desk> {
  const account = await Account.connect(deployment, deployment.nextCrm(), MODULE, refused);
  const { token } = await AccountPage.open(account);
  const find = (name: string, query = ''): Promise<Reply> => ask(name, query, { authorization: `Bearer ${token}` });
  return { account, crm: account.crm, find };
}

function ask(name: string, query = '', headers: Record<string, string> = {}): Promise<Reply> {
  return deployment.send(`/${MODULE}/account/api/lookups/${name}${query && `?${query}`}`, { headers });
}

/** Registers the account's module again, as the operator can. */
async function registerAgain({ crm }: Desk): Promise<void> {
  const { id } = await deployment.getConnection(crm);
  await deployment.operator('POST', `/connections/${id}/register`);
  await until('it is registered', async () => {
    const { total } = await deployment.operator<{ total: number }>('GET', `/outbox?connection=${id}&state=pending`);
    return total === 0;
  });
}

/** The items that a reply found. Throws if the reply is not a result. */
function readFound(reply: Reply): { items: { value: string | number; label: string; hint?: string }[]; more: boolean } {
  if (reply.status !== 200) throw new Error(`answered ${reply.status}: ${reply.bytes.toString()}`);
  return reply.json as ReturnType<typeof readFound>;
}

beforeAll(async () => {
  deployment = await Deployment.start({ accounts: 12, withFakeCarrier: true });
}, START_MS);
afterAll(() => deployment?.stop());
afterEach(() => expect(deployment.complaints()).toEqual([]));

it('finds for the operator what the account finds', async () => {
  const { crm, find } = await open();
  const { id } = await deployment.getConnection(crm);
  const found = readFound(await find('sites'));
  expect(found.items.length).toBeGreaterThan(0);
  expect(await deployment.operator('GET', `/connections/${id}/lookups/sites`)).toEqual(found);
  expect((await deployment.askOperator('GET', `/connections/${id}/lookups/nothing`)).status).toBe(404);
});

describe('lookups in the CRM', () => {
  it.each([
    ['sites', 'магаз', 'references.sites', { value: 'main', label: 'Основной магазин' }],
    ['legalEntities', 'ejemplo s.l', 'references.legalEntities', { value: 'Ejemplo, S.L.', label: 'Ejemplo, S.L.', hint: 'main-es' }],
    ['stores', 'ALMACEN madrid', 'references.stores', { value: 'mad', label: 'Almacén Madrid' }],
    ['users', 'moreno', 'users.list', { value: 2, label: 'Carlos Moreno', hint: 'carlos@shop.example.es' }],
    ['paymentTypes', 'bank-card', 'references.paymentTypes', { value: 'bank-card', label: 'Банковская карта' }],
    ['statuses', 'возврат', 'references.statuses', { value: 'return', label: 'Возврат' }],
    ['deliveryTypes', 'самовывоз', 'references.deliveryTypes', { value: 'self-delivery', label: 'Самовывоз' }],
  ])('find %s, and call the CRM once', async (name, term, method, expected) => {
    const desk = await openOnce();
    desk.crm.clear();
    expect(readFound(await desk.find(name, new URLSearchParams({ term }).toString()))).toEqual({ items: [expected], more: false });
    expect(readFound(await desk.find(name)).items.length).toBeGreaterThan(1);
    expect(readFound(await desk.find(name, 'term=nosuchthing'))).toEqual({ items: [], more: false });
    expect(desk.crm.calls.map((call) => call.name).filter((one) => !one.startsWith('integration.'))).toEqual([method]);
  });

  it('are only available to fields of the form', async () => {
    const desk = await openOnce();
    const page = await AccountPage.open(desk.account);
    const { schema } = (await page.read()).json as { schema: { fields: { name: string; lookup?: string; item?: object }[] } };
    const named = Object.fromEntries(schema.fields.map(({ name, lookup, item }) => [name, lookup ?? item]));
    expect(named).toMatchObject({ city: 'cities', manager: 'users', sites: { type: 'text', lookup: 'sites' } });
    expect(named).toMatchObject({ baseUrl: undefined, apiKey: undefined });
  });

  it('leave out users who are not active, and offer a store that is not used last', async () => {
    const { crm, find } = await open();
    const [first, second] = crm.context.rows('users');
    Object.assign(first ?? {}, { active: false });
    crm.context.rows('users').push({ ...second, id: 77, firstName: 'Ana', lastName: null, email: null });
    Object.assign(crm.context.rows('stores')[0] ?? {}, { active: false });
    expect(readFound(await find('users')).items).toEqual([
      { value: 2, label: 'Carlos Moreno', hint: 'carlos@shop.example.es' },
      { value: 77, label: 'Ana' },
    ]);
    expect(readFound(await find('stores')).items.map(({ value }) => value)).toEqual(['mad', 'cdmx', 'msk']);
  });

  it('find among hundreds of users, fifty at a time', async () => {
    const { crm, find } = await open();
    const [user] = crm.context.rows('users');
    for (let id = 100; id < 350; id++) crm.context.rows('users').push({ ...user, id, firstName: `Agent ${id}`, lastName: 'Smith' });
    const { items, more } = readFound(await find('users', 'term=smith'));
    expect([items.length, more]).toEqual([50, true]);
    expect(readFound(await find('users', 'term=smith+349'))).toMatchObject({ items: [{ value: 349 }], more: false });
  });

  it('never show what another account has', async () => {
    const [mine, other] = [await open(), await open()];
    other.crm.context.rows('sites').push({ ...other.crm.context.rows('sites')[0], id: 9, code: 'theirs', name: 'Theirs alone' });
    expect(readFound(await other.find('sites', 'term=theirs')).items).toHaveLength(1);
    expect(readFound(await mine.find('sites', 'term=theirs')).items).toEqual([]);
    expect(readFound(await mine.find('sites')).items.map(({ value }) => value)).toEqual(['main', 'es', 'mx']);
  });

  it.each<[string, CrmFault, number]>([
    ['no list', { kind: 'odd-reply', fields: { sites: 'text' } }, 200],
    ['rows of anything', { kind: 'odd-reply', fields: { sites: [null, 5, {}, { code: {} }] } }, 200],
    ['no JSON', { kind: 'invalid-json' }, 400],
    ['a failure', { kind: 'error-before', status: 500 }, 400],
    ['a refusal of the content', { kind: 'error-before', status: 400, errorMsg: '<script>' }, 400],
    ['a wrong key', { kind: 'error-before', status: 403, errorMsg: 'Wrong "apiKey" value.' }, 400],
    ['nothing', { kind: 'drop' }, 400],
  ])('are not our failure when the CRM answers %s', async (_, fault, status) => {
    const { crm, find } = status === 400 ? await openOnce('faulty') : await open();
    const end = crm.fail('*/reference/sites', fault, 100);
    const reply = await find('sites');
    end();
    if (status === 200) expect(readFound(reply).items).toEqual([]);
    else expect(readRefusal(reply)).toEqual({ status, errorMsg: expect.stringContaining('введите значение'), errors: {} });
    expect(deployment.api?.lastOutput).not.toContain('request failed');
    crm.clear();
  });
});

describe('lookups at the service', () => {
  it('are the provider’s, with the settings of this account', async () => {
    const desk = await openOnce();
    const { id } = await deployment.getConnection(desk.crm);
    const cities = await desk.find('cities', 'term=a%2Fb%26c');
    expect(readFound(cities)).toEqual({ items: [{ value: 'cities/a/b&c', label: 'fake-api-key', hint: id }], more: false });
    expect(readFound(await desk.find('cities'))).toMatchObject({ items: [{ value: 'cities/' }] });
    const many = readFound(await desk.find('cities', 'term=many'));
    expect([many.items.length, many.more, many.items[0]]).toEqual([50, true, { value: 0, label: 'City 0' }]);
  });

  it('are rejected with its reason, which does not count as rejected credentials', async () => {
    const desk = await openOnce();
    expect(readRefusal(await desk.find('cities', 'term=refused'))).toEqual({
      status: 400,
      errorMsg: 'The carrier does not accept the API key.',
      errors: { apiKey: 'is not accepted' },
    });
    expect((await deployment.getConnection(desk.crm)).rejectedCalls).toEqual([]);
  });

  it.each([
    ['broken', 502],
    ['odd', 400],
  ])('reveal nothing about an internal error: %s', async (term, code) => {
    const { status, errorMsg } = readRefusal(await (await openOnce()).find('cities', `term=${term}`));
    expect([status, errorMsg]).toEqual([code, expect.not.stringMatching(/cannot read|fake-api-key|undefined|null/)]);
  });
});

describe('a lookup', () => {
  it.each(['nosuch', 'points', '__proto__', 'constructor', 'toString', '%00', '..%2f..%2fsettings', 'a'.repeat(100)])(
    'is 404 by a name that it does not have: %s',
    async (name) => {
      const { status, errorMsg } = readRefusal(await (await openOnce()).find(name));
      expect(status).toBe(404);
      expect(errorMsg.length).toBeLessThan(300);
    },
  );

  it.each([
    ['too long', `term=${'x'.repeat(101)}`, 400],
    ['twice', 'term=a&term=b', 400],
    ['not there', 'term[x]=1', 200],
    ['a zero byte', 'term=%00', 200],
    ['half a pair', 'term=%ED%A0%80', 200],
    ['half an escape', 'term=%', 200],
    ['of a pattern', `term=${encodeURIComponent('.*+?^${}()|[]\\')}`, 200],
    ['of SQL', `term=${encodeURIComponent(`' OR 1=1 --`)}`, 200],
    ['accents alone', `term=${'%CC%81'.repeat(100)}`, 200],
  ])('takes the term as a text: %s', async (_, query, status) => {
    const desk = await openOnce();
    for (const name of ['sites', 'users', 'cities']) {
      const reply = await desk.find(name, query);
      expect([name, reply.status]).toEqual([name, status]);
      if (status === 400) expect(readRefusal(reply).errors).toHaveProperty('term');
    }
  });

  it('needs the page’s token', async () => {
    await openOnce();
    for (const headers of [{}, { authorization: 'Bearer of-nobody' }] as Record<string, string>[])
      expect(readRefusal(await ask('sites', '', headers))).toMatchObject({ status: 401 });
  });
});

describe('scopes of lookups', () => {
  it('are asked for with the required ones', async () => {
    const { scopes } = (await deployment.send(`/${MODULE}/config`)).json as { scopes: string[] };
    expect(scopes).toEqual([...REQUIRED, ...LOOKUP_SCOPES]);
    expect((await deployment.send('/fake-carrier/config')).json).toMatchObject({ scopes: DELIVERY_SCOPES });
  });

  it('may be rejected: the module is registered, and the field shows why it is typed', async () => {
    const desk = await open(LOOKUP_SCOPES);
    const read = (): ReturnType<Deployment['getConnection']> => deployment.getConnection(desk.crm);
    const isFine = { registrationError: null, registeredAt: expect.any(String) };
    expect(await read()).toMatchObject({ ...isFine, scopes: REQUIRED });
    expect(await read()).not.toHaveProperty('registrationAdvice');
    const sentences = { users: 'нет права user_read: введите id.', stores: 'нет права reference_read: введите код.' };
    for (const [name, sentence] of Object.entries(sentences))
      expect(readRefusal(await desk.find(name))).toMatchObject({ status: 400, errorMsg: expect.stringContaining(sentence) });
    // Refused once more, and the registration goes on.
    for (const fault of [{ status: 403, errorMsg: 'Access denied' }, { status: 500 }]) {
      desk.crm.fail('*/update-scopes', { kind: 'error-before', ...fault }, 100);
      desk.crm.clear();
      await registerAgain(desk);
      expect(desk.crm.callsTo('integration.edit')).toMatchObject([{ status: 200 }]);
      expect(await read()).toMatchObject({ ...isFine, scopes: REQUIRED });
      desk.crm.recover();
    }
    // Granted at last.
    await registerAgain(desk);
    expect((await read()).scopes).toEqual([...REQUIRED, ...LOOKUP_SCOPES]);
    for (const name of Object.keys(sentences)) expect(readFound(await desk.find(name)).items.length).toBeGreaterThan(1);
  });

  it('do not keep a key from getting the required ones', async () => {
    const desk = await open(['user_read']);
    const read = (): ReturnType<Deployment['getConnection']> => deployment.getConnection(desk.crm);
    const narrow = ['integration_read', 'integration_write', 'order_read', 'reference_read'];
    await deployment.stores.query(`UPDATE connection SET scopes = $1, version = version + 1 WHERE system_url = $2`, [narrow, desk.crm.url]);
    desk.crm.refuse('*/update-scopes', 'user_read');
    desk.crm.clear();
    await registerAgain(desk);
    expect(await read()).toMatchObject({ registrationError: null, scopes: [...REQUIRED, 'reference_read'] });
    expect(desk.crm.callsTo('integration.updateScopes').map(({ status }) => status)).toEqual([400, 200]);
    // Without the required ones it is a problem as ever.
    desk.crm.fail('*/update-scopes', { kind: 'error-before', status: 403, errorMsg: 'Access denied' }, 100);
    await deployment.stores.query(`UPDATE connection SET scopes = $1, version = version + 1 WHERE system_url = $2`, [narrow, desk.crm.url]);
    await registerAgain(desk);
    expect(await read()).toMatchObject({
      registrationError: expect.stringContaining('Access denied'),
      registrationAdvice: expect.stringContaining('lacks notification_write, delivery_read, delivery_write'),
    });
  });
});

const desks = new Map<string, Promise<Desk>>();

/** An account that several tests look at and none changes. */
function openOnce(name = 'shared'): Promise<Desk> {
  const desk = desks.get(name) ?? open();
  desks.set(name, desk);
  return desk;
}
