/** A line that cannot be taken, and why. */
export interface BadLine {
  line: number;
  error: string;
}

/** Of them, so many are named; all are counted. */
export const MOST_NAMED = 1000;

/** What is wrong with a file, line by line; of a line the first problem found. */
export class BadLines {
  count = 0;
  private readonly named = new Map<number, string>();

  add(line: number, error: string): void {
    if (this.named.has(line)) return;
    this.count += 1;
    if (this.named.size < MOST_NAMED) this.named.set(line, error);
  }

  /** The first of them, in the order of the file. */
  list(): BadLine[] {
    return [...this.named].map(([line, error]) => ({ line, error })).sort((left, right) => left.line - right.line);
  }
}
