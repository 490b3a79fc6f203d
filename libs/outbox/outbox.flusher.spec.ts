import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import * as fc from 'fast-check';
import type { Connection, ConnectionStore, CrmClients, HealthStore } from '#connections';
import { ScopeError, ServerError, ValidationError } from '#crm-client';
import { LEASE_MS } from './lane-statements.js';
import type { Lane, LaneWakes } from './lane-wakes.js';
import { LaneLost, type Marked, type OutboxLanes, type TakenLane, type Wanted } from './outbox-lanes.js';
import { OutboxPackers, type WaitingEntry } from './outbox-packer.js';
import { OutboxFlusher } from './outbox.flusher.js';
import type { Failures, Rest } from './pauses.js';
import type { Rejection, Verdict } from './rejection.js';

const LANE = { connectionId: 'c', kind: 'spec' };
const CALL = { verb: 'POST', path: '/spec', status: 400 };
const refused = (): Error => new ValidationError('refused', CALL, {}, {});
const away = (): Error => new ServerError('away', { ...CALL, status: 500 });

interface Row {
  readonly id: string;
  readonly subject: string;
  readonly payload: object;
  readonly createdAt: Date;
  state: 'pending' | 'sent' | 'failed' | 'dropped';
  rejections: number;
  rejectedAt: number;
  notBefore: number;
}

/** One lane in memory that behaves like PostgreSQL's. Times are seconds, by its clock. */
class MemoryLanes implements Pick<OutboxLanes, keyof OutboxLanes> {
  readonly rows: Row[] = [];
  now = 0;
  dueAt = 0;
  private fence = 0;
  private leaseUntil = 0;
  private passedAt = -Infinity;
  private failures = 0;

  add(...subjects: string[]): void {
    for (const subject of subjects)
      this.rows.push({
        id: String(this.rows.length),
        ...{ subject, payload: {}, createdAt: new Date(), state: 'pending', rejections: 0, rejectedAt: Infinity, notBefore: 0 },
      });
  }

  idsIn(state: Row['state']): number[] {
    return this.rows.filter((row) => row.state === state).map(({ id }) => Number(id));
  }

  take(lanes: readonly Lane[]): Promise<TakenLane[]> {
    if (lanes.length === 0 || this.leaseUntil > this.now || this.dueAt > this.now || this.pending().length === 0)
      return Promise.resolve([]);
    this.leaseUntil = this.now + LEASE_MS / 1000;
    return Promise.resolve([{ ...LANE, fence: String(++this.fence), takenAt: this.begin() }]);
  }

  async renew(lane: TakenLane): Promise<string> {
    await this.check(lane);
    this.leaseUntil = this.now + LEASE_MS / 1000;
    return this.begin();
  }

  release(): Promise<void> {
    [this.leaseUntil, this.failures] = [0, 0];
    return Promise.resolve();
  }

  listNext(wanted: readonly Wanted[]): Promise<WaitingEntry<unknown>[][]> {
    return Promise.resolve(wanted.map(({ maxSubjects }) => this.listWaiting(maxSubjects)));
  }

  private listWaiting(maxSubjects: number): WaitingEntry<unknown>[] {
    const waiting = new Set(this.refused().map(({ subject }) => subject));
    const pending = this.pending().filter(({ subject }) => !waiting.has(subject));
    const subjects = [...new Set(pending.map(({ subject }) => subject))].slice(0, maxSubjects);
    return pending.filter(({ subject }) => subjects.includes(subject)).slice(0, this.isInDoubt() ? 1 : undefined);
  }

  listRejected(_lane: TakenLane, maxSubjects: number): Promise<WaitingEntry<unknown>[]> {
    const due = this.refused().filter((row) => row.notBefore <= this.now || this.passedAt > row.rejectedAt);
    return Promise.resolve(due.slice(0, this.isInDoubt() ? 1 : maxSubjects));
  }

