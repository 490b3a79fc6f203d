import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Database, errorText } from '#platform';
import { findBucket, LATENCY_BUCKETS } from './latencies.js';

/** `callback`, `webhook`: the CRM or a provider called a module. `provider`, `crm`: they were called. */
export const TRAFFIC_KINDS = ['callback', 'webhook', 'provider', 'crm'] as const;
export type TrafficKind = (typeof TRAFFIC_KINDS)[number];

/**
 * The outcome of an exchange. `rejected`: the request was understood and rejected. `failed`: the other side
 * was unavailable, too slow or broken.
 */
export type TrafficOutcome = 'ok' | 'rejected' | 'failed';

/** The journal's outcomes that count as a rejection. */
export const REJECTIONS: readonly string[] = ['refused', 'invalid', 'rejected', 'auth'];

/** Kinds whose failures are counted per connection: requests that others sent to us. */
export const FAILING_KINDS = ['callback', 'webhook'] as const satisfies readonly TrafficKind[];
export type FailingKind = (typeof FAILING_KINDS)[number];

/** Classifies an outcome of the journal. */
export function judgeOutcome(outcome: string): TrafficOutcome {
  if (outcome === 'ok') return 'ok';
  return REJECTIONS.includes(outcome) ? 'rejected' : 'failed';
}

/** Length of a slot in minutes. */
export const SLOT_MINUTES = 15;
/** Milliseconds between two writes. */
const EVERY_MS = 15_000;
/** Maximum number of connections in one statement. */
const BATCH = 1_000;

/** Counts of one kind that are not written yet. */
interface Counts {
  count: number;
  rejected: number;
  failed: number;
  readonly latencies: number[];
}

/** Times of a connection's last exchanges, on the clock of `performance.now()`. */
interface Seen {
  callback?: number;
  push?: number;
}

/** Failures of a connection that are not written yet. */
type Failed = Partial<Record<FailingKind, number>>;

/** SQL: adds to the current slot, in the order of the key, so that processes cannot deadlock. */
const ADD_COUNTS = `INSERT INTO traffic_slot AS s (at, kind, count, rejected, failed, latencies)
  SELECT date_bin('${SLOT_MINUTES} minutes', now(), 'epoch'), kind, count, rejected, failed, latencies
  FROM json_to_recordset($1) AS added (kind text, count int, rejected int, failed int, latencies int[]) ORDER BY kind
  ON CONFLICT (at, kind) DO UPDATE SET count = s.count + excluded.count, rejected = s.rejected + excluded.rejected, failed = s.failed + excluded.failed,
    latencies = ARRAY(SELECT old + new FROM unnest(s.latencies, excluded.latencies) WITH ORDINALITY AS both_of (old, new, n) ORDER BY n)`;

/** SQL: skips connections that no longer exist, because they may have been erased. */
const ADD_SEEN = `INSERT INTO connection_seen AS s (connection_id, callback_at, push_at)
  SELECT c.id, now() - make_interval(secs => seen.callback / 1000), now() - make_interval(secs => seen.push / 1000)
  FROM unnest($1::uuid[], $2::float8[], $3::float8[]) AS seen (id, callback, push) JOIN connection c ON c.id = seen.id ORDER BY c.id
  ON CONFLICT (connection_id) DO UPDATE SET callback_at = greatest(s.callback_at, excluded.callback_at), push_at = greatest(s.push_at, excluded.push_at)`;

/** SQL: adds failures to the current slot for connections that still exist. */
const ADD_FAILURES = `INSERT INTO connection_failure AS f (connection_id, at, kind, count)
  SELECT c.id, date_bin('${SLOT_MINUTES} minutes', now(), 'epoch'), failed.kind, failed.count
  FROM unnest($1::uuid[], $2::text[], $3::int[]) AS failed (id, kind, count) JOIN connection c ON c.id = failed.id ORDER BY c.id, failed.kind
  ON CONFLICT (connection_id, at, kind) DO UPDATE SET count = f.count + excluded.count`;

/**
 * SQL of the callbacks and webhooks that failed within 24 h: connection_id, kind, count. Slots that started
 * earlier are left out, as in charts.
 */
export const FAILED_LATELY = `SELECT connection_id, kind, count FROM connection_failure WHERE at > now() - interval '24 hours'`;

/**
 * Counts exchanges for the operators' charts and lists. Counting is a few additions in memory. Every
 * 15 s each process writes its counts. A process that is killed loses at most these 15 s.
 */
