import { type ExistingPayment, readRefundStatus, type RefundState } from '#payment/port';
import { textFor } from '#platform';
import type { WireOrder, WireRefund } from './mercadopago.api.js';
import { readMercadoPagoAmount } from './mercadopago.money.js';
import type { MercadoPagoContext } from './mercadopago.settings.js';
import { REFUND_STATUSES } from './mercadopago.statuses.js';
import { texts } from './mercadopago.texts.js';
import { listNotes, type RefundNote } from './refund-notes.js';

/** Lists all refunds of an order, with our ids for the known and the noted ones. */
export async function listRefunds(
  order: WireOrder,
  payment: ExistingPayment,
  { account, cache }: MercadoPagoContext,
): Promise<RefundState[]> {
  const { currency } = payment.request.amount;
  const refunds = (order.transactions?.refunds ?? []).map((one) => toRefundState(one, currency, account.language));
  const known = new Map(payment.refunds.map(({ externalId, id }) => [externalId, id]));
  const isNew = refunds.some(({ externalId }) => !known.has(externalId));
  const notes = isNew ? await listNotes(cache, order.id, refunds.length) : [];
  return attribute(refunds, known, notes);
}

/** Gives refunds their references: a note's is the first of its amount that was not there before. */
export function attribute(
  refunds: readonly RefundState[],
  known: ReadonlyMap<string | undefined, string>,
  notes: readonly RefundNote[],
): RefundState[] {
  const references = new Map(refunds.map(({ externalId }) => [externalId, known.get(externalId)]));
  const used = new Set(known.values());
  for (const { key, minor, known: before } of notes) {
    const own = refunds.find(
      ({ externalId, amount }) => references.get(externalId) === undefined && amount.minor === minor && !before.includes(externalId),
    );
    if (own && !used.has(key)) references.set(own.externalId, key);
  }
  return refunds.map((one) => {
    const reference = references.get(one.externalId);
    return reference === undefined ? one : { ...one, reference };
  });
}

function toRefundState({ id, amount, status: code }: WireRefund, currency: string, language: string): RefundState {
  const status = readRefundStatus(REFUND_STATUSES, code);
  return {
    externalId: id,
    amount: readMercadoPagoAmount(amount, currency),
    status,
    ...(status === 'canceled' && { comment: textFor(texts.refundFailed, language) }),
  };
}
