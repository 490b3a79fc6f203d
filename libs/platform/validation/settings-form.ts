import { type Language, type LocalText, repeatText } from '../i18n/index.js';
import { getCheck } from './checks.js';
import { getFieldOptions, isSecret } from './decorators.js';
import type { CompiledSchema, DtoClass, DtoSchema, JsonValue } from './dto-schema.js';
import { getSchemaClass } from './dto-schema.js';
import { type FormSection, GENERAL, orderSections } from './form-sections.js';
import { compileSchema } from './schema-compiler.js';

/**
 * The control of a field. `group` has `fields`; `list` has `fields` (of each item) or `item`; `map` is
 * free-form.
 */
export type FormFieldType = 'text' | 'number' | 'integer' | 'boolean' | 'choice' | 'group' | 'list' | 'map' | 'any';

/** One value of a `choice`. */
export interface FormChoice {
  value: string | number | boolean;
  title: LocalText;
}

/** Constraints that the page checks before it sends a value. The parser decides. */
export interface FormValue {
  type: FormFieldType;
  choices?: FormChoice[];
  min?: number;
  max?: number;
  greaterThan?: number;
  lessThan?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  /** OpenAPI's name for the format of a text: `email`, `uri`, `date-time`, ... */
  format?: string;
  /** A regular expression's source. */
  pattern?: string;
  /** Name of the lookup that finds values: `GET /{module}/account/api/lookups/{name}?term=`. */
  lookup?: string;
  /** Name of a list of this form whose codes are on offer; `@countries`, `@currencies`: ISO's lists. */
  codesOf?: string;
  /** The order of a list's items matters. */
  ordered?: boolean;
  /** In a list of groups, the field that identifies an item. Missing if only its place does. */
  itemKey?: string;
  /** In a list of groups, the field whose values group the items on the page. */
  groupBy?: string;
  fields?: FormField[];
  item?: FormValue;
}

/** One field of the account page's form. */
export interface FormField extends FormValue {
  /** Property of its group. */
  name: string;
  /** Path from the top, as in paths of errors but without the index: `zones[].tariffs[].price`. */
  path: string;
  title: LocalText;
  hint?: LocalText;
  unit?: LocalText;
  /** Name of the field with the currency of this number of minor units, in its group or one around it. */
  moneyIn?: string;
  /** The number counts hundredths of a percent. */
  isBasisPoints?: boolean;
  required: boolean;
  /** A secret's value is never given: `{ set: true }` or nothing (see `maskSecrets`). */
  secret: boolean;
  default?: JsonValue;
  /** Code of the section that the field is in. Only for fields at the top of the form. */
  section?: string;
  /** This field and its neighbours with a `language` are one text in several languages. */
  language?: Language;
}

/** The account page's form, fields in the order of the class. */
export interface SettingsForm {
  fields: FormField[];
  /** The sections that have fields, in the order of the page. */
  sections: FormSection[];
}

/**
 * Describes a settings class for the account page. Throws for a property without `@Field` or a recursive
 * class.
 */
export function buildSettingsForm(target: DtoClass<object>): SettingsForm {
  const compiled = compileSchema(target);
  const fields = buildFields(compiled, undefined, '', []);
  checkAmounts(fields, []);
  const sections = fields.map(({ name }) => getFieldOptions(target, name)?.section ?? GENERAL);
  return {
    fields: fields.map((field, index) => ({ ...field, section: (sections[index] ?? GENERAL).code })),
    sections: orderSections(sections),
  };
}

/** Throws for an amount that is not an integer, or whose currency is not a field around it (`around`). */
function checkAmounts(fields: readonly FormField[], around: readonly string[]): void {
  const names = [...around, ...fields.map(({ name }) => name)];
  for (const { path, type, moneyIn, isBasisPoints, fields: inner } of fields) {
    if (moneyIn !== undefined && !names.includes(moneyIn)) throw new Error(`${path}: no field around it is called "${moneyIn}"`);
    if ((moneyIn !== undefined || isBasisPoints) && type !== 'integer')
      throw new Error(`${path} must be an integer: it counts a smaller unit`);
    if (inner) checkAmounts(inner, names);
  }
}

