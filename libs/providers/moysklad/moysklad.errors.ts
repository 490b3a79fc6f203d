import { Type } from 'class-transformer';
import { IsArray, IsInt, IsOptional, IsString, ValidateNested } from 'class-validator';
import { getParser, type LocalText } from '#platform';
import { type HttpReply, ProviderError, type ProviderErrorKind, quoteReasons } from '#provider-kit';
import type { MoyskladContext } from './moysklad.settings.js';
import { say, texts } from './moysklad.texts.js';

class WireProblem {
  @IsOptional() @IsString() error?: string;
  @IsOptional() @IsString() parameter?: string;
  /** Missing: the status counts. */
  @IsOptional() @IsInt() code?: number;
}

class WireProblems {
  @IsArray() @ValidateNested({ each: true }) @Type(() => WireProblem) errors!: WireProblem[];
}

/** What a code means, whatever its status. `down`: nobody knows what became of a write. */
type Meaning = Exclude<ProviderErrorKind, 'unavailable' | 'unknown_outcome'> | 'down';

const MEANINGS: ReadonlyMap<number, Meaning> = new Map(
  (
    [
      // The credentials; then each right that a user may lack.
      ['auth', [1056, 1061, 1048]],
      ['auth', [1016, 1017, 1018, 1045, 1075, 1092, 13_003, 13_004, 30_004]],
      ['rejected', [1043, 1070, 47_000, 30_006]],
      ['rate_limited', [1049, 1073, 61_002]],
      ['rejected', [1021, 1008, 1020]],
      ['invalid', [3000, 3001, 3002, 3003, 3005, 3006, 3008]],
      ['rejected', [17_009, 17_010, 17_011, 17_012, 17_013, 17_014]],
      ['down', [1074, 1088, 1095]],
    ] as const
  ).flatMap(([meaning, codes]) => codes.map((code) => [code, meaning] as const)),
);

/** The token is wrong, or the user may not use the API at all. */
const CREDENTIALS: ReadonlySet<number> = new Set([1056, 1061, 1048]);
/** Refusals that callers look for. */
export const CODE = {
  isParallel: 1065,
  isGone: 1021,
  isNotUnique: 3006,
  isTooLarge: 13_005,
  isUser: 55_006,
  isApp: 55_005,
  isFull: 30_007,
};
const GONE = [CODE.isGone, 1008, 1020];

/** MoySklad refused a call in its own codes and words. Nothing was done, but for `unknown_outcome`. */
export class MoyskladRefusal extends ProviderError {
  constructor(
    kind: ProviderErrorKind,
    message: string,
    readonly status: number,
    readonly codes: readonly number[],
    retryAfterMs?: number,
  ) {
    // For logs: the codes, and nothing that was sent.
    super(kind, message, { cause: new Error([status, ...codes].join(' ')), ...(retryAfterMs !== undefined && { retryAfterMs }) });
    this.name = 'MoyskladRefusal';
  }
}

/** Whether MoySklad refused a call with this code. */
export function isRefusedAs(error: unknown, code: number): boolean {
  return error instanceof MoyskladRefusal && error.codes.includes(code);
}

/** Whether the object of a call is not there. */
export function isGone(error: unknown): boolean {
  return error instanceof MoyskladRefusal && (error.status === 404 || GONE.some((code) => error.codes.includes(code)));
}

/** Whether the token itself is refused, and not a right of its user. */
export function isTokenRefused(error: unknown): boolean {
  return error instanceof MoyskladRefusal && (error.status === 401 || error.codes.some((code) => CREDENTIALS.has(code)));
}

/** Whether the user lacks a right, or the tariff has not what was asked. */
export function isForbidden(error: unknown): boolean {
  return error instanceof MoyskladRefusal && !isTokenRefused(error) && (error.kind === 'auth' || error.status === 403);
}

/** The error for a reply that is no success. `effect`: of a call that changes something. */
export function toRefusal(reply: HttpReply, effect: boolean, context: MoyskladContext): MoyskladRefusal {
  const { status, headers } = reply;
  const problems = readProblems(reply);
  const codes = problems.flatMap(({ code }) => code ?? []);
  const known = codes.flatMap((code) => MEANINGS.get(code) ?? []);
  const meaning = known[0] ?? judgeStatus(status);
  const kind = codes.includes(CODE.isParallel) ? 'unavailable' : meaning !== 'down' ? meaning : effect ? 'unknown_outcome' : 'unavailable';
  const own = codes.some((code) => CREDENTIALS.has(code)) || status === 401 ? texts.credentials : chooseWords(kind);
  const words = quoteReasons(problems.map(({ error }) => error));
  const message = own || !words ? say(own ?? texts.refused, context) : `MoySklad: ${words}`;
  const retryAfterMs = kind === 'rate_limited' ? readPause(headers['x-lognex-retry-after']) : undefined;
  return new MoyskladRefusal(kind, message, status, codes, retryAfterMs);
}

function judgeStatus(status: number): Meaning {
  if (status === 401 || status === 403) return 'auth';
  return status === 429 ? 'rate_limited' : 'rejected';
}

function chooseWords(kind: ProviderErrorKind): LocalText | undefined {
  const words = { auth: texts.noRight, rate_limited: texts.tooManyCalls, unavailable: texts.away, unknown_outcome: texts.notKnown };
  return kind in words ? words[kind as keyof typeof words] : undefined;
}

/** A batch answers a list of such bodies; a proxy, and a 415, none at all. */
function readProblems(reply: HttpReply): WireProblem[] {
  try {
    return reply.json((value) => (Array.isArray(value) ? value : [value]).flatMap((one) => getParser(WireProblems).parse(one).errors));
  } catch {
    return [];
  }
}

/** Milliseconds, unlike the standard header's seconds. */
function readPause(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,9}$/.test(header.trim()) ? Number(header) : undefined;
}
