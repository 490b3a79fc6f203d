import { expect, it } from '@jest/globals';
import { calculateRequest } from '../../builders.js';
import { sampleOrder } from '../../sample-orders.js';
import { readFigures, toFigures } from './figures.js';

it('compares no contents of a service that does not receive them', async () => {
  const expected = { contents: 'none', weightGrams: () => 7 } as const;
  const told = await readFigures(expected);
  expect(told).toEqual({ weightGrams: 7 });
  expect(toFigures(expected, calculateRequest(sampleOrder('madridCourier')), told)).not.toHaveProperty('contents');
});
