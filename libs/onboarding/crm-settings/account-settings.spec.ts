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

  it('that are not sent stay', () => {
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

  it('in an unsupported language are in English', () => {
    expect(readAccountSettings({ system_language: { value: 'de' } }, BEFORE).language).toBe('en');
  });
});

describe('what the account sets for chats', () => {
  const read = (mg: unknown, before = UNKNOWN_ACCOUNT): AccountSettings['chat'] => readAccountSettings({}, before, mg).chat;
  const chat = { orderCreation: { default: { site: 'main' }, channels: {} } };

  it('is read as the CRM writes it', () => {
    const order_creation = {
      default: { site: 'main', order_type: 'eshop-individual', order_method: 'messenger' },
      channels: { 7: { site: 'es' }, 12: { order_type: 'b2b', order_method: '' }, 13: [], 14: null },
    };
    expect(read({ order_creation })).toEqual({
      orderCreation: {
        default: { site: 'main', orderType: 'eshop-individual', orderMethod: 'messenger' },
        channels: { 7: { site: 'es' }, 12: { orderType: 'b2b' }, 13: {} },
      },
    });
    expect(read({ order_creation: [] })).toEqual({ orderCreation: { channels: {} } });
    expect(read({ order_creation: { default: [], channels: [] } })).toEqual({ orderCreation: { channels: {} } });
  });

  it.each([
    [undefined],
    [null],
    ['text'],
    [5],
    [[]],
    [{}],
    [{ order_creation: 'text' }],
    [{ order_creation: [[]] }],
    [{ order_creation: null }],
  ])('stays unchanged when %j is sent', (mg) => {
    expect(read(mg, { ...UNKNOWN_ACCOUNT, chat })).toEqual(chat);
    expect(readAccountSettings({}, UNKNOWN_ACCOUNT, mg)).toEqual(UNKNOWN_ACCOUNT);
  });

  it('has no ids, codes and sizes that a database would refuse', () => {
    const channels = Object.fromEntries(Array.from({ length: 900 }, (_, id) => [id + 1, { site: 's' }]));
    const odd = JSON.parse(
      '{"__proto__":{"site":"x"},"constructor":{"site":"x"},"-1":{"site":"x"},"7":{"site":"a\\u0000b\\ud800"}}',
    ) as object;
    expect(Object.keys(read({ order_creation: { channels } })?.orderCreation.channels ?? {})).toHaveLength(500);
    expect(read({ order_creation: { channels: odd } })?.orderCreation.channels).toEqual({ 7: { site: 'ab\ufffd' } });
    const codes = { site: 'x'.repeat(256), order_type: {}, order_method: ['m'] };
    expect(read({ order_creation: { default: codes, channels: { 1: codes } } })).toEqual({ orderCreation: { channels: { 1: {} } } });
  });
});
