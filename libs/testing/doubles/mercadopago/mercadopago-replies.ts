import { randomInt } from 'node:crypto';
import type { MercadoPagoModes } from './mercadopago-modes.js';
import type {
  MercadoPagoAttempt,
  MercadoPagoEvent,
  MercadoPagoOrder,
  MercadoPagoPayment,
  MercadoPagoRefund,
  MercadoPagoRefusal,
} from './mercadopago-objects.js';
import { type MercadoPagoSite, writeAmount } from './mercadopago-sites.js';

/** Whose objects are answered. */
export interface ReplyOwner {
  site: MercadoPagoSite;
  userId: number;
  isTest: boolean;
  modes: MercadoPagoModes;
  /** Address of the page of an order. */
  toCheckoutUrl(orderId: string): string;
}

/** Words of the older API for the states of a payment. */
const OLD_WORDS: Readonly<Record<string, string>> = {
  processed: 'approved',
  processing: 'in_process',
  action_required: 'pending',
  failed: 'rejected',
  canceled: 'cancelled',
  expired: 'cancelled',
};

/** An order as the API answers it; `isNew` in the reply to its creation. */
export function buildOrder(order: MercadoPagoOrder, owner: ReplyOwner, isNew = false): object {
  const { site, modes, userId } = owner;
  const { type, processing_mode, capture_mode, external_reference, expiration_time, description, items, config, payer } = order.request;
  return {
    id: order.id,
    ...{ type, processing_mode, external_reference, description, expiration_time },
    capture_mode: capture_mode ?? 'automatic_async',
    total_amount: order.request.total_amount,
    ...buildPaid(order, owner),
    country_code: site.country[1],
    user_id: String(userId),
    status: order.status,
    status_detail: order.detail,
    currency: site.currency,
    created_date: writeTime(order.createdAt),
    last_updated_date: writeTime(order.updatedAt),
    ...(isNew && { client_token: order.clientToken }),
    ...((isNew || modes.checkoutUrls === 'everywhere') && { checkout_url: owner.toCheckoutUrl(order.id) }),
    integration_data: { application_id: String(userId).padEnd(16, '0') },
    ...{ items, config, payer },
    ...((order.payments.length > 0 || order.refunds.length > 0) && { transactions: buildTransactions(order, owner) }),
  };
}

/** The reply to a refund: all refunds so far, and no payments. */
export function buildRefundReply(order: MercadoPagoOrder, { site }: ReplyOwner): object {
  const refunds = order.refunds.map((refund) => buildRefund(refund, site));
  return { id: order.id, status: order.status, status_detail: order.detail, transactions: { refunds } };
}

/** A payment as the older API answers it, in its own words. */
export function buildOldPayment(order: MercadoPagoOrder, payment: MercadoPagoPayment, { site, isTest, userId }: ReplyOwner): object {
  const toNumber = (minor: number): number => minor / 10 ** site.digits;
  const isRefunded = payment.paid > 0 && payment.refunded === payment.paid;
  return {
    id: payment.number,
    status: isRefunded ? 'refunded' : (OLD_WORDS[payment.status] ?? payment.status),
    status_detail: payment.status_detail,
    external_reference: order.request.external_reference ?? null,
    currency_id: site.currency,
    transaction_amount: toNumber(payment.amount),
    transaction_amount_refunded: toNumber(payment.refunded),
    payment_method_id: payment.payment_method.id,
    payment_type_id: payment.payment_method.type,
    date_created: writeTime(order.createdAt),
    date_approved: payment.approvedAt === undefined ? null : writeTime(payment.approvedAt),
    collector_id: userId,
    live_mode: !isTest,
    order: { id: order.id },
  };
}

