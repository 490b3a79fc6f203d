import { describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { TrackNumberSequence } from './track-number.sequence.js';

/** A sequence in a database with steps of 1,000. It replies a moment later, and fails `failures` times. */
class FakeDatabase {
  queries = 0;
  failures = 0;
  private next = 1;

  readonly dataSource = {
    query: async (text: string) => {
      expect(text).toContain("nextval('courier_track_number')");
      this.queries++;
      await Promise.resolve();
      if (this.failures-- > 0) throw new Error('connection lost');
      this.next += 1000;
      return [{ first: String(this.next - 1000) }];
    },
  } as unknown as DataSource;
}

const take = (sequence: TrackNumberSequence, count: number): Promise<number[]> =>
  Promise.all(Array.from({ length: count }, () => sequence.next()));

describe('the sequence of track numbers', () => {
  it('asks once for many first calls', async () => {
    const database = new FakeDatabase();
    const numbers = await take(new TrackNumberSequence(database.dataSource), 500);
    expect(new Set(numbers)).toEqual(new Set(Array.from({ length: 500 }, (_, index) => index + 1)));
    expect(database.queries).toBe(1);
  });

  it('asks once for a thousand numbers', async () => {
    const database = new FakeDatabase();
    const sequence = new TrackNumberSequence(database.dataSource);
    await sequence.onApplicationBootstrap();
    for (let count = 0; count < 10_000; count++) await sequence.next();
    expect(database.queries).toBeLessThanOrEqual(11);
  });

  it('gives no number twice, to many calls of many processes', async () => {
    const database = new FakeDatabase();
    const processes = Array.from({ length: 3 }, () => new TrackNumberSequence(database.dataSource));
    const numbers = (await Promise.all(processes.map((sequence) => take(sequence, 3500)))).flat();
    expect(new Set(numbers).size).toBe(10_500);
  });

  it('fails while the database does, and goes on afterwards', async () => {
    const database = new FakeDatabase();
    database.failures = 2;
    const sequence = new TrackNumberSequence(database.dataSource);
    await sequence.onApplicationBootstrap();
    await expect(sequence.next()).rejects.toThrow('connection lost');
    await expect(sequence.next()).resolves.toBe(1);
  });

  it('gives what it has while the next block cannot be had', async () => {
    const database = new FakeDatabase();
    const sequence = new TrackNumberSequence(database.dataSource);
    await sequence.next();
    database.failures = Infinity;
    await expect(take(sequence, 999)).resolves.toHaveLength(999);
    await expect(sequence.next()).rejects.toThrow('connection lost');
  });
});
