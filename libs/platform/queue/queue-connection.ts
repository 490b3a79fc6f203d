import { Logger } from '@nestjs/common';
import { createPostgresBackend, Queue, withBackend, Worker, type Processor, type QueueOptions, type WorkerOptions } from 'bullmq';
import { Cluster, Redis } from 'ioredis';
import type { Environment } from '../config/index.js';

/** Namespace of BullMQ's tables. */
const SCHEMA = 'bullmq';
/** One hash slot for all keys of the queues, so that they work on a Redis Cluster. */
const PREFIX = '{crossdock}';
/** No worker locks a job for longer. */
const LONGEST_LOCK_MS = 30_000;

/**
 * BullMQ 6.7 locks due jobs in any order when a worker takes one, so that two workers can deadlock, and a job
 * that succeeded counts as failed. Does nothing if the function's text is another.
 */
const ORDER_LOCKS = String.raw`DO $do$ DECLARE corrected text; BEGIN
  FOR corrected IN SELECT regexp_replace(pg_get_functiondef(oid),
      '(UPDATE job\s+SET state = ''waiting'', delay_ms = 0\s+WHERE queue = p_queue\s+)(AND state = ''delayed''\s+AND process_at_ms <= p_now)',
      E'\\1AND id IN (SELECT id FROM job WHERE queue = p_queue \\2 ORDER BY id FOR UPDATE)')
    FROM pg_proc WHERE proname = 'move_to_active' AND pronamespace = '${SCHEMA}'::regnamespace
  LOOP EXECUTE corrected; END LOOP; END $do$`;

type QueueTuning = Omit<QueueOptions, 'connection' | 'prefix'>;
type WorkerTuning = Omit<WorkerOptions, 'connection' | 'prefix'>;

/** Opens a Redis client for REDIS_URL: one address, or several separated by commas for a Cluster. */
export function openRedis(url: string, options: { failFast: boolean; once?: boolean }): Redis | Cluster {
  const urls = url.split(',').map((part) => part.trim());
  // A producer must not wait for Redis: rows are the truth, and a sweeper finds the rows of a lost wake-up.
  const redis = { maxRetriesPerRequest: options.failFast ? 1 : null, enableOfflineQueue: !options.failFast };
  // Connects on demand and does not retry.
  const once = options.once && { lazyConnect: true, retryStrategy: () => null, clusterRetryStrategy: () => null };
  const client =
    urls.length > 1
      ? new Cluster(urls, { redisOptions: redis, enableOfflineQueue: !options.failFast, ...once })
      : new Redis(urls[0] ?? url, { ...redis, ...once });
  if (!options.once) watchRedis(client);
  return client;
}

const logger = new Logger('Redis');
/** Clients that are without their connection. */
const away = new Set<object>();

/** Logs one line when Redis is lost and one when all clients are back, however often they retry. */
function watchRedis(client: Redis | Cluster): void {
  let reason = 'the connection was closed';
  client.on('error', (error: Error) => (reason = error.message));
  client.on('reconnecting', () => {
    if (away.size === 0) logger.warn(`Redis went away (${reason}); work that waits is found again when it is back`);
    away.add(client);
  });
  const settle = (): void => {
    if (away.delete(client) && away.size === 0) logger.log('Redis is back');
  };
  client.on('ready', settle);
  client.on('end', settle);
}

