import type { JsonValue } from './control-types.js';

/** Formats an amount of major units with its currency. */
export function formatAmount(amount: number | undefined, currency: string): string {
  if (amount === undefined) return '–';
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency }).format(amount);
  } catch {
    return `${amount} ${currency}`;
  }
}

/** Formats the time of day with seconds, in a time zone or the reader's. */
export function formatClock(at: string, timeZone: string | undefined): string {
  return new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone }).format(new Date(at));
}

/** Formats a JSON value over several lines. */
export function formatJson(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null, null, 2);
}
