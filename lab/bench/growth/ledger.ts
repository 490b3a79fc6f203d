import { MOVEMENT_LIST } from '../../../libs/built-in/ledger/ledger-lists.js';
import { connectionId, CONNECTIONS, type GrowthPart, idOf } from './part.js';
import { findMiddle, listStatements } from './statements.js';

const tables = ['ledger_movement'];
/** Number of offers per account. */
const OFFERS = 20;

/** Stock movements of several years. One account has a fifth. */
export const ledgerGrowth: GrowthPart = {
  tables: ['ledger_offer', ...tables],
  async seed(database, rows) {
    await database.query(
      `INSERT INTO ledger_offer (connection_id, external_id) SELECT ${connectionId('n')}, 'offer ' || offer
       FROM generate_series(1, ${CONNECTIONS}) n, generate_series(1, ${OFFERS}) offer ORDER BY n, offer`,
    );
    await database.query(
      `INSERT INTO ledger_movement (connection_id, offer_id, warehouse, kind, on_hand, reserved, order_ref, created_at)
       SELECT ${connectionId('account')}, (account - 1) * ${OFFERS} + 1 + n % ${OFFERS},
         CASE WHEN n % 5000 = 3 THEN 'rare' ELSE 'store ' || n % 3 END,
         CASE WHEN n % 5000 = 7 THEN 'ship' WHEN n % 3 = 0 THEN 'adjust' WHEN n % 3 = 1 THEN 'reserve' ELSE 'release' END,
         1, 0, CASE WHEN n % 3 > 0 THEN 'order ' || n / 3 END, now() - make_interval(secs => ($1::int - n) * 10)
       FROM generate_series(1, $1::int) n, LATERAL (SELECT CASE WHEN n % 5 = 0 THEN 1 ELSE 1 + n % ${CONNECTIONS} END AS account) owner`,
      [rows],
    );
  },
  async burst(database) {
    await database.query(
      `INSERT INTO ledger_movement (connection_id, offer_id, warehouse, kind, on_hand, reserved)
       SELECT $1, ${OFFERS} + 1, 'new', 'set', 1, 0 FROM generate_series(1, 20000) n`,
      [idOf(2)],
    );
  },
  list: async (database) =>
    listStatements(
      'movements',
      MOVEMENT_LIST,
      {
        all: {},
        'of a kind': { kind: 'reserve' },
        'of a rare kind': { kind: 'ship' },
        'of a store': { store: 'store 1' },
        'of a rare store': { store: 'rare' },
        'of no store': { store: 'nosuch' },
        'of an order': { order: 'order 17' },
        'of an account': { connection: idOf(3) },
        'of a large account': { connection: idOf(1) },
        'of a rare kind of a large account': { kind: 'ship', connection: idOf(1) },
        'of a rare store of a large account': { store: 'rare', connection: idOf(1) },
        'of an offer of an account': { externalId: 'offer 7', connection: idOf(3) },
      },
      { tables, place: await findMiddle(database, 'ledger_movement', ['id']) },
    ),
};
