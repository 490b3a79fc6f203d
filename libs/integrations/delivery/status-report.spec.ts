import { describe, expect, it } from '@jest/globals';
import { toMoney } from '#provider-kit';
import type { CarrierReport } from './port/index.js';
import { readStoredReport, type StoredReport } from './status-report.js';

const parse = (json: string): CarrierReport => readStoredReport(JSON.parse(json) as StoredReport<CarrierReport>);

describe('a stored report', () => {
  it('is read as reported', () => {
    const report = {
      ...{ externalId: 'x', code: 'sorting', updatedAt: new Date('2026-03-01T10:00:00.5Z'), comment: 'c', trackNumber: 'T' },
      ...{ cost: toMoney(150, 'EUR'), extraData: { a: 1 }, lockerCode: '1234' },
    };
    expect(parse(JSON.stringify(report))).toEqual(report);
  });

  it('is read also when an earlier version stored it', () => {
    expect(
      parse('{"externalId":"x","code":"sorting","updatedAt":"2026-03-01T10:00:00.000Z","cost":{"minor":150,"currency":"eur"}}'),
    ).toEqual({
      ...{ externalId: 'x', code: 'sorting', updatedAt: new Date('2026-03-01T10:00:00Z'), cost: toMoney(150, 'EUR') },
    });
  });

  it('is rejected with an invalid time', () => {
    expect(() => parse('{"externalId":"x","code":"sorting","updatedAt":"soon"}')).toThrow('"soon" is not a date and time');
  });
});
