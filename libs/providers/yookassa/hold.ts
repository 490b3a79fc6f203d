import { chooseCaptured, type ExistingPayment, openShop, type PaymentState } from '#payment/port';
import { textFor } from '#platform';
import { isRefusal, SharedNote } from '#provider-kit';
import { explainRefusal, readPayment, readState, settlePayment, toPaymentState } from './payment-state.js';
import { buildReceipt, listVatNotes } from './receipt.js';
import { readVatYear } from './vat.js';
import type { YookassaMethod } from './yookassa.api.js';
import { toWireAmount } from './yookassa.money.js';
import { texts } from './yookassa.texts.js';

/**
 * Parts of holds whose capture was requested and whose outcome is not stored yet, in minor units. The outcome
 * is known long before a week.
 */
export const requestedCaptures = new SharedNote<number>('captured:', { ttlSeconds: 7 * 86_400 });

/**
 * Captures all or part of a hold. YooKassa releases the rest. A part has its own receipt, with goods of the
 * same sum. All of it has the payment's receipt. Succeeds if the same amount was captured already. A part is
 * noted before the call, for readers of the payment before the outcome is stored: YooKassa may not return
 * this amount.
 */
export const capture: YookassaMethod<'approve'> = async (api, payment, request, context) => {
  const shop = openShop(payment.request.shop, context);
  const { externalId, request: invoice } = payment;
  if (externalId === undefined) throw explainRefusal({ status: 'pending' }, shop);
  const isPart = request.amount.minor < invoice.amount.minor;
  const year = readVatYear(payment, shop.shop);
  const part = { amount: request.amount, goods: isPart ? chooseCaptured(payment, request.amount) : [] };
  const receipt = isPart && buildReceipt(shop, invoice, year, part);
  const json = { amount: toWireAmount(request.amount), ...(receipt && { receipt }) };
  const memory = { ...payment.memory, captured: String(request.amount.minor) };
  const known = { ...payment, memory };
  if (isPart) await requestedCaptures.write(externalId, request.amount.minor, context);
  try {
    const captured = await api.capture(shop, { id: externalId, json, key: request.key });
    const notes = receipt ? listVatNotes(shop, invoice, year, part) : {};
    return { ...toPaymentState(await settlePayment(api, captured, shop), known, shop), memory, ...notes };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await requestedCaptures.forget(externalId, context);
    const state = await readState(api, payment, shop);
    if (state.status === 'succeeded' && state.captured?.minor === request.amount.minor) return state;
    throw explainRefusal(state, shop, error);
  }
};

/**
 * Releases a hold, or ends an unpaid invoice. YooKassa cannot cancel a pending payment: its address is no
 * longer shown, and `expiresAt` is the time until which money may still come. Succeeds if repeated.
 */
export const cancel: YookassaMethod<'cancel'> = async (api, payment, request, context) => {
  const shop = openShop(payment.request.shop, context);
  const cancelled: ExistingPayment = { ...payment, status: 'canceled' };
  const cancellation = textFor(texts.cancelledByShop, context.account.language);
  const found = await readPayment(api, payment, shop);
  const state: PaymentState = found ? toPaymentState(found, cancelled, shop) : { status: 'canceled' };
  if (state.status === 'canceled') return { ...state, cancellation };
  if (state.status !== 'waitingForCapture' || !found) throw explainRefusal(state, shop);
  try {
    const released = await api.cancel(shop, { id: found.id, json: {}, key: request.key });
    return toPaymentState(await settlePayment(api, released, shop), cancelled, shop);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const after = await readState(api, payment, shop, 'canceled');
    if (after.status === 'canceled') return after;
    throw explainRefusal(after, shop, error);
  }
};
