import { cleanText } from '#platform';
import {
  type Money,
  MoneyError,
  PROVIDER_ERROR_STATUS,
  ProviderError,
  type ProviderErrorKind,
  type ProviderManifest,
  type Register,
  type RegisterRow,
  shortenText,
} from '#provider-kit';

/** Something in a provider's reply that its port does not allow. */
export interface ReplyProblem {
  /** Path in the reply, such as `[0].cost.minor`. Empty for the reply itself. */
  readonly field: string;
  /** Completes the sentence "{field} ...". */
  readonly problem: string;
}

/** Limits of a reply that follow from the call. */
export interface ReplyFacts {
  /** ISO 4217: amounts must be in it. Missing: any currency. */
  readonly currency?: string | undefined;
  /** Codes of the manifest's statuses. */
  readonly statuses?: readonly string[];
  /** Text that begins a document. By default a PDF's. */
  readonly mark?: string;
  /** Our reference of the refund that the reply must contain. */
  readonly reference?: string;
  /** Our references of known refunds, by their ids at the provider. */
  readonly refunds?: ReadonlyMap<string, string>;
}

/** Adds the problems of a value to `found`. */
export type ReplyCheck = (value: unknown, field: string, found: ReplyProblem[], facts: ReplyFacts) => void;

/** How the reply of one method is checked. */
export interface MethodCheck<Args extends readonly unknown[], Manifest> {
  readonly check: ReplyCheck;
  /** For a list, whose items are checked: a wrong item is left out, or becomes undefined in its place. */
  readonly wrongItems?: 'leave-out' | 'blank';
  /** The checked method of a member with several methods. Missing: all of them. */
  readonly of?: string;
  /** Whether the reply is used without waiting: a promise is not a reply. */
  readonly isSync?: true;
  /**
   * Kind of the error for a reply that cannot be used, `unavailable` when left out. `unknown_outcome`: the
   * provider has acted nevertheless, so the outcome is looked up.
   */
  readonly failsAs?: ProviderErrorKind;
  /** `item`: of a list that is checked item by item. */
  readFacts?(args: Args, manifest: Manifest, item?: unknown): ReplyFacts;
}

type ArgsOf<Member> = NonNullable<Member> extends (...args: infer Args) => unknown ? Args : readonly unknown[];

/** The checks of a port, by its methods. A member with several methods has one check for them all. */
export type ReplyChecks<Port extends { manifest: object }> = {
  readonly [Method in keyof Port]?: MethodCheck<ArgsOf<Port[Method]>, Port['manifest']>;
};

/** A reply that breaks its port. It is not an outage, because the service replies. */
export class BrokenReplyError extends ProviderError {}

/** Maximum number of items in a list: more would stop the process for seconds. */
const MOST_ITEMS = 100_000;
/** Maximum number of characters of a text that identifies or names something, and of any other text. */
const MOST_TEXT = 10_000;
const MOST_ANY_TEXT = 1_000_000;
/** Years of a moment, from and to: the database does not store every Date. */
const YEARS = { least: 1970, most: 2200 };

const NOTHING: ReplyFacts = {};
/** Field of a value that is only judged: to build the paths of all members costs more than their checks. */
const UNNAMED = '?';
const TOO_MANY = `must have at most ${MOST_ITEMS} items`;

/**
 * Returns a reply as it may be used, and the problems found. The reply is undefined when it cannot be used:
 * always with a problem, except in a list with sound items.
 */
export function checkReply<Reply>(
  { check, wrongItems, readFacts }: MethodCheck<never, never>,
  reply: Reply,
  args: readonly unknown[],
  manifest: ProviderManifest<object>,
): { problems: readonly ReplyProblem[]; usable: { reply: Reply } | undefined } {
  const facts = (item?: unknown): ReplyFacts => readFacts?.(args as never, manifest as never, item) ?? NOTHING;
  const isSound = (value: unknown, item?: unknown): boolean => {
    const found: ReplyProblem[] = [];
    check(value, UNNAMED, found, facts(item));
    return found.length === 0;
  };
  const problems: ReplyProblem[] = [];
  if (!wrongItems) {
    if (!isSound(reply)) check(reply, '', problems, facts());
    return { problems, usable: problems.length === 0 ? { reply } : undefined };
  }
  if (!Array.isArray(reply)) return { problems: [{ field: '', problem: 'must be a list' }], usable: undefined };
  if (reply.length > MOST_ITEMS) return { problems: [{ field: '', problem: TOO_MANY }], usable: undefined };
  const wrong = new Set<number>();
  // Holes are items that are undefined: the methods of a list skip them.
  for (let index = 0; index < reply.length; index++) {
    const item: unknown = reply[index];
    if (isSound(item, item)) continue;
    wrong.add(index);
    check(item, `[${index}]`, problems, facts(item));
  }
  if (wrong.size === 0) return { problems, usable: { reply } };
  const items: readonly unknown[] = Array.from(reply as readonly unknown[]);
  if (wrong.size === items.length) return { problems, usable: undefined };
  const sound =
    wrongItems === 'blank'
      ? items.map((item, index) => (wrong.has(index) ? undefined : item))
      : items.filter((_, index) => !wrong.has(index));
  return { problems, usable: { reply: sound as Reply } };
}

