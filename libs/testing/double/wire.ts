import { Ajv } from 'ajv';

/** A JSON schema. `T`: the values that it accepts. */
export interface Schema<T = unknown> {
  readonly [keyword: string]: unknown;
  /** For the type only. */
  readonly of?: T;
}
/** The values that a schema accepts. */
export type Infer<S> = S extends Schema<infer T> ? T : never;

/**
 * A call of a service's API: the facts that its double accepts requests by and writes replies by, and that
 * `npm run check:spec` compares with the service's published description.
 */
export interface WireCall<Call extends string = string> {
  /** Two calls may share a name, which faults and counts are about. */
  call: Call;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** The path of the URL, `:name` for a parameter. */
  path: string;
  /** Without a schema a body is refused. A form's values are converted to the schema's types. */
  body?: Schema;
  /** How the body is written. JSON when left out; `text` is for XML, `bytes` for uploads. */
  bodyType?: 'json' | 'form' | 'text' | 'bytes';
  /** The body may be missing. */
  isBodyOptional?: boolean;
  /** Its values are converted to the schema's types. Any query is accepted without a schema. */
  query?: Schema;
  /** The schema of its reply. The double must keep to it, too. */
  reply?: Schema;
  /** HTTP status of a success. 200 when left out. */
  status?: number;
  /** It needs an idempotency key. */
  isKeyed?: boolean;
  /** It needs no account, such as the call that returns a token. */
  isOpen?: boolean;
}

/** Fields of an object. A name that ends with `?` may be missing. */
export type Fields = Readonly<Record<string, Schema>>;
type Optional<F> = { -readonly [K in keyof F as K extends `${infer Name}?` ? Name : never]?: Infer<F[K]> };
type Needed<F> = { -readonly [K in keyof F as K extends `${string}?` ? never : K]: Infer<F[K]> };

export const text = (minLength = 0, maxLength?: number): Schema<string> => ({ type: 'string', minLength, maxLength });
export const like = (pattern: RegExp, maxLength?: number): Schema<string> => ({ type: 'string', pattern: pattern.source, maxLength });
export const whole = (minimum?: number, maximum?: number): Schema<number> => ({ type: 'integer', minimum, maximum });
export const number = (minimum?: number, maximum?: number): Schema<number> => ({ type: 'number', minimum, maximum });
export const flag: Schema<boolean> = { type: 'boolean' };
export const nothing: Schema<null> = { type: 'null' };
export const anything: Schema = {};
export const oneOf = <const V extends string | number>(...values: readonly V[]): Schema<V> => ({
  ...{ type: typeof values[0] === 'number' ? 'integer' : 'string', enum: values },
});
export const either = <S extends readonly Schema[]>(...schemas: S): Schema<Infer<S[number]>> => ({ anyOf: schemas });
export const list = <T>(items: Schema<T>, minItems?: number, maxItems?: number): Schema<T[]> => ({
  ...{ type: 'array', items, minItems, maxItems },
});
export const mapOf = <T>(values: Schema<T>, minProperties = 0): Schema<Record<string, T>> => ({
  ...{ type: 'object', minProperties, additionalProperties: values },
});

/**
 * An object with these fields and no others. A name that ends with `?` may be missing. `more`: keywords such
 * as `anyOf`, or `additionalProperties: true` for an object whose other fields do not matter.
 */
export function object<const F extends Fields>(fields: F, more: Readonly<Record<string, unknown>> = {}): Schema<Needed<F> & Optional<F>> {
  const properties = Object.fromEntries(Object.entries(fields).map(([name, schema]) => [name.replace(/\?$/, ''), schema]));
  const required = Object.keys(fields).filter((name) => !name.endsWith('?'));
  return { type: 'object', additionalProperties: false, required, properties, ...more };
}

/** A difference between a value and a schema. */
export interface WireError {
  /** Of JSON Schema, such as `required`. `json`: the body is not JSON; `contentType`: it has another type. */
  keyword: string;
  /** Such as `$.items[0].title`, with the name of a missing or unknown field. Only the name in a query. */
  path: string;
  message: string;
}

/** Queries and forms have text: `lenient` reads their numbers. */
const OPTIONS = { strict: false, allErrors: true };
const CHECKERS = { strict: new Ajv(OPTIONS), lenient: new Ajv({ ...OPTIONS, coerceTypes: true }) };

/** Returns all mistakes of a value. `isText`: its values are text, and are converted in place. */
export function listWrong(schema: Schema, value: unknown, isText = false): WireError[] {
  // Ajv caches compiled schemas by the object: a schema is made once, not per call.
  const validate = CHECKERS[isText ? 'lenient' : 'strict'].compile(schema);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ keyword, instancePath, params, message = '' }) => {
    const path = `$${instancePath.replace(/\/(\d+)(?=\/|$)/g, '[$1]').replaceAll('/', '.')}`;
    const { missingProperty, additionalProperty }: Record<string, unknown> = params;
    const name = missingProperty ?? additionalProperty;
    return { keyword, path: name === undefined ? path : `${path}.${String(name)}`, message };
  });
}
