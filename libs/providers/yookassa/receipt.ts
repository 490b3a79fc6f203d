import { type CreateRequest, type GoodsLine, type InvoiceItem, toPartItems, toTitle } from '#payment/port';
import { toLanguage } from '#platform';
import { makeError, type Money, toMoney } from '#provider-kit';
import { countItem, foldLines, type ReceiptLine } from './receipt-lines.js';
import { noteRaisedVat, toVatCode, type VatYear } from './vat.js';
import { LONGEST, type ShopContext } from './yookassa.api.js';
import { toWireAmount, type WireAmount } from './yookassa.money.js';
import { needsRegisterFacts, type ReceiptsBy, type YookassaShop } from './yookassa.settings.js';
import { texts } from './yookassa.texts.js';

/** `receipt` of a payment, a capture or a refund. */
export interface WireReceipt {
  customer: WireReceiptCustomer;
  items: WireReceiptItem[];
  tax_system_code?: number;
  timezone?: number;
}

interface WireReceiptCustomer {
  full_name?: string;
  inn?: string;
  email?: string;
  /** Digits of E.164, without the plus. */
  phone?: string;
}

interface WireReceiptItem {
  description: string;
  /** Price of one unit. */
  amount: WireAmount;
  quantity: number;
  vat_code: number;
  payment_mode: string;
  payment_subject: string;
  measure: string;
  mark_code_info?: Record<string, string>;
  mark_mode?: string;
  planned_status?: number;
  product_code?: string;
}

/** Most lines of a receipt, by who registers it. */
const MOST_LINES: Readonly<Record<ReceiptsBy, number>> = { none: 0, yookassa: 80, register: 100, selfEmployed: 6 };

/** Methods of payment in receipts. The CRM's `prepayment` is partial. */
const MODES: ReadonlyMap<string, string> = new Map([
  ...['full_prepayment', 'partial_prepayment', 'advance', 'full_payment', 'partial_payment', 'credit', 'credit_payment'].map(
    (mode) => [mode, mode] as const,
  ),
  ['prepayment', 'partial_prepayment'],
]);
/** Methods that YooKassa's own receipts may have. */
const MODES_OF_YOOKASSA: ReadonlySet<string> = new Set(['full_prepayment', 'full_payment']);
const SUBJECTS: ReadonlySet<string> = new Set(
  `commodity excise job service gambling_bet gambling_prize lottery lottery_prize intellectual_activity payment agent_commission property_right
   non_operating_gain insurance_premium sales_tax resort_fee composite another`.split(/\s+/),
);
const EMAIL = /^[^\s@]{1,64}@[^\s@]{1,189}\.[^\s@]+$/;
/** Hexadecimal pairs with blanks between them, 32 bytes at most. */
const PRODUCT_CODE = /^[0-9A-F]{2}( [0-9A-F]{2}){0,31}$/i;
const INN = /^(\d{10}|\d{12})$/;
const LONGEST_NAME = 256;

/** A part of an invoice: its money, and the goods that make it. */
export interface InvoicePart {
  amount: Money;
  goods: readonly GoodsLine[];
}

/**
 * The receipt that is sent with an invoice's payment, or with a capture or refund of a part. Undefined for a
 * shop whose receipts are not sent with calls.
 * @throws ProviderError `invalid` when the receipt has no possible recipient
 */
export function buildReceipt(context: ShopContext, request: CreateRequest, year: VatYear, part?: InvoicePart): WireReceipt | undefined {
  const { receipts, receiptsAfter } = context.shop;
  if (receipts === 'none' || receiptsAfter) return undefined;
  return writeReceipt(context, request, listReceiptLines(context, request, year, part));
}

/** Notes for the story about the VAT of a receipt that `buildReceipt` makes, or of one sent separately. */
export function listVatNotes(
  context: ShopContext,
  request: CreateRequest,
  year: VatYear,
  part?: InvoicePart,
): { notes?: readonly string[] } {
  if (context.shop.receipts === 'none' || year === '2025') return {};
  const notes = noteRaisedVat(new Set(listReceiptLines(context, request, '2025', part).map(({ vat }) => vat)));
  return notes.length > 0 ? { notes } : {};
}

/** The lines of an invoice's receipt, or of a part of it. They add up to the amount. */
export function listReceiptLines(context: ShopContext, request: CreateRequest, year: VatYear, part?: InvoicePart): ReceiptLine[] {
  const told = part ? { ...request, amount: part.amount, items: toPartItems(request.items, part.goods) } : request;
  return foldLines(listLines(context, told, year), MOST_LINES[context.shop.receipts], toLanguage(context.account.language));
}

