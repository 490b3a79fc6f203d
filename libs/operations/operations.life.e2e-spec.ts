import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { DataSource } from 'typeorm';
import type { Connection, ConnectionStore, Usage } from '#connections';
import { CallbackError, Clock, Database, Environment } from '#platform';
import { CallBudget, ProviderError, type Recovery } from '#provider-kit';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { OperationEntity } from './operation.entity.js';
import type { OperationKind } from './operation-kind.js';
import { OperationStore } from './operation-store.js';
import { operationsSchema } from './operations.module.js';
import { OperationsService } from './operations.service.js';
import { judgeAbsence, sendUnlessRejected } from './recovery.js';

/** Time of a call, which only a call with the short one uses up, also on a busy machine. */
const BUDGET_MS = 60_000;
const SHORT_MS = 600;
/** Seconds after which the provider shows what it has. */
const SETTLE_S = 10;

interface Input {
  order: string;
}
interface Made {
  number: string;
}

const connection = makeConnection({ kind: 'find', settleSeconds: SETTLE_S });
/** A connection of a built-in provider. */
const local = makeConnection({ kind: 'local' });
let spec: SpecDatabase | undefined;
let source: DataSource;
let operations: OperationsService;
let store: OperationStore;
/** Another process on the same database. */
let elsewhere: OperationsService;
/** The provider's records, by order. */
let provider: Map<string, string[]>;
/** Orders stored with their operation. */
let stored: string[];
let kind: OperationKind<Input, Made>;
let edits: OperationKind<Input, Made>;
/** Milliseconds that have passed when an outcome is looked up. */
let passedMs: number;

/** Callbacks that were counted. */
let counted: string[];
const usage = {
  countByOperation: () => undefined,
  add: (_tx: unknown, _of: unknown, callback: string) => Promise.resolve(void counted.push(callback)),
} as unknown as Usage;

function makeService(database: Database, budgetMs = BUDGET_MS): OperationsService {
  const environment = Object.assign(new Environment(), { PROVIDER_BUDGET_MS: budgetMs });
  const connections = { findById: () => Promise.resolve(connection) } as unknown as ConnectionStore;
  return new OperationsService(database, new OperationStore(database, environment), connections, environment, new Clock(database), usage);
}

beforeAll(async () => {
  spec = await createSpecDatabase([operationsSchema]);
  source = spec.source;
});
afterAll(() => spec?.remove());

beforeEach(() => {
  provider = new Map();
  stored = [];
  counted = [];
  passedMs = 0;
  store = new OperationStore(new Database(source), new Environment());
  [operations, elsewhere] = [makeService(new Database(source)), makeService(new Database(source))];
  const listNumbers = (order: string): string[] => provider.get(order) ?? [];
  kind = {
    kind: 'spec.save',
    answersRepeats: true,
    send: ({ input }) => {
      const number = `N${listNumbers(input.order).length + 1}`;
      provider.set(input.order, [...listNumbers(input.order), number]);
      return Promise.resolve({ number });
    },
    recover: (operation) => {
      const [number] = listNumbers(operation.input.order);
      const now = new Date(Date.now() + passedMs);
      return Promise.resolve(number === undefined ? judgeAbsence(operation, SETTLE_S, now) : { found: { number } });
    },
    commit: (_manager, { input }, result) => {
      stored.push(input.order);
      return Promise.resolve(result);
    },
  };
  edits = { ...kind, kind: 'spec.edit', answersRepeats: false };
  for (const service of [operations, elsewhere]) [kind, edits].forEach((one) => service.define(one));
});

let lastOrder = 0;
const nextOrder = (): string => String(++lastOrder);

function save(order: string, service = operations, of = kind, by = connection): ReturnType<OperationsService['perform']> {
  return service.perform(of, by, { key: `save:${order}`, subject: order, input: { order } });
}

function makeConnection(recovery: Recovery): Connection {
  return { id: randomUUID(), module: { manifest: { recovery } } } as Connection;
}

