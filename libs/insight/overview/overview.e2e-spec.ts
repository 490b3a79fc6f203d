import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  connectionsSchema,
  type ConnectionLists,
  type ConnectionMemory,
  HealthStore,
  type HostedModule,
  type HostedModules,
  ServingProcesses,
} from '#connections';
import { inboxSchema } from '#inbox';
import type { AccountService } from '#onboarding';
import { operationsSchema } from '#operations';
import { outboxSchema } from '#outbox';
import { Database, databaseSchema, type Series, SharedValues, type Snapshots, type TasksService } from '#platform';
import type { ReconciliationService, RestoredGap, RestoreView } from '#reconciliation';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { FailuresService } from '../failures/failures.service.js';
import { StoryReaders } from '../story-reader.js';
import { OverviewService } from './overview.service.js';

let spec: SpecDatabase | undefined;
let database: Database;
let series: Record<string, readonly Series[]>;
let restore: RestoreView;
/** Number of times that the figures were read. */
let taken: number;
/** One service per process. */
let overviews: OverviewService[];

const title = { en: 'Carrier', es: 'Carrier', ru: 'Carrier' };
const part = (code: string): object => ({ manifest: { code, title } });
const modules = {
  get: (module: string) => ({ providers: module === 'both' ? [part('carrier'), part('stock')] : [part(module)] }),
} as unknown as HostedModules;
/** Connections that support a check of settings, except for one. */
const accounts = {
  canCheck: ({ module }: { module: HostedModule }) => module.manifest.code !== 'uncheckable',
} as unknown as AccountService;

const connect = async (problems: object = {}, module = 'carrier'): Promise<string> => {
  const id = randomUUID();
  await database.query(
    `INSERT INTO connection (id, module_code, system_url, client_id_hash, client_id_sealed, api_key_sealed, account, registered_at, problems)
     VALUES ($1::uuid, $2, 'https://' || $1::text, $1::text, '', '', '{}', now(), $3)`,
    [id, module, JSON.stringify(problems)],
  );
  return id;
};
const away = (provider: string): object => ({ [`service-away:${provider}`]: { since: new Date().toISOString(), reason: 'gone' } });

beforeAll(async () => {
  spec = await createSpecDatabase([databaseSchema, connectionsSchema, outboxSchema, inboxSchema, operationsSchema]);
  database = new Database(spec.source);
  const snapshots = { read: () => Promise.resolve({ takenAt: 1_000_000 + ++taken, series }) } as unknown as Snapshots;
  const connections = {
    listHosts: (ids: string[]) => Promise.resolve(new Map(ids.map((id) => [id, id]))),
  } as unknown as ConnectionLists;
  overviews = [1, 2].map(
    () =>
      new OverviewService(
        database,
        new SharedValues(database),
        snapshots,
        new HealthStore(database, {} as ConnectionMemory),
        new FailuresService(database, {} as TasksService),
        connections,
        modules,
        new StoryReaders(),
        accounts,
        new ServingProcesses(database, modules),
        { read: () => Promise.resolve(restore) } as unknown as RestoredGap,
        { listModules: () => [] } as unknown as ReconciliationService,
      ),
  );
}, 60_000);
afterAll(() => spec?.remove());
beforeEach(async () => {
  [series, taken] = [{}, 0];
  restore = { restoredAt: null, reason: null, compared: 0, remaining: 0 };
  await database.query('TRUNCATE serving_process, connection, outbox, outbox_lane, inbox_event, operation, shared_value CASCADE');
});

const read = (modules?: string[]): ReturnType<OverviewService['read']> => (overviews[0] as OverviewService).read(modules);

