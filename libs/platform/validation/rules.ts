import * as cv from 'class-validator';
import { keepCheck } from './checks.js';
import type { DtoSchema } from './dto-schema.js';

/** class-validator's record of one decorator on one property; `type` is its name (`isInt`, `minLength`). */
export type DecoratorRecord = ReturnType<ReturnType<typeof cv.getMetadataStorage>['getTargetValidationMetadatas']>[number];

/** A decorator's part of its property's schema; `notEmpty` becomes `minLength`, on texts only. */
export interface Rule extends DtoSchema {
  notEmpty?: boolean;
}

/** Name of the decorator for a list of lists of texts. */
export const LIST_OF_TEXT_LISTS = 'isListOfTextLists';

/** A decorator with options that a schema cannot express. The caller adds the place. */
export class UnsupportedDecorator extends Error {}

/** All supported decorators and their meaning. A class with any other decorator fails to compile. */
export const RULES: ReadonlyMap<string, (record: DecoratorRecord) => Rule> = new Map<string, (record: DecoratorRecord) => Rule>([
  [cv.IS_DEFINED, () => ({})],
  [cv.IS_NOT_EMPTY, () => ({ notEmpty: true })],
  [cv.IS_STRING, () => ({ type: 'string' })],
  [cv.MIN_LENGTH, (record) => ({ type: 'string', minLength: numberIn(record, 0) })],
  [cv.MAX_LENGTH, (record) => ({ type: 'string', maxLength: numberIn(record, 0) })],
  [cv.IS_LENGTH, lengthRule],
  [cv.MATCHES, matchesRule],
  [cv.IS_EMAIL, textCheck('must be an e-mail address', 'email')],
  [cv.IS_URL, textCheck('must be a web address (URL)', 'uri')],
  [cv.IS_FQDN, textCheck('must be a host name', 'hostname')],
  [cv.IS_IP, textCheck('must be an IP address')],
  [cv.IS_UUID, textCheck('must be a UUID', 'uuid')],
  [cv.IS_ISO8601, textCheck('must be a date in ISO 8601 format', 'date-time')],
  [cv.IS_DATE_STRING, textCheck('must be a date in ISO 8601 format', 'date-time')],
  [cv.IS_MILITARY_TIME, textCheck('must be a time such as 09:30')],
  [cv.IS_TIMEZONE, textCheck('must be a time zone such as Europe/Madrid')],
  [cv.IS_ISO31661_ALPHA_2, textCheck('must be a two-letter country code')],
  [cv.IS_ISO4217_CURRENCY_CODE, textCheck('must be a currency code such as EUR')],
  [cv.IS_LOCALE, textCheck('must be a language code')],
  [cv.IS_PHONE_NUMBER, textCheck('must be a phone number')],
  [cv.IS_HEX_COLOR, textCheck('must be a colour such as #1a2b3c')],
  [cv.IS_HEXADECIMAL, textCheck('must be a hexadecimal number')],
  [cv.IS_NUMBER_STRING, textCheck('must be a number')],
  [cv.IS_ALPHANUMERIC, textCheck('must contain only letters and digits')],
  [cv.IS_BASE64, textCheck('must be in base 64', 'byte')],
  [cv.IS_JSON, textCheck('must be JSON')],
  [cv.IS_BOOLEAN, () => ({ type: 'boolean' })],
  [cv.IS_INT, () => ({ type: 'integer' })],
  [cv.IS_NUMBER, numberRule],
  [cv.MIN, (record) => ({ type: 'number', minimum: numberIn(record, 0) })],
  [cv.MAX, (record) => ({ type: 'number', maximum: numberIn(record, 0) })],
  [cv.IS_POSITIVE, () => ({ type: 'number', exclusiveMinimum: 0 })],
  [cv.IS_NEGATIVE, () => ({ type: 'number', exclusiveMaximum: 0 })],
  [cv.IS_LATITUDE, () => ({ type: 'number', minimum: -90, maximum: 90 })],
  [cv.IS_LONGITUDE, () => ({ type: 'number', minimum: -180, maximum: 180 })],
  [cv.IS_DIVISIBLE_BY, divisibleRule],
  [cv.IS_IN, (record) => choiceRule(listIn(record))],
  [cv.IS_NOT_IN, notInRule],
  [cv.IS_ENUM, enumRule],
  [cv.IS_OBJECT, () => ({ type: 'object' })],
  [cv.IS_NOT_EMPTY_OBJECT, () => ({ type: 'object', minProperties: 1 })],
  [cv.IS_ARRAY, () => ({ type: 'array' })],
  [cv.ARRAY_NOT_EMPTY, () => ({ type: 'array', minItems: 1 })],
  [cv.ARRAY_MIN_SIZE, (record) => ({ type: 'array', minItems: numberIn(record, 0) })],
  [cv.ARRAY_MAX_SIZE, (record) => ({ type: 'array', maxItems: numberIn(record, 0) })],
  [cv.ARRAY_UNIQUE, uniqueRule],
  [LIST_OF_TEXT_LISTS, () => ({ type: 'array', items: { type: 'array', items: { type: 'string', minLength: 1 } } })],
]);

