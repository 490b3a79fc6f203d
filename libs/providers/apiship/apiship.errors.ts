import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsOptional, IsString, ValidateNested } from 'class-validator';
import { cleanText, cutText, type HttpReply, ProviderError, quoteReasons } from '#provider-kit';
import type { ApishipContext } from './apiship.settings.js';
import { makeError, say, texts } from './apiship.texts.js';

/** What is wrong with a field of a request, named by its path there. */
export class ApishipProblem {
  @IsOptional() @IsString() field?: string;
  @IsOptional() @IsString() message?: string;
}

/** Body of a 4xx; only its message is sure. */
export class ApishipRefusalReply {
  /** A text with a leading zero, such as `040080`. */
  @IsOptional() @IsString() code?: string;
  @IsOptional() @IsString() message?: string;
  @IsOptional() @IsString() description?: string;
  @IsOptional() @IsArray() @ArrayMaxSize(1_000) @ValidateNested({ each: true }) @Type(() => ApishipProblem) errors?: ApishipProblem[];
}

/** ApiShip, or a carrier behind it, refused a call in its own words. Nothing was done. */
export class ApishipRefusal extends Error {
  readonly code: string;
  readonly problems: readonly ApishipProblem[];
  /** Quoted on one line, fit to be shown. */
  readonly words: string | undefined;

  /** `tracingId` is what ApiShip's support asks for. */
  constructor(
    readonly status: number,
    { code = '', message, description, errors = [] }: ApishipRefusalReply,
    tracingId?: string,
  ) {
    // For logs: nothing of what was sent.
    super([status, code, tracingId].filter(Boolean).join(' '));
    this.name = 'ApishipRefusal';
    this.code = code;
    this.problems = errors;
    this.words = quoteReasons([message, description, ...errors.map(({ message: words }) => words)]);
  }
}

/** ApiShip's codes by what they mean to a caller. */
const CODES = {
  missing: ['040080', '040016'],
  withoutStatus: ['040018'],
  cancelled: ['040081'],
  callCancelled: ['040082'],
  tokenExpired: ['040304', '040101'],
  credentials: ['040302', '040303'],
  balance: ['060001'],
  noCarriers: ['040005', '040006'],
  unknownPlace: ['040015'],
} as const;

/** Whether ApiShip refused a call for this reason. */
export function isRefusedAs(error: unknown, reason: keyof typeof CODES): boolean {
  return error instanceof ApishipRefusal && (CODES[reason] as readonly string[]).includes(error.code);
}

/** Whether an order was refused because there is one with our number already. */
export function isDuplicate(error: unknown): boolean {
  return complainsAbout(error, 'clientNumber');
}

/** Whether ApiShip refused a call for one of its fields, at whatever path. */
export function complainsAbout(error: unknown, name: string): boolean {
  return error instanceof ApishipRefusal && error.problems.some(({ field }) => field?.split('.').at(-1) === name);
}

/** The callback's fields that ApiShip's paths are about; the first that fits. */
const FIELDS: readonly [pattern: RegExp, field: string][] = [
  [/(^|\.)pickupDate$/, 'shipmentDate'],
  [/(^|\.)delivery(Date|TimeStart|TimeEnd)$/, 'deliveryDate'],
  [/(^|\.)(tariffId|providerKey)$/, 'delivery.tariff'],
  [/(^|\.)pointOutId$/, 'delivery.deliveryAddress.terminal'],
  [/(^|\.)pointInId$/, 'delivery.shipmentAddress.terminal'],
  [/^recipient\.phone/, 'customer.phones'],
  [/^recipient\.email/, 'customer.email'],
  [/^recipient\.contactName/, 'customer.lastName'],
  [/^recipient/, 'delivery.deliveryAddress'],
  [/^sender/, 'delivery.shipmentAddress'],
  [/^places/, 'packages'],
];

/** The ProviderError for an ApishipRefusal, in ApiShip's words; other errors unchanged. */
export function explain(error: unknown, context: ApishipContext): unknown {
  if (!(error instanceof ApishipRefusal)) return error;
  if (isRefusedAs(error, 'balance') || error.status === 402)
    return makeError('rejected', texts.balanceEmpty, context, {}, { cause: error });
  if (isRefusedAs(error, 'noCarriers')) return makeError('rejected', texts.noCarriers, context, {}, { cause: error });
  const fields = Object.fromEntries(
    error.problems.flatMap(({ field, message }) => {
      const own = FIELDS.find(([pattern]) => pattern.test(field ?? ''))?.[1];
      return own === undefined ? [] : [[own, cutText(cleanText(message), 200) || say(texts.unknown, context)]];
    }),
  );
  return new ProviderError('rejected', `ApiShip: ${error.words ?? say(texts.noReason, context)}`, {
    cause: error,
    ...(Object.keys(fields).length > 0 && { fields }),
  });
}

/** Awaits an answer of the client. Throws ProviderError where ApiShip refused. */
export async function explainRefusal<T>(answer: Promise<T>, context: ApishipContext): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw explain(error, context);
  }
}

/** Whether a cancellation was answered and not made; what a made one says in `canceled` is not documented. */
export function saysNo(reply: HttpReply): boolean {
  return reply.json((value) => (value as { canceled?: unknown } | null)?.canceled === false);
}
