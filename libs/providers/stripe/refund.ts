import { addRefund, openShop, readRefundStatus, type RefundState, toMetadata } from '#payment/port';
import { findText, type Language, textFor } from '#platform';
import { findIntentId } from './session.js';
import { LONGEST_METADATA, readList, type ShopContext, type StripeApi, type StripeMethod, toForm, type WireRefund } from './stripe.api.js';
import { readInvoiceAmount, toStripeAmount } from './stripe.money.js';
import { REFUND_STATUSES } from './stripe.statuses.js';
import { REFUND_FAILURES, texts } from './stripe.texts.js';

/** Refunds a part or all of the captured amount. The state has all refunds of the payment, also this one. */
export const refund: StripeMethod<'refund'> = async (api, payment, { amount, key }, context) => {
  const shop = openShop(payment.request.shop, context);
  const intentId = await findIntentId(api, payment, shop);
  const metadata = { ...toMetadata(payment.request, LONGEST_METADATA), refundId: key };
  const form = toForm({ payment_intent: intentId, amount: toStripeAmount(amount), metadata });
  const { currency } = payment.request.amount;
  const own = toRefundState(await api.createRefund(shop, { form, key: `crossdock:refund:${key}` }), currency, shop.account.language);
  // The refund is made: a failure to read the others must not make it unknown.
  const all = await listRefunds(api, intentId, currency, shop).catch((): RefundState[] => []);
  const { captured } = payment;
  return { externalId: intentId, status: 'succeeded', ...(captured && { captured }), refunds: addRefund(all, own, key) };
};

/** All refunds of a payment; `currency` is the invoice's. */
export async function listRefunds(api: StripeApi, intentId: string, currency: string, shop: ShopContext): Promise<RefundState[]> {
  const refunds = await readList(api.refunds, { payment_intent: intentId }, shop);
  return refunds.map((one) => toRefundState(one, currency, shop.account.language));
}

/** A refund as Stripe has it. Throws ProviderError `unavailable` when its currency is not the invoice's. */
export function toRefundState(made: WireRefund, currency: string, language: Language): RefundState {
  const status = readRefundStatus(REFUND_STATUSES, made.status);
  const comment = findText(REFUND_FAILURES, made.failure_reason) ?? texts.refundFailed;
  const reference = made.metadata?.refundId;
  return {
    externalId: made.id,
    ...(reference && { reference }),
    amount: readInvoiceAmount(made.amount, made.currency, currency),
    status,
    ...(status === 'canceled' && { comment: textFor(comment, language) }),
  };
}
