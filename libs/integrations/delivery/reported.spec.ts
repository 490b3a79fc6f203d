import { describe, expect, it } from '@jest/globals';
import { toMoney } from '#provider-kit';
import type { Reported } from './port/index.js';
import { hasNewValues, mergeReported, pickLate, readReported, REPORTED_SQL, toEditedColumns, toReportedColumns } from './reported.js';

const FULL: Required<Reported> = { trackNumber: 'T', cost: toMoney(0, 'RUB'), extraData: { floor: 3 } };

describe('reported values', () => {
  it('are read unchanged after they were stored', () => {
    expect(readReported(toReportedColumns(FULL))).toEqual(FULL);
    expect(readReported(toReportedColumns({}))).toEqual({ extraData: {} });
  });

  it('are each in all parts of the hand-written SQL', () => {
    const properties = Object.keys(toReportedColumns(FULL));
    for (const part of Object.values(REPORTED_SQL)) expect(part.split(', ')).toHaveLength(properties.length);
    for (const property of properties) expect(REPORTED_SQL.definitions).toContain(`"${property}" `);
    expect(REPORTED_SQL.assigned).toContain('track_number = c."trackNumber"');
  });

  it('replace earlier ones, but nothing is lost that a report does not name', () => {
    expect(mergeReported(FULL, {})).toEqual(FULL);
    const cost = toMoney(500, 'RUB');
    expect(mergeReported(FULL, { trackNumber: 'U', cost, extraData: { lift: true } })).toEqual({
      ...{ trackNumber: 'U', cost, extraData: { floor: 3, lift: true } },
    });
    expect(mergeReported(FULL, { trackNumber: '' }).trackNumber).toBe('T');
  });

  it('of an edit keep the track number if the carrier sends no other', () => {
    expect(toEditedColumns({ cost: toMoney(500, 'RUB') })).toEqual({ costMinor: '500', costCurrency: 'RUB', extraData: {} });
    expect(toEditedColumns({ trackNumber: 'U' })).toMatchObject({ trackNumber: 'U', costMinor: null });
  });

  it('are new when track number or cost differ', () => {
    expect(hasNewValues(FULL, FULL)).toBe(false);
    expect(hasNewValues(FULL, { extraData: { lift: true } })).toBe(false);
    expect([hasNewValues(FULL, { trackNumber: 'U' }), hasNewValues({}, { cost: toMoney(0, 'RUB') })]).toEqual([true, true]);
  });

  it('that come late count when the delivery has no track number', () => {
    expect(pickLate({}, FULL)).toEqual({ trackNumber: 'T' });
    expect([pickLate(FULL, { trackNumber: 'U' }), pickLate({}, { cost: toMoney(1, 'RUB') })]).toEqual([undefined, undefined]);
  });
});
