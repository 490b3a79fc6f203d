import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Database } from '#platform';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { ConnectionEntity } from '../connection.entity.js';
import { connectionsSchema } from '../connections.module.js';
import type { ConnectionMemory } from '../store/connection-memory.js';
import type { HostedModule } from '../hosted-modules.js';
import { HealthStore } from './health-store.js';
import { describeHealth, listReasons } from './health.js';

const ID = '01900000-0000-7000-8000-000000000001';
const OTHER = '01900000-0000-7000-8000-000000000002';
const carrier = { manifest: { code: 'carrier', title: { en: 'Carrier', es: 'Carrier', ru: 'Carrier' } } } as unknown as HostedModule;
const depot = { manifest: { code: 'depot', title: { en: 'Depot', es: 'Depot', ru: 'Depot' } } } as unknown as HostedModule;

let spec: SpecDatabase;
let database: Database;
let forgotten: string[];
let health: HealthStore;

const read = (id = ID): Promise<ConnectionEntity> => database.dataSource.getRepository(ConnectionEntity).findOneByOrFail({ id });
const listChanges = (): Promise<{ from: string; to: string; provider: string | null; reason: string | null }[]> =>
  database.query('SELECT "from", "to", provider, reason FROM health_change WHERE connection_id = $1 ORDER BY id', [ID]);
const AWAY = { kind: 'service-away', provider: 'carrier' } as const;

beforeAll(async () => {
  spec = await createSpecDatabase([connectionsSchema]);
  database = new Database(spec.source);
  health = new HealthStore(database, { forget: (id: string) => forgotten.push(id) } as unknown as ConnectionMemory);
}, 60_000);
afterAll(() => spec?.remove());

beforeEach(async () => {
  forgotten = [];
  await database.query('TRUNCATE connection, connection_check, health_change CASCADE');
  for (const id of [ID, OTHER])
    await database.query(
      `INSERT INTO connection (id, module_code, system_url, client_id_hash, client_id_sealed, api_key_sealed, account, registered_at)
       VALUES ($1, 'acme', $2, $2, '', '', '{}', now())`,
      [id, `https://${id}.example`],
    );
});

