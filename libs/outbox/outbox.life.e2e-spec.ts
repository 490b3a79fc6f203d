import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import * as fc from 'fast-check';
import type { DataSource } from 'typeorm';
import type { Connection, HealthStore, ConnectionStore, CrmClients } from '#connections';
import { ServerError, ValidationError } from '#crm-client';
import { Database } from '#platform';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { DirectSender } from './direct-sender.js';
import type { Lane, LaneWakes } from './lane-wakes.js';
import { type OutboxEntry, OutboxPackers } from './outbox-packer.js';
import { LaneLost, OutboxLanes } from './outbox-lanes.js';
import { OutboxFlusher } from './outbox.flusher.js';
import { outboxSchema } from './outbox.module.js';
import { OutboxService } from './outbox.service.js';

const AT = { verb: 'POST', path: '/spec', status: 400 };
const refused = (): Error => new ValidationError('refused', AT, {}, {});
const away = (): Error => new ServerError('away', { ...AT, status: 500 });

let spec: SpecDatabase | undefined;
let source: DataSource;
let database: Database;
let outbox: OutboxService;
let flusher: OutboxFlusher;
let direct: DirectSender;
let lane: Lane;
/** Lanes woken. */
let woken: Lane[];
/** The rows' numbers in each call, and the accepted ones. */
let calls: number[][];
let told: number[];
/** The CRM's reply to a call. Undefined: it accepts the call. */
let crm: (numbers: number[]) => Error | undefined;
/** Numbers of rows that are too late. */
let overdue: readonly number[];

interface Row {
  n: number;
  state: string;
  attempts: number;
  rejections: number;
  last_error: string | null;
  id: string;
}

beforeAll(async () => {
  spec = await createSpecDatabase([outboxSchema]);
  source = spec.source;
  // The columns of the connections' view that the sweeper reads.
  await source.query('CREATE TABLE live_connection (id uuid PRIMARY KEY)');
  await source.query('CREATE TABLE disconnected_connection (id uuid PRIMARY KEY)');
  await source.query('CREATE TABLE shadow_connection (id uuid PRIMARY KEY)');
});
afterAll(() => spec?.remove());

beforeEach(() => {
  // Each failure in these specs would log a line.
  jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
  jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
  lane = { connectionId: randomUUID(), kind: 'spec' };
  [woken, calls, told, overdue] = [[], [], [], []];
  crm = () => undefined;
  database = new Database(source);
  const packers = new OutboxPackers();
  packers.add<{ n: number }>({
    kind: 'spec',
    maxSubjects: 100,
    lingerMs: 0,
    overdue: (_connection, entries) =>
      Promise.resolve(new Set(entries.filter(({ payload }) => overdue.includes(payload.n)).map(({ id }) => id))),
    send: (_crm, _connection, entries: OutboxEntry<{ n: number }>[]) => {
      const numbers = entries.map((entry) => entry.payload.n);
      calls.push(numbers);
      const error = crm(numbers);
      if (error) return Promise.reject(error);
      told.push(...numbers);
      return Promise.resolve();
    },
  });
  const connections = {
    findCaller: (id: string) => Promise.resolve({ id }),
    findCallers: (ids: string[]) => Promise.resolve(ids.map((id) => ({ id }))),
    parse: ({ id }: { id: string }) => ({ id, active: true, frozen: false, problems: {}, account: {} }) as Connection,
  } as unknown as ConnectionStore;
  const crmClients = { crmForRow: () => ({}) } as unknown as CrmClients;
  const wake = (lanes: readonly Lane[]): void => void woken.push(...lanes);
  const wakes = { add: wake, send: wake } as unknown as LaneWakes;
  outbox = new OutboxService(database, wakes, packers);
  flusher = new OutboxFlusher(new OutboxLanes(database), connections, crmClients, packers, wakes, {} as HealthStore);
  direct = new DirectSender(database, connections, crmClients, packers, outbox);
});
afterEach(() => {
  jest.restoreAllMocks();
});

/** Adds rows about the given subjects, in that order, numbered from 0. */
const add = (subjects: readonly string[], from = 0): Promise<void> =>
  database.transaction((tx) =>
    outbox.add(
      tx,
      subjects.map((subject, index) => ({ ...lane, subject, payload: { n: from + index } })),
    ),
  );
const rows = (): Promise<Row[]> =>
  source.query<Row[]>(
    `SELECT (payload->>'n')::int AS n, state, attempts, rejections, last_error, id FROM outbox WHERE connection_id = $1 ORDER BY id`,
    [lane.connectionId],
  );
