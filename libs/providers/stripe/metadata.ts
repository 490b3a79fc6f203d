import type { CreateRequest } from '#payment/port';
import { shortenText } from '#provider-kit';

/** The metadata of our objects at Stripe. A charge inherits its payment's. Refunds carry their own id too. */
export interface StripeMetadata {
  /** `CreateRequest.reference`, which webhooks lead back to the payment by. */
  paymentId: string;
  invoiceUuid: string;
  orderNumber?: string;
  /** `RefundRequest.key`. */
  refundId?: string;
}

/** Most characters of a value. */
const LONGEST_VALUE = 500;

/** The metadata of an invoice. */
export function toMetadata({ reference, invoiceUuid, orderNumber }: CreateRequest): StripeMetadata {
  return { paymentId: reference, invoiceUuid, ...(orderNumber !== undefined && { orderNumber: shortenText(orderNumber, LONGEST_VALUE) }) };
}
