import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CourierWindow } from './zone.settings.js';
import { findWindowMeant, findWindowsMeeting } from './save-check.js';

const windows = [
  { part: 'morning', from: '09:00', to: '12:00' },
  { part: 'evening', from: '18:00', to: '22:00' },
] as CourierWindow[];
const text = (minutes: number): string => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
const countMinutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

describe('a time asked for', () => {
  it('matches the windows that share a minute with it, and selects only one of them', () => {
    fc.assert(
      fc.property(fc.nat(1439), fc.integer({ min: 1, max: 600 }), (start, length) => {
        const time = { from: text(start), to: text(Math.min(1440, start + length)) };
        const minutes = Array.from({ length: Math.min(1440, start + length) - start }, (_, n) => start + n);
        const met = windows.filter(({ from, to }) => minutes.some((one) => countMinutes(from) <= one && one < countMinutes(to)));
        expect(findWindowsMeeting(windows, time)).toEqual(met);
        const meant = findWindowMeant(windows, time);
        if (meant) expect(met).toContain(meant);
        else expect(met).not.toHaveLength(1);
      }),
    );
  });
});
