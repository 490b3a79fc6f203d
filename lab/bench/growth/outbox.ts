import { DUE, MARK_SENT, NEXT, NEXT_REFUSED, RELEASE, RENEW, TAKE } from '../../../libs/outbox/lane-statements.js';
import { connectionId, CONNECTIONS, type GrowthPart, idOf } from './part.js';

const KIND = 'delivery.tracking';
const FRESH = 20_000;
const WAITING = 100_000;
const [FRESH_LANE, LONG_LANE, IDLE_LANE] = [
  [idOf(1), KIND],
  [idOf(2), KIND],
  [idOf(3), KIND],
];

/** Lanes per statement, and number of values. */
const JOB_LANES = 20;
const laneIds = Array.from({ length: JOB_LANES }, (_, n) => idOf(100 + n));
const each = (value: unknown): unknown[] => laneIds.map(() => value);

/** Messages to the CRM: sent ones of several years, a lane of new ones and a long waiting lane. */
export const outboxGrowth: GrowthPart = {
  tables: ['outbox', 'outbox_lane'],
  async seed(database, rows) {
    await database.query(`INSERT INTO outbox_lane (connection_id, kind, passed_at) SELECT id, $1, now() FROM connection`, [KIND]);
    await database.query(
      `INSERT INTO outbox (connection_id, kind, subject, payload, state, attempts, created_at, sent_at)
       SELECT ${connectionId(`1 + n % ${CONNECTIONS}`)}, $2, gen_random_uuid()::text, '{"code":"accepted"}', 'sent', 1, at, at
       FROM generate_series(1, $1::int) n, LATERAL (SELECT now() - make_interval(secs => $1::int - n) AS at) moment`,
      [rows, KIND],
    );
  },
  async burst(database) {
    for (const [[connection], rows, age] of [[FRESH_LANE, FRESH, '0'] as const, [LONG_LANE, WAITING, '1 hour'] as const])
      await database.query(
        `INSERT INTO outbox (connection_id, kind, subject, payload, created_at)
         SELECT $1, $2, gen_random_uuid()::text, '{"code":"accepted"}', now() - $4::interval FROM generate_series(1, $3::int)`,
        [connection, KIND, rows, age],
      );
    await database.query(
      `INSERT INTO outbox (connection_id, kind, subject, payload) SELECT id, $2, gen_random_uuid()::text, '{"code":"accepted"}' FROM unnest($1::uuid[]) id`,
      [laneIds, KIND],
    );
  },
  async list(database) {
    const { rows } = await database.query<{ id: string }>(
      `SELECT id FROM outbox WHERE connection_id = $1 AND state = 'pending' ORDER BY id LIMIT 100`,
      [idOf(2)],
    );
    const ids = rows.map(({ id }) => id);
    const { rows: few } = await database.query<{ id: string }>(
      `SELECT id FROM outbox WHERE connection_id = ANY ($1::uuid[]) AND state = 'pending'`,
      [laneIds],
    );
    const job = [laneIds, each(KIND)];
    const long = [[idOf(2)], [KIND]];
    const tables = ['outbox'];
    return [
      { name: `take ${JOB_LANES} lanes`, sql: TAKE.text, values: job, largestMs: 5, tables },
      { name: 'renew a lane', sql: RENEW.text, values: [...IDLE_LANE, 0], largestMs: 1, tables },
      { name: 'release a lane', sql: RELEASE.text, values: [...IDLE_LANE, 0], largestMs: 1, tables },
      { name: `next call of ${FRESH}`, sql: NEXT.near.text, values: [[idOf(1)], [KIND], [100]], largestMs: 15, tables },
      { name: `next call of ${WAITING}`, sql: NEXT.near.text, values: [...long, [100]], largestMs: 15, tables },
      { name: `next calls of ${JOB_LANES} lanes`, sql: NEXT.near.text, values: [...job, each(100)], largestMs: 15, tables },
      { name: 'next refused rows', sql: NEXT_REFUSED.text, values: [...LONG_LANE, 100], largestMs: 5, tables },
      { name: 'mark a call sent', sql: MARK_SENT.text, values: [...long, [0], ['2026-01-01'], [true], ids], largestMs: 15, tables },
      {
        name: `mark calls of ${JOB_LANES} lanes sent`,
        sql: MARK_SENT.text,
        values: [...job, each(0), each('2026-01-01'), each(true), few.map(({ id }) => id)],
        ...{ largestMs: 15, tables },
      },
      { name: `sweep ${WAITING + FRESH} rows`, sql: DUE.text, values: [['registration']], largestMs: 10, tables },
    ];
  },
};
