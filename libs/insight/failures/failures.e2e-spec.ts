import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { ProviderContexts } from '#connections';
import { type InboxApplier, InboxService, inboxSchema } from '#inbox';
import { type OperationsService, operationsSchema } from '#operations';
import { OutboxPackers, OutboxService, outboxSchema } from '#outbox';
import {
  Database,
  type JobQueue,
  type MethodDiscovery,
  type Retention,
  type TaskEntity,
  TaskHandlers,
  TaskRunner,
  tasksSchema,
  TasksService,
  TaskStore,
} from '#platform';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import type { FailureAction, FailureCriteria, FailureSource } from './failure-rows.js';
import { FailuresService } from './failures.service.js';
import { discardFailures, FailuresTasks, replayFailures } from './failures.tasks.js';

const [here, there] = [randomUUID(), randomUUID()];

let spec: SpecDatabase | undefined;
let database: Database;
let failures: FailuresService;
let tasks: TasksService;
let runner: TaskRunner;
/** Ids of the operations that were checked again. */
let asked: string[];

const queue = { wake: () => undefined } as unknown as JobQueue;

/** Stores `count` failed rows, each with its own error. */
const fail = (
  count: number,
  { connection = here, kind = 'delivery.tracking', error = 'order 1{n} is unknown', hours = 1 } = {},
): Promise<unknown> =>
  database.query(
    `INSERT INTO outbox (connection_id, kind, subject, payload, state, last_error, error_group, failed_at)
     SELECT $1, $2, 's' || n, '{}', 'failed', replace($3, '{n}', n::text), replace($3, '1{n}', '#'), now() - make_interval(hours => $5) FROM generate_series(1, $4) n`,
    [connection, kind, error, count, hours],
  );
const failEvents = (count: number): Promise<unknown> =>
  database.query(
    `INSERT INTO inbox_event (connection_id, event_id, kind, payload, state, last_error, error_group)
     SELECT $1, gen_random_uuid(), 'delivery.reports', '{}', 'failed', 'no such parcel', 'no such parcel' FROM generate_series(1, $2)`,
    [here, count],
  );
const run = async (action: FailureAction, what: FailureSource, criteria: FailureCriteria): Promise<TaskEntity> => {
  const { id } = await failures.start(action, what, criteria, { startedBy: 'ana', request: 'r-1' });
  await runner.runDue({}, new AbortController().signal);
  return tasks.get(id);
};
const countStates = async (table = 'outbox'): Promise<Record<string, number>> =>
  Object.fromEntries(
    (await database.query<{ state: string; n: number }>(`SELECT state, count(*)::int AS n FROM ${table} GROUP BY state`)).map(
      ({ state, n }) => [state, n],
    ),
  );

beforeAll(async () => {
  spec = await createSpecDatabase([outboxSchema, inboxSchema, operationsSchema, tasksSchema]);
  database = new Database(spec.source);
  await database.query('CREATE TABLE connection (id uuid PRIMARY KEY, module_code text, system_url text)');
  await database.query(`INSERT INTO connection VALUES ($1, 'courier', 'https://here.test'), ($2, 'cdek', 'https://there.test')`, [
    here,
    there,
  ]);
  tasks = new TasksService(new TaskStore(database), queue);
  failures = new FailuresService(database, tasks);
  const outbox = new OutboxService(database, { add: () => undefined } as never, new OutboxPackers());
  const inbox = new InboxService(database, {} as ProviderContexts, { wake: () => undefined } as unknown as InboxApplier);
  const operations = {
    reconcile: (id: string) => Promise.resolve(asked.push(id) === 1 ? { state: 'done' } : { state: 'unknown' }),
  } as unknown as OperationsService;
  const handler = new FailuresTasks(outbox, inbox, operations);
  const handlers = new TaskHandlers({} as MethodDiscovery);
  handlers.register(replayFailures, (tx, run) => handler.replay(tx, run));
  handlers.register(discardFailures, (tx, run) => handler.discard(tx, run));
  runner = new TaskRunner(new TaskStore(database), handlers, {} as Retention, database);
}, 60_000);
afterAll(() => spec?.remove());
beforeEach(async () => {
  for (const level of ['log', 'warn'] as const) jest.spyOn(Logger.prototype, level).mockReturnValue(undefined);
  asked = [];
  await database.query('TRUNCATE outbox, inbox_event, operation, task');
});

