import { Ajv } from 'ajv';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { BadInputError } from './bad-input.error.js';
import type { FieldErrors } from './problem-texts.js';
import type { Check } from './checks.js';
import { allChecks, getCheck } from './checks.js';
import type { DtoClass, DtoSchema } from './dto-schema.js';
import { REF_PREFIX } from './dto-schema.js';
import { JsonDocument } from './json-document.js';
import type { Read } from './reader.js';
import { compileReader } from './reader.js';
import { compileSchema } from './schema-compiler.js';

const MAX_ERRORS = 20;
/** Above this many values only the first error is reported: a megabyte of nonsense would cost a second. */
const MAX_VALUES_FOR_ALL_ERRORS = 10_000;

function makeAjv(allErrors: boolean): Ajv {
  const ajv = new Ajv({
    allErrors,
    verbose: true,
    messages: false,
    // The schemas are ours and the property test holds them to class-validator's verdict.
    validateSchema: false,
    meta: false,
    strictTypes: false,
    keywords: ['freeForm', 'messages'],
  });
  return ajv.addKeyword({
    keyword: 'unique',
    type: 'array',
    schemaType: 'string',
    errors: false,
    compile: (name: string) => getCheck(name).accepts,
  });
}

/** Returns the verdict, and one error. */
const judge = makeAjv(false);
/** Finds all errors of refused input. */
const examiner = makeAjv(true);

const parsers = new WeakMap<DtoClass<object>, Parser<object>>();

/**
 * Returns a class's parser, made at the first call. Call it when the program starts: it throws an Error that
 * names class and property for a decorator that cannot be compiled.
 */
export function getParser<T extends object>(target: DtoClass<T>): Parser<T> {
  let parser = parsers.get(target);
  if (parser === undefined) {
    const compiled = compileSchema(target);
    const schema = { $ref: REF_PREFIX + compiled.root, definitions: compiled.definitions };
    parser = new Parser<object>(compileReader(compiled), (ajv) => compileValidator(ajv, schema));
    parsers.set(target, parser);
  }
  return parser as Parser<T>;
}

function compileValidator(ajv: Ajv, schema: object): ValidateFunction {
  for (const [name, check] of allChecks()) {
    if (ajv.formats[name] === undefined) register(ajv, name, check);
  }
  return ajv.compile(schema);
}

function register(ajv: Ajv, name: string, { type, accepts }: Check): void {
  if (type === 'string') ajv.addFormat(name, { type, validate: accepts });
  else if (type === 'number') ajv.addFormat(name, { type, validate: accepts });
}

/** Reads and validates outside data into a DTO. Made by `getParser`. */
export class Parser<T extends object> {
  private validate?: ValidateFunction;
  private examine?: ValidateFunction;

  constructor(
    private readonly read: Read,
    /** Called when a value first needs it: compiling every validator is a third of a process's start. */
    private readonly compile: (ajv: Ajv) => ValidateFunction,
  ) {}

  /**
   * Returns a plain object with the class's known properties only.
   * @param field the name of the whole in errors when it is not an object
   * @throws BadInputError with every wrong field
   */
  parse(value: unknown, field = 'body'): T {
    return this.check(this.read(value, true, 0), field);
  }

  /** Parses JSON text from one form field. Missing or invalid text is an error of `field`. */
  parseJson(text: string | undefined, field: string): T {
    return this.parseDocument(new JsonDocument(text, field));
  }

  /** As `parse`, for a document whose `field` is the name of the whole in errors. */
  parseDocument({ value, isDirty, field }: JsonDocument): T {
    return this.check(this.read(value, isDirty, 0), field);
  }

  private check(value: unknown, field: string): T {
    this.validate ??= this.compile(judge);
    if (this.validate(value)) return value as T;
    throw new BadInputError(toFieldErrors(this.findErrors(value, this.validate.errors ?? []), field));
  }

