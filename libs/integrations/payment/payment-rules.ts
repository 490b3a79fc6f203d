import { countCurrencyDigits, type Money, ProviderError } from '#provider-kit';
import { toFacts, type StoredPayment } from './payment-rows.js';
import { isPaid, computeRefundable } from './payment-state.js';

/** A repeat within so long is the same refund. */
const SAME_REFUND_MS = 60_000;

/** Whether exactly this amount was captured already. Throws ProviderError `rejected` if it never can be. */
export function isApproved(stored: StoredPayment, amount: Money): boolean {
  const { status, captured, held } = toFacts(stored);
  if (isPaid(status)) {
    if (captured?.minor === amount.minor) return true;
    throw new ProviderError('rejected', `The payment was approved already, for ${formatAmount(captured ?? amount)}.`, {
      fields: { amount: 'differs from what was approved' },
    });
  }
  if (status === 'canceled') throw new ProviderError('rejected', 'The payment was cancelled: there is nothing to approve.');
  if (status === 'pending') throw new ProviderError('rejected', 'The buyer has not paid yet: there is nothing to approve.');
  if (held && amount.minor > held.minor)
    throw new ProviderError('rejected', `Only ${formatAmount(held)} is held, no more can be approved.`, {
      fields: { amount: `must be at most ${formatDecimal(held)}` },
    });
  return false;
}

/** Whether the payment is cancelled already. Throws ProviderError `rejected` when it was paid. */
export function isCanceled(stored: StoredPayment): boolean {
  if (isPaid(stored.row.status)) throw new ProviderError('rejected', 'The payment was made: it can be refunded, not cancelled.');
  return stored.row.status === 'canceled';
}

/**
 * What is to be given back. Throws ProviderError `rejected` when it was not taken or is given back already.
 */
export function readRefundAmount(stored: StoredPayment, asked: Money | undefined): Money {
  const facts = toFacts(stored);
  if (!isPaid(facts.status))
    throw new ProviderError(
      'rejected',
      facts.status === 'canceled'
        ? 'The payment was cancelled: nothing was taken.'
        : 'Nothing was taken yet: the payment can be cancelled.',
    );
  const left = computeRefundable(facts);
  if (left.minor === 0) throw new ProviderError('rejected', 'All that was taken is given back already, or about to be.');
  if (asked && asked.minor > left.minor)
    throw new ProviderError('rejected', `Only ${formatAmount(left)} is left to give back.`, {
      fields: { amount: `must be at most ${formatDecimal(left)}` },
    });
  return asked ?? left;
}

/**
 * The id of the refund that this one repeats: of the same amount, made here less than a minute ago. One for
 * all that is left repeats the last one when that left nothing.
 */
export function findSameRefund(stored: StoredPayment, asked: Money | undefined, now: Date): string | undefined {
  const facts = toFacts(stored);
  const recent = facts.refunds.filter(
    (refund) => refund.asked && refund.status !== 'canceled' && now.getTime() - refund.createdAt.getTime() < SAME_REFUND_MS,
  );
  if (asked) return recent.findLast((refund) => refund.amount.minor === asked.minor)?.id;
  return computeRefundable(facts).minor === 0 ? recent.at(-1)?.id : undefined;
}

/** An amount for people: `1234.50 RUB`. */
export function formatAmount(amount: Money): string {
  return `${formatDecimal(amount)} ${amount.currency}`;
}

/** The digits of an amount: `1234.50`. */
function formatDecimal(amount: Money): string {
  const digits = countCurrencyDigits(amount.currency);
  return (amount.minor / 10 ** digits).toFixed(digits);
}
