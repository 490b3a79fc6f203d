import {
  type ExistingPayment,
  type GoodsLine,
  listKeptGoods,
  listRefundedGoods,
  openShop,
  type PaymentState,
  type PaymentWithGoods,
} from '#payment/port';
import { toMoney } from '#provider-kit';
import { getPayment } from './payment.js';
import { type DueReceipt, joinReceipts, listDueReceipts, toMemory, toMemoryKey } from './receipt-state.js';
import { listReceiptLines, listVatNotes, writeReceipt } from './receipt.js';
import { findSent, listSeparateReceipts } from './sent-receipts.js';
import { readVatYear } from './vat.js';
import type { ShopContext, Yookassa, YookassaMethod } from './yookassa.api.js';
import { toWireAmount } from './yookassa.money.js';

/** Methods of payment of goods that are yet to be handed over. */
const PREPAID: ReadonlySet<string> = new Set(['full_prepayment', 'partial_prepayment', 'advance']);

/** Sends the receipts that are due, each once, and remembers them. */
export const sendDueReceipts: YookassaMethod<'followUp'> = async (api, payment, _request, context) => {
  const shop = openShop(payment.request.shop, context);
  const { followUp: _, ...state } = await getPayment(api, payment, context);
  const memory = { ...payment.memory };
  const notes = new Set<string>();
  if (state.status !== 'succeeded' || state.externalId === undefined) return state;
  for (const due of listDueReceipts(state, payment, shop.shop, context.now)) {
    const sent = await findSent(api, due, state.externalId, shop);
    const made = sent ? { id: sent.id } : await sendReceipt(api, due, payment, state, shop);
    memory[toMemoryKey(due.key)] = made.id === undefined ? 'sent' : toMemory({ id: made.id, at: context.now });
    for (const note of made.notes ?? []) notes.add(note);
  }
  const own = await listSeparateReceipts(api, { ...payment, memory }, state.externalId, shop);
  const { receipts, ...rest } = state;
  const known = (receipts ?? []).filter(({ externalId }) => !own.some((one) => one.externalId === externalId));
  return { ...rest, ...joinReceipts({ receipts: known }, own), memory, ...(notes.size > 0 && { notes: [...notes] }) };
};

/** Sends a receipt, unless it has no lines. Returns its id, and notes for the story. */
async function sendReceipt(
  api: Yookassa,
  due: DueReceipt,
  payment: ExistingPayment,
  state: PaymentState,
  context: ShopContext,
): Promise<{ id?: string; notes?: readonly string[] }> {
  const paymentId = state.externalId;
  const part = { amount: due.amount, goods: chooseGoods(due, payment, state) };
  const year = readVatYear(payment, context.shop);
  const lines = listReceiptLines(context, payment.request, year, part);
  const told =
    due.kind === 'second' ? lines.filter(({ mode }) => PREPAID.has(mode)).map((line) => ({ ...line, mode: 'full_payment' })) : lines;
  // An immediate full payment has no second receipt.
  if (told.length === 0) return {};
  const sum = told.reduce((total, line) => total + line.total, 0);
  const json = {
    ...(due.kind === 'refund' ? { type: 'refund', refund_id: due.refundId } : { type: 'payment', payment_id: paymentId }),
    ...writeReceipt(context, payment.request, told),
    settlements: [{ type: due.kind === 'second' ? 'prepayment' : 'cashless', amount: toWireAmount(toMoney(sum, due.amount.currency)) }],
    send: true,
  };
  const key = `${due.kind}-${due.kind === 'refund' ? due.refundId : paymentId}`;
  const { id } = await api.sendReceipt(context, { json, key });
  return { id, ...listVatNotes(context, payment.request, year, part) };
}

/** The captured goods, the goods of the receipt's refund, or the goods that the buyer has kept. */
function chooseGoods(due: DueReceipt, { request, refunds: known }: ExistingPayment, { captured, refunds = [] }: PaymentState): GoodsLine[] {
  const present: PaymentWithGoods = {
    request,
    ...(captured && { captured }),
    refunds: refunds.map(({ externalId, amount, status, reference }) => {
      const goods = known.find((one) => one.externalId === externalId || one.id === reference)?.goods;
      return { id: externalId, amount, status, ...(goods && { goods }) };
    }),
  };
  if (due.kind === 'refund') return listRefundedGoods(present).get(due.refundId) ?? [];
  return listKeptGoods(due.kind === 'payment' ? { ...present, refunds: [] } : present);
}
