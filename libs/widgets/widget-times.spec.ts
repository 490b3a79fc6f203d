import { expect, it } from '@jest/globals';
import { formatMoment } from './widget-times.js';

const connection = { account: { timeZone: 'Europe/Madrid' } } as Parameters<typeof formatMoment>[2];
const now = new Date('2026-12-01T13:05:00Z');

it.each([
  ['2026-12-01T11:05:00Z', 'en', '12:05'],
  ['2026-11-30T23:05:00Z', 'en', '00:05'],
  ['2026-11-30T22:05:00Z', 'en', 'Nov 30, 23:05'],
  ['2025-11-30T22:05:00Z', 'ru', '30 нояб. 2025 г., 23:05'],
])('%s in %s is %s in the time zone of the account', (at, language, text) => {
  expect(formatMoment(new Date(at), now, connection, language)).toBe(text);
});
