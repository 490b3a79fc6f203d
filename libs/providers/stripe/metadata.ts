import type { CreateRequest } from '#payment/port';

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
  return { paymentId: reference, invoiceUuid, ...(orderNumber !== undefined && { orderNumber: cutText(orderNumber, LONGEST_VALUE) }) };
}

/** At most `most` characters, the last an ellipsis when the text was longer; surrogate pairs stay whole. */
export function cutText(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}
