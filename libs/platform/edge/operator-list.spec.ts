import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { DataSource } from 'typeorm';
import { Database } from '../database/index.js';
import { defineOperatorList, readPage } from './operator-list.js';
import type { PageDto } from './page.dto.js';

interface BookFilter extends PageDto {
  connection?: string;
  author?: string;
  state?: 'lent' | 'here';
}

const books = defineOperatorList<BookFilter, { id: string }, { book: string }>({
  from: { columns: 'b.id', tables: 'book b JOIN shelf s ON s.id = b.shelf_id' },
  where: {
    connection: 'b.connection_id = :connection',
    author: '(b.author = :author OR b.editor = :author)',
    state: (state) => (state === 'lent' ? 'b.lent' : 'NOT b.lent'),
  },
  order: { 'b.created_at': 'DESC', 'b.id': 'ASC' },
  view: ({ id }) => ({ book: id }),
});

const REST = 'FROM book b JOIN shelf s ON s.id = b.shelf_id WHERE (b.author = $1 OR b.editor = $1) AND NOT b.lent';
const ORDER = 'ORDER BY b.created_at DESC, b.id ASC';
const PLACE = 'ARRAY[b.created_at::text, b.id::text] AS list_place';
const MONDAY = '2026-01-05 10:00:00.123456+00';

