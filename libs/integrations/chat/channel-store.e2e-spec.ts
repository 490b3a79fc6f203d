import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Database } from '#platform';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { ChannelStore, type SyncLease, SyncLost } from './channel-store.js';
import { chat } from './chat.integration.js';

let spec: SpecDatabase;
let database: Database;
let store: ChannelStore;
let connection: string;

beforeAll(async () => {
  spec = await createSpecDatabase([chat]);
  database = new Database(spec.source);
  store = new ChannelStore(database);
}, 60_000);
afterAll(() => spec?.remove());
beforeEach(async () => {
  await database.query('TRUNCATE chat_channel, chat_channel_sync');
  connection = randomUUID();
  await markDue();
});

const markDue = (id = connection): Promise<void> => database.transaction((tx) => store.markDue(tx, id));

async function claim(): Promise<SyncLease> {
  const [lease] = await store.claimDue();
  if (!lease) throw new Error('nothing is due');
  return lease;
}

/** Simulates that the lease and the pause have expired. */
async function expire(): Promise<void> {
  await database.query(`UPDATE chat_channel_sync SET lease_until = now() - interval '1 second', due_at = now() - interval '1 second'`);
}

/** Seconds until it is due. Undefined: it is not due. */
async function readPause(): Promise<number | undefined> {
  const dueAt = (await store.findSync(connection))?.dueAt;
  return dueAt ? Math.round((dueAt.getTime() - Date.now()) / 1_000) : undefined;
}

describe('the comparison of channels', () => {
  it('is done by one of many workers, for a batch of connections', async () => {
    for (let one = 0; one < 30; one++) await markDue(randomUUID());
    const claimed = (await Promise.all(Array.from({ length: 8 }, () => store.claimDue()))).flat();
    while (claimed.length < 31) claimed.push(await claim());
    expect(new Set(claimed.map(({ connectionId }) => connectionId)).size).toBe(31);
    expect(await store.claimDue()).toEqual([]);
  });

  it('is taken over from a process that died, which stores nothing more should it come back', async () => {
    const former = await claim();
    await store.keepAccounts(former, [{ id: 'bot', name: '@bot' }]);
    expect(await store.claimDue()).toEqual([]);
    await expire();
    const present = await claim();
    expect(present).toMatchObject({ fence: former.fence + 1, tries: 2 });
    const [channel] = await store.keepAccounts(present, [{ id: 'bot', name: '@bot' }]);
    await store.keepChannel(present, channel?.id ?? '', { state: 'active', problem: null, mgId: 5, settingsHash: 'hash' });
    await expect(store.keepChannel(former, channel?.id ?? '', { state: 'failed', problem: 'late' })).rejects.toThrow(SyncLost);
    await expect(store.keepAccounts(former, [{ id: 'other', name: '@other' }])).rejects.toThrow(SyncLost);
    await store.endRun(former, 'never', 'late');
    expect(await store.list(connection)).toMatchObject([{ account: 'bot', state: 'active', problem: null, mgId: '5' }]);
    expect(await store.claimDue()).toEqual([]);
    await store.endRun(present, 'daily');
    expect(await store.findSync(connection)).toMatchObject({ tries: 0, problem: null });
  });

  it('is repeated immediately when something changed while it ran', async () => {
    for (const next of ['retry', 'daily', 'never'] as const) {
      await expire();
      const lease = await claim();
      await markDue();
      await store.endRun(lease, next);
      const again = await claim();
      expect(again.fence).toBe(lease.fence + 1);
      await store.endRun(again, 'never');
      expect(await readPause()).toBeUndefined();
    }
  });

  it('is repeated after pauses that double up to an hour, in a day after a success, or not at all', async () => {
    for (const pause of [15, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600]) {
      await expire();
      await store.endRun(await claim(), 'retry', 'away');
      // A slow machine may have used up some of the pause.
      const left = (await readPause()) ?? 0;
      expect([pause, left > pause - 10 && left <= pause]).toEqual([pause, true]);
    }
    expect(await store.findSync(connection)).toMatchObject({ tries: 10, problem: 'away' });
    await expire();
    await store.endRun(await claim(), 'daily');
    const day = (await readPause()) ?? 0;
    expect(day > 77_000 && day < 96_000).toBe(true);
    expect(await store.findSync(connection)).toMatchObject({ tries: 0, problem: null });
    await expire();
    await store.endRun(await claim(), 'never', 'the gateway is not known');
    expect([await readPause(), (await store.findSync(connection))?.problem]).toEqual([undefined, 'the gateway is not known']);
  });

  it('keeps the channel of an account, whatever its name, and wants one again that was off', async () => {
    const lease = await claim();
    const [first] = await store.keepAccounts(lease, [{ id: 'bot', name: '@bot' }]);
    expect(first).toMatchObject({ state: 'wanted', mgId: null });
    await store.keepChannel(lease, first?.id ?? '', { state: 'active', problem: null, mgId: 5, settingsHash: 'hash' });
    const [renamed] = await store.keepAccounts(lease, [{ id: 'bot', name: '@bot2' }]);
    expect(renamed).toMatchObject({ id: first?.id, name: '@bot2', state: 'active', mgId: '5', settingsHash: 'hash' });
    await store.keepChannel(lease, first?.id ?? '', { state: 'off', problem: null });
    expect(await store.keepAccounts(lease, [{ id: 'bot', name: '@bot2' }])).toMatchObject([{ state: 'wanted', mgId: '5' }]);
  });
});
