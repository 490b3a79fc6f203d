import { IsOptional, IsString } from 'class-validator';
import type { CreateRequest } from '#payment/port';
import { shortenText } from '#provider-kit';

/** What we store with YooKassa's objects, as far as it is read; notifications carry it. */
export class WireMetadata {
  /** `CreateRequest.reference` */
  @IsOptional() @IsString() paymentId?: string;
  /** Of a refund: `RefundRequest.key`. */
  @IsOptional() @IsString() refundId?: string;
  /** Number of a payment among those made for one invoice. */
  @IsOptional() @IsString() attempt?: string;
}

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
