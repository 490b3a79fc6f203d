import { type CreateRequest, type ExistingPayment, openShop, type ProviderMemory, toMetadata, toTitle } from '#payment/port';
import { type LocalText, sha256Hex, textFor, toLanguage } from '#platform';
import { makeError, ProviderError, toWireAmount as toNumber } from '#provider-kit';
import { readPayment, toPaymentState } from './payment-state.js';
import { buildReceipt, listVatNotes, type WireReceipt } from './receipt.js';
import { chooseVatYear, readVatYear, type VatYear } from './vat.js';
import { LONGEST, type ShopContext, type WirePayment, type Yookassa, type YookassaMethod } from './yookassa.api.js';
import { toWireAmount, type WireAmount } from './yookassa.money.js';
import type { YookassaContext } from './yookassa.settings.js';
import { texts } from './yookassa.texts.js';

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
 * Makes an invoice's first payment, so that YooKassa's rejection (of key, amount, receipt) reaches the
 * invoice's author. Throws ProviderError `invalid` if the shop cannot accept it.
 */
export const createPayment: YookassaMethod<'create'> = async (api, request, context) => {
  const shop = openShop(request.shop, context);
  checkAmount(request, shop);
  const year = chooseVatYear(context.now, shop.shop.raisesVat);
  const made = await makePayment(api, request, 1, year, shop);
  const memory = toMemory(1, year);
  const notes = shop.shop.receiptsAfter ? {} : listVatNotes(shop, request, year);
  return { ...toPaymentState(made, toNewPayment(request, memory, context), shop), memory, ...notes };
};

/**
 * Returns the address to pay at: of the open payment, or of another one once that ended unpaid. None when
 * there is nothing to pay now. Two payments are never payable: another one follows only an ended one.
 */
export const openCheckout: YookassaMethod<'openCheckout'> = async (api, payment, _request, context) => {
  const shop = openShop(payment.request.shop, context);
  const found = await readPayment(api, payment, shop);
  let attempt = found ? Number(payment.memory.attempt ?? 1) : 0;
  let { memory } = payment;
  let last = found;
  for (let tries = 0; tries <= MOST_TRIES; tries++) {
    if (last) {
      const state = { ...toPaymentState(last, payment, shop), memory };
      const url = last.status === 'pending' ? last.confirmation?.confirmation_url : undefined;
      if (last.status !== 'canceled' || state.status !== 'pending') return { ...(url !== undefined && { url }), state };
    }
    const year = readVatYear(payment, shop.shop);
    attempt++;
    memory = toMemory(attempt, year);
    last = await api.payment(shop, { id: (await openAttempt(api, payment.request, attempt, year, shop)).id });
  }
  throw makeError('unavailable', texts.endsAtOnce);
};

/** The address of a payment whose reply was lost is unknown, so no one can pay it: the call is repeated. */
async function openAttempt(
  api: Yookassa,
  request: CreateRequest,
  attempt: number,
  year: VatYear,
  context: ShopContext,
): Promise<WirePayment> {
  try {
    return await makePayment(api, request, attempt, year, context);
  } catch (error) {
    if (!(error instanceof ProviderError) || error.kind !== 'unknown_outcome') throw error;
    throw new ProviderError('unavailable', error.message, { cause: error.cause });
  }
}

/** YooKassa refuses a key with another body (a new PUBLIC_URL, other settings), so the key covers it. */
function makePayment(api: Yookassa, request: CreateRequest, attempt: number, year: VatYear, context: ShopContext): Promise<WirePayment> {
  const json = toNewPaymentBody(context, request, attempt, year);
  const digest = sha256Hex(JSON.stringify(json)).slice(0, DIGEST_LENGTH);
  return api.createPayment(context, { json, key: `${request.reference}-${attempt}-${digest}` });
}

/** Depends on nothing but its arguments and the settings, as repeats of one call must be alike. */
export function toNewPaymentBody(context: ShopContext, request: CreateRequest, attempt: number, year: VatYear): WireNewPayment {
  const { shop } = context;
  const language = toLanguage(context.account.language);
  const receipt = buildReceipt(context, request, year);
  return {
    amount: toWireAmount(request.amount),
    capture: request.capture === 'automatic',
    // One address for a buyer who has paid and for one who goes back: our page distinguishes them.
    confirmation: { type: 'redirect', return_url: request.doneUrl, locale: language === 'ru' ? 'ru_RU' : 'en_US' },
    description: toTitle(request, language, LONGEST.title),
    metadata: { ...toMetadata(request, LONGEST.metadata), attempt: String(attempt) },
    ...(shop.method !== undefined && { payment_method_data: { type: shop.method } }),
    ...(receipt && { receipt }),
  };
}

function checkAmount({ amount }: CreateRequest, { shop, account }: ShopContext): void {
  const refuse = (field: string, words: string): never => {
    throw new ProviderError('invalid', words, { fields: { [field]: words } });
  };
  const say = (words: LocalText): string => textFor(words, account.language);
  if (amount.currency !== shop.currency) refuse('currency', `${say(texts.otherCurrency)} ${shop.currency}`);
  if (amount.currency === 'RUB' && amount.minor < LEAST_ROUBLES) refuse('amount', say(texts.amountTooSmall));
  if (shop.highestAmount !== undefined && toNumber(amount) > shop.highestAmount)
    refuse('amount', `${say(texts.amountTooLarge)} ${shop.highestAmount} ${shop.currency}`);
}

function toMemory(attempt: number, year: VatYear): ProviderMemory {
  return { attempt: String(attempt), vatYear: year };
}

function toNewPayment(request: CreateRequest, memory: ProviderMemory, { now }: YookassaContext): ExistingPayment {
  return { id: request.reference, status: 'pending', refunds: [], memory, createdAt: now, request };
}
