import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import {
  type Connection,
  ConnectionEntity,
  connectionsSchema,
  type ConnectionMemory,
  type ConnectionStore,
  type CrmClients,
  type CrmWatch,
  HealthStore,
  type HostedModules,
} from '#connections';
import { type Clock, Database, Environment } from '#platform';
import { type CheckReport, ProviderError } from '#provider-kit';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import type { AccountNotices } from '../notices/account-notices.js';
import { buildAwayNotice, ConnectionChecks } from './connection-checks.js';
import type { AllProviders } from '../provider-setup/all-providers.js';
import type { ProviderWatch } from '../provider-setup/provider-watch.js';

const HOURS = 6;
const manifest = { code: 'carrier', title: { en: 'Carrier' }, ownHosted: true };
const module = {
  code: 'acme',
  kind: 'adapter',
  integration: 'delivery',
  manifest,
  providers: [] as object[],
  names: { en: 'Acme', es: 'Acme', ru: 'Acme' },
};
module.providers.push(module);

let spec: SpecDatabase;
let database: Database;
let checks: ConnectionChecks;
/** The service's reply to a check. */
let check: () => Promise<CheckReport>;
let checked: number;
let called: { id: string; provider: string }[];
let told: number;

const idOf = (n: number): string => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const read = (n: number): Promise<ConnectionEntity> => database.dataSource.getRepository(ConnectionEntity).findOneByOrFail({ id: idOf(n) });
/** Hours until each connection's next check. Null: never. */
const listDue = async (): Promise<Map<string, { hours: number | null; tries: number }>> => {
  const rows = await database.query<{ id: string; hours: number | null; tries: number }>(
    'SELECT connection_id AS id, extract(epoch FROM due_at - now())::float8 / 3600 AS hours, tries FROM connection_check ORDER BY 1',
  );
  return new Map(rows.map(({ id, ...due }) => [id, due]));
};
const makeDue = (): Promise<unknown> => database.query('UPDATE connection_check SET due_at = now()');
const visit = async (): Promise<void> => {
  await makeDue();
  await checks.runDue();
};

async function connect(count: number): Promise<void> {
  await database.query(
    `INSERT INTO connection (id, module_code, system_url, client_id_hash, client_id_sealed, api_key_sealed, account, registered_at, settings_sealed)
     SELECT ('01900000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'acme', 'https://' || n, n, '', '', '{}', now(), 'sealed' FROM generate_series(1, $1::int) AS n`,
    [count],
  );
}

beforeAll(async () => {
  spec = await createSpecDatabase([connectionsSchema]);
  database = new Database(spec.source);
}, 60_000);
afterAll(() => spec?.remove());

beforeEach(async () => {
  jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
  await database.query('TRUNCATE connection, connection_check, health_change CASCADE');
  [checked, called, told] = [0, [], 0];
  check = () => Promise.resolve({});
  const connections = {
    findById: async (id: string) => {
      const row = await database.dataSource.getRepository(ConnectionEntity).findOneBy({ id });
      if (!row) return undefined;
      const view = { ...row, module, account: { language: 'en' } } as unknown as Connection & { views: Connection[] };
      return Object.assign(view, { views: [view] });
    },
  } as unknown as ConnectionStore;
  const health = new HealthStore(database, { forget: () => undefined } as unknown as ConnectionMemory);
  const calls = { has: () => true, call: () => (checked++, check()) };
  const watch = {
    noteWell: ({ id }: Connection) => health.end(id, ['service-away:carrier']),
    noteAway: ({ id }: Connection, reason: string) => health.begin(id, { kind: 'service-away', provider: 'carrier' }, reason),
    noteRejection: ({ id }: Connection, _call: string, reason: string) =>
      health.begin(id, { kind: 'credentials-refused', provider: 'carrier' }, reason),
    remind: () => Promise.resolve(),
    takeCalled: () => called,
  } as unknown as ProviderWatch;
  checks = new ConnectionChecks(
    database,
    connections,
    { listByProvider: () => [module] } as unknown as HostedModules,
    { of: () => calls } as unknown as AllProviders,
    {} as CrmClients,
    {} as CrmWatch,
    watch,
    health,
    { add: () => Promise.resolve(++told > 0) } as unknown as AccountNotices,
    Object.assign(new Environment(), { HEALTH_CHECK_HOURS: HOURS }),
    { now: () => new Date() } as Clock,
  );
});

