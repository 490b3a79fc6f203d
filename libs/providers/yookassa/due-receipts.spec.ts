import { expect, it } from '@jest/globals';
import type { ExistingPayment, PaymentState } from '#payment/port';
import { toMoney } from '#provider-kit';
import type { YookassaShop } from './yookassa.settings.js';
import { listDueReceipts } from './receipt-state.js';

const DAY_MS = 24 * 3_600_000;
const paidAt = new Date('2026-05-01T10:00:00Z');
const shop = { receipts: 'yookassa', receiptsAfter: true, secondReceiptDays: 3 } as YookassaShop;
const rub = (minor: number) => toMoney(minor, 'RUB');
const payment = (memory: ExistingPayment['memory'] = {}) =>
  ({ memory, request: { amount: rub(1_000) }, createdAt: paidAt }) as ExistingPayment;
const list = (state: Partial<PaymentState>, days: number, memory?: ExistingPayment['memory']) =>
  listDueReceipts({ status: 'succeeded', paidAt, ...state }, payment(memory), shop, new Date(paidAt.getTime() + days * DAY_MS)).map(
    ({ key, amount }) => [key, amount.minor],
  );
const refunds: PaymentState['refunds'] = [
  { externalId: 'back', status: 'succeeded', amount: rub(200) },
  { externalId: 'on-its-way', status: 'pending', amount: rub(50) },
  { externalId: 'refused', status: 'canceled', amount: rub(300) },
];

it('each receipt is due once: of the payment, of the refund, and of the handover', () => {
  expect(list({ refunds }, 2)).toEqual([
    ['payment', 1_000],
    ['back', 200],
  ]);
  // A rejected refund returns nothing. A pending refund may.
  expect(list({ refunds }, 3)).toEqual([
    ['payment', 1_000],
    ['back', 200],
    ['second', 750],
  ]);
  expect(list({ captured: rub(600) }, 3, { 'receipt:payment': 'r-1' })).toEqual([['second', 600]]);
});

it('no second receipt is due after a full refund', () => {
  expect(list({ refunds: [{ externalId: 'all', status: 'succeeded', amount: rub(1_000) }] }, 9)).toEqual([
    ['payment', 1_000],
    ['all', 1_000],
  ]);
});
