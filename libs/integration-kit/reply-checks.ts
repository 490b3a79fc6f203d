import { type Money, ProviderError, type ProviderErrorKind, type ProviderManifest } from '#provider-kit';

/** Something in a provider's reply that its port does not allow. */
export interface ReplyProblem {
  /** Path in the reply, such as `[0].cost.minor`; empty: the reply itself. */
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
  /** Our reference of the refund that the reply must contain. */
  readonly reference?: string;
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
  /**
   * Kind of the error for a reply that cannot be used, `unavailable` when left out. `unknown_outcome`: the
   * provider has acted all the same, so the outcome is looked up.
   */
  readonly failsAs?: ProviderErrorKind;
  /** `item`: of a list that is checked item by item. */
  readFacts?(args: Args, manifest: Manifest, item?: unknown): ReplyFacts;
}

type ArgsOf<Member> = NonNullable<Member> extends (...args: infer Args) => unknown ? Args : readonly unknown[];

/** The checks of a port, by its methods; a member with several methods has one check for them all. */
export type ReplyChecks<Port extends { manifest: object }> = {
  readonly [Method in keyof Port]?: MethodCheck<ArgsOf<Port[Method]>, Port['manifest']>;
};

/** A reply that breaks its port: no outage, because the service answers. */
export class BrokenReplyError extends ProviderError {}

const NOTHING: ReplyFacts = {};

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
  const problems: ReplyProblem[] = [];
  if (!wrongItems) {
    check(reply, '', problems, facts());
    return { problems, usable: problems.length === 0 ? { reply } : undefined };
  }
  if (!Array.isArray(reply)) return { problems: [{ field: '', problem: 'must be a list' }], usable: undefined };
  const items: readonly unknown[] = reply;
  const wrong = new Set<number>();
  items.forEach((item, index) => {
    const before = problems.length;
    check(item, `[${index}]`, problems, facts(item));
    if (problems.length > before) wrong.add(index);
  });
  if (wrong.size === 0) return { problems, usable: { reply } };
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

/** A text that is not empty. */
export const checkText = expectThat('must be a text that is not empty', (value) => typeof value === 'string' && value.trim() !== '');
/** A text, perhaps an empty one. */
export const checkAnyText = expectThat('must be a text', (value) => typeof value === 'string');
export const checkFlag = expectThat('must be true or false', (value) => typeof value === 'boolean');
export const checkCount = expectThat(
  'must be a whole number, at least 0',
  (value) => Number.isSafeInteger(value) && (value as number) >= 0,
);
export const checkAmount = expectThat('must be a number, at least 0', (value) => isNumber(value) && value >= 0);
export const checkAnyNumber = expectThat('must be a number', isNumber);
export const checkMoment = expectThat('must be a valid Date', (value) => value instanceof Date && !Number.isNaN(value.getTime()));
export const checkDay = expectThat('must be a day (YYYY-MM-DD)', (value) => typeof value === 'string' && isCalendarDay(value));
export const checkFunction = expectThat('must be a function', (value) => typeof value === 'function');
/** Any object, also one of a class. */
export const checkObject = expectThat('must be an object', isObject);
/** One of the manifest's statuses. */
export const checkStatus: ReplyCheck = (value, field, found, { statuses = [] }) => {
  if (!statuses.includes(value as string)) found.push({ field, problem: `must be one of the manifest's statuses: ${statuses.join(', ')}` });
};
/** A PDF, whose header may be preceded by some bytes. */
export const checkPdf = expectThat(
  'must be a PDF',
  (value) =>
    value instanceof Uint8Array && Buffer.from(value.buffer, value.byteOffset, Math.min(value.byteLength, 1_024)).includes('%PDF-'),
);
/** An address that a browser may be led to. */
export const checkWebAddress = expectThat('must be an http or https address', (value) => {
  return typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
});

/** A text of 1 to `most` characters. */
export function checkTextUpTo(most: number): ReplyCheck {
  return expectThat(
    `must be a text of 1 to ${most} characters`,
    (value) => typeof value === 'string' && value !== '' && value.length <= most,
  );
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
    else value.forEach((item, index) => check(item, `${field}[${index}]`, found, facts));
  };
}

/** An object of any keys, whose values are checked. */
export function checkMap(check: ReplyCheck): ReplyCheck {
  return (value, field, found, facts) => {
    if (!isObject(value) || Array.isArray(value)) found.push({ field, problem: 'must be an object' });
    else for (const [key, item] of Object.entries(value)) check(item, `${field}[${key.replace(/\W/g, '_').slice(0, 40)}]`, found, facts);
  };
}

/** An object with the members of a type of the port: the compiler holds the list to the type. */
export function checkShape<Type extends object>(members: { readonly [Name in keyof Type]-?: ReplyCheck }): ReplyCheck {
  const checks = Object.entries<ReplyCheck>(members);
  return (value, field, found, facts) => {
    if (!isObject(value)) found.push({ field, problem: 'must be an object' });
    else for (const [name, check] of checks) check(value[name], join(field, name), found, facts);
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

/** An amount of money, not negative, in the currency of the call. */
export const checkMoney: ReplyCheck = checkAll(
  checkShape<Money>({
    minor: checkCount,
    currency: expectThat('must be an ISO 4217 code in upper case', (value) => typeof value === 'string' && /^[A-Z]{3}$/.test(value)),
  }),
  (value, field, found, { currency }) => {
    const got = (value as Money).currency;
    if (currency !== undefined && got !== currency.toUpperCase())
      found.push({ field: join(field, 'currency'), problem: `must be ${currency}, not ${got}` });
  },
);

function join(field: string, name: string): string {
  return field === '' ? name : `${field}.${name}`;
}

function isCalendarDay(text: string): boolean {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  return day !== undefined && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