function listConstraints(record: DecoratorRecord): unknown[] {
  return record.constraints ?? [];
}

function numberIn(record: DecoratorRecord, index: number): number {
  const value = listConstraints(record)[index];
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new UnsupportedDecorator('needs a number');
  return value;
}

function listIn(record: DecoratorRecord): unknown[] {
  const values = listConstraints(record)[0];
  if (!Array.isArray(values)) throw new UnsupportedDecorator('needs a list of values');
  return values;
}

function lengthRule(record: DecoratorRecord): Rule {
  const rule: Rule = { type: 'string', minLength: numberIn(record, 0) };
  if (listConstraints(record)[1] !== undefined) rule.maxLength = numberIn(record, 1);
  return rule;
}

function matchesRule(record: DecoratorRecord): Rule {
  const [pattern, modifiers] = listConstraints(record);
  const given = pattern instanceof RegExp ? pattern : new RegExp(String(pattern), typeof modifiers === 'string' ? modifiers : '');
  // A global or sticky expression remembers where it stopped. One shared by all requests must not.
  if (given.sticky) throw new UnsupportedDecorator('does not support a sticky expression');
  const expression = new RegExp(given.source, given.flags.replace('g', ''));
  const check = { accepts: (value: unknown) => expression.test(String(value)), message: 'has a wrong format' };
  return { type: 'string', format: keepCheck(cv.MATCHES, { type: 'string', ...check, pattern: expression.source }) };
}

/** The decorator's own code decides, so that its verdict is class-validator's by construction. */
function textCheck(message: string, format?: string): (record: DecoratorRecord) => Rule {
  return (record) => ({
    type: 'string',
    format: keepCheck(record.type, { type: 'string', accepts: makeVerdict(record), message, format }),
  });
}

function makeVerdict(record: DecoratorRecord): (value: unknown) => boolean {
  const validator = cv.getMetadataStorage().getTargetValidatorConstraints(record.constraintCls)[0]?.instance;
  if (validator === undefined) throw new UnsupportedDecorator('has no validator');
  const frame = { constraints: listConstraints(record), targetName: '', object: {}, property: record.propertyName };
  return (value) => validator.validate(value, { ...frame, value }) === true;
}

function numberRule(record: DecoratorRecord): Rule {
  const options = (listConstraints(record)[0] ?? {}) as cv.IsNumberOptions;
  if (options.allowNaN || options.allowInfinity)
    throw new UnsupportedDecorator('does not support allowNaN and allowInfinity: JSON has neither value');
  const places = options.maxDecimalPlaces;
  if (places === undefined) return { type: 'number' };
  const check = {
    accepts: (value: unknown) => decimalPlaces(Number(value)) <= places,
    message: places === 0 ? 'must be a whole number' : `must have at most ${places} decimal places`,
  };
  return { type: 'number', format: keepCheck(cv.IS_NUMBER, { type: 'number', ...check }) };
}

function decimalPlaces(value: number): number {
  const [mantissa = '', exponent = '0'] = String(value).split('e');
  return Math.max(0, (mantissa.split('.')[1]?.length ?? 0) - Number(exponent));
}

function divisibleRule(record: DecoratorRecord): Rule {
  const check = { accepts: makeVerdict(record), message: `must be divisible by ${numberIn(record, 0)}` };
  return { type: 'number', format: keepCheck(cv.IS_DIVISIBLE_BY, { type: 'number', ...check }) };
}

function choiceRule(values: unknown[]): Rule {
  const type = typeof values[0];
  if ((type !== 'string' && type !== 'number' && type !== 'boolean') || values.some((value) => typeof value !== type)) {
    throw new UnsupportedDecorator('needs one or more values, all texts, all numbers or all booleans');
  }
  return { type, enum: values as (string | number | boolean)[] };
}

function notInRule(record: DecoratorRecord): Rule {
  return { not: { enum: choiceRule(listIn(record)).enum ?? [] } };
}

/** A numeric enum's names, which class-validator would take as well, are not values of its. */
function enumRule(record: DecoratorRecord): Rule {
  const values = listConstraints(record)[1];
  if (!Array.isArray(values)) throw new UnsupportedDecorator('needs an enum');
  return choiceRule(values);
}

/** Uses class-validator: Ajv's `uniqueItems` compares all pairs and has no identity function. */
function uniqueRule(record: DecoratorRecord): Rule {
  const verdict = makeVerdict(record);
  const accepts = (value: unknown): boolean => {
    try {
      return verdict(value);
    } catch {
      // That function met an item of a wrong type, which is a separate error.
      return true;
    }
  };
  return { type: 'array', unique: keepCheck(cv.ARRAY_UNIQUE, { type: 'array', accepts, message: 'must not hold an item twice' }) };
}
