import type { HttpFault } from '../../double/faults.js';

/** The calls of the warehouse's API, by name. */
export const WAREHOUSE_CALLS = ['account', 'goods', 'stocks', 'changes', 'reserve', 'getReservation'] as const;
export type WarehouseCall = (typeof WAREHOUSE_CALLS)[number];

/** Warehouse faults besides the HTTP ones: `unauthorized` answers 401 and does nothing. */
export interface WarehouseOwnFault {
  kind: 'unauthorized';
}
export type WarehouseFault = HttpFault | WarehouseOwnFault;

/** A refusal in the warehouse's words; nothing was done. */
export class WarehouseRefusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly fields?: Readonly<Record<string, string>>,
  ) {
    super(message);
  }
}
