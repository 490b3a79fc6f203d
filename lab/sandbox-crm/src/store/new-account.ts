import { formatPhpDate } from '../contract/php-date.js';
import referenceRecords from '../data/reference-records.json' with { type: 'json' };
import { type JsonObject } from '../json.js';
import { type Account } from './state.js';

/**
 * Returns a new account: settings of a shop in Moscow, reference lists, two managers, no orders.
 */
export function newAccount(code: string, name: string, now: Date): Account {
  const records = readRecords(formatPhpDate(now, 'Y-m-d H:i:s', 'Europe/Moscow'));
  return {
    code,
    name,
    settings: newSettings(now),
    keys: [],
    modules: {},
    deliveries: [],
    records,
    ids: Object.fromEntries(Object.entries(records).map(([collection, rows]) => [collection, rows.length])),
  };
}

/** Returns a copy of the records of `data`, in which `{now}` is that time. */
function readRecords(now: string): Account['records'] {
  return JSON.parse(JSON.stringify(referenceRecords).replaceAll('{now}', now)) as Account['records'];
}

function newSettings(now: Date): JsonObject {
  const updated = formatPhpDate(now, 'Y-m-d H:i:s', 'Europe/Moscow');
  const day = (day_type: string, start_time: string, end_time: string): JsonObject => ({
    day_type,
    start_time,
    end_time,
    lunch_start_time: '13:00',
    lunch_end_time: '14:00',
  });
  return {
    default_currency: { value: 'RUB', updated_at: updated },
    system_language: { value: 'RU', updated_at: updated },
    timezone: { value: 'Europe/Moscow', updated_at: updated },
    work_times: [
      ...['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'].map((name) => day(name, '09:00', '20:00')),
      day('Saturday', '10:00', '18:00'),
    ],
    non_working_days: [
      { start_date: '01.01', end_date: '01.08' },
      { start_date: '05.09', end_date: '05.09' },
    ],
    mg: { order_creation: { default: { site: 'main', order_type: 'main', order_method: 'messenger' }, channels: {} } },
  };
}
