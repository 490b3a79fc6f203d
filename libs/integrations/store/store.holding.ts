import type { Holding } from '#platform';

/** Orders' reservations at outside warehouses, and the state of readings of stock. */
export const storeHolding: Holding = {
  name: 'warehouse',
  tables: [{ table: 'store_reservation' }, { table: 'store_state' }],
};
