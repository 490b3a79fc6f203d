import { Type } from 'class-transformer';
import { IsArray, IsOptional, IsString, ValidateNested } from 'class-validator';
import { getParser, type Language, textFor } from '#platform';
import { cleanText, type HttpReply, ProviderError, type ProviderErrorKind, quoteRefusal, sayAway, sayLost } from '#provider-kit';
import { WORDS } from './mercadopago.texts.js';

class WireError {
  @IsOptional() @IsString() code?: string;
  @IsOptional() @IsString() message?: string;
  @IsOptional() @IsArray() @IsString({ each: true }) details?: string[];
}

/** A refusal as orders have it (`errors`), or as older calls do (`error`, `message`). */
class WireErrors {
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => WireError) errors?: WireError[];
  @IsOptional() @IsString() error?: string;
  @IsOptional() @IsString() message?: string;
}

/** Mercado Pago refused a call, so that nothing was done. */
export class MercadoPagoRefusal extends ProviderError {
  /** `code`: Mercado Pago's, such as `cannot_cancel_order`. */
  constructor(
    readonly code: string,
    kind: 'invalid' | 'rejected',
    message: string,
    details: { fields?: Record<string, string>; cause: Error },
  ) {
    super(kind, message, details);
  }
}

/** Another call about the same is under way, or used the key: it is not known what came of it. */
const UNDER_WAY: ReadonlySet<string> = new Set(['idempotency_key_already_used', 'order_refund_already_in_process', 'resource_locked']);
/** Nothing was done, and the same may be tried again. */
const LATER: ReadonlySet<string> = new Set(['unprocessable_content']);

/** The callback's fields by the JSON path that a refusal names. */
const FIELDS: readonly [pattern: RegExp, field: string][] = [
  [/\$\.items\b/, 'items'],
  [/\$\.payer\b/, 'customer.email'],
  [/\$\.(total_amount|transactions)\b/, 'amount'],
];
/** The same by code, where no path is named. */
const CODES: Readonly<Record<string, string>> = {
  invalid_email_for_sandbox: 'customer.email',
  invalid_total_amount: 'amount',
  order_items_total_amount_mismatch: 'amount',
};

/**
 * Maps a reply that is no success; 401, 403, 429 and 5xx are mapped by `#provider-kit`'s client before.
 *
 * | Mercado Pago | becomes |
 * | --- | --- |
 * | 400 that names a field | `invalid`, with the callback's field |
 * | 400 otherwise, 402, 404, 409 | `rejected` |
 * | 409 of a key used for another body or of a refund under way, 423 | `unknown_outcome`; of a read `unavailable` |
 * | 422 of a payment just made | `unavailable` |
 *
 * @returns the error to be thrown
 */
export function toRefusal(reply: HttpReply, { effect, language }: { effect: boolean; language: Language }): ProviderError {
  const told = reply.json((value) => getParser(WireErrors).parse(value));
  const [first] = told.errors ?? [];
  const code = first?.code ?? told.error ?? '';
  const details = (told.errors ?? []).flatMap((one) => one.details ?? []);
  const own = Object.hasOwn(WORDS, code) ? WORDS[code] : undefined;
  const words = own ? textFor(own, language) : removeTokens(details[0] ?? first?.message ?? told.message ?? '');
  const message = own
    ? `Mercado Pago: ${words}${words.endsWith('?') ? '' : '.'}`
    : quoteRefusal('Mercado Pago', [words], `(${[reply.status, code].filter(Boolean).join(' ')})`);
  const cause = new Error(['Mercado Pago', reply.status, code, reply.headers['x-request-id']].filter(Boolean).join(' '));
  const other = findOtherKind(code, reply.status, effect);
  if (other) return new ProviderError(other, message, { cause });
  const field = reply.status === 400 ? (CODES[code] ?? findField(details)) : undefined;
  if (field === undefined) return new MercadoPagoRefusal(code, 'rejected', message, { cause });
  return new MercadoPagoRefusal(code, 'invalid', message, { fields: { [field]: cleanText(words) }, cause });
}

/** The error for a reply that lacks what it must have; `effect`: of a call that changes something. */
export function makeUnreadableError(effect: boolean): ProviderError {
  const [kind, say] = effect ? (['unknown_outcome', sayLost] as const) : (['unavailable', sayAway] as const);
  return new ProviderError(kind, 'Mercado Pago gave an answer that cannot be read', { localText: say('Mercado Pago') });
}

function findOtherKind(code: string, status: number, effect: boolean): ProviderErrorKind | undefined {
  if (UNDER_WAY.has(code) || status === 423) return effect ? 'unknown_outcome' : 'unavailable';
  return LATER.has(code) || status === 422 ? 'unavailable' : undefined;
}

function findField(details: readonly string[]): string | undefined {
  return FIELDS.find(([pattern]) => details.some((detail) => pattern.test(detail)))?.[1];
}

function removeTokens(text: string): string {
  return text.replace(/\b(APP_USR|TEST)-[\w-]+/g, '(token)');
}
