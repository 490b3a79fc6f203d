import { Type } from 'class-transformer';
import { IsNotEmpty, IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';
import { type ExistingPayment, type PaymentState, type ProviderMemory, readStatus } from '#payment/port';
import { textFor } from '#platform';
import { ProviderError, toMoney } from '#provider-kit';
import { WireMetadata } from './metadata.js';
import type { ShopAccount } from './yookassa.client.js';
import { isRefusal } from './yookassa.errors.js';
import { readAmount, WireAmount } from './yookassa.money.js';
import { ENDING_REASONS, STATUSES } from './yookassa.statuses.js';
import { CANCELLATIONS, TEXTS } from './yookassa.texts.js';

/** Why an object was canceled. */
export class WireCancellation {
  @IsOptional() @IsString() party?: string;
  @IsOptional() @IsString() reason?: string;
}

class WireConfirmation {
  @IsOptional() @IsString() confirmation_url?: string;
}

class WireMethod {
  @IsOptional() @IsString() type?: string;
}

/** A payment, as far as it is read. */
export class WirePayment {
  @IsString() @IsNotEmpty() @MaxLength(64) id!: string;
  @IsString() status!: string;
  @ValidateNested() @Type(() => WireAmount) amount!: WireAmount;
  @IsOptional() @IsString() created_at?: string;
  @IsOptional() @IsString() captured_at?: string;
  /** Until when a hold can be taken or released. */
  @IsOptional() @IsString() expires_at?: string;
  @IsOptional() @ValidateNested() @Type(() => WireConfirmation) confirmation?: WireConfirmation;
  @IsOptional() @ValidateNested() @Type(() => WireMethod) payment_method?: WireMethod;
  @IsOptional() @ValidateNested() @Type(() => WireCancellation) cancellation_details?: WireCancellation;
  @IsOptional() @ValidateNested() @Type(() => WireMetadata) metadata?: WireMetadata;
  /** How the receipt that was sent with it is. */
  @IsOptional() @IsString() receipt_registration?: string;
}

/** Longest that YooKassa lets a buyer take for a payment he has begun: 72 hours, of a loan. */
const LONGEST_PENDING_MS = 72 * 3_600_000;
const NOT_FOUND = 404;

/**
 * Reads the payment that was made last for an invoice; undefined when none was.
 * @throws ProviderError `auth` when this shop does not know it
 */
export async function readPayment(account: ShopAccount, { externalId }: ExistingPayment): Promise<WirePayment | undefined> {
  if (externalId === undefined) return undefined;
  try {
    return await readById(account, externalId);
  } catch (error) {
    if (!isRefusal(error) || error.status !== NOT_FOUND) throw error;
    throw new ProviderError('auth', textFor(TEXTS.notOfThisShop, account.language), { cause: error.cause });
  }
}

/** Reads a payment by YooKassa's id. */
export function readById(account: ShopAccount, id: string): Promise<WirePayment> {
  return account.read(WirePayment, `/payments/${encodeURIComponent(id)}`);
}

/** A first answer that is repeated may be old: what is not final is read again. */
export async function settlePayment(account: ShopAccount, told: WirePayment): Promise<WirePayment> {
  if (told.status === 'succeeded' || told.status === 'canceled') return told;
  return readById(account, told.id).catch(() => told);
}

/** A payment's present state; see `describePayment`. */
export function toPaymentState(found: WirePayment, { status, memory, request }: ExistingPayment, account: ShopAccount): PaymentState {
  return describePayment(found, { status, memory, currency: request.amount.currency }, account);
}

/** What is known of the invoice itself. */
interface KnownInvoice {
  status: PaymentState['status'];
  currency: string;
  memory: ProviderMemory;
}

/**
 * Maps YooKassa's payment. One that ended unpaid leaves the invoice pending, for another can be made. Of a
 * cancelled invoice one that is still pending may yet be paid: the buyer has its page open.
 */
export function describePayment(found: WirePayment, invoice: KnownInvoice, { language, context }: ShopAccount): PaymentState {
  const status = readStatus(STATUSES, found.status);
  const externalId = found.id;
  const amount = readAmount(found.amount, invoice.currency);
  switch (status) {
    case 'pending':
      return invoice.status === 'canceled'
        ? { externalId, status: 'canceled', expiresAt: new Date(context.now.getTime() + LONGEST_PENDING_MS) }
        : { externalId, status };
    case 'waitingForCapture': {
      const expiresAt = readDate(found.expires_at);
      return { externalId, status, held: amount, ...(expiresAt && { expiresAt }) };
    }
    case 'succeeded': {
      const paidAt = readDate(found.captured_at);
      // Whether YooKassa's amount is what was taken of a hold is not documented.
      const captured = Math.min(Number(invoice.memory.captured ?? amount.minor), amount.minor);
      return { externalId, status, captured: toMoney(captured, invoice.currency), ...(paidAt && { paidAt }) };
    }
    case 'canceled': {
      const reason = found.cancellation_details?.reason ?? '';
      if (invoice.status === 'pending' && !ENDING_REASONS.has(reason)) return { externalId, status: 'pending' };
      const text = Object.hasOwn(CANCELLATIONS, reason) ? CANCELLATIONS[reason] : undefined;
      return { externalId, status, cancellation: textFor(text ?? TEXTS.declined, language) };
    }
  }
}

/** A time as YooKassa writes it; undefined where it is none. */
export function readDate(text: string | undefined): Date | undefined {
  const date = new Date(text ?? NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
