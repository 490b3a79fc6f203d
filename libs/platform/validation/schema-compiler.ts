import 'reflect-metadata';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { getMetadataStorage, ValidationTypes } from 'class-validator';
import type { CompiledSchema, DtoClass, DtoSchema, JsonValue, SchemaType } from './dto-schema.js';
import { keepsNull } from './decorators.js';
import { REF_PREFIX } from './dto-schema.js';
import type { DecoratorRecord, Rule } from './rules.js';
import { RULES, UnsupportedDecorator } from './rules.js';

/** A property while its decorators are being gathered: one rule for each, not yet made one schema. */
interface Draft {
  rules: Rule[];
  /** Items of a list. */
  items?: Draft;
  /** True with `@IsOptional` on the class or a base class. */
  isOptional: boolean;
}

/** No decorator gives a property of a class its type: a mistake of its author, never bad input. */
export class UntypedPropertyError extends Error {
  constructor(target: DtoClass<object>, property: string) {
    super(
      `class ${target.name}, property ${property} has no type: add @IsString(), @IsNumber(), @ValidateNested(), @FreeForm() or the like`,
    );
    this.name = 'UntypedPropertyError';
  }
}

const compiledSchemas = new WeakMap<DtoClass<object>, CompiledSchema>();

const ANY_TYPE: readonly SchemaType[] = ['string', 'number', 'boolean', 'array', 'object'];

/**
 * Returns the schemas of a decorated class and of each class it reaches. Throws an Error with class, property
 * and decorator if a schema cannot express it (custom validators, ValidateIf, groups).
 */
export function compileSchema(target: DtoClass<object>): CompiledSchema {
  let compiled = compiledSchemas.get(target);
  if (compiled === undefined) {
    compiled = compile(target);
    compiledSchemas.set(target, compiled);
  }
  return compiled;
}

/**
 * Lists the properties without a type, in all classes that have a decorator: one sentence for each class. For
 * the start, because some classes are compiled only when the first value comes.
 */
export function listUntypedProperties(): string[] {
  const { validationMetadatas } = getMetadataStorage() as unknown as { validationMetadatas: ReadonlyMap<unknown, unknown> };
  const found = new Set<string>();
  for (const target of validationMetadatas.keys())
    try {
      if (typeof target === 'function') compileSchema(target as DtoClass<object>);
    } catch (error) {
      // Other mistakes may be in classes that are never parsed here.
      if (error instanceof UntypedPropertyError) found.add(error.message);
    }
  return [...found];
}

function compile(root: DtoClass<object>): CompiledSchema {
  const names = new Map<DtoClass<object>, string>();
  const definitions: { [name: string]: DtoSchema } = {};
  // Two classes of one name are two definitions. The library would treat them as one.
  const getName = (target: DtoClass<object>): string => {
    const known = names.get(target);
    if (known !== undefined) return known;
    const alike = [...names.keys()].filter((other) => other.name === target.name).length;
    const name = alike === 0 ? target.name : `${target.name}_${alike + 1}`;
    names.set(target, name);
    definitions[name] = {};
    Object.assign(definitions[name], objectSchema(target, getName, target === root));
    return name;
  };
  const name = getName(root);
  return { root: name, definitions, classes: new Map([...names].map(([target, key]) => [key, target])) };
}