@Injectable()
export class Traffic implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(Traffic.name);
  private counts = new Map<TrafficKind, Counts>();
  private seen = new Map<string, Seen>();
  private failed = new Map<string, Failed>();
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(private readonly database: Database) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.flush(), EVERY_MS).unref();
  }

  /**
   * Counts an exchange that took `ms` milliseconds. If the connection is known, also records the time of its
   * last callback, or the number of its failed callbacks and webhooks.
   */
  note(kind: TrafficKind, outcome: TrafficOutcome, ms: number, connectionId?: string): void {
    let counts = this.counts.get(kind);
    if (!counts) this.counts.set(kind, (counts = createCounts()));
    counts.count++;
    if (outcome !== 'ok') counts[outcome]++;
    counts.latencies[findBucket(ms)]!++;
    if (connectionId === undefined) return;
    if (kind === 'callback') this.findSeen(connectionId).callback = performance.now();
    if (outcome === 'failed' && isFailing(kind)) addFailures(this.failed, connectionId, { [kind]: 1 });
  }

  /** Records that the connection's CRM accepted an update. */
  notePush(connectionId: string): void {
    this.findSeen(connectionId).push = performance.now();
  }

  /** Writes the counts so far. Never fails: counts that cannot be written are written the next time. */
  flush(): Promise<void> {
    return (this.writing = this.writing.then(() => this.write()));
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }

  private findSeen(connectionId: string): Seen {
    let seen = this.seen.get(connectionId);
    if (!seen) this.seen.set(connectionId, (seen = {}));
    return seen;
  }

  private async write(): Promise<void> {
    const { counts, seen, failed } = this;
    [this.counts, this.seen, this.failed] = [new Map(), new Map(), new Map()];
    try {
      if (counts.size > 0) await this.database.query(ADD_COUNTS, [JSON.stringify([...counts].map(([kind, of]) => ({ kind, ...of })))]);
      counts.clear();
      const now = performance.now();
      const age = (at: number | undefined): number | null => (at === undefined ? null : now - at);
      const all = [...seen];
      for (let at = 0; at < all.length; at += BATCH) {
        const batch = all.slice(at, at + BATCH);
        await this.database.query(ADD_SEEN, [
          batch.map(([id]) => id),
          batch.map(([, { callback }]) => age(callback)),
          batch.map(([, { push }]) => age(push)),
        ]);
        for (const [id] of batch) seen.delete(id);
      }
      const failing = [...failed];
      for (let at = 0; at < failing.length; at += BATCH) {
        const batch = failing.slice(at, at + BATCH);
        const rows = batch.flatMap(([id, of]) => Object.entries(of).map(([kind, count]) => ({ id, kind, count })));
        await this.database.query(ADD_FAILURES, [rows.map(({ id }) => id), rows.map(({ kind }) => kind), rows.map(({ count }) => count)]);
        for (const [id] of batch) failed.delete(id);
      }
    } catch (error) {
      this.logger.warn(`traffic is written later: ${errorText(error)}`);
      this.takeBack(counts, seen, failed);
    }
  }

  private takeBack(counts: ReadonlyMap<TrafficKind, Counts>, seen: ReadonlyMap<string, Seen>, failed: ReadonlyMap<string, Failed>): void {
    for (const [kind, before] of counts) {
      const now = this.counts.get(kind) ?? createCounts();
      this.counts.set(kind, now);
      now.count += before.count;
      now.rejected += before.rejected;
      now.failed += before.failed;
      for (const [bucket, count] of before.latencies.entries()) now.latencies[bucket]! += count;
    }
    for (const [id, before] of seen) this.seen.set(id, { ...before, ...this.seen.get(id) });
    for (const [id, before] of failed) addFailures(this.failed, id, before);
  }
}

function isFailing(kind: TrafficKind): kind is FailingKind {
  return (FAILING_KINDS as readonly TrafficKind[]).includes(kind);
}

function addFailures(failed: Map<string, Failed>, id: string, more: Failed): void {
  const known = failed.get(id);
  if (!known) return void failed.set(id, { ...more });
  for (const [kind, count] of Object.entries(more) as [FailingKind, number][]) known[kind] = (known[kind] ?? 0) + count;
}

function createCounts(): Counts {
  return { count: 0, rejected: 0, failed: 0, latencies: new Array<number>(LATENCY_BUCKETS).fill(0) };
}
