import { SOURCE_LIST } from '../../../libs/built-in/copurchase/copurchase-operator.controller.js';
import { connectionId, CONNECTIONS, type GrowthPart } from './part.js';
import { findMiddle, listStatements } from './statements.js';

const tables = ['copurchase_order', 'copurchase_product'];

/** Orders and products of accounts with recommendations. One account has a fifth. */
export const copurchaseGrowth: GrowthPart = {
  tables: ['copurchase_source', ...tables],
  async seed(database, rows) {
    await database.query(
      `INSERT INTO copurchase_source (connection_id) SELECT ${connectionId('n')} FROM generate_series(1, ${CONNECTIONS}) n`,
    );
    const owner = connectionId(`CASE WHEN n % 5 = 0 THEN 1 ELSE 1 + n % ${CONNECTIONS} END`);
    await database.query(
      `INSERT INTO copurchase_order (connection_id, order_id, created_at, status, stale) SELECT ${owner}, n, now(), 'new', n % 1000 = 1
       FROM generate_series(1, $1::int) n`,
      [rows],
    );
    await database.query(
      `INSERT INTO copurchase_product (connection_id, product_id, active, sweep) SELECT ${owner}, n, true, 1 FROM generate_series(1, $1::int) n`,
      [rows],
    );
  },
  async burst(database) {
    await database.query(
      `INSERT INTO copurchase_order (connection_id, order_id, stale) SELECT ${connectionId('2')}, -n, true FROM generate_series(1, 20000) n`,
    );
  },
  list: async (database) =>
    listStatements(
      'accounts',
      SOURCE_LIST,
      { all: {} },
      { tables, place: await findMiddle(database, 'copurchase_source', ['connection_id']) },
    ),
};
