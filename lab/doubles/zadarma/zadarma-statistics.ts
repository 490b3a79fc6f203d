import { DateTime } from 'luxon';
import { Refusal } from '../../../libs/testing/double/refusal.js';

const MOST_DAYS = 31;
const FORMAT = 'yyyy-MM-dd HH:mm:ss';

/** A part of a call that has ended: one for each phone that had it. */
export interface ZadarmaLeg {
  pbxCallId: string;
  startedAt: Date;
  /** The extension. Missing if none took part. */
  code?: string;
  /** Who calls, as the PBX writes it: a number, or a name with one. */
  clid: string;
  destination: string;
  /** How it ended, in the words of notices. */
  disposition: string;
  /** Talk. */
  seconds: number;
  isRecorded: boolean;
}

/** Writes which calls ended, as JSON text: `call_id` has more digits than a JavaScript number. */
export function listStatistics(legs: readonly ZadarmaLeg[], zone: string, asked: Readonly<Record<string, string | undefined>>): string {
  const { start = '', end = '', version = '1', call_type: type, skip = '0', limit = '1000' } = asked;
  const [from, to] = [start, end].map((text) => DateTime.fromFormat(text, FORMAT, { zone }));
  if (!from?.isValid || !to?.isValid || to < from) throw new Refusal(400, '', 'Check the dates');
  if (to.diff(from, 'days').days > MOST_DAYS) throw new Refusal(400, '', 'The period is longer than a month');
  if (version !== '2') throw new Refusal(400, '', 'This double has version 2 only');
  if (type !== undefined && type !== 'in' && type !== 'out') throw new Refusal(400, '', 'Check the call type');
  if (!/^\d+$/.test(skip) || !/^\d+$/.test(limit) || Number(limit) < 1 || Number(limit) > 1000)
    throw new Refusal(400, '', 'Check the limit');
  const wanted = legs
    .filter(({ pbxCallId, startedAt }) => {
      const at = Math.floor(startedAt.getTime() / 1000) * 1000;
      return at >= from.toMillis() && at <= to.toMillis() && (type === undefined || pbxCallId.startsWith(`${type}_`));
    })
    .sort((left, right) => left.startedAt.getTime() - right.startedAt.getTime())
    .slice(Number(skip), Number(skip) + Number(limit));
  const seen = new Set<string>();
  const stats = wanted.map((leg) => {
    // Only the first part of a call has one.
    const callId = seen.has(leg.pbxCallId) ? '' : `"call_id":${Math.floor(leg.startedAt.getTime() / 1000)}.${1_000_000 + seen.size},`;
    seen.add(leg.pbxCallId);
    const row = {
      ...{ sip: leg.code ?? '0', callstart: DateTime.fromJSDate(leg.startedAt, { zone }).toFormat(FORMAT) },
      ...{ clid: leg.clid, destination: leg.destination },
      disposition: leg.disposition === 'failed' ? 'call failed' : leg.disposition,
      ...{ seconds: leg.seconds, is_recorded: String(leg.isRecorded), pbx_call_id: leg.pbxCallId },
    };
    return `{${callId}${JSON.stringify(row).slice(1)}`;
  });
  return `{"status":"success","start":${JSON.stringify(start)},"end":${JSON.stringify(end)},"stats":[${stats.join(',')}],"version":2}`;
}
