import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toMoney } from '#provider-kit';
import {
  computeRefundable,
  findAwaited,
  getAmount,
  type InvoiceStatus,
  isPaid,
  mayStillBePaid,
  type PaymentUpdate,
  type PaymentFacts,
} from './payment-facts.js';
import { advance, findLateMoney } from './payment-state.js';
import type { DisputeStatus, PaymentState, PaymentStatus, ReceiptStatus, RefundState, RefundStatus } from './port/index.js';

const NOW = new Date('2026-03-01T10:00:00Z');
const fresh: PaymentFacts = { status: 'pending', amount: toMoney(100_00, 'EUR'), memory: {}, refunds: [], disputes: [], receipts: [] };
let ids = 0;

function update(state: PaymentState, effect = false): PaymentUpdate {
  return { state, effect, now: NOW, newId: () => `own-${++ids}` };
}

function after(states: PaymentState[], from: PaymentFacts = fresh): PaymentFacts {
  return states.reduce((facts, state) => advance(facts, update(state)).facts, from);
}

const paid: PaymentState = { status: 'succeeded', captured: toMoney(100_00, 'EUR') };
const buildRefund = (externalId: string, minor: number, status: RefundStatus, reference?: string): RefundState => ({
  externalId,
  amount: toMoney(minor, 'EUR'),
  status,
  ...(reference && { reference }),
});

