import Stripe from 'stripe';
import type { PaymentState } from '#payment/port';
import { type Language, textFor } from '#platform';
import { ProviderError, type ProviderErrorKind, toWireAmount } from '#provider-kit';
import { DECLINED, DECLINED_BY_BANK, DECLINES } from './stripe.texts.js';

/** What a failed call was. */
export interface FailedCall {
  /** Whether it changes something at Stripe that matters, so that it must be known whether it did. */
  effect: boolean;
  /** The account's. */
  language: Language;
}

/** Stripe's parameters by the callback's field they come from. */
const FIELDS: readonly [pattern: RegExp, field: string][] = [
  [/^amount|unit_amount/, 'amount'],
  [/currency/, 'currency'],
  [/^line_items/, 'items'],
  [/^customer_email/, 'customer.email'],
];

/** What Stripe's code means, where its own words would not help. */
const WORDS: Readonly<Record<string, string>> = {
  amount_too_small: 'the amount is below the least that Stripe takes in this currency',
  amount_too_large: 'the amount is more than Stripe takes, or more than is there',
  balance_insufficient: 'there is not enough money in the Stripe account',
  charge_already_refunded: 'all of it is given back already',
  charge_disputed: 'the buyer disputed the payment at the bank, so that it cannot be refunded',
  refund_disputed_payment: 'the buyer disputed the payment at the bank, so that it cannot be refunded',
  charge_expired_for_capture: 'the hold has expired',
  capture_charge_authorization_expired: 'the hold has expired',
  charge_already_captured: 'the hold was taken already',
  resource_missing: 'this account of Stripe does not know the payment; were the keys of the shop changed for those of another account?',
};

/**
 * Maps Stripe's errors; the first three rows are mapped by `#provider-kit`'s client. Stripe's error is never
 * set as cause, because it holds headers, objects and client secrets.
 *
 * | Stripe | becomes |
 * | --- | --- |
 * | 401, 403 | `auth` |
 * | 429 | `rate_limited` |
 * | 5xx, time-out, lost or unreadable reply | `unknown_outcome`; of a read, or not sent: `unavailable` |
 * | 402 card_error | `rejected`, the decline in plain words |
 * | 400, 404 with a parameter | `invalid`, with the callback's field |
 * | 400, 404 otherwise | `rejected` |
 * | 409, idempotency_error: a call with this key is under way or was another one | `unknown_outcome`; of a read `unavailable` |
 */
export function toProviderError(error: unknown, call: FailedCall): unknown {
  if (!(error instanceof Stripe.errors.StripeError)) return error;
  const onTheWay: unknown = error.detail;
  if (onTheWay instanceof ProviderError)
    return onTheWay.kind === 'unknown_outcome' && !call.effect
      ? new ProviderError('unavailable', onTheWay.message, { cause: onTheWay.cause })
      : onTheWay;
  const { kind, message, fields } = explain(error, call);
  return new ProviderError(kind, message, { ...(fields && { fields }), cause: new Error(summarize(error)) });
}

/** Whether Stripe refused a call, so that nothing was done. */
export function isRefusal(error: unknown): error is ProviderError {
  return error instanceof ProviderError && (error.kind === 'rejected' || error.kind === 'invalid');
}

/** Why a call does not fit the payment's state; Stripe's own refusal where the state does not explain it. */
export function explainRefusal({ status, captured, cancellation }: PaymentState, refusal?: ProviderError): ProviderError {
  const cause = refusal && { cause: refusal.cause };
  switch (status) {
    case 'succeeded': {
      const taken = captured ? ` (${toWireAmount(captured)} ${captured.currency})` : '';
      return new ProviderError('rejected', `The money was taken already${taken}: it can be refunded.`, cause);
    }
    case 'canceled':
      return new ProviderError('rejected', `The payment is cancelled: ${cancellation ?? 'nothing is held any more'}.`, cause);
    case 'pending':
      return refusal ?? new ProviderError('rejected', 'The payment is on its way at the bank and can be neither taken nor cancelled now.');
    case 'waitingForCapture':
      return refusal ?? new ProviderError('rejected', 'The money is held: it can be taken or released.');
  }
}

/** The error for a reply that cannot be read. */
export function makeUnreadableError({ effect }: Pick<FailedCall, 'effect'>): ProviderError {
  return new ProviderError(getLostKind(effect), 'Stripe gave an answer that cannot be read');
}

/** Why a card was declined, in plain words. */
export function explainDecline(error: { decline_code?: string | null; code?: string | null }, language: Language): string {
  const reason = findDecline(error.decline_code) ?? findDecline(error.code) ?? DECLINED_BY_BANK;
  return `${textFor(DECLINED, language)}: ${textFor(reason, language)}`;
}

interface Explained {
  kind: ProviderErrorKind;
  message: string;
  fields?: Record<string, string>;
}

function explain(error: InstanceType<typeof Stripe.errors.StripeError>, { effect, language }: FailedCall): Explained {
  const { errors } = Stripe;
  if (error instanceof errors.StripeCardError) return { kind: 'rejected', message: `Stripe: ${explainDecline(error, language)}.` };
  if (error instanceof errors.StripeRateLimitError) return { kind: 'rate_limited', message: 'Stripe asks to be called less often' };
  if (error instanceof errors.StripeInvalidRequestError) {
    const words = (error.code && WORDS[error.code]) || removeKeys(error.message) || 'the request was refused';
    const field = error.code?.startsWith('amount_') ? 'amount' : FIELDS.find(([pattern]) => pattern.test(error.param ?? ''))?.[1];
    return {
      kind: field === undefined ? 'rejected' : 'invalid',
      message: `Stripe: ${words.replace(/\.$/, '')}.`,
      ...(field !== undefined && { fields: { [field]: words } }),
    };
  }
  if (error instanceof errors.StripeIdempotencyError || error.statusCode === 409)
    return { kind: getLostKind(effect), message: 'Stripe is still busy with the same call' };
  return { kind: getLostKind(effect), message: 'Stripe gave an answer that cannot be understood' };
}

function getLostKind(effect: boolean): ProviderErrorKind {
  return effect ? 'unknown_outcome' : 'unavailable';
}

/** For logs: what Stripe's support asks for, and nothing else. */
function summarize({ type, statusCode, code, param, requestId }: InstanceType<typeof Stripe.errors.StripeError>): string {
  return [type, statusCode, code, param, requestId].filter(Boolean).join(' ');
}

function findDecline(code: string | null | undefined): (typeof DECLINES)[string] | undefined {
  return code != null && Object.hasOwn(DECLINES, code) ? DECLINES[code] : undefined;
}

/** Stripe masks keys in its messages; what looks like one is dropped all the same. */
function removeKeys(message: string): string {
  return message.replace(/\b(sk|rk|pk|whsec)_[\w*]+/g, '(key)').slice(0, 500);
}