describe('a list of the operator API', () => {
  const query = jest.fn<(text: string, values: unknown[]) => Promise<object[]>>();
  const source = new DataSource({ type: 'postgres' });
  source.query = query as unknown as DataSource['query'];
  const database = new Database(source);
  const rows = (count: number): object[] =>
    Array.from({ length: count }, (_, at) => ({ id: String(at), list_place: [MONDAY, String(at)] }));

  beforeEach(() => {
    query.mockReset();
  });

  it('reads a page, counts all, and shows each row', async () => {
    query.mockResolvedValueOnce(rows(3)).mockResolvedValueOnce([{ total: 31 }]);
    const { nextCursor, ...page } = await readPage(database, books, { author: 'Ada', page: 3, limit: 2 });
    expect(page).toEqual({ items: [{ book: '0' }, { book: '1' }], total: 31 });
    expect(JSON.parse(Buffer.from(nextCursor ?? '', 'base64url').toString())).toEqual([MONDAY, '1']);
    expect(query.mock.calls).toEqual([
      [`SELECT b.id, ${PLACE} ${REST} ${ORDER} LIMIT 3 OFFSET 4`, ['Ada']],
      [`SELECT count(*)::int AS total FROM (SELECT ${REST} ${ORDER} LIMIT 5001) counted`, ['Ada']],
    ]);
  });

  it('knows the total at the last page', async () => {
    query.mockResolvedValueOnce(rows(2));
    expect(await readPage(database, books, { page: 3, limit: 10 })).toEqual({ items: [{ book: '0' }, { book: '1' }], total: 22 });
    query.mockResolvedValueOnce([]);
    expect(await readPage(database, books, {})).toEqual({ items: [], total: 0 });
    expect(query).toHaveBeenCalledTimes(2);
  });

  it('counts beyond the last page', async () => {
    query.mockResolvedValueOnce([]).mockResolvedValueOnce([{ total: 31 }]);
    expect(await readPage(database, books, { page: 9 })).toEqual({ items: [], total: 31 });
  });

  it('skips 100,000 rows for a page, and refuses one with more before it', async () => {
    query.mockResolvedValueOnce([]).mockResolvedValueOnce([{ total: 31 }]);
    expect(await readPage(database, books, { page: 201, limit: 500 })).toEqual({ items: [], total: 31 });
    query.mockReset();
    await expect(readPage(database, books, { page: 202, limit: 500 })).rejects.toMatchObject({
      errors: { page: expect.stringContaining('nextCursor') as unknown },
    });
    expect(query).not.toHaveBeenCalled();
  });

  it('estimates a total that is large, never below what was counted', async () => {
    for (const [planned, total] of [[1_234_567, 1_234_567] as const, [12, 5001] as const]) {
      query.mockResolvedValueOnce(rows(51)).mockResolvedValueOnce([{ total: 5001 }]);
      query.mockResolvedValueOnce([{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': planned } }] }]);
      expect(await readPage(database, books, { author: 'Ada' })).toMatchObject({ total, totalIsEstimate: true });
      expect(query).toHaveBeenLastCalledWith(`EXPLAIN (FORMAT JSON) SELECT ${REST}`, ['Ada']);
    }
  });

  it('goes on after a cursor, and counts all', async () => {
    query.mockResolvedValueOnce(rows(1)).mockResolvedValueOnce([{ total: 31 }]);
    const cursor = Buffer.from(JSON.stringify([MONDAY, '7'])).toString('base64url');
    expect(await readPage(database, books, { cursor })).toEqual({ items: [{ book: '0' }], total: 31 });
    const after = '(b.created_at <= $1 AND (b.created_at < $1 OR (b.id) > ($2)))';
    expect(query.mock.calls[0]).toEqual([
      expect.stringContaining(`WHERE NOT b.lent AND ${after} ${ORDER} LIMIT 51 OFFSET 0`),
      [MONDAY, '7'],
    ]);
    expect(query.mock.calls[1]).toEqual([expect.not.stringContaining('<='), []]);
  });

  it('compares whole rows after a cursor where all columns have one direction', async () => {
    query.mockResolvedValueOnce(rows(1)).mockResolvedValueOnce([{ total: 1 }]);
    const cursor = Buffer.from(JSON.stringify([MONDAY, '7'])).toString('base64url');
    await readPage(database, { ...books, order: { 'b.created_at': 'DESC', 'b.id': 'DESC' } }, { cursor });
    expect(query.mock.calls[0]?.[0]).toContain('(b.created_at, b.id) < ($1, $2)');
  });

  it('rejects a cursor that no page returned, and a cursor together with a page', async () => {
    for (const bad of [
      'x',
      '',
      ...['{}', '[]', '["a"]', '["a",1]', '["a","b","c"]'].map((text) => Buffer.from(text).toString('base64url')),
    ])
      await expect(readPage(database, books, { cursor: bad })).rejects.toThrow(/^Wrong input: cursor must be/);
    const cursor = Buffer.from(JSON.stringify([MONDAY, '7'])).toString('base64url');
    await expect(readPage(database, books, { cursor, page: 2 })).rejects.toThrow(/^Wrong input: cursor takes the place of page/);
    expect(query).not.toHaveBeenCalled();
    query.mockRejectedValueOnce(Object.assign(new Error('invalid input syntax'), { code: '22007' }));
    await expect(readPage(database, books, { cursor })).rejects.toThrow(/^Wrong input: cursor must be/);
    query.mockRejectedValueOnce(Object.assign(new Error('gone'), { code: '57P01' }));
    await expect(readPage(database, books, { cursor })).rejects.toThrow('gone');
  });

  it('begins at the first page of 50 and passes values apart from the text', async () => {
    query.mockResolvedValueOnce([]);
    await readPage(database, books, { connection: '019ab3c4-0000-7000-8000-000000000001', state: 'lent', author: "'; DROP TABLE book" });
    const [text, values] = query.mock.calls[0] ?? [];
    expect(text).toContain('WHERE b.connection_id = $1 AND (b.author = $2 OR b.editor = $2) AND b.lent ORDER BY');
    expect(text).toContain('LIMIT 51 OFFSET 0');
    expect(values).toEqual(['019ab3c4-0000-7000-8000-000000000001', "'; DROP TABLE book"]);
  });

  it('finds nothing for an invalid connection id, without a query', async () => {
    expect(await readPage(database, books, { connection: 'mine' })).toEqual({ items: [], total: 0 });
    expect(query).not.toHaveBeenCalled();
  });
});