function objectSchema(target: DtoClass<object>, getName: (child: DtoClass<object>) => string, mayBeEmpty: boolean): DtoSchema {
  if (target.name === '') throw new Error('a DTO class needs a name');
  const records = getMetadataStorage().getTargetValidationMetadatas(target, '', true, false);
  for (const record of records) refuseUnsupported(target, record);
  const defaults = readDefaults(target);
  const bare = listBareFields(target).find((field) => !records.some(({ propertyName }) => propertyName === field));
  if (bare !== undefined) throw new UntypedPropertyError(target, bare);
  if (records.length === 0) {
    if (!mayBeEmpty) throw new Error(`${target.name} has no decorated property, so all of its values would be dropped`);
    return { type: 'object', properties: {}, required: [] };
  }

  const drafts = new Map<string, Draft>();
  // In the order of declaration, the base class first. class-validator puts inherited decorators last.
  for (const record of records.toSorted((a, b) => Number(isBaseOf(b, a)) - Number(isBaseOf(a, b)))) {
    const draft = drafts.get(record.propertyName) ?? { rules: [], isOptional: false };
    drafts.set(record.propertyName, draft);
    if (record.type === ValidationTypes.CONDITIONAL_VALIDATION) draft.isOptional = true;
    else (record.each ? (draft.items ??= { rules: [], isOptional: false }) : draft).rules.push(makeRule(target, record, getName));
  }

  const properties: { [name: string]: DtoSchema } = {};
  for (const [property, draft] of drafts) {
    if (property in Object.prototype) throw new Error(`${target.name}.${property}: every object has a member of this name`);
    const schema = combine(draft, target, property);
    if (keepsNull(target, property)) allowNull(schema, `${target.name}.${property}`);
    const value = defaults[property];
    properties[property] = value === undefined ? schema : { ...schema, default: value };
  }
  const required = [...drafts].filter(([property, { isOptional }]) => !isOptional && defaults[property] === undefined);
  return { type: 'object', properties, required: required.map(([property]) => property) };
}

function makeRule(target: DtoClass<object>, record: DecoratorRecord, getName: (child: DtoClass<object>) => string): Rule {
  const name = describeDecorator(record);
  try {
    const named = { ...record, type: name };
    const rule = name === ValidationTypes.NESTED_VALIDATION ? nestedRule(named, getName) : RULES.get(name)?.(named);
    if (rule === undefined) throw new UnsupportedDecorator('is not supported');
    return withMessage(rule, record);
  } catch (error) {
    if (error instanceof UnsupportedDecorator)
      throw new Error(`${describePlace(target, record)}: @${name} ${error.message}`, { cause: error });
    throw error;
  }
}

function allowNull(schema: DtoSchema, where: string): void {
  const { type, enum: choices } = schema;
  if (typeof type !== 'string' || type === 'array' || type === 'object' || choices)
    throw new Error(`${where}: @KeepsNull is not supported`);
  schema.nullable = true;
}

function readDefaults(target: DtoClass<object>): { [property: string]: JsonValue | undefined } {
  try {
    const dropNull = (_key: string, value: JsonValue): JsonValue | undefined => (value === null ? undefined : value);
    return JSON.parse(JSON.stringify(new target(), dropNull)) as { [property: string]: JsonValue };
  } catch (error) {
    throw new Error(`${target.name} must be constructible without arguments: its initialisers are its defaults`, { cause: error });
  }
}

/** Fields that are declared without a value. With `useDefineForClassFields: false` they leave no trace. */
function listBareFields(target: DtoClass<object>): string[] {
  return Object.entries(new target()).flatMap(([field, value]) => (value === undefined ? [field] : []));
}

function isBaseOf(a: DecoratorRecord, b: DecoratorRecord): boolean {
  return Object.prototype.isPrototypeOf.call(a.target, b.target);
}

function describePlace(target: DtoClass<object>, record: DecoratorRecord): string {
  return `${target.name}.${record.propertyName}`;
}

function refuseUnsupported(target: DtoClass<object>, record: DecoratorRecord): void {
  const where = describePlace(target, record);
  const refuse = (what: string): never => {
    throw new Error(`${where}: ${what}`);
  };
  if ((record.groups?.length ?? 0) > 0) refuse('validation groups are not supported');
  if (record.validateIf !== undefined) refuse('validateIf is not supported');
  if (record.type === ValidationTypes.CONDITIONAL_VALIDATION) {
    if (record.name !== 'isOptional') refuse('@ValidateIf is not supported, only @IsOptional');
    if (record.each) refuse('@IsOptional does not support each: true');
    return;
  }
  const decorator = describeDecorator(record);
  if (record.type !== ValidationTypes.NESTED_VALIDATION && !RULES.has(decorator)) refuse(`@${decorator} is not supported`);
  const { message } = record;
  if (
    record.type !== ValidationTypes.NESTED_VALIDATION &&
    message !== undefined &&
    (typeof message !== 'string' || message.includes('$'))
  ) {
    refuse(`the message of @${decorator} must be a plain text that reads after the field's name`);
  }
  const transforms = defaultMetadataStorage.findTransformMetadatas(target, record.propertyName, 0);
  if (transforms.length > 0) refuse('@Transform is not supported');
  if (defaultMetadataStorage.findExposeMetadata(target, record.propertyName)?.options.name !== undefined) {
    refuse('@Expose with a name is not supported');
  }
  if (defaultMetadataStorage.findExcludeMetadata(target, record.propertyName) !== undefined) refuse('@Exclude is not supported');
}

