import { SHOP_SORTS } from '../../../libs/insight/shops/shop-figures.js';
import { connectionId, CONNECTIONS, type GrowthPart, type Recurring } from './part.js';

/** Number of slots with failures within 24 h, per connection. */
const SLOTS = 20;
const PAGE = 51;

const sortBy = (name: 'failures' | 'oldestWaiting', direction: 'ASC' | 'DESC'): Recurring => {
  const { joins, column } = SHOP_SORTS[name];
  return {
    name: `shops by ${name}`,
    sql: `SELECT "row".id FROM connection "row" ${joins} ORDER BY ${column} ${direction}, "row".id ${direction} LIMIT ${PAGE}`,
    ...{ largestMs: 60, tables: ['outbox', 'inbox_event', 'operation'] },
  };
};

/** The list of connections, sorted by tables that other parts fill. */
export const shopsGrowth: GrowthPart = {
  tables: ['connection_failure'],
  async seed(database) {
    await database.query(
      `INSERT INTO connection_failure (connection_id, at, kind, count)
       SELECT ${connectionId('n')}, date_bin('15 minutes', now(), 'epoch') - slot * 4 * interval '15 minutes', 'callback', 1 + n % 7
       FROM generate_series(1, $1::int) n, generate_series(1, $2::int) slot`,
      [CONNECTIONS, SLOTS],
    );
  },
  burst: () => Promise.resolve(),
  list: () => Promise.resolve([sortBy('failures', 'DESC'), sortBy('oldestWaiting', 'ASC')]),
};
