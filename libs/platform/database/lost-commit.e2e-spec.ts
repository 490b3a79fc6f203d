import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { Database, databaseSchema, isDatabaseUnavailable } from './index.js';

let spec: SpecDatabase | undefined;
let database: Database;

beforeAll(async () => {
  spec = await createSpecDatabase([databaseSchema]);
  database = new Database(spec.source);
}, 60_000);
afterAll(() => spec?.remove());

it('a connection that is lost between the last statement and COMMIT counts as an unavailable database', async () => {
  const lost = database.transaction(async (tx) => {
    const [{ pid }] = (await tx.query('SELECT pg_backend_pid() AS pid')) as [{ pid: number }];
    await database.query('SELECT pg_terminate_backend($1)', [pid]);
    while (tx.queryRunner?.isReleased === false) await sleep(5);
  });
  const error: unknown = await lost.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Error);
  expect(isDatabaseUnavailable(error)).toBe(true);
});
