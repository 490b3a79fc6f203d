import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ConnectionEntity, connectionsSchema } from '#connections';
import { inboxSchema } from '#inbox';
import { operationsSchema } from '#operations';
import { outboxSchema } from '#outbox';
import { Database, defineOperatorList, type PageDto, readPage } from '#platform';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { FAILING_SHOPS, SHOP_SORTS, ShopFiguresReader } from './shop-figures.js';

let spec: SpecDatabase | undefined;
let database: Database;
let reader: ShopFiguresReader;
/** Three shops: one without, one with little and one with much activity. */
let ids: [quiet: string, calm: string, busy: string];

const store = (sql: string, ...values: unknown[]): Promise<unknown> => database.query(sql, values);
const wait = (connection: string, kind: string, hours: number, rejections = 0, state = 'pending'): Promise<unknown> =>
  store(
    `INSERT INTO outbox (connection_id, kind, subject, payload, created_at, rejections, state, failed_at)
     VALUES ($1, $2, 's', '{}', now() - make_interval(hours => $3), $4, $5, CASE WHEN $5 = 'failed' THEN now() - make_interval(hours => $3) END)`,
    ...[connection, kind, hours, rejections, state],
  );
const sort = async (by: keyof typeof SHOP_SORTS, direction: 'ASC' | 'DESC', limit = 10): Promise<string[]> => {
  const { joins, column } = SHOP_SORTS[by];
  const list = defineOperatorList<PageDto, ConnectionEntity, string>({
    from: { entity: ConnectionEntity, joins },
    where: {},
    order: { [column]: direction, 'row.id': direction },
    view: ({ id }) => id,
  });
  const found: string[] = [];
  for (let cursor: string | undefined, more = true; more;) {
    const page = await readPage(database, list, { limit, ...(cursor !== undefined && { cursor }) });
    expect(page.total).toBe(page.nextCursor !== undefined || cursor !== undefined ? 3 : page.items.length);
    found.push(...page.items);
    cursor = page.nextCursor;
    more = cursor !== undefined;
  }
  return found;
};

beforeAll(async () => {
  spec = await createSpecDatabase([connectionsSchema, outboxSchema, inboxSchema, operationsSchema]);
  database = new Database(spec.source);
  reader = new ShopFiguresReader(database);
}, 60_000);
afterAll(() => spec?.remove());
beforeEach(async () => {
  await database.query('TRUNCATE connection, connection_seen, connection_failure, outbox, outbox_lane, inbox_event, operation CASCADE');
  ids = [randomUUID(), randomUUID(), randomUUID()];
  for (const id of ids)
    await store(
      `INSERT INTO connection (id, module_code, system_url, client_id_hash, client_id_sealed, api_key_sealed, account)
       VALUES ($1::uuid, 'courier', 'https://' || $1::text, $1::text, '', '', '{}')`,
      id,
    );
  const [, calm, busy] = ids;
  await store(`INSERT INTO connection_seen VALUES ($1, now() - interval '1 hour', NULL), ($2, now(), now())`, calm, busy);
  await wait(calm, 'delivery.tracking', 1);
  await wait(calm, 'delivery.tracking', 30, 0, 'failed');
  for (let n = 0; n < 3; n++) await wait(busy, 'store.stock', 5 - n);
  await wait(busy, 'telephony.calls', 2);
  await wait(busy, 'store.stock', 9, 2);
  await wait(busy, 'store.stock', 40, 0, 'sent');
  await wait(busy, 'store.stock', 2, 0, 'failed');
  await store(`INSERT INTO outbox_lane (connection_id, kind) SELECT DISTINCT connection_id, kind FROM outbox ON CONFLICT DO NOTHING`);
  await store(
    `INSERT INTO inbox_event (connection_id, event_id, kind, payload, state, failed_at) VALUES ($1, 'x', 'delivery.reports', '{}', 'failed', now())`,
    busy,
  );
  // Callbacks that failed now, within a day, and earlier.
  for (const [id, slots, kind, count] of [
    [busy, 0, 'callback', 5],
    [busy, 95, 'callback', 2],
    [busy, 96, 'callback', 9],
    [busy, 3, 'webhook', 1],
    [calm, 10, 'callback', 1],
    [calm, 97, 'webhook', 100],
  ] as const)
    await store(
      `INSERT INTO connection_failure VALUES ($1, date_bin('15 minutes', now(), 'epoch') - $2 * interval '15 minutes', $3, $4)`,
      ...[id, slots, kind, count],
    );
  await store(
    `INSERT INTO operation (id, connection_id, kind, subject, state) VALUES (gen_random_uuid(), $1, 'delivery.save', 'x', 'unknown')`,
    busy,
  );
});

const hoursAgo = (time: string | null | undefined): number | undefined =>
  time ? Math.round((Date.now() - Date.parse(time)) / 3_600_000) : undefined;

describe('the figures of shops', () => {
  it('show recent events, failures within a day and since when messages wait', async () => {
    const figures = await reader.read(ids);
    const [, , busyId] = ids;
    const [quiet, calm, busy] = ids.map((id) => figures.get(id));
    const failed = { callback: 0, webhook: 0, outbox: 0, inbox: 0, operations: 0 };
    expect(quiet).toEqual({ lastCallbackAt: null, lastPushAt: null, failures: 0, failed, oldestWaitingAt: null, waiting: 0 });
    expect(calm).toMatchObject({ lastPushAt: null, failures: 1, failed: { ...failed, callback: 1 }, waiting: 1 });
    expect([calm?.lastCallbackAt, calm?.oldestWaitingAt].map(hoursAgo)).toEqual([1, 1]);
    expect(busy).toMatchObject({ failures: 11, failed: { callback: 7, webhook: 1, outbox: 1, inbox: 1, operations: 1 }, waiting: 5 });
    expect(await reader.countWaiting(busyId)).toEqual(
      new Map([
        ['store.stock', 4],
        ['telephony.calls', 1],
      ]),
    );
    expect(hoursAgo(busy?.oldestWaitingAt)).toBe(9);
  });

  it('distinguish the shops with failures from the others', async () => {
    const rows = await database.query<{ id: string }>(`SELECT id FROM connection WHERE id IN (${FAILING_SHOPS})`);
    expect(rows.map(({ id }) => id).sort()).toEqual(ids.slice(1).sort());
  });

  it.each([
    ['lastCallback', 'DESC', ['busy', 'calm', 'quiet']],
    ['lastPush', 'DESC', ['busy', 'quiet', 'calm']],
    ['failures', 'DESC', ['busy', 'calm', 'quiet']],
    ['oldestWaiting', 'ASC', ['busy', 'calm', 'quiet']],
  ] as const)('sort them by %s, page by page', async (by, direction, expected) => {
    const names = new Map(ids.map((id, n) => [id, ['quiet', 'calm', 'busy'][n]]));
    const [all, paged] = [await sort(by, direction), await sort(by, direction, 1)];
    expect(paged).toEqual(all);
    const named = all.map((id) => names.get(id));
    // Shops with the same figure are sorted by id.
    const tied = by === 'lastPush';
    expect(tied ? named[0] : named).toEqual(tied ? expected[0] : expected);
    expect(await sort(by, direction === 'ASC' ? 'DESC' : 'ASC')).toEqual([...all].reverse());
  });
});
