import { findText, type LocalText, mapText, textFor } from '#platform/plain';
import { cleanText, cutText, quoteRefusal } from '../cut-text.js';
import type { HttpReply } from '../http/http-reply.js';
import { sayAway, sayCredentialsRefused, sayLost, sayRejected, sayTooOften } from '../http/http-texts.js';
import { ProviderError, type ProviderErrorKind } from '../provider-error.js';
import { readRetryAfter } from '../http/retry-after.js';
import { texts } from '../provider-kit.texts.js';
import { endSentence } from '../sentences.js';

/** One reason for which a service refused a call, in its own code and words. */
export interface Problem {
  readonly code?: string | number | undefined;
  readonly message?: string | undefined;
  /** The service's name or path of the field at fault. */
  readonly field?: string | undefined;
}

/** A reply that refuses, as `refusal` of a service reads it. */
export interface Refused {
  readonly problems: readonly Problem[];
  /** The id of the call for the service's support. */
  readonly reference?: string | undefined;
  /** Milliseconds until the service accepts another call. Default: the header `retry-after`. */
  readonly retryAfterMs?: number | undefined;
}

/**
 * The meaning of a refusal. Kinds of ProviderError, and:
 * - `lost`: the service does not know either. `unknown_outcome` for an `act`, otherwise `unavailable`.
 * - `expired`: the token is no longer valid. It is renewed once, then `auth`.
 * - `missing`: there is no such object.
 * - `done`: it was done before.
 */
export type BuiltInMeaning = ProviderErrorKind | 'lost' | 'expired' | 'missing' | 'done';

/** How the error of a row differs from the default. */
export interface RowOptions {
  /** Kind of the error for a custom meaning. Default: `rejected`. */
  readonly as?: ProviderErrorKind | 'lost';
  /** Read by people instead of the service's words. */
  readonly say?: LocalText;
}

/**
 * A row of an error table: a condition for rejections, and their meaning. A number is an HTTP status. A text
 * or a pattern is compared with each code. A function receives the whole rejection. The first row that fits
 * counts.
 */
export type ErrorRow<Meaning extends string> = readonly [
  which: string | number | RegExp | ((refused: Refused, status: number) => boolean),
  meaning: BuiltInMeaning | Meaning,
  options?: RowOptions,
];

/** How a service refuses calls. */
export interface RefusalOptions<Meaning extends string> {
  /** Reads the parsed body of a reply that refuses. A body that does not fit has no problems. */
  refusal?(body: unknown, reply: HttpReply): Refused;
  /** The meaning of codes and statuses. A rejection without a row is `rejected`. */
  errors?: readonly ErrorRow<Meaning>[];
  /** Patterns of the service's fields or codes, and the fields of the callback. `$1` is a group. */
  fields?: readonly (readonly [pattern: RegExp, field: string])[];
  /** Our words by code, for people instead of the service's. A full stop is added. */
  words?: Readonly<Record<string, LocalText>>;
  /** Read by people if the credentials are refused. Default: a sentence with the name of the service. */
  refusedCredentials?: LocalText;
  /** Secrets that the service may repeat in its words. They are removed. */
  secrets?: RegExp;
}

const NO_CODE = /^\d*$/;
const LONGEST_FIELD = 200;

/** A service understood a call and refused it. Nothing was done, except for `unknown_outcome`. */
export class Refusal<Meaning extends string = string> extends ProviderError {
  /** The meaning in the error table of the service, or a kind of ProviderError if no row fits. */
  readonly meaning: BuiltInMeaning | Meaning;
  /** HTTP status. */
  readonly status: number;
  readonly problems: readonly Problem[];

  constructor(
    facts: { kind: ProviderErrorKind; meaning: BuiltInMeaning | Meaning; status: number; problems: readonly Problem[] },
    message: string,
    details: ConstructorParameters<typeof ProviderError>[2],
  ) {
    super(facts.kind, message, details);
    this.name = 'Refusal';
    this.meaning = facts.meaning;
    this.status = facts.status;
    this.problems = facts.problems;
  }

