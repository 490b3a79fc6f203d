import { describe, expect, it } from '@jest/globals';
import { calculateRequest, saveRequest } from '../../builders.js';
import { sampleOrder } from '../../sample-orders.js';
import { readFigures, type ServiceParty, toFigures } from './figures.js';

it('compares no contents of a service that does not receive them', async () => {
  const expected = { contents: 'none', weightGrams: () => 7 } as const;
  const told = await readFigures(expected);
  expect(told).toEqual({ weightGrams: 7 });
  expect(toFigures(expected, calculateRequest(sampleOrder('madridCourier')), told)).not.toHaveProperty('contents');
});

describe('the recipient', () => {
  const request = saveRequest('r-1', 'express', sampleOrder('madridCourier'));
  const right = {
    ...{ name: 'núñez íñiguez, begoña', phone: '612345678', address: 'Calle de Fuencarral 121, 3º Dcha.' },
    ...{ city: 'MADRID', index: '28010', country: 'es' },
  };
  const correct = (recipient: ServiceParty) => toFigures({ recipient }, request, { recipient }).recipient;

  it('may have the spelling of the service', () => expect(correct(right)).toEqual(right));

  it.each<ServiceParty>([
    { city: 'Barcelona' },
    { city: undefined },
    { index: '08001' },
    { country: 'PT' },
    { address: 'Calle de Fuencarral 1211, 3º Dcha.' },
    { address: 'Calle de Fuencarral, 3º Dcha.' },
  ])('is another one with %j', (change) => {
    const told = { ...right, ...change };
    expect(correct(told)).not.toEqual(told);
  });

  it('has no place that the service does not receive', () => expect(correct({ phone: '+34612345678' })).toEqual({ phone: '+34612345678' }));
});