describe('advance', () => {
  it('keeps what a hold, a capture and a cancellation say', () => {
    const expiresAt = new Date('2026-03-08T10:00:00Z');
    const held = advance(fresh, update({ status: 'waitingForCapture', expiresAt, externalId: 'pi' }));
    expect(held.facts).toMatchObject({ status: 'waitingForCapture', held: toMoney(100_00, 'EUR'), expiresAt, externalId: 'pi' });
    expect(held.happenings).toEqual([{ code: 'waitingForCapture', amount: toMoney(100_00, 'EUR'), moved: true }]);
    const taken = advance(held.facts, update({ status: 'succeeded', captured: toMoney(40_00, 'EUR') }));
    expect(taken.facts).toMatchObject({ status: 'succeeded', captured: toMoney(40_00, 'EUR'), paidAt: NOW });
    expect(getAmount(taken.facts)).toEqual(toMoney(40_00, 'EUR'));
    const ended = advance(held.facts, update({ status: 'canceled', cancellation: 'x'.repeat(300) }));
    expect(ended.facts.cancellation).toHaveLength(255);
  });

  it('of a canceled invoice that may still be paid keeps its deadline, and reports money until it has been returned', () => {
    const expiresAt = new Date(NOW.getTime() + 3_600_000);
    const canceled = after([{ status: 'canceled', expiresAt }]);
    expect([canceled.expiresAt, mayStillBePaid(canceled, NOW), mayStillBePaid(canceled, expiresAt)]).toEqual([expiresAt, true, false]);
    expect(after([{ status: 'pending' }], canceled)).toEqual(canceled);
    const taken = advance(canceled, update(paid));
    expect(taken.facts).toMatchObject({ status: 'canceled', refunds: [], expiresAt: new Date(NOW.getTime() + 24 * 3_600_000) });
    expect(taken.facts.captured).toBeUndefined();
    expect(taken.happenings).toEqual([{ code: 'succeeded', moved: false, amount: toMoney(100_00, 'EUR') }]);
    expect(
      findLateMoney(canceled, { ...paid, refunds: [buildRefund('r', 40_00, 'canceled'), buildRefund('s', 30_00, 'pending')] }),
    ).toEqual(toMoney(70_00, 'EUR'));
    const underway = after([{ ...paid, refunds: [buildRefund('r', 100_00, 'pending')] }], taken.facts);
    expect(mayStillBePaid(underway, NOW)).toBe(true);
    const gone = after([{ ...paid, refunds: [buildRefund('r', 100_00, 'succeeded')] }], underway);
    expect([gone.status, gone.expiresAt]).toEqual(['canceled', undefined]);
    const held = advance(canceled, update({ status: 'waitingForCapture', held: toMoney(50_00, 'EUR') }));
    expect(held.happenings).toEqual([{ code: 'waitingForCapture', moved: false, amount: toMoney(50_00, 'EUR') }]);
    expect(after([{ status: 'canceled' }], held.facts).expiresAt).toBeUndefined();
    // A payment that is final at its service is not refunded. The contradiction is only noted.
    expect(after([paid], after([{ status: 'canceled' }])).expiresAt).toBeUndefined();
  });

  it('of a hold that was released early forgets its end, and keeps the end that was the reason', () => {
    const later = new Date(NOW.getTime() + 1_000);
    const earlier = new Date(NOW.getTime() - 1_000);
    for (const [expiresAt, kept] of [
      [later, undefined],
      [earlier, earlier],
    ] as const)
      expect(after([{ status: 'waitingForCapture', expiresAt }, { status: 'canceled' }]).expiresAt).toEqual(kept);
  });

  it('takes a discount off what is held and taken, until it is taken', () => {
    const off = (minor: number): { discount: PaymentFacts['amount'] } => ({ discount: toMoney(minor, 'EUR') });
    const held = after([{ status: 'waitingForCapture', ...off(10_00) }]);
    expect([held.held, held.discount, getAmount(held)]).toEqual([toMoney(90_00, 'EUR'), toMoney(10_00, 'EUR'), toMoney(90_00, 'EUR')]);
    const told = after([{ status: 'waitingForCapture', ...off(15_00), held: toMoney(85_00, 'EUR') }], held);
    expect([told.held, told.discount]).toEqual([toMoney(85_00, 'EUR'), toMoney(15_00, 'EUR')]);
    const taken = after([{ status: 'succeeded' }], told);
    expect([taken.captured, taken.discount, getAmount(taken)]).toEqual([
      toMoney(85_00, 'EUR'),
      toMoney(15_00, 'EUR'),
      toMoney(85_00, 'EUR'),
    ]);
    expect(
      after(
        [
          { status: 'succeeded', ...off(5_00) },
          { status: 'waitingForCapture', ...off(1_00) },
        ],
        taken,
      ),
    ).toEqual(taken);
    const atOnce = after([{ status: 'succeeded', captured: toMoney(70_00, 'EUR'), ...off(30_00) }]);
    expect([atOnce.discount, computeRefundable(atOnce)]).toEqual([toMoney(30_00, 'EUR'), toMoney(70_00, 'EUR')]);
    expect(after([{ ...paid, refunds: [buildRefund('re', 70_00, 'succeeded')] }], atOnce).status).toBe('refundSucceeded');
    expect(
      after([
        { status: 'pending', ...off(10_00) },
        { status: 'canceled', ...off(10_00) },
      ]).discount,
    ).toBeUndefined();
  });

  it('grows by a buyer’s second payment, and never shrinks', () => {
    const facts = after([paid]);
    const twice = advance(facts, update({ ...paid, captured: toMoney(200_00, 'EUR') }));
    expect([twice.facts.captured, twice.facts.status, computeRefundable(twice.facts)]).toEqual([
      ...[toMoney(200_00, 'EUR'), 'succeeded', toMoney(200_00, 'EUR')],
    ]);
    expect(twice.happenings).toEqual([{ code: 'succeeded', amount: toMoney(200_00, 'EUR'), moved: true }]);
    for (const captured of [toMoney(199_99, 'EUR'), toMoney(50_00, 'EUR'), toMoney(200_00, 'USD')])
      expect(advance(facts, update({ ...paid, captured })).facts).toEqual(facts);
    expect(advance(twice.facts, update(paid)).facts).toEqual(twice.facts);
  });

  it('changes nothing for updates that repeat known facts', () => {
    const facts = after([paid]);
    expect(advance(facts, update(paid))).toEqual({ facts, happenings: [], refunds: [], disputes: [], receipts: [] });
  });

  it('does not follow late updates: neither their status nor their id nor the end of a hold', () => {
    const facts = after([
      { status: 'waitingForCapture', externalId: 'pi', expiresAt: NOW },
      { ...paid, externalId: 'pi' },
    ]);
    expect(
      after(
        [
          { status: 'pending', externalId: 'cs' },
          { status: 'waitingForCapture', externalId: 'cs', expiresAt: new Date(0) },
        ],
        facts,
      ),
    ).toEqual(facts);
  });

  it('notes a contradiction to a final status and stays', () => {
    const facts = after([{ status: 'canceled' }]);
    const late = advance(facts, update(paid));
    expect(late.facts).toEqual(facts);
    expect(late.happenings).toEqual([{ code: 'succeeded', moved: false }]);
  });

  it('keeps the session that was opened while the one before was read, unless that one was paid', () => {
    const second: PaymentFacts = { ...fresh, externalId: 'cs_2' };
    const read = (state: PaymentState, asked: string | undefined): string | undefined =>
      advance(second, { ...update(state), asked: { ...fresh, ...(asked !== undefined && { externalId: asked }) } }).facts.externalId;
    expect(read({ status: 'pending', externalId: 'cs_1' }, 'cs_1')).toBe('cs_2');
    expect(read({ status: 'pending', externalId: 'cs_1' }, undefined)).toBe('cs_2');
    expect(read({ ...paid, externalId: 'pi_1' }, 'cs_1')).toBe('pi_1');
    expect(read({ status: 'pending', externalId: 'pi_2' }, 'cs_2')).toBe('pi_2');
  });

  const expiresAt = new Date(NOW.getTime() + 3_600_000);
  const hold: PaymentState = { status: 'waitingForCapture', externalId: 'pay_1', expiresAt };
  const declinedHold: PaymentState = { status: 'pending', externalId: 'pay_1', declined: 'No money' };

  it('of a declined capture starts again, and hears no more of the declined hold', () => {
    const held = after([hold]);
    const { facts, happenings } = advance(held, update(declinedHold, true));
    expect(facts).toMatchObject({ status: 'pending', declined: 'No money', declinedId: 'pay_1' });
    expect([facts.held, facts.expiresAt]).toEqual([undefined, undefined]);
    expect(happenings).toEqual([{ code: 'declined', moved: true, comment: 'No money' }]);
    // Readings that began before.
    for (const late of [hold, { status: 'pending' as const, externalId: 'pay_1' }])
      expect(advance(facts, { ...update(late), asked: held }).facts).toMatchObject({ status: 'pending', externalId: 'pay_1' });
    expect(advance(facts, update(declinedHold)).happenings).toEqual([]);
    const again = after([{ status: 'pending', externalId: 'pay_2' }], facts);
    expect(again).toMatchObject({ status: 'pending', externalId: 'pay_2', declinedId: 'pay_1' });
    expect(again.declined).toBeUndefined();
    expect(advance(again, { ...update(hold), asked: held }).facts).toMatchObject({ status: 'pending', externalId: 'pay_2' });
    const paidAgain = after(
      [
        { ...hold, externalId: 'pay_2' },
        { ...paid, externalId: 'pay_2' },
      ],
      again,
    );
    expect(paidAgain).toMatchObject({ status: 'succeeded', captured: toMoney(100_00, 'EUR') });
    expect(paidAgain.declined).toBeUndefined();
    // Money that was taken in the declined attempt nevertheless counts.
    expect(after([{ ...paid, externalId: 'pay_1' }], again).status).toBe('succeeded');
  });

  it('of a hold that only a late reading knows as declined changes nothing', () => {
    const second = after([{ ...hold, externalId: 'pay_2' }]);
    expect(advance(second, { ...update(declinedHold), asked: after([hold]) }).facts).toEqual(second);
    expect(after([{ status: 'pending' }], second)).toEqual(second);
    expect(after([declinedHold], after([paid])).status).toBe('succeeded');
  });

  it('keeps a pending capture and the deadline until the provider decides, also after a reading that began before', () => {
    const held = after([hold]);
    const capturing = toMoney(100_00, 'EUR');
    const waits = advance(held, update({ status: 'waitingForCapture', capturing }, true)).facts;
    expect(waits).toMatchObject({ status: 'waitingForCapture', capturing, expiresAt });
    expect(advance(waits, { ...update(hold), asked: held }).facts.capturing).toEqual(capturing);
    expect(after([{ status: 'pending' }], waits).capturing).toEqual(capturing);
    expect(advance(waits, { ...update(hold), asked: waits }).facts.capturing).toBeUndefined();
    expect(after([paid], waits)).toMatchObject({ status: 'succeeded', capturing: undefined });
    expect(after([declinedHold], waits)).toMatchObject({ status: 'pending', capturing: undefined });
  });

  it('keeps the deadline of an approval until the money is held, and notes a missed deadline', () => {
    const approved: PaymentState = { status: 'pending', externalId: 'pay_1', toAuthorize: true, expiresAt };
    const waits = after([approved]);
    expect(waits).toMatchObject({ status: 'pending', expiresAt });
    expect(after([{ status: 'pending', externalId: 'pay_1' }], waits).expiresAt).toBeUndefined();
    expect(after([{ status: 'waitingForCapture', externalId: 'pay_1' }], waits).expiresAt).toBeUndefined();
    const codes = (from: PaymentState, state: PaymentState): string[] =>
      advance(after([from]), update(state)).happenings.map(({ code }) => code);
    expect(codes(approved, { status: 'pending' })).toEqual([]);
    expect(codes({ ...approved, expiresAt: NOW }, { status: 'pending' })).toEqual(['missed']);
    expect(codes({ ...approved, expiresAt: NOW }, { status: 'canceled' })).toEqual(['missed', 'canceled']);
    expect(codes({ ...approved, expiresAt: NOW }, { ...approved, expiresAt: NOW })).toEqual([]);
  });

  it('of an approval that the service declined has the reason until another attempt, and the CRM never saw a hold', () => {
    const first = advance(after([{ status: 'pending', externalId: 'pay_1' }]), update(declinedHold));
    expect([first.facts.declined, first.facts.declinedId]).toEqual(['No money', undefined]);
    expect(first.happenings).toEqual([{ code: 'declined', moved: true, comment: 'No money' }]);
    expect(advance(first.facts, update(declinedHold)).happenings).toEqual([]);
    expect(after([{ status: 'pending', externalId: 'pay_2' }], first.facts).declined).toBeUndefined();
    expect(after([{ ...hold, externalId: 'pay_2' }], first.facts).declined).toBeUndefined();
  });

  it('notes a deadline that passed before the capture, and no other end of a hold', () => {
    const list = (from: PaymentState, ...states: PaymentState[]): string[] =>
      advance(after([from]), update(states[0] ?? paid)).happenings.map(({ code }) => code);
    const late = { ...hold, expiresAt: NOW };
    expect(list(late, { status: 'canceled' })).toEqual(['missed', 'canceled']);
    expect(list(late, declinedHold)).toEqual(['missed', 'declined']);
    expect(list(hold, { status: 'canceled' })).toEqual(['canceled']);
    expect(list(late, paid)).toEqual(['succeeded']);
  });

  it('heeds the memory of calls with an effect only', () => {
    expect(advance(fresh, update({ status: 'pending', memory: { session: '1' } }, true)).facts.memory).toEqual({ session: '1' });
    expect(advance(fresh, update({ status: 'pending', memory: { session: '1' } })).facts.memory).toEqual({});
  });

  it('knows a refund by our reference or by the id of the provider', () => {
    const ours = 'aaaaaaaa-0000-7000-8000-000000000001';
    const first = advance(after([paid]), update({ ...paid, refunds: [buildRefund('re_1', 10_00, 'pending', ours)] }));
    expect(first.facts.refunds).toMatchObject([{ id: ours, externalId: 're_1', requested: true, status: 'pending' }]);
    const second = advance(
      first.facts,
      update({ ...paid, refunds: [buildRefund('re_1', 10_00, 'succeeded'), buildRefund('re_2', 5_00, 'succeeded')] }),
    );
    expect(second.facts.refunds.map((refund) => [refund.externalId, refund.status, refund.requested])).toEqual([
      ['re_1', 'succeeded', true],
      ['re_2', 'succeeded', false],
    ]);
    expect(second.refunds).toEqual(second.facts.refunds.map((refund) => refund.id));
    expect(computeRefundable(second.facts)).toEqual(toMoney(85_00, 'EUR'));
  });

  it('becomes refundSucceeded only when the whole captured amount is refunded', () => {
    const part = after([
      {
        status: 'succeeded',
        captured: toMoney(60_00, 'EUR'),
        refunds: [buildRefund('a', 20_00, 'succeeded'), buildRefund('b', 40_00, 'pending')],
      },
    ]);
    expect(part.status).toBe('succeeded');
    expect(computeRefundable(part)).toEqual(toMoney(0, 'EUR'));
    const whole = after([{ status: 'succeeded', refunds: [buildRefund('b', 40_00, 'succeeded')] }], part);
    expect(whole.status).toBe('refundSucceeded');
    expect(after([{ status: 'succeeded', refunds: [buildRefund('b', 40_00, 'canceled')] }], whole).status).toBe('refundSucceeded');
  });

  it('notes a contradiction to the end of a refund and stays', () => {
    const facts = after([{ ...paid, refunds: [buildRefund('a', 30_00, 'succeeded')] }]);
    const late = advance(facts, update({ ...paid, refunds: [{ ...buildRefund('a', 30_00, 'canceled'), comment: 'returned' }] }));
    expect(late.facts).toEqual(facts);
    expect(late.happenings).toEqual([
      { code: 'refund.canceled', refundId: facts.refunds[0]?.id, amount: toMoney(30_00, 'EUR'), moved: false, comment: 'returned' },
    ]);
  });

  it('frees what a refund that failed held', () => {
    const facts = after([
      { ...paid, refunds: [buildRefund('a', 30_00, 'pending')] },
      { ...paid, refunds: [{ ...buildRefund('a', 30_00, 'canceled'), comment: 'no' }] },
    ]);
    expect(computeRefundable(facts)).toEqual(toMoney(100_00, 'EUR'));
    expect(facts.refunds[0]).toMatchObject({ status: 'canceled', comment: 'no' });
  });
});

