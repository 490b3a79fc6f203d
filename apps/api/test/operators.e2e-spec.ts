import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId, sha256Hex } from '#platform';
import { createApi } from '../src/create-api.js';
import { COMMON_SETTINGS, makeStores, type Stores } from './support/test-servers.js';
import { until } from './support/until.js';

type Verb = NonNullable<Exclude<InjectOptions['method'], Lowercase<string>>>;

interface Route {
  verb: Verb;
  path: string;
}

interface Answer {
  status: number;
  headers: Record<string, unknown>;
  json: Record<string, unknown>;
}

const VIEW = 'token-of-vera-who-views';
const ACT = 'token-of-ana-who-acts';
const EXPORT = 'token-of-eva-who-exports';
/** May do everything with the connections of one module. */
const LIMITED = 'token-of-leo-of-the-courier';

/** Asks for no operator: a page asks whether it is signed in, and signs in and out. */
const OPEN = '/operator/api/session';
/** The console, which shows nothing before an operator signs in. */
const PAGES = ['/operator', '/operator/*'];
/** A stream that each operator may listen to, without an end. */
const LIVE = '/operator/api/live';
/** Reads by POST: what changes nothing. All else that is no GET needs the right to act. */
const READS = ['POST /operator/api/connections/:id/check', 'POST /operator/api/connections/:id/rules/preview'];

/** Exports a buyer's data. */
const EXPORTS = '/operator/api/connections/:id/buyers';
/** Concern the whole deployment, so operators who are limited to modules may not call them. */
const OF_ALL_MODULES = [
  ...['audit', 'move-in', 'keys', 'keys/re-encrypt', 'sessions', 'sessions/:id/end', 'system', 'webhook/test'],
  'operators/:name/end-sessions',
].map((path) => `/operator/api/${path}`);

let stores: Stores;
let api: NestFastifyApplication;
const routes: Route[] = [];

beforeAll(async () => {
  stores = await makeStores('PostgreSQL');
  const variables = {
    ...COMMON_SETTINGS,
    ...stores.variables,
    OPERATOR_TOKENS: [
      ...[`vera:view:${sha256Hex(VIEW)}`, `ana:act:${sha256Hex(ACT)}`, `eva:export:${sha256Hex(EXPORT)}`],
      `leo:act+export@courier:${sha256Hex(LIMITED)}`,
    ].join(','),
    LOG_LEVEL: 'silent',
  };
  api = await createApi(undefined, variables);
  api
    .getHttpAdapter()
    .getInstance()
    .addHook('onRoute', ({ method, url }) => {
      if (/^\/operator(\/|$)/.test(url) && !PAGES.includes(url))
        for (const verb of [method].flat()) routes.push({ verb: verb as Verb, path: url });
    });
  await api.init();
  await api.getHttpAdapter().getInstance().ready();
});

afterAll(async () => {
  await api?.close();
  await stores?.remove();
});

async function ask(verb: Verb, path: string, options: Omit<InjectOptions, 'method' | 'url'> = {}): Promise<Answer> {
  const reply = await api.inject({ method: verb, url: path, payloadAsStream: path === LIVE, ...options });
  if (path === LIVE) {
    reply.stream().destroy();
    return { status: reply.statusCode, headers: reply.headers, json: {} };
  }
  const isJson = String(reply.headers['content-type']).startsWith('application/json') && reply.body !== '';
  return { status: reply.statusCode, headers: reply.headers, json: isJson ? reply.json<Record<string, unknown>>() : {} };
}

const bearer = (token: string): { headers: Record<string, string> } => ({ headers: { authorization: `Bearer ${token}` } });
/** Fills a path with ids that do not exist. */
const fill = (path: string): string => path.replace(/:\w+/g, '00000000-0000-7000-8000-000000000000');

