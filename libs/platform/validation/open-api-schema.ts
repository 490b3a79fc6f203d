import { getCheck } from './checks.js';
import { getFieldOptions, isSecret } from './decorators.js';
import type { CompiledSchema, DtoClass, DtoSchema, JsonValue } from './dto-schema.js';
import { getSchemaClass } from './dto-schema.js';
import { compileSchema } from './schema-compiler.js';

/** A schema object of OpenAPI 3.0, of the words we use; fits `@ApiBody({ schema })` and its like. */
export interface OpenApiSchema {
  type?: string;
  nullable?: boolean;
  title?: string;
  description?: string;
  properties?: { [name: string]: OpenApiSchema };
  required?: string[];
  items?: OpenApiSchema;
  additionalProperties?: boolean;
  enum?: (string | number | boolean)[];
  not?: OpenApiSchema;
  allOf?: OpenApiSchema[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: boolean;
  exclusiveMaximum?: boolean;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  minProperties?: number;
  format?: string;
  pattern?: string;
  default?: JsonValue;
  writeOnly?: boolean;
}

/** Returns a DTO class as OpenAPI 3.0 schema with nested classes inline; a recursive class is only named. */
export function toJsonSchema(target: DtoClass<object>): OpenApiSchema {
  const compiled = compileSchema(target);
  return objectSchema(compiled, undefined, []);
}

function objectSchema(compiled: CompiledSchema, ref: string | undefined, within: readonly string[]): OpenApiSchema {
  const { name, target, properties, required } = getSchemaClass(compiled, ref);
  if (within.includes(name)) return { type: 'object', description: `${name}, as above` };
  const said = Object.entries(properties).map(([property, schema]): [string, OpenApiSchema] => {
    const field = getFieldOptions(target, property);
    const result = translate(compiled, schema, [...within, name]);
    if (field !== undefined) result.title = field.title.en;
    if (field?.hint !== undefined) result.description = field.hint.en;
    if (isSecret(target, property)) Object.assign(result, { writeOnly: true, format: 'password' });
    return [property, result];
  });
  const result: OpenApiSchema = { type: 'object', properties: Object.fromEntries(said) };
  // OpenAPI 3.0 forbids an empty list here.
  if (required.size > 0) result.required = [...required];
  return result;
}

/** What both dialects say alike. */
const SAME = ['enum', 'minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'default'] as const;

function translate(compiled: CompiledSchema, schema: DtoSchema, within: readonly string[]): OpenApiSchema {
  const { $ref, type, items, not, allOf, exclusiveMinimum, exclusiveMaximum, format, freeForm, unique } = schema;
  const said = SAME.filter((keyword) => schema[keyword] !== undefined);
  const result: OpenApiSchema = Object.fromEntries(said.map((keyword) => [keyword, schema[keyword]]));
  if (typeof type === 'string') result.type = type;
  if (schema.nullable === true) result.nullable = true;
  if (freeForm === true && type === 'object') result.additionalProperties = true;
  if (items !== undefined) result.items = translate(compiled, items, within);
  if (unique !== undefined) result.uniqueItems = true;
  if (not !== undefined) result.not = translate(compiled, not, within);
  if (allOf !== undefined) result.allOf = allOf.map((part) => translate(compiled, part, within));
  if (exclusiveMinimum !== undefined) Object.assign(result, { minimum: exclusiveMinimum, exclusiveMinimum: true });
  if (exclusiveMaximum !== undefined) Object.assign(result, { maximum: exclusiveMaximum, exclusiveMaximum: true });
  if (format !== undefined) {
    const check = getCheck(format);
    if (check.format !== undefined) result.format = check.format;
    if (check.pattern !== undefined) result.pattern = check.pattern;
    if (check.format === undefined && check.pattern === undefined) result.description = check.message;
  }
  return $ref === undefined ? result : { ...objectSchema(compiled, $ref, within), ...result };
}
