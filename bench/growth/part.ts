import type pg from 'pg';

/** A statement that recurs, as the application makes it. */
export interface Recurring {
  readonly name: string;
  readonly sql: string;
  readonly values?: readonly unknown[];
  /** Milliseconds that it may take, whatever the tables hold and the statistics say. */
  readonly largestMs: number;
  /** Large tables that it reads: no plan may read most of one. */
  readonly tables: readonly string[];
}

/** The tables of one library, years old. */
export interface GrowthPart {
  /** Tables that are filled; their statistics are made by the benchmark alone. */
  readonly tables: readonly string[];
  /** Fills the tables with `rows` rows that are done with, of the connections that `connectionId` names. */
  seed(database: pg.Client, rows: number): Promise<void>;
  /** Adds what came since the statistics were made. */
  burst(database: pg.Client): Promise<void>;
  /** Lists what is measured. */
  list(database: pg.Client): Promise<Recurring[]>;
}

/** Connections that the rows are spread over. */
export const CONNECTIONS = 5_000;

/** SQL for the id of a connection: `n`, an SQL expression, from 1 to CONNECTIONS. */
export function connectionId(n: string): string {
  return `('00000000-0000-7000-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`;
}

/** The id of one of the connections. */
export function idOf(n: number): string {
  return `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
}