describe('an overview', () => {
  it('has the figures of the metrics, and shops by health', async () => {
    await connect({}, 'depot');
    await connect(away('carrier'));
    // Both connections belong to one shop.
    await database.query(`UPDATE connection SET system_url = 'https://shop.example'`);
    series = {
      crossdock_outbox_waiting: [
        [['a'], 3],
        [['b'], 4],
      ],
      crossdock_outbox_waiting_oldest_seconds: [[[], 100]],
      crossdock_operations_unknown: [[[], 2]],
    };
    expect(await read()).toMatchObject({
      connections: { ok: 1, 'service-away': 1, off: 0 },
      shopCount: 1,
      outbox: { waiting: 7, failed: 0, oldestAt: new Date(999_901_000).toISOString() },
      inbox: { waiting: 0, failed: 0 },
      operations: { unknown: 2 },
    });
  });

  it('shows what needs attention, the worst first, and what ends it', async () => {
    for (let n = 0; n < 3; n++) await connect(away('carrier'));
    const refused = await connect({ 'crm-refuses': { since: new Date().toISOString(), reason: 'no key' } });
    await database.query(
      `INSERT INTO outbox (connection_id, kind, subject, payload, state, last_error, error_group, failed_at)
       SELECT $1, 'delivery.tracking', n::text, '{}', 'failed', 'order ' || n || ' is unknown', 'order # is unknown', now() FROM generate_series(1, 4) n`,
      [refused],
    );
    series = {
      crossdock_recurring_late_seconds: [
        [['outbox.sweep'], 61],
        [['inbox.sweep'], 2],
      ] as Series[],
    };
    const { needs } = await read();
    expect(needs.map(({ kind, connections, count }) => [kind, connections, count])).toEqual([
      ['standing-still', 0, undefined],
      ['crm-refuses', 1, undefined],
      ['service-away', 3, undefined],
      ['failed', 1, 4],
    ]);
    expect(needs[0]?.place).toEqual({ recurring: 'outbox.sweep' });
    expect(needs[1]).toMatchObject({
      connection: { id: refused },
      act: { operation: 'registerConnection', path: { id: refused } },
    });
    expect(needs[2]).toMatchObject({
      words: 'Carrier does not answer.',
      place: { connections: { health: 'service-away', module: 'carrier' } },
    });
    expect(needs[2]?.act).toBeUndefined();
    const group = needs[3]?.place.failures;
    expect(group?.what).toBe('outbox');
    expect(needs[3]).toMatchObject({ sample: 'order 4 is unknown', act: { operation: 'replayFailures', body: group } });
  });

  it('offers a check of one shop, through the unavailable provider, if it supports checks', async () => {
    const one = await connect(away('carrier'));
    await connect(away('uncheckable'), 'uncheckable');
    const both = await connect(away('stock'), 'both');
    const { needs } = await read();
    expect(needs.map(({ connection, act }) => [connection?.id, act])).toEqual(
      expect.arrayContaining([
        [one, { operation: 'checkConnection', path: { id: one } }],
        [expect.any(String), undefined],
        [both, { operation: 'checkConnection', path: { id: both }, query: { provider: 'stock' } }],
      ]),
    );
  });

  it('has calls that providers do not end, of processes that live, with the modules of the operator only', async () => {
    const hang = (module: string, method: string, minute: number): object => ({
      ...{ provider: 'carrier', module, method, since: `2026-11-30T10:0${minute}:00Z` },
    });
    const note = (age: string, ...hanging: object[]): Promise<unknown> =>
      database.query(`INSERT INTO serving_process VALUES (gen_random_uuid(), '{carrier}', now() - $1::interval, $2)`, [
        age,
        JSON.stringify(hanging),
      ]);
    await note('1 s', hang('carrier', 'save', 2), hang('carrier', 'calculate', 1), hang('both', 'save', 3));
    await note('2 s', hang('carrier', 'save', 4));
    await note('1 hour', hang('carrier', 'print', 0));
    expect((await read()).needs).toMatchObject([
      {
        ...{
          kind: 'hanging',
          count: 3,
          connections: 0,
          modules: ['carrier'],
          since: '2026-11-30T10:01:00.000Z',
          place: { module: 'carrier' },
        },
        words: 'Carrier has not ended 3 calls after their time (calculate, save). If this goes on, restart its processes.',
      },
      { kind: 'hanging', count: 1, modules: ['both'] },
    ]);
    expect((await read(['both'])).needs).toMatchObject([{ kind: 'hanging', count: 1, modules: ['both'] }]);
  });

  it('shows that the database was restored until all is compared, to operators of all modules', async () => {
    restore = { restoredAt: '2026-11-30T10:00:00.000Z', reason: 'operator', compared: 1, remaining: 2 };
    expect((await read()).needs).toMatchObject([{ kind: 'restored', connections: 2, since: restore.restoredAt, place: { restore: true } }]);
    expect((await read(['carrier'])).needs).toEqual([]);
    restore = { ...restore, compared: 3, remaining: 0 };
    await database.query('TRUNCATE shared_value');
    expect((await read()).needs).toEqual([]);
  });

  it('shows that messages wait for long, with the reason, if the health of their shops does not', async () => {
    const wait = async (id: string, minutes: number, error?: string, held = '-1 s'): Promise<unknown> => {
      await database.query(
        `INSERT INTO outbox (connection_id, kind, subject, payload, created_at, not_before) VALUES ($1, 'delivery.tracking', 'x', '{}', now() - make_interval(mins => $2), now() + $3::interval)`,
        [id, minutes, held],
      );
      return database.query(
        `INSERT INTO outbox_lane (connection_id, kind, failures, last_error) VALUES ($1, 'delivery.tracking', $2, $3)`,
        [id, error === undefined ? 0 : 7, error ?? 'of before'],
      );
    };
    const ids = await Promise.all([connect(), connect(), connect({}, 'depot'), connect(), connect(), connect()]);
    await wait(ids[0]!, 300, 'secret 17 was changed');
    await wait(ids[1]!, 30, 'secret 18 was changed');
    await wait(ids[2]!, 30);
    await wait(ids[3]!, 5, 'secret 19 was changed');
    await wait(ids[4]!, 30, undefined, '1 hour');
    await wait(ids[5]!, 30);
    await database.query('UPDATE connection SET frozen = true WHERE id = $1', [ids[5]]);
    await wait(await connect({ 'crm-away': { since: new Date().toISOString(), reason: 'gone' } }), 30, 'no answer');
    const needs = (await read()).needs.filter(({ kind }) => kind === 'waits');
    expect(needs).toMatchObject([
      { connections: 2, sample: 'secret 17 was changed', modules: ['carrier'], place: { waiting: 'delivery.tracking' } },
      { connections: 1, modules: ['depot'], connection: { id: ids[2] }, words: expect.stringContaining('Check that a worker is running.') },
    ]);
    expect(Math.round((Date.now() - Date.parse(needs[0]?.since ?? '')) / 60_000)).toBe(300);
    expect(needs[1]).not.toHaveProperty('sample');
  });

  it('leaves out what an operator chose', async () => {
    const id = await connect(away('carrier'));
    await database.query('UPDATE connection SET active = false WHERE id = $1', [id]);
    expect(await read()).toMatchObject({ connections: { off: 1 }, needs: [] });
  });

  it('of some modules has only their figures and needs, and is kept apart from all others', async () => {
    const [carrier, depot] = [await connect(away('carrier')), await connect(away('depot'), 'depot')];
    const store = (table: string, columns: string, values: string, id: string): Promise<unknown> =>
      database.query(`INSERT INTO ${table} (connection_id, ${columns}) VALUES ($1, ${values})`, [id]);
    for (const id of [carrier, depot, depot]) {
      await store(
        'outbox',
        'kind, subject, payload, created_at, not_before',
        `'tracking', gen_random_uuid()::text, '{}', now() - interval '1 hour', now() - interval '1 s'`,
        id,
      );
      await store(
        'outbox',
        'kind, subject, payload, state, last_error, error_group, failed_at',
        `'tracking', 'x', '{}', 'failed', 'of ${id}', 'no', now()`,
        id,
      );
    }
    const of = async (...modules: string[]): Promise<object> => {
      const { connections, shopCount, outbox, needs } = await read(modules.length > 0 ? modules : undefined);
      return {
        away: connections['service-away'],
        shopCount,
        ...outbox,
        needs: needs.map(({ kind, count, modules: codes }) => [kind, count, codes.toSorted()]),
      };
    };
    series = { crossdock_outbox_waiting: [[['a'], 3]], crossdock_recurring_late_seconds: [[['outbox.sweep'], 61]] };
    const all = await of();
    expect(all).toMatchObject({ away: 2, shopCount: 2, waiting: 3 });
    const failed = (count: number, module: string): unknown => [
      ['service-away', undefined, [module]],
      ['waits', undefined, [module]],
      ['failed', count, [module]],
    ];
    const depotOnly = { away: 1, shopCount: 1, waiting: 2, oldestAt: expect.any(String), failed: 2, needs: failed(2, 'depot') };
    const carrierOnly = { away: 1, shopCount: 1, waiting: 1, oldestAt: expect.any(String), failed: 1, needs: failed(1, 'carrier') };
    // The second read returns the shared value.
    for (let n = 0; n < 2; n++) {
      expect(await of('depot')).toEqual(depotOnly);
      expect(await of('carrier')).toEqual(carrierOnly);
      expect(await of()).toEqual(all);
    }
    expect(await of('depot', 'carrier')).toMatchObject({ waiting: 3, failed: 3 });
    expect((await database.query<{ name: string }>('SELECT name FROM shared_value ORDER BY name')).map(({ name }) => name)).toEqual([
      'overview',
      'overview of carrier',
      'overview of carrier+depot',
      'overview of depot',
    ]);
  });

  it('is read once for all processes and readers, until it is old', async () => {
    const first = await read();
    await connect();
    const later = await Promise.all(overviews.map((one) => one.read()));
    expect(later.map(({ connections }) => connections.ok)).toEqual([0, 0]);
    expect(later.map(({ readAt }) => readAt)).toEqual([first.readAt, first.readAt]);
    await database.query(`UPDATE shared_value SET taken_at = taken_at - interval '16 seconds'`);
    const before = taken;
    const anew = await Promise.all(overviews.flatMap((one) => [one.read(), one.read()]));
    expect(anew.some(({ connections }) => connections.ok === 1)).toBe(true);
    expect(taken).toBe(before + 1);
    expect((await read()).connections.ok).toBe(1);
  });
});
