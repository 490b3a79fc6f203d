import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatDate, parseDay, toLocalMoment, WorkCalendar } from './calendar.js';

const MONDAY = parseDay('2026-11-23') ?? 0;
const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;
const monthDay = fc
  .date({ min: new Date('2026-01-01'), max: new Date('2026-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(5, 10).replace('-', '.'));
const accounts = fc.record({
  workTimes: fc.subarray([...weekdays]).map((days) => days.map((day) => ({ day, start: '09:00', end: '18:00' }))),
  nonWorkingDays: fc.array(fc.record({ start: monthDay, end: monthDay }), { maxLength: 3 }),
});

describe('days', () => {
  it('are read and written', () => {
    expect(parseDay('1970-01-02')).toBe(1);
    expect(formatDate(MONDAY)).toBe('2026-11-23');
    fc.assert(fc.property(fc.integer({ min: 0, max: 40_000 }), (day) => parseDay(formatDate(day)) === day));
  });

  it.each(['', '2026-02-30', '2026-13-01', '2026-1-1', '23.11.2026', '2026-11-23T00:00', 'NaN-aN-aN'])('%j is not a day', (text) => {
    expect(parseDay(text)).toBeUndefined();
  });
});

describe('the moment in the account’s zone', () => {
  it.each([
    ['2026-11-23T20:59:00Z', 'Europe/Moscow', '2026-11-23', 23],
    ['2026-11-23T21:00:00Z', 'Europe/Moscow', '2026-11-24', 0],
    ['2026-11-24T05:59:00Z', 'America/Mexico_City', '2026-11-23', 23],
    ['2026-07-01T09:30:00Z', 'Europe/Madrid', '2026-07-01', 11],
    ['2026-01-01T09:30:00Z', 'Europe/Madrid', '2026-01-01', 10],
    ['2026-01-01T18:20:00Z', 'Asia/Kathmandu', '2026-01-02', 0],
    ['2026-01-01T09:30:00Z', 'Nowhere/At_All', '2026-01-01', 9],
  ])('%s in %s is %s, hour %d', (moment, zone, day, hour) => {
    expect(toLocalMoment(new Date(moment), zone)).toEqual({ day: parseDay(day), hour });
  });

  it('is fresh when the clock goes on', () => {
    toLocalMoment(new Date('2026-11-23T09:59:59Z'), 'UTC');
    expect(toLocalMoment(new Date('2026-11-23T10:00:00Z'), 'UTC').hour).toBe(10);
  });
});

describe('working days', () => {
  it('are Monday to Friday when nothing is known', () => {
    const calendar = new WorkCalendar({ workTimes: [], nonWorkingDays: [] });
    expect(Array.from({ length: 7 }, (_, index) => calendar.isWorking(MONDAY + index))).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  it('are the account’s weekdays', () => {
    const calendar = new WorkCalendar({ workTimes: [{ day: 'Sunday', start: '10:00', end: '12:00' }], nonWorkingDays: [] });
    expect(calendar.onOrAfter(MONDAY)).toBe(MONDAY + 6);
  });

  it('leave out days off, over New Year too, both ends included', () => {
    const calendar = new WorkCalendar({ workTimes: [], nonWorkingDays: [{ start: '12.31', end: '01.08' }] });
    const first = calendar.onOrAfter(parseDay('2026-12-31') ?? 0) ?? 0;
    // 9 and 10 January 2027 are a weekend.
    expect(formatDate(first)).toBe('2027-01-11');
    expect(calendar.isWorking(parseDay('2026-12-30') ?? 0)).toBe(true);
  });

  it('are counted one by one', () => {
    const calendar = new WorkCalendar({ workTimes: [], nonWorkingDays: [{ start: '11.26', end: '11.26' }] });
    expect(formatDate(calendar.plus(MONDAY, 3) ?? 0)).toBe('2026-11-27');
    expect(formatDate(calendar.plus(MONDAY + 5, 0) ?? 0)).toBe('2026-11-30');
  });

  it('may be empty', () => {
    const calendar = new WorkCalendar({ workTimes: [], nonWorkingDays: [{ start: '01.01', end: '12.31' }] });
    expect(calendar.plus(MONDAY, 1)).toBeUndefined();
  });

  it('ignore days off that cannot be read', () => {
    const calendar = new WorkCalendar({ workTimes: [], nonWorkingDays: [{ start: 'x', end: '12.31' }] });
    expect(calendar.isWorking(MONDAY)).toBe(true);
  });

  it('are what every count ends on, whatever the account', () => {
    fc.assert(
      fc.property(accounts, fc.integer({ min: 20_000, max: 22_000 }), fc.integer({ min: 0, max: 20 }), (account, day, count) => {
        const calendar = new WorkCalendar(account);
        const end = calendar.plus(day, count);
        if (end === undefined) return true;
        let worked = 0;
        for (let next = calendar.onOrAfter(day) ?? 0; next < end; next++) if (calendar.isWorking(next)) worked++;
        return calendar.isWorking(end) && end >= day && worked === count;
      }),
    );
  });
});
