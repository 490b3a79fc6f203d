import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Account, readRefusal } from './support/account.js';
import { Deployment, START_MS } from './support/deployment.js';
import { until } from './support/until.js';

interface Page<Item = { id: string }> {
  items: Item[];
  total: number;
  totalIsEstimate?: boolean;
  nextCursor?: string;
}

let deployment: Deployment;
let first: Account;
let second: Account;
/** Public ids of the connections. */
let ids: [string, string];
/** Deliveries of the first account, in the order they were made. */
let deliveries: string[];

beforeAll(async () => {
  deployment = await Deployment.start({ accounts: 2 });
  first = await Account.connect(deployment, deployment.nextCrm());
  second = await Account.connect(deployment, deployment.nextCrm());
  ids = [(await deployment.getConnection(first.crm)).id, (await deployment.getConnection(second.crm)).id];
  deliveries = [];
  for (let order = 1; order <= 5; order++) deliveries.push((await first.ship(String(order))).deliveryId);
  await second.ship('1');
}, START_MS);
afterAll(() => deployment?.stop());
afterEach(() => expect(deployment.complaints()).toEqual([]));

const get = <Body = Page>(path: string): Promise<Body> => deployment.operator<Body>('GET', path);

it('shows what is hosted', async () => {
  const { items, total } = await get<Page<{ code: string }>>('/modules');
  expect(total).toBe(items.length);
  expect(items.find(({ code }) => code === 'courier')).toEqual({
    code: 'courier',
    name: 'Own courier service',
    integration: 'delivery',
    kind: 'service',
    provider: 'courier',
    countries: ['RU', 'ES', 'MX'],
    multiAccount: false,
  });
});

it('shows what it runs on, and what recurs', async () => {
  type System = {
    migrations: { applied: number; pending: string[] };
    queues: { items: { name: string }[] };
    recurring: { name: string; lastAt: string | null; last?: { outcome: string } }[];
    modules: { code: string; secret: string; connections: number }[];
  };
  const system = await until(
    'runs are written',
    async () => {
      const read = await get<System>('/system');
      return read.recurring.find(({ name }) => name === 'outbox.sweep')?.last && read;
    },
    40_000,
  );
  expect(system.migrations).toMatchObject({ pending: [], unknown: [] });
  expect(system.migrations.applied).toBeGreaterThan(10);
  expect(system.queues.items.map(({ name }) => name).sort()).toEqual(['housekeeping', 'inbox', 'outbox']);
  expect(system.recurring.find(({ name }) => name === 'outbox.sweep')).toMatchObject({ lateSeconds: 0, last: { outcome: 'ok' } });
  expect(system.modules.find(({ code }) => code === 'courier')).toMatchObject({ connections: 2, secret: 'assumed' });
  expect(JSON.stringify(system)).not.toContain('development-secret');
});

it('counts what happens, of all shops and of one', async () => {
  type Report = { source: string; series: { kind: string; total: { count: number } }[] };
  const counted = (report: Report): number => report.series.find(({ kind }) => kind === 'callback')?.total.count ?? 0;
  await until('callbacks are written', async () => counted(await get<Report>('/activity')) >= 6, 30_000);
  await until('the journal is written', async () => counted(await get<Report>(`/activity?hours=1&connection=${ids[0]}`)) >= 5);
  expect(readRefusal(await deployment.askOperator('GET', '/activity?hours=0')).status).toBe(400);
  expect(readRefusal(await deployment.askOperator('GET', `/activity?connection=${NEVER}`)).status).toBe(404);
});

/** The id of no connection. */
const NEVER = '00000000-0000-7000-8000-000000000000';

const LISTS = ['/connections', '/deliveries', '/operations', '/outbox', '/inbox'];

