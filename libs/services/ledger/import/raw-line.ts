/** A line of a file as it was read: its value, or what is wrong with it. */
export interface RawLine {
  /** Of the file, from 1 (CSV: the header is line 1); of a JSON list the item's place. */
  line: number;
  value?: unknown;
  problem?: string;
}

/** The file cannot be read from this line on. */
export class UnreadableFile extends Error {
  constructor(
    readonly line: number,
    message: string,
  ) {
    super(message);
  }
}

/** Text whose start was read already. Ending the iteration ends the reading of the rest. */
export async function* joined(start: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield start;
  yield* rest;
}

/** Longest line or item, in characters. */
export const MOST_LINE = 64 * 1024;
