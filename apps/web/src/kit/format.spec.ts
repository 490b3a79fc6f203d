import { describe, expect, it } from '@jest/globals';
import { formatAgo, formatDay, formatTime } from './format.js';

const now = Date.parse('2026-11-27T08:00:00Z');
const ago = (seconds: number): string => formatAgo(new Date(now - seconds * 1000), now);

describe('how long ago a moment was', () => {
  it.each([
    [9, 'now'],
    [-9, 'now'],
    [30, '30 seconds ago'],
    [90, '1 minute ago'],
    [-7_300, 'in 2 hours'],
    [86_400 * 400, 'last year'],
  ])('%i s are “%s”', (seconds, words) => expect(ago(seconds)).toBe(words));
});

describe('a moment', () => {
  it.each([
    ['Europe/Moscow', 'Nov 27, 2026, 11:00:00'],
    ['America/Mexico_City', 'Nov 27, 2026, 02:00:00'],
  ])('is shown in the zone %s', (zone, words) => expect(formatTime(new Date(now), 'en', zone)).toBe(words));

  it('of a day is the same day in every zone', () => expect(formatDay('2026-11-27', 'es')).toBe('27 nov 2026'));
});
