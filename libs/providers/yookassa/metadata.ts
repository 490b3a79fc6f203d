import type { CreateRequest } from '#payment/port';
import { shortenText } from '#provider-kit';

/** YooKassa takes 16 values of 512 characters. */
const LONGEST_VALUE = 512;

/** The metadata of an invoice. */
export function toMetadata({ reference, invoiceUuid, orderNumber }: CreateRequest): Record<string, string> {
  return {
    paymentId: reference,
    invoiceUuid: shortenText(invoiceUuid, LONGEST_VALUE),
    ...(orderNumber !== undefined && { orderNumber: shortenText(orderNumber, LONGEST_VALUE) }),
  };
}
