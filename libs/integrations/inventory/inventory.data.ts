import type { AccountData } from '#platform';

/** Orders' reservations and offers' stock at outside warehouses, and the state of readings of stock. */
export const inventoryData: AccountData = {
  name: 'warehouse',
  tables: [{ table: 'inventory_reservation' }, { table: 'inventory_state' }, { table: 'inventory_figure' }],
};