describe('the operator token', () => {
  it.each([...LISTS, '/modules', '/connections/x', '/connections/x/settings', '/deliveries/x', '/nosuch'])(
    'is asked for at %s',
    async (path) => {
      for (const authorization of ['', 'Bearer wrong', 'Bearer', 'Basic b3BlcmF0b3I='])
        expect(readRefusal(await deployment.send(`/operator/api${path}`, { headers: { authorization } })).status).toBe(
          path === '/nosuch' ? 404 : 401,
        );
    },
  );

  it('is asked for before anything is done', async () => {
    for (const path of [
      '/deliveries/statuses',
      '/outbox/replay',
      '/outbox/1/replay',
      '/inbox/replay',
      '/inbox/1/replay',
      '/operations/x/replay',
      '/operations/x/release',
      `/connections/${ids[0]}/register`,
    ])
      expect(readRefusal(await deployment.askOperator('POST', path, {}, 'wrong')).status).toBe(401);
    expect(readRefusal(await deployment.askOperator('PUT', `/connections/${ids[0]}/settings`, {}, '')).status).toBe(401);
  });

  it('cannot be used as an account session, nor the other way round', async () => {
    const headers = { authorization: 'Bearer operator-token' };
    expect(readRefusal(await deployment.send('/courier/account/api/settings', { headers })).status).toBe(401);
  });
});

