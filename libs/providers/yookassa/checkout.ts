import type { Checkout, CreateRequest, ExistingPayment, PaymentState, ProviderMemory } from '#payment/port';
import { sha256Hex, textFor } from '#platform';
import { ProviderError, toWireAmount as toNumber } from '#provider-kit';
import { toMetadata } from './metadata.js';
import { readById, readPayment, toPaymentState, WirePayment } from './payment-state.js';
import { buildReceipt, listVatNotes, type WireReceipt } from './receipt.js';
import { toTitle } from './title.js';
import { chooseVatYear, readVatYear, type VatYear } from './vat.js';
import type { ShopAccount, YookassaClient } from './yookassa.client.js';
import { isLost } from './yookassa.errors.js';
import { toWireAmount, type WireAmount } from './yookassa.money.js';
import type { YookassaContext } from './yookassa.settings.js';
import { TEXTS } from './yookassa.texts.js';

/** `POST /payments` */
export interface WireNewPayment {
  amount: WireAmount;
  /** YooKassa's default is false. */
  capture: boolean;
  confirmation: { type: 'redirect'; return_url: string; locale: 'ru_RU' | 'en_US' };
  description: string;
  metadata: Record<string, string>;
  payment_method_data?: { type: string };
  receipt?: WireReceipt;
}

/** Least that any way to pay takes. */
const LEAST_ROUBLES = 100;
/** YooKassa repeats a first answer for a day, also about a payment that has ended since: the next is made. */
const MOST_TRIES = 5;
const DIGEST_LENGTH = 16;

/**
 * Makes an invoice's first payment, so that YooKassa's refusal (of key, amount, receipt) reaches the maker of
 * the invoice. Throws ProviderError `invalid` for what the shop cannot take.
 */
export async function createPayment(client: YookassaClient, request: CreateRequest, context: YookassaContext): Promise<PaymentState> {
  const account = client.openShop(request.shop, context);
  checkAmount(request, account);
  const year = chooseVatYear(context.now, account.shop.raisesVat);
  const made = await makePayment(account, request, 1, year);
  const memory = toMemory(1, year);
  const notes = account.shop.receiptsAfter ? {} : listVatNotes(account, request, year);
  return { ...toPaymentState(made, toNewPayment(request, memory, context), account), memory, ...notes };
}

/**
 * The address to pay at: of the payment that is open, or of another one once that ended unpaid; none when
 * there is nothing to pay now. Two are never payable: only one that ended is followed by another.
 */
export async function openCheckout(client: YookassaClient, payment: ExistingPayment, context: YookassaContext): Promise<Checkout> {
  const account = client.openShop(payment.request.shop, context);
  const found = await readPayment(account, payment);
  let attempt = found ? Number(payment.memory.attempt ?? 1) : 0;
  let { memory } = payment;
  let last = found;
  for (let tries = 0; tries <= MOST_TRIES; tries++) {
    if (last) {
      const state = { ...toPaymentState(last, payment, account), memory };
      const url = last.status === 'pending' ? last.confirmation?.confirmation_url : undefined;
      if (last.status !== 'canceled' || state.status !== 'pending') return { ...(url !== undefined && { url }), state };
    }
    const year = readVatYear(payment, account.shop);
    attempt++;
    memory = toMemory(attempt, year);
    last = await readById(account, (await openAttempt(account, payment.request, attempt, year)).id);
  }
  throw new ProviderError('unavailable', textFor(TEXTS.endsAtOnce, account.language));
}

/** Nobody knows the address of a payment whose reply was lost, so nobody can pay it: ask again. */
async function openAttempt(account: ShopAccount, request: CreateRequest, attempt: number, year: VatYear): Promise<WirePayment> {
  try {
    return await makePayment(account, request, attempt, year);
  } catch (error) {
    throw isLost(error) ? new ProviderError('unavailable', error.message, { cause: error.cause }) : error;
  }
}

/** YooKassa refuses a key with another body (a new PUBLIC_URL, other settings), so the key covers it. */
function makePayment(account: ShopAccount, request: CreateRequest, attempt: number, year: VatYear): Promise<WirePayment> {
  const json = toNewPaymentBody(account, request, attempt, year);
  const digest = sha256Hex(JSON.stringify(json)).slice(0, DIGEST_LENGTH);
  return account.write(WirePayment, { path: '/payments', json, key: `${request.reference}-${attempt}-${digest}`, refusedAs: 'invalid' });
}

/** Depends on nothing but its arguments and the settings, as repeats of one call must be alike. */
export function toNewPaymentBody(account: ShopAccount, request: CreateRequest, attempt: number, year: VatYear): WireNewPayment {
  const { shop, language } = account;
  const receipt = buildReceipt(account, request, year);
  return {
    amount: toWireAmount(request.amount),
    capture: request.capture === 'automatic',
    // The one address for a buyer who has paid and for one who goes back: our page knows which he is.
    confirmation: { type: 'redirect', return_url: request.doneUrl, locale: language === 'ru' ? 'ru_RU' : 'en_US' },
    description: toTitle(request, language),
    metadata: { ...toMetadata(request), attempt: String(attempt) },
    ...(shop.method !== undefined && { payment_method_data: { type: shop.method } }),
    ...(receipt && { receipt }),
  };
}

function checkAmount({ amount }: CreateRequest, { shop, language }: ShopAccount): void {
  const refuse = (field: string, words: string): never => {
    throw new ProviderError('invalid', words, { fields: { [field]: words } });
  };
  if (amount.currency !== shop.currency) refuse('currency', `${textFor(TEXTS.otherCurrency, language)} ${shop.currency}`);
  if (amount.currency === 'RUB' && amount.minor < LEAST_ROUBLES) refuse('amount', textFor(TEXTS.amountTooSmall, language));
  if (shop.highestAmount !== undefined && toNumber(amount) > shop.highestAmount)
    refuse('amount', `${textFor(TEXTS.amountTooLarge, language)} ${shop.highestAmount} ${shop.currency}`);
}

function toMemory(attempt: number, year: VatYear): ProviderMemory {
  return { attempt: String(attempt), vatYear: year };
}

function toNewPayment(request: CreateRequest, memory: ProviderMemory, { now }: YookassaContext): ExistingPayment {
  return { id: request.reference, status: 'pending', refunds: [], memory, createdAt: now, request };
}