describe('rights', () => {
  it('hold for every route: without a token nothing, by a token that views no act', async () => {
    expect(routes.length).toBeGreaterThan(60);
    const wrong: string[] = [];
    for (const { verb, path } of routes.filter((route) => route.path !== OPEN)) {
      const isRead = verb === 'GET' || verb === 'HEAD';
      const needed = isRead && path === EXPORTS ? 'export' : 'act';
      const needsMore = path === EXPORTS || (!isRead && !READS.includes(`${verb} ${path}`));
      const nobody = await ask(verb, fill(path));
      if (nobody.status !== 401) wrong.push(`${verb} ${path} answered ${nobody.status} to nobody`);
      const { status, json } = await ask(verb, fill(path), bearer(VIEW));
      const isRefused = status === 403 && String(json.errorMsg).includes(`needs the right "${needed}"`);
      // A HEAD has no body to read the reason from.
      if ((verb !== 'HEAD' && isRefused !== needsMore) || (!needsMore && [401, 403].includes(status)))
        wrong.push(`${verb} ${path} answered ${status} to who may view`);
    }
    expect(wrong).toEqual([]);
  });

  it('hold for every route of an operator who is limited to modules: what is of all modules is refused', async () => {
    const wrong: string[] = [];
    for (const { verb, path } of routes.filter((route) => route.path !== OPEN)) {
      const { status } = await ask(verb, fill(path), bearer(LIMITED));
      const isOfAll = OF_ALL_MODULES.includes(path);
      if (isOfAll && status !== 403) wrong.push(`${verb} ${path} answered ${status} to an operator of one module`);
      if (!isOfAll && (status === 401 || status >= 500)) wrong.push(`${verb} ${path} answered ${status}`);
    }
    expect(wrong).toEqual([]);
  });

  it('to export a buyer’s data need their own right, and leave an entry in the audit list', async () => {
    const path = `${fill(EXPORTS)}?phone=%2B79161234567`;
    const answers = await Promise.all(
      [VIEW, ACT, EXPORT, COMMON_SETTINGS.OPERATOR_TOKEN ?? ''].map((token) => ask('GET', path, bearer(token))),
    );
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 404, 404]);
    const entries = (await listActs()).filter(({ route, query }) => route === EXPORTS && query.includes('phone'));
    expect(entries.map(({ operator, query, status }) => [operator, query, status]).sort()).toEqual([
      ...[
        ['ana', ['phone'], 403],
        ['eva', ['phone'], 404],
        ['operator', ['phone'], 404],
        ['vera', ['phone'], 403],
      ],
    ]);
    expect(JSON.stringify(await stores.query('SELECT * FROM audit_entry'))).not.toContain('79161234567');
  });

  it('and every answer is in no frame and no cache', async () => {
    for (const { path } of routes.filter(({ verb }) => verb === 'GET')) {
      const { headers } = await ask('GET', fill(path));
      expect([path, headers['content-security-policy'], headers['cache-control']]).toEqual([path, "frame-ancestors 'none'", 'no-store']);
    }
  });

  it('let who may act act, whichever of the tokens it is', async () => {
    for (const token of [ACT, COMMON_SETTINGS.OPERATOR_TOKEN ?? '']) {
      const { status, json } = await ask('POST', '/operator/api/outbox/replay', { ...bearer(token), payload: {} });
      expect([status, json]).toEqual([200, expect.anything()]);
    }
  });

  it('ask for act where a body is tried that may send stored secrets elsewhere', async () => {
    const connection = fill('/operator/api/connections/:id');
    const tries: [string, object, number][] = [
      ['check', {}, 404],
      ['check', { host: 'pbx.example.com' }, 403],
      ['rules/preview', { store: 'msk' }, 404],
      ['rules/preview', { rules: {} }, 403],
    ];
    for (const [path, payload, status] of tries)
      expect((await ask('POST', `${connection}/${path}`, { ...bearer(VIEW), payload })).status).toBe(status);
  });
});

interface Entry {
  operator: string;
  may: string;
  via: string;
  request: string;
  method: string;
  route: string;
  params: object;
  query: string[];
  connection: string | null;
  status: number | null;
  ms: number | null;
}

async function listActs(filter = ''): Promise<Entry[]> {
  const { json } = await ask('GET', `/operator/api/audit?limit=500${filter}`, bearer(VIEW));
  return json.items as Entry[];
}

/** Ids of the rows that `fillTables` stores. */
const idOfRow = (connection: string): string => `${connection.slice(0, -1)}9`;
const NUMBER_OF_ROW = '900002';

interface Column {
  column: string;
  type: string;
  /** A list in JSON. */
  isList: boolean | null;
  /** Its check constraints. */
  check: string | null;
}

/** Stores a row of a connection in each table that has connections; `mark` is in all of its texts. */
async function fillTables(connection: string, mark: string): Promise<void> {
  const columns = await stores.query<Column & { table: string }>(
    `SELECT c.table_name AS table, c.column_name AS column, c.udt_name AS type, c.column_default LIKE '''[]%' AS "isList",
       (SELECT string_agg(pg_get_constraintdef(k.oid), ' ') FROM pg_constraint k
        WHERE k.conrelid = c.table_name::regclass AND k.contype = 'c' AND a.attnum = ANY (k.conkey)) AS check
     FROM information_schema.columns c
     JOIN information_schema.tables t ON t.table_name = c.table_name AND t.table_schema = c.table_schema AND t.table_type = 'BASE TABLE'
     JOIN pg_attribute a ON a.attrelid = c.table_name::regclass AND a.attname = c.column_name
     WHERE c.table_schema = 'public' AND c.is_generated = 'NEVER' AND NOT EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.table_name::regclass)
       AND EXISTS (SELECT FROM information_schema.columns o WHERE o.table_name = c.table_name AND o.column_name = 'connection_id')`,
  );
  let reasons: string[] = [];
  const left = new Set(columns.map(({ table }) => table));
  // Tables refer to each other, so a table that comes too early is tried again.
  for (let failed: string[] = [], before = Infinity; left.size > 0; failed = []) {
    if (left.size === before) throw new Error(`no rows: ${reasons.join('; ')}`);
    [before, reasons] = [left.size, failed];
    for (const table of left) {
      const of = columns.filter((one) => one.table === table);
      const names = of.map(({ column }) => `"${column}"`).join(', ');
      const values = of.map((one) => (one.column === 'connection_id' ? `'${connection}'` : toValue(one, connection, mark))).join(', ');
      await stores.query(`INSERT INTO "${table}" (${names}) OVERRIDING SYSTEM VALUE VALUES (${values})`).then(
        () => left.delete(table),
        (error: Error) => failed.push(`${table}: ${error.message}`),
      );
    }
  }
}

