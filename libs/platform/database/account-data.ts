/** A table with rows that belong to connections. */
export interface AccountTable {
  readonly table: string;
  /** SQL condition of the rows of connection $1; `connection_id = $1` when left out. Needs an index. */
  readonly where?: string;
  /**
   * Column that identifies the rows of a batch. By default the row's place (`ctid`), which is not unique
   * across the parts of a partitioned table.
   */
  readonly key?: string;
  /** SQL statement run with the deletion of rows, `gone`: keeps what must stay, or deletes their parts. */
  readonly also?: string;
}

/** The data of buyers within the data of accounts. */
export interface BuyerRecords {
  /**
   * SQL query of connection $1's rows: `id` (text); `about` (jsonb: all that names its buyer, and nobody
   * else); `open` (boolean: in flight, and needed as it is until it has ended); `view` (jsonb: for an export,
   * so readable and without secrets).
   */
  readonly select: string;
  /**
   * Its rows may also belong to rows of other data, or to a customer by the shop's id: `select` has
   * `links` (text[]), each `id:` and the id of such a row, or `shop:` and the id of the customer.
   */
  readonly links?: true;
  /** SQL statement that erases the buyer's data in the rows with the ids $1 (text[]), one row for each. */
  readonly erase: string;
}

/** The data of accounts in a library's tables. Every table with connections belongs to one declaration. */
export interface AccountData {
  /** As operators read it, such as `deliveries`. */
  readonly name: string;
  /** In the order in which they are emptied: tables that refer to others first. */
  readonly tables: readonly AccountTable[];
  /** Missing if there is no data of buyers. */
  readonly buyers?: BuyerRecords;
}

/** The data of accounts in all schemas. */
export class AllAccountData {
  constructor(readonly all: readonly AccountData[]) {}
}
