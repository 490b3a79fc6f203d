import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Traffic, TrafficStore, connectionsSchema } from '#connections';
import { type JournalHashes, JournalPartitions, JournalReader, journalSchema } from '#journal';
import { Database, Environment, toFirstId } from '#platform';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import type { ActivityReport } from './activity.js';
import { ActivityService } from './activity.service.js';

let spec: SpecDatabase | undefined;
let database: Database;
let environment: Environment;
let service: ActivityService;
const connection = randomUUID();

/** Stores rows of the journal, `seconds` ago. */
const record = async (kind: string, name: string, outcome: string, ms: number, seconds: number, of = connection): Promise<void> => {
  const at = new Date(Date.now() - seconds * 1000);
  const id = toFirstId(at).slice(0, -12) + randomUUID().slice(-12);
  await database.query(
    `INSERT INTO journal_entry (id, at, connection_id, kind, name, outcome, duration_ms) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [...[id, at, of, kind, name, outcome, ms]],
  );
};
const totals = ({ series }: ActivityReport): Record<string, number[]> =>
  Object.fromEntries(series.map(({ kind, total: { count, rejected, failed } }) => [kind, [count, rejected, failed]]));

beforeAll(async () => {
  spec = await createSpecDatabase([connectionsSchema, journalSchema]);
  database = new Database(spec.source);
  environment = Object.assign(new Environment(), { JOURNAL_DAYS: 7, JOURNAL_CALCULATE_SAMPLE: 100 });
  const partitions = new JournalPartitions(database, environment);
  for (const hours of [0, 6]) await partitions.make(Date.now() - hours * 3_600_000);
  service = new ActivityService(new TrafficStore(database), new JournalReader(database, {} as JournalHashes), environment);
}, 60_000);
afterAll(() => spec?.remove());
beforeEach(async () => {
  environment.JOURNAL_DAYS = 7;
  await database.query('TRUNCATE traffic_slot, journal_entry');
});

describe('a report of activity', () => {
  it('has a point for each quarter of an hour, also if nothing happened', async () => {
    const traffic = new Traffic(database);
    for (const ms of [10, 10, 10, 400]) traffic.note('callback', ms > 100 ? 'failed' : 'ok', ms);
    await traffic.flush();
    await database.query(`UPDATE traffic_slot SET at = at - interval '30 minutes'`);
    traffic.note('callback', 'rejected', 10);
    await traffic.flush();
    const report = await service.report(24);
    expect(report).toMatchObject({ slotMinutes: 15, source: 'counters' });
    expect(report.series.map(({ kind, points }) => [kind, points.length])).toEqual([
      ['callback', 96],
      ['webhook', 96],
      ['provider', 96],
      ['crm', 96],
    ]);
    const [{ points, total }] = report.series as [ActivityReport['series'][number]];
    expect(points.slice(-3).map(({ count, rejected, failed }) => [count, rejected, failed])).toEqual([
      [4, 0, 1],
      [0, 0, 0],
      [1, 1, 0],
    ]);
    expect(points.at(-2)).not.toHaveProperty('p50');
    expect(Date.parse(points.at(-1)?.at ?? '') - Date.parse(points.at(-2)?.at ?? '')).toBe(900_000);
    expect(total).toMatchObject({ count: 5, rejected: 1, failed: 1 });
    expect(total.p50).toBeGreaterThan(7);
    expect(total.p50).toBeLessThan(13);
    expect(total.p95).toBeGreaterThan(250);
    expect(totals(await service.report(1)).callback).toEqual([5, 1, 1]);
  });

  it('of one connection matches the journal, without rows that it keeps only a part of', async () => {
    await record('callback', 'delivery.save', 'ok', 20, 60);
    await record('callback', 'delivery.calculate', 'ok', 20, 60);
    await record('callback', 'delivery.calculate', 'unavailable', 20, 60);
    await record('callback', 'delivery.calculate', 'refused', 20, 60);
    await record('provider', 'save', 'unavailable', 900, 60);
    await record('provider', 'save', 'rejected', 90, 60);
    await record('crm', 'orders.edit', 'ok', 90, 60, randomUUID());
    await record('crm', 'orders.edit', 'ok', 90, 3 * 3_600);
    const report = await service.report(1, connection);
    expect(report).toMatchObject({ source: 'journal', without: ['delivery.calculate'] });
    expect(totals(report)).toEqual({ callback: [3, 1, 1], webhook: [0, 0, 0], provider: [2, 1, 1], crm: [0, 0, 0] });
    expect(totals(await service.report(4, connection)).crm).toEqual([1, 0, 0]);
  });

  it('of some modules is what the journal has of their connections', async () => {
    const [own, other] = [randomUUID(), randomUUID()];
    for (const [id, module] of [
      [own, 'carrier'],
      [other, 'depot'],
    ])
      await database.query(
        `INSERT INTO connection (id, module_code, system_url, client_id_hash, client_id_sealed, api_key_sealed, account)
         VALUES ($1::uuid, $2, 'https://' || $1::text, $1::text, '', '', '{}')`,
        [id, module],
      );
    await record('callback', 'delivery.save', 'ok', 20, 60, own);
    for (const id of [other, other, connection]) await record('callback', 'delivery.save', 'ok', 20, 60, id);
    expect(totals(await service.report(1, ['carrier'])).callback).toEqual([1, 0, 0]);
    expect(totals(await service.report(1, ['carrier', 'depot'])).callback).toEqual([3, 0, 0]);
    expect(totals(await service.report(1, ['courier'])).callback).toEqual([0, 0, 0]);
  });

  it('of one connection is unknown while the journal is off', async () => {
    environment.JOURNAL_DAYS = 0;
    expect(await service.report(1, connection)).toMatchObject({ source: 'none' });
  });
});
