import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { register } from 'prom-client';
import { Clock, Database, Environment, newId, SecretBox } from '#platform';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { journalSchema } from './journal.module.js';
import { JournalPartitions } from './journal-partitions.js';
import { JournalReader } from './journal-reader.js';
import { Journal } from './journal.js';
import type { JournalEntry } from './journal-entry.js';
import { JournalHashes } from './journal-hashes.js';

const CONNECTION = '01900000-0000-7000-8000-000000000001';
const KEY = 'ab'.repeat(32);
let spec: SpecDatabase;
let environment: Environment;
let journal: Journal;
let partitions: JournalPartitions;
const hashes = new JournalHashes(new SecretBox(KEY));
const made: Journal[] = [];

beforeAll(async () => {
  spec = await createSpecDatabase([journalSchema]);
  const { url } = spec.source.options as { url: string };
  environment = Object.assign(new Environment(), { DATABASE_URL: url, ENCRYPTION_KEY: KEY });
  partitions = new JournalPartitions(new Database(spec.source), environment);
  journal = createJournal();
});
afterEach(() => void jest.restoreAllMocks());
afterAll(async () => {
  for (const one of made) await one.onApplicationShutdown();
  await spec?.remove();
});

function createJournal(settings: Partial<Environment> = {}): Journal {
  const one = new Journal(
    Object.assign(new Environment(), environment, settings),
    new Clock(new Database(spec.source)),
    hashes,
    partitions,
  );
  made.push(one);
  return one;
}

const countLost = async (reason: string): Promise<number> =>
  (await register.getSingleMetric('journal_rows_dropped_total')?.get())?.values.find(({ labels }) => labels['reason'] === reason)?.value ??
  0;
const reader = (): JournalReader => new JournalReader(new Database(spec.source), hashes);
const entry = (more: Partial<JournalEntry>): JournalEntry => ({
  ...{ kind: 'callback', name: 'delivery.save', outcome: 'ok', durationMs: 12.34, connectionId: CONNECTION, module: 'courier' },
  ...more,
});

