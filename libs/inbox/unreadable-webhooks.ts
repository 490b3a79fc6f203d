import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Counter } from 'prom-client';
import type { Connection } from '#connections';
import { maskBody, maskWords } from '#journal';
import { Database, defineJob, errorText, HandleJob, RETENTION_EVERY_MS, stringifyClean } from '#platform';
import type { WebhookRequest } from '#provider-kit';
import { SecondBatch } from './second-batch.js';

const cleanUnreadable = defineJob<Record<string, never>>('housekeeping', 'inbox.clean-unreadable');

const KEEP_DAYS = 30;

/** A webhook that could not be read. */
export interface UnreadableSample {
  /** ISO 8601. */
  at: string;
  /** Reason why it cannot be read. */
  problem: string;
  /** In bytes. */
  size: number;
  /** The document with every value masked that is not known to be harmless, or the start of a text. */
  body: unknown;
}

/** Webhooks of a connection that were acknowledged but could not be read. */
export interface UnreadableWebhooks {
  /** Total number so far. */
  count: number;
  lastAt: Date | null;
  /** The last 20, newest first. */
  samples: UnreadableSample[];
}

interface Gathered extends Omit<UnreadableSample, 'body'> {
  /** Its first bytes. */
  start: Uint8Array;
}

/** Number of samples stored per connection. */
export const MOST_SAMPLES = 20;
/** Number of bytes read from a longer webhook. */
const READ_BYTES = 8_192;
/** Maximum length of a text in characters. */
const SHOWN = 500;
const NOTHING: UnreadableWebhooks = { count: 0, lastAt: null, samples: [] };

const unreadable = new Counter({
  name: 'webhooks_unreadable_total',
  help: 'Webhooks that were acknowledged although they could not be read',
  labelNames: ['provider'],
});

/** Counts webhooks that were acknowledged without being read, and stores the last ones for the operator. */
@Injectable()
export class UnreadableWebhookStore implements BeforeApplicationShutdown {
  private readonly logger = new Logger(UnreadableWebhookStore.name);
  private readonly batch = new SecondBatch<Gathered>(
    (connectionId, { items, count }) => this.store(connectionId, items, count),
    (error) => this.logger.warn(`unreadable webhooks cannot be counted now: ${errorText(error)}`),
    { keys: 200, items: MOST_SAMPLES },
  );

  constructor(private readonly database: Database) {}

  /** Counts a webhook. It is stored within a second. Never throws. */
  record({ id, module }: Connection, { rawBody }: Pick<WebhookRequest, 'rawBody'>, problem: string): void {
    unreadable.inc({ provider: module.manifest.code });
    // A copy of the start, so that the whole can be freed. Masked when it is stored, because most samples of
    // a flood are dropped.
    const start = rawBody.slice(0, READ_BYTES);
    this.batch.add(id, [{ at: new Date().toISOString(), problem, size: rawBody.length, start }]);
  }

  /** Returns the webhooks stored for a connection. */
  async read(connectionId: string): Promise<UnreadableWebhooks> {
    const [row] = await this.database.query<{ count: string; lastAt: Date; samples: UnreadableSample[] }>(
      'SELECT count, last_at AS "lastAt", samples FROM unreadable_webhook WHERE connection_id = $1',
      [connectionId],
    );
    return row ? { ...row, count: Number(row.count) } : NOTHING;
  }

  /** Deletes the webhooks of connections without new ones for 30 days. There is one row per connection. */
  @HandleJob(cleanUnreadable, { everyMs: RETENTION_EVERY_MS })
  async clean(): Promise<void> {
    await this.database.query('DELETE FROM unreadable_webhook WHERE last_at < now() - make_interval(days => $1)', [KEEP_DAYS]);
  }

  /** Stores the collected webhooks. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.batch.flush();
  }

  private async store(connectionId: string, gathered: readonly Gathered[], count: number): Promise<void> {
    const samples = gathered.map(({ start, ...rest }): UnreadableSample => ({ ...rest, body: showBody(start) })).reverse();
    await this.database.query(
      `INSERT INTO unreadable_webhook AS u (connection_id, count, samples)
         SELECT id, $2, $3::jsonb FROM connection WHERE id = $1
         ON CONFLICT (connection_id) DO UPDATE SET count = u.count + excluded.count, last_at = now(),
           samples = (SELECT jsonb_agg(s ORDER BY n) FROM jsonb_array_elements(excluded.samples || u.samples) WITH ORDINALITY AS t (s, n) WHERE n <= ${MOST_SAMPLES})`,
      [connectionId, count, stringifyClean(samples)],
    );
  }
}

/** Masks names, phones and secrets in a body, for the operator. */
function showBody(start: Uint8Array): unknown {
  const masked = maskBody({ type: 'application/json', content: start }, new Set());
  const { content } = JSON.parse(masked ?? '{}') as { content?: unknown };
  return content ?? maskWords(new TextDecoder().decode(start).slice(0, SHOWN));
}
