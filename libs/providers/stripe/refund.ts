import type Stripe from 'stripe';
import { type ExistingPayment, type PaymentState, readRefundStatus, type RefundRequest, type RefundState } from '#payment/port';
import { type Language, textFor } from '#platform';
import { toMetadata } from './metadata.js';
import { findIntentId } from './session.js';
import { buildIdempotencyKey, isAmount, listAll, type StripeAccount, type StripeClient } from './stripe.client.js';
import { readInvoiceAmount, toStripeAmount } from './stripe.money.js';
import type { StripeContext } from './stripe.settings.js';
import { REFUND_STATUSES } from './stripe.statuses.js';
import { REFUND_FAILURES, texts } from './stripe.texts.js';

/** Refunds a part or all of what was taken; the state has all refunds of the payment, this one among them. */
export async function refund(
  client: StripeClient,
  payment: ExistingPayment,
  request: RefundRequest,
  context: StripeContext,
): Promise<PaymentState> {
  const account = client.openAccount(payment.request.shop, context);
  const intentId = await findIntentId(account, payment);
  const { currency } = payment.request.amount;
  const params = {
    payment_intent: intentId,
    amount: toStripeAmount(request.amount, account.language),
    metadata: { ...toMetadata(payment.request), refundId: request.key },
  };
  const idempotencyKey = buildIdempotencyKey('refund', request.key);
  const made = await account.write((stripe) => stripe.refunds.create(params, { idempotencyKey }), isAmount);
  const own = toRefundState(made, currency, account.language);
  // The refund is made: a failure to read the others must not make it unknown.
  const all = await listRefunds(account, intentId, currency).catch((): RefundState[] => []);
  const refunds = [...all.filter(({ externalId }) => externalId !== own.externalId), { ...own, reference: request.key }];
  return { externalId: intentId, status: 'succeeded', ...(payment.captured && { captured: payment.captured }), refunds };
}

/** All refunds of a payment, however many pages they are; `currency` is the invoice's. */
export async function listRefunds(account: StripeAccount, intentId: string, currency: string): Promise<RefundState[]> {
  const refunds = await listAll(account, (stripe, page) => stripe.refunds.list({ payment_intent: intentId, ...page }), isAmount);
  return refunds.map((one) => toRefundState(one, currency, account.language));
}

/** A refund as Stripe has it. Throws ProviderError `unavailable` when its currency is not the invoice's. */
export function toRefundState(made: Stripe.Refund, currency: string, language: Language): RefundState {
  const status = readRefundStatus(REFUND_STATUSES, made.status);
  const reason = made.failure_reason ?? '';
  const comment = Object.hasOwn(REFUND_FAILURES, reason) ? REFUND_FAILURES[reason] : texts.refundFailed;
  const reference = made.metadata?.refundId;
  return {
    externalId: made.id,
    ...(reference && { reference }),
    amount: readInvoiceAmount(made.amount, made.currency, currency),
    status,
    ...(status === 'canceled' && comment && { comment: textFor(comment, language) }),
  };
}