/** A dispute of `GET /v1/chargebacks/{id}`. */
export function buildChargeback(order: MercadoPagoOrder, chargebackId: string, { site }: ReplyOwner): object {
  const found = order.chargebacks.find(({ id }) => id === chargebackId);
  const payment = order.payments.find(({ id }) => id === found?.transactionId);
  return {
    id: chargebackId,
    payments: payment ? [payment.number] : [],
    amount: (found?.amount ?? 0) / 10 ** site.digits,
    currency: site.currency,
    coverage_applied: found?.status === 'reimbursed' ? true : found?.status === 'settled' ? false : null,
    coverage_elegible: true,
    documentation_required: found?.status === 'in_process',
    documentation_status: 'not_supplied',
    date_documentation_deadline: writeTime(order.updatedAt + 7 * 86_400),
  };
}

/** The body of a webhook about an order. It says what holds now, and is not signed. */
export function buildNotice({ action, order }: MercadoPagoEvent, owner: ReplyOwner): object {
  return {
    action,
    api_version: 'v1',
    application_id: String(owner.userId).padEnd(16, '0'),
    date_created: writeTime(order.updatedAt),
    ...(owner.modes.eventIds && { id: String(randomInt(1e11, 2e11)) }),
    live_mode: !owner.isTest,
    type: 'order',
    user_id: String(owner.userId),
    data: {
      id: order.id,
      external_reference: order.request.external_reference,
      status: order.status,
      status_detail: order.detail,
      total_amount: order.request.total_amount,
      ...buildPaid(order, owner),
      type: order.request.type,
      version: order.version,
      transactions: buildTransactions(order, owner),
    },
  };
}

/** The body of a refusal, in the envelope of the call. */
export function buildRefusal({ status, code, message, details }: MercadoPagoRefusal, isOfOrders: boolean): object {
  if (code === POLICY) return { code, status, blocked_by: 'PolicyAgent', message };
  if (isOfOrders) return { errors: [{ code, message, ...(details && { details }) }] };
  return { status, error: code, message, cause: (details ?? []).map((description) => ({ code, description, data: null })) };
}

/** The code of an application that may not make orders of this kind. */
export const POLICY = 'PA_UNAUTHORIZED_RESULT_FROM_POLICIES';

/** ISO 8601, of seconds since 1970. */
export function writeTime(seconds: number): string {
  return new Date(seconds * 1_000).toISOString();
}

function buildTransactions(order: MercadoPagoOrder, { site, modes }: ReplyOwner): object {
  return {
    payments: order.payments.map((payment) => ({
      ...buildAttempt(payment),
      ...(modes.paymentNumbers && { reference_id: String(payment.number) }),
      amount: writeAmount(payment.amount, site),
      ...(payment.paid > 0 && { paid_amount: writeAmount(payment.paid, site) }),
      ...(payment.refunded > 0 && { refunded_amount: writeAmount(payment.refunded, site) }),
      ...(payment.expiresAt !== undefined && { date_of_expiration: writeTime(payment.expiresAt) }),
      ...(payment.attempts.length > 1 && { attempts: payment.attempts.map(buildAttempt) }),
    })),
    ...(order.refunds.length > 0 && { refunds: order.refunds.map((refund) => buildRefund(refund, site)) }),
    ...(order.chargebacks.length > 0 && {
      chargebacks: order.chargebacks.map(({ id, transactionId, caseId, status }) => ({
        ...{ id, transaction_id: transactionId, case_id: caseId, status },
      })),
    }),
  };
}

function buildAttempt({ id, status, status_detail, payment_method }: MercadoPagoAttempt): object {
  return { id, status, status_detail, payment_method };
}

function buildRefund({ id, transactionId, amount, status }: MercadoPagoRefund, site: MercadoPagoSite): object {
  return { id, transaction_id: transactionId, amount: writeAmount(amount, site), status };
}

function buildPaid(order: MercadoPagoOrder, { site, modes }: ReplyOwner): { total_paid_amount?: string } {
  const paid = order.payments.reduce((sum, payment) => sum + payment.paid, 0);
  return paid > 0 && modes.totalPaid ? { total_paid_amount: writeAmount(paid, site) } : {};
}
