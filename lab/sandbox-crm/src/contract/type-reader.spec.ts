import { describe, expect, it } from '@jest/globals';
import { EXACT, LENIENT, LENIENT_CLOSED, read } from './type-reader.js';

const paths = (reading: { violations: { path: string }[] }): string[] => reading.violations.map((violation) => violation.path);

describe('reading by the contract', () => {
  it('holds a reply to the exact types', () => {
    const good = {
      success: true,
      result: [
        {
          code: 'a',
          name: 'A',
          type: 'courier',
          cost: 1.5,
          minTerm: 1,
          extraData: [],
          pickuppointList: [{ code: 'p', coordinates: { latitude: '1.5', longitude: 2 } }],
        },
      ],
    };
    expect(read(good, 'CallbackDeliveryCalculateResponse', EXACT).violations).toEqual([]);
    const bad = { success: 1, result: [{ code: 1, cost: '1.5', minTerm: 1.5, name: null, surprise: 1, pickuppointList: {} }] };
    expect(paths(read(bad, 'CallbackDeliveryCalculateResponse', EXACT)).sort()).toEqual(
      [
        'result[0].code',
        'result[0].cost',
        'result[0].minTerm',
        'result[0].name',
        'result[0].pickuppointList',
        'result[0].surprise',
        'success',
      ].sort(),
    );
  });

  it('corrects the types of forms, and reports values that it cannot correct', () => {
    const { value, violations } = read(
      {
        weight: '12.5',
        call: '1',
        expired: 'false',
        externalId: 5,
        customFields: [],
        managerComment: null,
        unknown: 1,
        items: { 0: { quantity: '2' } },
      },
      'Order',
      LENIENT,
    );
    expect(violations).toEqual([]);
    expect(value).toEqual({ weight: 12.5, call: true, expired: false, externalId: '5', customFields: [], items: [{ quantity: 2 }] });
    expect(paths(read({ weight: 'much', call: 'yes', items: 'none', customer: 3 }, 'Order', LENIENT))).toEqual([
      'weight',
      'call',
      'items',
      'customer',
    ]);
  });

  it('refuses unknown fields and loose dates where the API does', () => {
    const item = { deliveryId: 'D', history: [{ code: 'c', updatedAt: '2026-01-01 10:00:00' }], more: 1 };
    expect(paths(read(item, 'DeliveryRequestStatusUpdateItem', LENIENT_CLOSED))).toEqual(['history[0].updatedAt', 'more']);
  });
});
