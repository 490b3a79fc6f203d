import { Type } from 'class-transformer';
import { IsArray, IsNotEmpty, IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';
import {
  chooseRefunded,
  type ExistingPayment,
  type PaymentState,
  readRefundStatus,
  type RefundRequest,
  type RefundState,
} from '#payment/port';
import { isUuid, textFor } from '#platform';
import { shortenText } from '#provider-kit';
import { toMetadata, WireMetadata } from './metadata.js';
import { readPayment, toPaymentState, WireCancellation } from './payment-state.js';
import { buildReceipt, listVatNotes } from './receipt.js';
import { toTitle } from './title.js';
import { readVatYear } from './vat.js';
import type { ShopAccount, YookassaClient } from './yookassa.client.js';
import { explainRefusal, isRefusal } from './yookassa.errors.js';
import { readAmount, toWireAmount, WireAmount } from './yookassa.money.js';
import type { YookassaContext } from './yookassa.settings.js';
import { REFUND_STATUSES } from './yookassa.statuses.js';
import { REFUND_FAILURES, TEXTS } from './yookassa.texts.js';

/** A refund, as far as it is read. */
export class WireRefund {
  @IsString() @IsNotEmpty() @MaxLength(64) id!: string;
  @IsString() status!: string;
  @ValidateNested() @Type(() => WireAmount) amount!: WireAmount;
  @IsOptional() @IsString() description?: string;
  @IsOptional() @IsString() created_at?: string;
  /** How the receipt that was sent with it is. */
  @IsOptional() @IsString() receipt_registration?: string;
  @IsOptional() @ValidateNested() @Type(() => WireMetadata) metadata?: WireMetadata;
  @IsOptional() @ValidateNested() @Type(() => WireCancellation) cancellation_details?: WireCancellation;
}

class WireRefunds {
  @IsArray() @ValidateNested({ each: true }) @Type(() => WireRefund) items!: WireRefund[];
  @IsOptional() @IsString() next_cursor?: string;
}

const PAGE = 100;
/** No payment is given back in so many parts. */
const MOST_PAGES = 20;
const LONGEST_DESCRIPTION = 250;
const UUID_LENGTH = 36;

/**
 * Gives back a part or all of what was taken; the state has all refunds of the payment, this one among them.
 * A part has its own receipt, with the goods that make it. All of it has the payment's.
 */
export async function refund(
  client: YookassaClient,
  payment: ExistingPayment,
  request: RefundRequest,
  context: YookassaContext,
): Promise<PaymentState> {
  const account = client.openShop(payment.request.shop, context);
  const { language } = account;
  const found = await readPayment(account, payment);
  const state: PaymentState = found ? toPaymentState(found, payment, account) : { status: 'pending' };
  if (state.status !== 'succeeded' || !found || !state.captured)
    throw state.status === 'succeeded' ? explainRefusal({ status: 'pending' }, language) : explainRefusal(state, language);
  const { currency } = payment.request.amount;
  const isPart = request.amount.minor < state.captured.minor;
  const { amount, goods = chooseRefunded({ ...payment, captured: state.captured }, amount) } = request;
  const year = readVatYear(payment, account.shop);
  const receipt = isPart && buildReceipt(account, payment.request, year, { amount, goods });
  const json = {
    payment_id: found.id,
    amount: toWireAmount(request.amount),
    // Whether every shop is given its metadata back is not documented: the id stands in both.
    description: shortenText(`${request.key} ${toTitle(payment.request, language)}`, LONGEST_DESCRIPTION),
    metadata: { ...toMetadata(payment.request), refundId: request.key },
    ...(receipt && { receipt }),
  };
  try {
    const made = await account.write(WireRefund, { path: '/refunds', json, key: request.key, refusedAs: 'rejected' });
    // The refund is made: a failure to read the others must not make it unknown.
    const all = await listRefunds(account, found.id, currency).catch((): RefundState[] => []);
    const isListed = all.some(({ externalId }) => externalId === made.id);
    const own = { ...toRefundState(made, currency, account), reference: request.key };
    return {
      ...state,
      ...(receipt && listVatNotes(account, payment.request, year, { amount, goods })),
      refunds: isListed ? all.map((one) => (one.externalId === made.id ? { ...one, reference: request.key } : one)) : [...all, own],
    };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const refunds = await listRefunds(account, found.id, currency);
    if (refunds.some(({ reference }) => reference === request.key)) return { ...state, refunds };
    throw error;
  }
}

/** All refunds of a payment, also those that the shop made at YooKassa; `currency` is the invoice's. */
async function listRefunds(account: ShopAccount, paymentId: string, currency: string): Promise<RefundState[]> {
  return (await readRefunds(account, paymentId)).map((one) => toRefundState(one, currency, account));
}

/** All refunds of a payment, as YooKassa answers them. */
export async function readRefunds(account: ShopAccount, paymentId: string): Promise<WireRefund[]> {
  const refunds: WireRefund[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { items, next_cursor } = await account.read(WireRefunds, '/refunds', { payment_id: paymentId, limit: PAGE, cursor });
    refunds.push(...items);
    if (next_cursor === undefined || next_cursor === cursor) break;
    cursor = next_cursor;
  }
  return refunds;
}

/** A refund's state; `currency` is the invoice's. */
export function toRefundState(made: WireRefund, currency: string, { language }: ShopAccount): RefundState {
  const status = readRefundStatus(REFUND_STATUSES, made.status);
  const reason = made.cancellation_details?.reason ?? '';
  const comment = Object.hasOwn(REFUND_FAILURES, reason) ? REFUND_FAILURES[reason] : undefined;
  const reference = readReference(made);
  return {
    externalId: made.id,
    ...(reference !== undefined && { reference }),
    amount: readAmount(made.amount, currency),
    status,
    ...(status === 'canceled' && { comment: textFor(comment ?? TEXTS.refundFailed, language) }),
  };
}

function readReference({ metadata, description }: WireRefund): string | undefined {
  return [metadata?.refundId, description?.slice(0, UUID_LENGTH)].find((one) => one !== undefined && isUuid(one));
}
