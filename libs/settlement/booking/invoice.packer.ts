import { Injectable } from '@nestjs/common';
import { type Connection, explainCrmError, isContentRejection } from '#connections';
import { type CrmClient, CrmError, ValidationError } from '#crm-client';
import type { OutboxEntry, OutboxPacker } from '#outbox';
import { toMoney, toWireAmount } from '#provider-kit';
import type { BookingEntity } from './booking.entity.js';
import { Bookings } from './bookings.js';
import { Invoices, toExternalId } from './invoices.js';
import { INVOICE } from './kinds.js';

/** Characters that are kept of a rejection. */
const MOST_EXPLAINED = 500;

/**
 * Enters a payment that a gateway got outside the CRM (`payment/invoice/import`). The CRM has no search by
 * the gateway's number, so after a lost reply the payment's status decides. If it is not paid, a person does.
 */
@Injectable()
export class InvoicePacker implements OutboxPacker<object> {
  readonly kind = INVOICE;
  readonly maxSubjects = 1;
  readonly lingerMs = 0;
  readonly sendsPresent = true;

  constructor(
    private readonly bookings: Bookings,
    private readonly invoices: Invoices,
  ) {}

  async send(crm: CrmClient, connection: Connection, entries: OutboxEntry<object>[], signal: AbortSignal): Promise<void> {
    const [line] = await this.bookings.load(connection.id, entries);
    // Switched off meanwhile, or chosen twice.
    if (!line || line.sentAt) return;
    const isIn = line.calledAt ? await this.invoices.isPaid(crm, line, signal) : await this.import(crm, line, signal);
    if (isIn) await this.invoices.complete(connection, line);
  }

  /** Calls the CRM at most once. Returns whether it has the invoice. */
  private async import(crm: CrmClient, line: BookingEntity, signal: AbortSignal): Promise<boolean> {
    if (!(await this.invoices.markCalled(line))) return false;
    const { code, day, amountMinor, currency } = line;
    const paid = { amount: toWireAmount(toMoney(Number(amountMinor), currency)), currency, status: 'succeeded', paidAt: `${day} 00:00:00` };
    // Crossdock has no payment to refund for it.
    const invoice = { paymentId: Number(code), externalId: toExternalId(line), ...paid, refundable: false };
    try {
      await crm.payments.importInvoice({ invoice }, { signal });
      return true;
    } catch (error) {
      if (!(error instanceof CrmError) || error.outcome === 'unknown') throw error;
      const isRejected = isContentRejection(error);
      await this.invoices.forgetCall(line, isRejected ? explain(error) : null);
      // A person chooses again, so a repeat is useless.
      if (isRejected) return false;
      throw error;
    }
  }
}

/** Returns the CRM's own words, because the page adds the rest in the shop's language. */
function explain(error: CrmError): string {
  const fields = error instanceof ValidationError ? Object.entries(error.fieldErrors).map(([field, text]) => `${field}: ${text}`) : [];
  return [error.apiMessage ?? explainCrmError(error), ...fields].join('. ').slice(0, MOST_EXPLAINED);
}