/** Lists the names of the lookups that a settings class uses, each once. Throws as the form does. */
export function listLookups(target: DtoClass<object>): string[] {
  const namesIn = ({ lookup, fields = [], item }: FormValue): string[] => [
    ...(lookup === undefined ? [] : [lookup]),
    ...fields.flatMap(namesIn),
    ...(item ? namesIn(item) : []),
  ];
  return [...new Set(buildSettingsForm(target).fields.flatMap(namesIn))];
}

/** A value that a lookup finds, and its path: `stores[0].code`. */
export interface LookedUp {
  path: string;
  lookup: string;
  value: string | number;
}

/** Lists the values of settings that lookups find, except for empty ones. */
export function listLookedUp(target: DtoClass<object>, settings: object): LookedUp[] {
  return collectLookedUp({ type: 'group', fields: buildSettingsForm(target).fields }, settings, '');
}

function collectLookedUp({ lookup, fields = [], item, type }: FormValue, value: unknown, path: string): LookedUp[] {
  if (type === 'list')
    return Array.isArray(value)
      ? value.flatMap((one, index) => collectLookedUp(item ?? { type: 'group', fields }, one, `${path}[${index}]`))
      : [];
  if (isGroup(value))
    return fields.flatMap((field) =>
      collectLookedUp(field, (value as Record<string, unknown>)[field.name], path === '' ? field.name : `${path}.${field.name}`),
    );
  const isFilled = (typeof value === 'string' && value !== '') || typeof value === 'number';
  return lookup !== undefined && isFilled ? [{ path, lookup, value }] : [];
}

/** Problem of a name that a form does not have. */
const UNKNOWN = 'is not known';

/** Finds the names in values that a form does not have, by path. */
export function findUnknown({ fields }: Pick<SettingsForm, 'fields'>, values: unknown): Record<string, string> {
  return Object.fromEntries(listMisfits({ type: 'group', fields }, values, '').filter(([, problem]) => problem === UNKNOWN));
}

/**
 * Finds the values that do not fit a form, by path: unknown names, and values that should be lists. For
 * values whose misspelt names would not be noticed.
 */
export function findMisfits({ fields }: Pick<SettingsForm, 'fields'>, values: unknown): Record<string, string> {
  if (!isGroup(values)) return { body: 'must be an object' };
  return Object.fromEntries(listMisfits({ type: 'group', fields }, values, ''));
}

function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listMisfits({ type, fields = [], item }: FormValue, value: unknown, path: string): [string, string][] {
  if (type === 'list') {
    if (!Array.isArray(value)) return [[path, 'must be a list']];
    return value.flatMap((one, index) => listMisfits(item ?? { type: 'group', fields }, one, `${path}[${index}]`));
  }
  // Anything else is for the class to judge.
  if (type !== 'group' || !isGroup(value)) return [];
  return Object.entries(value).flatMap(([name, one]): [string, string][] => {
    const field = fields.find((known) => known.name === name);
    const at = path === '' ? name : `${path}.${name}`;
    return field ? listMisfits(field, one, at) : [[at, UNKNOWN]];
  });
}

