/**
 * A gauge whose values are in the database. They are read once for the whole deployment, at most every 15 s,
 * and every process exports the same: sums over processes count several times, `max` does not.
 */
export interface SharedGauge {
  /** Of the metric; begins with `crossdock_`. */
  readonly name: string;
  /** What its value means, for people. */
  readonly help: string;
  /** Columns of `sql` that are the metric's labels: kinds and states, never a connection. */
  readonly labels: readonly string[];
  /** Answers a row for each series: the labels and `value`; in 20 ms whatever the tables hold. */
  readonly sql: string;
}
