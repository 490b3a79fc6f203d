/** A class whose decorated properties describe a request. Its initialisers are the defaults. */
export type DtoClass<T extends object> = new () => T;

/** Anything JSON can say. */
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  [key: string]: JsonValue;
}

/** The types a schema may name. */
export type SchemaType = 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'object';

/**
 * The subset of JSON schema (draft 7) that DTOs compile to, with `$ref` only to `#/definitions/{name}`. Own
 * keywords: `freeForm` (any JSON within limits), `unique` (of lists), `messages` (by keyword); of OpenAPI:
 * `nullable`.
 */
export interface DtoSchema {
  type?: SchemaType | SchemaType[];
  nullable?: boolean;
  $ref?: string;
  properties?: { [name: string]: DtoSchema };
  required?: string[];
  items?: DtoSchema;
  enum?: (string | number | boolean)[];
  not?: DtoSchema;
  allOf?: DtoSchema[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  unique?: string;
  minProperties?: number;
  format?: string;
  default?: JsonValue;
  freeForm?: boolean;
  messages?: { [keyword: string]: string };
}

/** A class as schemas: the root's name and a definition for each class it reaches. */
export interface CompiledSchema {
  readonly root: string;
  readonly definitions: { readonly [name: string]: DtoSchema };
  /** The class behind each definition. */
  readonly classes: ReadonlyMap<string, DtoClass<object>>;
}

/** Prefix of every `$ref`. */
export const REF_PREFIX = '#/definitions/';

/** One class of a compiled schema. */
export interface SchemaClass {
  readonly name: string;
  readonly target: DtoClass<object>;
  readonly properties: { readonly [name: string]: DtoSchema };
  readonly required: ReadonlySet<string>;
}

/** The class behind a `$ref`, or behind the root when none is given. */
export function getSchemaClass(compiled: CompiledSchema, ref = REF_PREFIX + compiled.root): SchemaClass {
  const name = ref.slice(REF_PREFIX.length);
  const definition = compiled.definitions[name];
  const target = compiled.classes.get(name);
  if (definition === undefined || target === undefined) throw new Error(`no class behind ${ref}`);
  return { name, target, properties: definition.properties ?? {}, required: new Set(definition.required) };
}
