import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import type { OpenApiSchema } from '#platform';
import { DOCUMENTS, type OpenApiDocument, type Operation } from './document.js';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** Compares exchanges with the API's documents, strictly: a reply must not have undocumented members. */
export class ExchangeCheck {
  private readonly ajv = new Ajv({
    ...{ strict: false, allErrors: true, logger: false, validateFormats: true },
    formats: { 'date-time': INSTANT },
  });
  private readonly operations = new Map<string, { operation: Operation; document: OpenApiDocument; strict: string }>();
  private readonly compiled = new Map<string, ValidateFunction>();

  /** @param folder the folder with `api.json` and `callbacks.json` */
  constructor(folder: string) {
    for (const name of Object.keys(DOCUMENTS)) {
      const document = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as OpenApiDocument;
      const schemas = Object.entries(document.components.schemas);
      this.ajv.addSchema({ $id: name, components: { schemas: Object.fromEntries(schemas) } });
      const closed = schemas.map(([key, schema]) => [key, close(schema)]);
      this.ajv.addSchema({ $id: `strict-${name}`, components: { schemas: Object.fromEntries(closed) as object } });
      for (const [path, item] of Object.entries(document.paths))
        for (const [verb, operation] of Object.entries(item)) this.operations.set(`${verb} ${path}`, { operation, document, strict: name });
    }
  }

  /** Lists all operations. */
  list(): Operation[] {
    return [...this.operations.values()].map(({ operation }) => operation);
  }

  /** Returns the operation of a route, by its method and its path in Fastify. Undefined if there is none. */
  find(method: string, route: string): Operation | undefined {
    return this.operations.get(`${method.toLowerCase()} ${route.replace(/\/\*$/, '').replace(/:(\w+)/g, '{$1}')}`)?.operation;
  }

  /** Returns the errors of a JSON reply. Undefined if there are none. */
  judgeReply(operation: Operation, status: number, body: unknown): string | undefined {
    const { document } = this.get(operation);
    const told = operation.responses[String(status)] ?? this.findGeneral(status);
    if (!told) return `${operation.operationId} does not say that it answers ${status}`;
    const response = told.$ref === undefined ? told : (document.components.responses[told.$ref.split('/').at(-1) ?? ''] as typeof told);
    const schema = response.content?.['application/json']?.schema;
    if (!schema) return `${operation.operationId} does not say that it answers ${status} in JSON`;
    return this.judge(`${operation.operationId} ${status}`, operation, close(schema), body, 'strict-');
  }

  /** Returns the errors of a request body with parsed form fields. Undefined if there are none. */
  judgeBody(operation: Operation, body: unknown): string | undefined {
    const content = Object.values(operation.requestBody?.content ?? {})[0];
    if (!content) return body === undefined ? undefined : `${operation.operationId} takes no body`;
    if (body === undefined) return operation.requestBody?.required ? `${operation.operationId} needs a body` : undefined;
    return this.judge(`${operation.operationId} body`, operation, content.schema, body, '');
  }

  /** Returns the schema of replies sent before an operation is reached, or because of an internal error. */
  private findGeneral(status: number): { content: { 'application/json': { schema: OpenApiSchema } }; $ref?: string } | undefined {
    const isGeneral = [400, 408, 413, 414, 415, 431, 500, 503].includes(status);
    return isGeneral ? { content: { 'application/json': { schema: { $ref: '#/components/schemas/ErrorAnswer' } } } } : undefined;
  }

  private get(operation: Operation): { document: OpenApiDocument; strict: string } {
    const found = [...this.operations.values()].find((one) => one.operation === operation);
    if (!found) throw new Error(`${operation.operationId} belongs to other documents`);
    return found;
  }

  private judge(key: string, operation: Operation, schema: OpenApiSchema, value: unknown, prefix: string): string | undefined {
    const { strict } = this.get(operation);
    let validate = this.compiled.get(key);
    if (!validate) {
      const pointed = JSON.stringify(schema).replaceAll('"#/components', `"${prefix}${strict}#/components`);
      validate = this.ajv.compile(JSON.parse(pointed) as object);
      this.compiled.set(key, validate);
    }
    if (validate(value)) return undefined;
    const problems = (validate.errors ?? []).map(({ instancePath, message, params }) => {
      const extra = (params as { additionalProperty?: string }).additionalProperty;
      return `${instancePath || '/'} ${message ?? ''}${extra === undefined ? '' : ` (${extra})`}`;
    });
    return `${key}: ${[...new Set(problems)].slice(0, 8).join('; ')}`;
  }
}

/** Disallows additional members in every object that lists its members. */
function close(schema: OpenApiSchema): OpenApiSchema {
  const { properties, items, anyOf, additionalProperties } = schema;
  const closed = properties && Object.fromEntries(Object.entries(properties).map(([name, of]) => [name, close(of)]));
  return {
    ...schema,
    ...(closed && { properties: closed, additionalProperties: additionalProperties ?? false }),
    ...(typeof additionalProperties === 'object' && { additionalProperties: close(additionalProperties) }),
    ...(items && { items: close(items) }),
    ...(anyOf && { anyOf: anyOf.map(close) }),
  };
}
