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

/** SQL of `groupError` of a text, for rows that failed before it was stored. */
export const groupErrorSql = (text: string): string => `left(trim(regexp_replace(regexp_replace(regexp_replace(
  left(${text}, 1000), '"[^"]*"|''[^'']*''', '"…"', 'g'), '\\m[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\\M', '#', 'g'),
  '[+-]?\\d+([.,:/-]\\d+)*', '#', 'g')), 200)`;
