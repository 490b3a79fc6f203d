import { FixedOffsetZone } from 'luxon';
import { sha256Hex } from '#platform';
import { type CacheOptions, ProviderError } from '#provider-kit';
import type { CallEvent } from '#telephony/port';
import { formatTime, readOffset, readTime } from './account-clock.js';
import { CALL_ID, type Notice, readExtension, readOutcome, STATISTICS } from './notice.js';
import type { WireRow, Zadarma, ZadarmaMethod } from './zadarma.api.js';
import type { ZadarmaContext } from './zadarma.settings.js';

const PAGE = 1_000;
/** Zadarma returns a month at most. */
const MOST_MS = 30 * 86_400_000;
/** By how much the account's clock may have been put back since. */
const CLOCK_MS = 3_600_000;
/** Milliseconds after which reading continues from the last period, also the overlap of the periods. */
const RECENT_MS = 300_000;
/** Pages that were read before Zadarma demanded a pause. They contain customers' numbers. */
const KEPT: CacheOptions = { ttlSeconds: 7_200, secret: true };

const KEY = 'statistics';

/** How far the records were read. Times in milliseconds since 1970. */
interface Progress {
  since: number;
  /** The end of the period, so that pages do not change while others are read. */
  until: number;
  rows: WireRow[];
}

/**
 * Reads the calls that ended since a moment, each as one event with its whole call. After three pages per
 * minute the rest waits for another try, which begins where this one stopped. Throws ProviderError.
 */
export const catchUp: ZadarmaMethod<'catchUp'> = async (api, since, context) => {
  const now = context.now.getTime();
  const offset = await readOffset(api, context);
  const begun: Progress = { since: since.getTime(), until: now, rows: [] };
  const progress = await context.cache.update<Progress>(KEY, KEPT, (kept = begun) => (kept.since === begun.since ? kept : begun));
  const from = Math.max(progress.since - CLOCK_MS, progress.until - MOST_MS);
  const recent: WireRow[] = [];
  try {
    await readOn(api, progress.rows, { from, until: progress.until, offset }, context);
    if (now - progress.until > RECENT_MS) await readOn(api, recent, { from: progress.until - RECENT_MS, until: now, offset }, context);
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'rate_limited') await context.cache.update(KEY, KEPT, () => progress);
    throw error;
  }
  return toEvents([...progress.rows, ...recent], offset);
};

/** Adds the pages of a period that are missing. */
async function readOn(
  api: Zadarma,
  rows: WireRow[],
  { from, until, offset }: { from: number; until: number; offset: number },
  context: ZadarmaContext,
): Promise<void> {
  const period = { start: formatTime(from, offset), end: formatTime(until, offset), version: 2, limit: PAGE };
  for (let length = PAGE; length >= PAGE;) {
    const { stats } = await api.statistics(context, { query: { ...period, skip: rows.length } });
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

/** Makes one notice of all parts of a call. Its phone is the last one that had the call. */
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
    // For an answered call, the last phone that had it. For another, the first phone that rang.
    internal: (answered.length > 0 ? phones.at(-1) : phones[0]) ?? '',
    duration: String(Math.round(lengths.reduce((sum, seconds) => sum + seconds, 0))),
    disposition: answered.length > 0 ? 'answered' : (root.disposition ?? ''),
    is_recorded: parts.some(({ is_recorded }) => is_recorded) ? '1' : '0',
  };
}
