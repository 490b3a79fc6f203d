import { Injectable } from '@nestjs/common';
import type { Pool, PoolClient } from 'pg';
import { Database } from './database.js';

/** Milliseconds that the first in line must have waited before the queue is considered long. */
const LONG_MS = 1_000;

type Connected = (error: Error | undefined, client: PoolClient | undefined, done: (release?: unknown) => void) => void;

/** The statements of this process that wait for a connection of the pool. */
@Injectable()
export class DatabaseQueue {
  /** When each began to wait, in the order in which they are served. */
  private readonly waiting = new Map<symbol, number>();
  private servedAt = -Infinity;

  constructor(database: Database) {
    this.watch(database.pool);
  }

  /** Whether a statement that comes now would wait for a second or more. */
  get isLong(): boolean {
    const [first] = this.waiting.values();
    return first !== undefined && performance.now() - first >= LONG_MS;
  }

  /** Whether connections become free: the database works, however long the queue is. */
  get isMoving(): boolean {
    return performance.now() - this.servedAt < LONG_MS;
  }

  /**
   * The pool reports the number of waiting queries, not for how long they wait. `query` of a pool connects
   * the same way.
   */
  private watch(pool: Pool): void {
    const connect = pool.connect.bind(pool) as (callback: Connected) => void;
    const connectWatched = (callback: Connected): void => {
      const ticket = Symbol();
      this.waiting.set(ticket, performance.now());
      connect((error, client, done) => {
        this.waiting.delete(ticket);
        if (!error) this.servedAt = performance.now();
        callback(error, client, done);
      });
    };
    pool.connect = ((callback?: Connected) => {
      if (callback) return connectWatched(callback);
      return new Promise((resolve, reject) => connectWatched((error, client) => (client ? resolve(client) : reject(error))));
    }) as Pool['connect'];
  }
}
