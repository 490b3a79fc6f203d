import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { connectionsSchema } from '#connections';
import { Database, Environment, Retention } from '#platform';
import { reconciliationSchema } from '#reconciliation';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { compareMoney } from './find-money-differences.js';
import { RegisterRetention } from './register-retention.js';
import { RegisterStore } from './register-store.js';
import { settlementSchema } from './settlement.module.js';
import { facts, RULES, sell } from './test-support/planted-money.js';

const INTEGRATION = 'delivery';
const OWNER = { integration: INTEGRATION, service: 'cdek' };

let spec: SpecDatabase | undefined;
let database: Database;
let store: RegisterStore;
let connectionId: string;

/** Imports a register, and compares its deliveries as a run would. Returns the subjects. */
async function trade(number: string, daysAgo: number, sales: number): Promise<string[]> {
  const day = new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10);
  const planted = Array.from({ length: sales }, (_, id) => {
    const subject = `delivery:${randomUUID()}`;
    return { subject, ...sell(id, 'RUB', []) };
  });
  const rows = planted.map(({ subject, rows: [one] }, at) => ({ ...one!, line: at + 1, externalId: subject }));
  const owner = { ...OWNER, connectionId };
  await store.import(owner, { id: number, kind: 'payout', date: day, currency: 'RUB', total: undefined }, rows);
  await store.match(new Map((await store.listUnmatched(owner, NONE, 1_000)).map(({ id, externalId }) => [id, externalId!])));
  const compared = planted.map(({ subject, facts: known, rows: own }) => {
    const all = { ...known, subject, day };
    return { facts: all, ...compareMoney(all, own, RULES), differs: false };
  });
  await store.keep(owner, compared);
  await age(daysAgo, number);
  return planted.map(({ subject }) => subject);
}
const NONE = '00000000-0000-0000-0000-000000000000';
const age = (days: number, number: string): Promise<unknown> =>
  database.query(
    `UPDATE register_row w SET created_at = now() - make_interval(days => $1) FROM register r WHERE r.id = w.register_id AND r.connection_id = $2 AND r.number = $3`,
    [days, connectionId, number],
  );
/** Runs the job twice, a day apart. */
async function clean(days = 400): Promise<void> {
  const environment = Object.assign(new Environment(), { REGISTER_RETENTION_DAYS: days });
  const retention = new RegisterRetention(database, new Retention(database, environment), environment);
  await retention.clean({}, new AbortController().signal);
  await database.query(`UPDATE settlement SET closed_at = closed_at - interval '25 hours'`);
  await retention.clean({}, new AbortController().signal);
}
const count = async (table: string, where = 'true'): Promise<number> =>
  Number(
    (await database.query<{ n: string }>(`SELECT count(*) AS n FROM ${table} WHERE connection_id = $1 AND ${where}`, [connectionId]))[0]?.n,
  );
const addDifference = (kind: string, subject: string, state: string): Promise<unknown> =>
  database.query(
    `INSERT INTO difference (id, connection_id, kind, subject, text, facts, state, closed_at)
     VALUES (gen_random_uuid(), $1, $2, $3, '', '{"missing":{"minor":7,"currency":"RUB"}}', $4, CASE WHEN $4 = 'gone' THEN now() END)`,
    [connectionId, kind, subject, state],
  );
const addEntry = (subject: string, day: string, sentAt: string | null): Promise<unknown> =>
  database.query(
    `INSERT INTO booking (id, connection_id, kind, key, subject, order_ref, provider, code, day, amount_minor, currency, sent_at)
     VALUES (gen_random_uuid(), $1, 'cost', 'cost:' || $2::text, $2, '7', 'cdek', 'commission', $3, 30, 'RUB', $4)`,
    [connectionId, subject, day, sentAt],
  );
const readFigures = (): Promise<object[]> =>
  database.query(
    `SELECT day::text, currency, count(*)::int AS n, sum(owed)::int AS owed, sum(paid)::int AS paid, sum(fees)::int AS fees FROM settlement
     WHERE connection_id = $1 GROUP BY day, currency ORDER BY day`,
    [connectionId],
  );

beforeAll(async () => {
  spec = await createSpecDatabase([connectionsSchema, reconciliationSchema, settlementSchema]);
  database = new Database(spec.source);
  store = new RegisterStore(database);
}, 60_000);
afterAll(() => spec?.remove());
beforeEach(() => {
  connectionId = randomUUID();
});

