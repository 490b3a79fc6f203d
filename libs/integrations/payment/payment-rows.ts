import { toMoney } from '#provider-kit';
import type { PaymentEntity, PaymentRefundEntity } from './payment.entity.js';
import type { PaymentFacts, RefundFacts } from './payment-facts.js';
import type { ExistingPayment } from './port/index.js';
import { readReported, toReportedColumns } from './reported.js';

/** A payment with its refunds, oldest first. */
export interface StoredPayment {
  row: PaymentEntity;
  refunds: PaymentRefundEntity[];
}

/** Reads a stored payment's facts. */
export function toFacts({ row, refunds }: StoredPayment): PaymentFacts {
  return {
    status: row.status,
    ...(row.externalId !== null && { externalId: row.externalId }),
    amount: toMoney(Number(row.amountMinor), row.currency),
    ...readReported(row),
    ...(row.details.declinedId !== undefined && { declinedId: row.details.declinedId }),
    memory: row.memory,
    refunds: refunds.map((refund) => toRefundFacts(refund, row.currency)),
    disputes: row.disputes.map(({ amount: minor, since, ...dispute }) => ({
      ...dispute,
      ...(minor !== undefined && { amount: toMoney(minor, row.currency) }),
      since: new Date(since),
    })),
    receipts: row.receipts,
  };
}

/** Returns the columns that store the facts. */
export function toColumns(facts: PaymentFacts): Partial<Omit<PaymentEntity, 'request'>> {
  return {
    status: facts.status,
    externalId: facts.externalId ?? null,
    ...toReportedColumns(facts),
    memory: facts.memory,
    disputes: facts.disputes.map(({ amount: disputed, since, ...dispute }) => ({
      ...dispute,
      ...(disputed && { amount: disputed.minor }),
      since: since.toISOString(),
    })),
    receipts: [...facts.receipts],
  };
}

/** Builds a refund's row. */
export function toRefundRow(paymentId: string, refund: RefundFacts, now: Date): PaymentRefundEntity {
  return {
    id: refund.id,
    paymentId,
    externalId: refund.externalId ?? null,
    amountMinor: String(refund.amount.minor),
    requested: refund.requested,
    status: refund.status,
    comment: refund.comment ?? null,
    createdAt: refund.createdAt,
    updatedAt: now,
  };
}

/** Returns a stored payment in the port's format. */
export function toExistingPayment(stored: StoredPayment, payUrl: string): ExistingPayment {
  const facts = toFacts(stored);
  return {
    id: stored.row.id,
    ...(facts.externalId !== undefined && { externalId: facts.externalId }),
    status: facts.status === 'refundSucceeded' ? 'succeeded' : facts.status,
    ...(facts.captured && { captured: facts.captured }),
    refunds: stored.refunds.map(({ id, externalId, amountMinor, status, goods }) => ({
      id,
      ...(externalId !== null && { externalId }),
      amount: toMoney(Number(amountMinor), stored.row.currency),
      status,
      ...(goods && { goods }),
    })),
    memory: facts.memory,
    createdAt: stored.row.createdAt,
    request: { ...stored.row.request, ...buildLinks(payUrl) },
  };
}

/** Returns the buyer's link in the format of a request. */
export function buildLinks(payUrl: string): { payUrl: string; doneUrl: string } {
  return { payUrl, doneUrl: `${payUrl}?done=1` };
}

function toRefundFacts(refund: PaymentRefundEntity, currency: string): RefundFacts {
  return {
    id: refund.id,
    ...(refund.externalId !== null && { externalId: refund.externalId }),
    amount: toMoney(Number(refund.amountMinor), currency),
    status: refund.status,
    ...(refund.comment !== null && { comment: refund.comment }),
    requested: refund.requested,
    createdAt: refund.createdAt,
  };
}
