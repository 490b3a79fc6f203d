import { describe, expect, it } from '@jest/globals';
import { toMoney } from '#provider-kit';
import { type DeliverySides, findDeliveryDifferences, readCrmDeliveries } from './delivery-differences.js';
import type { DeliveryFacts, Statuses } from './delivery-state.js';
import type { CarrierReport } from './port/index.js';

const name = { en: '', es: '', ru: '' };
const MANIFEST: Statuses = {
  statuses: [
    { code: 'made', name },
    { code: 'moving', name },
    { code: 'delivered', name, isFinal: true },
    { code: 'cancelled', name, isFinal: true },
  ],
};
const AT = new Date('2026-11-24T10:00:00Z');
const NOW = new Date('2026-11-25T10:00:00Z');
const later = (code: string, changes: Partial<CarrierReport> = {}): CarrierReport => ({
  ...{ externalId: 'e', code, updatedAt: new Date(AT.getTime() + 3_600_000) },
  ...changes,
});
const FACTS: DeliveryFacts = {
  ...{ status: 'moving', statusAt: AT, trackNumber: 'T1', cost: toMoney(35_000, 'RUB'), extraData: {} },
  history: [{ code: 'moving', updatedAt: AT, moved: true }],
};
const SHOWN = { integrationCode: 'acme', externalId: 'd1', status: 'moving', trackNumber: 'T1', cost: 350 };

/** Kinds and texts of the differences. By default there are no differences. */
function compare(sides: Partial<DeliverySides> = {}, facts: Partial<DeliveryFacts> = {}): string[] {
  const all = { crm: { delivery: SHOWN, codes: ['acme'] }, reports: [], ...sides };
  return findDeliveryDifferences({ id: 'd1', order: '7', orderNumber: '7A', facts: { ...FACTS, ...facts } }, all, MANIFEST, NOW).map(
    ({ kind, text }) => `${kind} ${text.replace('Delivery of order 7A: ', '')}`,
  );
}
const compareShown = (changes: object | undefined, facts: Partial<DeliveryFacts> = {}): string[] =>
  compare({ crm: { delivery: changes && { ...SHOWN, ...changes }, codes: ['acme'] } }, facts);

describe('deliveries of orders of the CRM', () => {
  it('are read as it spells them, and left out where they cannot be read', () => {
    const delivery = { integrationCode: 'acme', data: { externalId: 5, status: 'moving', trackNumber: '', cost: '350.5' } };
    expect(readCrmDeliveries([{ id: '7', currency: 'RUB', delivery }, { id: 8, delivery: [] }, { delivery }, null])).toEqual(
      new Map([
        ['7', { integrationCode: 'acme', externalId: '5', status: 'moving', currency: 'RUB', cost: 350.5 }],
        ['8', {}],
      ]),
    );
    for (const odd of [null, 5, 'orders', undefined]) expect(readCrmDeliveries(odd).size).toBe(0);
  });
});

describe('a delivery', () => {
  it('that all sides agree about does not differ', () => {
    expect(compare()).toEqual([]);
    expect(compare({ reports: [{ ...later('moving'), updatedAt: AT, trackNumber: 'T1' }] })).toEqual([]);
    // Nor by a report that came too late, an unknown status, or a side that was not queried.
    expect(compare({ reports: [{ ...later('made'), updatedAt: new Date(0) }, later('odd')] })).toEqual([]);
    const { crm: _crm, ...asked } = { crm: undefined, reports: [] };
    expect(findDeliveryDifferences({ id: 'd1', order: '7', orderNumber: null, facts: FACTS }, asked, MANIFEST, NOW)).toEqual([]);
  });

  it('may have gone on at the provider', () => {
    const went = ['delivery.status the provider says delivered with the track number T1, here it is moving with the track number T1.'];
    expect(compare({ reports: [later('delivered'), later('moving')] })).toEqual(went);
    expect(compare({ reports: [later('moving', { trackNumber: 'T2' })] })).toEqual([expect.stringContaining('track number T2')]);
  });

  it.each([
    [{ status: 'made' }, 'the CRM shows made with the track number T1, here it is moving with the track number T1.'],
    [{ status: undefined }, 'the CRM shows no status with the track number T1, here it is moving with the track number T1.'],
    [{ trackNumber: 'T9' }, 'the CRM shows moving with the track number T9, here it is moving with the track number T1.'],
    [{ trackNumber: undefined }, 'the CRM shows moving, here it is moving with the track number T1.'],
  ])('may be shown otherwise: %j', (changes, text) => {
    expect(compareShown(changes)).toEqual([`delivery.crm-status ${text}`]);
  });

  it('does not differ by a track number that only the CRM knows', () => {
    const { trackNumber: _none, ...rest } = FACTS;
    const held = { id: 'd1', order: '7', orderNumber: null, facts: rest };
    expect(findDeliveryDifferences(held, { crm: { delivery: SHOWN, codes: ['acme'] }, reports: [] }, MANIFEST, NOW)).toEqual([]);
  });

  it.each([
    ['the CRM no longer has this order', undefined],
    ['the order has no such delivery any more', { externalId: 'another' }],
    ['the order has no such delivery any more', { externalId: undefined, status: undefined, trackNumber: undefined }],
    ['the order has no such delivery any more', { externalId: undefined, integrationCode: 'other' }],
  ])('may be missing: %s', (why, changes) => {
    expect(compareShown(changes)).toEqual([`delivery.crm-missing ${why}; here it is moving.`]);
    expect(compareShown(changes, { status: 'delivered' })).toEqual([]);
  });

  it('is ours by the module where the CRM does not say its id', () => {
    expect(compareShown({ externalId: undefined })).toEqual([]);
  });

  it('that ended at the provider is not missing', () => {
    const sides = { crm: { delivery: undefined, codes: [] }, reports: [later('cancelled')] };
    expect(compare(sides)).toEqual([expect.stringMatching(/^delivery.status the provider says cancelled/)]);
  });

  it('that the provider does not know is nothing else, unless it ended', () => {
    const sides = { crm: { delivery: undefined, codes: [] }, unknown: 'No order e' };
    expect(compare(sides)).toEqual(['delivery.unknown the provider does not know it (No order e); here it is moving.']);
    expect(compare(sides, { status: 'delivered' })).toEqual([]);
  });

  it('may cost something else, in the same currency', () => {
    expect(compareShown({ cost: 350.01 })).toEqual(['delivery.cost the cost is 350 RUB (held), 350.01 RUB (crm).']);
    expect(compareShown({ cost: 1, currency: 'EUR' })).toEqual([]);
    expect(compareShown({ cost: undefined })).toEqual([]);
    const reports = [later('moving', { cost: toMoney(40_000, 'RUB') })];
    expect(compare({ reports })).toEqual(['delivery.cost the cost is 350 RUB (held), 400 RUB (provider).']);
  });
});
