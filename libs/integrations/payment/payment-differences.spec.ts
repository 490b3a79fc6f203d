import { describe, expect, it } from '@jest/globals';
import { toMoney } from '#provider-kit';
import { type CrmInvoice, findPaymentDifferences, listEarlier, type PaymentSides, readCrmInvoice } from './payment-differences.js';
import type { PaymentFacts, RefundFacts } from './payment-facts.js';
import type { PaymentState } from './port/index.js';

const NOW = new Date('2026-11-25T10:00:00Z');
const eur = (minor: number): ReturnType<typeof toMoney> => toMoney(minor, 'EUR');
const PAID: PaymentFacts = {
  status: 'succeeded',
  amount: eur(10_000),
  captured: eur(10_000),
  memory: {},
  refunds: [],
  disputes: [],
  receipts: [],
};
const OPEN: PaymentFacts = { status: 'pending', amount: eur(10_000), memory: {}, refunds: [], disputes: [], receipts: [] };
const refund = (minor: number, changes: Partial<RefundFacts> = {}): RefundFacts => ({
  ...{ id: 'r1', externalId: 're-1', amount: eur(minor), status: 'succeeded', requested: true, createdAt: NOW },
  ...changes,
});
const invoice = (changes: Partial<CrmInvoice> = {}): CrmInvoice => ({ status: 'succeeded', amount: 100, refunds: new Map(), ...changes });
const taken = (changes: Partial<PaymentState> = {}): PaymentState => ({ status: 'succeeded', captured: eur(10_000), ...changes });

/** Returns the kinds and texts of the differences. By default the sides agree. */
function compare(facts: PaymentFacts, sides: Partial<PaymentSides> = {}): string[] {
  const held = { id: 'p1', name: '7A', facts, status: facts.status, amount: 100 };
  return findPaymentDifferences(held, { crm: invoice({ status: facts.status }), gateway: taken(), others: [], now: NOW, ...sides }).map(
    ({ kind, text }) => `${kind} ${text.replace('Payment 7A: ', '')}`,
  );
}

describe('an invoice of the CRM', () => {
  it('is read as it spells it', () => {
    const refunds = [{ id: 3, externalId: 'r1', status: 'succeeded', amount: 5 }, { id: 'r2', status: 'pending' }, null];
    expect(readCrmInvoice({ status: 'succeeded', amount: '100.50', paymentId: 17, refunds })).toEqual({
      ...{ status: 'succeeded', amount: 100.5, orderPayment: '17' },
      refunds: new Map([
        ['r1', 'succeeded'],
        ['3', 'succeeded'],
        ['r2', 'pending'],
      ]),
    });
    // If the id is ours, the order's payment is unknown.
    expect(readCrmInvoice({ paymentId: '01a21aae-96f9-7610-9526-bb6632b3e8aa', refunds: {} })).toEqual({ refunds: new Map() });
    for (const odd of [null, [], 'invoice']) expect(readCrmInvoice(odd)).toEqual({ refunds: new Map() });
  });
});

