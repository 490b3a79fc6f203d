import { type ExistingPayment, type PaymentState, type ProviderMemory, readStatus } from '#payment/port';
import { findText, textFor } from '#platform';
import { makeError, ProviderError, sayAway, toMoney } from '#provider-kit';
import type { ShopContext, WirePayment, Yookassa } from './yookassa.api.js';
import { readAmount } from './yookassa.money.js';
import { ENDING_REASONS, STATUSES } from './yookassa.statuses.js';
import { CANCELLATIONS, texts } from './yookassa.texts.js';

/** Maximum time of a buyer to finish a payment at YooKassa: 72 hours, for a loan. */
const LONGEST_PENDING_MS = 72 * 3_600_000;

/**
 * Reads the last payment of an invoice. Undefined when there is none.
 * @throws ProviderError `auth` when this shop does not have it
 */
export async function readPayment(api: Yookassa, { externalId }: ExistingPayment, context: ShopContext): Promise<WirePayment | undefined> {
  if (externalId === undefined) return undefined;
  return api.unless('missing', api.payment(context, { id: externalId }), ({ cause }) => {
    throw makeError('auth', texts.notOfThisShop, { cause });
  });
}

/** Reads the state of an invoice. Without a payment it is `unpaid`. See `describePayment`. */
export async function readState(
  api: Yookassa,
  payment: ExistingPayment,
  context: ShopContext,
  unpaid: 'pending' | 'canceled' = 'pending',
): Promise<PaymentState> {
  const found = await readPayment(api, payment, context);
  return found ? toPaymentState(found, { ...payment, ...(unpaid === 'canceled' && { status: unpaid }) }, context) : { status: unpaid };
}

/** The repeated first reply may be old: a state that is not final is read again. */
export async function settlePayment(api: Yookassa, told: WirePayment, context: ShopContext): Promise<WirePayment> {
  if (told.status === 'succeeded' || told.status === 'canceled') return told;
  return api.payment(context, { id: told.id }).catch(() => told);
}

/**
 * A payment's present state. See `describePayment`.
 * @throws ProviderError `unavailable` for a payment of another invoice
 */
export function toPaymentState(found: WirePayment, { id, status, memory, request }: ExistingPayment, context: ShopContext): PaymentState {
  // Whether every shop receives its metadata back is not documented.
  const { paymentId = id } = found.metadata ?? {};
  if (paymentId !== id)
    throw new ProviderError('unavailable', 'YooKassa returned a payment of another invoice', { localText: sayAway('YooKassa') });
  return describePayment(found, { status, memory, currency: request.amount.currency }, context);
}

/** The known facts about the invoice itself. */
interface KnownInvoice {
  status: PaymentState['status'];
  currency: string;
  memory: ProviderMemory;
}

/**
 * Maps YooKassa's payment. A payment that ended unpaid leaves the invoice pending, because another can be
 * made. A pending payment of a cancelled invoice may yet be paid: the buyer has its page open.
 */
export function describePayment(found: WirePayment, invoice: KnownInvoice, { account, now }: ShopContext): PaymentState {
  const status = readStatus(STATUSES, found.status);
  const externalId = found.id;
  const amount = readAmount(found.amount, invoice.currency);
  switch (status) {
    case 'pending':
      return invoice.status === 'canceled'
        ? { externalId, status: 'canceled', expiresAt: new Date(now.getTime() + LONGEST_PENDING_MS) }
        : { externalId, status };
    case 'waitingForCapture': {
      const expiresAt = readDate(found.expires_at);
      return { externalId, status, held: amount, ...(expiresAt && { expiresAt }) };
    }
    case 'succeeded': {
      const paidAt = readDate(found.captured_at);
      // Whether YooKassa's amount is the captured part of a hold is not documented.
      const captured = Math.min(Number(invoice.memory.captured ?? amount.minor), amount.minor);
      const income = found.income_amount && readAmount(found.income_amount, invoice.currency);
      // The fee of a capture whose amount YooKassa does not report would be wrong.
      const fee =
        income && captured === amount.minor && amount.minor >= income.minor && toMoney(amount.minor - income.minor, invoice.currency);
      return { externalId, status, captured: toMoney(captured, invoice.currency), ...(paidAt && { paidAt }), ...(fee && { fee }) };
    }
    case 'canceled': {
      const reason = found.cancellation_details?.reason ?? '';
      if (invoice.status === 'pending' && !ENDING_REASONS.has(reason)) return { externalId, status: 'pending' };
      return { externalId, status, cancellation: textFor(findText(CANCELLATIONS, reason) ?? texts.declined, account.language) };
    }
  }
}

/** Reads a time in YooKassa's format. Undefined if it is not a time. */
export function readDate(text: string | undefined): Date | undefined {
  const date = new Date(text ?? NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/**
 * Explains why a call does not fit the payment's state, or YooKassa's rejection if the state does not explain
 * it.
 */
export function explainRefusal({ status, cancellation }: PaymentState, { account }: ShopContext, refusal?: ProviderError): ProviderError {
  const cause = refusal?.cause;
  switch (status) {
    case 'succeeded':
      return makeError('rejected', texts.alreadyTaken, { cause });
    case 'canceled': {
      const why = cancellation === undefined ? '' : ` (${cancellation})`;
      return new ProviderError('rejected', `${textFor(texts.alreadyCanceled, account.language)}${why}`, { cause });
    }
    case 'pending':
      return makeError('rejected', texts.notPaidYet, { cause });
    case 'waitingForCapture':
      return refusal ?? makeError('rejected', texts.held);
  }
}
