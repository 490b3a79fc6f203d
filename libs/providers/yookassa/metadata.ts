import { IsOptional, IsString } from 'class-validator';
import type { CreateRequest } from '#payment/port';

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
    invoiceUuid: cutText(invoiceUuid, LONGEST_VALUE),
    ...(orderNumber !== undefined && { orderNumber: cutText(orderNumber, LONGEST_VALUE) }),
  };
}

/** At most `most` characters, the last an ellipsis when the text was longer; surrogate pairs stay whole. */
export function cutText(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}
