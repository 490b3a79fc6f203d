/** The parts of an OpenAPI 3 document that the page shows. */
export interface ApiDocument {
  info: { title: string; description: string };
  paths: Record<string, Record<string, Operation>>;
  components: {
    schemas: Record<string, Schema>;
    responses?: Record<string, Reply>;
    securitySchemes?: Record<string, SecurityScheme>;
  };
}
export interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Content };
  responses: Record<string, Reply | Reference>;
  security?: Record<string, string[]>[];
}
export interface Reference {
  $ref: string;
}
export interface Parameter {
  name: string;
  in: string;
  required: boolean;
  description?: string;
  schema: Schema | Reference;
  example?: unknown;
}
/** Bodies by their content type. */
export type Content = Record<string, { schema?: Schema | Reference; example?: unknown }>;
export interface Reply {
  description: string;
  content?: Content;
}
export interface SecurityScheme {
  type: string;
  name?: string;
  in?: string;
  description?: string;
}
export interface Schema {
  type?: string | string[];
  description?: string;
  enum?: unknown[];
  format?: string;
  pattern?: string;
  default?: unknown;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  required?: string[];
  properties?: Record<string, Schema | Reference>;
  items?: Schema | Reference;
  additionalProperties?: boolean | Schema | Reference;
  anyOf?: (Schema | Reference)[];
}
/** An operation with its method and path. */
export interface Endpoint extends Operation {
  method: string;
  path: string;
}

/** Lists the operations under their tags, in the order of the document, that contain each word of a text. */
export function groupEndpoints({ paths }: ApiDocument, text: string): Map<string, Endpoint[]> {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const groups = new Map<string, Endpoint[]>();
  for (const [path, methods] of Object.entries(paths))
    for (const [method, operation] of Object.entries(methods)) {
      const place = `${method} ${path} ${operation.operationId} ${operation.summary} ${operation.tags.join(' ')}`.toLowerCase();
      if (!words.every((word) => place.includes(word))) continue;
      const [tag = ''] = operation.tags;
      groups.set(tag, [...(groups.get(tag) ?? []), { ...operation, method, path }]);
    }
  return new Map([...groups].sort(([one], [other]) => one.localeCompare(other)));
}

/** Returns the part of the document that a reference points to, or the value itself. */
export function resolve<T extends object>(document: ApiDocument, value: T | Reference): T {
  if (!('$ref' in value)) return value;
  const [kind = '', name = ''] = value.$ref.split('/').slice(-2);
  return (document.components as unknown as Record<string, Record<string, T>>)[kind]?.[name] ?? ({} as T);
}

/** Returns the name of a referenced schema. */
function readName(value: Schema | Reference): string | undefined {
  return '$ref' in value ? value.$ref.split('/').at(-1) : undefined;
}

/** Names the type of a value, such as `array of Parcel`. Stops at a schema that is in `above`. */
export function describeType(document: ApiDocument, value: Schema | Reference, above: readonly string[] = []): string {
  const name = readName(value);
  if (name && above.includes(name)) return name;
  const inside = name ? [...above, name] : above;
  const schema = resolve<Schema>(document, value);
  if (schema.anyOf) return [...new Set(schema.anyOf.map((one) => describeType(document, one, inside)))].join(' or ');
  if (schema.items) return `array of ${describeType(document, schema.items, inside)}`;
  const type = [schema.type ?? 'any'].flat().join(' or ');
  if (type === 'object' && name) return name;
  return schema.format ? `${type} (${schema.format})` : type;
}

/** Lists the limits of a value, such as `up to 20 characters`. */
export function describeLimits({ enum: values, default: preset, pattern, ...schema }: Schema): string[] {
  const describeRange = (from: number | undefined, to: number | undefined, unit: string): string[] => {
    if (from !== undefined && to !== undefined) return [from === to ? `${from}${unit}` : `${from} to ${to}${unit}`];
    if (from !== undefined) return [`at least ${from}${unit}`];
    return to === undefined ? [] : [`up to ${to}${unit}`];
  };
  return [
    ...(values ? [values.map((value) => JSON.stringify(value)).join(', ')] : []),
    ...describeRange(schema.minimum, schema.maximum, ''),
    ...(schema.exclusiveMinimum === undefined ? [] : [`more than ${schema.exclusiveMinimum}`]),
    ...describeRange(schema.minLength, schema.maxLength, ' characters'),
    ...describeRange(schema.minItems, schema.maxItems, ' items'),
    ...(pattern === undefined ? [] : [`matches ${pattern}`]),
    ...(preset === undefined ? [] : [`default ${JSON.stringify(preset)}`]),
  ];
}

/** Returns the object with a value's fields: the value itself, its items or one of its alternatives. */
export function findFields(document: ApiDocument, value: Schema | Reference, above: readonly string[] = []): Schema | undefined {
  const name = readName(value);
  if (name && above.includes(name)) return undefined;
  const schema = resolve<Schema>(document, value);
  if (schema.properties) return schema;
  for (const one of [schema.items, ...(schema.anyOf ?? []), schema.additionalProperties]) {
    const found = typeof one === 'object' && findFields(document, one, name ? [...above, name] : above);
    if (found) return found;
  }
  return undefined;
}