/** States of a gateway's payment over its life. Each state follows from the previous one. */
const life = fc
  .record({
    end: fc.constantFrom<PaymentStatus>('succeeded', 'canceled', 'waitingForCapture', 'pending'),
    held: fc.boolean(),
    captured: fc.integer({ min: 1, max: 100_00 }),
    parts: fc.array(
      fc.record({ share: fc.integer({ min: 1, max: 100 }), end: fc.constantFrom<RefundStatus>('pending', 'succeeded', 'canceled') }),
      { maxLength: 4 },
    ),
  })
  .map(({ end, held, captured, parts }) => {
    const states: PaymentState[] = [{ status: 'pending', externalId: 'x' }];
    if (held || end === 'waitingForCapture') states.push({ status: 'waitingForCapture', externalId: 'x' });
    if (end === 'canceled') states.push({ status: 'canceled', externalId: 'x' });
    if (end !== 'succeeded') return states;
    const base: PaymentState = { status: 'succeeded', externalId: 'x', captured: toMoney(captured, 'EUR') };
    states.push(base);
    let left = captured;
    let refunds: RefundState[] = [];
    parts.forEach(({ share, end: refundEnd }, index) => {
      const minor = Math.min(left, Math.ceil((captured * share) / 100));
      if (minor === 0) return;
      if (refundEnd !== 'canceled') left -= minor;
      refunds = [...refunds, buildRefund(`re_${index}`, minor, 'pending')];
      states.push({ ...base, refunds });
      if (refundEnd === 'pending') return;
      refunds = refunds.map((refund) => (refund.externalId === `re_${index}` ? { ...refund, status: refundEnd } : refund));
      states.push({ ...base, refunds });
    });
    return states;
  });