function toValue({ column, type, isList, check }: Column, connection: string, mark: string): string {
  const choices = [...(check ?? '').matchAll(/'([^']+)'::text/g)].map(([, value]) => value);
  const number = String(Number(NUMBER_OF_ROW) + (mark.startsWith('own') ? 100 : 0));
  if (type === 'uuid') return `'${idOfRow(connection)}'`;
  if (type === 'bool') return 'false';
  if (/^(int\d|float|numeric)/.test(type)) return /(^|_)id$/.test(column) ? number : '1';
  if (type === 'interval') return `'1 s'`;
  if (/^timestamp|^date$/.test(type)) return 'now()';
  if (type.startsWith('json')) return isList ? `'[]'` : `'{"mark":"${mark}"}'`;
  if (type === 'bytea') return `'\\x00'`;
  if (type.startsWith('_')) return `'{}'`;
  if (column.includes('currency') || column === 'unit') return `'RUB'`;
  if (column === 'from' || column === 'to') return `'ok'`;
  // Only failures and operations of unknown outcome are in every list.
  return `'${['failed', 'unknown'].find((one) => choices.includes(one)) ?? choices[0] ?? (column === 'state' ? 'failed' : mark)}'`;
}

describe('an operator who is limited to modules', () => {
  const OWN = '01900000-0000-7000-8000-0000000000a1';
  const OTHER = '01900000-0000-7000-8000-0000000000b1';
  /** Routes that show the rows of `fillTables`. */
  const SHOWING_ROWS = [
    'calls',
    'connections',
    'connections/:id',
    'connections/:id/channels',
    'connections/:id/money',
    'connections/:id/stocks/changes',
    'connections/:id/unreadable-webhooks',
    'copurchase',
    'copurchase/:connection',
    'deliveries',
    'deliveries/:id',
    'dialogues',
    'differences',
    'failures',
    'health/changes',
    'inbox',
    'journal',
    'journal/:id',
    'operations',
    'outbox',
    'outside-reservations',
    'payments',
    'payments/:id',
    'reconciliations',
    'search',
    'stock',
    'stock/movements',
    'stock/reservations',
    'stories/:kind/:id',
    'telephony-lines',
    'visitors',
  ];
  let filledAt: Date;
  const as = (token: string, path: string): Promise<Answer> => ask('GET', `/operator/api/${path}`, bearer(token));
  const idsOf = ({ json }: Answer, name = 'connection'): unknown[] =>
    ((json.items ?? []) as Record<string, unknown>[]).map((item) => item[name]);

  beforeAll(async () => {
    await stores.query('CREATE TABLE journal_of_spec PARTITION OF journal_entry DEFAULT');
    for (const [id, module, host, n] of [
      [OWN, 'courier', 'own', 1],
      [OTHER, 'testpay', 'other', 2],
    ]) {
      await stores.query(
        `INSERT INTO connection (id, module_code, system_url, client_id_hash, client_id_sealed, api_key_sealed, account, registered_at)
         VALUES ($1, $2, $3, $4, '', '', '{}', now())`,
        [id, module, `https://limited-${host}.example`, `hash of ${host}`],
      );
      await stores.query(
        `INSERT INTO outbox (connection_id, kind, subject, payload, state, last_error) VALUES ($1, 'notice', 'x', '{}', 'failed', 'refused')`,
        [id],
      );
      await stores.query(
        `INSERT INTO health_change (connection_id, "from", "to", since, at, state) VALUES ($1, 'ok', 'off', now(), now(), 'unsent')`,
        [id],
      );
      await stores.query(
        `INSERT INTO journal_entry (id, at, connection_id, module, kind, name, outcome, duration_ms, request)
           VALUES ($1, now(), $2, $3, 'callback', 'limited', 'ok', 1, 'limited-1')`,
        [`${newId().slice(0, -1)}${n}`, id, module],
      );
    }
    // Kept from before the connections.
    await stores.query('DELETE FROM shared_value');
    const [row] = await stores.query<{ now: Date }>('SELECT now()');
    filledAt = row?.now ?? new Date();
  });

  afterAll(async () => {
    for (const table of ['journal_entry', 'health_change', 'outbox', 'inbox_event', 'operation'])
      await stores.query(`DELETE FROM ${table} WHERE connection_id = ANY ($1)`, [[OWN, OTHER]]);
    await stores.query('DELETE FROM connection WHERE id = ANY ($1)', [[OWN, OTHER]]);
  });

  it('sees only data of these: connections, messages, changes, the journal, search, counts and failures', async () => {
    for (const [path, name] of [
      ['connections', 'id'],
      ['outbox', 'connection'],
      ['health/changes', 'connection'],
      ['journal?request=limited-1', 'connectionId'],
    ] as const) {
      expect([path, idsOf(await as(LIMITED, path), name)]).toEqual([path, [OWN]]);
      expect(idsOf(await as(ACT, path), name)).toEqual(expect.arrayContaining([OWN, OTHER]));
    }
    for (const [token, found] of [
      [LIMITED, []],
      [ACT, [OTHER]],
    ] as const)
      expect(idsOf(await as(token, `search?q=${OTHER}`))).toEqual(found);
    expect(idsOf(await as(LIMITED, 'modules'), 'code')).toEqual(['courier']);
    expect((await as(LIMITED, 'health')).json).toMatchObject({ connections: { ok: 1 } });
    expect((await as(LIMITED, 'failures')).json).toMatchObject({ items: [{ connections: 1, modules: ['courier'], count: 1 }] });
    expect((await as(LIMITED, 'session')).json).toEqual({ signedIn: false });
  });

  it('finds no connection of another module, and none of its rows', async () => {
    const [row] = await stores.query<{ id: string }>('SELECT id::text FROM outbox WHERE connection_id = $1', [OTHER]);
    const [entry] = await stores.query<{ id: string }>('SELECT id FROM journal_entry WHERE connection_id = $1', [OTHER]);
    for (const path of [
      `connections/${OTHER}`,
      `connections/${OTHER}/settings`,
      `connections/${OTHER}/buyers?phone=%2B79161234567`,
      `journal/${entry?.id}`,
    ])
      expect([path, (await as(LIMITED, path)).status]).toEqual([path, 404]);
    expect((await as(LIMITED, `activity?connection=${OTHER}`)).status).toBe(404);
    const posts: [string, object, number][] = [
      [`connections/${OTHER}/freeze`, {}, 404],
      [`outbox/${row?.id}/replay`, {}, 404],
      ['outbox/replay', {}, 403],
      ['outbox/replay', { ids: [row?.id] }, 403],
      ['outbox/replay', { connection: OTHER }, 404],
      ['outbox/replay', { connection: OTHER, ids: [row?.id] }, 403],
      ['reconciliations', {}, 403],
      ['reconciliations', { connection: OTHER }, 404],
      ['connections', { module: 'testpay', apiKey: 'key', systemUrl: 'https://x.example' }, 403],
    ];
    for (const [path, payload, status] of posts)
      expect([path, payload, (await ask('POST', `/operator/api/${path}`, { ...bearer(LIMITED), payload })).status]).toEqual([
        path,
        payload,
        status,
      ]);
    expect((await ask('DELETE', `/operator/api/connections/${OTHER}`, bearer(LIMITED))).status).toBe(404);
    expect((await ask('DELETE', `/operator/api/connections/${OTHER}/buyers?phone=%2B79161234567`, bearer(LIMITED))).status).toBe(404);
    expect(await stores.query(`SELECT 1 FROM outbox WHERE connection_id = $1 AND state = 'failed'`, [OTHER])).toHaveLength(1);
    expect(await stores.query('SELECT 1 FROM connection WHERE id = $1 AND frozen_by_operator_at IS NULL', [OTHER])).toHaveLength(1);
  });

  it('gets an overview and activity of these, whichever operator reads the other overview first', async () => {
    for (const token of [ACT, LIMITED, ACT, LIMITED]) {
      const isLimited = token === LIMITED;
      // A live feed of an earlier test may have counted before the connections, and kept that since.
      const overview = await until('the figures are from after them', async () => {
        const { json } = await as(token, 'overview');
        return new Date(String(json.readAt)) > filledAt && json;
      });
      expect(overview).toMatchObject(
        isLimited ? { connections: { ok: 1 }, shopCount: 1, outbox: { waiting: 0, failed: 1 } } : { connections: { ok: 2 }, shopCount: 2 },
      );
      expect((overview.needs as { modules: string[] }[]).map(({ modules }) => modules.toSorted())).toEqual(
        isLimited ? [['courier']] : expect.arrayContaining([['courier', 'testpay']]),
      );
      const { source, series } = (await as(token, 'activity')).json;
      const callbacks = (series as { kind: string; total: { count: number } }[]).find(({ kind }) => kind === 'callback');
      expect([source, isLimited && callbacks?.total.count]).toEqual(isLimited ? ['journal', 1] : ['counters', false]);
    }
  });

  it('acts only on failures in these, by a task that only they see', async () => {
    const { status, json } = await ask('POST', '/operator/api/failures/replay', {
      ...bearer(LIMITED),
      payload: { what: 'outbox', all: true },
    });
    expect([status, json]).toEqual([
      202,
      expect.objectContaining({ startedBy: 'leo', input: expect.objectContaining({ modules: ['courier'] }) }),
    ]);
    const others = await ask('POST', '/operator/api/failures/replay', { ...bearer(ACT), payload: { what: 'inbox', all: true } });
    expect(idsOf(await as(LIMITED, 'tasks'), 'id')).toEqual([json.id]);
    expect((await as(LIMITED, `tasks/${String(others.json.id)}`)).status).toBe(404);
    expect((await ask('POST', `/operator/api/tasks/${String(others.json.id)}/stop`, bearer(LIMITED))).status).toBe(404);
  });

  it('finds nothing of another module in any reply to a GET, whatever the tables contain', async () => {
    await fillTables(OWN, 'own-7731');
    await fillTables(OTHER, 'foreign-7731');
    const marksOf = (id: string, ...texts: string[]): ((text: string) => boolean) => {
      const marks = [id, idOfRow(id), ...texts];
      return (text) => marks.some((mark) => text.includes(mark));
    };
    const [isOwn, isForeign] = [marksOf(OWN, 'own-7731', 'limited-own'), marksOf(OTHER, 'foreign-7731', 'limited-other')];
    const [wrong, own, foreign]: [string[], Set<string>, Set<string>] = [[], new Set(), new Set()];
    const read = async (token: string, url: string): Promise<string> => {
      const { status, json } = await ask('GET', url, bearer(token));
      if (status >= 500) wrong.push(`${url} answers ${status}`);
      // A refusal may repeat the id of the address, and search what is sought.
      return status === 200 ? JSON.stringify({ ...json, query: undefined }) : '';
    };
    const sides = [
      { connection: OWN, mark: 'own-7731', ids: [OWN, idOfRow(OWN), NUMBER_OF_ROW] },
      { connection: OTHER, mark: 'foreign-7731', ids: [OTHER, idOfRow(OTHER), NUMBER_OF_ROW] },
    ];
    const gets = routes.filter(({ verb, path }) => verb === 'GET' && ![OPEN, LIVE, ...OF_ALL_MODULES].includes(path));
    for (const { path } of gets) {
      for (const { connection, mark, ids } of sides) {
        const filled = [...ids, mark].flatMap((id) => {
          const one = path
            .replace(/:(id|connection)/, id)
            .replace(':name', 'cities')
            .replace(':group', 'x');
          if (one.includes(':what')) return ['outbox', 'inbox', 'operations'].map((what) => one.replace(':what', what));
          return ['delivery', 'payment', 'order', 'call', 'dialogue', 'request'].map((kind) => one.replace(':kind', kind));
        });
        for (const query of ['', `connection=${connection}`, ...(path.endsWith('/search') ? [`q=${mark}`, `q=${connection}`] : [])]) {
          for (const url of new Set(filled.map((one) => `${one}${query && '?'}${query}`))) {
            const [text, whole] = [await read(LIMITED, url), await read(ACT, url)];
            if (isForeign(text)) wrong.push(`${url} shows what is foreign`);
            if (isOwn(text)) own.add(path);
            if (isForeign(whole)) foreign.add(path);
          }
        }
      }
    }
    expect(wrong).toEqual([]);
    const toNames = (paths: Set<string>): string[] => [...paths].map((path) => path.replace('/operator/api/', '')).sort();
    // Each shows their own rows to them, and the foreign ones to an operator of all modules.
    expect([toNames(own), toNames(foreign)]).toEqual([SHOWING_ROWS, SHOWING_ROWS]);
  });
});

