/** Writes parts one after the other, after their number and ends; `PackedParts` reads them. */
export function packParts(parts: readonly Uint8Array[]): Buffer {
  const head = Buffer.alloc(4 + 4 * parts.length);
  head.writeUInt32LE(parts.length, 0);
  let end = head.length;
  parts.forEach((part, index) => head.writeUInt32LE((end += part.length), 4 + 4 * index));
  return Buffer.concat([head, ...parts]);
}

/** Reads the output of `packParts`, part by part. */
export class PackedParts {
  readonly count: number;

  /** Throws Error for bytes that are not parts. */
  constructor(private readonly bytes: Buffer) {
    this.count = bytes.readUInt32LE(0);
    const end = this.count > 0 ? this.readEnd(this.count - 1) : 4;
    if (end !== bytes.length) throw new Error(`packed bytes end at ${bytes.length}, not at ${end}`);
  }

  /** Returns a view of one part. */
  read(index: number): Buffer {
    const start = index === 0 ? 4 + 4 * this.count : this.readEnd(index - 1);
    return this.bytes.subarray(start, this.readEnd(index));
  }

  private readEnd(index: number): number {
    return this.bytes.readUInt32LE(4 + 4 * index);
  }
}
