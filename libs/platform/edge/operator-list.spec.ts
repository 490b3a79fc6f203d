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

describe('a list of the operator API', () => {
  const query = jest.fn<(text: string, values: unknown[]) => Promise<object[]>>();
  const source = new DataSource({ type: 'postgres' });
  source.query = query as unknown as DataSource['query'];
  const database = new Database(source);

  beforeEach(() => {
    query.mockReset();
    query.mockResolvedValueOnce([{ id: '7' }]).mockResolvedValueOnce([{ total: 31 }]);
  });

  it('reads a page, counts all, and shows each row', async () => {
    expect(await readPage(database, books, { author: 'Ada', page: 3, limit: 10 })).toEqual({ items: [{ book: '7' }], total: 31 });
    const rest = 'FROM book b JOIN shelf s ON s.id = b.shelf_id WHERE (b.author = $1 OR b.editor = $1) AND NOT b.lent';
    expect(query.mock.calls).toEqual([
      [`SELECT b.id ${rest} ORDER BY b.created_at DESC, b.id ASC LIMIT 10 OFFSET 20`, ['Ada']],
      [`SELECT count(*)::int AS total ${rest}`, ['Ada']],
    ]);
  });

  it('begins at the first page of 50 and passes values apart from the text', async () => {
    await readPage(database, books, { connection: '019ab3c4-0000-7000-8000-000000000001', state: 'lent', author: "'; DROP TABLE book" });
    const [text, values] = query.mock.calls[0] ?? [];
    expect(text).toContain('WHERE b.connection_id = $1 AND (b.author = $2 OR b.editor = $2) AND b.lent ORDER BY');
    expect(text).toContain('LIMIT 50 OFFSET 0');
    expect(values).toEqual(['019ab3c4-0000-7000-8000-000000000001', "'; DROP TABLE book"]);
  });

  it('finds nothing for a connection that is no id, without asking the database', async () => {
    expect(await readPage(database, books, { connection: 'mine' })).toEqual({ items: [], total: 0 });
    expect(query).not.toHaveBeenCalled();
  });
});
