import { DateTime } from 'luxon';
import { sha256Hex } from '#platform';
import { readPages } from '#provider-kit';
import type { CallEvent } from '#telephony/port';
import { readStatistics, type StatisticsRow } from './fake-pbx.api.js';
import type { FakePbxContext } from './fake-pbx.settings.js';
import type { Notice } from './track.js';

const PAGE = 1_000;
const MOST_PAGES = 100;
/** A month is the longest period. */
const MOST_MS = 30 * 86_400_000;

/** Reads the calls that ended since a moment, each as one event about the whole call. */
export async function catchUp(since: Date, context: FakePbxContext): Promise<CallEvent[]> {
  const { now, settings } = context;
  const format = (at: number): string => DateTime.fromMillis(at, { zone: settings.zone }).toFormat('yyyy-MM-dd HH:mm:ss');
  const period = { start: format(Math.max(since.getTime(), now.getTime() - MOST_MS)), end: format(now.getTime()), version: '2' };
  const rows = await readPages<StatisticsRow, number>(async (skip = 0) => {
    const { stats } = await readStatistics(context, { query: { ...period, limit: PAGE, skip } });
    return { rows: stats, next: stats.length < PAGE ? undefined : skip + PAGE };
  }, MOST_PAGES);
  const calls = new Map<string, StatisticsRow[]>();
  for (const row of rows) {
    const id = row.pbx_call_id ?? '';
    if (/^(in|out)_\w{1,100}$/.test(id)) calls.set(id, [...(calls.get(id) ?? []), row]);
  }
  return [...calls].map(([call, parts]) => ({ id: sha256Hex(`STATISTICS\n${call}`), call, data: toNotice(call, parts) }));
}

/** Makes one notice of all parts of a call. Its phone is the last one that had the call. */
function toNotice(call: string, rows: readonly StatisticsRow[]): Notice {
  const [first] = rows;
  const last = rows.findLast(({ disposition, sip }) => disposition === 'answered' && sip !== '0') ?? first;
  const number = /(\+?\d+)\)?>?$/.exec(first?.clid ?? '')?.[1];
  const sides = call.startsWith('out_')
    ? { destination: first?.destination ?? '' }
    : { called_did: first?.destination ?? '', ...(number !== undefined && { caller_id: number }) };
  return {
    ...{ event: 'STATISTICS', pbx_call_id: call, call_start: first?.callstart ?? '', ...sides, internal: last?.sip ?? '' },
    ...{ duration: String(rows.reduce((sum, { seconds }) => sum + seconds, 0)), disposition: last?.disposition ?? '' },
    is_recorded: rows.some((row) => row.is_recorded === 'true') ? '1' : '0',
  };
}
