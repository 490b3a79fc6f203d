import { type ExistingPayment, type PaymentState, type ProviderMemory, readStatus } from '#payment/port';
import { findText, textFor } from '#platform';
import { toMoney } from '#provider-kit';
import { refuseOtherShop, type ShopContext, type WirePayment, type Yookassa } from './yookassa.api.js';
import { readAmount } from './yookassa.money.js';
import { ENDING_REASONS, STATUSES } from './yookassa.statuses.js';
import { CANCELLATIONS, texts } from './yookassa.texts.js';

/** Longest that YooKassa lets a buyer take for a payment he has begun: 72 hours, of a loan. */
const LONGEST_PENDING_MS = 72 * 3_600_000;

/**
 * Reads the payment that was made last for an invoice; undefined when none was.
 * @throws ProviderError `auth` when this shop does not know it
 */
export async function readPayment(api: Yookassa, { externalId }: ExistingPayment, context: ShopContext): Promise<WirePayment | undefined> {
  if (externalId === undefined) return undefined;
  return api.unless('missing', api.payment(context, { id: externalId }), ({ cause }) => {
    throw refuseOtherShop(cause);
  });
}

/** A first answer that is repeated may be old: what is not final is read again. */
export async function settlePayment(api: Yookassa, told: WirePayment, context: ShopContext): Promise<WirePayment> {
  if (told.status === 'succeeded' || told.status === 'canceled') return told;
  return api.payment(context, { id: told.id }).catch(() => told);
}

/** A payment's present state; see `describePayment`. */
export function toPaymentState(found: WirePayment, { status, memory, request }: ExistingPayment, context: ShopContext): PaymentState {
  return describePayment(found, { status, memory, currency: request.amount.currency }, context);
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
      // Whether YooKassa's amount is what was taken of a hold is not documented.
      const captured = Math.min(Number(invoice.memory.captured ?? amount.minor), amount.minor);
      return { externalId, status, captured: toMoney(captured, invoice.currency), ...(paidAt && { paidAt }) };
    }
    case 'canceled': {
      const reason = found.cancellation_details?.reason ?? '';
      if (invoice.status === 'pending' && !ENDING_REASONS.has(reason)) return { externalId, status: 'pending' };
      return { externalId, status, cancellation: textFor(findText(CANCELLATIONS, reason) ?? texts.declined, account.language) };
    }
  }
}

/** A time as YooKassa writes it; undefined where it is none. */
export function readDate(text: string | undefined): Date | undefined {
  const date = new Date(text ?? NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
