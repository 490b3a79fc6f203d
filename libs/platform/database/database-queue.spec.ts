import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Database } from './database.js';
import { DatabaseQueue } from './database-queue.js';

type Connected = (error: Error | undefined, client?: object, done?: () => void) => void;

describe('the queue for a connection', () => {
  const asked: Connected[] = [];
  let pool: { connect(callback?: Connected): Promise<object> | undefined };
  let queue: DatabaseQueue;
  const wait = (): void => void pool.connect()?.catch(() => undefined);

  beforeEach(() => {
    jest.useFakeTimers();
    asked.length = 0;
    pool = { connect: (callback) => void (callback && asked.push(callback)) };
    queue = new DatabaseQueue({ pool } as unknown as Database);
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('is long when the first in line has waited a second', () => {
    wait();
    jest.advanceTimersByTime(999);
    expect(queue.isLong).toBe(false);
    wait();
    jest.advanceTimersByTime(1);
    expect(queue.isLong).toBe(true);
    asked[0]?.(undefined, {});
    expect(queue.isLong).toBe(false);
    jest.advanceTimersByTime(999);
    expect(queue.isLong).toBe(true);
  });

  it('moves while connections become free', () => {
    expect(queue.isMoving).toBe(false);
    wait();
    asked[0]?.(new Error('away'));
    expect([queue.isMoving, queue.isLong]).toEqual([false, false]);
    wait();
    asked[1]?.(undefined, {});
    expect(queue.isMoving).toBe(true);
    jest.advanceTimersByTime(1000);
    expect(queue.isMoving).toBe(false);
  });

  it('passes on the pool’s result, to a callback and to a promise', async () => {
    const client = {};
    const callback = jest.fn<Connected>();
    void pool.connect(callback);
    asked[0]?.(undefined, client);
    expect(callback).toHaveBeenCalledWith(undefined, client, undefined);
    const [found, refused] = [pool.connect(), pool.connect()];
    asked[1]?.(undefined, client);
    asked[2]?.(new Error('away'));
    expect(await found).toBe(client);
    await expect(refused).rejects.toThrow('away');
  });
});