  /** Whether one of its codes is this one, or fits the pattern. */
  has(code: string | number | RegExp): boolean {
    return this.problems.some((problem) => fits(code, problem));
  }

  /** Whether a field at fault fits the pattern. */
  isAbout(field: RegExp): boolean {
    return this.problems.some((problem) => field.test(problem.field ?? ''));
  }
}

/**
 * Whether a service rejected a call with one of these meanings. Without meanings, because of the request or
 * the state of an object, so that nothing was done and a repeat does not help (`invalid`, `rejected`).
 */
export function isRefusal<Meaning extends string>(
  error: unknown,
  ...meanings: readonly (BuiltInMeaning | Meaning)[]
): error is Refusal<Meaning> {
  if (!(error instanceof Refusal)) return false;
  return meanings.length === 0 ? error.kind === 'rejected' || error.kind === 'invalid' : meanings.includes(error.meaning as Meaning);
}

/** Kind of a refusal without a row. `by-field`: `invalid` if it is about a field of the callback. */
export type RefusedAs = 'invalid' | 'rejected' | 'auth' | 'by-field';

/** The call that was refused. */
export interface RefusedCall {
  /** Name of the service. A text if it differs by language. */
  readonly name: string | LocalText;
  readonly effect: boolean;
  /** Kind of a refusal without a row. */
  readonly refusedAs: RefusedAs;
}

/** Returns the error for a reply that refuses a call. */
export function toRefusal<Meaning extends string>(reply: HttpReply, call: RefusedCall, options: RefusalOptions<Meaning>): Refusal<Meaning> {
  const retryAfterMs = readRetryAfter(reply.headers['retry-after']);
  const { retryAfterMs: own = retryAfterMs, ...refused } = read(reply, options);
  return makeRefusal(reply.status, { ...refused, retryAfterMs: own }, call, options);
}