describe('a dispute', () => {
  const disputed = (status: DisputeStatus, minor?: number): PaymentState => ({
    ...paid,
    disputes: [
      { externalId: 'du_1', status, reason: 'Disputed: paid twice', ...(minor !== undefined && { amount: toMoney(minor, 'EUR') }) },
    ],
  });

  it('keeps its amount from being refunded while it is open, not while the bank only asks', () => {
    const asked = advance(after([paid]), update(disputed('inquiry', 60_00)));
    expect(asked.happenings).toEqual([
      { code: 'dispute.inquiry', amount: toMoney(60_00, 'EUR'), comment: 'Disputed: paid twice', moved: true },
    ]);
    expect(computeRefundable(asked.facts)).toEqual(toMoney(100_00, 'EUR'));
    const open = advance(asked.facts, update(disputed('open', 60_00)));
    expect(open.disputes).toMatchObject([{ externalId: 'du_1', status: 'open', since: NOW }]);
    expect([open.facts.status, computeRefundable(open.facts)]).toEqual(['succeeded', toMoney(40_00, 'EUR')]);
    expect(computeRefundable(advance(asked.facts, update(disputed('open'))).facts).minor).toBe(0);
    const won = advance(open.facts, update(disputed('won', 60_00)));
    expect([won.facts.status, computeRefundable(won.facts), won.refunds]).toEqual(['succeeded', toMoney(100_00, 'EUR'), []]);
  });

  it('that is lost is a refund for the CRM, of no more than was kept', () => {
    const partly = after([{ ...paid, refunds: [buildRefund('re_1', 30_00, 'succeeded')] }]);
    const lost = advance(partly, update(disputed('lost', 100_00)));
    expect(lost.facts.refunds.at(-1)).toMatchObject({
      externalId: 'du_1',
      amount: toMoney(70_00, 'EUR'),
      status: 'succeeded',
      requested: false,
    });
    expect([lost.refunds.length, lost.facts.status]).toEqual([1, 'refundSucceeded']);
    expect(lost.happenings.map(({ code }) => code)).toEqual(['dispute.lost', 'refund.succeeded', 'refundSucceeded']);
    expect(advance(lost.facts, update(disputed('lost', 100_00)))).toMatchObject({ happenings: [], refunds: [], disputes: [] });
    const part = advance(after([paid]), update(disputed('lost', 40_00)));
    expect([part.facts.status, computeRefundable(part.facts)]).toEqual(['succeeded', toMoney(60_00, 'EUR')]);
  });

  it('of an unknown amount sends no refund to the CRM', () => {
    expect(advance(after([paid]), update(disputed('lost')))).toMatchObject({
      refunds: [],
      disputes: [{ status: 'lost' }],
      facts: { refunds: [] },
    });
  });

  it('about a payment that was not made is not heeded', () => {
    expect(after([{ ...disputed('open', 1_00), status: 'pending' }]).disputes).toEqual([]);
  });

  it('only moves forward, in whatever order updates come, and takes back no more than was taken', () => {
    const rank = { inquiry: 0, open: 1, won: 2, lost: 2 };
    const state = fc
      .record({ status: fc.constantFrom<DisputeStatus>('inquiry', 'open', 'won', 'lost'), minor: fc.integer({ min: 1, max: 200_00 }) })
      .map(({ status, minor }) => disputed(status, minor));
    fc.assert(
      fc.property(fc.array(state, { minLength: 1, maxLength: 10 }), (order) => {
        let facts = after([paid]);
        for (const told of order) {
          const next = advance(facts, update(told)).facts;
          const [before, now] = [facts.disputes[0], next.disputes[0]];
          expect(now).toBeDefined();
          if (before && now) expect(now.status === before.status || rank[now.status] > rank[before.status]).toBe(true);
          const back = next.refunds.reduce((sum, refund) => sum + refund.amount.minor, 0);
          expect(back).toBeLessThanOrEqual(100_00);
          expect(back > 0).toBe(now?.status === 'lost');
          facts = next;
        }
      }),
    );
  });
});

