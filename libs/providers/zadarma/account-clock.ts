import { DateTime, FixedOffsetZone } from 'luxon';
import type { Zadarma } from './zadarma.api.js';
import type { ZadarmaContext } from './zadarma.settings.js';

const FORMAT = 'yyyy-MM-dd HH:mm:ss';
/** Minutes. The offset of each zone is a multiple of this. */
const STEP_MIN = 15;
const HOUR_MS = 3_600_000;
/** Maximum delay of a notice after its event, when nothing is wrong. */
const FRESH_MS = 120_000;

/** Returns the account's present offset from UTC in minutes. Throws ProviderError. */
export async function readOffset(api: Zadarma, context: ZadarmaContext): Promise<number> {
  const { datetime, unixtime } = await api.timezone(context);
  const local = DateTime.fromFormat(datetime, FORMAT, { zone: 'utc' });
  // Without a time that can be read, the account's clock is taken for UTC.
  return local.isValid ? Math.round((local.toSeconds() - unixtime) / 60 / STEP_MIN) * STEP_MIN : 0;
}

/** The account's clock as `connect` last found it. Before that, the CRM account's time zone. */
export function getZone({ memory: { offset }, account }: Pick<ZadarmaContext, 'memory' | 'account'>): FixedOffsetZone | string {
  return offset === undefined ? account.timeZone : FixedOffsetZone.instance(Number(offset));
}

/** Reads a time of the account's clock. Undefined when it is not a time. */
export function readTime(text: string | undefined, zone: FixedOffsetZone | string): Date | undefined {
  const time = DateTime.fromFormat(text ?? '', FORMAT, { zone });
  return time.isValid ? time.toJSDate() : undefined;
}

/** Writes a time as the account's clock shows it; `offset` in minutes. */
export function formatTime(time: number, offset: number): string {
  return DateTime.fromMillis(time, { zone: FixedOffsetZone.instance(offset) }).toFormat(FORMAT);
}

/**
 * Corrects the start of a call whose notice came immediately: if it seems to be an hour off, the account's
 * clock was changed since it was read.
 */
export function correctStart(start: Date, receivedAt: Date): Date {
  for (const shift of [-HOUR_MS, HOUR_MS])
    if (Math.abs(receivedAt.getTime() - start.getTime() - shift) < FRESH_MS) return new Date(start.getTime() + shift);
  return start;
}
