/** A page of a list. */
export interface Page<Row, Cursor> {
  rows: readonly Row[];
  /** The cursor of the next page. Undefined on the last page. */
  next?: Cursor | undefined;
}

/**
 * Reads a list to its end, page by page. Stops after `mostPages`, and at a cursor that does not move.
 * @param read gets the cursor of the page, undefined for the first, and the number of rows read so far
 */
export async function readPages<Row, Cursor extends string | number>(
  read: (cursor: Cursor | undefined, count: number) => Promise<Page<Row, Cursor>>,
  mostPages: number,
): Promise<Row[]> {
  const all: Row[] = [];
  let cursor: Cursor | undefined;
  for (let page = 0; page < mostPages; page++) {
    const { rows, next } = await read(cursor, all.length);
    all.push(...rows);
    if (next === undefined || next === cursor) break;
    cursor = next;
  }
  return all;
}

/** Splits a list into parts of at most `most` items, for services that limit a request. */
export function splitIntoParts<Item>(items: readonly Item[], most: number): Item[][] {
  const parts: Item[][] = [];
  for (let at = 0; at < items.length; at += most) parts.push(items.slice(at, at + most));
  return parts;
}