/** Waits until a background change has happened. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
}

const shorten = (): Connection => ({ ...connection, budget: new CallBudget(SHORT_MS) });
const listRows = (subject: string): Promise<OperationEntity[]> =>
  source.getRepository(OperationEntity).find({ where: { subject }, order: { id: 'ASC' } });
const catchFailure = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (error: unknown) => (error instanceof ProviderError ? error.kind : String(error)),
  );

describe('an operation', () => {
  it('is done once, and repeats get its reply', async () => {
    const order = nextOrder();
    const first = await save(order);
    const again = await save(order, elsewhere);
    expect([first.repeated, again.repeated, again.operation.result]).toEqual([false, true, { number: 'N1' }]);
    expect([provider.get(order), stored, await listRows(order)]).toMatchObject([
      ['N1'],
      [order],
      [{ state: 'done', key: `save:${order}` }],
    ]);
  });

  it('counts the callback that started it once, also if its outcome is found later, but no repeat', async () => {
    const answering = { ...kind, callback: 'spec.save' };
    const edit = { ...edits, callback: 'spec.edit' };
    for (const service of [operations, elsewhere]) [answering, edit].forEach((one) => service.define(one));
    const byCrm = (): Connection => ({ ...connection, budget: new CallBudget(BUDGET_MS) });
    const order = nextOrder();
    for (const service of [operations, elsewhere]) await save(order, service, answering, byCrm());
    await save(nextOrder(), operations, answering);
    expect(counted).toEqual(['callback:spec.save']);
    const lost = nextOrder();
    const { send } = answering;
    const losing = {
      ...answering,
      send: async (...given: Parameters<typeof send>) => send(...given).then(() => Promise.reject(new Error('lost'))),
    };
    await expect(save(lost, operations, losing, byCrm())).rejects.toThrow();
    expect(counted).toHaveLength(1);
    const [{ id } = { id: '' }] = await listRows(lost);
    await elsewhere.reconcile(id);
    expect(counted).toHaveLength(2);
    for (const size of [1, 1, 2, 2, 1])
      await operations.perform(edit, byCrm(), { key: `edit:${order}`, subject: `edited ${order}`, input: { order, size } as Input });
    expect(counted.slice(2)).toEqual(['callback:spec.edit', 'callback:spec.edit', 'callback:spec.edit']);
  });

  it('is not sent if the database used up its time', async () => {
    const database = new Database(source);
    const query = database.query.bind(database);
    jest.spyOn(database, 'query').mockImplementation(async (text, values) => {
      if (text.includes('INSERT INTO operation')) await new Promise((resolve) => setTimeout(resolve, SHORT_MS * 0.9));
      return query(text, values);
    });
    const order = nextOrder();
    expect(await catchFailure(save(order, makeService(database), kind, shorten()))).toBe('unavailable');
    expect(provider.get(order)).toBeUndefined();
    expect((await save(order)).repeated).toBe(false);
  });

  it('is not sent if its callback arrived too long ago', async () => {
    const order = nextOrder();
    const late = new CallBudget(SHORT_MS, performance.now() - SHORT_MS * 0.8);
    const of = { ...connection, budget: late };
    expect(await catchFailure(operations.perform(kind, of, { key: `save:${order}`, subject: order, input: { order } }))).toBe(
      'unavailable',
    );
    expect([provider.get(order), (await listRows(order)).map((row) => row.state)]).toEqual([undefined, ['refused']]);
    expect((await save(order)).repeated).toBe(false);
  });

  describe('that hangs', () => {
    /** Sends only when released, long after its time. */
    const hang = (): { go: () => void } => {
      const held = {} as { go: () => void };
      const gone = new Promise<void>((resolve) => (held.go = resolve));
      const send = kind.send.bind(kind);
      kind.send = async (operation, of, options) => {
        options.onHang?.(new ProviderError('unknown_outcome', 'it hangs'));
        await gone;
        return send(operation, of, options);
      };
      return held;
    };

    it('is immediately unknown, does not count as never made, and is finished by its late result', async () => {
      const order = nextOrder();
      const { go } = hang();
      expect(await catchFailure(save(order))).toBe('unknown_outcome');
      // By now an abandoned call would count as never made, and be sent again.
      passedMs = SETTLE_S * 1_100;
      expect(await catchFailure(save(order, elsewhere))).toBe('unknown_outcome');
      go();
      await until(async () => (await listRows(order))[0]?.state === 'done');
      expect((await save(order)).operation.result).toEqual({ number: 'N1' });
      expect([provider.get(order), stored]).toEqual([['N1'], [order]]);
    });

    it('frees its key if it is finally refused', async () => {
      const order = nextOrder();
      const { go } = hang();
      const send = kind.send.bind(kind);
      kind.send = async (...args) => {
        await send(...args);
        throw new ProviderError('rejected', 'no');
      };
      expect(await catchFailure(save(order))).toBe('unknown_outcome');
      kind.recover = () => Promise.resolve('unknown');
      go();
      await until(async () => (await listRows(order))[0]?.state === 'refused');
      expect(await listRows(order)).toMatchObject([{ key: null, error: 'no' }]);
    });

    it('stays unknown and keeps its key if its reply is finally lost', async () => {
      const order = nextOrder();
      const { go } = hang();
      const send = kind.send.bind(kind);
      kind.send = async (...args) => {
        await send(...args);
        throw new ProviderError('unknown_outcome', 'the reply was lost');
      };
      expect(await catchFailure(save(order))).toBe('unknown_outcome');
      kind.recover = () => Promise.resolve('unknown');
      go();
      await until(async () => (await listRows(order))[0]?.error?.includes('the reply was lost') === true);
      expect(await listRows(order)).toMatchObject([{ key: expect.any(String), state: 'unknown' }]);
    });
  });

  it('stays unknown and is not sent again if the lookup used up its time', async () => {
    const order = nextOrder();
    const send = kind.send.bind(kind);
    kind.send = () => Promise.reject(new ProviderError('unknown_outcome', 'lost'));
    expect(await catchFailure(save(order))).toBe('unknown_outcome');
    kind.recover = async (operation, of) => {
      await new Promise((resolve) => setTimeout(resolve, SHORT_MS * 0.8));
      const made = await sendUnlessRejected(of, () => send(operation, of, { budgetMs: SHORT_MS }));
      return made ? { found: made } : 'absent';
    };
    const [row] = await listRows(order);
    const hurried = makeService(new Database(source), SHORT_MS);
    hurried.define(kind);
    await hurried.reconcile(row?.id ?? '');
    expect([provider.get(order), (await listRows(order)).map(({ state }) => state)]).toEqual([undefined, ['unknown']]);
  });

  it('is done once for ten simultaneous requests in two processes', async () => {
    const order = nextOrder();
    const send = kind.send.bind(kind);
    kind.send = async (...args) => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      return send(...args);
    };
    const outcomes = await Promise.all(Array.from({ length: 10 }, (_, index) => save(order, index % 2 ? operations : elsewhere)));
    expect(outcomes.map((outcome) => outcome.operation.result)).toEqual(outcomes.map(() => ({ number: 'N1' })));
    expect(outcomes.filter((outcome) => !outcome.repeated)).toHaveLength(1);
  });

  it('of a kind without answersRepeats frees its key, so the next one is done again', async () => {
    const order = nextOrder();
    await save(order, operations, edits);
    const second = await save(order, operations, edits);
    expect([second.repeated, provider.get(order)]).toEqual([false, ['N1', 'N2']]);
    expect((await listRows(order)).map((row) => [row.state, row.key])).toEqual([
      ['done', null],
      ['done', null],
    ]);
  });

  it.each([
    ['the provider refuses', new ProviderError('rejected', 'no'), 'rejected'],
    ['the provider was not reached', new ProviderError('unavailable', 'away'), 'unavailable'],
    ['what it is about is gone', new CallbackError(404, 'gone'), 'Error: gone'],
  ])('is refused and keeps no key if %s, so the next one is sent', async (_what, error, failure) => {
    const order = nextOrder();
    const send = jest.spyOn(kind, 'send').mockRejectedValueOnce(error);
    expect(await catchFailure(save(order))).toContain(failure);
    expect(await listRows(order)).toMatchObject([{ state: 'refused', key: null, error: error.message }]);
    expect((await save(order)).operation.result).toEqual({ number: 'N1' });
    expect(send).toHaveBeenCalledTimes(2);
  });
});

