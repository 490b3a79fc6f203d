import { describe, expect, it } from '@jest/globals';
import { countCallbacks, countLate, countOf, sumTotals } from './usage.js';

const COUNTS = [
  { kind: 'callback:delivery.calculate', count: 7, late: 0 },
  { kind: 'callback:delivery.save', count: 9, late: 0 },
  { kind: 'delivery', count: 2, late: 1 },
];

describe('counts of a month', () => {
  it('are read by kind, callbacks also by name', () => {
    expect([countOf(COUNTS, 'delivery'), countOf(COUNTS, 'call'), countLate(COUNTS)]).toEqual([2, 0, 1]);
    expect(countCallbacks(COUNTS)).toEqual({
      total: 16,
      kinds: [
        { name: 'delivery.save', count: 9 },
        { name: 'delivery.calculate', count: 7 },
      ],
    });
  });

  it('are one row for each module', () => {
    const totals = [
      ...COUNTS.map(({ kind, count }) => ({ module: 'courier', kind, count, connections: 1 })),
      { module: 'testpay', kind: 'invoice', count: 3, connections: 2 },
    ];
    expect(sumTotals(totals)).toEqual([
      { module: 'courier', delivery: 2, invoice: 0, call: 0, callbacks: 16 },
      { module: 'testpay', delivery: 0, invoice: 3, call: 0, callbacks: 0 },
    ]);
  });
});
