/**
 * A gauge whose values are in the database. They are read once for the whole deployment, at most every 15 s,
 * and every process exports the same: sums over processes count several times, `max` does not.
 */
export interface SharedGauge {
  /** Name of the metric, which begins with `crossdock_`. */
  readonly name: string;
  /** The meaning of its value, for people. */
  readonly help: string;
  /** Columns of `sql` that are the metric's labels: kinds and states, never a connection. */
  readonly labels: readonly string[];
  /**
   * Returns a row for each series: the labels and `value`. Must take at most 20 ms for tables of any size.
   */
  readonly sql: string;
}