/** Returns the error for a refusal, however the service reported it. */
export function makeRefusal<Meaning extends string>(
  status: number,
  refused: Refused,
  call: RefusedCall,
  options: RefusalOptions<Meaning>,
): Refusal<Meaning> {
  const { problems } = refused;
  const row = options.errors?.find(([which]) => (typeof which === 'number' ? which === status : isFitting(which, refused, status)));
  const own = problems.map(({ code }) => findText(options.words ?? {}, String(code))).find(Boolean);
  const fields = listFields(problems, options, own);
  const refusedAs = call.refusedAs === 'by-field' ? (fields ? 'invalid' : 'rejected') : call.refusedAs;
  const told = row?.[1] ?? judgeStatus(status) ?? refusedAs;
  // Whatever the code of a refused login, the credentials are wrong.
  const isLogin = refusedAs === 'auth' && toKind(told, row?.[2]?.as, call) === 'rejected';
  const meaning = isLogin ? 'auth' : told;
  const kind = isLogin ? 'auth' : toKind(meaning, row?.[2]?.as, call);
  const words = problems.map(({ message, code }) => hide(message, options.secrets) || spellCode(code));
  const codes = [...new Set(problems.map(({ code }) => code).filter((code) => code !== undefined && code !== ''))];
  const quote = (name: string): string => quoteRefusal(name, words, codes.join(', '));
  const localText =
    (row?.[2]?.say && endSentence(row[2].say)) ??
    (own && sayOwn(call.name, own)) ??
    sayStandard(call.name, meaning, kind, options.refusedCredentials) ??
    (codes.length === 0 && !words.some(Boolean) ? sayRejected(call.name, status) : undefined) ??
    (typeof call.name === 'string' ? undefined : mapText(call.name, quote));
  const retryAfterMs = kind === 'rate_limited' ? refused.retryAfterMs : undefined;
  return new Refusal({ kind, meaning, status, problems }, localText?.en ?? quote(call.name as string), {
    // For logs: the data that the service's support needs, without any sent data.
    cause: new Error([status, ...codes, ...problems.map(({ field }) => field), refused.reference].filter(Boolean).join(' ')),
    ...(localText && { localText }),
    ...(fields && { fields }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

function sayOwn(name: string | LocalText, words: LocalText): LocalText {
  return endSentence(mapText(words, (one, language) => `${typeof name === 'string' ? name : textFor(name, language)}: ${one}`));
}

function read<Meaning extends string>(reply: HttpReply, { refusal }: RefusalOptions<Meaning>): Refused {
  try {
    return refusal ? reply.json((body) => refusal(body, reply)) : { problems: [] };
  } catch (error) {
    // A proxy in front of the service writes another body.
    if (error instanceof ProviderError) return { problems: [] };
    throw error;
  }
}

/** For the rows of services without codes: a refusal whose words fit. */
export function says(words: RegExp): (refused: Refused) => boolean {
  return ({ problems }) => problems.some(({ message = '' }) => words.test(message));
}

function isFitting(which: Exclude<ErrorRow<never>[0], number>, refused: Refused, status: number): boolean {
  return typeof which === 'function' ? which(refused, status) : refused.problems.some((problem) => fits(which, problem));
}

function fits(code: string | number | RegExp, problem: Problem): boolean {
  const own = String(problem.code ?? '');
  return code instanceof RegExp ? code.test(own) : own === String(code);
}

function judgeStatus(status: number): ProviderErrorKind | undefined {
  if (status === 401 || status === 403) return 'auth';
  return status === 429 ? 'rate_limited' : undefined;
}

function toKind(meaning: string, as: RowOptions['as'], { effect }: RefusedCall): ProviderErrorKind {
  const wanted = as ?? (KINDS.has(meaning) ? (meaning as ProviderErrorKind) : meaning === 'expired' ? 'auth' : meaning);
  if (wanted === 'lost') return effect ? 'unknown_outcome' : 'unavailable';
  return KINDS.has(wanted) ? (wanted as ProviderErrorKind) : 'rejected';
}

const KINDS: ReadonlySet<string> = new Set<ProviderErrorKind>([
  'invalid',
  'rejected',
  'auth',
  'rate_limited',
  'unavailable',
  'unknown_outcome',
]);

function sayStandard(name: string | LocalText, meaning: string, kind: ProviderErrorKind, credentials?: LocalText): LocalText | undefined {
  if (kind === 'auth') return credentials ? endSentence(credentials) : sayCredentialsRefused(name);
  if (kind === 'rate_limited') return sayTooOften(name);
  if (meaning !== 'lost') return undefined;
  return kind === 'unknown_outcome' ? sayLost(name) : sayAway(name);
}

function listFields<Meaning extends string>(
  problems: readonly Problem[],
  { fields: patterns = [], secrets }: RefusalOptions<Meaning>,
  ownWords: LocalText | undefined,
): Record<string, LocalText | string> | undefined {
  const found = problems.flatMap(({ field = '', code = '', message }) => {
    const [own] = patterns.flatMap(([pattern, target]) => {
      const groups = pattern.exec(field) ?? pattern.exec(String(code));
      return groups ? [target.replaceAll(/\$(\d)/g, (_, group: string) => groups[Number(group)] ?? '')] : [];
    });
    if (own === undefined) return [];
    const words = cutText(cleanText(hide(message, secrets)), LONGEST_FIELD) || spellCode(code);
    return [[own, ownWords ?? (words || texts.notAccepted)] as const];
  });
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}

/** A code in words, such as `amount too small`. Empty for a number. */
function spellCode(code: string | number | undefined): string {
  const plain = String(code ?? '');
  return NO_CODE.test(plain) ? '' : plain.replaceAll('_', ' ');
}

function hide(message: string | undefined, secrets: RegExp | undefined): string {
  return secrets ? (message ?? '').replace(secrets, '(key)') : (message ?? '');
}
