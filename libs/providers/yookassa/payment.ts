import { Type } from 'class-transformer';
import { IsArray, IsOptional, IsString, ValidateNested } from 'class-validator';
import type { ExistingPayment, PaymentState, ProviderMemory } from '#payment/port';
import { ProviderError } from '#provider-kit';
import { recallCapture } from './capture.js';
import { listDueReceipts } from './due-receipts.js';
import { describePayment, readPayment, toPaymentState, WirePayment } from './payment-state.js';
import { readRefunds, toRefundState } from './refund.js';
import { listReceipts } from './registration.js';
import type { ShopAccount, YookassaClient } from './yookassa.client.js';
import { isRefusal } from './yookassa.errors.js';
import type { YookassaContext } from './yookassa.settings.js';

class WirePayments {
  @IsArray() @ValidateNested({ each: true }) @Type(() => WirePayment) items!: WirePayment[];
  @IsOptional() @IsString() next_cursor?: string;
}

/** Most by which a payment may seem older than its reference, because clocks differ. */
const CLOCKS_MS = 10 * 60_000;
const DAY_MS = 24 * 3_600_000;
/** Most pages looked through for a payment by our reference, and payments on a page. */
const FIND_PAGES = 10;
const PAGE = 100;

/** Reads a payment's present state, with all refunds and how the receipts are once it was taken. */
export async function getPayment(client: YookassaClient, payment: ExistingPayment, context: YookassaContext): Promise<PaymentState> {
  const account = client.openShop(payment.request.shop, context);
  const found = await readPayment(account, payment);
  if (!found) return { status: 'pending' };
  const memory = await completeMemory(found, payment, context);
  const state = { ...toPaymentState(found, { ...payment, memory }, account), memory };
  if (state.status !== 'succeeded') return state;
  const { currency } = payment.request.amount;
  const refunds = await readRefunds(account, found.id);
  const taken: PaymentState = {
    ...state,
    refunds: refunds.map((one) => toRefundState(one, currency, account)),
    ...listReceipts(found, refunds, currency, context.now),
  };
  const isDue = listDueReceipts(taken, payment, account.shop, context.now).length > 0;
  return { ...taken, ...(isDue && { followUp: true as const }) };
}

/** The payment's memory, with what a capture took whose outcome is not stored yet. */
async function completeMemory({ id, status }: WirePayment, payment: ExistingPayment, context: YookassaContext): Promise<ProviderMemory> {
  const { memory, request } = payment;
  if (request.capture !== 'manual' || status !== 'succeeded' || memory.captured !== undefined) return memory;
  const minor = await recallCapture(id, context);
  return minor === null ? memory : { ...memory, captured: String(minor) };
}

/** Finds the payment with our reference, in any shop, among the last thousand since it was made. */
export async function findPayment(client: YookassaClient, reference: string, context: YookassaContext): Promise<PaymentState | undefined> {
  for (const { code } of context.settings.shops) {
    const account = client.openShop(code, context);
    const found = await findInShop(account, reference).catch((error: unknown) => {
      // What another shop's key may not do does not matter: a repeat of `create` settles it too.
      if (isRefusal(error) || (error instanceof ProviderError && error.kind === 'auth')) return undefined;
      throw error;
    });
    if (!found) continue;
    const memory: ProviderMemory = { attempt: found.metadata?.attempt ?? '1' };
    return { ...describePayment(found, { status: 'pending', currency: found.amount.currency, memory }, account), memory };
  }
  return undefined;
}

/** Of several payments of one invoice only the last can have been paid, or be payable. */
async function findInShop(account: ShopAccount, reference: string): Promise<WirePayment | undefined> {
  const since = new Date((readTime(reference) ?? account.context.now.getTime() - DAY_MS) - CLOCKS_MS);
  const attempts: WirePayment[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < FIND_PAGES; page++) {
    const query = { 'created_at.gte': since.toISOString(), limit: PAGE, cursor };
    const { items, next_cursor } = await account.read(WirePayments, '/payments', query);
    attempts.push(...items.filter(({ metadata }) => metadata?.paymentId === reference));
    if (next_cursor === undefined || next_cursor === cursor) break;
    cursor = next_cursor;
  }
  return attempts.sort((left, right) => countAttempt(right) - countAttempt(left))[0];
}

function countAttempt({ metadata }: WirePayment): number {
  return Number(metadata?.attempt ?? 1);
}

/** Milliseconds since 1970, which a version 7 UUID begins with. */
function readTime(reference: string): number | undefined {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-7/.test(reference) ? Number.parseInt(reference.slice(0, 13).replace('-', ''), 16) : undefined;
}
