import type { CreateRequest } from '#payment/port';
import { type Language, textFor } from '#platform';
import { shortenText } from '#provider-kit';
import { texts } from './yookassa.texts.js';

const LONGEST_TITLE = 128;

/** The title of an invoice for its buyer: `Order 1001`, at most 128 characters. */
export function toTitle({ orderNumber }: CreateRequest, language: Language): string {
  return orderNumber === undefined
    ? textFor(texts.payment, language)
    : shortenText(`${textFor(texts.order, language)} ${orderNumber}`, LONGEST_TITLE);
}
