import { IsNumber, IsOptional, IsString } from 'class-validator';
import type { PaymentState } from '#payment/port';
import { getParser, type Language, textFor } from '#platform';
import { cleanText, type HttpReply, ProviderError, type ProviderErrorKind, quoteRefusal } from '#provider-kit';
import { TEXTS } from './yookassa.texts.js';

/** Body of a refusal. Its texts are English and meant for the shop, not for buyers. */
export class WireError {
  /** What YooKassa's support asks for. */
  @IsOptional() @IsString() id?: string;
  @IsString() code!: string;
  @IsOptional() @IsString() description?: string;
  /** The parameter at fault, such as `receipt.customer.phone`. */
  @IsOptional() @IsString() parameter?: string;
  /** Milliseconds. */
  @IsOptional() @IsNumber() retry_after?: number;
}

/** YooKassa refused a call, so that nothing was done. */
export class YookassaRefusal extends ProviderError {
  constructor(
    kind: ProviderErrorKind,
    message: string,
    readonly status: number,
    fields?: Record<string, string>,
    cause?: Error,
  ) {
    super(kind, message, { ...(fields && { fields }), cause });
    this.name = 'YookassaRefusal';
  }
}

/** YooKassa's parameters by the callback's field that they come from; the first that fits. */
const FIELDS: readonly [pattern: RegExp, field: string][] = [
  [/^amount\.currency/, 'currency'],
  [/^amount/, 'amount'],
  [/^receipt\.customer\.email/, 'customer.email'],
  [/^receipt\.customer\.phone/, 'customer.phones'],
  [/^receipt\.customer/, 'customer'],
  [/^receipt/, 'items'],
];

/**
 * The error for a 4xx. `invalid`, with the callback's field, for a request of ours that YooKassa would not
 * take; `rejected` where the object's state does not allow the call or the object is not there.
 */
export function toRefusal(status: number, error: WireError, kind: 'invalid' | 'rejected'): YookassaRefusal {
  const words = removeKeys(error.description) || error.code.replaceAll('_', ' ');
  const field = FIELDS.find(([pattern]) => pattern.test(error.parameter ?? ''))?.[1];
  // For logs: what the support asks for, and nothing else.
  const cause = new Error([status, error.code, error.parameter, error.id].filter(Boolean).join(' '));
  const isRejected = status === 404 || error.code === 'refusal' || kind === 'rejected';
  return new YookassaRefusal(
    isRejected ? 'rejected' : 'invalid',
    quoteRefusal('YooKassa', [words], error.code),
    status,
    field === undefined || isRejected ? undefined : { [field]: cleanText(words) },
    cause,
  );
}

/** The error for a 429, with the time that its body names; a proxy's body may name none. */
export function toLimit(reply: HttpReply, language: Language): ProviderError {
  let retryAfterMs: number | undefined;
  try {
    retryAfterMs = reply.json((value) => getParser(WireError).parse(value)).retry_after;
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
  }
  return new ProviderError('rate_limited', textFor(TEXTS.tooManyCalls, language), {
    ...(retryAfterMs !== undefined && retryAfterMs > 0 && { retryAfterMs }),
  });
}

/** Whether YooKassa refused a call. */
export function isRefusal(error: unknown): error is YookassaRefusal {
  return error instanceof YookassaRefusal;
}

/** Whether it is not known what became of a call. */
export function isLost(error: unknown): error is ProviderError {
  return error instanceof ProviderError && error.kind === 'unknown_outcome';
}

/** Why a call does not fit the payment's state; YooKassa's refusal where the state does not explain it. */
export function explainRefusal({ status, cancellation }: PaymentState, language: Language, refusal?: ProviderError): ProviderError {
  const cause = refusal && { cause: refusal.cause };
  switch (status) {
    case 'succeeded':
      return new ProviderError('rejected', textFor(TEXTS.alreadyTaken, language), cause);
    case 'canceled': {
      const why = cancellation === undefined ? '' : ` (${cancellation})`;
      return new ProviderError('rejected', `${textFor(TEXTS.alreadyCanceled, language)}${why}`, cause);
    }
    case 'pending':
      return new ProviderError('rejected', textFor(TEXTS.notPaidYet, language), cause);
    case 'waitingForCapture':
      return refusal ?? new ProviderError('rejected', textFor(TEXTS.held, language));
  }
}

function removeKeys(text = ''): string {
  return text.replace(/\b(test|live)_[\w*-]+/g, '(key)');
}
