import { describe, expect, it } from '@jest/globals';
import { toMoney } from '#provider-kit';
import { findSubjects, listRivals, type NamedRow } from './find-subjects.js';
import type { MoneyFacts } from './money-source.js';

const payment = (subject: string, owed: number, more: Partial<MoneyFacts> = {}): MoneyFacts => ({
  ...{ subject, orderNumber: '1001', service: 'gate', day: '2026-11-02', ended: true, owed: toMoney(owed, 'RUB') },
  ...more,
});
const row = (id: string, gross: number, more: Partial<NamedRow> = {}): NamedRow => ({
  ...{ id, kind: 'sale', gross, fees: [], currency: 'RUB', reference: '1001' },
  ...more,
});
const find = (rows: NamedRow[], facts: MoneyFacts[], booked: Parameters<typeof findSubjects>[2] = new Map()) =>
  Object.fromEntries(findSubjects(rows, facts, booked));

describe('the payment or delivery of a row', () => {
  const parts = [payment('payment:a', 30_000), payment('payment:b', 70_000)];

  it('is found by the id of the service before the number of the order', () => {
    const facts = [payment('payment:a', 500, { externalId: 'x1' }), payment('payment:b', 500, { trackNumber: 'T1' })];
    expect(find([row('1', 500, { externalId: 'x1' }), row('2', 500, { trackNumber: 'T1' })], facts)).toEqual({
      ...{ 1: 'payment:a', 2: 'payment:b' },
    });
    expect(find([row('1', 500, { reference: '1002' })], facts)).toEqual({});
  });

  it('is the one with the amount of the row, of an order that was paid in parts', () => {
    expect(find([row('1', 70_000), row('2', 30_000)], parts)).toEqual({ 1: 'payment:b', 2: 'payment:a' });
    expect(listRivals([...parts, payment('payment:c', 1, { orderNumber: '7' })])).toEqual(['payment:a', 'payment:b']);
  });

  it('is each of two equal payments once, in one register or in two', () => {
    const equal = [payment('payment:a', 500), payment('payment:b', 500)];
    expect(find([row('1', 500), row('2', 500)], equal)).toEqual({ 1: 'payment:a', 2: 'payment:b' });
    const booked = new Map([['payment:a', [row('0', 500)]]]);
    expect(find([row('2', 500)], equal, booked)).toEqual({ 2: 'payment:b' });
  });

  it('is not the cancelled one, also if the register pays less or names a fee only', () => {
    const facts = [payment('payment:a', 500), payment('payment:b', 0)];
    expect(find([row('1', 480), row('2', 0, { kind: 'fee' }), row('3', 700)], facts)).toEqual({
      ...{ 1: 'payment:a', 2: 'payment:a', 3: 'payment:a' },
    });
    expect(find([row('1', 480)], [payment('payment:a', 0), payment('payment:b', 0)])).toEqual({ 1: 'payment:b' });
  });

  it('is the refunded one of a refund', () => {
    const facts = [payment('payment:a', 500, { refunded: toMoney(200, 'RUB') }), payment('payment:b', 500)];
    expect(find([row('1', -200, { kind: 'refund' })], facts)).toEqual({ 1: 'payment:a' });
  });

  it('has one of two equal fees', () => {
    const fee = { kind: 'fee', fees: [{ code: 'gateway', minor: 10 }] } as const;
    expect(find([row('1', 0, fee), row('2', 0, fee)], parts)).toEqual({ 1: 'payment:a', 2: 'payment:b' });
  });

  it('does not compare amounts of two currencies', () => {
    const facts = [payment('payment:a', 500), payment('payment:b', 500, { owed: toMoney(500, 'KZT') })];
    expect(find([row('1', 500, { currency: 'KZT' })], facts)).toEqual({ 1: 'payment:b' });
  });
});
