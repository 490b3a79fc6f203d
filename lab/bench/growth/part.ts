import type pg from 'pg';

/** A recurring statement, like the application runs it. */
export interface Recurring {
  readonly name: string;
  readonly sql: string;
  readonly values?: readonly unknown[];
  /** Maximum milliseconds, whatever the tables contain and the statistics are. */
  readonly largestMs: number;
  /** Large tables that it reads. No plan may read most of one. */
  readonly tables: readonly string[];
}

/** The tables of one library, with data of several years. */
export interface GrowthPart {
  /** Tables that are filled. Only the benchmark creates their statistics. */
  readonly tables: readonly string[];
  /** Fills the tables with `rows` finished rows of the connections with an id of `connectionId`. */
  seed(database: pg.Client, rows: number): Promise<void>;
  /** Adds rows that arrived after the statistics were created. */
  burst(database: pg.Client): Promise<void>;
  /** Lists the statements to measure. */
  list(database: pg.Client): Promise<Recurring[]>;
}

/** Number of connections that the rows belong to. */
export const CONNECTIONS = 5_000;

/** Returns SQL for the id of a connection. `n`: an SQL expression, from 1 to CONNECTIONS. */
export function connectionId(n: string): string {
  return `('00000000-0000-7000-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`;
}

/** Returns the id of a connection. */
export function idOf(n: number): string {
  return `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
}
