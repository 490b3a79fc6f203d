import { type ExistingPayment, readRefundStatus, type RefundState } from '#payment/port';
import { textFor } from '#platform';
import { type ProviderContext, SharedNote } from '#provider-kit';
import type { WireOrder, WireRefund } from './mercadopago.api.js';
import { readMercadoPagoAmount } from './mercadopago.money.js';
import type { MercadoPagoContext } from './mercadopago.settings.js';
import { REFUND_STATUSES } from './mercadopago.statuses.js';
import { texts } from './mercadopago.texts.js';

/** Lists all refunds of an order, with our ids for the known and the noted ones. */
export async function listRefunds(order: WireOrder, payment: ExistingPayment, context: MercadoPagoContext): Promise<RefundState[]> {
  const { currency } = payment.request.amount;
  const refunds = (order.transactions?.refunds ?? []).map((one) => toRefundState(one, currency, context.account.language));
  const known = new Map(payment.refunds.map(({ externalId, id }) => [externalId, id]));
  const isNew = refunds.some(({ externalId }) => !known.has(externalId));
  const notes = isNew ? await listNotes(order.id, refunds.length, context) : [];
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

/**
 * A refund that we requested. Mercado Pago has no field for our id, so the refunds that exist are noted
 * before the call: the new one with this amount is ours, whichever process sees it first.
 */
export interface RefundNote {
  /** `RefundRequest.key`. */
  key: string;
  /** The refund's amount in minor units. */
  minor: number;
  /** Ids of the order's refunds before. */
  known: string[];
}

type NoteContext = Pick<ProviderContext<unknown>, 'cache'>;

/** By order and number of earlier refunds. Long before a week the integration knows its refunds by id. */
const refundNotes = new SharedNote<RefundNote>('refund:', { ttlSeconds: 7 * 86_400 });

/** Notes a refund before it is requested. There is one note for each number of earlier refunds. */
export function noteRefund(order: string, note: RefundNote, context: NoteContext): Promise<void> {
  return refundNotes.write(`${order}:${note.known.length}`, note, context);
}

/** Forgets a note about a refund that Mercado Pago rejected. */
export function forgetRefund(order: string, note: RefundNote, context: NoteContext): Promise<void> {
  return refundNotes.forget(`${order}:${note.known.length}`, context);
}

/** Lists the notes of an order that has `count` refunds, the oldest note first. */
export async function listNotes(order: string, count: number, context: NoteContext): Promise<RefundNote[]> {
  const found = await Promise.all(Array.from({ length: count }, (_, place) => refundNotes.read(`${order}:${place}`, context)));
  return found.filter((note) => note !== null);
}