describe('the audit list', () => {
  const id = '01900000-0000-7000-8000-00000000000a';

  it('has every act with its outcome, also refused ones, by who did it', async () => {
    const send = (token: string, number: string, path: string): Promise<Answer> =>
      ask('POST', path, { headers: { authorization: `Bearer ${token}`, 'x-request-id': number }, payload: { secret: 'hunter2' } });
    await send(ACT, 'audit-1', `/operator/api/connections/${id}/freeze`);
    await send(VIEW, 'audit-2', `/operator/api/connections/${id}/freeze`);
    await send(ACT, 'audit-3', `/operator/api/stock/import?connection=${id}&phone=hunter2`);
    await send(ACT, 'audit-4', '/operator/api/operations/%00x/release');
    await send('wrong', 'audit-5', '/operator/api/outbox/replay');
    const acts = (await listActs()).filter(({ request }) => request.startsWith('audit-')).reverse();
    expect(acts).toEqual([
      expect.objectContaining({
        operator: 'ana',
        may: 'act',
        via: 'bearer',
        request: 'audit-1',
        method: 'POST',
        connection: id,
        status: 404,
      }),
      expect.objectContaining({ operator: 'vera', may: 'view', request: 'audit-2', params: { id }, status: 403 }),
      expect.objectContaining({ operator: 'ana', request: 'audit-3', query: ['connection', 'phone'], connection: id, status: 400 }),
      expect.objectContaining({ request: 'audit-4', route: '/operator/api/operations/:id/release', params: { id: 'x' }, status: 404 }),
    ]);
    expect(acts.every(({ ms }) => ms !== null)).toBe(true);
    expect(JSON.stringify(await stores.query('SELECT * FROM audit_entry'))).not.toContain('hunter2');
  });

  it('shows the shop by its host while it exists', async () => {
    const shop = '01900000-0000-7000-8000-00000000000b';
    await stores.query(
      `INSERT INTO connection (id, module_code, system_url, client_id_hash, client_id_sealed, api_key_sealed, account)
       VALUES ($1, 'courier', 'https://shop-of-the-audit.example', 'x', '', '', '{}')`,
      [shop],
    );
    await ask('POST', `/operator/api/outbox/replay?connection=${shop}`, { ...bearer(ACT), payload: {} });
    expect(await listActs(`&connection=${shop}`)).toEqual([expect.objectContaining({ host: 'shop-of-the-audit.example' })]);
    await stores.query('DELETE FROM connection WHERE id = $1', [shop]);
    expect(await listActs(`&connection=${shop}`)).toEqual([expect.objectContaining({ connection: shop, host: null })]);
  });

  it('has no reads, and is filtered', async () => {
    const all = await listActs();
    expect(all.filter(({ route }) => route !== EXPORTS).map(({ method }) => method)).not.toContain('GET');
    expect((await listActs('&operator=vera')).every(({ operator }) => operator === 'vera')).toBe(true);
    expect(await listActs(`&connection=${id}&status=403`)).toHaveLength(1);
    expect(await listActs('&request=audit-4&from=2020-01-01T00:00:00Z')).toHaveLength(1);
    expect(await listActs('&to=2020-01-01T00:00:00Z')).toEqual([]);
    expect((await ask('GET', '/operator/api/audit?from=yesterday', bearer(VIEW))).json).toMatchObject({
      errors: { from: expect.anything() },
    });
  });

  it('is written before the act: what cannot be stored does not happen', async () => {
    await stores.query('ALTER TABLE audit_entry RENAME TO audit_entry_away');
    const told = await ask('POST', '/operator/api/connections/x/freeze', bearer(ACT));
    await stores.query('ALTER TABLE audit_entry_away RENAME TO audit_entry');
    expect(told.status).toBe(500);
    expect((await ask('POST', '/operator/api/connections/x/freeze', bearer(ACT))).status).toBe(404);
  });
});

