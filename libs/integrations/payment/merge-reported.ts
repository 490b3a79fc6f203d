import { isUuid } from '#platform';
import { toMoney } from '#provider-kit';
import {
  LONGEST_TEXT,
  computeKept,
  type RefundFacts,
  type DisputeFacts,
  type ReceiptFacts,
  type PaymentFacts,
  type Happening,
  type PaymentUpdate,
} from './payment-facts.js';
import type { DisputeState, DisputeStatus, ReceiptState, ReceiptStatus, RefundState } from './port/index.js';

export function mergeRefunds(
  before: PaymentFacts,
  update: PaymentUpdate,
  happenings: Happening[],
): { refunds: RefundFacts[]; changed: string[] } {
  const refunds = [...before.refunds];
  const changed: string[] = [];
  for (const told of update.state.refunds ?? []) {
    const index = refunds.findIndex((known) => isSame(known, told));
    const known = refunds[index];
    const next = known ? advanceRefund(known, told, happenings) : buildRefund(told, update);
    if (next === known) continue;
    if (known) refunds[index] = next;
    else refunds.push(next);
    changed.push(next.id);
    if (next.status !== known?.status) happenings.push(toHappening(next));
  }
  return { refunds, changed };
}

export function toHappening({ id, status, amount, comment }: RefundFacts): Happening {
  return { code: `refund.${status}`, amount, refundId: id, moved: true, ...(comment && { comment }) };
}

/** A dispute's status only moves to a higher rank. */
const DISPUTE_RANK: Readonly<Record<DisputeStatus, number>> = { inquiry: 0, open: 1, won: 2, lost: 2 };

export function mergeDisputes(
  before: readonly DisputeFacts[],
  update: PaymentUpdate,
  happenings: Happening[],
): { disputes: readonly DisputeFacts[]; changed: DisputeFacts[] } {
  const disputes = [...before];
  const changed: DisputeFacts[] = [];
  for (const told of update.state.disputes ?? []) {
    const index = disputes.findIndex(({ externalId }) => externalId === told.externalId);
    const known = disputes[index];
    const rank = known ? DISPUTE_RANK[told.status] - DISPUTE_RANK[known.status] : 1;
    if (rank < 0 || told.status === known?.status) continue;
    const next = toDispute(told, known?.since ?? update.now);
    happenings.push({
      code: `dispute.${next.status}`,
      moved: rank > 0,
      ...(next.amount && { amount: next.amount }),
      ...(next.reason && { comment: next.reason }),
    });
    if (rank === 0) continue;
    if (known) disputes[index] = next;
    else disputes.push(next);
    changed.push(next);
  }
  return { disputes: changed.length > 0 ? disputes : before, changed };
}

function toDispute({ externalId, status, amount, reason }: DisputeState, since: Date): DisputeFacts {
  return { externalId, status, since, ...(amount && { amount }), ...(reason && { reason: reason.slice(0, LONGEST_TEXT) }) };
}

/**
 * A receipt's status only moves to a higher rank. A failed receipt may still be registered, by hand or late.
 */
const RECEIPT_RANK: Readonly<Record<ReceiptStatus, number>> = { pending: 0, failed: 1, registered: 2 };

export function mergeReceipts(
  before: readonly ReceiptFacts[],
  update: PaymentUpdate,
  happenings: Happening[],
): { receipts: readonly ReceiptFacts[]; changed: ReceiptState[] } {
  const known = new Map(before.map((one) => [one.externalId, one]));
  const changed = (update.state.receipts ?? []).filter(({ externalId, status }) => {
    const last = known.get(externalId);
    return !last || RECEIPT_RANK[status] > RECEIPT_RANK[last.status];
  });
  const told: ReceiptState[] = [];
  for (const receipt of changed) {
    const { externalId, status, amount } = receipt;
    const last = known.get(externalId);
    known.set(externalId, { externalId, status });
    // A receipt that is registered with its payment is nothing to report.
    if (status === 'pending' || (status === 'registered' && !last)) continue;
    happenings.push({ code: `receipt.${status}`, amount, moved: true });
    if (status === 'failed' || last?.status === 'failed') told.push(receipt);
  }
  return { receipts: changed.length > 0 ? [...known.values()] : before, changed: told };
}

/**
 * The CRM has no chargebacks, so a lost dispute is reported as a refund. The refund needs a known amount and
 * is never more than the kept amount.
 */
export function buildLostRefund(
  { externalId, amount, reason }: DisputeFacts,
  facts: PaymentFacts,
  update: PaymentUpdate,
): RefundFacts | undefined {
  const minor = Math.min(amount?.minor ?? 0, computeKept(facts).minor);
  if (minor === 0) return undefined;
  return {
    id: update.newId(),
    externalId,
    amount: toMoney(minor, facts.amount.currency),
    status: 'succeeded',
    ...(reason && { comment: reason }),
    requested: false,
    createdAt: update.now,
  };
}

function isSame(known: RefundFacts, told: RefundState): boolean {
  return known.id === told.reference || (known.externalId !== undefined && known.externalId === told.externalId);
}

function buildRefund(told: RefundState, update: PaymentUpdate): RefundFacts {
  const requested = told.reference !== undefined && isUuid(told.reference);
  return {
    id: requested && told.reference ? told.reference : update.newId(),
    externalId: told.externalId,
    amount: told.amount,
    status: told.status,
    ...(told.comment && { comment: told.comment.slice(0, LONGEST_TEXT) }),
    requested,
    createdAt: update.now,
  };
}

/** Returns the known refund itself if nothing changes. */
function advanceRefund(known: RefundFacts, told: RefundState, happenings: Happening[]): RefundFacts {
  if (known.status !== 'pending') {
    if (told.status !== 'pending' && told.status !== known.status)
      happenings.push({
        code: `refund.${told.status}`,
        refundId: known.id,
        amount: known.amount,
        moved: false,
        ...(told.comment && { comment: told.comment.slice(0, LONGEST_TEXT) }),
      });
    return known.externalId === undefined ? { ...known, externalId: told.externalId } : known;
  }
  if (told.status === 'pending' && known.externalId !== undefined) return known;
  return {
    ...known,
    externalId: told.externalId,
    status: told.status,
    ...(told.comment && { comment: told.comment.slice(0, LONGEST_TEXT) }),
  };
}