describe('the journal', () => {
  it('keeps what was recorded, masked, in a part that it makes', async () => {
    journal.record(
      entry({
        ...{ verb: 'POST', address: '/courier/callbacks/delivery/save', status: 200, request: 'r-1', subjects: ['order:7', 'delivery:9'] },
        requestBody: {
          type: 'application/x-www-form-urlencoded',
          content: { clientId: 'c', save: '{"order":"7","customer":{"phones":["+79161234567"]}}' },
        },
        replyBody: { content: '{"success":true,"result":{"deliveryId":"9"}}' },
      }),
    );
    await journal.flush();
    const { items } = await reader().list({ requests: ['r-1'] });
    expect(items).toMatchObject([
      {
        kind: 'callback',
        direction: 'in',
        name: 'delivery.save',
        status: 200,
        durationMs: 12.3,
        subjects: ['order:7', 'delivery:9'],
        module: 'courier',
      },
    ]);
    expect(items[0]).not.toHaveProperty('requestBody');
    const row = await reader().find(items[0]?.id ?? '');
    expect(row?.requestBody?.content).toEqual({ clientId: '***(1)', save: { order: '7', customer: { phones: ['***(12)'] } } });
    expect(row?.replyBody).toEqual({ type: 'application/json', size: 44, content: { success: true, result: { deliveryId: '9' } } });
    expect(row?.at.getTime()).toBeGreaterThan(Date.now() - 60_000);
  });

  it('is read by connection, subject, request, kind, outcome, time and phone', async () => {
    journal.record(entry({ name: 'delivery.calculate', outcome: 'refused', status: 400, request: 'r-2', subjects: ['order:8'] }));
    journal.record(entry({ kind: 'provider', provider: 'cdek', name: 'save', request: 'r-2', subjects: ['order:8'] }));
    journal.record(entry({ kind: 'crm', name: 'orders.edit', connectionId: undefined, outcome: 'unavailable' }));
    await journal.flush();
    const names = async (filter: object): Promise<string[]> => (await reader().list(filter)).items.map(({ name }) => name).sort();
    expect(await names({ subjects: ['order:8'] })).toEqual(['delivery.calculate', 'save']);
    expect(await names({ subjects: ['order:7'], requests: ['r-2'] })).toEqual(['delivery.calculate', 'delivery.save', 'save']);
    expect(await names({ connection: CONNECTION })).toEqual(['delivery.calculate', 'delivery.save', 'save']);
    expect(await names({ outcome: 'failed' })).toEqual(['delivery.calculate', 'orders.edit']);
    expect(await names({ outcome: 'refused' })).toEqual(['delivery.calculate']);
    expect(await names({ direction: 'out', provider: 'cdek' })).toEqual(['save']);
    expect(await names({ phone: '8 (916) 123-45-67' }).then((found) => found.length)).toBe(0);
    expect((await reader().list({ phone: '8 (916) 123-45-67' }, 'RU')).items).toHaveLength(1);
    expect(await names({ phone: '+7 916 123-45-67' })).toEqual(['delivery.save']);
    expect(await names({ to: new Date(Date.now() - 3_600_000) })).toEqual([]);
    expect(await names({ from: new Date(Date.now() - 3_600_000), to: new Date(Date.now() + 3_600_000) })).toHaveLength(4);
    const first = await reader().list({ limit: 3 });
    expect((await reader().list({ limit: 3, cursor: first.nextCursor })).items).toHaveLength(1);
  });

  it.each([
    'order:8 (916) 555-00-26',
    'delivery:ivanov@example.com x',
    'order:4111-1111-1111-1111',
    'call:sk_test_1',
    `order:${'7'.repeat(200)}`,
  ])('finds a row by a subject that may be personal, and does not show it (%s)', async (subject) => {
    journal.record(entry({ subjects: [subject] }));
    await journal.flush();
    const { items } = await reader().list({ subjects: [subject] });
    expect(items.map(({ subjects }) => subjects)).toEqual([[expect.stringMatching(/^(order|delivery|call):~[\w-]{16}$/)]]);
    expect(await reader().list({ subjects: items[0]?.subjects })).toMatchObject({ items: [{ id: items[0]?.id }] });
  });

  it('finds phones by a key that was rotated', () => {
    const rotated = new JournalHashes(new SecretBox(`${'cd'.repeat(32)},${KEY}`));
    expect(rotated.search('+79161234567')).toEqual(expect.arrayContaining(hashes.hash(['+7 916 123 45 67'])));
    expect(rotated.searchSubject('order:+79161234567')).toContain(hashes.hideSubject('order:+79161234567'));
  });

  it('loses only the row that the database rejects', async () => {
    jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    journal.record(entry({ name: 'well', request: 'r-3' }));
    journal.record(entry({ name: 'ill', request: 'r-3', connectionId: 'no uuid' }));
    journal.record(entry({ name: 'well\0', request: 'r-3' }));
    await journal.flush();
    expect((await reader().list({ requests: ['r-3'] })).items.map(({ name }) => name)).toEqual(['well', 'well']);
  });

  it('drops what is too much, says so once and goes on', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    const full = createJournal();
    const before = await countLost('full');
    for (let index = 0; index < 40; index++) full.record(entry({ request: 'r-4', replyBody: { content: 'x'.repeat(1_000_000) } }));
    await full.flush();
    expect((await reader().list({ requests: ['r-4'] })).items).toHaveLength(16);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(await countLost('full')).toBe(before + 24);
    full.record(entry({ request: 'r-4' }));
    await full.flush();
    expect((await reader().list({ requests: ['r-4'] })).items).toHaveLength(17);
  });

  it('leaves out what went well of an account that has had its share, and nothing of others', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    const shared = createJournal({ JOURNAL_ACCOUNT_RATE: 1 });
    const before = await countLost('share');
    const flood = '01900000-0000-7000-8000-0000000000f1';
    for (let index = 0; index < 150; index++) shared.record(entry({ request: 'r-8', connectionId: flood }));
    shared.record(entry({ request: 'r-8', name: 'failed', outcome: 'refused', connectionId: flood }));
    shared.record(entry({ request: 'r-8', name: 'of another' }));
    await shared.flush();
    const kept = (await reader().list({ requests: ['r-8'], limit: 200 })).items.map(({ name }) => name);
    expect(kept.filter((name) => name !== 'delivery.save').sort()).toEqual(['failed', 'of another']);
    expect(kept.length).toBeGreaterThanOrEqual(102);
    expect(kept.length).toBeLessThan(112);
    expect(await countLost('share')).toBeGreaterThan(before + 40);
    expect(warn.mock.calls.map(([text]) => String(text))).toEqual([expect.stringContaining(`of connection ${flood} more went well`)]);
  });

  it('leaves out what strangers send beyond their share, by size, and failures beyond theirs', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    const shared = createJournal({ JOURNAL_ACCOUNT_RATE: 1, JOURNAL_MAX_MB: 16 });
    const send = (count: number, more: Partial<JournalEntry>): void => {
      for (let index = 0; index < count; index++) shared.record(entry({ outcome: 'refused', status: 403, ...more }));
    };
    send(500, { request: 'r-10', connectionId: undefined, requestBody: { content: { a: 'x'.repeat(10_000) }, size: 10_000 } });
    send(600, { request: 'r-11' });
    await shared.flush();
    const countRows = async (request: string): Promise<number> =>
      Number((await spec.source.query<{ count: string }[]>('SELECT count(*) FROM journal_entry WHERE request = $1', [request]))[0]?.count);
    expect(await countRows('r-10')).toBe(9);
    expect(await countRows('r-11')).toBeGreaterThanOrEqual(500);
    expect(await countRows('r-11')).toBeLessThan(520);
    expect(String(warn.mock.calls[0]?.[0])).toMatch(/requests without a connection used up their part of JOURNAL_MAX_MB$/);
  });

  it('loses rows, and nothing else, while the database is down', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    const away = createJournal({ DATABASE_URL: 'postgres://u:p@127.0.0.1:1/d' });
    away.record(entry({ request: 'r-5' }));
    await away.flush();
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]?.[0]).toMatch(/^1 rows of the journal were lost, nothing else: /);
  });

  it('loses rows, says so once and goes on, while the disk is full', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    const before = await countLost('database');
    await spec.source.query(`CREATE FUNCTION refuse_row() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$`);
    await spec.source.query('CREATE TRIGGER full_disk BEFORE INSERT ON journal_entry FOR EACH ROW EXECUTE FUNCTION refuse_row()');
    const one = createJournal();
    for (let index = 0; index < 450; index++) one.record(entry({ request: 'r-7' }));
    await one.flush();
    expect(warn.mock.calls.map(([text]) => String(text))).toEqual([
      expect.stringMatching(/^200 rows of the journal were lost, .*No space/),
    ]);
    expect(await countLost('database')).toBe(before + 450);
    await spec.source.query('DROP FUNCTION refuse_row CASCADE');
    one.record(entry({ request: 'r-7' }));
    await one.flush();
    expect((await reader().list({ requests: ['r-7'] })).items).toHaveLength(1);
  });

  it('keeps the bodies of each row, if it has any', async () => {
    const error = { message: 'is\n"not" {found}' };
    const bodies = [{}, { asked: 1, told: 2 }, { told: 3 }, { asked: 4 }, {}, { asked: error, told: 5 }];
    const toBody = (id: unknown): JournalEntry['requestBody'] => (id === undefined ? undefined : { content: { id } });
    for (const [index, { asked, told }] of bodies.entries())
      journal.record(entry({ connectionId: undefined, request: `r-8-${index}`, requestBody: toBody(asked), replyBody: toBody(told) }));
    await journal.flush();
    for (const [index, { asked, told }] of bodies.entries()) {
      const { items } = await reader().list({ requests: [`r-8-${index}`] });
      const row = await reader().find(items[0]?.id ?? '');
      expect([row?.requestBody?.content, row?.replyBody?.content]).toEqual([toBody(asked)?.content, toBody(told)?.content]);
    }
  });

  it('keeps a text unchanged, whatever it contains, and distinguishes an empty one from a missing one', async () => {
    const requests = ['r-9 "{a,b}" \\', 'r-9 NULL', 'NULL', 'r-9\n\nпривет', "r-9 ' {}"];
    for (const [at, request] of requests.entries())
      journal.record(entry({ request, provider: at % 2 === 0 ? '' : undefined, error: at % 2 === 0 ? undefined : '' }));
    await journal.flush();
    const { items } = await reader().list({ requests });
    expect(items.map(({ request, provider, error }) => [request, provider, error]).sort()).toEqual(
      requests.map((request, at) => [request, at % 2 === 0 ? '' : null, at % 2 === 0 ? null : '']).sort(),
    );
  });

  it('is off with no days', async () => {
    const off = createJournal({ JOURNAL_DAYS: 0 });
    off.record(entry({ request: 'r-6' }));
    await off.flush();
    expect((await reader().list({ requests: ['r-6'] })).items).toEqual([]);
  });
});

