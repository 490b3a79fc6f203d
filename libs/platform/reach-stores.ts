import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { type Environment, EnvironmentError } from './config/index.js';
import type { AppLogger } from './logging/index.js';
import { openRedis } from './queue/index.js';

/** How long a store that starts at the same time is waited for, milliseconds. */
const PATIENCE_MS = 10_000;
const PAUSE_MS = 500;
/** Errors that waiting does not fix: a wrong password, a missing user or database. */
const LASTING = /^(28|3D)/;
/** Older ones cannot calculate with infinite times, which statements do. */
const LEAST_POSTGRES = 17;

/**
 * Waits up to ten seconds for database and Redis. Throws EnvironmentError with host and port, not the
 * password. Also throws it for a PostgreSQL before 17.
 */
export async function reachStores({ DATABASE_URL, REDIS_URL }: Environment, logger: AppLogger): Promise<void> {
  await reach('PostgreSQL', 'DATABASE_URL', DATABASE_URL, logger, async () => {
    const client = new Client({ connectionString: DATABASE_URL, connectionTimeoutMillis: 3_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
      refuseOld(rows[0]?.server_version ?? '');
    } finally {
      await client.end().catch(() => undefined);
    }
  });
  if (!REDIS_URL) return;
  await reach('Redis', 'REDIS_URL', REDIS_URL, logger, async () => {
    const redis = openRedis(REDIS_URL, { failFast: true, once: true });
    let reason: Error | undefined;
    redis.on('error', (error: Error) => (reason = error));
    try {
      await redis.connect();
      await redis.ping();
    } catch (error) {
      throw reason ?? error;
    } finally {
      redis.disconnect();
    }
  });
}

/** Throws EnvironmentError for a PostgreSQL of a version that is too old. */
export function refuseOld(version: string): void {
  if (Number.parseInt(version, 10) >= LEAST_POSTGRES) return;
  throw new EnvironmentError(`PostgreSQL ${LEAST_POSTGRES} or later is needed, but DATABASE_URL leads to ${version}.`);
}

async function reach(what: string, setting: string, urls: string, logger: AppLogger, attempt: () => Promise<void>): Promise<void> {
  const where = `${what} at ${listHosts(urls)}`;
  const giveUp = Date.now() + PATIENCE_MS;
  for (let told = false; ; told = true) {
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof EnvironmentError) throw error;
      const { code, message } = error as NodeJS.ErrnoException;
      if (LASTING.test(code ?? '') || /WRONGPASS|NOAUTH/.test(message))
        throw new EnvironmentError(`${where} refuses us (${message}): correct ${setting}.`);
      if (Date.now() > giveUp)
        throw new EnvironmentError(`${where} cannot be reached (${code ?? message}): start it, or correct ${setting}.`);
      if (!told) logger.warn(`waiting for ${where} (${code ?? message})`, 'Start');
      await sleep(PAUSE_MS);
    }
  }
}

/** Hosts and ports of addresses separated by commas, without user names and passwords. */
export function listHosts(urls: string): string {
  return urls
    .split(',')
    .map((url) => {
      const { hostname, port, protocol } = new URL(url.trim());
      return `${hostname}:${port || (protocol.startsWith('redis') ? 6379 : 5432)}`;
    })
    .join(', ');
}
