export { FakeWarehouse } from './fake-warehouse.js';
export type { FakeWarehouseOptions } from './fake-warehouse.js';
export type { WarehouseModes } from './warehouse-control.js';
export type { WarehouseCall, WarehouseFault } from './warehouse-faults.js';
export type { WarehouseGood, WarehouseReservation } from './warehouse-book.js';
export { signCall, signEvent, WAREHOUSE_SIGNATURE, WAREHOUSE_TIMESTAMP } from './warehouse-signature.js';
