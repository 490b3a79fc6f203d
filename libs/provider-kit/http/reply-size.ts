/** Returns the bytes that a Content-Length header states. */
export function readSize(header: string | undefined): number | undefined {
  return header !== undefined && /^\d+$/.test(header) ? Number(header) : undefined;
}

/**
 * The start of a part, and the size of the whole, from its Content-Range. Undefined when the header lacks
 * them.
 */
export function readPart(header: string | undefined): { start: number; size: number | undefined } | undefined {
  const [, start, size] = /^bytes (\d+)-\d+\/(\d+|\*)$/i.exec(header ?? '') ?? [];
  return start === undefined ? undefined : { start: Number(start), size: readSize(size) };
}