  async markSent(lane: TakenLane, ids: readonly string[], began: string): Promise<Marked> {
    await this.check(lane);
    [this.passedAt, this.failures] = [Number(began), 0];
    for (const row of this.rows) if (ids.includes(row.id)) Object.assign(row, { state: 'sent', rejections: 0 });
    const more = this.pending().length > 0;
    this.leaseUntil = more ? this.now + LEASE_MS / 1000 : 0;
    return { more, at: this.begin() };
  }

  dropOverdue(_lane: TakenLane, ids: string[]): Promise<void> {
    for (const row of this.rows) if (ids.includes(row.id)) row.state = 'dropped';
    return Promise.resolve();
  }

  readRejections(_lane: TakenLane, id: string): Promise<Omit<Rejection, 'passing'>> {
    const row = this.find(id);
    const others = this.refused().filter((other) => other.subject !== row.subject && other.rejectedAt >= this.passedAt).length;
    const seconds = row.rejections > 0 ? this.now - row.rejectedAt : 0;
    return Promise.resolve({ rejections: row.rejections, seconds, passedSince: this.passedAt > row.rejectedAt, others });
  }

  markRejected(_lane: TakenLane, id: string, verdict: Verdict, holdS: number): Promise<void> {
    const row = this.find(id);
    Object.assign(row, { state: verdict === 'set-aside' ? 'failed' : 'pending', notBefore: this.now + holdS });
    row.rejectedAt = row.rejections++ === 0 ? this.now : row.rejectedAt;
    return Promise.resolve();
  }

  rest(_lane: TakenLane, _message: string, decide: (known: Failures) => Rest): Promise<Rest & { failures: number }> {
    const rest = decide({ failures: this.failures++, sinceLastS: 0, triedS: 0 });
    [this.leaseUntil, this.dueAt] = [0, this.now + rest.pauseMs / 1000];
    return Promise.resolve({ ...rest, failures: this.failures });
  }

  giveUp(): Promise<number> {
    return Promise.resolve(0);
  }

  listDue(): Promise<Lane[]> {
    return Promise.resolve([]);
  }

  /** Starts each call later than the previous one. */
  private begin(): string {
    return String((this.now += 1 / 1024));
  }

  private pending(): Row[] {
    return this.rows.filter((row) => row.state === 'pending');
  }

  /** Returns the first row of each subject that waits after a rejection. */
  private refused(): Row[] {
    const firsts = new Map(
      this.pending()
        .reverse()
        .map((row) => [row.subject, row]),
    );
    return [...firsts.values()].filter((row) => row.rejections > 0).sort((a, b) => a.notBefore - b.notBefore);
  }

  private isInDoubt(): boolean {
    return this.refused().filter((row) => row.rejectedAt >= this.passedAt).length > 1;
  }

  private find(id: string): Row {
    return this.rows[Number(id)] as Row;
  }

  private check(lane: TakenLane): Promise<void> {
    return lane.fence === String(this.fence) ? Promise.resolve() : Promise.reject(new LaneLost());
  }
}

let lanes: MemoryLanes;
let flusher: OutboxFlusher;
let connection: { active: boolean; frozen: boolean; problems: object };
/** The rows' numbers in each call, and the sent ones. */
let calls: number[][];
let told: number[];
let wakes: number;
/** The CRM's reply to a call. Undefined: it accepts the call. */
let crm: (numbers: number[]) => Error | undefined | Promise<Error | undefined>;
let maxSubjects: number;
const health = { begin: jest.fn(() => Promise.resolve(true)), end: jest.fn(() => Promise.resolve(true)) };

beforeEach(() => {
  jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
  lanes = new MemoryLanes();
  connection = { active: true, frozen: false, problems: {} };
  jest.clearAllMocks();
  [calls, told, wakes, maxSubjects] = [[], [], 0, 100];
  crm = () => undefined;
  const packers = new OutboxPackers();
  packers.add({
    kind: 'spec',
    lingerMs: 0,
    get maxSubjects() {
      return maxSubjects;
    },
    send: async (_crm, _connection, entries) => {
      const numbers = entries.map(({ id }) => Number(id));
      calls.push(numbers);
      const error = await crm(numbers);
      if (error) throw error;
      told.push(...numbers);
    },
  });
  flusher = new OutboxFlusher(
    lanes as unknown as OutboxLanes,
    {
      findCallers: () => Promise.resolve([{ id: 'c' }]),
      parse: () => ({ id: 'c', ...connection }) as Connection,
    } as unknown as ConnectionStore,
    { crmForRow: () => ({}) } as unknown as CrmClients,
    packers,
    { add: () => wakes++ } as unknown as LaneWakes,
    health as unknown as HealthStore,
  );
});