describe('lists', () => {
  it.each(LISTS)('%s has items and a total, in pages', async (path) => {
    const all = await get(`${path}?limit=500`);
    expect(all.items).toHaveLength(all.total);
    const paged: string[] = [];
    for (let page = 1; paged.length < all.total; page++) {
      const { items, total } = await get(`${path}?limit=2&page=${page}`);
      expect(total).toBe(all.total);
      paged.push(...items.map((item) => item.id));
      if (items.length === 0) break;
    }
    expect(paged).toEqual(all.items.map((item) => item.id));
    expect(await get(`${path}?page=1000`)).toEqual({ items: [], total: all.total });
  });

  it.each(LISTS)('%s goes on after a cursor, in the same order', async (path) => {
    const all = await get(`${path}?limit=500`);
    expect(all.nextCursor).toBeUndefined();
    const followed: string[] = [];
    let page = await get(`${path}?limit=1`);
    for (;;) {
      expect(page.total).toBe(all.total);
      followed.push(...page.items.map((item) => item.id));
      if (!page.nextCursor) break;
      page = await get(`${path}?limit=1&cursor=${page.nextCursor}`);
    }
    expect(followed).toEqual(all.items.map((item) => item.id));
    for (const query of ['cursor=x', 'cursor=', `cursor=${Buffer.from('["x"]').toString('base64url')}`, 'cursor=x&page=1'])
      expect(readRefusal(await deployment.askOperator('GET', `${path}?${query}`)).status).toBe(400);
  });

  it('count up to 5,000 rows, and estimate more', async () => {
    const add = (rows: number): Promise<object[]> =>
      deployment.stores.query(
        `INSERT INTO operation (id, connection_id, kind, subject, state, created_at)
         SELECT gen_random_uuid(), '${NEVER}', 'spec', 'spec', 'done', now() FROM generate_series(1, ${rows})`,
      );
    await add(5000);
    expect(await get('/operations?kind=spec&limit=2')).toMatchObject({ total: 5000, items: [{}, {}] });
    expect(await get('/operations?kind=spec')).not.toHaveProperty('totalIsEstimate');
    await add(1000);
    await deployment.stores.query('ANALYZE operation');
    const { total, totalIsEstimate } = await get('/operations?kind=spec&limit=2');
    expect(totalIsEstimate).toBe(true);
    expect(Math.abs(total - 6000)).toBeLessThan(600);
    await deployment.stores.query(`DELETE FROM operation WHERE kind = 'spec'`);
  });

  it.each(LISTS)('%s rejects an invalid page or limit', async (path) => {
    for (const query of ['page=0', 'page=-1', 'page=x', 'page=1.5', 'limit=0', 'limit=501', 'limit=x', 'page=1&page=2', 'page=99999999999'])
      expect(readRefusal(await deployment.askOperator('GET', `${path}?${query}`)).status).toBe(400);
  });

  it('of connections can be narrowed to a module', async () => {
    expect((await get('/connections?module=courier')).total).toBe(2);
    expect(await get('/connections?module=nosuch')).toEqual({ items: [], total: 0 });
  });

  it('sorts connections by what happens at them, and finds them by a part of the host', async () => {
    const list = (query: string): Promise<Page<{ id: string; host: string; failures: number; lastCallbackAt: string | null }>> =>
      get(`/connections?${query}`);
    await deployment.stores.query(
      `INSERT INTO outbox (connection_id, kind, subject, payload, state, failed_at) VALUES ($1, 'delivery.tracking', 'sorted', '{}', 'failed', now())`,
      [ids[1]],
    );
    try {
      for (const sort of ['host', 'state', 'lastCallback', 'lastPush', 'failures', 'oldestWaiting']) {
        const [up, down] = [await list(`sort=${sort}`), await list(`sort=${sort}&order=desc`)];
        expect(up.items.map(({ id }) => id)).toEqual(down.items.map(({ id }) => id).reverse());
        const [page, next] = [await list(`sort=${sort}&limit=1`), await list(`sort=${sort}&limit=1&page=2`)];
        expect([...page.items, ...next.items].map(({ id }) => id)).toEqual(up.items.map(({ id }) => id));
        expect((await list(`sort=${sort}&limit=1&cursor=${page.nextCursor ?? ''}`)).items).toEqual(next.items);
      }
      const [most] = (await list('sort=failures&order=desc')).items;
      expect(most).toMatchObject({ id: ids[1], failures: 1, failed: { outbox: 1, callback: 0 } });
      const listFailing = async (failing: boolean): Promise<string[]> => (await list(`failing=${failing}`)).items.map(({ id }) => id);
      expect([await listFailing(true), await listFailing(false)]).toEqual([[ids[1]], [ids[0]]]);
      const { host } = new URL((await deployment.getConnection(first.crm)).systemUrl);
      expect((await list(`host=${host.slice(3)}`)).items.map((one) => [one.id, one.host])).toEqual([[ids[0], host]]);
      expect((await list('host=%25')).total).toBe(0);
      await until(
        'the callbacks are written',
        async () => (await list('')).items.every(({ lastCallbackAt }) => lastCallbackAt !== null),
        30_000,
      );
      for (const wrong of ['sort=id', 'failing=maybe', 'sort=host&order=up', 'order=1'])
        expect(readRefusal(await deployment.askOperator('GET', `/connections?${wrong}`)).status).toBe(400);
    } finally {
      await deployment.stores.query(`DELETE FROM outbox WHERE subject = 'sorted'`);
    }
  });

  it('of deliveries can be narrowed to an order, its number, a status, a connection', async () => {
    expect(await get('/deliveries?order=1')).toMatchObject({ total: 2 });
    expect(await get(`/deliveries?order=1&connection=${ids[0]}`)).toMatchObject({
      total: 1,
      items: [
        {
          id: deliveries[0],
          order: '1',
          orderNumber: '1A',
          status: 'created',
          tariff: 'courier',
          currency: 'RUB',
          cost: expect.any(Number),
        },
      ],
    });
    expect(await get(`/deliveries?order=1A&connection=${ids[0]}`)).toMatchObject({ total: 1 });
    expect((await get(`/deliveries?connection=${ids[0]}`)).items.map((item) => item.id)).toEqual([...deliveries].reverse());
    expect((await get('/deliveries?status=created')).total).toBe(6);
    expect((await get(`/deliveries?status=delivered&connection=${ids[0]}`)).total).toBe(0);
  });

  it.each([
    '/deliveries?order=%00',
    '/deliveries?order=%27%3B--',
    '/deliveries?connection=x',
    '/outbox?connection=x',
    '/operations?connection=%00',
    '/inbox?connection=x',
    '/inbox?kind=%00',
    '/operations?subject=%ED%A0%80',
    '/outbox?kind=%00',
  ])('%s holds nothing', async (path) => {
    expect(await get(path)).toEqual({ items: [], total: 0 });
  });

  it.each(['/outbox?state=nosuch', '/inbox?state=nosuch', '/operations?state=nosuch', `/deliveries?order=${'x'.repeat(300)}`])(
    '%s is refused',
    async (path) => {
      expect(readRefusal(await deployment.askOperator('GET', path)).status).toBe(400);
    },
  );

  it('of operations and of the outbox can be narrowed', async () => {
    expect(await get(`/operations?kind=delivery.save&state=done&connection=${ids[0]}`)).toMatchObject({ total: 5 });
    expect(await get(`/operations?subject=3&connection=${ids[0]}`)).toMatchObject({
      total: 1,
      items: [{ result: { deliveryId: deliveries[2] } }],
    });
    const [deliveryId] = deliveries;
    await deployment.operator('POST', '/deliveries/statuses', [{ deliveryId, code: 'accepted' }]);
    await until('it is sent', async () => (await get(`/outbox?subject=${deliveryId}&state=sent`)).total === 1);
    expect(await get(`/outbox?subject=${deliveryId}&kind=delivery.tracking&connection=${ids[0]}`)).toMatchObject({
      total: 1,
      items: [{ payload: { code: 'accepted' }, attempts: 1, lastError: null }],
    });
  });
});

