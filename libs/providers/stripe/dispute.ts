import { type DisputeState, readDisputeStatus } from '#payment/port';
import { findText, type Language, textFor } from '#platform';
import { readList, type ShopContext, type StripeApi, type WireDispute, type WireIntent } from './stripe.api.js';
import { fromStripeAmount } from './stripe.money.js';
import { DISPUTE_STATUSES } from './stripe.statuses.js';
import { DISPUTE_REASONS, texts } from './stripe.texts.js';

/** All disputes about a payment; `currency` is the invoice's. */
export async function listDisputes(api: StripeApi, intentId: string, currency: string, shop: ShopContext): Promise<DisputeState[]> {
  const disputes = await readList(api.disputes, { payment_intent: intentId }, shop);
  return disputes.map((one) => toDisputeState(one, currency, shop.account.language));
}

/** Whether there may be disputes about a payment: also if its charge did not come along. */
export function mayBeDisputed({ latest_charge: charge }: WireIntent): boolean {
  return typeof charge !== 'object' || charge.disputed === true;
}

/** A dispute as Stripe has it. One in another currency than the invoice has no amount here. */
export function toDisputeState(dispute: WireDispute, currency: string, language: Language): DisputeState {
  const amount = fromStripeAmount(dispute.amount, dispute.currency);
  return {
    externalId: dispute.id,
    status: readDisputeStatus(DISPUTE_STATUSES, dispute.status),
    ...(amount.currency === currency && { amount }),
    reason: textFor(findText(DISPUTE_REASONS, dispute.reason) ?? texts.disputed, language),
  };
}
