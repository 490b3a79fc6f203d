import type Stripe from 'stripe';
import { type DisputeState, readDisputeStatus } from '#payment/port';
import { type Language, textFor } from '#platform';
import { isAmount, listAll, type StripeAccount } from './stripe.client.js';
import { fromStripeAmount } from './stripe.money.js';
import { DISPUTE_STATUSES } from './stripe.statuses.js';
import { DISPUTE_REASONS, texts } from './stripe.texts.js';

/** All disputes about a payment; `currency` is the invoice's. */
export async function listDisputes(account: StripeAccount, intentId: string, currency: string): Promise<DisputeState[]> {
  const disputes = await listAll(account, (stripe, page) => stripe.disputes.list({ payment_intent: intentId, ...page }), isAmount);
  return disputes.map((one) => toDisputeState(one, currency, account.language));
}

/** Whether there may be disputes about a payment: where its charge did not come along, it may. */
export function mayBeDisputed({ latest_charge: charge }: Stripe.PaymentIntent): boolean {
  return typeof charge !== 'object' || charge?.disputed === true;
}

/** A dispute as Stripe has it. One in another currency than the invoice has no amount here. */
export function toDisputeState(dispute: Stripe.Dispute, currency: string, language: Language): DisputeState {
  const amount = fromStripeAmount(dispute.amount, dispute.currency);
  const reason = Object.hasOwn(DISPUTE_REASONS, dispute.reason) ? DISPUTE_REASONS[dispute.reason] : undefined;
  return {
    externalId: dispute.id,
    status: readDisputeStatus(DISPUTE_STATUSES, dispute.status),
    ...(amount.currency === currency && { amount }),
    reason: textFor(reason ?? texts.disputed, language),
  };
}
