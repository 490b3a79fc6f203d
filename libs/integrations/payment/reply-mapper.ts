import { formatDate } from '#crm-client';
import type * as wire from '#crm-client/wire';
import { toWireAmount } from '#provider-kit';
import type { StoredPayment } from './payment-rows.js';
import { toFacts } from './payment-rows.js';
import { getAmount, type InvoiceStatus, isPaid, computeRefundable, type RefundFacts } from './payment-state.js';

/** The format of the reference's dates of an invoice, in the account's zone. */
const DATE = 'Y-m-d H:i:s';

/** The status for the CRM. A one-stage payment stays pending until captured; its brief hold is not shown. */
export function toWireStatus({ row }: StoredPayment): InvoiceStatus {
  return row.capture === 'automatic' && row.status === 'waitingForCapture' ? 'pending' : row.status;
}

/** What the CRM's invoice needs besides the stored payment. */
export interface InvoiceView {
  /** The buyer's link. */
  payUrl: string;
  /** Of the account. */
  timeZone: string;
  /** What the provider can do at all. */
  able: { cancel: boolean; refund: boolean };
}

/** Builds the CRM's invoice update (reference: ApiUpdateInvoiceRequest). */
export function toInvoiceUpdate(stored: StoredPayment, { payUrl, timeZone, able }: InvoiceView): wire.PaymentsApiUpdateInvoiceRequest {
  const { row } = stored;
  const facts = toFacts(stored);
  const status = toWireStatus(stored);
  return {
    invoiceUuid: row.invoiceUuid,
    paymentId: row.crmId ?? row.id,
    status,
    // Until the hold is shown the CRM knows no discount, and takes one only with these two statuses.
    amount: toWireAmount(status === 'pending' ? facts.amount : getAmount(facts)),
    ...(facts.discount && (status === 'waitingForCapture' || status === 'succeeded') && { discountAmount: toWireAmount(facts.discount) }),
    invoiceUrl: payUrl,
    ...(isPaid(status) && facts.paidAt && { paidAt: formatDate(facts.paidAt, DATE, timeZone) }),
    ...(status === 'waitingForCapture' && facts.expiresAt && { expiredAt: formatDate(facts.expiresAt, DATE, timeZone) }),
    ...(status === 'canceled' && facts.cancellation && { cancellationDetails: facts.cancellation }),
    cancellable: able.cancel && (status === 'pending' || status === 'waitingForCapture'),
    refundable: able.refund && isPaid(status) && computeRefundable(facts).minor > 0,
  };
}

/** The result of the `status` callback (docs/contract/payment.md). */
export type StatusResult = Omit<wire.PaymentsApiUpdateInvoiceRequest, 'invoiceUuid' | 'cancellable' | 'refund' | 'discountAmount'>;

/** Answer of `status`. */
export function toStatusReply(stored: StoredPayment, view: InvoiceView): StatusResult {
  const { invoiceUuid: _invoice, cancellable: _cancellable, discountAmount: _discount, ...result } = toInvoiceUpdate(stored, view);
  return result;
}

/** Answer of `create` (contract: PaymentCreateResult). */
export function toCreateReply(stored: StoredPayment, view: InvoiceView): wire.CallbackPaymentCreateResult {
  const { cancellable } = toInvoiceUpdate(stored, view);
  return { paymentId: stored.row.crmId ?? stored.row.id, invoiceUrl: view.payUrl, cancellable: cancellable ?? false };
}

/** A refund as the CRM reads it (contract: ModuleRefund). */
export function toRefundReply(refund: RefundFacts): { id: string; status: string; amount: number; comment?: string } {
  return { id: refund.id, status: refund.status, amount: toWireAmount(refund.amount), ...(refund.comment && { comment: refund.comment }) };
}
