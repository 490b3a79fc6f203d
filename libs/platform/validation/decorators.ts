import 'reflect-metadata';
import { IsObject, ValidateBy } from 'class-validator';
import type { Language, LocalText } from '../i18n/index.js';
import type { FormSection } from './form-sections.js';
import { LIST_OF_TEXT_LISTS } from './rules.js';

/** How a settings field looks on the account page. */
export interface FieldOptions {
  title: LocalText;
  /** A line under the field. */
  hint?: LocalText;
  /** The unit of a number, such as grams. */
  unit?: LocalText;
  /**
   * Name of the field with the currency (ISO 4217) of this integer number of minor units (cents, kopecks), in
   * the same object or the nearest one around it. The page shows and reads currency units.
   */
  moneyIn?: string;
  /** Whether this integer counts hundredths of a percent (150 is 1.5 %). The page shows and reads percent. */
  isBasisPoints?: boolean;
  /**
   * Titles of an `@IsIn` or `@IsEnum` field's values, by value. A value without a title is shown unchanged.
   */
  choices?: { [value: string]: LocalText };
  /**
   * Name of a lookup that finds values of this text or number, or of the items of this list. It helps while
   * typing and is not a rule.
   */
  lookup?: string;
  /**
   * Name of a list of the same form, `COUNTRIES` or `CURRENCIES`: the page offers the codes of its items for
   * this text, or the items of this list, with their names. It is only a help, like a lookup.
   */
  codesOf?: string;
  /** The order of a list's items matters: the page lets them be moved. */
  ordered?: boolean;
  /** For a field of the settings themselves: its section, one of `SECTIONS` or the provider's own. */
  section?: FormSection;
  /** For a list: the field that distinguishes its items, by default `code` if they have one. */
  itemKey?: string;
  /** For a list: the page groups its items by this field, such as the city of points. */
  groupBy?: string;
  /** The fields of a group that have this are one text in several languages. */
  language?: Language;
}

/** Of `FieldOptions.codesOf`: the codes of ISO 3166-1 alpha-2. */
export const COUNTRIES = '@countries';

/** Of `FieldOptions.codesOf`: the codes of ISO 4217 in use. */
export const CURRENCIES = '@currencies';

const FIELD = Symbol('field');
const SECRET = Symbol('secret');
const PLAIN = Symbol('plain');
const ADDRESS = Symbol('address');
const KEEPS_NULL = Symbol('keepsNull');

/** Describes a property for the account page's form. Every property of a settings class needs one. */
export function Field(options: FieldOptions): PropertyDecorator {
  return (target, property) => Reflect.defineMetadata(FIELD, options, target, property);
}

/** The property holds a password, key or token: it goes in, and never out (`maskSecrets`, `mergeSecrets`). */
export function Secret(): PropertyDecorator {
  return (target, property) => Reflect.defineMetadata(SECRET, true, target, property);
}

/**
 * Marks an address (or list) that we or the CRM connect to: a URL, or a host with its port in property
 * `port`. Must be public when settings are saved; `context.reach` checks each connection. If it changes, the
 * secrets of its object must be entered again (`listMovedSecrets`).
 */
export function NamesAddress(options: { port?: string } = {}): PropertyDecorator {
  return (target, property) => Reflect.defineMetadata(ADDRESS, options, target, property);
}

/**
 * A map with unknown keys, such as `extraData`, kept within limits: 8 levels, 1,000 values, no prototype
 * keys. Drops nulls. Reads an empty list as an empty map.
 */
export function FreeForm(): PropertyDecorator {
  return IsObject();
}

/** A list of lists of non-empty texts, such as `print`'s `deliveryIds`. */
export function IsListOfTextLists(): PropertyDecorator {
  const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
  const isListOf = (value: unknown, accepts: (item: unknown) => boolean): boolean => Array.isArray(value) && value.every(accepts);
  return ValidateBy({
    name: LIST_OF_TEXT_LISTS,
    validator: {
      validate: (value: unknown) => isListOf(value, (item) => isListOf(item, isText)),
      defaultMessage: () => '$property must be a list of lists of texts',
    },
  });
}

/** Objects of the class may come as a text or number, which is this property then: a phone's `number`. */
export function MayBeText(property: string): ClassDecorator {
  return (target) => Reflect.defineMetadata(PLAIN, property, target);
}

/**
 * A null of an `@IsOptional()` text, number or boolean stays null. Without this decorator, null is missing.
 */
export function KeepsNull(): PropertyDecorator {
  return (target, property) => Reflect.defineMetadata(KEEPS_NULL, true, target, property);
}

/** Copies the decorators above from a property of one class to the property of that name in another class. */
export function copyFieldMetadata(source: new () => object, target: new () => object, property: string): void {
  for (const key of [FIELD, SECRET, ADDRESS, KEEPS_NULL]) {
    const value: unknown = Reflect.getMetadata(key, source.prototype as object, property);
    if (value !== undefined) Reflect.defineMetadata(key, value, target.prototype as object, property);
  }
}

/** Whether a property is `@KeepsNull`. */
export function keepsNull(target: new () => object, property: string): boolean {
  return Reflect.getMetadata(KEEPS_NULL, target.prototype as object, property) === true;
}

/** The `@MayBeText` property of a class, if it has one. */
export function getPlainProperty(target: new () => object): string | undefined {
  return Reflect.getMetadata(PLAIN, target) as string | undefined;
}

/** The `@Field` of a property, if it has one. */
export function getFieldOptions(target: new () => object, property: string): FieldOptions | undefined {
  return Reflect.getMetadata(FIELD, target.prototype as object, property) as FieldOptions | undefined;
}

/** Whether a property is a `@Secret`. */
export function isSecret(target: new () => object, property: string): boolean {
  return Reflect.getMetadata(SECRET, target.prototype as object, property) === true;
}

/** The `@NamesAddress` of a property, if it has one. */
export function getNamedAddress(target: new () => object, property: string): { port?: string } | undefined {
  return Reflect.getMetadata(ADDRESS, target.prototype as object, property) as { port?: string } | undefined;
}
