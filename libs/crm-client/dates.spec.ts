import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatDate, isTimeZone, parseDate } from './dates.js';

const FORMATS = ['Y-m-d H:i:s', 'Y-m-d H:i:sP', 'Y-m-d\\TH:i:sP', 'Y-m-d H:i', 'Y-m-d', 'H:i', 'H:i:s'];
const ZONES = [
  'UTC',
  'Europe/Moscow',
  'Europe/Madrid',
  'America/New_York',
  'America/Sao_Paulo',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
];

describe('formatDate', () => {
  it.each([
    ['Y-m-d', '2024-03-10'],
    ['Y-m-d H:i', '2024-03-10 00:05'],
    ['Y-m-d H:i:s', '2024-03-10 00:05:07'],
    ['Y-m-d H:i:sP', '2024-03-10 00:05:07+03:00'],
    ['Y-m-d\\TH:i:sP', '2024-03-10T00:05:07+03:00'],
    ['H:i', '00:05'],
    ['H:i:s', '00:05:07'],
  ])('writes %s', (format, expected) => {
    expect(formatDate(new Date('2024-03-09T21:05:07Z'), format, 'Europe/Moscow')).toBe(expected);
  });

  it('follows the change of clocks', () => {
    expect(formatDate(new Date('2024-03-31T00:59:59Z'), 'Y-m-d\\TH:i:sP', 'Europe/Madrid')).toBe('2024-03-31T01:59:59+01:00');
    expect(formatDate(new Date('2024-03-31T01:00:00Z'), 'Y-m-d\\TH:i:sP', 'Europe/Madrid')).toBe('2024-03-31T03:00:00+02:00');
  });

  it('refuses an invalid date and a format it does not know', () => {
    expect(() => formatDate(new Date('no'), 'Y-m-d', 'UTC')).toThrow(RangeError);
    expect(() => formatDate(new Date(0), 'D, d M', 'UTC')).toThrow('an unknown letter');
  });
});

describe('parseDate', () => {
  it('reads a wall time in the zone', () => {
    expect(parseDate('2024-07-01 10:00:00', 'Y-m-d H:i:s', 'America/New_York')).toEqual(new Date('2024-07-01T14:00:00Z'));
  });

  it('believes an offset more than the zone', () => {
    expect(parseDate('2024-07-01T10:00:00+09:00', 'Y-m-d\\TH:i:sP', 'America/New_York')).toEqual(new Date('2024-07-01T01:00:00Z'));
  });

  it('reads both instants of a repeated hour when the offset distinguishes them', () => {
    for (const [offset, hour] of [
      ['-04:00', '05'],
      ['-05:00', '06'],
    ]) {
      const text = `2024-11-03T01:30:00${offset}`;
      expect(parseDate(text, 'Y-m-d\\TH:i:sP', 'America/New_York')).toEqual(new Date(`2024-11-03T${hour}:30:00Z`));
    }
  });

  it('takes the earlier instant of a repeated hour, and the time after a skipped one', () => {
    expect(parseDate('2024-11-03 01:30:00', 'Y-m-d H:i:s', 'America/New_York')).toEqual(new Date('2024-11-03T05:30:00Z'));
    expect(parseDate('2024-03-10 02:30:00', 'Y-m-d H:i:s', 'America/New_York')).toEqual(new Date('2024-03-10T07:30:00Z'));
  });

  it("reads a day as its start, also where the day begins at one o'clock", () => {
    expect(parseDate('2024-03-10', 'Y-m-d', 'Europe/Moscow')).toEqual(new Date('2024-03-09T21:00:00Z'));
    const start = parseDate('2018-11-04', 'Y-m-d', 'America/Sao_Paulo');
    expect(start).toEqual(new Date('2018-11-04T03:00:00Z'));
    expect(start && formatDate(start, 'Y-m-d', 'America/Sao_Paulo')).toBe('2018-11-04');
  });

  it.each(['', '0000-00-00 00:00:00', '-0001-11-30 00:00:00'])('reads %j as no date', (text) => {
    expect(parseDate(text, 'Y-m-d H:i:s', 'UTC')).toBeNull();
  });

  it("reads other forms of a date than the field's, and rejects everything else", () => {
    expect(parseDate('2024-03-10', 'Y-m-d H:i:s', 'UTC')).toEqual(new Date('2024-03-10T00:00:00Z'));
    expect(parseDate('2024-03-10T01:02:03.000Z', 'Y-m-d H:i:s', 'Asia/Tokyo')).toEqual(new Date('2024-03-10T01:02:03Z'));
    expect(parseDate('soon', 'Y-m-d H:i:s', 'UTC')).toBeUndefined();
  });

  it('reads every written date back unchanged, in every zone and format', () => {
    const instant = fc.date({ min: new Date('2000-01-01T00:00:00Z'), max: new Date('2040-01-01T00:00:00Z'), noInvalidDate: true });
    fc.assert(
      fc.property(instant, fc.constantFrom(...ZONES), fc.constantFrom(...FORMATS.slice(0, 5)), (date, zone, format) => {
        const written = formatDate(date, format, zone);
        const read = parseDate(written, format, zone);
        expect(read && formatDate(read, format, zone)).toBe(written);
      }),
      { numRuns: 500 },
    );
  });
});

it('knows zones by their IANA names', () => {
  expect(isTimeZone('Europe/Moscow')).toBe(true);
  expect(isTimeZone('Moscow')).toBe(false);
});