describe('a session', () => {
  const HOST = 'console.example.com';
  const ORIGIN = { host: HOST, origin: `http://${HOST}` };

  async function signIn(token = ACT, headers: Record<string, string> = ORIGIN): Promise<{ answer: Answer; cookie: string; id: string }> {
    const answer = await ask('POST', '/operator/api/session', { headers, payload: { token } });
    const cookie = String(answer.headers['set-cookie']);
    return { answer, cookie, id: /^[\w-]+=([\w-]+);/.exec(cookie)?.[1] ?? '' };
  }
  const withId = (id: string, more: Record<string, string> = {}): { headers: Record<string, string> } => ({
    headers: { host: HOST, cookie: `crossdock=${id}`, ...more },
  });
  const act = (id: string, more: Record<string, string> = ORIGIN): Promise<Answer> =>
    ask('POST', '/operator/api/outbox/replay', { ...withId(id, more), payload: {} });
  const who = async (id: string): Promise<unknown> => (await ask('GET', '/operator/api/session', withId(id))).json;
  const SIGNED_OUT = { signedIn: false };

  it('is begun with a token, told, and ended', async () => {
    expect(await who('x')).toEqual(SIGNED_OUT);
    expect((await ask('GET', '/operator/api/session')).json).toEqual(SIGNED_OUT);
    const { answer, cookie, id } = await signIn();
    expect(answer.json).toEqual({ signedIn: true, name: 'ana', may: 'act', idleUntil: expect.any(String), endsAt: expect.any(String) });
    expect(cookie).toMatch(/^crossdock=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(await who(id)).toEqual(answer.json);
    expect((await ask('GET', '/operator/api/modules', withId(id))).status).toBe(200);
    expect((await act(id)).status).toBe(200);
    expect((await listActs('&operator=ana'))[0]).toMatchObject({ via: 'session', status: 200 });
    expect(JSON.stringify(await stores.query('SELECT * FROM operator_session'))).not.toMatch(new RegExp(`${id}|${sha256Hex(ACT)}`));
    const out = await ask('DELETE', '/operator/api/session', withId(id, ORIGIN));
    expect([out.json, out.headers['set-cookie']]).toEqual([SIGNED_OUT, expect.stringContaining('Max-Age=0')]);
    // Replayed.
    expect([await who(id), (await act(id)).status]).toEqual([SIGNED_OUT, 401]);
    expect((await ask('DELETE', '/operator/api/session')).json).toEqual(SIGNED_OUT);
  });

  it('has the right of its token', async () => {
    const { id } = await signIn(VIEW);
    expect(await who(id)).toMatchObject({ name: 'vera', may: 'view' });
    expect((await act(id)).status).toBe(403);
  });

  it('does not start with a wrong token, nor from the page of another site', async () => {
    expect((await signIn('wrong')).answer.status).toBe(401);
    expect((await ask('POST', '/operator/api/session', { headers: ORIGIN, payload: {} })).json).toMatchObject({
      errors: { token: 'is required' },
    });
    expect((await signIn(ACT, { host: HOST, origin: 'http://evil.example.com' })).answer.status).toBe(403);
    expect((await signIn(ACT, { host: HOST, 'sec-fetch-site': 'cross-site' })).answer.status).toBe(403);
    expect((await signIn(ACT, { host: HOST })).answer.status).toBe(200);
  });

  it('changes nothing for a foreign origin, nor without one', async () => {
    const { id } = await signIn();
    const origins = [
      'http://evil.example.com',
      `http://${HOST}.evil.com`,
      `http://${HOST}:81`,
      `http://evil@${HOST}`,
      'null',
      '',
      `ftp://${HOST}`,
    ];
    for (const origin of origins) expect([origin, (await act(id, { origin })).status]).toEqual([origin, 403]);
    const refused = await listActs('&status=403');
    expect(refused.slice(0, origins.length)).toEqual(
      origins.map(() => expect.objectContaining({ operator: 'ana', via: 'session', route: '/operator/api/outbox/replay', status: 403 })),
    );
    // A call without a session has no operator, so the audit log gets no entry.
    expect((await act('x', { origin: 'null' })).status).toBe(403);
    expect(await listActs('&status=403')).toHaveLength(refused.length);
    expect((await act(id, {})).status).toBe(403);
    expect((await act(id, { ...ORIGIN, 'sec-fetch-site': 'same-site' })).status).toBe(403);
    expect((await ask('GET', '/operator/api/modules', withId(id, { 'sec-fetch-site': 'cross-site' }))).status).toBe(403);
    expect((await ask('DELETE', '/operator/api/session', withId(id, { origin: 'http://evil.example.com' }))).status).toBe(403);
    // Three entries, for the changes. The read is not in the audit log.
    expect((await listActs('&status=403')).slice(0, 3).map(({ method }) => method)).toEqual(['DELETE', 'POST', 'POST']);
    expect(await listActs('&status=403')).toHaveLength(refused.length + 3);
    expect((await act(id, { ...ORIGIN, 'sec-fetch-site': 'same-origin' })).status).toBe(200);
    // TLS may end at a proxy that does not forward this fact.
    expect((await act(id, { origin: `https://${HOST}` })).status).toBe(200);
  });

  it('gives way to a token, also to a wrong one', async () => {
    const { id } = await signIn();
    const authorized = (token: string): Promise<Answer> =>
      ask('POST', '/operator/api/outbox/replay', { ...withId(id, { authorization: `Bearer ${token}` }), payload: {} });
    expect([(await authorized(ACT)).status, (await authorized('wrong')).status]).toEqual([200, 401]);
  });

  it('is a new one at each sign-in: an id from outside or from before is worth nothing', async () => {
    const fixed = 'a-session-that-somebody-chose-beforehand-00';
    const first = await signIn(ACT, { ...ORIGIN, cookie: `crossdock=${fixed}` });
    expect(first.id).not.toBe(fixed);
    expect(await who(fixed)).toEqual(SIGNED_OUT);
    const second = await signIn(VIEW, { ...ORIGIN, cookie: `crossdock=${first.id}` });
    expect(second.id).not.toBe(first.id);
    expect([await who(first.id), await who(second.id)]).toEqual([SIGNED_OUT, expect.objectContaining({ name: 'vera' })]);
  });

  it('ends after 30 minutes without use, and after 12 hours', async () => {
    const age = (column: string, minutes: number, id: string): Promise<object[]> =>
      stores.query(`UPDATE operator_session SET ${column} = now() - make_interval(mins => $1) WHERE id_hash = $2`, [
        minutes,
        sha256Hex(id),
      ]);
    const [idle, used, old] = [await signIn(), await signIn(), await signIn()];
    await age('used_at', 29, used.id);
    const { idleUntil } = (await who(used.id)) as { idleUntil: string };
    expect(Date.parse(idleUntil)).toBeLessThan(Date.now() + 2 * 60_000);
    expect((await act(used.id)).status).toBe(200);
    expect(Date.parse(((await who(used.id)) as { idleUntil: string }).idleUntil)).toBeGreaterThan(Date.now() + 28 * 60_000);
    await age('used_at', 31, idle.id);
    await age('created_at', 12 * 60 + 1, old.id);
    for (const { id } of [idle, old]) expect([await who(id), (await act(id)).status]).toEqual([SIGNED_OUT, 401]);
    await signIn();
    expect(
      await stores.query('SELECT 1 FROM operator_session WHERE id_hash = ANY ($1)', [[sha256Hex(idle.id), sha256Hex(old.id)]]),
    ).toEqual([]);
  });

  it('ends with its token', async () => {
    const { id } = await signIn();
    expect(await who(id)).toMatchObject({ signedIn: true });
    await stores.query(`UPDATE operator_session SET token = 'of a token that left' WHERE id_hash = $1`, [sha256Hex(id)]);
    expect([await who(id), (await act(id)).status]).toEqual([SIGNED_OUT, 401]);
  });

  describe('is listed', () => {
    interface Listed {
      id: string;
      name: string;
      may: string;
      isCurrent: boolean;
      userAgent: string | null;
    }
    const list = async (id: string): Promise<Listed[]> => (await ask('GET', '/operator/api/sessions', withId(id))).json.items as Listed[];
    const listIds = async (id: string): Promise<string[]> => (await list(id)).map((session) => session.id);
    beforeEach(() => stores.query('DELETE FROM operator_session'));

    it('with who uses it, since when and until when, without its cookie', async () => {
      const [ana, vera] = [await signIn(ACT, { ...ORIGIN, 'user-agent': 'Browser of Ana' }), await signIn(VIEW)];
      const sessions = await list(vera.id);
      expect(sessions.map(({ name, may, isCurrent }) => [name, may, isCurrent]).sort()).toEqual([
        ['ana', 'act', false],
        ['vera', 'view', true],
      ]);
      const times = Object.fromEntries(['beganAt', 'usedAt', 'idleUntil', 'endsAt'].map((name) => [name, expect.any(String)]));
      expect(sessions.find(({ name }) => name === 'ana')).toEqual({
        ...{ id: expect.stringMatching(/^[\da-f-]{36}$/), name: 'ana', may: 'act', isCurrent: false, userAgent: 'Browser of Ana' },
        ...times,
      });
      const told = JSON.stringify(sessions);
      for (const { id } of [ana, vera]) expect(told.includes(id) || told.includes(sha256Hex(id))).toBe(false);
      // A program with a token has no session.
      const { items } = (await ask('GET', '/operator/api/sessions', bearer(ACT))).json;
      expect((items as Listed[]).some(({ isCurrent }) => isCurrent)).toBe(false);
    });

    it('only while it is live and its token is in the settings', async () => {
      const [current, idle, foreign] = [await signIn(), await signIn(), await signIn()];
      await stores.query(`UPDATE operator_session SET used_at = now() - interval '31 minutes' WHERE id_hash = $1`, [sha256Hex(idle.id)]);
      await stores.query(`UPDATE operator_session SET token = 'of a token that left' WHERE id_hash = $1`, [sha256Hex(foreign.id)]);
      expect(await list(current.id)).toEqual([expect.objectContaining({ isCurrent: true })]);
    });

    it('and ended by operators with the right to act: one, or all of a name, which the audit records', async () => {
      const [ana, other, vera] = [await signIn(), await signIn(), await signIn(VIEW)];
      const [own] = (await list(other.id)).filter(({ isCurrent }) => isCurrent);
      const end = (path: string, by: string): Promise<Answer> => ask('POST', `/operator/api/${path}`, withId(by, ORIGIN));
      expect((await end(`sessions/${own?.id}/end`, vera.id)).status).toBe(403);
      expect((await end('operators/ana/end-sessions', vera.id)).status).toBe(403);
      expect(await listIds(vera.id)).toHaveLength(3);
      expect((await end(`sessions/${own?.id}/end`, ana.id)).json).toEqual({ ended: 1 });
      expect([await who(other.id), (await act(other.id)).status]).toEqual([SIGNED_OUT, 401]);
      expect((await listActs())[0]).toMatchObject({ route: '/operator/api/sessions/:id/end', params: { id: own?.id }, status: 200 });
      for (const id of [own?.id, 'x', sha256Hex(ana.id)]) expect((await end(`sessions/${id}/end`, ana.id)).status).toBe(404);
      expect((await end('operators/nobody/end-sessions', ana.id)).json).toEqual({ ended: 0 });
      await signIn();
      expect((await end('operators/ana/end-sessions', ana.id)).json).toEqual({ ended: 2 });
      expect([await who(ana.id), await who(vera.id)]).toEqual([SIGNED_OUT, expect.objectContaining({ name: 'vera' })]);
      expect((await listActs())[0]).toMatchObject({ route: '/operator/api/operators/:name/end-sessions', params: { name: 'ana' } });
    });
  });

  it('under https has a cookie that is bound to the host', async () => {
    const { cookie, id } = await signIn(ACT, { host: HOST, origin: `https://${HOST}` });
    expect(cookie).toMatch(/^__Host-crossdock=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
    expect(
      (await ask('GET', '/operator/api/session', { headers: { host: HOST, cookie: `__Host-crossdock=${id}; crossdock=x` } })).json,
    ).toMatchObject({ signedIn: true });
  });
});