/** Builds a check out of a condition. */
function expectThat(problem: string, isSound: (value: unknown, facts: ReplyFacts) => boolean): ReplyCheck {
  return (value, field, found, facts) => {
    if (!isSound(value, facts)) found.push({ field, problem });
  };
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Whether a value is a text that the database stores: without NUL, and without half a character. */
const isStorable = (value: unknown): value is string => typeof value === 'string' && !value.includes('\0') && value.isWellFormed();

/** A text that is not empty. */
export const checkText = expectThat(
  `must be a text of 1 to ${MOST_TEXT} characters that is not blank`,
  (value) => isStorable(value) && value.length <= MOST_TEXT && value.trim() !== '',
);
/** A text, perhaps an empty one. */
export const checkAnyText = expectThat(
  `must be a text of at most ${MOST_ANY_TEXT} characters`,
  (value) => isStorable(value) && value.length <= MOST_ANY_TEXT,
);
export const checkFlag = expectThat('must be true or false', (value) => typeof value === 'boolean');
export const checkCount = expectThat(
  'must be a whole number, at least 0',
  (value) => Number.isSafeInteger(value) && (value as number) >= 0,
);
export const checkAnyNumber = expectThat('must be a number', isNumber);
export const checkMoment = expectThat(`must be a valid Date of the years ${YEARS.least} to ${YEARS.most}`, (value) => {
  const year = value instanceof Date ? value.getUTCFullYear() : NaN;
  return year >= YEARS.least && year <= YEARS.most;
});
export const checkDay = expectThat('must be a day (YYYY-MM-DD)', (value) => typeof value === 'string' && isCalendarDay(value));
export const checkFunction = expectThat('must be a function', (value) => typeof value === 'function');
/** Any object, also one of a class. */
export const checkObject = expectThat('must be an object', isObject);
/** One of the manifest's statuses. */
export const checkStatus: ReplyCheck = (value, field, found, { statuses = [] }) => {
  if (!statuses.includes(value as string)) found.push({ field, problem: `must be one of the manifest's statuses: ${statuses.join(', ')}` });
};
/** A PDF, whose header may be preceded by some bytes. */
export const checkDocument: ReplyCheck = (value, field, found, { mark = '%PDF-' }) => {
  if (value instanceof Uint8Array && Buffer.from(value.buffer, value.byteOffset, Math.min(value.byteLength, 1_024)).includes(mark)) return;
  found.push({ field, problem: `must be a file that begins with ${mark}` });
};
/** An address that a browser may be led to. */
export const checkWebAddress = expectThat('must be an http or https address', (value) => {
  return typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
});

/** A text of 1 to `most` characters. */
export function checkTextUpTo(most: number): ReplyCheck {
  return expectThat(
    `must be a text of 1 to ${most} characters`,
    (value) => isStorable(value) && value.trim() !== '' && value.length <= most,
  );
}

/** An id of an object at the provider, which has an index in the database. */
export const checkId = checkTextUpTo(500);

/** A number that may be fractional. */
export function checkAmountUpTo(most: number): ReplyCheck {
  return expectThat(`must be a number from 0 to ${most}`, (value) => isNumber(value) && value >= 0 && value <= most);
}

export function checkOneOf(...values: readonly string[]): ReplyCheck {
  return expectThat(`must be one of: ${values.join(', ')}`, (value) => typeof value === 'string' && values.includes(value));
}

export function checkCountWithin(least: number, most: number): ReplyCheck {
  return expectThat(
    `must be a whole number from ${least} to ${most}`,
    (value) => Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most,
  );
}

/** A value that may be missing. */
export function checkOptional(check: ReplyCheck): ReplyCheck {
  return (value, field, found, facts) => {
    if (value !== undefined) check(value, field, found, facts);
  };
}

/** A list of at least `least` items. */
export function checkList(check: ReplyCheck, least = 0): ReplyCheck {
  return (value, field, found, facts) => {
    if (!Array.isArray(value)) found.push({ field, problem: 'must be a list' });
    else if (value.length < least) found.push({ field, problem: `must have at least ${least} ${least === 1 ? 'item' : 'items'}` });
    else if (value.length > MOST_ITEMS) found.push({ field, problem: TOO_MANY });
    else {
      let index = 0;
      for (const item of value as readonly unknown[]) check(item, field === UNNAMED ? UNNAMED : `${field}[${index++}]`, found, facts);
    }
  };
}

/** An object of any keys, whose values are checked. */
export function checkMap(check: ReplyCheck): ReplyCheck {
  return (value, field, found, facts) => {
    if (!isObject(value) || Array.isArray(value)) found.push({ field, problem: 'must be an object' });
    else
      for (const [key, item] of Object.entries(value))
        check(item, field === UNNAMED ? UNNAMED : `${field}[${key.replace(/\W/g, '_').slice(0, 40)}]`, found, facts);
  };
}

/** An object with the members of a type of the port: the compiler holds the list to the type. */
export function checkShape<Type extends object>(members: { readonly [Name in keyof Type]-?: ReplyCheck }): ReplyCheck {
  const checks = Object.entries<ReplyCheck>(members);
  return (value, field, found, facts) => {
    if (!isObject(value)) found.push({ field, problem: 'must be an object' });
    else
      for (const [name, check] of checks) {
        let member: unknown;
        try {
          member = value[name];
        } catch (error) {
          found.push({ field: join(field, name), problem: `cannot be read (${describeThrown(error)})` });
          continue;
        }
        check(member, join(field, name), found, facts);
      }
  };
}

/** A value that fits all checks. */
export function checkAll(...checks: readonly ReplyCheck[]): ReplyCheck {
  return (value, field, found, facts) => {
    const before = found.length;
    // The later ones rely on the earlier ones.
    for (const check of checks) if (found.length === before) check(value, field, found, facts);
  };
}

export const checkCurrency = expectThat(
  'must be an ISO 4217 code in upper case',
  (value) => typeof value === 'string' && /^[A-Z]{3}$/.test(value),
);

/** An amount of money, not negative, in the currency of the call. */
export const checkMoney: ReplyCheck = checkAll(
  checkShape<Money>({
    minor: checkCount,
    currency: checkCurrency,
  }),
  (value, field, found, { currency }) => {
    const got = (value as Money).currency;
    if (currency !== undefined && got !== currency.toUpperCase())
      found.push({ field: join(field, 'currency'), problem: `must be ${currency}, not ${got}` });
  },
);

const checkMinor = expectThat('must be a whole number of minor units', Number.isSafeInteger);

/** A payout or a bill of a service. */
export const checkRegister: ReplyCheck = checkShape<Register>({
  ...{ id: checkId, kind: checkOneOf('payout', 'bill'), date: checkDay, currency: checkCurrency, total: checkMinor },
  document: checkOptional(checkAnyText),
  rows: checkList(
    checkShape<RegisterRow>({
      ...{ line: checkCount, kind: checkOneOf('sale', 'refund', 'fee', 'other'), gross: checkMinor, net: checkMinor },
      ...{ externalId: checkOptional(checkText), trackNumber: checkOptional(checkText), reference: checkOptional(checkText) },
      fees: checkList(checkShape<RegisterRow['fees'][number]>({ code: checkText, minor: checkMinor })),
      ...{ at: checkOptional(checkMoment), text: checkOptional(checkAnyText) },
    }),
  ),
});

const checkError = checkShape<Pick<ProviderError, 'message' | 'fields' | 'localText' | 'retryAfterMs'>>({
  message: checkText,
  fields: checkOptional(
    checkMap((value, field, found, facts) => (typeof value === 'string' ? checkText : checkMap(checkText))(value, field, found, facts)),
  ),
  localText: checkOptional(checkMap(checkText)),
  retryAfterMs: checkOptional(checkCountWithin(0, 30 * 24 * 3_600_000)),
});

/**
 * Converts a provider's thrown value into a ProviderError that can be stored and returned, and adds the
 * problem if its port does not allow it. A value that is not a ProviderError fails as `kind`.
 */
export function readThrown(thrown: unknown, kind: ProviderErrorKind): { error: ProviderError; problem?: ReplyProblem } {
  if (!(thrown instanceof ProviderError) || !Object.hasOwn(PROVIDER_ERROR_STATUS, thrown.kind)) {
    // An adapter reads amounts of replies: a wrong one is a fault of the service.
    const problem =
      thrown instanceof MoneyError
        ? `has an amount that cannot be used: ${describeThrown(thrown)}`
        : `threw ${describeThrown(thrown)} instead of a ProviderError`;
    return { error: new ProviderError(kind, problem, { cause: thrown }), problem: { field: '', problem } };
  }
  const problems: ReplyProblem[] = [];
  checkError(thrown, '', problems, NOTHING);
  const [first] = problems;
  if (!first) return { error: thrown };
  const error = new ProviderError(thrown.kind, describeThrown(thrown), { cause: thrown, needsPerson: thrown.needsPerson });
  return { error, problem: { field: first.field, problem: `of a thrown error ${first.problem}` } };
}

/** Describes a thrown value of any kind in one line that can be stored. Never throws. */
function describeThrown(thrown: unknown): string {
  let text: string;
  try {
    text = thrown instanceof Error ? thrown.message : `${typeof thrown} ${String(thrown)}`;
    text = cleanText(text);
  } catch {
    text = 'a value that cannot be read';
  }
  return shortenText(text.trim() || 'an error without a message', 300);
}

function join(field: string, name: string): string {
  if (field === UNNAMED) return UNNAMED;
  return field === '' ? name : `${field}.${name}`;
}

function isCalendarDay(text: string): boolean {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  return day !== undefined && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
