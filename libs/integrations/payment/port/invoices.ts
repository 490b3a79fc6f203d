import { textFor } from '#platform/plain';
import { shortenText } from '#provider-kit';
import { texts } from './port.texts.js';
import type { RefundState } from './replies.js';
import type { CreateRequest, InvoiceItem } from './requests.js';

/** The title of an invoice for its buyer, at most `most` characters: `Order 1001`. */
export function toTitle({ orderNumber }: CreateRequest, language: string, most: number): string {
  if (orderNumber === undefined) return textFor(texts.invoice.payment, language);
  return shortenText(`${textFor(texts.invoice.order, language)} ${orderNumber}`, most);
}

/** The name of an item for the buyer. An item without a name gets its place: `Item 1`. */
export function nameItem({ name }: Pick<InvoiceItem, 'name'>, index: number, language: string): string {
  return name.replace(/\s+/g, ' ').trim() || `${textFor(texts.invoice.item, language)} ${index + 1}`;
}

/** The metadata of a payment's objects at a gateway. */
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

/**
 * The refunds of a payment after a new one. The gateway's list may lack it, or its reference. A listed state
 * is the later one: a repeat gets the first reply again.
 */
export function addRefund(all: readonly RefundState[], made: RefundState, reference: string): RefundState[] {
  const { externalId } = made;
  const listed = all.find((one) => one.externalId === externalId) ?? made;
  return [...all.filter((one) => one.externalId !== externalId), { ...listed, reference }];
}
