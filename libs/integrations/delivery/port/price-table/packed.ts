/** Maximum number of bytes in one column of a table. */
const MOST_BYTES = 6;

/** Writes a value as JSON. */
export function packJson(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

/**
 * Writes rows of whole numbers below 2^48, sorted by their columns, each column as wide as its largest
 * number.
 */
export function packTable(rows: readonly (readonly number[])[]): Buffer {
  const sorted = [...rows].sort(compareRows);
  const widths = (sorted[0] ?? []).map((_, column) => countBytes(sorted.reduce((most, row) => Math.max(most, row[column] ?? 0), 0)));
  const body = Buffer.alloc(sorted.length * widths.reduce((sum, width) => sum + width, 0));
  let offset = 0;
  for (const row of sorted) for (const [column, width] of widths.entries()) offset = body.writeUIntLE(row[column] ?? 0, offset, width);
  return Buffer.concat([Buffer.from([widths.length, ...widths]), body]);
}

function compareRows(left: readonly number[], right: readonly number[]): number {
  for (let column = 0; column < left.length; column++) {
    const difference = (left[column] ?? 0) - (right[column] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function countBytes(most: number): number {
  let bytes = 1;
  while (bytes < MOST_BYTES && most >= 2 ** (8 * bytes)) bytes++;
  return bytes;
}

/** Reads the result of `packJson`. */
export function readJson(bytes: Buffer): object {
  return JSON.parse(bytes.toString()) as object;
}

/** Reads the result of `packTable`, row by row, without unpacking it. */
export class PackedTable {
  readonly count: number;
  private readonly start: number;
  private readonly size: number;
  /** Offset of each column in a row. */
  private readonly offsets: readonly number[];

  constructor(private readonly bytes: Buffer) {
    const columns = bytes[0] ?? 0;
    this.start = 1 + columns;
    const offsets: number[] = [];
    let size = 0;
    for (let column = 0; column < columns; column++) {
      offsets.push(size);
      size += bytes[1 + column] ?? 0;
    }
    this.offsets = offsets;
    this.size = size;
    this.count = size === 0 ? 0 : (bytes.length - this.start) / size;
  }

  read(row: number, column: number): number {
    return this.bytes.readUIntLE(this.start + row * this.size + (this.offsets[column] ?? 0), this.bytes[1 + column] ?? 1);
  }

  /** Returns the first row whose first columns are these numbers, or -1 if there is none. */
  find(...wanted: readonly number[]): number {
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.compare(middle, wanted) < 0) low = middle + 1;
      else high = middle;
    }
    return low < this.count && this.compare(low, wanted) === 0 ? low : -1;
  }

  /** Whether the row's first columns are these numbers. */
  has(row: number, ...wanted: readonly number[]): boolean {
    return row < this.count && this.compare(row, wanted) === 0;
  }

  private compare(row: number, wanted: readonly number[]): number {
    for (let column = 0; column < wanted.length; column++) {
      const difference = this.read(row, column) - (wanted[column] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  }
}

/** Returns an object's values in the order of `fields`, for JSON without names. A missing field is null. */
export function toRow<T extends object>(value: T, fields: readonly (keyof T)[]): unknown[] {
  return fields.map((field) => value[field] ?? null);
}

/** Restores an object from the result of `toRow`. */
export function fromRow<T extends object>(row: readonly unknown[], fields: readonly (keyof T)[]): T {
  const value: Partial<Record<keyof T, unknown>> = {};
  for (let at = 0; at < fields.length; at++) {
    const field = fields[at];
    if (field !== undefined && row[at] !== null) value[field] = row[at];
  }
  return value as T;
}
