import { fillIn } from '#platform';
import { countCurrencyDigits, makeError, type Money, ProviderError } from '#provider-kit';
import { toFacts, type StoredPayment } from './payment-rows.js';
import { isPaid, computeRefundable } from './payment-facts.js';
import { texts } from './payment.texts.js';

/** Milliseconds after a reply during which an equal refund counts as a mistake. */
const EQUAL_REFUND_MS = 60_000;

/**
 * Whether exactly this amount was captured already, or its capture was requested. Throws ProviderError
 * `rejected` if it can never be captured.
 */
export function isApproved(stored: StoredPayment, amount: Money): boolean {
  const { status, captured, held, capturing, declined } = toFacts(stored);
  const approved = isPaid(status) ? (captured ?? amount) : capturing;
  if (approved) {
    if (approved.minor === amount.minor) return true;
    throw new ProviderError('rejected', `The payment was approved already, for ${formatAmount(approved)}.`, {
      fields: { amount: 'differs from the approved amount' },
    });
  }
  if (status === 'canceled') throw new ProviderError('rejected', 'The payment was cancelled: there is nothing to approve.');
  if (status === 'pending' && declined !== undefined) throw makeError('rejected', fillIn(texts.declined, { reason: declined }));
  if (status === 'pending') throw new ProviderError('rejected', 'The buyer has not paid yet: there is nothing to approve.');
  if (held && amount.minor > held.minor)
    throw new ProviderError('rejected', `Only ${formatAmount(held)} is held. You cannot approve more.`, {
      fields: { amount: `must be at most ${formatDecimal(held)}` },
    });
  return false;
}

/** Whether the payment is cancelled already. Throws ProviderError `rejected` if it was paid. */
export function isCanceled(stored: StoredPayment): boolean {
  if (isPaid(stored.row.status)) throw new ProviderError('rejected', 'The payment was captured. Refund it instead of cancelling it.');
  return stored.row.status === 'canceled';
}

/**
 * Returns the amount to refund. Throws ProviderError `rejected` if it was not captured or is already
 * refunded.
 */
export function readRefundAmount(stored: StoredPayment, asked: Money | undefined): Money {
  const facts = toFacts(stored);
  if (!isPaid(facts.status))
    throw new ProviderError(
      'rejected',
      facts.status === 'canceled'
        ? 'The payment was cancelled and nothing was captured, so there is nothing to refund.'
        : 'Nothing was captured yet. Cancel the payment instead of refunding it.',
    );
  const left = computeRefundable(facts);
  if (left.minor === 0) throw new ProviderError('rejected', 'The captured amount is already refunded, or its refund is pending.');
  if (asked && asked.minor > left.minor)
    throw new ProviderError('rejected', `Only ${formatAmount(left)} remains to be refunded.`, {
      fields: { amount: `must be at most ${formatDecimal(left)}` },
    });
  return asked ?? left;
}

/**
 * Finds the refund that a request repeats: a refund of the same amount that has not failed and whose reply
 * may not have reached the CRM. A request without an amount repeats the last such refund if nothing remains.
 */
export function findUnansweredRefund(stored: StoredPayment, asked: Money | undefined): string | undefined {
  const open = stored.refunds.filter(({ status, repliedAt }) => status !== 'canceled' && repliedAt === null);
  if (asked) return open.findLast(({ amountMinor }) => Number(amountMinor) === asked.minor)?.id;
  return computeRefundable(toFacts(stored)).minor === 0 ? open.at(-1)?.id : undefined;
}

/** Throws ProviderError `rejected` if an equal refund was answered less than a minute ago. */
export function refuseEqualRefund({ refunds }: StoredPayment, amount: Money, now: Date): void {
  const last = refunds
    .filter(({ requested, status, amountMinor }) => requested && status !== 'canceled' && Number(amountMinor) === amount.minor)
    .reduce((latest, { repliedAt }) => Math.max(latest, repliedAt?.getTime() ?? 0), 0);
  const seconds = Math.max(0, Math.round((now.getTime() - last) / 1000));
  if (now.getTime() - last >= EQUAL_REFUND_MS) return;
  const localText = fillIn(texts.equalRefund, { amount: formatDecimal(amount), seconds });
  throw new ProviderError('rejected', localText.en, { localText });
}

/** Formats an amount for people: `1234.50 RUB`. */
export function formatAmount(amount: Money): string {
  return `${formatDecimal(amount)} ${amount.currency}`;
}

/** Returns the digits of an amount: `1234.50`. */
function formatDecimal(amount: Money): string {
  const digits = countCurrencyDigits(amount.currency);
  return (amount.minor / 10 ** digits).toFixed(digits);
}
