import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Clock, Database, Transaction } from '#platform';
import type { Connection } from '../connection.js';
import type { SettingsStore } from '../settings/settings-store.js';
import type { HealthStore } from './health-store.js';
import { RejectedCalls } from './rejected-calls.js';

const HOUR_MS = 3_600_000;
const TX = {} as Transaction;

let now: number;
let state: { rejectedCalls: string[]; credentialsNotifiedAt: Date | null };
/** Changes of the connection's health, in order. */
let health: string[];
let calls: RejectedCalls;
let connection: Connection;

beforeEach(() => {
  now = Date.parse('2026-11-30T12:00:00Z');
  [state, health] = [{ rejectedCalls: [], credentialsNotifiedAt: null }, []];
  connection = { id: 'c-1', problems: {}, module: { manifest: { code: 'pbx' }, providers: [] } } as unknown as Connection;
  calls = new RejectedCalls(
    { transaction: (work: (tx: Transaction) => Promise<unknown>) => work(TX) } as unknown as Database,
    {
      changeState: (_connection: Connection, _tx: Transaction, change: (before: typeof state) => Partial<typeof state> | undefined) => {
        state = { ...state, ...change(state) };
        return Promise.resolve();
      },
    } as unknown as SettingsStore,
    {
      begin: () => Promise.resolve(health.push('began') > 0),
      endOf: () => Promise.resolve(void health.push('ended')),
    } as unknown as HealthStore,
    { now: () => new Date(now) } as Clock,
  );
});

const add = (call: string): Promise<boolean> => calls.add(TX, connection, { call, reason: 'no' }, 24);

describe('calls at which credentials were refused', () => {
  it('cause one notice to the account, and the next one only after the quiet hours', async () => {
    expect([await add('save'), await add('save')]).toEqual([true, false]);
    await calls.markTold(TX, connection);
    now += 24 * HOUR_MS - 1;
    expect(await add('track')).toBe(false);
    now += 1;
    expect(await add('print')).toBe(true);
    expect([state.rejectedCalls, health]).toEqual([
      ['save', 'track', 'print'],
      ['began', 'began', 'began'],
    ]);
  });

  it('end the problem when the last is accepted', async () => {
    for (const call of ['save', 'track']) await add(call);
    await calls.remove(connection, 'save');
    expect(health).toEqual(['began', 'began']);
    await calls.remove(connection, 'save');
    await calls.remove(connection, 'track');
    expect([state.rejectedCalls, health]).toEqual([[], ['began', 'began', 'ended']]);
  });

  it('may cause another notice after new settings, and not after a successful check', async () => {
    await add('save');
    await calls.markTold(TX, connection);
    await calls.clear(TX, connection, true);
    expect(state).toEqual({ rejectedCalls: [], credentialsNotifiedAt: new Date(now) });
    await calls.clear(TX, connection);
    expect(state.credentialsNotifiedAt).toBeNull();
  });
});