describe('a query parameter that is not there', () => {
  it.each([
    ...[...LISTS, '/payments', '/calls', '/stock', '/stock/movements', '/stock/reservations', '/copurchase', '/visitors'],
    ...['/modules', '/connections/x', '/deliveries/x'],
  ])('is refused by name at %s', async (path) => {
    const reply = await deployment.askOperator('GET', `${path}?trackNumber=NOPE&page=1`);
    expect(reply.status).toBe(400);
    expect(readRefusal(reply).errorMsg).toMatch(/^Wrong input: trackNumber is not a parameter/);
  });

  it('is returned only after the token was checked', async () => {
    expect((await deployment.send('/operator/api/deliveries?trackNumber=NOPE')).status).toBe(401);
  });
});

describe('what is not there', () => {
  it.each([
    ['GET', '/connections/ID'],
    ['GET', '/connections/ID/settings'],
    ['PUT', '/connections/ID/settings'],
    ['POST', '/connections/ID/register'],
    ['GET', '/deliveries/ID'],
    ['POST', '/operations/ID/replay'],
    ['POST', '/operations/ID/release'],
    ['POST', '/outbox/ID/replay'],
    ['POST', '/inbox/ID/replay'],
  ] as const)('%s %s is 404, or refused', async (verb, path) => {
    for (const id of [NEVER, 'x', '%00', '1e999', '9'.repeat(30), "'"]) {
      const { status } = readRefusal(await deployment.askOperator(verb, path.replace('ID', id), verb === 'GET' ? undefined : {}));
      // Only an operation of unknown outcome can be released, so 409 is also the reply for an unknown id.
      expect([404, ...(path.endsWith('release') ? [409] : [])]).toContain(status);
    }
  });

  it('cannot be replayed', async () => {
    for (const path of ['/outbox/replay', '/inbox/replay']) {
      for (const body of [{ ids: ['x'] }, { ids: 'all' }, { ids: [{}] }, { connection: 'x' }, [1], '"x"', '{'])
        expect(readRefusal(await deployment.askOperator('POST', path, body)).status).toBe(400);
      expect(await deployment.operator('POST', path, { ids: ['999999999'] })).toEqual({
        replayed: 0,
        items: [{ id: '999999999', outcome: 'not-found' }],
      });
      expect(await deployment.operator('POST', path, { connection: NEVER })).toEqual({ replayed: 0, items: [] });
    }
  });
});

describe('a connection', () => {
  it('is shown with its lanes', async () => {
    expect(await get(`/connections/${ids[0]}`)).toMatchObject({ id: ids[0], module: 'courier', active: true, lanes: expect.any(Array) });
  });

  it('has its settings read and changed, and is registered again', async () => {
    const path = `/connections/${ids[1]}/settings`;
    const { values, schema } = await get<{ values: { trackPrefix: string }; schema: object }>(path);
    expect(JSON.stringify(schema)).toContain('trackPrefix');
    const before = second.crm.registrations.length;
    expect(await deployment.operator('PUT', path, { ...values, trackPrefix: 'QQ' })).toMatchObject({ values: { trackPrefix: 'QQ' } });
    await until('it is registered anew', () => second.crm.registrations.length > before);
    expect((await second.ship('77')).trackNumber).toMatch(/^QQ/);
    for (const body of ['null', '5', '[1]', '{"trackPrefix":', { ...values, trackPrefix: 5.5 }, { ...values, tariffs: 'none' }])
      expect(readRefusal(await deployment.askOperator('PUT', path, body)).status).toBe(400);
    const misspelt = { ...values, trackPrefx: 'RR', points: [{ nam: 'A' }] };
    const refused = readRefusal(await deployment.askOperator('PUT', path, misspelt));
    expect([refused.status, refused.errors]).toEqual([400, { trackPrefx: 'is not known', 'points[0].nam': 'is not known' }]);
    expect(await get(path)).toMatchObject({ values: { trackPrefix: 'QQ' } });
  });

  it('has rules with an empty list that its provider has no use for', async () => {
    const path = `/connections/${ids[1]}/rules`;
    expect(await deployment.operator('PUT', path, { contracts: [], senders: [], rows: [] })).toMatchObject({ values: { rows: [] } });
    const refused = readRefusal(await deployment.askOperator('PUT', path, { contracts: [{ code: 'Second' }], rows: [] }));
    expect([refused.status, refused.errors]).toEqual([400, { contracts: 'is not known' }]);
  });

  it('takes a call without a body whose content type is JSON', async () => {
    const authorization = `Bearer ${deployment.variables.OPERATOR_TOKEN ?? ''}`;
    const headers = { authorization, 'content-type': 'application/json' };
    const reply = await deployment.send(`/operator/api/connections/${ids[1]}/register`, { method: 'POST', headers });
    expect(reply.status).toBe(202);
    const empty = await deployment.send(`/operator/api/connections/${ids[1]}/settings`, { method: 'PUT', headers });
    expect(empty.status).toBe(400);
  });

  it('is registered again when asked to', async () => {
    const before = first.crm.registrations.length;
    expect((await deployment.askOperator('POST', `/connections/${ids[0]}/register`)).status).toBe(202);
    await until('it is registered', () => first.crm.registrations.length > before);
  });
});

