/** A service's payout to the shop, or its bill, with the parcels or payments behind it. */
export interface Register {
  /** The service's number of the register, unique at the service. */
  id: string;
  kind: 'payout' | 'bill';
  /** `YYYY-MM-DD`: paid or issued. */
  date: string;
  /** ISO 4217 code of every amount in the register. */
  currency: string;
  /** Minor units: paid to the shop (payout), owed by the shop (bill). */
  total: number;
  /** Number of the payment order. */
  document?: string;
  rows: readonly RegisterRow[];
}

/**
 * A row of a register. It has at least one of `externalId`, `trackNumber` and `reference`, unless its kind is
 * `other`.
 */
export interface RegisterRow {
  /** Line of the file, or position in the reply, from 1. */
  line: number;
  externalId?: string;
  trackNumber?: string;
  reference?: string;
  kind: 'sale' | 'refund' | 'fee' | 'other';
  /** Minor units: collected or captured (sale), negative for a refund, 0 for a fee. */
  gross: number;
  /**
   * Positive minor units, deducted from the shop's money. Codes: `commission`, `delivery`, `return`,
   * `storage` or the service's own.
   */
  fees: readonly { code: string; minor: number }[];
  /** Minor units paid out for this row. */
  net: number;
  at?: Date;
  text?: string;
}
