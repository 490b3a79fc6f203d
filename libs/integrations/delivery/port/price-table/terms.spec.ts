import { describe, expect, it } from '@jest/globals';
import { formatDate } from './calendar.js';
import type { TablePrice } from './price-table.settings.js';
import { findDeparture, computeTerms } from './terms.js';

const price = { minDays: 1, maxDays: 3 } as TablePrice;

function terms(now: string, shipmentDate?: string, cutOffHour = 15): object | undefined {
  const account = { timeZone: 'Europe/Moscow', language: 'ru', workTimes: [], nonWorkingDays: [] } as const;
  const context = {
    account: { ...account, workTimes: [], nonWorkingDays: [] },
    now: new Date(now),
    settings: { cutOffHour },
  };
  const found = computeTerms(price, findDeparture(shipmentDate, context));
  return found && { first: formatDate(found.first), minTerm: found.minTerm, maxTerm: found.maxTerm };
}

describe('terms', () => {
  it.each([
    // 24 November 2026 is a Tuesday; 12:00Z is 15:00 in Moscow.
    ['before the cut-off', '2026-11-24T11:59:00Z', undefined, { first: '2026-11-25', minTerm: 1, maxTerm: 3 }],
    ['after the cut-off', '2026-11-24T12:00:00Z', undefined, { first: '2026-11-26', minTerm: 2, maxTerm: 6 }],
    ['over a weekend', '2026-11-27T09:00:00Z', undefined, { first: '2026-11-30', minTerm: 3, maxTerm: 5 }],
    ['on a Saturday', '2026-11-28T09:00:00Z', undefined, { first: '2026-12-01', minTerm: 3, maxTerm: 5 }],
    ['from a later shipment date', '2026-11-24T12:00:00Z', '2026-11-26', { first: '2026-11-27', minTerm: 1, maxTerm: 5 }],
    ['from a past shipment date', '2026-11-24T09:00:00Z', '2026-11-01', { first: '2026-11-25', minTerm: 1, maxTerm: 3 }],
    ['shipped today after the cut-off', '2026-11-24T12:00:00Z', '2026-11-24', { first: '2026-11-26', minTerm: 2, maxTerm: 6 }],
    ['from a shipment date that is none', '2026-11-24T09:00:00Z', 'soon', { first: '2026-11-25', minTerm: 1, maxTerm: 3 }],
  ])('%s', (_, now, shipmentDate, expected) => {
    expect(terms(now, shipmentDate)).toEqual(expected);
  });

  it('have no cut-off at 24 and always one at 0', () => {
    expect(terms('2026-11-24T20:30:00Z', undefined, 24)).toMatchObject({ minTerm: 1 });
    expect(terms('2026-11-23T21:30:00Z', undefined, 0)).toMatchObject({ minTerm: 2 });
  });
});