describe('secrets', () => {
  it('are in no answer', async () => {
    const answers = await Promise.all(
      [...LISTS.map((path) => `${path}?limit=500`), `/connections/${ids[0]}`, `/connections/${ids[0]}/settings`].map(async (path) =>
        (await deployment.askOperator('GET', path)).bytes.toString(),
      ),
    );
    const secrets = [first, second].flatMap((account) => [account.clientId, ...account.crm.calls.flatMap((call) => call.key ?? [])]);
    for (const secret of new Set(secrets)) expect(answers.filter((answer) => answer.includes(secret))).toEqual([]);
  });

  it('are in no line that the processes print', () => {
    const printed = [deployment.api, ...deployment.workers].map((one) => one?.lastOutput ?? '').join();
    for (const account of [first, second]) expect(printed).not.toContain(account.clientId);
  });
});

describe('health, metrics and documentation', () => {
  it('are open', async () => {
    expect((await deployment.send('/health/live')).json).toEqual({ status: 'ok' });
    expect((await deployment.send('/health/ready')).json).toMatchObject({
      status: 'ok',
      details: { database: { status: 'up' }, migrations: { status: 'up' } },
    });
    const metrics = await deployment.send('/metrics');
    expect(metrics.bytes.toString()).toMatch(/http_request_duration_seconds_count\{.*route="\/operator\/api\/deliveries"/);
    for (const page of ['/docs', '/docs/callbacks']) expect((await deployment.send(page)).status).toBe(200);
    const described = await fetch(`${deployment.url}/docs-json`, { headers: { 'accept-encoding': 'br' } });
    const tag = described.headers.get('etag') ?? '';
    expect([described.headers.get('content-encoding'), tag]).toEqual(['br', expect.stringMatching(/^"[\w-]{43}"$/)]);
    expect((await fetch(`${deployment.url}/docs-json`, { headers: { 'if-none-match': tag } })).status).toBe(304);
    const openApi = (await deployment.send('/docs-json')).json as {
      paths: Record<string, { get?: { parameters: { name: string; required: boolean }[] } }>;
    };
    expect(Object.keys(openApi.paths)).toEqual(expect.arrayContaining(['/operator/api/deliveries', '/operator/api/deliveries/statuses']));
    const callbacks = (await deployment.send('/docs/callbacks-json')).json as { paths: object };
    expect(Object.keys(callbacks.paths)).toContain('/{module}/register');
    const parameters = openApi.paths['/operator/api/deliveries']?.get?.parameters;
    expect(parameters?.map(({ name }) => name).sort()).toEqual(['connection', 'cursor', 'limit', 'order', 'page', 'status']);
  });

  it('contain no route that does not exist', async () => {
    for (const path of ['/nosuch', '/operator/api', '/operator/api/nosuch', '/health', '/health/nosuch'])
      expect(readRefusal(await deployment.send(path)).status).toBe(404);
  });

  it('refuse an address too long to be read as any other error is refused', async () => {
    expect(readRefusal(await deployment.send(`/courier/callbacks/delivery/get?${'deliveryId=x&'.repeat(3000)}`))).toMatchObject({
      status: 413,
      errorMsg: expect.stringContaining('too long'),
    });
  });
});
