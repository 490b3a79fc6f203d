import { DateTime } from 'luxon';
import { sha256Hex } from '#platform';
import type { CallEvent } from '#telephony/port';
import type { FakePbxClient } from './fake-pbx.client.js';
import type { FakePbxContext } from './fake-pbx.settings.js';
import { StatisticsAnswer, type StatisticsRow } from './fake-pbx.wire.js';
import type { Notice } from './track.js';

const PAGE = 1000;
/** The PBX answers for a month at most. */
const MOST_MS = 30 * 86_400_000;

/** Reads which calls ended since a moment, each as one event that says all of its call. */
export async function catchUp(since: Date, client: FakePbxClient, context: FakePbxContext): Promise<CallEvent[]> {
  const { now, settings } = context;
  const format = (at: number): string => DateTime.fromMillis(at, { zone: settings.zone }).toFormat('yyyy-MM-dd HH:mm:ss');
  const period = { start: format(Math.max(since.getTime(), now.getTime() - MOST_MS)), end: format(now.getTime()), version: '2' };
  const calls = new Map<string, StatisticsRow[]>();
  for (let skip = 0; ; skip += PAGE) {
    const query = { ...period, limit: String(PAGE), skip: String(skip) };
    const { stats } = await client.ask({ path: '/v1/statistics/pbx/', query, effect: false, answer: StatisticsAnswer }, context);
    for (const row of stats) {
      const id = row.pbx_call_id ?? '';
      if (/^(in|out)_\w{1,100}$/.test(id)) calls.set(id, [...(calls.get(id) ?? []), row]);
    }
    if (stats.length < PAGE) break;
  }
  return [...calls].map(([call, rows]) => ({ id: sha256Hex(`STATISTICS\n${call}`), call, data: toNotice(call, rows) }));
}

/** Makes one notice of all parts of a call; who had it last is its phone. */
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