describe('the health of a connection', () => {
  it('is judged by the database as described, whatever the row holds', async () => {
    const problem = fc.constantFrom(
      ...['crm-refuses', 'crm-refuses#invoice', 'credentials-refused', 'credentials-refused:depot', 'crm-away', 'service-away:carrier'],
      'service-away:depot#line',
    );
    const row = fc.record({
      active: fc.boolean(),
      frozen: fc.boolean(),
      shadow: fc.boolean(),
      retired: fc.boolean(),
      lacking: fc.subarray(['carrier', 'depot']),
      byOperator: fc.boolean(),
      registered: fc.boolean(),
      refused: fc.boolean(),
      answered: fc.boolean(),
      problems: fc.uniqueArray(problem, { maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(row, async ({ active, frozen, shadow, byOperator, registered, refused, answered, problems, retired, lacking }) => {
        await database.query(
          `UPDATE connection SET active = $2, frozen = $3, shadow = $4, frozen_by_operator_at = CASE WHEN $5 THEN now() END, registered_at = CASE WHEN $6 THEN now() END,
             registration_error = CASE WHEN $7 THEN 'no' END, attempted_hash = CASE WHEN $8 THEN 'x' END, problems = $9, retired_at = CASE WHEN $10 THEN now() END, not_set_up = $11 WHERE id = $1`,
          [
            ...[ID, active, frozen, shadow, byOperator, registered, refused, answered],
            JSON.stringify(Object.fromEntries(problems.map((key) => [key, { since: '2026-01-01T00:00:00Z', reason: 'why' }]))),
            retired,
            JSON.stringify(Object.fromEntries(lacking.map((provider) => [provider, '2026-01-01T00:00:00Z']))),
          ],
        );
        const stored = await read();
        const [worst] = listReasons(stored, [carrier, depot]);
        expect(stored.health).toBe(worst?.state ?? 'ok');
        expect(describeHealth(stored, [carrier, depot])).toMatchObject({ state: stored.health, since: expect.any(Date) });
      }),
      { numRuns: 150 },
    );
  });

  it('is not changed by the refusal of a key that has been replaced', async () => {
    await database.query(`UPDATE connection SET api_key_sealed = 'new' WHERE id = $1`, [ID]);
    const refused = { kind: 'crm-refuses' } as const;
    expect(await health.begin(ID, refused, 'no key', undefined, 'old')).toBe(false);
    expect(await read()).toMatchObject({ health: 'ok' });
    expect(await health.begin(ID, refused, 'no key', undefined, 'new')).toBe(true);
    expect(await read()).toMatchObject({ health: 'crm-refuses' });
  });

  it('changes once, whichever process finds it, and each change is kept', async () => {
    const { version } = await read();
    expect((await Promise.all(Array.from({ length: 8 }, () => health.begin(ID, AWAY, 'no route')))).filter(Boolean)).toEqual([true]);
    expect(await read()).toMatchObject({ health: 'service-away', version: version + 1 });
    expect(forgotten).toEqual([ID]);
    expect((await Promise.all(Array.from({ length: 8 }, () => health.end(ID, ['service-away:carrier'])))).filter(Boolean)).toEqual([true]);
    expect(await listChanges()).toEqual([
      { from: 'ok', to: 'service-away', provider: 'carrier', reason: 'no route' },
      { from: 'service-away', to: 'ok', provider: null, reason: null },
    ]);
    expect(await read(OTHER)).toMatchObject({ health: 'ok', problems: {} });
  });

  it('keeps no part of a reason that may be a name or a key', async () => {
    await health.begin(ID, AWAY, 'Order of Ivan Petrov +7 916 555-00-15 has a bad key sk_test_double');
    expect((await listChanges()).map(({ reason }) => reason)).toEqual(['Order of *** has a bad key ***']);
    expect((await read()).problems).toMatchObject({ 'service-away:carrier': { reason: 'Order of *** has a bad key ***' } });
    await database.query(`UPDATE connection SET registration_error = 'Ivan', attempted_hash = 'x' WHERE id = $1`, [ID]);
    expect((await listChanges()).at(-1)).toMatchObject({ to: 'crm-refuses', reason: null });
    expect(describeHealth(await read(), [carrier]).reasons[0]).toMatchObject({ state: 'crm-refuses', reason: '***' });
  });

  it('is the worst of several problems, next to the others and each provider', async () => {
    await health.begin(ID, AWAY, 'no route');
    await health.begin(ID, { kind: 'credentials-refused', provider: 'depot' }, 'wrong key');
    const described = describeHealth(await read(), [carrier, depot]);
    expect(described).toMatchObject({
      state: 'credentials-refused',
      reason: 'wrong key',
      words: 'Depot rejects the credentials: wrong key.',
      reasons: [
        { state: 'credentials-refused', provider: 'depot' },
        { state: 'service-away', provider: 'carrier', words: 'Carrier does not answer: no route.' },
      ],
      providers: [
        { provider: 'carrier', state: 'service-away' },
        { provider: 'depot', state: 'credentials-refused' },
      ],
    });
    expect(described.since).toEqual(described.reasons[0]?.since);
    expect((await listChanges()).map(({ to }) => to)).toEqual(['service-away', 'credentials-refused']);
  });

  it('is looked at soon after a failure, and sooner than it was to be', async () => {
    await health.suspect(ID, 'carrier');
    await health.suspect('01900000-0000-7000-8000-00000000000f', 'carrier');
    await database.query(`INSERT INTO connection_check (connection_id, provider, due_at) VALUES ($1, '', now() + interval '6 hours')`, [
      ID,
    ]);
    await health.begin(ID, { kind: 'crm-away' }, 'silence');
    const probes = await database.query<{ provider: string; tries: number; seconds: number }>(
      'SELECT provider, tries, extract(epoch FROM due_at - now())::int AS seconds FROM connection_check ORDER BY provider',
    );
    expect(probes.map(({ provider, tries }) => [provider, tries])).toEqual([
      ['', 1],
      ['carrier', 1],
    ]);
    for (const { seconds } of probes) expect(seconds).toBeLessThanOrEqual(15);
  });

  it('is counted by state', async () => {
    await health.begin(ID, AWAY, '');
    expect(await health.countByHealth()).toMatchObject({ ok: 1, 'service-away': 1, off: 0, frozen: 0 });
  });
});
