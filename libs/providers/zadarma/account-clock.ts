import { DateTime, FixedOffsetZone } from 'luxon';
import type { Zadarma } from './zadarma.api.js';
import type { ZadarmaContext } from './zadarma.settings.js';

const FORMAT = 'yyyy-MM-dd HH:mm:ss';
/** Every zone's offset is a multiple of it, in minutes. */
const STEP_MIN = 15;
const HOUR_MS = 3_600_000;
/** A notice comes at most so long after what it tells of, when nothing is wrong. */
const FRESH_MS = 120_000;

/** Returns the account's present offset from UTC in minutes. Throws ProviderError. */
export async function readOffset(api: Zadarma, context: ZadarmaContext): Promise<number> {
  const { datetime, unixtime } = await api.timezone(context);
  const local = DateTime.fromFormat(datetime, FORMAT, { zone: 'utc' });
  // Without a time that can be read, the account's clock is taken for UTC.
  return local.isValid ? Math.round((local.toSeconds() - unixtime) / 60 / STEP_MIN) * STEP_MIN : 0;
}

/** The account's clock as `connect` found it last; before that, as the CRM account's. */
export function getZone({ memory: { offset }, account }: Pick<ZadarmaContext, 'memory' | 'account'>): FixedOffsetZone | string {
  return offset === undefined ? account.timeZone : FixedOffsetZone.instance(Number(offset));
}

/** Reads a time that the account's clock shows; undefined when it is none. */
export function readTime(text: string | undefined, zone: FixedOffsetZone | string): Date | undefined {
  const time = DateTime.fromFormat(text ?? '', FORMAT, { zone });
  return time.isValid ? time.toJSDate() : undefined;
}

/** Writes a time as the account's clock shows it; `offset` in minutes. */
export function formatTime(time: number, offset: number): string {
  return DateTime.fromMillis(time, { zone: FixedOffsetZone.instance(offset) }).toFormat(FORMAT);
}

/**
 * Corrects the beginning of a call of which a notice came at once: what seems to be an hour off was told by a
 * clock that was put forward or back since it was looked at.
 */
export function correctStart(start: Date, receivedAt: Date): Date {
  for (const shift of [-HOUR_MS, HOUR_MS])
    if (Math.abs(receivedAt.getTime() - start.getTime() - shift) < FRESH_MS) return new Date(start.getTime() + shift);
  return start;
}
