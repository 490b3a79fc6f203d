import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Environment } from '../config/index.js';
import type { Database, Transaction } from './database.js';
import { repeatWithPauses, Retention } from './retention.js';

describe('what goes on for long', () => {
  it('pauses after each batch for four times as long as the batch took, and not after the last', async () => {
    const began = performance.now();
    let left = 3;
    await repeatWithPauses(new AbortController().signal, async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return --left > 0;
    });
    const ms = performance.now() - began;
    expect(left).toBe(0);
    // Three batches of 20 ms and two pauses of 80 ms. Timers may be early by a fraction.
    expect(ms).toBeGreaterThan(200);
  });

  it('ends in the middle of a pause when the process is to stop', async () => {
    const stopping = new AbortController();
    let batches = 0;
    const ended = repeatWithPauses(stopping.signal, async () => {
      batches++;
      await new Promise((resolve) => setTimeout(resolve, 100));
      setTimeout(() => stopping.abort(), 10);
      return true;
    });
    const began = performance.now();
    await ended;
    expect(batches).toBe(1);
    expect(performance.now() - began).toBeLessThan(300);
  });
});

describe('rows that are old', () => {
  const query = jest.fn<(text: string, values: unknown[]) => Promise<object[]>>();
  const database = {
    query,
    transaction: (work: (tx: Transaction) => unknown) => work({ query } as unknown as Transaction),
  } as unknown as Database;
  const { signal } = new AbortController();
  const retention = new Retention(database, new Environment());

  beforeEach(() => {
    query.mockReset();
  });

  it('are deleted from where the last batch ended', async () => {
    query.mockResolvedValueOnce([{ rows: 1000, place: 'Monday' }]).mockResolvedValueOnce([{ rows: 1000, place: 'Tuesday' }]);
    query.mockResolvedValueOnce([{ rows: 7, place: 'Wednesday' }]);
    await retention.deleteOld('book', 'returned', 'returned_at', 30, signal);
    expect(query.mock.calls.map(([, values]) => values)).toEqual([
      [30, 1000, '-infinity'],
      [30, 1000, 'Monday'],
      [30, 1000, 'Tuesday'],
    ]);
  });

  it('are erased in one pass, with the rows that stay', async () => {
    const batch = Array.from({ length: 500 }, (_, at) => ({ id: String(at), createdAt: 'Monday' }));
    query.mockResolvedValueOnce(batch).mockResolvedValueOnce([{ id: 'last', createdAt: 'Tuesday' }]);
    const selection = { columns: 'b.title', tables: 'book b', row: 'b', condition: 'b.returned' };
    const erase = jest.fn<(tx: Transaction, rows: object[]) => Promise<number>>().mockResolvedValueOnce(0).mockResolvedValueOnce(1);
    expect(await retention.eraseOld(selection, 30, erase, signal)).toBe(1);
    expect(query.mock.calls.map(([, values]) => values)).toEqual([
      [30, 500, '-infinity', '00000000-0000-0000-0000-000000000000'],
      [30, 500, 'Monday', '499'],
    ]);
  });

  it('are kept where days are 0', async () => {
    await retention.deleteOld('book', 'returned', 'returned_at', 0, signal);
    const selection = { columns: 'b.title', tables: 'book b', row: 'b', condition: 'b.returned' };
    expect(await retention.eraseOld(selection, 0, () => Promise.resolve(1), signal)).toBe(0);
    expect(query).not.toHaveBeenCalled();
  });
});