describe('rows of registers', () => {
  it('are deleted once all rows of their delivery are old, and the figures of the months stay', async () => {
    const [old] = await trade('old', 500, 700);
    await trade('young', 100, 3);
    await addEntry(old!, '2024-01-01', '2024-01-02');
    const figures = await readFigures();
    await clean();
    expect([await count('register_row'), await count('register'), await count('booking')]).toEqual([3, 2, 0]);
    expect(await readFigures()).toEqual(figures);
    // A later comparison with the remaining rows changes nothing either.
    const owner = { ...OWNER, connectionId };
    const known = facts({ subject: old!, day: '2026-01-01' });
    await store.keep(owner, [
      { facts: known, sums: compareMoney({ ...known, owed: { minor: 1, currency: 'RUB' } }, [], RULES).sums, differs: true },
    ]);
    expect(await readFigures()).toEqual(figures);
    expect([...(await store.listClosed(connectionId, [old!]))]).toEqual([old]);
    // The old file is still known.
    const rows = [{ ...sell(0, 'RUB', []).rows[0]!, line: 1, externalId: 'x' }];
    const head = { id: 'file', kind: 'payout', date: '2024-01-01', currency: 'RUB', total: undefined } as const;
    await store.import(owner, head, rows);
    await age(500, 'file');
    await clean();
    expect(await store.import(owner, head, rows)).toMatchObject({ outcome: 'same' });
  });

  it('stay while a difference or an entry needs them, and with 0', async () => {
    const [first, second, third, fourth, fifth] = await trade('old', 500, 5);
    await addDifference('money.bill', first!.split(':')[1]!, 'open');
    await addDifference('money.bill', second!.split(':')[1]!, 'dismissed');
    await addDifference('money.bill', third!.split(':')[1]!, 'gone');
    await database.query(`UPDATE settlement SET differs = true WHERE subject = $1`, [fourth]);
    await addEntry(fifth!, '2024-01-01', null);
    await clean(0);
    expect(await count('register_row')).toBe(5);
    await clean();
    expect(await count('register_row', `subject <> '${third}'`)).toBe(4);
    expect(await count('register_row')).toBe(4);
    expect(await database.query(`SELECT facts FROM difference WHERE connection_id = $1 AND state = 'gone'`, [connectionId])).toEqual([
      { facts: { missing: { minor: 7, currency: 'RUB' } } },
    ]);
    await database.query(`UPDATE difference SET state = 'gone', closed_at = now() WHERE connection_id = $1`, [connectionId]);
    await database.query(`UPDATE settlement SET differs = false; UPDATE booking SET sent_at = now()`);
    await clean();
    expect([await count('register_row'), await count('booking')]).toEqual([0, 0]);
  });

  it('that belong to nothing, or were replaced, are deleted unless a difference is about them or their register', async () => {
    await trade('old', 500, 4);
    await database.query(`UPDATE register_row SET replaced_at = now() - interval '1 day' WHERE connection_id = $1 AND line = 1`, [
      connectionId,
    ]);
    await database.query(`UPDATE register_row SET replaced_at = now() - interval '450 days' WHERE connection_id = $1 AND line = 2`, [
      connectionId,
    ]);
    await database.query(`UPDATE register_row SET subject = NULL WHERE connection_id = $1 AND line >= 3`, [connectionId]);
    const [unknown] = await database.query<{ id: string; register: string }>(
      `SELECT id, register_id AS register FROM register_row WHERE connection_id = $1 AND line = 3`,
      [connectionId],
    );
    await addDifference('money.total', `register:${unknown!.register}`, 'open');
    await clean();
    expect(await count('register_row')).toBe(4);
    await database.query('DELETE FROM difference WHERE connection_id = $1', [connectionId]);
    await addDifference('money.unknown', `register-row:${unknown!.id}`, 'open');
    await clean();
    expect(await database.query('SELECT line FROM register_row WHERE connection_id = $1 ORDER BY line', [connectionId])).toEqual([
      { line: 1 },
      { line: 3 },
    ]);
  });

  it('stay for the time in which unknown rows are looked up, whatever the setting', async () => {
    await trade('lately', 170, 1);
    await clean(1);
    expect(await count('register_row')).toBe(1);
  });
});