describe('a receipt', () => {
  const told = (status: ReceiptStatus, more: Partial<PaymentState> = {}): PaymentState => ({
    ...paid,
    receipts: [{ externalId: 're_1', status, amount: toMoney(30_00, 'EUR') }],
    ...more,
  });

  it('is reported once after a failure, and changes nothing else', () => {
    const before = after([paid]);
    const waits = advance(before, update(told('pending')));
    expect([waits.happenings, waits.receipts, findAwaited(waits.facts).receiptPending]).toEqual([[], [], true]);
    const failed = advance(waits.facts, update(told('failed')));
    expect(failed.receipts).toEqual([{ externalId: 're_1', status: 'failed', amount: toMoney(30_00, 'EUR') }]);
    expect(failed.happenings).toEqual([{ code: 'receipt.failed', amount: toMoney(30_00, 'EUR'), moved: true }]);
    expect(failed.facts).toEqual({ ...before, receipts: [{ externalId: 're_1', status: 'failed' }] });
    for (const again of ['failed', 'pending'] as const) expect(advance(failed.facts, update(told(again))).facts).toEqual(failed.facts);
    expect(advance(failed.facts, update(told('failed'))).receipts).toEqual([]);
    const mended = advance(failed.facts, update(told('registered')));
    expect(mended.receipts).toEqual([{ externalId: 're_1', status: 'registered', amount: toMoney(30_00, 'EUR') }]);
    expect(mended.happenings).toEqual([{ code: 'receipt.registered', amount: toMoney(30_00, 'EUR'), moved: true }]);
    expect(mended.facts.receipts).toEqual([{ externalId: 're_1', status: 'registered' }]);
    // Only a receipt that is registered later is a line of the history.
    const later = advance(waits.facts, update(told('registered')));
    expect([later.happenings.map(({ code }) => code), later.receipts]).toEqual([['receipt.registered'], []]);
    expect(advance(before, update(told('registered'))).happenings).toEqual([]);
    expect(advance(mended.facts, update(told('failed'))).receipts).toEqual([]);
  });

  it('counts after a full refund, and not for a payment that was not made', () => {
    const back = after([{ ...paid, refunds: [buildRefund('a', 100_00, 'succeeded')] }]);
    expect(back.status).toBe('refundSucceeded');
    expect(advance(back, update(told('failed'))).receipts).toHaveLength(1);
    expect(advance(fresh, update(told('failed', { status: 'pending' }))).receipts).toEqual([]);
  });
});