const numbersIn = async (state: string): Promise<number[]> => (await rows()).filter((row) => row.state === state).map((row) => row.n);
const flush = (): Promise<void> => flusher.flush({ lanes: [lane] }, new AbortController().signal);
/** Simulates that time has passed, because all times are the database's. */
async function pass(seconds: number): Promise<void> {
  const ago = `make_interval(secs => $2)`;
  await source.query(
    `UPDATE outbox SET created_at = created_at - ${ago}, rejected_at = rejected_at - ${ago}, not_before = not_before - ${ago} WHERE connection_id = $1`,
    [lane.connectionId, seconds],
  );
  await source.query(
    `UPDATE outbox_lane SET due_at = due_at - ${ago}, passed_at = passed_at - ${ago}, failing_since = failing_since - ${ago}, failed_at = failed_at - ${ago} WHERE connection_id = $1`,
    [lane.connectionId, seconds],
  );
}

describe('a CRM that refuses everything', () => {
  it('costs few calls, fails no message, and then sends all in order', async () => {
    const subjects = Array.from({ length: 390 }, (_, n) => `d${n % 130}`);
    await add(subjects);
    crm = refused;
    for (let second = 0; second < 12; second++) {
      await flush();
      await pass(1);
    }
    expect(calls.length).toBeLessThanOrEqual(10);
    expect(await numbersIn('pending')).toHaveLength(390);
    crm = () => undefined;
    calls = [];
    for (let second = 0; second < 12; second++) {
      await flush();
      await pass(1);
    }
    expect(await numbersIn('sent')).toHaveLength(390);
    expect(calls.length).toBeLessThanOrEqual(8);
    expect(told).toHaveLength(390);
    for (let n = 0; n < 130; n++) expect(told.filter((one) => one % 130 === n)).toEqual([n, n + 130, n + 260]);
  });

  it('does so also in the middle of a batch', async () => {
    await add(Array.from({ length: 100 }, (_, n) => `d${n}`));
    crm = (numbers) => (calls.length > 2 || numbers.includes(60) ? refused() : undefined);
    await flush();
    expect(calls.length).toBeLessThanOrEqual(16);
    expect(await numbersIn('failed')).toEqual([]);
  });
});

describe('a row that the CRM refuses', () => {
  it('is found among a hundred with few calls and fails with the reason, while all others are sent', async () => {
    await add(Array.from({ length: 100 }, (_, n) => `d${n}`));
    crm = (numbers) => (numbers.includes(42) ? refused() : undefined);
    await flush();
    expect(await numbersIn('failed')).toEqual([42]);
    expect((await rows())[42]).toMatchObject({ attempts: 2, last_error: 'POST /spec: refused' });
    expect(await numbersIn('sent')).toHaveLength(99);
    expect(calls.length).toBeLessThanOrEqual(18);
  });

  it('is followed by what waits about the same, never overtaken while it waits', async () => {
    await add(['a', 'a', 'a']);
    crm = (numbers) => (numbers.includes(0) ? refused() : undefined);
    await flush();
    expect(calls).toEqual([[0, 1, 2], [0]]);
    await add(['a', 'b'], 3);
    await flush();
    expect(told).toEqual([4, 1, 2, 3]);
    expect(await numbersIn('failed')).toEqual([0]);
  });

  it('alone in its lane is set aside after five rejections over ten minutes, and delays nothing new', async () => {
    await add(['a']);
    crm = (numbers) => (numbers.includes(0) ? refused() : undefined);
    let seconds = 0;
    for (; (await numbersIn('failed')).length === 0 && seconds < 1200; seconds += 10) {
      await flush();
      await pass(10);
      if (seconds === 300) {
        expect(calls.length).toBeGreaterThan(5);
        const [at] = await source.query<{ paused: boolean }[]>(
          `SELECT due_at > now() OR failures > 0 AS paused FROM outbox_lane WHERE connection_id = $1`,
          [lane.connectionId],
        );
        expect(at?.paused).toBe(false);
      }
    }
    expect(seconds).toBeGreaterThanOrEqual(600);
    expect(seconds).toBeLessThanOrEqual(760);
    expect(calls.length).toBeLessThanOrEqual(13);
  });

  it('is set aside when another lane of the connection has passed since', async () => {
    await add(['a']);
    crm = refused;
    await flush();
    await source.query(`INSERT INTO outbox_lane (connection_id, kind, passed_at) VALUES ($1, 'other', now())`, [lane.connectionId]);
    await flush();
    expect(await numbersIn('failed')).toEqual([0]);
  });

  it('fails when a row of the connection that is sent immediately has passed since', async () => {
    await add(['a']);
    crm = refused;
    await flush();
    crm = (numbers) => (numbers.includes(0) ? refused() : undefined);
    await database.transaction((tx) => direct.add(tx, [{ ...lane, subject: 'b', payload: { n: 1 } }]));
    await direct.idle();
    expect(told).toEqual([1]);
    await flush();
    expect(await numbersIn('failed')).toEqual([0]);
  });

  it('has its turn even if others never end', async () => {
    await add(['poison']);
    crm = (numbers) => (numbers.includes(0) ? refused() : undefined);
    await flush();
    await add(
      Array.from({ length: 3_000 }, (_, n) => `d${n}`),
      1,
    );
    await flush();
    expect(await numbersIn('failed')).toEqual([0]);
    expect((await numbersIn('pending')).length).toBeGreaterThan(0);
  });

  it('whatever else is rejected and however long nothing passes: only the faulty rows fail, all others are sent once in order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ subject: fc.constantFrom(...'abcdefgh'), poison: fc.boolean() }), { minLength: 1, maxLength: 30 }),
        fc.nat(6),
        async (drafts, outage) => {
          lane = { connectionId: randomUUID(), kind: 'spec' };
          told = [];
          const poison = (n: number): boolean => drafts[n]?.poison ?? false;
          await add(drafts.map((draft) => draft.subject));
          crm = refused;
          for (let turn = 0; turn < outage; turn++) {
            await flush();
            await pass(2 ** turn);
          }
          expect(await numbersIn('pending')).toHaveLength(drafts.length);
          crm = (numbers) => (numbers.some(poison) ? refused() : undefined);
          for (let turn = 0; turn < 400 && (await numbersIn('pending')).length > 0; turn++) {
            await flush();
            await pass(150);
          }
          const all = drafts.map((_, n) => n);
          expect(await numbersIn('failed')).toEqual(all.filter(poison));
          for (const subject of 'abcdefgh')
            expect(told.filter((n) => drafts[n]?.subject === subject)).toEqual(
              all.filter((n) => drafts[n]?.subject === subject && !poison(n)),
            );
        },
      ),
      { numRuns: 25 },
    );
  }, 60_000);
});

