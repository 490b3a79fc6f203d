import type { Holding } from '#platform';

/** What orders hold at outside warehouses, and how the stocks are followed. */
export const storeHolding: Holding = {
  name: 'warehouse',
  tables: [{ table: 'store_reservation' }, { table: 'store_state' }],
};
