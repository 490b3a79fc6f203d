import { type ApproveRequest, chooseCaptured, type ExistingPayment, openShop, type PaymentState } from '#payment/port';
import { isRefusal } from '#provider-kit';
import { readPayment, settlePayment, toPaymentState } from './payment-state.js';
import { buildReceipt, listVatNotes } from './receipt.js';
import { readVatYear } from './vat.js';
import type { Yookassa } from './yookassa.api.js';
import { explainRefusal } from './yookassa.errors.js';
import { toWireAmount } from './yookassa.money.js';
import type { YookassaContext } from './yookassa.settings.js';

/** The outcome of a call is known long before that. */
const WEEK = { ttlSeconds: 7 * 86_400 };

/**
 * Captures all or part of a hold. YooKassa releases the rest. A part has its own receipt, with goods of the
 * same sum. All of it has the payment's receipt. Succeeds if the same amount was captured already. A part is
 * noted before the call, for readers of the payment before the outcome is stored: YooKassa may not return
 * this amount.
 */
export async function capture(
  api: Yookassa,
  payment: ExistingPayment,
  request: ApproveRequest,
  context: YookassaContext,
): Promise<PaymentState> {
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
  const { cache } = context;
  if (isPart) await cache.update(toNoteKey(externalId), WEEK, () => request.amount.minor);
  try {
    const captured = await api.capture(shop, { id: externalId, json, key: request.key });
    const notes = receipt ? listVatNotes(shop, invoice, year, part) : {};
    return { ...toPaymentState(await settlePayment(api, captured, shop), known, shop), memory, ...notes };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await cache.forget(toNoteKey(externalId));
    const found = await readPayment(api, payment, shop);
    const state: PaymentState = found ? toPaymentState(found, payment, shop) : { status: 'pending' };
    if (state.status === 'succeeded' && state.captured?.minor === request.amount.minor) return state;
    throw explainRefusal(state, shop, error);
  }
}

/** The part of a requested capture whose outcome is not stored yet, in minor units. Null if there is none. */
export function recallCapture(externalId: string, { cache }: YookassaContext): Promise<number | null> {
  // Read where all processes write it: a copy may be older.
  return cache.update<number | null>(toNoteKey(externalId), WEEK, (minor = null) => minor);
}

function toNoteKey(externalId: string): string {
  return `captured:${externalId}`;
}
