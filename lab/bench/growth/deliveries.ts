import type pg from 'pg';
import { DELIVERY_LIST } from '../../../libs/integrations/delivery/delivery-operator.controller.js';
import { READ, STORE } from '../../../libs/integrations/delivery/delivery-history.js';
import { type HostedModules } from '#connections';
import { DeliveryDeletion, DeliveryRetention } from '#delivery';
import type { OperationStore } from '#operations';
import { connectionId, CONNECTIONS, type GrowthPart, idOf, type Recurring } from './part.js';
import { findMiddle, listStatements, purgeStatements } from './statements.js';

const tables = ['delivery'];
/** Dependencies of a deletion with nothing to do. */
const [NO_MODULES, NO_OPERATIONS] = [{} as HostedModules, {} as OperationStore];

/** Deliveries of several years with four statuses each. One account has a fifth. */
export const deliveriesGrowth: GrowthPart = {
  tables: ['delivery', 'delivery_status'],
  async seed(database, rows) {
    await database.query(
      `INSERT INTO delivery (id, connection_id, order_ref, order_number, reference, external_id, outside, status, status_at, tariff, request, request_hash,
         created_at, updated_at)
       SELECT uuidv7(moment.at - now()), ${connectionId(`CASE WHEN n % 5 = 0 THEN 1 ELSE 1 + n % ${CONNECTIONS} END`)},
         CASE WHEN n % 5 = 0 THEN n ELSE n / ${CONNECTIONS} END::text, n || 'A', 'reference', 'external ' || n, n % 2 = 0,
         CASE WHEN n % 5000 = 7 THEN 'lost' WHEN n % 50 = 1 THEN 'returned' WHEN n > $1::int * 0.99 THEN 'created' ELSE 'delivered' END,
         moment.at, 'tariff', '{"recipient":{}}', 'hash', moment.at, moment.at
       FROM generate_series(1, $1::int) n, LATERAL (SELECT now() - make_interval(secs => ($1::int - n) * 10) AS at) moment`,
      [rows],
    );
    await database.query(
      `INSERT INTO delivery_status (delivery_id, code, updated_at, moved, received_at)
       SELECT id, 'status ' || n, created_at, true, created_at FROM delivery, generate_series(1, 4) n`,
    );
  },
  async burst(database) {
    await database.query(
      `INSERT INTO delivery (id, connection_id, order_ref, reference, external_id, outside, status, status_at, tariff, request, request_hash)
       SELECT uuidv7(), $1, 'new ' || n, 'reference', 'new ' || n, false, 'new', now(), 'tariff', '{}', 'hash' FROM generate_series(1, 20000) n`,
      [idOf(2)],
    );
  },
  list: async (database) => [
    ...(await reportStatements(database)),
    ...(await listStatements(
      'deliveries',
      DELIVERY_LIST,
      {
        all: {},
        'of an order': { order: '17' },
        'of an order number': { order: '500A' },
        'of an order of an account': { order: '17', connection: idOf(3) },
        'of a large account': { connection: idOf(1) },
        'of an account': { connection: idOf(3) },
        'of a rare status': { status: 'lost' },
        'of a status': { status: 'returned' },
        'of a new status': { status: 'new' },
        'of no status': { status: 'nosuch' },
        'of a rare status of a large account': { status: 'lost', connection: idOf(1) },
        'of a status that an account has not': { status: 'returned', connection: idOf(1) },
      },
      { tables, place: await findMiddle(database, 'delivery', ['id']) },
    )),
    ...(await purgeStatements(
      'purge of deliveries',
      (retention) => new DeliveryRetention(retention).clean({}, new AbortController().signal),
      ['delivery', 'delivery_status'],
    )),
    ...(await purgeStatements(
      'deletion of deliveries',
      (retention, environment) =>
        new DeliveryDeletion(retention, environment, NO_MODULES, NO_OPERATIONS).erase({}, new AbortController().signal),
      ['delivery', 'delivery_status'],
    )),
  ],
};

/** Returns the statements of a report about new deliveries. */
async function reportStatements(database: pg.Client): Promise<Recurring[]> {
  const { rows } = await database.query<{ id: string; version: string }>(
    `SELECT id, xmin::text AS version FROM delivery WHERE connection_id = $1 AND status = 'new' LIMIT 20`,
    [idOf(2)],
  );
  const ids = rows.map(({ id }) => id);
  const at = new Date();
  const changed = rows.map((row) => ({ ...row, status: 'accepted', status_at: at, extraData: {}, final: false }));
  const entries = ids.map((id, n) => ({ n, delivery_id: id, code: 'accepted', updated_at: at, moved: true }));
  const pushes = ids.map((id, n) => ({ n, connection_id: idOf(2), subject: id, payload: { code: 'accepted' } }));
  const values = [ids, ...[changed, entries, pushes].map((list) => JSON.stringify(list)), 'delivery.tracking', 0];
  const tables = ['delivery', 'delivery_status'];
  return [
    { name: 'read 20 reported deliveries', sql: READ.text, values: [ids], largestMs: 5, tables },
    { name: 'store 20 reports', sql: STORE.text, values, largestMs: 15, tables },
  ];
}
