import { describe, expect, it } from '@jest/globals';
import type { WireOrder } from './mercadopago.api.js';
import { isOverdue, readSlipEnd } from './order.js';

const order = (changes: Partial<WireOrder>): WireOrder => ({
  id: 'ORD1',
  status: 'created',
  created_date: '2026-11-24T12:00:00.000-04:00',
  ...changes,
});
const at = (time: string): Date => new Date(time);

describe('the time of an order', () => {
  it.each([
    ['P7D', '2026-12-01T16:00:00Z'],
    ['PT10M', '2026-11-24T16:10:00Z'],
    ['P1DT2H', '2026-11-25T18:00:00Z'],
    ['P1W', '2026-12-01T16:00:00Z'],
    ['PT90S', '2026-11-24T16:01:30Z'],
    ['2026-11-30T00:00:00.000-03:00', '2026-11-30T03:00:00Z'],
  ])('%s is up at %s', (expiration_time, end) => {
    expect(isOverdue(order({ expiration_time }), at(end))).toBe(true);
    expect(isOverdue(order({ expiration_time }), new Date(at(end).getTime() - 1))).toBe(false);
  });

  it.each([undefined, '', 'P', 'PT', 'P1M', 'soon'])('is never up when it is %s', (expiration_time) => {
    expect(isOverdue(order({ ...(expiration_time !== undefined && { expiration_time }) }), at('2099-01-01T00:00:00Z'))).toBe(false);
  });

  it('never ends if its start is unknown', () => {
    expect(isOverdue({ id: 'ORD1', status: 'created', expiration_time: 'P1D' }, at('2099-01-01T00:00:00Z'))).toBe(false);
  });
});

describe('the time of an order’s slips', () => {
  const slips = (...ends: (string | undefined)[]): WireOrder =>
    order({
      transactions: { payments: ends.map((end, index) => ({ id: `PAY${index}`, ...(end !== undefined && { date_of_expiration: end }) })) },
    });
  const now = at('2026-11-30T12:00:00Z');

  it('ends with the last slip', () => {
    expect(readSlipEnd(slips('2026-12-01T00:00:00Z', '2026-12-03T00:00:00Z', '2026-12-02T00:00:00Z'), now)).toEqual(
      at('2026-12-03T00:00:00Z'),
    );
    expect(readSlipEnd(slips('2026-12-01T00:00:00Z', '2026-11-29T00:00:00Z', undefined), now)).toEqual(at('2026-12-01T00:00:00Z'));
  });

  it.each([[[]], [['2026-11-30T12:00:00Z']], [['soon', undefined]]])('is up already of %j', (ends) => {
    expect(readSlipEnd(slips(...ends), now)).toBeUndefined();
  });
});
