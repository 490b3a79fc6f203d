/** A line of a file: its value, or its problem. */
export interface RawLine {
  /** Line of the file, from 1 (CSV: the header is line 1). For a JSON list, the item's index from 1. */
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

/** Text whose start was read already. Ending the iteration also ends the reading of the rest. */
export async function* joined(start: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield start;
  yield* rest;
}

/** Maximum length of a line or item, in characters. */
export const MOST_LINE = 64 * 1024;