const flush = (stopping = new AbortController().signal): Promise<void> => flusher.flush({ lanes: [LANE] }, stopping);

describe('a lane', () => {
  it('that the key has no scope for is a problem of the connection, until the CRM takes it again', async () => {
    lanes.add('a');
    crm = () => new ScopeError('no scope', { ...CALL, status: 403 }, 'spec_write');
    await flush();
    expect(health.begin.mock.calls).toEqual([['c', { kind: 'crm-refuses', part: 'spec' }, expect.stringContaining('no scope')]]);
    connection.problems = { 'crm-refuses#spec': { since: '', reason: '' } };
    crm = () => undefined;
    lanes.now += 3_600;
    await flush();
    expect(told).toEqual([0]);
    expect(health.end.mock.calls).toEqual([['c', ['crm-refuses#spec']]]);
  });

  it('that fails, and a rejected row, are logged without the data of buyers', async () => {
    const said = '400, Order 7 of Irina Smirnova +79161234567 is wrong';
    const warn = jest.mocked(Logger.prototype.warn);
    lanes.add('a');
    for (const error of [new ServerError(`the CRM failed (${said})`, CALL), new ValidationError(`refused (${said})`, CALL, {}, {})]) {
      warn.mockClear();
      crm = () => error;
      lanes.now += 3_600;
      await flush();
      const line = String(warn.mock.calls[0]?.[0]);
      expect(line).toMatch(/Order 7 of \*{3} .*is wrong/);
      expect(line).not.toMatch(/Irina|Smirnova|9161234567/);
    }
  });

  it('is sent in as few calls as possible, in the order of each subject', async () => {
    lanes.add('a', 'b', 'a', 'c', 'b', 'd');
    maxSubjects = 2;
    await flush();
    expect(calls).toEqual([
      [0, 1, 2, 4],
      [3, 5],
    ]);
  });

  it('is sent by one worker at a time', async () => {
    lanes.add('a', 'b');
    let answer = (): void => undefined;
    crm = () => new Promise((resolve) => (answer = () => resolve(undefined)));
    const first = flush();
    await new Promise((resolve) => setImmediate(resolve));
    await flush();
    answer();
    await first;
    expect([calls, told]).toEqual([[[0, 1]], [0, 1]]);
  });

  it('that another worker took over is abandoned immediately: nothing is marked, and the lane does not pause', async () => {
    lanes.add('a', 'b');
    maxSubjects = 1;
    crm = async () => {
      lanes.now += LEASE_MS / 1000;
      await lanes.take([LANE]);
      return undefined;
    };
    await flush();
    expect([calls, lanes.idsIn('sent'), lanes.dueAt]).toEqual([[[0]], [], 0]);
  });

  it.each([
    ['switched off', { active: false }],
    ['frozen', { frozen: true }],
    ['frozen by the operator', { frozenByOperatorAt: new Date() }],
    ['disconnected', { active: false, disconnectedAt: new Date() }],
  ])('of a connection that is %s is left alone', async (_what, state) => {
    lanes.add('a');
    Object.assign(connection, state);
    await flush();
    expect(calls).toEqual([]);
  });

  it('that cannot be marked is marked with a later try, and the CRM gets nothing twice', async () => {
    lanes.add('a');
    const markSent = lanes.markSent.bind(lanes);
    const mark = jest.spyOn(lanes, 'markSent').mockRejectedValueOnce(new Error('all connections are in use'));
    mark.mockImplementationOnce(async (...args) => {
      await markSent(...args);
      throw new Error('the reply was lost');
    });
    await flush();
    await flush();
    expect([calls, lanes.idsIn('sent'), mark.mock.calls.length]).toEqual([[[0]], [0], 3]);
  });

  it('that never ends lets others have the worker after twenty calls, and comes again', async () => {
    lanes.add(...Array.from({ length: 25 }, (_, n) => `s${n}`));
    maxSubjects = 1;
    await flush();
    expect([calls.length, wakes]).toEqual([20, 1]);
    await flush();
    expect([calls.length, wakes, lanes.idsIn('pending')]).toEqual([25, 1, []]);
  });

  it('is abandoned after the running call when the process stops', async () => {
    lanes.add('a', 'b');
    maxSubjects = 1;
    const stopping = new AbortController();
    crm = () => void stopping.abort();
    await flush(stopping.signal);
    expect([told, lanes.idsIn('pending')]).toEqual([[0], [1]]);
  });

  it('pauses while the CRM is unavailable, longer each time, and then sends all waiting rows', async () => {
    lanes.add('a');
    crm = away;
    const pauses: number[] = [];
    for (let failure = 0; failure < 4; failure++) {
      await flush();
      pauses.push(lanes.dueAt - lanes.now);
      await flush();
      lanes.now = lanes.dueAt;
    }
    expect(calls).toHaveLength(4);
    for (const [failure, pause] of pauses.entries()) expect(Math.abs(pause - 2 ** failure)).toBeLessThanOrEqual(2 ** failure / 4);
    crm = () => undefined;
    await flush();
    expect(told).toEqual([0]);
  });
});

