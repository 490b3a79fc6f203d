import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';

/** Numbers in a block. At most the sequence's step (see the migration), or processes would share numbers. */
const BLOCK = 1000;
/** The next block is fetched when this many numbers remain, before a caller has to wait. */
const LOW = 200;

/**
 * Assigns numbers that no other process and no earlier run has assigned: blocks of 1,000 from a PostgreSQL
 * sequence, one query for each. Numbers of a block that remain when the process ends are never used.
 */
@Injectable()
export class TrackNumberSequence implements OnApplicationBootstrap {
  private nextNumber = 0;
  private left = 0;
  private following: { first: number } | undefined;
  private loading: Promise<void> | undefined;

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Fetches the first block early. If the database is down, the first `next` tries again. */
  async onApplicationBootstrap(): Promise<void> {
    await this.load().catch(() => undefined);
  }

  /** Returns a new number. Throws the database's error if a block is needed and cannot be fetched. */
  async next(): Promise<number> {
    while (this.left === 0) {
      if (this.following) {
        this.nextNumber = this.following.first;
        this.left = BLOCK;
        this.following = undefined;
      } else {
        await this.load();
      }
    }
    this.left--;
    if (this.left < LOW && !this.following) void this.load().catch(() => undefined);
    return this.nextNumber++;
  }

  /** Runs one query at a time, shared by all waiting callers. */
  private load(): Promise<void> {
    this.loading ??= this.fetch().finally(() => (this.loading = undefined));
    return this.loading;
  }

  private async fetch(): Promise<void> {
    const [row] = await this.dataSource.query<{ first: string }[]>("SELECT nextval('courier_track_number') AS first");
    if (!row) throw new Error('the sequence of track numbers returned no number');
    this.following = { first: Number(row.first) };
  }
}
