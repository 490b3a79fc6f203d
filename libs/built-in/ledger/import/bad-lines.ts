/** A rejected line with its problem. */
export interface BadLine {
  line: number;
  error: string;
}

/** Maximum number of listed lines. All are counted. */
export const MOST_NAMED = 1000;

/** Problems of a file, line by line. Only the first problem of a line is kept. */
export class BadLines {
  count = 0;
  private readonly named = new Map<number, string>();

  add(line: number, error: string): void {
    if (this.named.has(line)) return;
    this.count += 1;
    if (this.named.size < MOST_NAMED) this.named.set(line, error);
  }

  /** Returns the listed lines, in the order of the file. */
  list(): BadLine[] {
    return [...this.named].map(([line, error]) => ({ line, error })).sort((left, right) => left.line - right.line);
  }
}
