import { toStorableText } from '#platform/plain';

/**
 * Reads a value of a reply: returns it typed, with only the declared properties, or throws a Mismatch.
 * Write your own for a value that no reader here fits; `refuseShape` throws for it.
 */
export type Shape<T> = (value: unknown) => T;

/** The type that a shape reads. */
export type Shaped<S> = S extends Shape<infer T> ? T : never;

/** A value that does not fit its shape. The message starts with the path: `rates[0].price is missing`. */
export class Mismatch extends Error {
  /** Names and indexes from the whole to the value. */
  readonly trail: (string | number)[] = [];

  /** `problem` completes a sentence that starts with the path, such as `is missing`. */
  constructor(readonly problem: string) {
    super(problem);
    this.name = 'Mismatch';
  }

  /** The path of the value, such as `rates[0].price`. Empty for the whole. */
  get path(): string {
    return this.trail.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('');
  }
}

/** Throws a Mismatch for a value that is missing or is not of a kind, such as `a text`. */
export function refuseShape(value: unknown, kind: string): never {
  throw new Mismatch(value === undefined || value === null ? 'is missing' : `is not ${kind}`);
}

const NUMERIC = /^-?\d{1,20}(?:\.\d{1,20})?$/;
/** The longest list by default. */
const MOST_ITEMS = 10_000;

/** A text, also an empty one. A number is written out, as some services send ids so. */
export const text: Shape<string> = (value) => {
  if (typeof value === 'string') return toStorableText(value);
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : refuseShape(value, 'a text');
};

/** A text that is not empty and has at most `most` characters: ids that are stored. */
export function id(most = 255): Shape<string> {
  return (value) => {
    const found = text(value);
    return found !== '' && found.length <= most ? found : refuseShape(found, `a text of 1 to ${most} characters`);
  };
}

/** A number, also written as a text (`"12.50"`). For amounts of money see `readDecimalMoney`. */
export const decimal: Shape<number> = (value) => {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  return typeof value === 'string' && NUMERIC.test(value) ? Number(value) + 0 : refuseShape(value, 'a number');
};

/** A whole number that loses no digits. */
export const whole: Shape<number> = (value) => {
  const found = decimal(value);
  return Number.isSafeInteger(found) ? found : refuseShape(value, 'a whole number');
};

/** True or false, also as 1, 0, `"1"`, `"0"`, `"true"` and `"false"`. */
export const truth: Shape<boolean> = (value) => {
  if (typeof value === 'boolean') return value;
  if (value === 1 || value === '1' || value === 'true') return true;
  return value === 0 || value === '0' || value === 'false' ? false : refuseShape(value, 'true or false');
};

/** A time in ISO 8601 with a date, such as `2026-03-02T09:00:00Z`. It stays a text. */
export const instant: Shape<string> = (value) => {
  const found = text(value);
  return /^\d{4}-\d\d-\d\d/.test(found) && !Number.isNaN(Date.parse(found)) ? found : refuseShape(value, 'a time in ISO 8601');
};

/** Any value, unchanged: for parts that are judged later. */
export const anything: Shape<unknown> = (value) => value;

/** A value that may be missing: undefined for `null` and for none. */
export function maybe<T>(shape: Shape<T>): Shape<T | undefined> {
  return (value) => (value === undefined || value === null ? undefined : shape(value));
}

/** One of these values, as in an enum of the service. */
export function oneOf<const Choice extends string | number>(choices: readonly Choice[]): Shape<Choice> {
  return (value) => (choices.includes(value as Choice) ? (value as Choice) : refuseShape(value, `one of ${choices.join(', ')}`));
}

/** The first of these shapes that fits. */
export function either<T, U>(first: Shape<T>, second: Shape<U>): Shape<T | U> {
  return (value) => {
    try {
      return first(value);
    } catch (error) {
      if (!(error instanceof Mismatch)) throw error;
      return second(value);
    }
  };
}

/** A shape of the result of `prepare`, which unwraps a list, or chooses between two names. */
export function prepared<T>(prepare: (value: unknown) => unknown, shape: Shape<T>): Shape<T> {
  return (value) => shape(prepare(value));
}

/** A list of at most `most` items. */
export function list<T>(shape: Shape<T>, most = MOST_ITEMS): Shape<T[]> {
  return (value) => {
    if (!Array.isArray(value)) return refuseShape(value, 'a list');
    if (value.length > most) throw new Mismatch(`has more than ${most} items`);
    const found = new Array<T>(value.length);
    let index = 0;
    try {
      for (; index < value.length; index++) found[index] = shape(value[index]);
    } catch (error) {
      throw addStep(error, index);
    }
    return found;
  };
}

/** Values by names that are not known beforehand. */
export function record<T>(shape: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return (value) => {
    const found: [string, T][] = [];
    let name = '';
    try {
      for (name of Object.keys(toObject(value))) found.push([name, shape((value as Record<string, unknown>)[name])]);
    } catch (error) {
      throw addStep(error, name);
    }
    return Object.fromEntries(found);
  };
}

/** Shapes by the names of an object's properties. */
export type Shapes = Readonly<Record<string, Shape<unknown>>>;

type Optional<S extends Shapes> = { [Name in keyof S]: undefined extends Shaped<S[Name]> ? Name : never }[keyof S];

/** The object that shapes read: properties that may be missing are optional. */
export type ShapedObject<S extends Shapes> = { [Name in Exclude<keyof S, Optional<S>>]: Shaped<S[Name]> } & {
  [Name in Optional<S>]?: Exclude<Shaped<S[Name]>, undefined>;
};

/**
 * An object with these properties. Other properties and missing ones are omitted. An empty list counts as an
 * object without properties, as PHP writes it.
 */
export function shape<S extends Shapes>(properties: S): Shape<{ [Name in keyof ShapedObject<S>]: ShapedObject<S>[Name] }> {
  const entries = Object.entries(properties);
  // Written out property by property, it is several times as fast as a loop. Replies are on the hot path.
  const lines = entries.map(([name], index) => {
    const key = JSON.stringify(name);
    return `at = ${index}; value = reads[${index}](source[${key}]); if (value !== undefined) result[${key}] = value;`;
  });
  const body = `return (source) => { const result = {}; let at = 0, value; try { ${lines.join('\n')} } catch (error) { throw fail(error, at); } return result; };`;
  // Only names from our own code, quoted, reach this text.
  const make = new Function('reads', 'fail', body) as (
    reads: Shape<unknown>[],
    fail: (error: unknown, at: number) => unknown,
  ) => Shape<never>;
  const fill = make(
    entries.map(([, read]) => read),
    (error, at) => addStep(error, entries[at]?.[0] ?? ''),
  );
  return (value) => fill(toObject(value));
}

function toObject(value: unknown): object {
  if (typeof value !== 'object' || value === null) return refuseShape(value, 'an object');
  if (!Array.isArray(value)) return value;
  return value.length === 0 ? {} : refuseShape(value, 'an object');
}

function addStep(error: unknown, step: string | number): unknown {
  if (error instanceof Mismatch) error.trail.unshift(step);
  return error;
}