describe('failures', () => {
  it('are grouped by the common part of their errors, over shops and sources', async () => {
    await fail(3);
    await fail(2, { connection: there, hours: 5 });
    await fail(1, { error: 'the key is wrong' });
    await failEvents(4);
    const groups = await failures.listGroups(['outbox', 'inbox', 'operations'], {});
    expect(groups.map(({ what, error, count, connections }) => [what, error, count, connections])).toEqual([
      ['outbox', 'order # is unknown', 5, 2],
      ['inbox', 'no such parcel', 4, 1],
      ['outbox', 'the key is wrong', 1, 1],
    ]);
    expect(groups[0]).toMatchObject({
      kind: 'delivery.tracking',
      modules: ['cdek', 'courier'],
      actions: ['replay', 'discard'],
      sample: 'order 12 is unknown',
    });
    const ofOne = await failures.listGroups(['outbox'], { module: 'cdek' });
    expect(ofOne.map(({ count }) => count)).toEqual([2]);
    const recent = await failures.listGroups(['outbox'], { from: new Date(Date.now() - 3 * 3_600_000).toISOString() });
    expect(recent.map(({ count }) => count)).toEqual([3, 1]);
  });

  it('of one error are replayed, and no others', async () => {
    await fail(1_200);
    await fail(2, { error: 'the key is wrong' });
    const [group] = await failures.listGroups(['outbox'], {});
    expect(await run('replay', 'outbox', { group: group?.group })).toMatchObject({
      state: 'done',
      done: 1_200,
      total: 1_200,
      result: { queued: 1_200 },
    });
    expect(await countStates()).toEqual({ pending: 1_200, failed: 2 });
  });

  it('of a shop and a time are replayed, while a row that a newer row replaced is dropped, and counted', async () => {
    await fail(2, { hours: 1 });
    await fail(2, { hours: 30 });
    await fail(1, { connection: there, hours: 1 });
    await database.query(
      `INSERT INTO outbox (connection_id, kind, subject, payload, state) VALUES ($1, 'delivery.tracking', 's1', '{}', 'sent')`,
      [here],
    );
    const from = new Date(Date.now() - 24 * 3_600_000).toISOString();
    expect((await run('replay', 'outbox', { connection: here, from })).result).toEqual({
      queued: 1,
      'dropped: a newer one about the same was sent': 1,
    });
    expect(await countStates()).toEqual({ sent: 1, pending: 1, dropped: 1, failed: 3 });
  });

  it('that come after the task was asked for are not touched', async () => {
    await fail(2);
    const { id } = await failures.start('replay', 'outbox', { kind: 'delivery.tracking' }, { startedBy: 'ana', request: 'r-1' });
    await fail(1, { hours: 0 });
    await runner.runDue({}, new AbortController().signal);
    expect((await tasks.get(id)).result).toEqual({ queued: 2 });
    expect(await countStates()).toEqual({ pending: 2, failed: 1 });
  });

  it('that are discarded record who did it, and do not come back', async () => {
    await fail(2);
    await failEvents(1);
    expect((await run('discard', 'outbox', { kind: 'delivery.tracking' })).result).toEqual({ discarded: 2 });
    expect((await run('discard', 'inbox', { kind: 'delivery.reports' })).result).toEqual({ discarded: 1 });
    const rows = await database.query('SELECT state, discarded_by, last_error, sent_at IS NOT NULL AS ended FROM outbox ORDER BY id');
    expect(rows[0]).toEqual({
      state: 'dropped',
      discarded_by: 'ana',
      last_error: 'discarded by ana; before: order 11 is unknown',
      ended: true,
    });
    expect(await database.query('SELECT state, discarded_by FROM inbox_event')).toEqual([{ state: 'discarded', discarded_by: 'ana' }]);
    expect((await run('discard', 'outbox', { kind: 'delivery.tracking' })).result).toEqual({});
    expect((await run('replay', 'inbox', { kind: 'delivery.reports' })).result).toEqual({});
    expect([await countStates(), await countStates('inbox_event')]).toEqual([{ dropped: 2 }, { discarded: 1 }]);
  });

  it('of operations are looked at again', async () => {
    await database.query(
      `INSERT INTO operation (id, connection_id, kind, subject, state, error, error_group)
       SELECT gen_random_uuid(), $1, 'delivery.save', n::text, 'unknown', 'no answer', 'no answer' FROM generate_series(1, 6) n`,
      [here],
    );
    expect(await run('replay', 'operations', { kind: 'delivery.save' })).toMatchObject({
      done: 6,
      result: { done: 1, 'unknown still': 5 },
    });
    expect(new Set(asked).size).toBe(6);
  });

  it('are not replayed all together without a task', async () => {
    await fail(1_001);
    const outbox = new OutboxService(database, { add: () => undefined } as never, new OutboxPackers());
    await expect(outbox.replay({})).rejects.toMatchObject({ status: 409 });
    expect(await countStates()).toEqual({ failed: 1_001 });
  });
});