function buildFields(compiled: CompiledSchema, ref: string | undefined, path: string, within: readonly string[]): FormField[] {
  const { name: className, target, properties, required } = getSchemaClass(compiled, ref);
  if (within.includes(className)) throw new Error(`${className} contains itself, which a form cannot show`);
  return Object.entries(properties).map(([name, schema]) => {
    const field = getFieldOptions(target, name);
    if (field === undefined) throw new Error(`${className}.${name} needs @Field({ title }) to be shown on the account page`);
    const fieldPath = path === '' ? name : `${path}.${name}`;
    const result: FormField = {
      name,
      path: fieldPath,
      title: field.title,
      required: required.has(name),
      secret: isSecret(target, name),
      ...buildValue(compiled, schema, fieldPath, [...within, className], field.choices),
    };
    if (field.lookup !== undefined) addLookup(result, field.lookup);
    if (field.codesOf !== undefined) (result.item ?? result).codesOf = field.codesOf;
    if (field.ordered) result.ordered = true;
    const itemKey = findItemField(result, field.itemKey, 'code');
    if (itemKey !== undefined) result.itemKey = itemKey;
    const groupBy = findItemField(result, field.groupBy);
    if (groupBy !== undefined) result.groupBy = groupBy;
    if (field.language !== undefined) result.language = field.language;
    if (field.hint !== undefined) result.hint = field.hint;
    if (field.unit !== undefined) result.unit = field.unit;
    if (field.moneyIn !== undefined) result.moneyIn = field.moneyIn;
    if (field.isBasisPoints) result.isBasisPoints = true;
    if (schema.default !== undefined && !result.secret) result.default = schema.default;
    return result;
  });
}

/** Returns the named field of a list's items, or the usual one. Throws if the items lack the named field. */
function findItemField({ path, type, fields }: FormField, named: string | undefined, usual?: string): string | undefined {
  const found = type === 'list' ? fields?.find(({ name }) => name === (named ?? usual)) : undefined;
  if (named !== undefined && !found) throw new Error(`${path} is not a list whose items have "${named}"`);
  return found?.name;
}

/** Marks the value, or each item of a list, that a lookup finds. */
function addLookup(field: FormField, lookup: string): void {
  const value = field.type === 'list' && field.item ? field.item : field;
  if (field.secret || !['text', 'number', 'integer'].includes(value.type))
    throw new Error(`${field.path} cannot have a lookup: only a text, a number or a list of them can, and no secret`);
  value.lookup = lookup;
}

const TYPES = { string: 'text', number: 'number', integer: 'integer', boolean: 'boolean', object: 'map', array: 'list' } as const;

function buildValue(
  compiled: CompiledSchema,
  schema: DtoSchema,
  path: string,
  within: readonly string[],
  titles: { [value: string]: LocalText } = {},
): FormValue {
  if (schema.$ref !== undefined) return { type: 'group', fields: buildFields(compiled, schema.$ref, path, within) };
  const value: FormValue = { type: typeof schema.type === 'string' ? TYPES[schema.type] : 'any' };
  const { enum: values, items, minimum, maximum, exclusiveMinimum, exclusiveMaximum, minLength, maxLength, minItems, maxItems } = schema;
  if (values !== undefined) {
    value.type = 'choice';
    value.choices = values.map((choice) => ({ value: choice, title: titles[String(choice)] ?? repeatText(String(choice)) }));
  }
  if (items?.$ref !== undefined) value.fields = buildFields(compiled, items.$ref, `${path}[]`, within);
  else if (items !== undefined) value.item = buildValue(compiled, items, `${path}[]`, within, titles);
  if (minimum !== undefined) value.min = minimum;
  if (maximum !== undefined) value.max = maximum;
  if (exclusiveMinimum !== undefined) value.greaterThan = exclusiveMinimum;
  if (exclusiveMaximum !== undefined) value.lessThan = exclusiveMaximum;
  if (minLength !== undefined) value.minLength = minLength;
  if (maxLength !== undefined) value.maxLength = maxLength;
  if (minItems !== undefined) value.minItems = minItems;
  if (maxItems !== undefined) value.maxItems = maxItems;
  const check = schema.format === undefined ? undefined : getCheck(schema.format);
  if (check?.format !== undefined) value.format = check.format;
  if (check?.pattern !== undefined) value.pattern = check.pattern;
  return value;
}