describe('a payment', () => {
  it('that all sides agree about does not differ', () => {
    expect(compare(PAID)).toEqual([]);
    expect(compare(OPEN, { gateway: { status: 'pending' } })).toEqual([]);
    const refunded = { ...PAID, refunds: [refund(4_000)] };
    const gateway = taken({ refunds: [{ externalId: 're-1', reference: 'r1', amount: eur(4_000), status: 'succeeded' }] });
    expect(compare(refunded, { gateway, crm: invoice({ refunds: new Map([['r1', 'succeeded']]) }) })).toEqual([]);
  });

  it('may have gone on at the gateway', () => {
    expect(compare(OPEN)).toEqual(['payment.status the gateway reports succeeded with 100.00 EUR taken, but here it is pending.']);
    const gateway = taken({ refunds: [{ externalId: 're-1', amount: eur(4_000), status: 'succeeded' }] });
    expect(compare(PAID, { gateway })).toEqual([
      'payment.status the gateway reports succeeded with 100.00 EUR taken and 40.00 EUR refunded, but here it is succeeded with 100.00 EUR taken.',
    ]);
  });

  it('that ended otherwise is a contradiction', () => {
    expect(compare(PAID, { gateway: { status: 'canceled' } })).toEqual([
      'payment.contradiction the gateway reports canceled, but here it is succeeded with 100.00 EUR taken, which is final.',
    ]);
  });

  it.each([
    [invoice({ status: 'pending' }), 'the CRM shows pending, here it is succeeded.'],
    [invoice({ amount: 100.01 }), 'the CRM shows succeeded of 100.01 EUR, here it is succeeded of 100 EUR.'],
  ])('may be believed otherwise by the CRM: %j', (crm, text) => {
    expect(compare(PAID, { crm })).toEqual([`payment.crm-status ${text}`]);
  });

  it('may have a refund that the CRM does not know', () => {
    const facts = { ...PAID, refunds: [refund(4_000)] };
    expect(compare(facts)).toEqual([expect.stringContaining('It lacks the status of a refund.')]);
    expect(compare(facts, { crm: invoice({ refunds: new Map([['r1', 'pending']]) }) })).toHaveLength(1);
  });

  it('may have no invoice in the CRM, or be unknown at the gateway', () => {
    expect(compare(PAID, { crm: null })).toEqual([expect.stringMatching(/^payment.crm-missing/)]);
    expect(compare({ ...OPEN, status: 'canceled' }, { crm: null, gateway: { status: 'canceled' } })).toEqual([]);
    expect(compare(PAID, { gateway: 'No such payment' })).toEqual([expect.stringMatching(/^payment.unknown .*No such payment/)]);
  });

  it('may be lost to a restore, which an operator has to settle', () => {
    expect(compare(OPEN, { gateway: { status: 'pending' }, isLost: true })).toEqual([
      expect.stringMatching(/^payment.lost .*reference p1/),
    ]);
  });

  it.each<[string, PaymentFacts, string[]]>([
    ['twice', { ...PAID, captured: eur(20_000) }, ['100.00 EUR']],
    ['three times', { ...PAID, captured: eur(30_000) }, ['200.00 EUR']],
    ['twice, of which a part was given back', { ...PAID, captured: eur(20_000), refunds: [refund(1_000)] }, []],
    ['twice, of which one was given back', { ...PAID, captured: eur(20_000), refunds: [refund(10_000)] }, []],
    ['twice, with a discount', { ...PAID, discount: eur(2_000), captured: eur(16_000) }, ['80.00 EUR']],
    ['twice, and the refund failed', { ...PAID, captured: eur(20_000), refunds: [refund(10_000, { status: 'canceled' })] }, ['100.00 EUR']],
  ])('may be paid %s', (_what, facts, refunds) => {
    const found = compare(facts, {
      gateway: taken({ captured: facts.captured ?? eur(0) }),
      crm: invoice({ refunds: new Map([['r1', facts.refunds[0]?.status ?? '']]) }),
    });
    const twice = found.filter((text) => text.startsWith('payment.paid-twice'));
    expect(twice.map((text) => /refunded: (.*)\.$/.exec(text)?.[1])).toEqual(refunds);
  });

  it('may be paid a little more or less than is known', () => {
    expect(compare({ ...PAID, captured: eur(10_500) }, { gateway: taken({ captured: eur(10_500) }) })).toEqual([
      'payment.amount 105.00 EUR was captured by the gateway, but here it is 105.00 EUR for an invoice of 100.00 EUR.',
    ]);
    expect(compare(PAID, { gateway: taken({ captured: eur(9_000) }) })).toEqual([expect.stringMatching(/^payment.amount 90.00 EUR/)]);
    // A partial capture equals the approved part of the hold.
    expect(compare({ ...PAID, captured: eur(6_000) }, { gateway: taken({ captured: eur(6_000) }) })).toEqual([]);
  });

  it('may be the second of its order', () => {
    const others = [{ id: 'p0', paidAt: NOW }];
    expect(compare(PAID, { others })).toEqual([expect.stringMatching(/^payment.paid-twice .*\(p0\)\. To be refunded: 100.00 EUR.$/)]);
    expect(compare(OPEN, { others, gateway: { status: 'pending' } })).toEqual([]);
    const facts: PaymentFacts = { ...PAID, status: 'refundSucceeded', refunds: [refund(10_000)] };
    expect(compare(facts, { others, crm: invoice({ status: 'refundSucceeded', refunds: new Map([['r1', 'succeeded']]) }) })).toEqual([]);
  });

  it('is the second by the time it was paid, then by its id', () => {
    const own = { id: 'b', paidAt: NOW };
    const before = { id: 'z', paidAt: new Date(NOW.getTime() - 1) };
    const after = { id: 'a', paidAt: new Date(NOW.getTime() + 1) };
    expect(listEarlier(own, [before, after, { id: 'a', paidAt: NOW }, { id: 'c', paidAt: NOW }])).toEqual([
      before,
      { id: 'a', paidAt: NOW },
    ]);
  });
});