  private findErrors(value: unknown, first: readonly ErrorObject[]): readonly ErrorObject[] {
    if (holdsMoreValues(value, MAX_VALUES_FOR_ALL_ERRORS)) return first;
    this.examine ??= this.compile(examiner);
    this.examine(value);
    return this.examine.errors ?? first;
  }
}

/** Counts without recursion: input that the reader could not read may have any depth. */
function holdsMoreValues(value: unknown, limit: number): boolean {
  const open = [value];
  let seen = 0;
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next !== 'object' || next === null) continue;
    const inner: unknown[] = Object.values(next);
    seen += inner.length;
    if (seen > limit) return true;
    open.push(...inner);
  }
  return false;
}

function toFieldErrors(errors: readonly ErrorObject[], field: string): FieldErrors {
  const found = new Map<string, string>();
  for (const error of errors) {
    if (error.keyword === '$ref') continue;
    const path = toPath(error, field);
    // A wrong type explains whatever else is wrong with the field.
    if (found.has(path) && error.keyword !== 'type') continue;
    if (!found.has(path) && found.size === MAX_ERRORS) continue;
    found.set(path, toMessage(error));
  }
  return Object.fromEntries(found);
}

function toPath(error: ErrorObject, field: string): string {
  const segments = error.instancePath.split('/').slice(1);
  if (error.keyword === 'required') segments.push((error.params as { missingProperty: string }).missingProperty);
  if (segments.length === 0) return field;
  return segments.reduce((path, segment) => {
    if (/^\d+$/.test(segment)) return `${path}[${segment}]`;
    return path === '' ? segment : `${path}.${segment}`;
  }, '');
}

const TYPE_MESSAGES: { readonly [type: string]: string } = {
  string: 'must be a text',
  number: 'must be a number',
  integer: 'must be a whole number',
  boolean: 'must be true or false',
  array: 'must be a list',
  object: 'must be an object',
};

function toMessage(error: ErrorObject): string {
  if (typeof error.data === 'symbol') return error.data.description ?? 'is wrong';
  if (error.keyword === 'required' || error.data === null || error.data === undefined) return 'is required';
  const schema = error.parentSchema as DtoSchema;
  return schema.messages?.[error.keyword] ?? standardMessage(error, schema);
}

function standardMessage({ keyword, data }: ErrorObject, schema: DtoSchema): string {
  switch (keyword) {
    case 'type':
      // A number with decimals gets its own message. Other values are reported as not a number.
      if (schema.type === 'integer' && typeof data !== 'number') return 'must be a number';
      return (typeof schema.type === 'string' && TYPE_MESSAGES[schema.type]) || 'has a wrong type';
    case 'enum':
      return `must be one of: ${(schema.enum ?? []).join(', ')}`;
    case 'not':
      return `must not be one of: ${(schema.not?.enum ?? []).join(', ')}`;
    case 'minimum':
      return `must be at least ${schema.minimum}`;
    case 'maximum':
      return `must be at most ${schema.maximum}`;
    case 'exclusiveMinimum':
      return `must be greater than ${schema.exclusiveMinimum}`;
    case 'exclusiveMaximum':
      return `must be less than ${schema.exclusiveMaximum}`;
    case 'minLength':
      return schema.minLength === 1 ? 'must not be empty' : `must have at least ${schema.minLength} characters`;
    case 'maxLength':
      return `must have at most ${schema.maxLength} characters`;
    case 'minItems':
      return `must have at least ${schema.minItems} ${schema.minItems === 1 ? 'item' : 'items'}`;
    case 'maxItems':
      return `must have at most ${schema.maxItems} ${schema.maxItems === 1 ? 'item' : 'items'}`;
    case 'unique':
      return 'must not hold an item twice';
    case 'minProperties':
      return 'must not be empty';
    case 'format':
      return schema.format === undefined ? 'is wrong' : getCheck(schema.format).message;
    default:
      return 'is wrong';
  }
}
