import Stripe from 'stripe';
import type { PaymentState } from '#payment/port';
import { fillIn, type Language, type LocalText, textFor } from '#platform';
import {
  ProviderError,
  type ProviderErrorDetails,
  type ProviderErrorKind,
  quoteRefusal,
  sayAway,
  sayLost,
  sayTooOften,
  toWireAmount,
} from '#provider-kit';
import { DECLINED_BY_BANK, DECLINES, texts, WORDS } from './stripe.texts.js';

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
      ? new ProviderError('unavailable', onTheWay.message, { cause: onTheWay.cause, localText: sayAway('Stripe') })
      : onTheWay;
  const { kind, message, ...details } = explain(error, call);
  return new ProviderError(kind, message, { ...details, cause: new Error(summarize(error)) });
}

/** Whether Stripe refused a call, so that nothing was done. */
export function isRefusal(error: unknown): error is ProviderError {
  return error instanceof ProviderError && (error.kind === 'rejected' || error.kind === 'invalid');
}

/** Why a call does not fit the payment's state; Stripe's own refusal where the state does not explain it. */
export function explainRefusal(
  { status, captured, cancellation }: PaymentState,
  language: Language,
  refusal?: ProviderError,
): ProviderError {
  const refuse = (text: LocalText): ProviderError =>
    new ProviderError('rejected', `${textFor(text, language)}.`, refusal && { cause: refusal.cause });
  switch (status) {
    case 'succeeded':
      return refuse(fillIn(texts.taken, { sum: captured ? ` (${toWireAmount(captured)} ${captured.currency})` : '' }));
    case 'canceled':
      return refuse(fillIn(texts.canceled, { why: cancellation ?? textFor(texts.nothingHeld, language) }));
    case 'pending':
      return refusal ?? refuse(texts.onItsWay);
    case 'waitingForCapture':
      return refusal ?? refuse(texts.held);
  }
}

/** The error for a reply that cannot be read. */
export function makeUnreadableError({ effect }: Pick<FailedCall, 'effect'>): ProviderError {
  const { kind, message, ...details } = describeLoss(effect, 'gave an answer that cannot be read');
  return new ProviderError(kind, message, details);
}

/** Why a card was declined, in plain words. */
export function explainDecline(error: { decline_code?: string | null; code?: string | null }, language: Language): string {
  const reason = findDecline(error.decline_code) ?? findDecline(error.code) ?? DECLINED_BY_BANK;
  return `${textFor(texts.declined, language)}: ${textFor(reason, language)}`;
}

interface Explained extends Pick<ProviderErrorDetails, 'fields' | 'localText'> {
  kind: ProviderErrorKind;
  message: string;
}

function explain(error: InstanceType<typeof Stripe.errors.StripeError>, { effect, language }: FailedCall): Explained {
  const { errors } = Stripe;
  if (error instanceof errors.StripeCardError) return { kind: 'rejected', message: `Stripe: ${explainDecline(error, language)}.` };
  if (error instanceof errors.StripeRateLimitError)
    return { kind: 'rate_limited', message: 'Stripe asks to be called less often', localText: sayTooOften('Stripe') };
  if (error instanceof errors.StripeInvalidRequestError) {
    const own = Object.hasOwn(WORDS, error.code ?? '') ? WORDS[error.code ?? ''] : undefined;
    const words = own ? textFor(own, language) : removeKeys(error.message);
    const field = error.code?.startsWith('amount_') ? 'amount' : FIELDS.find(([pattern]) => pattern.test(error.param ?? ''))?.[1];
    return {
      kind: field === undefined ? 'rejected' : 'invalid',
      message: own ? `Stripe: ${words}.` : quoteRefusal('Stripe', [words], textFor(texts.refused, language)),
      ...(field !== undefined && { fields: { [field]: words || textFor(texts.refused, language) } }),
    };
  }
  if (error instanceof errors.StripeIdempotencyError || error.statusCode === 409)
    return describeLoss(effect, 'is still busy with the same call');
  return describeLoss(effect, 'gave an answer that cannot be understood');
}

/** What a call that was sent and has no answer of use is. */
function describeLoss(effect: boolean, what: string): Explained {
  return effect
    ? { kind: 'unknown_outcome', message: `Stripe ${what}`, localText: sayLost('Stripe') }
    : { kind: 'unavailable', message: `Stripe ${what}`, localText: sayAway('Stripe') };
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