describe('the key of a done operation', () => {
  it('is available after it was freed, which requires a minimum age', async () => {
    const order = nextOrder();
    await save(order);
    await store.freeKey(connection, `save:${order}`, { olderThanS: 60 });
    expect((await save(order)).repeated).toBe(true);
    await store.freeKey(connection, `save:${order}`);
    expect((await save(order)).repeated).toBe(false);
    expect(provider.get(order)).toEqual(['N1', 'N2']);
  });

  it('is not freed while the operation runs', async () => {
    const order = nextOrder();
    const send = kind.send.bind(kind);
    kind.send = async (...args) => {
      await store.freeKey(connection, `save:${order}`);
      return send(...args);
    };
    await save(order);
    expect((await save(order)).repeated).toBe(true);
  });
});

describe('an operation of a built-in provider', () => {
  it('is one transaction, so a failure removes its results and its record', async () => {
    const order = nextOrder();
    await source.query(`CREATE TABLE IF NOT EXISTS spec_effect (id text PRIMARY KEY)`);
    const send = kind.send.bind(kind);
    kind.send = async (operation, of, options) => {
      await options.transaction?.query(`INSERT INTO spec_effect VALUES ($1)`, [order]);
      return send(operation, of, options);
    };
    jest.spyOn(kind, 'commit').mockRejectedValueOnce(new Error('the database was away'));
    expect(await catchFailure(save(order, operations, kind, local))).toContain('the database was away');
    expect([await source.query(`SELECT * FROM spec_effect`), await listRows(order)]).toEqual([[], []]);
    expect((await save(order, operations, kind, local)).repeated).toBe(false);
    expect((await save(order, elsewhere, kind, local)).repeated).toBe(true);
    expect([await source.query(`SELECT * FROM spec_effect`), await listRows(order)]).toMatchObject([[{ id: order }], [{ state: 'done' }]]);
  });

  it('runs sequentially if two processes request it simultaneously', async () => {
    const order = nextOrder();
    let [running, most] = [0, 0];
    const send = kind.send.bind(kind);
    const slow: typeof edits = {
      ...edits,
      send: async (...args) => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 50));
        running--;
        return send(...args);
      },
    };
    await Promise.all([save(order, operations, slow, local), save(order, elsewhere, slow, local)]);
    expect([most, provider.get(order)]).toEqual([1, ['N1', 'N2']]);
  });
});

