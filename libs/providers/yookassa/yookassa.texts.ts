import { readTexts, type TextTable } from '#platform';
import type en from './texts/en.json';

/** The module's texts for people of a shop. */
export const texts = readTexts<typeof en>(new URL('./texts/', import.meta.url));

/** Why a payment was canceled (`cancellation_details.reason`). */
export const CANCELLATIONS: TextTable = {
  canceled_by_merchant: texts.cancelledByShop,
  ...texts.cancellations,
  invalid_card_number: texts.declines.wrongData,
  invalid_csc: texts.declines.wrongData,
  issuer_unavailable: texts.declines.tryLater,
  internal_timeout: texts.declines.tryLater,
  payment_method_limit_exceeded: texts.declines.limit,
};

/** Why a refund failed. */
export const REFUND_FAILURES: TextTable = texts.refundFailures;

/** Ways to pay, by YooKassa's code. */
export const METHODS: TextTable = texts.methods;
