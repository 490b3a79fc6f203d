export { FakeWarehouse } from './fake-warehouse.js';
export type { WarehouseGood, WarehouseReservation } from './warehouse-book.js';
export { signCall, signEvent, WAREHOUSE_SIGNATURE, WAREHOUSE_TIMESTAMP } from './warehouse-signature.js';
