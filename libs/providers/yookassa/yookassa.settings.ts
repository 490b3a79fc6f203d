import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsOptional,
  IsPositive,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { PaymentShop } from '#payment/port';
import { defineProblem, Field, Secret, SECTIONS } from '#platform';
import type { ProviderContext } from '#provider-kit';
import { VAT_NAMES, VAT_TITLES, type VatName } from './vat.js';
import { CURRENCIES, type YookassaCurrency } from './yookassa.money.js';
import { texts } from './yookassa.texts.js';

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
  @Field(texts.shop.shopId)
  @Matches(/^\d{1,20}$/, { message: defineProblem(texts.problems.shopId) })
  shopId!: string;

  @Field(texts.shop.secretKey)
  @Secret()
  @Matches(/^[A-Za-z0-9_-]{1,250}$/, { message: defineProblem(texts.problems.secretKey) })
  secretKey!: string;

  @Field(texts.shop.currency)
  @IsIn(CURRENCIES)
  currency: YookassaCurrency = 'RUB';

  @Field({ ...texts.shop.method, lookup: LOOKUP.methods })
  @IsOptional()
  @Matches(/^[a-z][a-z0-9_]{1,49}$/, { message: defineProblem(texts.problems.method) })
  method?: string;

  @Field(texts.shop.highestAmount)
  @IsOptional()
  @IsPositive()
  @Max(1_000_000_000)
  highestAmount?: number;

  @Field(texts.shop.receipts)
  @IsIn(RECEIPTS)
  receipts: ReceiptsBy = 'none';

  @Field(texts.shop.receiptsAfter)
  @IsBoolean()
  receiptsAfter: boolean = false;

  /** The CRM does not report to payment modules when goods are handed over. */
  @Field(texts.shop.secondReceiptDays)
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(45)
  secondReceiptDays?: number;

  @Field(texts.shop.receiptEmail)
  @IsOptional()
  @IsEmail()
  @MaxLength(254)
  receiptEmail?: string;

  @Field(texts.shop.taxSystem)
  @IsOptional()
  @IsIn([1, 2, 3, 4, 5, 6])
  taxSystem?: number;

  @Field({ ...texts.shop.vat, choices: VAT_TITLES })
  @IsIn(VAT_NAMES)
  vat: VatName = 'none';

  @Field(texts.shop.raisesVat)
  @IsBoolean()
  raisesVat: boolean = true;

  @Field(texts.shop.paymentMode)
  @IsIn(['full_prepayment', 'full_payment'])
  paymentMode: 'full_prepayment' | 'full_payment' = 'full_prepayment';

  @Field(texts.shop.marking)
  @IsIn(MARKINGS)
  marking: MarkingForm = 'none';

  @Field(texts.shop.timezone)
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(11)
  timezone?: number;

  @Field(texts.shop.plannedStatus)
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(6)
  plannedStatus?: number;
}

/** Settings of a connection to YooKassa: its shops, and settings for all of them. */
export class YookassaSettings {
  @Field({ ...texts.settings.shops, section: SECTIONS.connect })
  @IsArray()
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => YookassaShop)
  shops!: YookassaShop[];

  /** It cannot be looked up: the account sets it. */
  @Field({ ...texts.settings.hasNotifications, section: SECTIONS.connect })
  @IsBoolean()
  hasNotifications: boolean = false;

  @Field({ ...texts.settings.senders, section: SECTIONS.connect })
  @IsArray()
  @ArrayMaxSize(50)
  @ArrayUnique()
  @IsString({ each: true })
  @Matches(NETWORK, { each: true, message: defineProblem(texts.problems.senders) })
  senders: string[] = [...PUBLISHED_SENDERS];

  @Field({ ...texts.settings.callsPerSecond, section: SECTIONS.connect })
  @IsInt()
  @Min(1)
  @Max(1_000)
  callsPerSecond: number = 5;
}

/** Whether receipts with marking codes contain the register's time zone and the planned status. */
export function needsRegisterFacts({ marking }: YookassaShop): boolean {
  return marking === 'gs_1m';
}

/** Whether no money moves with a key. */
export function isTestKey(key: string): boolean {
  return key.startsWith('test_');
}

/** The context of each call of YooKassa's functions. */
export type YookassaContext = ProviderContext<YookassaSettings>;
