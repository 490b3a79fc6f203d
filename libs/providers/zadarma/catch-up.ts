import { FixedOffsetZone } from 'luxon';
import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsNumber, IsOptional, IsString, ValidateNested } from 'class-validator';
import { sha256Hex } from '#platform';
import { type CacheOptions, ProviderError } from '#provider-kit';
import type { CallEvent } from '#telephony/port';
import { formatTime, readOffset, readTime } from './account-clock.js';
import { CALL_ID, type Notice, readExtension, STATISTICS } from './notice.js';
import type { ZadarmaClient } from './zadarma.client.js';
import { readOutcome } from './zadarma.outcomes.js';
import type { ZadarmaContext } from './zadarma.settings.js';

/** A phone's part of a call that has ended. */
class WireRow {
  /** Only the row that began the call has one; it has more digits than a number keeps, so it is not read. */
  @IsOptional() @IsString() call_id?: string;
  @IsOptional() @IsString() pbx_call_id?: string;
  /** The extension; `0` or empty: none. */
  @IsOptional() @IsString() sip?: string;
  @IsOptional() @IsString() callstart?: string;
  @IsOptional() @IsString() clid?: string;
  @IsOptional() @IsString() destination?: string;
  @IsOptional() @IsString() disposition?: string;
  @IsOptional() @IsNumber() seconds?: number;
  @IsOptional() @IsBoolean() is_recorded?: boolean;
}

/** `GET /v1/statistics/pbx/` */
class WireStatistics {
  @IsArray() @ValidateNested({ each: true }) @Type(() => WireRow) stats!: WireRow[];
}

const PAGE = 1_000;
/** Zadarma answers for a month at most. */
const MOST_MS = 30 * 86_400_000;
/** By how much the account's clock may have been put back since. */
const CLOCK_MS = 3_600_000;
/** What was read until so long ago is read on. */
const RECENT_MS = 300_000;
/** Pages that were read before Zadarma wanted a pause; they hold customers' numbers. */
const KEPT: CacheOptions = { ttlSeconds: 7_200, secret: true };

const KEY = 'statistics';

/** How far the records were read. Times in milliseconds since 1970. */
interface Progress {
  since: number;
  /** What a page is does not change while others are read. */
  until: number;
  rows: WireRow[];
}

/**
 * Reads which calls ended since a moment, each as one event that says all of its call. After three pages a
 * minute the rest is for another try, which begins where this one stopped. Throws ProviderError.
 */
export async function catchUp(since: Date, client: ZadarmaClient, context: ZadarmaContext): Promise<CallEvent[]> {
  const now = context.now.getTime();
  const offset = await readOffset(client, context);
  const begun: Progress = { since: since.getTime(), until: now, rows: [] };
  const progress = await context.cache.update<Progress>(KEY, KEPT, (kept = begun) => (kept.since === begun.since ? kept : begun));
  const from = Math.max(progress.since - CLOCK_MS, progress.until - MOST_MS);
  const recent: WireRow[] = [];
  try {
    await readOn(progress.rows, { from, until: progress.until, offset }, client, context);
    if (now - progress.until > RECENT_MS) await readOn(recent, { from: progress.until - RECENT_MS, until: now, offset }, client, context);
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'rate_limited') await context.cache.update(KEY, KEPT, () => progress);
    throw error;
  }
  return toEvents([...progress.rows, ...recent], offset);
}

/** Adds the pages of a period that are missing. */
async function readOn(
  rows: WireRow[],
  { from, until, offset }: { from: number; until: number; offset: number },
  client: ZadarmaClient,
  context: ZadarmaContext,
): Promise<void> {
  const period = { start: formatTime(from, offset), end: formatTime(until, offset), version: '2', limit: String(PAGE) };
  for (let length = PAGE; length >= PAGE;) {
    const parameters = { ...period, skip: String(rows.length) };
    const call = { method: 'GET', path: '/v1/statistics/pbx/', parameters, effect: false, limit: 'statistics' } as const;
    const { stats } = await client.ask({ ...call, answer: WireStatistics }, context);
    rows.push(...stats);
    ({ length } = stats);
  }
}

function toEvents(rows: readonly WireRow[], offset: number): CallEvent[] {
  const calls = new Map<string, WireRow[]>();
  for (const row of rows) {
    const id = row.pbx_call_id ?? '';
    if (!CALL_ID.test(id)) continue;
    const parts = calls.get(id);
    if (parts) parts.push(row);
    else calls.set(id, [row]);
  }
  return [...calls].map(([call, parts]) => ({
    id: sha256Hex(`${STATISTICS}\n${call}`),
    ...{ call, data: toNotice(call, parts, offset) },
  }));
}

/** Makes one notice of all parts of a call; who had it last is its phone. */
function toNotice(call: string, parts: readonly WireRow[], offset: number): Notice {
  const root = parts.find(({ call_id }) => call_id !== undefined && call_id !== '') ?? parts[0] ?? {};
  const answered = parts.filter(({ disposition }) => readOutcome(disposition) === 'answered');
  const phones = (answered.length > 0 ? answered : parts).flatMap(({ sip }) => readExtension(sip) ?? []);
  const lengths = answered.map(({ seconds = 0 }) => seconds);
  const starts = parts.flatMap(({ callstart }) => readTime(callstart, FixedOffsetZone.instance(offset)) ?? []);
  const start = starts.length > 0 ? new Date(Math.min(...starts.map(Number))) : undefined;
  const number = /(\+?\d+)[)>"]*\s*$/.exec(root.clid ?? '')?.[1];
  const isOutgoing = call.startsWith('out_');
  return {
    ...{ event: STATISTICS, pbx_call_id: call, ...(start && { startedAt: start.toISOString() }) },
    ...(isOutgoing
      ? { destination: root.destination ?? '' }
      : { called_did: root.destination ?? '', ...(number && { caller_id: number }) }),
    // Of an answered call who had it last; of another whose phone rang first.
    internal: (answered.length > 0 ? phones.at(-1) : phones[0]) ?? '',
    duration: String(Math.round(lengths.reduce((sum, seconds) => sum + seconds, 0))),
    disposition: answered.length > 0 ? 'answered' : (root.disposition ?? ''),
    is_recorded: parts.some(({ is_recorded }) => is_recorded) ? '1' : '0',
  };
}
