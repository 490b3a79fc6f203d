import { createPostgresBackend, Queue, withBackend, Worker, type Processor, type QueueOptions, type WorkerOptions } from 'bullmq';
import { Cluster, Redis } from 'ioredis';
import type { Environment } from '../config/index.js';

/** Namespace of BullMQ's tables. */
const SCHEMA = 'bullmq';
/** One hash slot for all keys of the queues, so that they work on a Redis Cluster. */
const PREFIX = '{crossdock}';

type QueueTuning = Omit<QueueOptions, 'connection' | 'prefix'>;
type WorkerTuning = Omit<WorkerOptions, 'connection' | 'prefix'>;

/** Opens a Redis client for REDIS_URL: one address, or several separated by commas for a Cluster. */
export function openRedis(url: string, options: { failFast: boolean }): Redis | Cluster {
  const urls = url.split(',').map((part) => part.trim());
  // A producer must not wait for Redis: rows are the truth and a sweeper finds what a lost wake-up left.
  const redis = { maxRetriesPerRequest: options.failFast ? 1 : null, enableOfflineQueue: !options.failFast };
  return urls.length > 1
    ? new Cluster(urls, { redisOptions: redis, enableOfflineQueue: !options.failFast })
    : new Redis(urls[0] ?? url, redis);
}

/** Makes BullMQ queues and workers on the deployment's backend: Redis with REDIS_URL, PostgreSQL otherwise. */
export class QueueConnection {
  private readonly postgres = withBackend(createPostgresBackend);

  constructor(private readonly environment: Pick<Environment, 'DATABASE_URL' | 'REDIS_URL'>) {}

  queue(name: string, tuning: QueueTuning = {}): Queue {
    const redisUrl = this.environment.REDIS_URL;
    if (redisUrl) return new Queue(name, { ...tuning, connection: openRedis(redisUrl, { failFast: true }), prefix: PREFIX });
    return new this.postgres.Queue(name, { ...tuning, connection: this.postgresOptions(2) }) as unknown as Queue;
  }

  worker(name: string, processor: Processor, tuning: WorkerTuning): Worker {
    const redisUrl = this.environment.REDIS_URL;
    if (redisUrl) return new Worker(name, processor, { ...tuning, connection: openRedis(redisUrl, { failFast: false }), prefix: PREFIX });
    return new this.postgres.Worker(name, processor, { ...tuning, connection: this.postgresOptions(4) }) as unknown as Worker;
  }

  /** Brings BullMQ's own tables up to date and sets their autovacuum for a table that is mostly turnover. Nothing to do on Redis. */
  async migrate(run: (sql: string) => Promise<unknown>): Promise<void> {
    if (this.environment.REDIS_URL) return;
    const queue = new this.postgres.Queue('migration', { connection: { ...this.postgresOptions(2, false), migrate: true } });
    await queue.waitUntilReady();
    await queue.close();
    await run(
      `ALTER TABLE ${SCHEMA}.job SET (autovacuum_analyze_scale_factor=0, autovacuum_analyze_threshold=500,
       autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=2000)`,
    );
  }

  private postgresOptions(
    max: number,
    migrated = true,
  ): { connectionString: string; schema: string; max: number; skipMigrations?: boolean } {
    return { connectionString: this.environment.DATABASE_URL, schema: SCHEMA, max, ...(migrated && { skipMigrations: true }) };
  }
}
