import type { Language } from './language.js';

/** Formats a moment as date and time (24 hours), in the reader's time zone unless another is given. */
export function formatTime(at: Date | string, language: Language = 'en', timeZone?: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23', timeZone }).format(new Date(at));
}

/** Formats a day (`YYYY-MM-DD`), which has no time zone. */
export function formatDay(day: string, language: Language = 'en'): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(day));
}

const STEPS = [
  ['second', 60],
  ['minute', 60],
  ['hour', 24],
  ['day', 30],
  ['month', 12],
  ['year', Infinity],
] as const;

/** Differences up to this number of seconds count as now. Pages update `useNow` no more often. */
const NOW_S = 10;

/** Formats the distance of a moment from now: `3 minutes ago`, `in 2 hours`. */
export function formatAgo(at: Date | string, now: number, language: Language = 'en'): string {
  let value = (new Date(at).getTime() - now) / 1000;
  if (Math.abs(value) < NOW_S) value = 0;
  for (const [unit, size] of STEPS) {
    if (Math.abs(value) < size) return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(Math.trunc(value), unit);
    value /= size;
  }
  return '';
}

/** Formats a time span of milliseconds: `8 ms`, `1.2 s`, `3 min`, `2 h`, `4 d`. */
export function formatSpan(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  return seconds < 86_400 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}

/** Formats a count with the language's separators. */
export function formatCount(count: number, language: Language = 'en'): string {
  return new Intl.NumberFormat(language).format(count);
}

/** Formats an amount with its currency, such as 12.5 in `EUR`. Without a currency returns only the number. */
export function formatAmount(amount: number | undefined, currency: string | undefined, language: Language = 'en'): string {
  if (amount === undefined) return '';
  return new Intl.NumberFormat(language, currency === undefined ? {} : { style: 'currency', currency }).format(amount);
}
