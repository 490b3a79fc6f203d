import { describe, expect, it } from '@jest/globals';
import type { Connection } from '#connections';
import { repeatText } from '#platform';
import type { PaymentEntity, PaymentRefundEntity } from '../payment.entity.js';
import type { StoredPayment } from '../payment-rows.js';
import { buildBadge, buildView, listActions, type OpenedPayments } from './payment-view.js';

const NOW = new Date('2026-12-01T12:00:00Z');
const HOUR_MS = 3_600_000;
const REMIND = { id: 'remind', label: repeatText('Remind'), states: ['pending'], hasEffect: true };
const connection = {
  account: { timeZone: 'Europe/Madrid', language: 'es' },
  module: { manifest: { code: 'pay', title: repeatText('Pay'), widget: { actions: [REMIND] } } },
} as unknown as Connection;

const row = {
  ...{ id: 'p-1', status: 'pending', statusAt: new Date('2026-12-01T11:00:00Z'), currency: 'EUR', amountMinor: '10000', externalId: null },
  ...{ discountMinor: null, heldMinor: null, capturedMinor: null, paidAt: null, expiresAt: null, cancellation: null, details: {} },
  ...{ memory: {}, disputes: [], receipts: [], readAt: null, request: { items: [] }, capture: 'manual' },
} as unknown as PaymentEntity;

function pay(changes: Partial<PaymentEntity> = {}, refunds: Partial<PaymentRefundEntity>[] = []): StoredPayment {
  const plain = { externalId: null, comment: null, requested: true, createdAt: NOW, status: 'succeeded' };
  return { row: { ...row, ...changes }, refunds: refunds.map((refund) => ({ ...plain, ...refund }) as PaymentRefundEntity) };
}
function open(payments: StoredPayment[], more: Partial<OpenedPayments> = {}): OpenedPayments {
  return {
    payments: payments.map((stored) => ({ stored, payUrl: `https://m.example/pay/${stored.row.id}` })),
    ...{ connection, able: { cancel: true, refund: true }, allowed: new Set<string>(), now: NOW },
    ...more,
  };
}
const paid = { status: 'succeeded', capturedMinor: '10000', paidAt: NOW } as const;
const held = { status: 'waitingForCapture', heldMinor: '10000', expiresAt: new Date(NOW.getTime() + 5 * HOUR_MS) } as const;
const badge = (payments: StoredPayment[], total?: number): unknown =>
  buildBadge(payments, { id: 1, ...(total !== undefined && { total }) }, 'en', NOW);
const actionsOf = (stored: StoredPayment, allowed: string[] = []): string[] =>
  open([stored])
    .payments.flatMap((one) => listActions(one, { connection, able: { cancel: true, refund: true }, allowed: new Set(allowed) }, 'en'))
    .map(({ action }) => action);

describe('the button', () => {
  it('has the state of the latest payment that was not cancelled, and is absent without a payment', () => {
    expect(badge([])).toBeNull();
    expect(badge([pay({ status: 'canceled' }), pay(paid)])).toEqual({ text: 'Paid', tone: 'good' });
    expect(badge([pay({ status: 'canceled' })])).toEqual({ text: 'Cancelled', tone: 'plain' });
  });

  it('is red if something is wrong', () => {
    expect(badge([pay({ ...paid, disputes: [{ externalId: 'd', status: 'open', since: NOW.toISOString() }] })])).toEqual({
      text: 'Disputed',
      tone: 'bad',
    });
    expect(badge([pay({ ...paid, receipts: [{ externalId: 'r', status: 'failed' }] })])).toEqual({ text: 'Receipt failed', tone: 'bad' });
    expect(badge([pay(held)])).toEqual({ text: 'Hold ends soon', tone: 'bad' });
    expect(badge([pay({ ...held, expiresAt: new Date(NOW.getTime() + 48 * HOUR_MS) })])).toMatchObject({ tone: 'warning' });
  });
});

describe('the order’s total', () => {
  const items = [
    { name: 'Tea', quantity: 1, total: { minor: 4000, currency: 'EUR' }, sent: { minor: 8000, currency: 'EUR' } },
    { name: 'Delivery', quantity: 1, total: { minor: 6000, currency: 'EUR' }, paymentObject: 'service' },
  ];
  const withItems = pay({ request: { items } as unknown as PaymentEntity['request'] });

  it.each([
    ['the invoice', pay(), 100],
    ['the goods before a part was taken', withItems, 80],
    ['goods and services', withItems, 140],
  ])('fits if it is that of %s', (_, stored, total) => {
    expect(badge([stored], total)).toEqual({ text: 'Awaiting payment', tone: 'plain' });
  });

  it('is a warning if it differs, and not compared with several invoices or another currency', () => {
    expect(badge([pay()], 99.99)).toEqual({ text: 'Order has changed', tone: 'warning' });
    expect(badge([pay(), pay()], 99)).toMatchObject({ tone: 'plain' });
    expect(buildBadge([pay()], { id: 1, total: 99, currency: 'RUB' }, 'en', NOW)).toMatchObject({ tone: 'plain' });
    expect(badge([pay()])).toMatchObject({ tone: 'plain' });
  });
});

describe('the sidebar', () => {
  it('has the link while it can be paid, then the money, refunds and receipts', () => {
    const link = 'https://m.example/pay/p-1';
    expect(buildView(open([pay()]), { version: 1 }, 'en').sections[0]).toMatchObject({
      title: 'Payment of €100.00',
      rows: [expect.anything(), { label: 'Payment link', text: link, href: link, copy: true }],
    });
    const stored = pay({ ...paid, receipts: [{ externalId: 'r', status: 'registered' }] }, [{ id: 'r-1', amountMinor: '2500' }]);
    expect(buildView(open([stored]), { version: 1 }, 'en').sections[0]?.rows.map(({ label, text }) => `${label}: ${text}`)).toEqual([
      'State: Paid',
      'Paid: €100.00',
      'Paid at: Dec 1, 2026, 13:00',
      'Refunded: €25.00',
      'Refund of Dec 1, 2026, 13:00: €25.00, done',
      'Receipt 1: registered',
    ]);
  });

  it('names the deadline of a hold', () => {
    const view = buildView(open([pay(held)]), { version: 1 }, 'en');
    expect(view.alerts).toEqual([{ tone: 'bad', text: 'The hold ends at Dec 1, 2026, 18:00.', advice: expect.any(String) }]);
    expect(view.sections[0]?.rows).toContainEqual({ label: 'Hold ends', text: 'Dec 1, 2026, 18:00' });
  });
});

describe('the actions', () => {
  it('are allowed by the stored state and the shop', () => {
    const all = ['cancel', 'refund'];
    expect(actionsOf(pay())).toEqual(['copy', 'check']);
    expect(actionsOf(pay(), all)).toEqual(['copy', 'check', 'cancel']);
    expect(actionsOf(pay(), ['press.pay.remind'])).toEqual(['copy', 'check', 'press.pay.remind']);
    expect(actionsOf(pay(paid), ['press.pay.remind'])).toEqual(['check']);
    expect(actionsOf(pay(held), all)).toEqual(['check', 'cancel']);
    expect(actionsOf(pay(paid), all)).toEqual(['check', 'refund']);
    expect(actionsOf(pay(paid, [{ id: 'r', amountMinor: '10000', status: 'pending' }]), all)).toEqual(['check']);
    expect(actionsOf(pay({ status: 'canceled' }), all)).toEqual(['check']);
  });
});