describe('a row that the CRM refuses', () => {
  it('waits, with the later rows of its subject behind it, and other rows are sent first', async () => {
    lanes.add('a', 'a', 'b');
    crm = (numbers) => (numbers.includes(0) ? refused() : undefined);
    await flush();
    expect([told, lanes.idsIn('failed')]).toEqual([[2, 1], [0]]);
  });

  it('alone in its lane is tried again after a pause, and fails after ten minutes', async () => {
    lanes.add('a');
    crm = refused;
    const tries: number[] = [];
    for (; lanes.idsIn('failed').length === 0 && lanes.now < 2_000; lanes.now++) {
      const before = calls.length;
      await flush();
      if (calls.length > before) tries.push(Math.floor(lanes.now));
    }
    expect(tries).toEqual([0, 1, 3, 7, 15, 31, 63, 127, 255, 405, 555, 705]);
    expect(lanes.dueAt).toBe(0);
  });

  it('together with every other, does not fail any row: the lane pauses', async () => {
    lanes.add(...Array.from({ length: 100 }, (_, n) => `s${n}`));
    crm = refused;
    await flush();
    expect([calls.length <= 4, lanes.idsIn('failed'), lanes.dueAt > lanes.now]).toEqual([true, [], true]);
  });

  it('whichever it is, is set aside in the end, and every other told once, in the order of its subject', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ subject: fc.constantFrom(...'abcdefgh'), poison: fc.boolean() }), { minLength: 1, maxLength: 40 }),
        fc.nat(8),
        fc.integer({ min: 1, max: 8 }),
        async (drafts, outage, most) => {
          Object.assign(lanes, new MemoryLanes(), { rows: [] });
          [told, maxSubjects] = [[], most];
          lanes.add(...drafts.map(({ subject }) => subject));
          const poison = (n: number): boolean => drafts[n]?.poison ?? false;
          crm = refused;
          for (let turn = 0; turn < outage; turn++, lanes.now += 2 ** turn) await flush();
          expect(lanes.idsIn('pending')).toHaveLength(drafts.length);
          crm = (numbers) => (numbers.some(poison) ? refused() : undefined);
          for (let turn = 0; turn < 1_000 && lanes.idsIn('pending').length > 0; turn++, lanes.now += 150) await flush();
          const all = drafts.map((_, n) => n);
          expect(lanes.idsIn('failed')).toEqual(all.filter(poison));
          for (const subject of 'abcdefgh')
            expect(told.filter((n) => drafts[n]?.subject === subject)).toEqual(
              all.filter((n) => drafts[n]?.subject === subject && !poison(n)),
            );
        },
      ),
    );
  });
});
