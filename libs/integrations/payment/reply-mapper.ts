import type * as wire from '#crm-client/wire';
import { toWireAmount } from '#provider-kit';
import type { StoredPayment } from './payment-rows.js';
import { toFacts } from './payment-rows.js';
import { getAmount, type InvoiceStatus, isPaid, computeRefundable, type RefundFacts } from './payment-facts.js';
import { toWireValues } from './reported.js';

/**
 * Returns the status for the CRM. A one-stage payment stays pending until captured. Its brief hold is not
 * shown. An invoice in the CRM does not return to pending: after a declined capture in two stages it stays as
 * it was.
 */
export function toWireStatus({ row }: StoredPayment): InvoiceStatus {
  if (row.capture === 'manual' && row.status === 'pending' && row.details.declinedId !== undefined) return 'waitingForCapture';
  return row.capture === 'automatic' && row.status === 'waitingForCapture' ? 'pending' : row.status;
}

/** Details that the CRM's invoice needs besides the stored payment. */
export interface InvoiceView {
  /** The buyer's link. */
  payUrl: string;
  /** The account's time zone. */
  timeZone: string;
  /** Calls that the provider supports. */
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
    // The CRM does not have the discount until the hold is shown.
    amount: toWireAmount(status === 'pending' ? facts.amount : getAmount(facts)),
    invoiceUrl: payUrl,
    ...toWireValues(facts, status, timeZone),
    cancellable: able.cancel && (status === 'pending' || status === 'waitingForCapture'),
    refundable: able.refund && isPaid(status) && computeRefundable(facts).minor > 0,
  };
}

/** The result of the `status` callback (docs/contract/payment.md). */
export type StatusResult = Omit<wire.PaymentsApiUpdateInvoiceRequest, 'invoiceUuid' | 'cancellable' | 'refund' | 'discountAmount'>;

/** Builds the reply of `status`. */
export function toStatusReply(stored: StoredPayment, view: InvoiceView): StatusResult {
  const { invoiceUuid: _invoice, cancellable: _cancellable, discountAmount: _discount, ...result } = toInvoiceUpdate(stored, view);
  return result;
}

/** Builds the reply of `create` (contract: PaymentCreateResult). */
export function toCreateReply(stored: StoredPayment, view: InvoiceView): wire.CallbackPaymentCreateResult {
  const { cancellable } = toInvoiceUpdate(stored, view);
  return { paymentId: stored.row.crmId ?? stored.row.id, invoiceUrl: view.payUrl, cancellable: cancellable ?? false };
}

/** Builds a refund in the CRM's format (contract: ModuleRefund). */
export function toRefundReply(refund: RefundFacts): { id: string; status: string; amount: number; comment?: string } {
  return { id: refund.id, status: refund.status, amount: toWireAmount(refund.amount), ...(refund.comment && { comment: refund.comment }) };
}