describe('an operation whose outcome is unknown', () => {
  const lost = new ProviderError('unknown_outcome', 'the reply was lost');

  it('is determined by the repeat and not sent again', async () => {
    const order = nextOrder();
    const send = kind.send.bind(kind);
    kind.send = async (...args) => {
      await send(...args);
      throw lost;
    };
    expect(await catchFailure(save(order))).toBe('unknown_outcome');
    expect((await save(order, elsewhere)).operation.result).toEqual({ number: 'N1' });
    expect([provider.get(order), stored]).toEqual([['N1'], [order]]);
  });

  it('is sent again only when the provider has had time to show it, counted from the end of the call', async () => {
    const order = nextOrder();
    const send = jest.spyOn(kind, 'send').mockImplementationOnce(async ({ id }) => {
      await source.query(`UPDATE operation SET sent_at = sent_at - interval '1 minute' WHERE id = $1`, [id]);
      throw lost;
    });
    expect(await catchFailure(save(order))).toBe('unknown_outcome');
    expect(await catchFailure(save(order))).toBe('unknown_outcome');
    expect(send).toHaveBeenCalledTimes(1);
    passedMs = SETTLE_S * 1_100;
    expect((await save(order)).operation.result).toEqual({ number: 'N1' });
  });

  it('is determined by the job if no caller repeats it', async () => {
    const order = nextOrder();
    const send = kind.send.bind(kind);
    kind.send = async (...args) => {
      await send(...args);
      throw lost;
    };
    await catchFailure(save(order));
    await source.query(`UPDATE operation SET check_at = now() WHERE subject = $1`, [order]);
    await operations.reconcileDue({}, new AbortController().signal);
    expect(await listRows(order)).toMatchObject([{ state: 'done', result: { number: 'N1' } }]);
  });

  it('stays unknown while the provider is unavailable, is checked after growing pauses, and can be released', async () => {
    const order = nextOrder();
    jest.spyOn(kind, 'send').mockRejectedValueOnce(lost);
    kind.recover = () => Promise.reject(new ProviderError('unavailable', 'away'));
    await catchFailure(save(order));
    const pauseAt = async (age: string) => {
      await source.query(`UPDATE operation SET created_at = now() - $2::interval WHERE subject = $1`, [order, age]);
      await operations.reconcile((await listRows(order))[0]?.id ?? '');
      const [row] = await listRows(order);
      return Math.floor(((row?.checkAt.getTime() ?? 0) - (row?.updatedAt.getTime() ?? 0)) / 1000);
    };
    // The CRM's repeats are checks too and do not extend the pause.
    for (let repeat = 0; repeat < 6; repeat++) await catchFailure(save(order));
    expect([await pauseAt('1 second'), await pauseAt('20 seconds'), await pauseAt('10 minutes'), await pauseAt('2 days')]).toEqual([
      2, 10, 300, 900,
    ]);
    const [row] = await listRows(order);
    expect([await store.release(row?.id ?? ''), await store.release(row?.id ?? '')]).toEqual([true, false]);
    expect((await save(order)).operation.result).toEqual({ number: 'N1' });
  });

  it('is explained in the words of the provider if it can never be determined', async () => {
    const order = nextOrder();
    jest.spyOn(kind, 'send').mockRejectedValueOnce(lost);
    await catchFailure(save(order));
    kind.recover = () => Promise.reject(new ProviderError('unknown_outcome', 'look among the calls there'));
    await expect(save(order)).rejects.toMatchObject({ kind: 'unknown_outcome', message: 'look among the calls there' });
    kind.recover = () => Promise.reject(new ProviderError('unavailable', 'away'));
    await expect(save(order)).rejects.toMatchObject({ kind: 'unknown_outcome', message: expect.stringContaining('Repeat it in a minute') });
  });

  it('is known immediately if only the commit failed', async () => {
    const order = nextOrder();
    const commit = jest.spyOn(kind, 'commit').mockRejectedValueOnce(new Error('the database was away'));
    expect(await catchFailure(save(order))).toContain('the database was away');
    expect((await save(order)).operation.result).toEqual({ number: 'N1' });
    expect([provider.get(order), commit.mock.calls.length]).toEqual([['N1'], 2]);
  });
});