describe('a row is given up', () => {
  const day = 24 * 3600;

  it('not for its age: what waited for a week is kept at the first failures', async () => {
    await add(['a']);
    await pass(8 * day);
    crm = away;
    await flush();
    await pass(8 * day);
    await flush();
    await pass(8 * day);
    await flush();
    expect([calls.length, await numbersIn('pending')]).toEqual([3, [0]]);
  });

  it('when it was tried for three days, as are later rows after the same time', async () => {
    await add(['a']);
    crm = away;
    const tryFor = async (seconds: number): Promise<void> => {
      for (let spent = 0; spent < seconds; spent += 2000) {
        await flush();
        await pass(2000);
      }
    };
    await tryFor(2 * day);
    await add(['b'], 1);
    await tryFor(0.9 * day);
    expect(await numbersIn('failed')).toEqual([]);
    await tryFor(0.2 * day);
    expect(await numbersIn('failed')).toEqual([0]);
    expect((await rows())[0]?.last_error).toBe('POST /spec: away');
    await tryFor(2.8 * day);
    expect(await numbersIn('failed')).toEqual([0]);
    await tryFor(0.3 * day);
    expect(await numbersIn('failed')).toEqual([0, 1]);
  });
});

describe('a long lane that is given up', () => {
  it('is set aside as a whole, but for what came after its first failure', async () => {
    await add(Array.from({ length: 5_001 }, (_, n) => `d${n}`));
    crm = away;
    await flush();
    await add(['late'], 5_001);
    await source.query(`UPDATE outbox_lane SET due_at = now(), tried_for = '73 hours' WHERE connection_id = $1`, [lane.connectionId]);
    await flush();
    expect([await numbersIn('pending'), (await numbersIn('failed')).length]).toEqual([[5_001], 5_001]);
  });
});