describe('a connection without calls', () => {
  it('gets a time for a check within the hours, spread, unless it is off, frozen or a trial', async () => {
    await connect(44);
    await database.query(
      `UPDATE connection SET active = id <> $1, frozen = id = $2, frozen_by_operator_at = CASE WHEN id = $3 THEN now() END, shadow = id = $4`,
      [idOf(41), idOf(42), idOf(43), idOf(44)],
    );
    await checks.find();
    const due = await listDue();
    expect(due.size).toBe(40);
    const hours = [...due.values()].map((one) => one.hours ?? -1);
    expect(Math.min(...hours)).toBeGreaterThan(-0.01);
    expect(Math.max(...hours)).toBeLessThan(HOURS);
    expect(new Set(hours.map((one) => Math.floor(one))).size).toBeGreaterThan(3);
    await checks.find();
    expect((await listDue()).get(idOf(1))?.hours).toBeCloseTo(due.get(idOf(1))?.hours ?? -1, 1);
  });

  it('is unavailable after two failed checks, called ever less often, and healthy after a check that passes', async () => {
    await connect(1);
    await checks.find();
    check = () => Promise.reject(new ProviderError('unavailable', 'no route'));
    await visit();
    expect([(await read(1)).health, checked]).toEqual(['ok', 1]);
    await visit();
    expect((await read(1)).health).toBe('service-away');
    const seconds: number[] = [];
    for (let n = 0; n < 7; n++) {
      await visit();
      seconds.push(Math.round(((await listDue()).get(idOf(1))?.hours ?? 0) * 3_600));
    }
    // 60, 120, 240, 480 and 900 seconds, plus or minus a random tenth.
    expect(seconds[0]).toBeLessThan(70);
    expect(seconds[1]).toBeGreaterThan(100);
    expect(seconds.at(-1)).toBeGreaterThan(800);
    expect(seconds.at(-1)).toBeLessThan(1_000);
    check = () => Promise.resolve({});
    await visit();
    expect((await read(1)).health).toBe('ok');
    expect((await listDue()).get(idOf(1))).toEqual({ hours: expect.any(Number), tries: 0 });
    expect((await listDue()).get(idOf(1))?.hours).toBeGreaterThan(HOURS * 0.85);
  });

  it('has rejected credentials if the check reports that, and other results change nothing', async () => {
    await connect(1);
    await checks.find();
    check = () => Promise.reject(new ProviderError('rate_limited', 'slower'));
    await visit();
    await visit();
    check = () => Promise.reject(new Error('our own fault'));
    jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
    await visit();
    expect((await read(1)).health).toBe('ok');
    check = () => Promise.resolve({ errors: { 'shops[0].key': 'unknown key' } });
    await visit();
    expect(await read(1)).toMatchObject({
      health: 'credentials-refused',
      problems: { 'credentials-refused:carrier': { reason: 'unknown key' } },
    });
  });

  it('is checked later when it was called', async () => {
    await connect(2);
    await checks.find();
    await makeDue();
    called = [{ id: idOf(1), provider: 'carrier' }];
    await (checks as unknown as { keepCalled(): Promise<void> }).keepCalled();
    await checks.runDue();
    expect(checked).toBe(1);
    expect((await listDue()).get(idOf(1))?.hours).toBeGreaterThan(HOURS * 0.85);
  });

  it('is one of at most a hundred checked in a run, recently failed ones first', async () => {
    await connect(130);
    await checks.find();
    await makeDue();
    await database.query(`UPDATE connection_check SET tries = 1 WHERE connection_id = $1`, [idOf(130)]);
    check = () => Promise.reject(new ProviderError('unavailable', 'no route'));
    await checks.runDue();
    expect([checked, (await read(130)).health]).toEqual([100, 'service-away']);
  });

  it('is not checked while it is off', async () => {
    await connect(1);
    await checks.find();
    await database.query('UPDATE connection SET active = false');
    await visit();
    expect([checked, (await listDue()).get(idOf(1))]).toEqual([0, { hours: null, tries: 0 }]);
  });

  it('notifies a shop once that its own server has been down for half an hour', async () => {
    await connect(1);
    await checks.find();
    check = () => Promise.reject(new ProviderError('unavailable', 'no route'));
    await visit();
    await visit();
    await visit();
    expect(told).toBe(0);
    await database.query(
      `UPDATE connection SET problems = jsonb_set(problems, '{service-away:carrier,since}', to_jsonb(now() - interval '31 minutes'))`,
    );
    await visit();
    await visit();
    expect(told).toBe(1);
    for (const text of Object.values(buildAwayNotice('x'.repeat(300)))) expect(text.replace(/<\/?b>/g, '').length).toBeLessThanOrEqual(160);
  });
});