describe('a call that still runs', () => {
  /** Delays the reply of the provider until `answer` is called. */
  const hold = (): { answer: () => void } => {
    const held = {} as { answer: () => void };
    const answered = new Promise<void>((resolve) => (held.answer = resolve));
    kind.send = async ({ input }) => {
      await answered;
      provider.set(input.order, ['N1']);
      return { number: 'N1' };
    };
    return held;
  };
  const findId = async (order: string): Promise<string> => {
    await until(async () => (await listRows(order)).length > 0);
    return (await listRows(order))[0]?.id ?? '';
  };

  it('is not looked up, even for an operator', async () => {
    const order = nextOrder();
    const held = hold();
    const recover = jest.spyOn(kind, 'recover');
    const running = save(order);
    const id = await findId(order);
    expect(await elsewhere.reconcile(id)).toMatchObject({ id, state: 'running', fence: 1 });
    held.answer();
    expect((await running).operation.result).toEqual({ number: 'N1' });
    expect(recover).not.toHaveBeenCalled();
  });

  it('stores nothing after it was taken over, even before the other process knows the outcome', async () => {
    const order = nextOrder();
    const held = hold();
    let find = (): void => undefined;
    kind.recover = () => new Promise((resolve) => (find = () => resolve({ found: { number: 'N1' } })));
    const recover = jest.spyOn(kind, 'recover');
    const slow = save(order);
    const id = await findId(order);
    await source.query(`UPDATE operation SET lease_until = now() WHERE id = $1`, [id]);
    const looking = elsewhere.reconcile(id);
    await until(() => Promise.resolve(recover.mock.calls.length > 0));
    held.answer();
    expect(await catchFailure(slow)).toBe('unknown_outcome');
    find();
    expect([await looking, stored]).toMatchObject([{ state: 'done', result: { number: 'N1' } }, [order, order]]);
  });
});

describe('a process that dies', () => {
  it('loses its operation when its lease ends, and cannot finish it later if it was only slow', async () => {
    const order = nextOrder();
    let answer: (made: Made) => void = () => undefined;
    kind.send = async ({ input }) => {
      provider.set(input.order, ['N1']);
      return new Promise((resolve) => (answer = resolve));
    };
    const slow = save(order);
    await until(() => Promise.resolve(provider.has(order)));
    // Its lease is valid, so a repeat waits for it, for as long as a callback may take.
    expect(await catchFailure(save(order, elsewhere, kind, shorten()))).toBe('unknown_outcome');
    await source.query(`UPDATE operation SET lease_until = now() WHERE subject = $1`, [order]);
    expect((await save(order, elsewhere)).operation.result).toEqual({ number: 'N1' });
    answer({ number: 'N1' });
    expect(await catchFailure(slow)).toBe('unknown_outcome');
    expect(await listRows(order)).toMatchObject([{ state: 'done', result: { number: 'N1' } }]);
  });
});