function describeDecorator(record: DecoratorRecord): string {
  if (record.constraintCls === undefined) return record.type;
  return getMetadataStorage().getTargetValidatorConstraints(record.constraintCls)[0]?.name ?? record.type;
}

function nestedRule(record: DecoratorRecord, getName: (child: DtoClass<object>) => string): Rule {
  const target = record.target as DtoClass<object>;
  const typed = defaultMetadataStorage.findTypeMetadata(target, record.propertyName);
  if (typed?.options.discriminator !== undefined) throw new UnsupportedDecorator('does not support a discriminator');
  const child: unknown = typed
    ? typed.typeFunction()
    : (Reflect.getMetadata('design:type', target.prototype as object, record.propertyName) as unknown);
  const plain: unknown[] = [undefined, Object, Array, String, Number, Boolean, Map, Set, Date];
  if (typeof child !== 'function' || plain.includes(child))
    throw new UnsupportedDecorator('needs @Type(() => TheClass) on the same property');
  return { $ref: REF_PREFIX + getName(child as DtoClass<object>) };
}

function withMessage(rule: Rule, record: DecoratorRecord): Rule {
  // ValidateNested always carries its own message, which is not the author's choice.
  if (typeof record.message !== 'string' || record.type === ValidationTypes.NESTED_VALIDATION) return rule;
  // A wrong type has its own message, unless the decorator only requires the type.
  const own = Object.keys(rule).filter((keyword) => keyword !== 'type');
  const keywords = rule.notEmpty === true ? ['minLength'] : own.length > 0 ? own : ['type'];
  return { ...rule, messages: Object.fromEntries(keywords.map((keyword) => [keyword, String(record.message)])) };
}

/** Makes one schema of a property's rules, whatever their order. */
function combine(draft: Draft, target: DtoClass<object>, property: string): DtoSchema {
  const { rules } = draft;
  const type = findType(rules, draft.items !== undefined, target, property);
  const schema: DtoSchema = { type };
  const also: DtoSchema[] = [];
  for (const rule of rules) {
    const { messages } = rule;
    if (messages?.['type'] !== undefined) schema.messages = { ...schema.messages, type: messages['type'] };
    for (const [keyword, value] of toKeywords(rule, type)) {
      // A keyword that is already set (for example, two patterns) is checked in addition to the first.
      const place: DtoSchema = keyword in schema ? {} : schema;
      Object.assign(place, { [keyword]: value });
      const message = messages?.[keyword];
      if (message !== undefined) place.messages = { ...place.messages, [keyword]: message };
      if (place !== schema) also.push(place);
    }
  }
  if (also.length > 0) schema.allOf = also;
  if (schema.$ref !== undefined) delete schema.type;
  if (schema.type === 'object') schema.freeForm = true;
  if (type === 'array' && schema.items === undefined) {
    schema.items = draft.items ? combine(draft.items, target, `${property}[]`) : { type: [...ANY_TYPE], freeForm: true };
  }
  return schema;
}

function toKeywords(rule: Rule, type: SchemaType): [string, unknown][] {
  const keywords = Object.entries(rule).filter(([keyword]) => !['type', 'notEmpty', 'messages'].includes(keyword));
  return rule.notEmpty === true && type === 'string' ? [...keywords, ['minLength', 1]] : keywords;
}

function findType(rules: Rule[], isList: boolean, target: DtoClass<object>, property: string): SchemaType {
  const types = new Set<SchemaType>(isList ? ['array'] : []);
  for (const rule of rules) {
    if (rule.$ref !== undefined) types.add('object');
    if (typeof rule.type === 'string') types.add(rule.type);
  }
  if (types.has('integer')) types.delete('number');
  const [type, ...others] = types;
  if (type === undefined) throw new UntypedPropertyError(target, property);
  if (others.length > 0) throw new Error(`${target.name}.${property} cannot be ${[type, ...others].join(' and ')} at the same time`);
  return type;
}
