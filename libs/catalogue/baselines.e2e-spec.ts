import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { explainBaselineFailure, isReplaced, takeOverBaselines } from '#platform';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { listSchemas } from './catalogue.module.js';

const migrations = listSchemas().flatMap(({ migrations }) => migrations as { name: string; replaces?: string }[]);
const baselines = migrations.filter(({ replaces }) => replaces !== undefined);

let spec: SpecDatabase;

const listApplied = async (): Promise<string[]> =>
  (await spec.source.query<{ name: string }[]>('SELECT name FROM migration ORDER BY id')).map(({ name }) => name);
const takeOver = async (): Promise<void> => {
  const runner = spec.source.createQueryRunner();
  await takeOverBaselines(runner, baselines);
  await runner.release();
};

beforeAll(async () => {
  spec = await createSpecDatabase(listSchemas());
}, 60_000);
afterAll(() => spec?.remove());

it('takes over a database that has the replaced migrations, and keeps their records', async () => {
  await spec.source.query('DELETE FROM migration WHERE name = ANY ($1)', [baselines.map(({ name }) => name)]);
  const later = await listApplied();
  const replaced = baselines.flatMap(({ replaces }) => replaces ?? []);
  expect(replaced).toHaveLength(21);
  for (const name of replaced)
    await spec.source.query('INSERT INTO migration (timestamp, name) VALUES ($1, $2)', [Number(name.slice(-13)), name]);
  await takeOver();
  await takeOver();
  expect(await listApplied()).toEqual([...later, ...replaced, ...baselines.map(({ name }) => name)]);
  expect(await spec.source.runMigrations()).toEqual([]);
  expect(replaced.every((name) => isReplaced(name, baselines))).toBe(true);
  expect(isReplaced('Later1799000000000', baselines)).toBe(false);
});

it('reports what to do about a database that has only some tables, and changes nothing', async () => {
  await spec.source.query('TRUNCATE migration');
  await spec.source.query(`INSERT INTO migration (timestamp, name) VALUES (1764000000100, 'Connections1764000000100')`);
  await takeOver();
  const error: unknown = await spec.source.runMigrations({ transaction: 'each' }).catch((caught: unknown) => caught);
  expect(explainBaselineFailure(error)?.message).toContain('has tables of an earlier version, but not all of its migrations');
  expect(await listApplied()).toEqual(['Connections1764000000100']);
});
