import { DUE, NEXT } from '../../../libs/inbox/inbox-statements.js';
import { connectionId, CONNECTIONS, type GrowthPart, idOf } from './part.js';

const PENDING = 20_000;

/** Events of providers: applied events of several years, and one account's waiting events. */
export const inboxGrowth: GrowthPart = {
  tables: ['inbox_event'],
  async seed(database, rows) {
    await database.query(
      `INSERT INTO inbox_event (connection_id, event_id, kind, payload, state, due_at, created_at)
       SELECT ${connectionId(`1 + n % ${CONNECTIONS}`)}, 'event ' || n, 'bench', '{"code":"accepted"}', 'applied', at, at
       FROM generate_series(1, $1::int) n, LATERAL (SELECT now() - make_interval(secs => $1::int - n) AS at) moment`,
      [rows],
    );
  },
  async burst(database) {
    await database.query(
      `INSERT INTO inbox_event (connection_id, event_id, kind, payload)
       SELECT $1, 'new ' || n, 'bench', '{"code":"accepted"}' FROM generate_series(1, ${PENDING}) n`,
      [idOf(1)],
    );
  },
  list: () =>
    Promise.resolve([
      { name: `next event of ${PENDING}`, sql: NEXT, values: [idOf(1)], largestMs: 1, tables: ['inbox_event'] },
      { name: 'sweep', sql: DUE.text, largestMs: 5, tables: ['inbox_event'] },
    ]),
};