describe('a replay', () => {
  it('reports what it did to each row, and keeps its age and its attempts', async () => {
    await add(['a', 'b', 'c']);
    crm = (numbers) => (numbers.includes(1) || numbers.includes(2) ? refused() : undefined);
    await flush();
    await add(['b', 'd'], 3);
    await flush();
    const record = (): Promise<object[]> =>
      source.query(`SELECT created_at, attempts, last_error FROM outbox WHERE payload->>'n' = '2' AND connection_id = $1`, [
        lane.connectionId,
      ]);
    const before = await record();
    const [first, second, third, fourth] = (await rows()).map((row) => row.id);
    expect([await numbersIn('failed'), await numbersIn('sent')]).toEqual([
      [1, 2],
      [0, 3, 4],
    ]);
    const ids = [first, second, third, '999999999999'].map(String);
    expect(await outbox.replay({ ids })).toEqual([
      { id: first, outcome: 'not-failed', reason: 'it is sent' },
      { id: second, outcome: 'dropped', reason: `the newer entry ${fourth} about the same subject was sent` },
      { id: third, outcome: 'queued' },
      { id: '999999999999', outcome: 'not-found' },
    ]);
    expect(await record()).toEqual(before);
    crm = () => undefined;
    await flush();
    expect((await rows())[2]).toMatchObject({ state: 'sent', attempts: 3, last_error: 'POST /spec: refused' });
    expect((await rows())[1]?.last_error).toBe(`entry ${fourth} about the same was sent; before: POST /spec: refused`);
  });

  it('while a newer one is on its way does not follow it', async () => {
    await add(['a', 'b']);
    crm = (numbers) => (numbers.includes(0) ? refused() : undefined);
    await flush();
    expect(await numbersIn('failed')).toEqual([0]);
    await add(['a'], 2);
    let replayed: Promise<object> | undefined;
    crm = () => {
      replayed = outbox.replay({ connectionId: lane.connectionId });
      return undefined;
    };
    // The newer row is marked only after the replay was answered.
    const run = database.run.bind(database);
    jest.spyOn(database, 'run').mockImplementation(async (statement, values) => {
      if (statement.text.includes('SET passed_at')) await replayed;
      return run(statement, values);
    });
    await flush();
    jest.restoreAllMocks();
    await flush();
    expect(told).toEqual([1, 2]);
    expect(await numbersIn('dropped')).toEqual([0]);
  });
});

describe('rows that are no longer needed', () => {
  it('are dropped with a reason, while other rows about the same subject are sent', async () => {
    await add(['a', 'a', 'b']);
    overdue = [0, 2];
    await flush();
    expect([told, await numbersIn('dropped'), await numbersIn('sent')]).toEqual([[1], [0, 2], [1]]);
    expect((await rows())[0]?.last_error).toBe('came too late to help anybody');
  });
});

describe('a lane', () => {
  it('that one call empties takes three statements, and is free again', async () => {
    await add(['a', 'b']);
    const run = jest.spyOn(database, 'run');
    const query = jest.spyOn(source, 'query');
    await flush();
    const names = run.mock.calls.map(([{ name }]) => name.replace(/-[0-9a-f]+$/, ''));
    expect(names).toEqual(['outbox-take', 'outbox-next-near', 'outbox-mark-sent']);
    expect(query).not.toHaveBeenCalled();
    await add(['a'], 2);
    await flush();
    expect(told).toEqual([0, 1, 2]);
  });

  it('belongs to one worker at a time, and a worker that lost it marks nothing', async () => {
    await add(['a']);
    const lanes = new OutboxLanes(database);
    const [slow] = await lanes.take([lane]);
    if (!slow) throw new Error('the lane was free');
    expect(await lanes.take([lane])).toEqual([]);
    await flush();
    expect(calls).toEqual([]);
    const ids = (await rows()).map(({ id }) => id);
    await source.query(`UPDATE outbox_lane SET lease_until = now() WHERE connection_id = $1`, [lane.connectionId]);
    expect(await lanes.take([lane])).toHaveLength(1);
    await expect(lanes.markSent(slow, ids, slow.takenAt, false)).rejects.toThrow(LaneLost);
    await expect(lanes.renew(slow)).rejects.toThrow(LaneLost);
    expect(await numbersIn('pending')).toEqual([0]);
  });

  it('whose first rows are about few subjects still fills a call', async () => {
    await add([...Array.from({ length: 600 }, () => 'a'), ...Array.from({ length: 99 }, (_, n) => `d${n}`)]);
    await flush();
    expect(calls.map((numbers) => numbers.length)).toEqual([699]);
  });
});

describe('a batch', () => {
  it('is not sent once its time may be over before the call ends', async () => {
    await add(['a']);
    const clock = performance.now.bind(performance);
    let late = 0;
    jest.spyOn(performance, 'now').mockImplementation(() => clock() + late);
    const run = database.run.bind(database);
    const spy = jest.spyOn(database, 'run').mockImplementation(async (statement, values) => {
      const result = await run(statement, values);
      if (/outbox_lane .*lease_until/s.test(statement.text)) late += 9_000;
      return result as never;
    });
    await flush();
    expect([calls, await numbersIn('pending')]).toEqual([[], [0]]);
    spy.mockRestore();
    await source.query(`UPDATE outbox_lane SET lease_until = now() WHERE connection_id = $1`, [lane.connectionId]);
    await flush();
    expect(told).toEqual([0]);
  });
});

