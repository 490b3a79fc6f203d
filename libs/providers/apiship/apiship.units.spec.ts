import { describe, expect, it } from '@jest/globals';
import { accountSettings, providerContext } from '#testing';
import { createDefaultSettings } from './apiship.settings.js';
import { keepComingDay } from './apiship.units.js';

describe('a day for ApiShip', () => {
  it.each([
    // Half past midnight of 1 December in Moscow.
    ['Europe/Moscow', '2026-11-30T21:30:00Z', undefined, '2026-12-01'],
    ['America/Mexico_City', '2026-12-01T05:30:00Z', '2026-11-30', '2026-12-01'],
  ])('is today or later by the clock of an account in %s', (timeZone, now, yesterday, today) => {
    const context = providerContext(createDefaultSettings(), { now: new Date(now), account: accountSettings({ timeZone }) });
    expect([keepComingDay('2026-11-30', context), keepComingDay('2026-12-01', context)]).toEqual([yesterday, today]);
  });

  it('is a date', () => {
    const context = providerContext(createDefaultSettings(), { now: new Date('2026-11-30T12:00:00Z') });
    expect([keepComingDay(undefined, context), keepComingDay('tomorrow', context)]).toEqual([undefined, undefined]);
  });
});
