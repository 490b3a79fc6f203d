import { IsPositive } from 'class-validator';
import { PaymentShop } from '#payment/port';
import { FIELDS } from '#platform';
import type { ProviderContext } from '#provider-kit';
import { VAT_NAMES, VAT_TITLES, type VatName } from './vat.js';
import { CURRENCIES, type YookassaCurrency } from './yookassa.money.js';
import { texts } from './yookassa.texts.js';

const { field, connect } = FIELDS;

/** Who registers receipts, as set up at YooKassa: no one, YooKassa's registers, the shop's, "Moy nalog". */
export const RECEIPTS = ['none', 'yookassa', 'register', 'selfEmployed'] as const;
export type ReceiptsBy = (typeof RECEIPTS)[number];

/** How marking codes go into a receipt: not at all, or as one of YooKassa's forms. */
const MARKINGS = ['none', 'gs_1m', 'mark_code_raw'] as const;
export type MarkingForm = (typeof MARKINGS)[number];

/** Names of lookups for `lookUp`. */
export const LOOKUP = { methods: 'methods' } as const;

/** Ways to pay that YooKassa accepts only with data that orders lack: a purpose, a phone, a certificate. */
export const UNUSABLE_METHODS: ReadonlySet<string> = new Set(['b2b_sberbank', 'mobile_balance', 'electronic_certificate']);

/** Networks that YooKassa publishes for its notifications. */
export const PUBLISHED_SENDERS: readonly string[] = [
  '185.71.76.0/27',
  '185.71.77.0/27',
  '77.75.153.0/25',
  '77.75.154.128/25',
  '77.75.156.11',
  '77.75.156.35',
  '2a02:5180::/32',
];

/** An IPv4 or IPv6 address, or a network. */
const NETWORK = /^(?:\d{1,3}(?:\.\d{1,3}){3}(?:\/(?:3[0-2]|[12]?\d))?|[\da-fA-F:]*:[\da-fA-F:]*(?:\/(?:12[0-8]|1[01]\d|[1-9]?\d))?)$/;

/** A shop at YooKassa. */
export class YookassaShop extends PaymentShop {
  @field.text(texts.shop.shopId, { optional: true, pattern: /^\d{1,20}$/, problem: texts.problems.shopId }) shopId?: string;

  /** Missing: the account's consent is used. */
  @field.text(texts.shop.secretKey, { secret: true, optional: true, pattern: /^[A-Za-z0-9_-]{1,250}$/, problem: texts.problems.secretKey })
  secretKey?: string;

  @field.choice(CURRENCIES, texts.shop.currency) currency: YookassaCurrency = 'RUB';

  @field.text(
    { ...texts.shop.method, lookup: LOOKUP.methods },
    { optional: true, pattern: /^[a-z][a-z0-9_]{1,49}$/, problem: texts.problems.method },
  )
  method?: string;

  @IsPositive() @field.number(texts.shop.highestAmount, { optional: true, max: 1_000_000_000 }) highestAmount?: number;

  @field.choice(RECEIPTS, texts.shop.receipts) receipts: ReceiptsBy = 'none';
  @field.flag(texts.shop.receiptsAfter) receiptsAfter: boolean = false;
  /** The CRM does not report to payment modules when goods are handed over. */
  @field.integer(texts.shop.secondReceiptDays, { optional: true, min: 0, max: 45 }) secondReceiptDays?: number;
  @field.email(texts.shop.receiptEmail, { optional: true, maxLength: 254 }) receiptEmail?: string;
  @field.choice([1, 2, 3, 4, 5, 6], texts.shop.taxSystem, { optional: true }) taxSystem?: number;
  @field.choice(VAT_NAMES, { ...texts.shop.vat, choices: VAT_TITLES }) vat: VatName = 'none';
  @field.flag(texts.shop.raisesVat) raisesVat: boolean = true;

  @field.choice(['full_prepayment', 'full_payment'], texts.shop.paymentMode)
  paymentMode: 'full_prepayment' | 'full_payment' = 'full_prepayment';

  @field.choice(MARKINGS, texts.shop.marking) marking: MarkingForm = 'none';
  @field.integer(texts.shop.timezone, { optional: true, min: 1, max: 11 }) timezone?: number;
  @field.integer(texts.shop.plannedStatus, { optional: true, min: 1, max: 6 }) plannedStatus?: number;
}

/** Settings of a connection to YooKassa: its shops, and settings for all of them. */
export class YookassaSettings {
  @connect.list(() => YookassaShop, texts.settings.shops, { maxItems: 50 }) shops!: YookassaShop[];
  /** It cannot be looked up: the account sets it. */
  @connect.flag(texts.settings.hasNotifications) hasNotifications: boolean = false;

  @connect.texts(texts.settings.senders, {
    maxItems: 50,
    unique: true,
    items: { pattern: NETWORK, problem: texts.problems.senders },
  })
  senders: string[] = [...PUBLISHED_SENDERS];

  @connect.integer(texts.settings.callsPerSecond, { min: 1, max: 1_000 }) callsPerSecond: number = 5;
}

/** Whether receipts with marking codes contain the register's time zone and the planned status. */
export function needsRegisterFacts({ marking }: YookassaShop): boolean {
  return marking === 'gs_1m';
}

/** Whether no money moves with a key. */
export function isTestKey(key: string | undefined): boolean {
  return key?.startsWith('test_') ?? false;
}

/** The context of each call of YooKassa's functions. */
export type YookassaContext = ProviderContext<YookassaSettings>;
