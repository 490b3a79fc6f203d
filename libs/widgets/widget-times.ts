import { DateTime } from 'luxon';
import type { Connection } from '#connections';
import type { Language } from '#platform';

/** Returns a time in the account's time zone, short: `14:05` if it is today, otherwise `Dec 1, 14:05`. */
export function formatMoment(at: Date, now: Date, { account: { timeZone } }: Pick<Connection, 'account'>, language: Language): string {
  const [time, today] = [at, now].map((one) => DateTime.fromJSDate(one, { zone: timeZone }).setLocale(language)) as [DateTime, DateTime];
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  if (time.hasSame(today, 'day')) return time.toLocaleString(clock);
  return time.toLocaleString({ day: 'numeric', month: 'short', ...(!time.hasSame(today, 'year') && { year: 'numeric' }), ...clock });
}
