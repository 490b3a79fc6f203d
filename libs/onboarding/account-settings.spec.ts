import { describe, expect, it } from '@jest/globals';
import { UNKNOWN_ACCOUNT } from '#connections';
import type { AccountSettings } from '#provider-kit';
import { readAccountSettings } from './account-settings.js';

const BEFORE: AccountSettings = {
  timeZone: 'Europe/Moscow',
  language: 'ru',
  currency: 'RUB',
  workTimes: [{ day: 'Monday', start: '09:00', end: '18:00' }],
  nonWorkingDays: [{ start: '01.01', end: '01.08' }],
};

describe("the account's settings", () => {
  it('are read as the CRM writes them', () => {
    const settings = readAccountSettings(
      {
        default_currency: { value: 'eur' },
        system_language: { value: 'es_MX' },
        timezone: { value: 'America/Mexico_City' },
        work_times: [
          { day_type: 'Monday', start_time: '9:00', end_time: '18:30', lunch_start_time: '13:00', lunch_end_time: '14:00' },
          { day_type: 'sat', start_time: '10:00:00', end_time: '24:00' },
          { day_type: '7', start_time: '10:00', end_time: '12:00', lunch_start_time: '11:00' },
        ],
        non_working_days: [{ start_date: '12.31', end_date: '01.08' }],
      },
      UNKNOWN_ACCOUNT,
    );
    expect(settings).toEqual({
      timeZone: 'America/Mexico_City',
      language: 'es',
      currency: 'EUR',
      workTimes: [
        { day: 'Monday', start: '09:00', end: '18:30', lunchStart: '13:00', lunchEnd: '14:00' },
        { day: 'Saturday', start: '10:00', end: '24:00' },
        { day: 'Sunday', start: '10:00', end: '12:00' },
      ],
      nonWorkingDays: [{ start: '12.31', end: '01.08' }],
    });
  });

  it('that are not told stay', () => {
    expect(readAccountSettings({}, BEFORE)).toEqual(BEFORE);
    expect(readAccountSettings({ timezone: {}, default_currency: { value: '' } }, BEFORE)).toEqual(BEFORE);
    expect(readAccountSettings({}, UNKNOWN_ACCOUNT)).toEqual(UNKNOWN_ACCOUNT);
  });

  it('that cannot be read stay too, or are left out of their list', () => {
    const settings = readAccountSettings(
      {
        default_currency: { value: 'rubles' },
        timezone: { value: 'Mars/Olympus' },
        work_times: [
          { day_type: 'Someday', start_time: '09:00', end_time: '18:00' },
          { day_type: 'Monday', start_time: '25:00', end_time: '18:00' },
          { day_type: 'Tuesday', start_time: '09:00' },
          { day_type: 'm', start_time: '09:00', end_time: '18:00' },
        ],
        non_working_days: [
          { start_date: '13.01', end_date: '01.08' },
          { start_date: '01.01', end_date: '1.8' },
        ],
      },
      BEFORE,
    );
    expect(settings).toEqual({ ...BEFORE, workTimes: [], nonWorkingDays: [] });
  });

  it('that are emptied become empty', () => {
    expect(readAccountSettings({ work_times: [], non_working_days: [] }, BEFORE)).toMatchObject({ workTimes: [], nonWorkingDays: [] });
  });

  it('in a language we do not speak are told in English', () => {
    expect(readAccountSettings({ system_language: { value: 'de' } }, BEFORE).language).toBe('en');
  });
});