describe('a row that is sent immediately', () => {
  it('is left to its lane when its hold may be over before the call ends', async () => {
    const clock = performance.now.bind(performance);
    let late = 0;
    jest.spyOn(performance, 'now').mockImplementation(() => clock() + late);
    const query = source.query.bind(source);
    const spy = jest.spyOn(source, 'query').mockImplementation(async (...args: Parameters<DataSource['query']>) => {
      const result: unknown = await query(...args);
      if (String(args[0]).startsWith('UPDATE outbox SET not_before = now()')) late += 11_000;
      return result as never;
    });
    await database.transaction(async (tx) => {
      await direct.add(tx, [{ ...lane, subject: 'a', payload: { n: 0 } }]);
      // It waits this long for earlier rows, so its hold is renewed. The database replies late.
      late = 6_000;
    });
    await direct.idle();
    expect([calls, await numbersIn('pending'), woken]).toEqual([[], [0], [expect.objectContaining(lane)]]);
    spy.mockRestore();
    await flush();
    expect(told).toEqual([0]);
  });
});

describe('a row that is held', () => {
  const addHeld = (n: number): Promise<string> =>
    database.transaction((tx) => outbox.addHeld(tx, { ...lane, subject: 'a', payload: { n } }, 60));

  it('holds up its subject and no other, also rows for immediate sending, until it is released', async () => {
    const id = await addHeld(0);
    await database.transaction((tx) =>
      direct.add(tx, [
        { ...lane, subject: 'a', payload: { n: 1 } },
        { ...lane, subject: 'b', payload: { n: 2 } },
      ]),
    );
    await direct.idle();
    await flush();
    expect(told).toEqual([2]);
    woken = [];
    await database.transaction((tx) => outbox.release(tx, lane, id));
    expect(woken).toEqual([lane]);
    await flush();
    expect(told).toEqual([2, 0, 1]);
  });

  it('goes when its time has ended, unless that is renewed', async () => {
    const id = await addHeld(0);
    await pass(50);
    await outbox.hold(id, 60);
    await pass(50);
    await flush();
    expect(told).toEqual([]);
    await pass(11);
    // Too late, because it may be running.
    await outbox.hold(id, 60);
    await flush();
    expect(told).toEqual([0]);
  });
});

describe('a shadow', () => {
  it('has no rows, while rows of other connections are sent', async () => {
    const shadow = randomUUID();
    await source.query('INSERT INTO shadow_connection VALUES ($1)', [shadow]);
    await database.transaction(async (tx) => {
      await outbox.add(tx, [{ ...lane, connectionId: shadow, subject: 'a', payload: { n: 0 } }]);
      await direct.add(tx, [
        { ...lane, connectionId: shadow, subject: 'a', payload: { n: 1 } },
        { ...lane, subject: 'a', payload: { n: 2 } },
        { ...lane, subject: 'b', payload: { n: 3 } },
      ]);
    });
    await direct.idle();
    expect(told).toEqual([2, 3]);
    expect(await source.query('SELECT FROM outbox WHERE connection_id = $1', [shadow])).toEqual([]);
  });
});

describe('the sweeper', () => {
  it('wakes every lane that is due, however many there are', async () => {
    await source.query(`DELETE FROM outbox`);
    await source.query(`INSERT INTO live_connection SELECT gen_random_uuid() FROM generate_series(1, 4500)`);
    await source.query(
      `INSERT INTO outbox (connection_id, kind, subject, payload, created_at) SELECT id, 'spec', 'a', '{}', now() - interval '3 seconds' FROM live_connection`,
    );
    await flusher.sweep();
    expect(new Set(woken.map((one) => one.connectionId)).size).toBe(4500);
    expect(woken).toHaveLength(4500);
  });

  it('leaves alone what waits refused until its time has come, with all that follows about it', async () => {
    await source.query(`INSERT INTO live_connection VALUES ($1)`, [lane.connectionId]);
    await add(['a', 'a']);
    crm = refused;
    await flush();
    await pass(0.5);
    await source.query(`UPDATE outbox SET created_at = now() - interval '5 seconds' WHERE connection_id = $1`, [lane.connectionId]);
    const swept = async (): Promise<boolean> => {
      woken = [];
      await flusher.sweep();
      return woken.some((one) => one.connectionId === lane.connectionId);
    };
    expect(await swept()).toBe(false);
    await pass(2);
    expect(await swept()).toBe(true);
  });
});
