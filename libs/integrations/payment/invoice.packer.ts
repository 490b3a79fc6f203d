import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import type { CrmClient } from '#crm-client';
import { type OutboxEntry, type OutboxPacker } from '#outbox';
import { toFacts } from './payment-rows.js';
import { INVOICE, type InvoicePayload } from './payment-states.service.js';
import { PaymentStore } from './payment-store.js';
import { toInvoiceUpdate, toRefundReply } from './reply-mapper.js';

/**
 * Sends one invoice per call (`payment/update-invoice`) in its present state. Rows that wait together become
 * one call, and a repeated or requeued row never restores an older state.
 */
@Injectable()
export class InvoicePacker implements OutboxPacker<InvoicePayload> {
  readonly kind = INVOICE;
  readonly maxSubjects = 1;
  readonly lingerMs = 0;
  readonly sendsPresent = true;

  constructor(private readonly store: PaymentStore) {}

  /** Takes all rows before the first row of a second refund, because a call has room for one refund. */
  take(entries: OutboxEntry<InvoicePayload>[]): number {
    const refundId = findRefundId(entries);
    const other = entries.findIndex(({ payload }) => payload.refundId !== undefined && payload.refundId !== refundId);
    return other === -1 ? entries.length : other;
  }

  async send(crm: CrmClient, connection: Connection, entries: OutboxEntry<InvoicePayload>[], signal: AbortSignal): Promise<void> {
    const [first] = entries;
    if (!first) return;
    const stored = await this.store.load(connection, first.subject);
    const refund = toFacts(stored).refunds.find((one) => one.id === findRefundId(entries));
    const update = toInvoiceUpdate(stored, this.store.buildView(connection, stored));
    await crm.payments.updateInvoice({ updateInvoice: { ...update, ...(refund && { refund: toRefundReply(refund) }) } }, { signal });
  }
}

function findRefundId(entries: OutboxEntry<InvoicePayload>[]): string | undefined {
  return entries.find(({ payload }) => payload.refundId !== undefined)?.payload.refundId;
}
