import { type Language, textFor } from '#platform/plain';
import { shortenText } from '#provider-kit';
import { texts } from './port.texts.js';
import type { RefundState } from './replies.js';
import type { CreateRequest, InvoiceItem } from './requests.js';

/** The title of an invoice for its buyer, at most `most` characters: `Order 1001`. */
export function toTitle({ orderNumber }: CreateRequest, language: Language | string, most: number): string {
  if (orderNumber === undefined) return textFor(texts.invoice.payment, language);
  return shortenText(`${textFor(texts.invoice.order, language)} ${orderNumber}`, most);
}

/** The name of an item for the buyer. An item without a name gets its place: `Item 1`. */
export function nameItem({ name }: Pick<InvoiceItem, 'name'>, index: number, language: Language | string): string {
  return name.replace(/\s+/g, ' ').trim() || `${textFor(texts.invoice.item, language)} ${index + 1}`;
}

/** What a payment's objects at a gateway say of it. */
export interface InvoiceMetadata {
  /** `CreateRequest.reference`, which webhooks lead back to the payment by. */
  paymentId: string;
  invoiceUuid: string;
  orderNumber?: string;
}

/** The metadata of an invoice, with values of at most `most` characters. */
export function toMetadata({ reference, invoiceUuid, orderNumber }: CreateRequest, most: number): InvoiceMetadata {
  const order = orderNumber === undefined ? {} : { orderNumber: shortenText(orderNumber, most) };
  return { paymentId: reference, invoiceUuid: shortenText(invoiceUuid, most), ...order };
}

/** The refunds of a payment after a new one. The gateway's list may lack it, and its reference. */
export function addRefund(all: readonly RefundState[], made: RefundState, reference: string): RefundState[] {
  return [...all.filter(({ externalId }) => externalId !== made.externalId), { ...made, reference }];
}
