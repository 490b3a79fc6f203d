import type { CreateRequest } from '#payment/port';
import { shortenText } from '#provider-kit';

/** What we store with Stripe's objects. A charge takes over its payment's; refunds carry their own id too. */
export interface StripeMetadata {
  /** `CreateRequest.reference`; webhooks lead back to the payment by it. */
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
