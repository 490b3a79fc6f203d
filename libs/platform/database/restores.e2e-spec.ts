import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { Database, databaseSchema, Restores } from './index.js';

let spec: SpecDatabase;
let database: Database;

beforeAll(async () => {
  spec = await createSpecDatabase([databaseSchema]);
  database = new Database(spec.source);
}, 60_000);
afterAll(() => spec?.remove());

beforeEach(async () => {
  jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
  await database.query('DELETE FROM database_origin');
  await start();
});

/** Starts a process and returns the restore that it finds. */
async function start(): Promise<{ isRestored: boolean; reason: string | null }> {
  const { restoredAt, reason } = await new Restores(database).read();
  return { isRestored: restoredAt !== null, reason };
}

describe('a restored database', () => {
  it('is not recognized where nothing was restored, however many processes start', async () => {
    expect(await Promise.all([start(), start(), start()])).toEqual(Array(3).fill({ isRestored: false, reason: null }));
  });

  it.each([
    ['in another cluster', `UPDATE database_origin SET system_identifier = '1'`, 'another-cluster'],
    ['to a point in time', `UPDATE database_origin SET timeline = '0000FFFF'`, 'another-timeline'],
    [
      'from a dump in the same cluster',
      `CREATE TABLE copy (LIKE database_origin INCLUDING ALL); INSERT INTO copy SELECT * FROM database_origin;
       DROP TABLE database_origin; ALTER TABLE copy RENAME TO database_origin`,
      'another-table',
    ],
  ])('is recognized once: %s', async (_name, restore, reason) => {
    await database.query(restore);
    expect(await start()).toEqual({ isRestored: true, reason });
    const [before] = await database.query<{ at: Date }>('SELECT restored_at AS at FROM database_origin');
    expect(await start()).toEqual({ isRestored: true, reason });
    expect(await database.query('SELECT restored_at AS at FROM database_origin')).toEqual([before]);
  });

  it('issues no number a second time', async () => {
    await database.query('CREATE SEQUENCE spec_number');
    const next = async (): Promise<number> => Number((await database.query<{ n: string }>(`SELECT nextval('spec_number') AS n`))[0]?.n);
    const last = await next();
    expect(await next()).toBe(last + 1);
    await new Restores(database).declare();
    expect(await next()).toBeGreaterThan(last + 100_000);
  });

  it('is marked by an operator, as a copy of files looks like the original', async () => {
    expect((await new Restores(database).declare()).reason).toBe('operator');
    expect(await start()).toEqual({ isRestored: true, reason: 'operator' });
  });

  it('is recognized by its table for a role that may not read the cluster, which is logged', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    const query = jest.spyOn(database, 'query').mockImplementation(async (sql: string, parameters?: unknown[]) => {
      if (sql.includes('pg_control_system')) throw Object.assign(new Error('permission denied'), { code: '42501' });
      return spec.source.query(sql, parameters);
    });
    await spec.source.query('DELETE FROM database_origin');
    expect(await start()).toEqual({ isRestored: false, reason: null });
    expect(warn.mock.calls.flat().join(' ')).toContain('GRANT EXECUTE ON FUNCTION pg_control_system()');
    await spec.source.query('UPDATE database_origin SET table_oid = 1');
    expect(await start()).toEqual({ isRestored: true, reason: 'another-table' });
    query.mockRestore();
  });
});
