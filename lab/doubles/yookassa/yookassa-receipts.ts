import type { Refusal } from '../../../libs/testing/double/refusal.js';
import { invalid, toAmount, toMinor } from './yookassa-refusals.js';
import type { YooKassaItem, YooKassaMoney, YooKassaSentReceipt } from './yookassa-wire.js';

/** Who makes a shop's receipts: no one, YooMoney's registers, another's, the tax service's application. */
export const YOOKASSA_RECEIPTS = ['none', 'yoomoney', 'register', 'register-1.2', 'register-afterwards', 'self-employed'] as const;
export type YooKassaReceipts = (typeof YOOKASSA_RECEIPTS)[number];

const MOST: Readonly<Record<YooKassaReceipts, number>> = {
  ...{ none: 100, yoomoney: 80, register: 100, 'register-1.2': 100, 'register-afterwards': 100, 'self-employed': 6 },
};
const NEW_VAT = Date.parse('2026-01-01T00:00:00+03:00');

/** Whether a payment is refused without a receipt, and a part captured or refunded as well. */
export function needsReceipt(receipts: YooKassaReceipts): boolean {
  return !['none', 'register-afterwards'].includes(receipts);
}

/** The refusal of a shop that makes receipts and got none. */
export function receiptMissing(): Refusal {
  return invalid('Receipt is missing or illegal', 'receipt');
}

/** The total of a line, in hundredths. */
export function lineTotal({ amount, quantity }: YooKassaItem): number {
  return Math.round(Number((toMinor(amount) * quantity).toFixed(4)));
}

/**
 * Checks a receipt against the rules of its shop's register, and its sum against the amount. Throws Refusal.
 */
export function checkReceipt(
  { customer, items, timezone }: YooKassaSentReceipt,
  { receipts, amount, at = 'receipt.', oldVat, now }: ReceiptRules,
): void {
  if (customer?.email === undefined && customer?.phone === undefined) throw invalid('Specify an email or a phone', `${at}customer`);
  if (receipts === 'yoomoney' && customer.email === undefined) throw invalid('These receipts go by email', `${at}customer.email`);
  if (items.length > MOST[receipts]) throw invalid(`At most ${MOST[receipts]} items`, `${at}items`);
  for (const [index, item] of items.entries())
    checkItem(item, { receipts, at: `${at}items[${index}].`, oldVat, now, currency: amount.currency, timezone });
  const sum = items.reduce((total, item) => total + lineTotal(item), 0);
  if (sum !== toMinor(amount))
    throw invalid(`The items come to ${toAmount(sum, amount.currency).value}, the amount is ${amount.value}`, `${at}items`);
}

interface ReceiptRules {
  receipts: YooKassaReceipts;
  /** The sum of the lines. */
  amount: YooKassaMoney;
  /** Its place in the request, with a dot at the end. */
  at?: string;
  /** Whether 20 % is still allowed. */
  oldVat: boolean;
  /** Milliseconds since 1970. */
  now: number;
}

type ItemRules = Omit<Required<ReceiptRules>, 'amount'> & { currency: string; timezone: number | undefined };

function checkItem(item: YooKassaItem, { receipts, at, oldVat, now, currency, timezone }: ItemRules): void {
  if (item.amount.currency !== currency) throw invalid('The currency is not that of the payment', `${at}amount.currency`);
  if ([4, 6].includes(item.vat_code) && now >= NEW_VAT && !oldVat) throw invalid('20 % was valid until 2025', `${at}vat_code`);
  if (receipts === 'self-employed') {
    if (item.vat_code !== 1) throw invalid('There is no VAT', `${at}vat_code`);
    if (!Number.isInteger(item.quantity)) throw invalid('Whole quantities only', `${at}quantity`);
  }
  if (receipts === 'yoomoney') {
    if (item.quantity > 99_999.999 || Number(item.quantity.toFixed(3)) !== item.quantity)
      throw invalid('At most 99999.999, with three digits', `${at}quantity`);
    if (!['full_prepayment', 'full_payment', undefined].includes(item.payment_mode))
      throw invalid('Only full_prepayment and full_payment', `${at}payment_mode`);
  }
  const { gs_1m, short, fur } = item.mark_code_info ?? {};
  const isMarked = (gs_1m ?? short ?? fur) !== undefined;
  const subject = item.payment_subject ?? '';
  if (/^marked/.test(subject) && (item.mark_code_info ?? item.product_code) === undefined)
    throw invalid('Marked goods need their code', `${at}mark_code_info`);
  if (/^non_marked/.test(subject) && item.mark_code_info !== undefined) throw invalid('Goods without a code only', `${at}payment_subject`);
  const { numerator = 0, denominator = 0 } = item.mark_quantity ?? {};
  if (numerator > denominator) throw invalid('More pieces than a package has', `${at}mark_quantity.numerator`);
  if (item.planned_status !== undefined && !isMarked) throw invalid('Only of goods marked by GS1.M, short or fur', `${at}planned_status`);
  if (receipts !== 'yoomoney' && receipts !== 'register-1.2') return;
  if (item.product_code !== undefined) throw invalid('Only for registers of FFD 1.05 and 1.1', `${at}product_code`);
  if (item.measure === undefined) throw invalid('The measure is missing', `${at}measure`);
  if (!isMarked) return;
  if (item.mark_mode === undefined) throw invalid('Marked goods need a mode', `${at}mark_mode`);
  if (item.planned_status === undefined) throw invalid('Marked goods need a planned status', `${at}planned_status`);
  if (item.quantity !== 1 || item.measure !== 'piece') throw invalid('A line per marked piece', `${at}quantity`);
  if (timezone === undefined) throw invalid('Marked goods need a time zone', `${at.replace(/items.*/, '')}timezone`);
}