/** A receipt of these lines. Throws ProviderError `invalid` when it has no possible recipient. */
export function writeReceipt(context: ShopContext, request: CreateRequest, lines: readonly ReceiptLine[]): WireReceipt {
  const { shop } = context;
  const needsTimezone = needsRegisterFacts(shop) && lines.some(({ markingCode }) => markingCode !== undefined);
  return {
    customer: toCustomer(context, request),
    items: lines.map((line) => toWireItem(line, shop, request.amount.currency)),
    ...(shop.taxSystem !== undefined && { tax_system_code: shop.taxSystem }),
    ...(needsTimezone && shop.timezone !== undefined && { timezone: shop.timezone }),
  };
}

/** The lines of an invoice, adding up to its amount. */
function listLines({ shop, account }: ShopContext, request: CreateRequest, year: VatYear): ReceiptLine[] {
  const language = toLanguage(account.language);
  const { amount, items } = request;
  const isSelfEmployed = shop.receipts === 'selfEmployed';
  const lines = items.flatMap((item, index) =>
    countItem(item, index, { wholeOnly: isSelfEmployed, language }).map((line) => ({
      ...line,
      ...describeItem(item, shop, isSelfEmployed ? 'none' : item.vat, year),
    })),
  );
  if (lines.length > 0 && lines.reduce((sum, { total }) => sum + total, 0) === amount.minor) return lines;
  return [
    {
      ...{ name: toTitle(request, language, LONGEST.title), unit: amount.minor, quantity: 1, total: amount.minor, measure: 'piece' },
      ...describeItem({}, shop, isSelfEmployed ? 'none' : undefined, year),
    },
  ];
}

function describeItem(
  item: Partial<InvoiceItem>,
  shop: YookassaShop,
  vat: string | undefined,
  year: VatYear,
): Pick<ReceiptLine, 'vat' | 'mode' | 'subject' | 'markingCode' | 'productCode'> {
  const mode = MODES.get(item.paymentMethod ?? '') ?? shop.paymentMode;
  const subject = SUBJECTS.has(item.paymentObject ?? '') ? (item.paymentObject ?? '') : 'commodity';
  const hasMarking = shop.marking !== 'none';
  const markingCode = hasMarking ? item.markingCode : undefined;
  const lacksCode = hasMarking && item.lacksCode === true;
  const { productCode } = item;
  return {
    vat: toVatCode(vat, shop.vat, year),
    mode: shop.receipts === 'register' || (shop.receipts === 'yookassa' && MODES_OF_YOOKASSA.has(mode)) ? mode : shop.paymentMode,
    subject: toMarkedSubject(subject, markingCode !== undefined ? 'marked' : lacksCode ? 'non_marked' : undefined),
    ...(markingCode !== undefined && { markingCode }),
    // Receipts from YooKassa refuse it.
    ...(shop.receipts === 'register' &&
      productCode !== undefined &&
      PRODUCT_CODE.test(productCode) && { productCode: productCode.toUpperCase() }),
  };
}

function toMarkedSubject(subject: string, marked: 'marked' | 'non_marked' | undefined): string {
  if (marked === undefined) return subject;
  return subject === 'excise' ? `${marked}_excise` : marked;
}

function toWireItem(line: ReceiptLine, shop: YookassaShop, currency: string): WireReceiptItem {
  const { markingCode, productCode } = line;
  return {
    description: line.name,
    amount: toWireAmount(toMoney(line.unit, currency)),
    quantity: line.quantity,
    vat_code: line.vat,
    payment_mode: line.mode,
    payment_subject: line.subject,
    measure: line.measure,
    ...(markingCode !== undefined && {
      ...{ mark_code_info: { [shop.marking]: markingCode }, mark_mode: '0', measure: 'piece' },
      ...(needsRegisterFacts(shop) && shop.plannedStatus !== undefined && { planned_status: shop.plannedStatus }),
    }),
    ...(markingCode === undefined && productCode !== undefined && { product_code: productCode }),
  };
}

/** The recipient of the receipt: by e-mail only when YooKassa itself sends it. */
function toCustomer({ shop }: ShopContext, { buyer, customer }: CreateRequest): WireReceiptCustomer {
  const email = [buyer.email?.trim(), shop.receiptEmail].find((one) => one !== undefined && one.length <= 254 && EMAIL.test(one));
  const phone = toPhone(buyer.phone);
  if (email === undefined && (phone === undefined || shop.receipts === 'yookassa')) {
    throw makeError('invalid', texts.noReceiptEmail, { fields: { 'customer.email': texts.noReceiptEmail } });
  }
  const { legalName, inn } = customer?.contragent ?? {};
  return {
    ...(legalName && { full_name: legalName.slice(0, LONGEST_NAME) }),
    ...(inn !== undefined && INN.test(inn) && { inn }),
    ...(email !== undefined && { email }),
    ...(phone !== undefined && { phone }),
  };
}

/** Russian numbers are often written with 8 in place of 7. */
function toPhone(text: string | undefined): string | undefined {
  const digits = (text ?? '').replace(/\D/g, '').replace(/^8(?=\d{10}$)/, '7');
  return digits.length >= 4 && digits.length <= 15 ? digits : undefined;
}