describe('the partitions of the journal', () => {
  const DAY_MS = 86_400_000;
  const now = Date.now();
  const keep = (settings: Partial<Environment>): Promise<void> =>
    new JournalPartitions(new Database(spec.source), Object.assign(new Environment(), environment, settings)).keep(now);

  it('are made ahead, and dropped when their days have passed', async () => {
    // A part remains until its last row is seven days old.
    for (const days of [8, 7, 6]) await partitions.make(now - days * DAY_MS);
    await keep({});
    const kept = await partitions.list();
    expect(kept.filter(({ from }) => from > now).length).toBe(4);
    expect(kept.filter(({ from }) => from < now - DAY_MS).length).toBe(2);
  });

  it('go, the oldest first, when they take more than they may', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    // With a single source, no source floods the others.
    await spec.source.query('TRUNCATE journal_entry');
    for (let index = 0; index < 9; index++) journal.record(entry({}));
    await journal.flush();
    const before = await partitions.list();
    await keep({ JOURNAL_MAX_MB: Math.ceil(before.slice(1).reduce((sum, { bytes }) => sum + bytes, 0)) / 1024 / 1024 });
    expect((await partitions.list()).map(({ table }) => table)).toEqual(before.slice(1).map(({ table }) => table));
    expect(warn).toHaveBeenCalledTimes(1);
  });

  describe('when someone floods them', () => {
    const [quiet, other] = [CONNECTION, '01900000-0000-7000-8000-000000000002'];
    const times = [now - 2 * DAY_MS, now - DAY_MS, now];

    const flood = async (): Promise<void> => {
      await spec.source.query('TRUNCATE journal_entry');
      for (const at of times) {
        await partitions.make(at);
        const [low, high] = [newId(at), newId(at + 1)].map((id) => id.slice(0, 13));
        expect(low).not.toBe(high);
        for (const [connection, rows] of [
          [null, 3_000],
          [quiet, 5],
          [other, 5],
        ] as const)
          await spec.source.query(
            `INSERT INTO journal_entry (id, at, connection_id, kind, name, outcome, duration_ms, request_body)
             SELECT ($1 || substr(gen_random_uuid()::text, 14))::uuid, to_timestamp($2 / 1000.0), $3, 'callback', 'x', 'refused', 1,
               json_build_object('content', repeat(md5(n::text), 20)) FROM generate_series(1, $4) n`,
            [low, at, connection, rows],
          );
      }
    };
    const countBy = async (): Promise<Record<string, number[]>> => {
      const rows = await spec.source.query<{ id: string; at: Date }[]>('SELECT connection_id AS id, at FROM journal_entry');
      return Object.fromEntries(
        [null, quiet, other].map((id) => [
          String(id),
          times.map((at) => rows.filter((row) => row.id === id && row.at.getTime() === at).length),
        ]),
      );
    };
    const sum = async (): Promise<number> => (await partitions.list()).reduce((bytes, part) => bytes + part.bytes, 0);
    /** Repeats the cleaning, because a new connection to any database of the server may hold room. */
    const keepUntil = async (bytes: number, most: number): Promise<void> => {
      const end = Date.now() + 60_000;
      do await keep({ JOURNAL_MAX_MB: bytes / 1024 / 1024 });
      while ((await sum()) > most && Date.now() < end);
    };

    it('lose its rows, the oldest first, and rows of others stay', async () => {
      const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
      await flood();
      const before = await sum();
      // Beyond the room: less than the strangers' rows of the oldest part.
      await keepUntil(before * 0.95, before * 0.75);
      expect(await countBy()).toEqual({ null: [0, 3_000, 3_000], [quiet]: [5, 5, 5], [other]: [5, 5, 5] });
      expect(await sum()).toBeLessThan(before * 0.75);
      await keepUntil(before * 0.2, before * 0.2);
      expect(await countBy()).toEqual({ null: [0, 0, 0], [quiet]: [5, 5, 5], [other]: [5, 5, 5] });
      const told = warn.mock.calls.map(([text]) =>
        /: (\d+) rows of requests without a connection, which had the most, were/.exec(String(text)),
      );
      expect(told.map((match) => Number(match?.[1])).reduce((all, rows) => all + rows)).toBe(9_000);
    });

    it('lose no more while an older transaction holds the room of the deleted rows', async () => {
      const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
      await flood();
      const before = await sum();
      const settings = { JOURNAL_MAX_MB: (before * 0.95) / 1024 / 1024 };
      const left = { null: [0, 3_000, 3_000], [quiet]: [5, 5, 5], [other]: [5, 5, 5] };
      const reading = spec.source.createQueryRunner();
      await reading.startTransaction('REPEATABLE READ');
      await reading.query('SELECT 1 FROM journal_entry LIMIT 0');
      for (let runs = 0; runs < 3; runs++) await keep(settings);
      expect(await countBy()).toEqual(left);
      expect(warn.mock.calls.map(([text]) => String(text))).toEqual([
        expect.stringMatching(/: 3000 rows of .* were deleted; their bytes are returned once no older transaction may see them$/),
      ]);
      await reading.commitTransaction();
      await reading.release();
      await keepUntil(before * 0.95, before * 0.75);
      expect(await sum()).toBeLessThan(before * 0.75);
      expect(await countBy()).toEqual(left);
    });
  });

  it('are all gone when the journal is off', async () => {
    await keep({ JOURNAL_DAYS: 0 });
    expect(await partitions.list()).toEqual([]);
  });
});
