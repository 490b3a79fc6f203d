import { readTexts, type TextTable } from '#platform';
import type en from './texts/en.json';

/** The module's texts for people of a shop. */
export const texts = readTexts<typeof en>(new URL('./texts/', import.meta.url));

/** Texts for Mercado Pago's codes, if its own English words would not help. */
export const WORDS: TextTable = {
  order_not_found: texts.otherAccount,
  invalid_path_param: texts.otherAccount,
  invalid_order_owner: texts.otherAccount,
  transaction_not_found: texts.otherAccount,
  order_already_refunded: texts.allRefunded,
  ...texts.words,
};
