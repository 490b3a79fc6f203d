import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsNumber,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator';
import type { LocalText } from '../i18n/index.js';
import { COUNTRIES, CURRENCIES, Field, type FieldOptions, NamesAddress, Secret } from './decorators.js';
import type { DtoClass } from './dto-schema.js';
import { type FormSection, SECTIONS } from './form-sections.js';
import { defineProblem } from './problem-texts.js';

/** Rules of every field. */
export interface FieldRules {
  /** It may be missing. A field with an initialiser never is. */
  optional?: boolean;
  /** See `@Secret`. */
  secret?: boolean;
}

/** Rules of a text. */
export interface TextRules extends FieldRules {
  /** Whether an empty text is rejected. */
  filled?: boolean;
  minLength?: number;
  maxLength?: number;
  pattern?: RegExp;
  /** The problem of a text that does not match `pattern`, after the field's name: `must be one line`. */
  problem?: LocalText | string;
}

/** Rules of an address. */
export interface AddressRules extends FieldRules {
  maxLength?: number;
  /** Without query and fragment, because a path is put behind it. */
  isBare?: boolean;
}

/** Rules of a number. Both bounds are allowed values. */
export interface NumberRules extends FieldRules {
  min?: number;
  max?: number;
}

/** Rules of a list. */
export interface ListRules extends FieldRules {
  minItems?: number;
  maxItems?: number;
  /** No two items are equal, or have the same value of the named property. */
  unique?: string | true;
}

type Rule = PropertyDecorator | false | undefined;

/**
 * Makes decorators of settings: each is `@Field` with the rules of one type of value, so that a property
 * needs no other. `@connect.text(texts.settings.login, { maxLength: 200 }) login!: string;`
 * @param section of the account page. Missing for the items of lists
 */
export function makeFields(section?: FormSection) {
  const combine = (look: FieldOptions, { optional, secret }: FieldRules, rules: readonly Rule[]): PropertyDecorator => {
    const field = Field({ ...look, ...(section && { section }) });
    const all = [field, secret && Secret(), optional && IsOptional(), ...rules].filter((rule) => typeof rule === 'function');
    return (target, property) => {
      // From the last to the first, as decorators that are written one below the other.
      for (const rule of all.toReversed()) rule(target, property);
    };
  };
  return {
    text: (look: FieldOptions, rules: TextRules = {}) => combine(look, rules, listTextRules(rules, false)),
    email: (look: FieldOptions, rules: TextRules = {}) => combine(look, rules, [IsEmail(), ...listTextRules(rules, false)]),
    /** A URL that we connect to, see `@NamesAddress`. */
    address: (look: FieldOptions, rules: AddressRules = {}) => combine(look, rules, [NamesAddress(), ...listAddressRules(rules)]),
    /** ISO 3166-1 alpha-2. */
    country: (look: FieldOptions, rules: FieldRules = {}) =>
      combine({ ...look, codesOf: COUNTRIES }, rules, [Matches(/^[A-Z]{2}$/, { message: 'must be two capital letters' })]),
    /** ISO 4217. */
    currency: (look: FieldOptions, rules: FieldRules = {}) =>
      combine({ ...look, codesOf: CURRENCIES }, rules, [Matches(/^[A-Z]{3}$/, { message: 'must be three capital letters' })]),
    integer: (look: FieldOptions, rules: NumberRules = {}) => combine(look, rules, [IsInt(), ...listBounds(rules, false)]),
    number: (look: FieldOptions, rules: NumberRules = {}) => combine(look, rules, [IsNumber(), ...listBounds(rules, false)]),
    /** True or false. */
    flag: (look: FieldOptions, rules: FieldRules = {}) => combine(look, rules, [IsBoolean()]),
    choice: (values: readonly unknown[], look: FieldOptions, rules: FieldRules = {}) => combine(look, rules, [IsIn([...values])]),
    /** A list of objects of a decorated class. */
    list: (getClass: () => DtoClass<object>, look: FieldOptions, rules: ListRules = {}) =>
      combine(look, rules, [...listSizes(rules), ValidateNested({ each: true }), Type(getClass)]),
    texts: (look: FieldOptions, { items = {}, ...rules }: ListRules & { items?: TextRules } = {}) =>
      combine(look, rules, [...listSizes(rules), ...listTextRules(items, true)]),
    integers: (look: FieldOptions, { items = {}, ...rules }: ListRules & { items?: NumberRules } = {}) =>
      combine(look, rules, [...listSizes(rules), IsInt({ each: true }), ...listBounds(items, true)]),
    choices: (values: readonly unknown[], look: FieldOptions, rules: ListRules = {}) =>
      combine(look, rules, [...listSizes(rules), IsIn([...values], { each: true })]),
  };
}

/** Decorators of settings: by section of the account page, and `field` without a section. */
export const FIELDS = {
  field: makeFields(),
  connect: makeFields(SECTIONS.connect),
  sender: makeFields(SECTIONS.sender),
  tariffs: makeFields(SECTIONS.tariffs),
  prices: makeFields(SECTIONS.prices),
  points: makeFields(SECTIONS.points),
  forms: makeFields(SECTIONS.forms),
  statuses: makeFields(SECTIONS.statuses),
};

function listTextRules({ filled, minLength, maxLength, pattern, problem }: TextRules, each: boolean): Rule[] {
  const message = typeof problem === 'object' ? defineProblem(problem) : problem;
  return [
    IsString({ each }),
    filled && IsNotEmpty({ each }),
    pattern && Matches(pattern, { each, ...(message !== undefined && { message }) }),
    minLength !== undefined && MinLength(minLength, { each }),
    maxLength !== undefined && MaxLength(maxLength, { each }),
  ];
}

function listAddressRules({ maxLength, isBare }: AddressRules): Rule[] {
  const web = { protocols: ['http', 'https'], require_tld: false, require_protocol: true };
  const bare = { allow_query_components: false, allow_fragments: false };
  return [IsUrl({ ...web, ...(isBare && bare) }), maxLength !== undefined && MaxLength(maxLength)];
}

function listBounds({ min, max }: NumberRules, each: boolean): Rule[] {
  return [min !== undefined && Min(min, { each }), max !== undefined && Max(max, { each })];
}

function listSizes({ minItems, maxItems, unique }: ListRules): Rule[] {
  const isBy = typeof unique === 'string';
  return [
    IsArray(),
    minItems !== undefined && ArrayMinSize(minItems),
    maxItems !== undefined && ArrayMaxSize(maxItems),
    unique !== undefined && (isBy ? ArrayUnique((item: Readonly<Record<string, unknown>>) => item[unique]) : ArrayUnique()),
  ];
}
