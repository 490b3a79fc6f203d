/** Rows of a library that need an operator, as what shows and counts them reads them. */
export interface FailedRows {
  readonly table: string;
  /** SQL condition of the rows that need an operator; their indexes are partial by it. */
  readonly condition: string;
  /** SQL of the error's text, and of when it failed. */
  readonly error: string;
  readonly failedAt: string;
  /** Type of `id`. */
  readonly id: 'bigint' | 'uuid';
  /** SQL of the number of tries, and of what the row is about, or NULL. */
  readonly attempts: string;
  readonly subject: string;
}

/** SQL of a failure's group, by which its rows are indexed: 32 hexadecimal digits. */
export const FAILURE_GROUP = `md5(kind || chr(10) || coalesce(error_group, ''))`;

/** SQL of `groupError` of a text, for rows that failed before it was stored. */
export const groupErrorSql = (text: string): string => `left(trim(regexp_replace(regexp_replace(regexp_replace(
  left(${text}, 1000), '"[^"]*"|''[^'']*''', '"…"', 'g'), '\\m[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\\M', '#', 'g'),
  '[+-]?\\d+([.,:/-]\\d+)*', '#', 'g')), 200)`;