const FINAL: readonly InvoiceStatus[] = ['succeeded', 'canceled', 'refundSucceeded'];

describe('advance, whatever order updates come in', () => {
  it('never leaves a final status, and never refunds more than was captured', () => {
    fc.assert(
      fc.property(
        life.chain((states) => fc.array(fc.constantFrom(...states), { maxLength: 30 })),
        (order) => {
          let facts = fresh;
          for (const state of order) {
            const next = advance(facts, update(state)).facts;
            if (FINAL.includes(facts.status)) expect(isPaid(next.status)).toBe(isPaid(facts.status));
            if (facts.status === 'refundSucceeded') expect(next.status).toBe('refundSucceeded');
            if (facts.captured) expect(next.captured).toEqual(facts.captured);
            for (const refund of facts.refunds.filter((one) => one.status !== 'pending'))
              expect(next.refunds.find((one) => one.id === refund.id)?.status).toBe(refund.status);
            expect(computeRefundable(next).minor).toBeGreaterThanOrEqual(0);
            facts = next;
          }
        },
      ),
    );
  });

  it('ends where the provider is, when its last word was heard at any time', () => {
    fc.assert(
      fc.property(
        life.chain((states) =>
          fc.tuple(fc.constant(states), fc.shuffledSubarray(states, { minLength: states.length, maxLength: states.length })),
        ),
        ([states, order]) => {
          const end = after(order);
          const expected = after(states);
          const shape = (facts: PaymentFacts): object => ({
            status: facts.status,
            captured: facts.captured,
            refunds: facts.refunds.map((refund) => `${refund.externalId} ${refund.status} ${refund.amount.minor}`).toSorted(),
          });
          expect(shape(end)).toEqual(shape(expected));
        },
      ),
    );
  });
});
