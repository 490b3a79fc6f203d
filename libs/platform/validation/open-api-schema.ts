import { getCheck } from './checks.js';
import { getFieldOptions, isSecret } from './decorators.js';
import type { CompiledSchema, DtoClass, DtoSchema, JsonValue } from './dto-schema.js';
import { getSchemaClass, REF_PREFIX } from './dto-schema.js';
import { compileSchema } from './schema-compiler.js';

/** A schema object of OpenAPI 3.1, which is JSON schema, of the words we use. */
export interface OpenApiSchema {
  $ref?: string;
  type?: string | string[];
  title?: string;
  description?: string;
  properties?: { [name: string]: OpenApiSchema };
  required?: string[];
  items?: OpenApiSchema;
  additionalProperties?: boolean | OpenApiSchema;
  enum?: (string | number | boolean)[];
  not?: OpenApiSchema;
  allOf?: OpenApiSchema[];
  anyOf?: OpenApiSchema[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
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

/** Prefix of references to schemas in a document. */
export const SCHEMAS_PREFIX = '#/components/schemas/';

/**
 * Returns a DTO class and each class it reaches as schemas, by their names. The class's own schema comes
 * first.
 */
export function toJsonSchemas(target: DtoClass<object>): Record<string, OpenApiSchema> {
  const compiled = compileSchema(target);
  const names = [compiled.root, ...compiled.classes.keys()];
  return Object.fromEntries(names.map((name) => [name, objectSchema(compiled, REF_PREFIX + name)]));
}

function objectSchema(compiled: CompiledSchema, ref: string): OpenApiSchema {
  const { target, properties, required } = getSchemaClass(compiled, ref);
  const said = Object.entries(properties).map(([property, schema]): [string, OpenApiSchema] => {
    const field = getFieldOptions(target, property);
    const result = translate(schema);
    if (field !== undefined) result.title = field.title.en;
    if (field?.hint !== undefined) result.description = field.hint.en;
    if (isSecret(target, property)) Object.assign(result, { writeOnly: true, format: 'password' });
    return [property, result];
  });
  const result: OpenApiSchema = { type: 'object', properties: Object.fromEntries(said) };
  if (required.size > 0) result.required = [...required];
  return result;
}

/** Keywords that are equal in both dialects. */
const SAME = [
  ...(['enum', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'minLength', 'maxLength'] as const),
  ...(['minItems', 'maxItems', 'minProperties', 'default'] as const),
];

function translate(schema: DtoSchema): OpenApiSchema {
  const { $ref, type, nullable, items, not, allOf, format, freeForm, unique } = schema;
  const said = SAME.filter((keyword) => schema[keyword] !== undefined);
  const result: OpenApiSchema = Object.fromEntries(said.map((keyword) => [keyword, schema[keyword]]));
  if ($ref !== undefined) result.$ref = SCHEMAS_PREFIX + $ref.slice(REF_PREFIX.length);
  if (typeof type === 'string') result.type = nullable === true ? [type, 'null'] : type;
  if (freeForm === true && type === 'object') result.additionalProperties = true;
  if (items !== undefined) result.items = translate(items);
  if (unique !== undefined) result.uniqueItems = true;
  if (not !== undefined) result.not = translate(not);
  if (allOf !== undefined) result.allOf = allOf.map(translate);
  if (format !== undefined) {
    const check = getCheck(format);
    if (check.format !== undefined) result.format = check.format;
    if (check.pattern !== undefined) result.pattern = check.pattern;
    if (check.format === undefined && check.pattern === undefined) result.description = check.message;
  }
  return result;
}