/** Whether an error only means that Redis is down, which is logged once for all. */
export function isRedisAway(error: unknown): boolean {
  const { code = '', name = '', message = '' } = error as NodeJS.ErrnoException;
  return (
    /^(ECONN|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH)/.test(code) ||
    name === 'MaxRetriesPerRequestError' ||
    /^(Connection is closed|Stream isn't writeable|connect ETIMEDOUT|None of startup nodes)/.test(message)
  );
}

/**
 * Makes BullMQ queues and workers on the deployment's backend: Redis with REDIS_URL, PostgreSQL otherwise.
 */
export class QueueConnection {
  private readonly postgres = withBackend(createPostgresBackend);
  /** Client of the queue that was opened last. */
  private producer: Redis | Cluster | undefined;

  constructor(private readonly environment: Pick<Environment, 'DATABASE_URL' | 'REDIS_URL'>) {}

  /** Whether a queue's error only means that Redis is down, which is logged once for all queues. */
  tells(error: unknown): boolean {
    return this.environment.REDIS_URL !== undefined && isRedisAway(error);
  }

  /** Writes a short-lived key. Rejects when Redis accepts no writes: its disk or memory is full. */
  async tryWrite(): Promise<void> {
    await this.producer?.set(`${PREFIX}:readiness`, '1', 'EX', 60);
  }

  queue(name: string, tuning: QueueTuning = {}): Queue {
    const redisUrl = this.environment.REDIS_URL;
    if (redisUrl) {
      this.producer = openRedis(redisUrl, { failFast: true });
      return new Queue(name, { ...tuning, connection: this.producer, prefix: PREFIX });
    }
    return new this.postgres.Queue(name, { ...tuning, connection: this.postgresOptions(2) }) as unknown as Queue;
  }

  worker(name: string, processor: Processor, tuning: WorkerTuning): Worker {
    const redisUrl = this.environment.REDIS_URL;
    if (redisUrl) return new Worker(name, processor, { ...tuning, connection: openRedis(redisUrl, { failFast: false }), prefix: PREFIX });
    return new this.postgres.Worker(name, processor, { ...tuning, connection: this.postgresOptions(4) }) as unknown as Worker;
  }

  /**
   * Reads the version of Redis, or undefined if the queues are in PostgreSQL. Rejects when it is unavailable.
   */
  async readRedisVersion(): Promise<string | undefined> {
    const redisUrl = this.environment.REDIS_URL;
    if (!redisUrl) return undefined;
    const redis = openRedis(redisUrl, { failFast: true, once: true });
    redis.on('error', () => undefined);
    try {
      await redis.connect();
      return /^redis_version:(\S+)/m.exec(await redis.info('server'))?.[1];
    } finally {
      redis.disconnect();
    }
  }

  /**
   * Ends locks of jobs that lie further in the future than right clocks leave them, because BullMQ writes
   * them by the machine's clock. Returns how many. Does nothing on Redis, which ends locks itself.
   */
  async freeFutureLocks(run: (sql: string) => Promise<unknown[]>, mostSkewMs: number): Promise<number> {
    if (this.environment.REDIS_URL) return 0;
    const now = `(extract(epoch FROM clock_timestamp()) * 1000)::bigint`;
    const most = `${now} + ${LONGEST_LOCK_MS + mostSkewMs}`;
    const freed = await run(
      `UPDATE ${SCHEMA}.job SET locked_until_ms = 0 WHERE state = 'active' AND locked_until_ms > ${most} RETURNING 1`,
    );
    return freed.length;
  }

  /**
   * Migrates BullMQ's tables, tunes their autovacuum for high turnover, and corrects the order of locks.
   * Does nothing on Redis.
   */
  async migrate(run: (sql: string) => Promise<unknown>): Promise<void> {
    if (this.environment.REDIS_URL) return;
    const queue = new this.postgres.Queue('migration', { connection: { ...this.postgresOptions(2, false), migrate: true } });
    await queue.waitUntilReady();
    await queue.close();
    await run(
      `ALTER TABLE ${SCHEMA}.job SET (autovacuum_analyze_scale_factor=0, autovacuum_analyze_threshold=500,
       autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=2000)`,
    );
    await run(ORDER_LOCKS);
  }

  private postgresOptions(
    max: number,
    migrated = true,
  ): { connectionString: string; schema: string; max: number; skipMigrations?: boolean } {
    return { connectionString: this.environment.DATABASE_URL, schema: SCHEMA, max, ...(migrated && { skipMigrations: true }) };
  }
}
