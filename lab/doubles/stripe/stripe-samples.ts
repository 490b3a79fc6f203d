import { randomUUID } from 'node:crypto';
import type { CreateRequest, ExistingPayment, InvoiceItem, PaymentState } from '#payment/port';
import { toMoney, multiplyMoney } from '#provider-kit';

/** An invoice of 2499.00 MXN for two things; `changes` go over it. */
export function invoiceRequest(changes: Partial<CreateRequest> = {}): CreateRequest {
  const reference = changes.reference ?? randomUUID();
  return {
    reference,
    invoiceUuid: randomUUID(),
    shop: 'main',
    capture: 'automatic',
    amount: toMoney(249_900, 'MXN'),
    orderNumber: '1001A',
    orderId: '1001',
    siteUrl: 'https://shop.example',
    returnUrl: 'https://shop.example/orders/1001',
    payUrl: `https://module.example/stripe/pay/${reference.slice(0, 8)}`,
    doneUrl: `https://module.example/stripe/pay/${reference.slice(0, 8)}?done=1`,
    items: [invoiceItem('Camiseta', 99_950, 2), invoiceItem('Entrega', 50_000, 1)],
    buyer: { id: '7', name: 'García Lucía', email: 'lucia@example.com', phone: '+525555555555' },
    ...changes,
  };
}

/** A line of MXN, or of another currency: `price` of one in minor units. */
export function invoiceItem(name: string, price: number, quantity: number, currency = 'MXN'): InvoiceItem {
  return { name, price: toMoney(price, currency), quantity, total: multiplyMoney(toMoney(price, currency), quantity) };
}

/** A payment as the integration stores it after these replies, latest last. Its status only moves forward. */
export function storedPayment(request: CreateRequest, ...states: PaymentState[]): ExistingPayment {
  const rank = { pending: 0, waitingForCapture: 1, succeeded: 2, canceled: 2 };
  const payment: ExistingPayment = { id: request.reference, status: 'pending', refunds: [], memory: {}, createdAt: new Date(), request };
  for (const state of states) {
    const late = rank[state.status] < rank[payment.status];
    if (!late && state.externalId !== undefined) payment.externalId = state.externalId;
    if (rank[state.status] > rank[payment.status]) payment.status = state.status;
    if (state.status === 'succeeded') payment.captured = state.captured ?? request.amount;
    if (state.memory) payment.memory = state.memory;
    for (const refund of state.refunds ?? []) {
      const id = refund.reference ?? refund.externalId;
      const known = payment.refunds.find((one) => one.id === id);
      if (known) Object.assign(known, { externalId: refund.externalId, status: refund.status });
      else payment.refunds.push({ id, externalId: refund.externalId, amount: refund.amount, status: refund.status });
    }
  }
  return payment;
}
