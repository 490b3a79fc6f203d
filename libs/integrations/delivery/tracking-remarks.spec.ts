import { describe, expect, it } from '@jest/globals';
import type { Parcel } from './port/index.js';
import { findRemarks } from './tracking-remarks.js';

const parcels: Parcel[] = [{ weight: 1, items: [{ name: 'Cup', quantity: 3 }, { quantity: 1 }] }];
const going = { kind: 'return', externalId: 'u-1', state: 'going' } as const;

describe('remarks about items and returns', () => {
  it('are only the changed ones', () => {
    const delivered = [
      { parcel: 0, item: 0, quantity: 1 },
      { parcel: 0, item: 1, quantity: 0 },
    ];
    expect(findRemarks({}, { delivered, related: [going] }, parcels)).toEqual({
      taken: [
        { name: 'Cup', quantity: 1, of: 3 },
        { name: '1/2', quantity: 0, of: 1 },
      ],
      related: [going],
    });
    const known = { delivered, related: [{ ...going, at: new Date() }] };
    expect(findRemarks(known, { delivered, related: [going] }, parcels)).toBeUndefined();
    expect(findRemarks(known, { delivered, related: [{ ...going, state: 'back' }] }, parcels)).toEqual({
      related: [{ ...going, state: 'back' }],
    });
    expect(findRemarks({}, { trackNumber: 'T' }, parcels)).toBeUndefined();
  });
});
