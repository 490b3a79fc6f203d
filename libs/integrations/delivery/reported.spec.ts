import { describe, expect, it } from '@jest/globals';
import { toMoney } from '#provider-kit';
import type { Reported } from './port/index.js';
import type { Details, StoredDetails } from './reported-details.js';
import {
  dropForeignCost,
  addDetails,
  hasNewValues,
  mergeReported,
  pickLate,
  readReported,
  REPORTED_SQL,
  toEditedColumns,
  toReportedColumns,
} from './reported.js';

const AT = new Date('2026-03-01T10:00:00Z');
const DETAILS: Required<Details> = {
  trackUrl: 'https://carrier.example/T',
  collected: { currency: 'KZT', total: 500_00, by: 'cash', at: AT },
  delivered: [{ parcel: 0, item: 1, quantity: 2 }],
  parcels: [{ packageId: '1', trackNumber: 'T1', barcode: 'B1' }],
  related: [{ kind: 'return', externalId: 'R', state: 'going', at: AT }],
  warnings: [{ en: 'Other office', es: 'Otra oficina', ru: 'Другой пункт' }],
};
const FULL: Required<Reported> = { trackNumber: 'T', cost: toMoney(0, 'RUB'), extraData: { floor: 3 }, ...DETAILS };

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

  it('about money and parcels are the same after the database had them as JSON', () => {
    const { details, ...columns } = toReportedColumns(FULL);
    expect(readReported({ ...columns, details: JSON.parse(JSON.stringify(details)) as StoredDetails })).toEqual(FULL);
    expect(toReportedColumns({ trackNumber: 'T' }).details).toBeNull();
  });

  it.each(['http://carrier.example/T', 'javascript:alert(1)', 'T'])('drop the address of a page that is not https: %s', (trackUrl) => {
    expect(toReportedColumns({ trackUrl }).details).toBeNull();
    expect(mergeReported(FULL, { trackUrl }).trackUrl).toBe(FULL.trackUrl);
  });

  it('about a parcel that is back stay, whatever comes later', () => {
    const back = { ...DETAILS.related[0], kind: 'return', externalId: 'R', state: 'back' } as const;
    const other = { kind: 'reverse', externalId: 'S', state: 'going' } as const;
    expect(addDetails({}, { related: [back] })).toEqual({ related: [back] });
    expect(addDetails({ related: [back] }, { related: [other, { ...back, state: 'going' }] }).related).toEqual([other, back]);
    expect(addDetails({ related: [other] }, { related: [{ ...other, state: 'lost' }] }).related).toEqual([{ ...other, state: 'lost' }]);
    expect(addDetails({ related: [back] }, { related: [other] }).related).toEqual([back, other]);
    const held = { ...FULL };
    expect(addDetails(held, structuredClone(DETAILS))).toBe(held);
  });

  it('replace earlier ones, but nothing is lost that a report does not name', () => {
    expect(mergeReported(FULL, {})).toEqual(FULL);
    const cost = toMoney(500, 'RUB');
    expect(mergeReported(FULL, { trackNumber: 'U', cost, extraData: { lift: true } })).toEqual({
      ...{ ...DETAILS, trackNumber: 'U', cost, extraData: { floor: 3, lift: true } },
    });
    expect(mergeReported(FULL, { trackNumber: '' }).trackNumber).toBe('T');
  });

  it('of an edit keep the track number if the carrier sends no other', () => {
    expect(toEditedColumns({ cost: toMoney(500, 'RUB') })).toEqual({ costMinor: '500', costCurrency: 'RUB', extraData: {}, details: null });
    expect(toEditedColumns({ collected: DETAILS.collected })).toMatchObject({ details: { collected: { total: 500_00 } } });
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

  it('keep the details before an edit, and only the warnings of the last save', () => {
    const { warnings: _before, ...rest } = DETAILS;
    expect(readReported({ ...toReportedColumns({}), ...toEditedColumns({}, DETAILS) })).toEqual({ extraData: {}, ...rest });
    const warnings = [{ en: 'New', es: 'Nuevo', ru: 'Новый' }];
    expect(readReported({ ...toReportedColumns({}), ...toEditedColumns({ warnings }, DETAILS) })).toMatchObject({ ...rest, warnings });
  });

  it('contain no cost in another currency for the CRM', () => {
    expect(dropForeignCost({ cost: toMoney(5, 'USD') }, 'EUR')).toEqual({ cost: undefined });
    for (const currency of ['USD', undefined, null])
      expect(dropForeignCost({ cost: toMoney(5, 'USD') }, currency)).toEqual({ cost: toMoney(5, 'USD') });
  });
});
