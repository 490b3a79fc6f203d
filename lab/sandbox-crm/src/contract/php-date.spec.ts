import { describe, expect, it } from '@jest/globals';
import { formatPhpDate, isPhpDate, parsePhpDate } from './php-date.js';

describe('dates in PHP formats', () => {
  it('distinguishes a date of a format from other texts', () => {
    expect(isPhpDate('2026-02-28 23:59:59', 'Y-m-d H:i:s')).toBe(true);
    expect(isPhpDate('2026-02-30 10:00:00', 'Y-m-d H:i:s')).toBe(false);
    expect(isPhpDate('2026-2-3', 'Y-m-d')).toBe(false);
    expect(isPhpDate('2026-02-03T10:00:00+03:00', 'Y-m-d\\TH:i:sP')).toBe(true);
    expect(isPhpDate('2026-02-03T10:00:00Z', 'Y-m-d\\TH:i:sP')).toBe(false);
    expect(isPhpDate('24:00', 'H:i')).toBe(false);
  });

  it('writes and reads in a zone', () => {
    const instant = new Date('2026-07-01T21:30:00Z');
    expect(formatPhpDate(instant, 'Y-m-d H:i:s', 'Europe/Moscow')).toBe('2026-07-02 00:30:00');
    expect(formatPhpDate(instant, 'Y-m-d\\TH:i:sP', 'America/Mexico_City')).toBe('2026-07-01T15:30:00-06:00');
    expect(parsePhpDate('2026-07-02 00:30:00', 'Y-m-d H:i:s', 'Europe/Moscow')?.toMillis()).toBe(instant.getTime());
  });
});
