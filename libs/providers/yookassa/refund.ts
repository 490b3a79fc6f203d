import {
  addRefund,
  chooseRefunded,
  openShop,
  type PaymentState,
  readRefundStatus,
  type RefundState,
  toMetadata,
  toTitle,
} from '#payment/port';
import { findText, isUuid, textFor } from '#platform';
import { isRefusal, readPages, shortenText } from '#provider-kit';
import { explainRefusal, readPayment, toPaymentState } from './payment-state.js';
import { buildReceipt, listVatNotes } from './receipt.js';
import { readVatYear } from './vat.js';
import { LONGEST, type ShopContext, type WireRefund, type Yookassa, type YookassaMethod } from './yookassa.api.js';
import { readAmount, toWireAmount } from './yookassa.money.js';
import { REFUND_STATUSES } from './yookassa.statuses.js';
import { REFUND_FAILURES, texts } from './yookassa.texts.js';

const PAGE = 100;
/** No payment is refunded in more parts than that. */
const MOST_PAGES = 20;
const LONGEST_DESCRIPTION = 250;
const UUID_LENGTH = 36;

/**
 * Refunds a part or all of the captured amount. The state has all refunds of the payment, including this one.
 * A part has its own receipt, with goods of the same sum. All of it has the payment's receipt.
 */
export const refund: YookassaMethod<'refund'> = async (api, payment, request, context) => {
  const shop = openShop(payment.request.shop, context);
  const found = await readPayment(api, payment, shop);
  const state: PaymentState = found ? toPaymentState(found, payment, shop) : { status: 'pending' };
  if (state.status !== 'succeeded' || !found || !state.captured)
    throw state.status === 'succeeded' ? explainRefusal({ status: 'pending' }, shop) : explainRefusal(state, shop);
  const { currency } = payment.request.amount;
  const isPart = request.amount.minor < state.captured.minor;
  const { amount, goods = chooseRefunded({ ...payment, captured: state.captured }, amount) } = request;
  const year = readVatYear(payment, shop.shop);
  const receipt = isPart && buildReceipt(shop, payment.request, year, { amount, goods });
  const json = {
    payment_id: found.id,
    amount: toWireAmount(request.amount),
    // Whether every shop receives its metadata back is not documented: the id is in both.
    description: shortenText(`${request.key} ${toTitle(payment.request, context.account.language, LONGEST.title)}`, LONGEST_DESCRIPTION),
    metadata: { ...toMetadata(payment.request, LONGEST.metadata), refundId: request.key },
    ...(receipt && { receipt }),
  };
  try {
    const made = await api.refund(shop, { json, key: request.key });
    // The refund is made: a failure to read the others must not make it unknown.
    const all = await listRefunds(api, found.id, currency, shop).catch((): RefundState[] => []);
    const refunds = addRefund(all, toRefundState(made, currency, shop), request.key);
    return { ...state, ...(receipt && listVatNotes(shop, payment.request, year, { amount, goods })), refunds };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const refunds = await listRefunds(api, found.id, currency, shop);
    if (refunds.some(({ reference }) => reference === request.key)) return { ...state, refunds };
    throw error;
  }
};

/** All refunds of a payment, also refunds that the shop made at YooKassa. `currency` is the invoice's. */
async function listRefunds(api: Yookassa, paymentId: string, currency: string, context: ShopContext): Promise<RefundState[]> {
  return (await readRefunds(api, paymentId, context)).map((one) => toRefundState(one, currency, context));
}

/** All refunds of a payment, in YooKassa's format. */
export function readRefunds(api: Yookassa, paymentId: string, context: ShopContext): Promise<WireRefund[]> {
  return readPages(async (cursor?: string) => {
    const { items, next_cursor } = await api.refunds(context, { query: { payment_id: paymentId, limit: PAGE, cursor } });
    return { rows: items, next: next_cursor };
  }, MOST_PAGES);
}

/** A refund's state; `currency` is the invoice's. */
export function toRefundState(made: WireRefund, currency: string, { account }: ShopContext): RefundState {
  const status = readRefundStatus(REFUND_STATUSES, made.status);
  const comment = findText(REFUND_FAILURES, made.cancellation_details?.reason);
  const reference = readReference(made);
  return {
    externalId: made.id,
    ...(reference !== undefined && { reference }),
    amount: readAmount(made.amount, currency),
    status,
    ...(status === 'canceled' && { comment: textFor(comment ?? texts.refundFailed, account.language) }),
  };
}

function readReference({ metadata, description }: WireRefund): string | undefined {
  return [metadata?.refundId, description?.slice(0, UUID_LENGTH)].find((one) => one !== undefined && isUuid(one));
}
