/** Rows of a library that need an operator, as pages and counters read them. */
export interface FailedRows {
  readonly table: string;
  /** SQL condition of the rows that need an operator. Their partial indexes use it. */
  readonly condition: string;
  /** SQL of the error's text, and of when it failed. */
  readonly error: string;
  readonly failedAt: string;
  /** Type of `id`. */
  readonly id: 'bigint' | 'uuid';
  /** SQL of the number of tries, and of the row's subject or NULL. */
  readonly attempts: string;
  readonly subject: string;
}

/** SQL of a failure's group, 32 hexadecimal digits. Failed rows are indexed by it. */
export const FAILURE_GROUP = `md5(kind || chr(10) || coalesce(error_group, ''))`;
