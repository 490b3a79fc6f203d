import {
  type ApiBodyDescription,
  BODY_CLASS,
  type DtoClass,
  type OpenApiSchema,
  QUERY_CLASS,
  SCHEMAS_PREFIX,
  toJsonSchemas,
} from '#platform';
import { ERROR_ANSWER, ERRORS, listErrors } from './errors.js';
import type { Example } from './examples.js';
import type { FoundOperation, Route } from './routes.js';
import type { MethodType, TypeReader } from './type-reader.js';

/** A document of OpenAPI 3.1. */
export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string; readonly description: string }[];
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, OpenApiSchema>>;
    readonly responses: Readonly<Record<string, object>>;
    readonly securitySchemes: Readonly<Record<string, object>>;
  };
}

/** The bodies in a document, by their content type. */
type Content = Readonly<Record<string, { schema: OpenApiSchema; example?: unknown; encoding?: object }>>;

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly description?: string;
  readonly schema: OpenApiSchema;
  readonly example?: unknown;
}

/** An operation of a document. */
export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description?: string; readonly content?: Content; readonly $ref?: string }>>;
  readonly security: readonly object[];
}

/** Descriptions of path parameters. */
const PATH_PARAMETERS: Readonly<Record<string, string>> = {
  module: 'Code of the module, such as `courier`.',
  connection: 'Public id of the connection.',
  id: 'Id of the thing.',
  token: 'Token of the link.',
  name: 'Name of the requested item.',
  field: 'Code of the field of the form.',
  provider: 'Code of a further provider of a combined module.',
  language: 'Language of the logo: `en`, `es` or `ru`.',
};

const SECURITY = {
  operator: { type: 'http', scheme: 'bearer', description: 'An operator’s token.' },
  session: { type: 'apiKey', in: 'cookie', name: '__Host-crossdock', description: 'The session of an operator’s page.' },
  page: { type: 'http', scheme: 'bearer', description: 'The token that the account page was opened with.' },
  clientId: {
    type: 'apiKey',
    in: 'query',
    name: 'clientId',
    description: 'The id of the connection. In a POST it is a field of the form.',
  },
  clientIdHeader: { type: 'apiKey', in: 'header', name: 'X-Client-Id', description: 'The same in a header.' },
};

/** The readers and subject of each document. */
export const DOCUMENTS = {
  api: {
    title: 'Crossdock API',
    description: 'The API for operators and the account page: the operator API, the settings of an account, health.',
  },
  callbacks: {
    title: 'Crossdock callbacks',
    description: 'The addresses for others: the CRM, providers, buyers and visitors of a shop’s site.',
  },
} as const;

/** The name of a document. */
export type DocumentName = keyof typeof DOCUMENTS;

/** Returns the document that contains a path. */
export function chooseDocument(path: string): DocumentName {
  return /^\/(operator|health|metrics)\b|\/account\/api\//.test(path) ? 'api' : 'callbacks';
}

/** Assembles the documents. Throws an Error that lists everything without a description. */
export function buildDocuments(
  routes: readonly Route[],
  types: TypeReader,
  examples: ReadonlyMap<string, Example>,
  version: string,
): Record<DocumentName, OpenApiDocument> {
  const problems: string[] = [];
  const schemas = new Schemas(types);
  const paths: Record<DocumentName, Record<string, Record<string, Operation>>> = { api: {}, callbacks: {} };
  const seen = new Map<string, string>();
  for (const route of routes.toSorted((left, right) => compare(`${left.path} ${left.verb}`, `${right.path} ${right.verb}`))) {
    try {
      const operation = buildOperation(route, types, schemas, examples);
      const other = seen.get(operation.operationId);
      if (other !== undefined) throw new Error(`${operation.operationId} is the name of two methods, of ${route.path} and ${other}`);
      seen.set(operation.operationId, route.path);
      (paths[chooseDocument(route.path)][route.path] ??= {})[route.verb] = operation;
    } catch (error) {
      problems.push(`${route.controller.name}.${route.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (problems.length > 0) throw new Error(`The API cannot be described:\n- ${[...new Set(problems)].join('\n- ')}`);
  const assemble = (name: DocumentName): OpenApiDocument => ({
    openapi: '3.1.0',
    info: { ...DOCUMENTS[name], version },
    servers: [{ url: '/', description: 'PUBLIC_URL of the deployment' }],
    tags: listTags(paths[name]),
    paths: paths[name],
    components: { schemas: schemas.listUsed(paths[name]), ...pickUsed(paths[name]) },
  });
  return { api: assemble('api'), callbacks: assemble('callbacks') };
}

/** The schemas of requests and replies, by name. */
class Schemas {
  private readonly requests = new Map<string, OpenApiSchema>();

  constructor(private readonly types: TypeReader) {}

  /** Adds a DTO class and its nested classes. Returns its own schema, described by its doc comments. */
  addClass(target: DtoClass<object>): { schema: OpenApiSchema; ref: OpenApiSchema } {
    const all = Object.entries(toJsonSchemas(target)).map(([name, schema]) => [name, this.describe(name, schema)] as const);
    for (const [name, schema] of all) {
      const known = this.requests.get(name);
      if (known && JSON.stringify(known) !== JSON.stringify(schema))
        throw new Error(`two classes are called ${name}: give one another name`);
      this.requests.set(name, schema);
    }
    const [[name, schema] = ['', {}]] = all;
    return { schema, ref: { $ref: SCHEMAS_PREFIX + name } };
  }

  /** Returns the schemas used by a part of a document, sorted by name. */
  listUsed(from: object): Record<string, OpenApiSchema> {
    const used = new Map<string, OpenApiSchema>();
    const visit = (text: string): void => {
      for (const [, name = ''] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
        const schema = name === 'ErrorAnswer' ? ERROR_ANSWER : (this.requests.get(name) ?? this.types.schemas.get(name));
        if (used.has(name) || !schema) continue;
        if (this.requests.has(name) && this.types.schemas.has(name))
          throw new Error(`a request and a reply are called ${name}: give one another name`);
        used.set(name, schema);
        visit(JSON.stringify(schema));
      }
    };
    visit(JSON.stringify(from));
    used.set('ErrorAnswer', ERROR_ANSWER);
    return Object.fromEntries([...used].sort(([left], [right]) => compare(left, right)));
  }

  private describe(name: string, schema: OpenApiSchema): OpenApiSchema {
    const told = this.types.describeProperties(name);
    const properties = Object.entries(schema.properties ?? {}).map(([property, of]) => {
      const description = of.description ?? told[property];
      return [property, { ...of, ...(description !== undefined && { description }) }] as const;
    });
    return { ...schema, properties: Object.fromEntries(properties) };
  }
}

function buildOperation(route: Route, types: TypeReader, schemas: Schemas, examples: ReadonlyMap<string, Example>): Operation {
  const { name, operationId, path, verb, found, guards } = route;
  const type = types.readMethod(route.controller.name, name, route.contentType !== undefined);
  const example = examples.get(operationId);
  const isCallback = guards.includes('CallbackGuard') || guards.includes('EmbedGuard');
  // The sign-in routes do not require a sign-in.
  const isSession = path === '/operator/api/session';
  const isOperator = guards.includes('OperatorGuard') || isSession;
  const isAccountPage = path.includes('/account/api/');
  const parameters = [...listPathParameters(path, example), ...listQueryParameters(route, schemas, example)];
  const requestBody = buildBody(route, isCallback, schemas, example);
  const isMonitor = path.startsWith('/health') || path === '/metrics';
  const statuses = listErrors({
    caller: isOperator ? 'operator' : isAccountPage ? 'page' : isMonitor ? 'monitor' : 'other',
    changes: verb !== 'get',
    takesInput: requestBody !== undefined || parameters.some((parameter) => parameter.in === 'query'),
    namesThing: path.includes('{'),
  });
  return {
    operationId,
    tags: found.tags ?? [],
    summary: type.doc.summary,
    ...(type.doc.description !== '' && { description: type.doc.description }),
    parameters,
    ...(requestBody && { requestBody }),
    responses: { ...buildReplies(route, type, example), ...buildErrors(statuses, type) },
    security: isOperator
      ? [{ operator: [] }, { session: [] }, ...(isSession ? [{}] : [])]
      : isAccountPage
        ? [{ page: [] }]
        : isCallback
          ? [...(verb === 'get' ? [{ clientId: [] }] : []), { clientIdHeader: [] }, ...(verb === 'get' ? [] : [{}])]
          : [],
  };
}

function listPathParameters(path: string, example: Example | undefined): Parameter[] {
  return [...path.matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => ({
    ...{ name, in: 'path', required: true },
    description: PATH_PARAMETERS[name] ?? 'The rest of the address.',
    schema: { type: 'string' },
    ...toExample(example?.request?.path?.[name]),
  }));
}

function listQueryParameters({ found, handler, parameters, verb }: Route, schemas: Schemas, example: Example | undefined): Parameter[] {
  const declared = Reflect.getMetadata(QUERY_CLASS, handler) as DtoClass<object> | undefined;
  const taken = parameters.find(({ source, type }) => type && (source === 'query' || (source === 'plain' && verb === 'get')))?.type;
  const target = declared ?? (taken as DtoClass<object> | undefined);
  if (!target) {
    const own = (found.parameters ?? []) as (Parameter & { in: string })[];
    return own
      .filter((parameter) => parameter.in !== 'path')
      .map(({ name, in: where, required }) => ({
        name,
        in: where,
        required: required && where !== 'header' && where !== 'query',
        schema: { type: 'string' },
      }));
  }
  const { schema } = schemas.addClass(target);
  return Object.entries(schema.properties ?? {}).map(([name, { description, ...of }]) => ({
    ...{ name, in: 'query', required: schema.required?.includes(name) ?? false },
    ...(description !== undefined && { description }),
    schema: of,
    ...toExample(example?.request?.query?.[name]),
  }));
}

function toExample(value: unknown): { example?: unknown } {
  return value === undefined ? {} : { example: value };
}

function buildBody(route: Route, isCallback: boolean, schemas: Schemas, example: Example | undefined): Operation['requestBody'] {
  const { handler, parameters, found, verb, name } = route;
  const described = Reflect.getMetadata(BODY_CLASS, handler) as ApiBodyDescription | undefined;
  const taken = parameters.find(({ source }) => source === 'body');
  const toContent = (ref: OpenApiSchema): Content => ({ 'application/json': { schema: ref, ...toExample(example?.request?.body) } });
  if (described) {
    const { target, and, list, required = true } = described;
    const { ref } = schemas.addClass(target);
    const whole = and ? { allOf: [ref, schemas.addClass(and).ref] } : ref;
    return { required, content: toContent(list ? { type: 'array', items: whole } : whole) };
  }
  if (taken?.type) return { required: true, content: toContent(schemas.addClass(taken.type as DtoClass<object>).ref) };
  if (isCallback && verb === 'post') return buildForm(route, schemas, example);
  const own = readOwnBody(handler, found);
  if (own) {
    const content = Object.entries(own.content).map(([type, media]) => [type, { ...media, ...toExample(example?.request?.body) }] as const);
    return { required: own.required, content: Object.fromEntries(content) };
  }
  if (taken) throw new Error(`${route.controller.name}.${name} has a body without a description: add @ApiBodyOf(TheDto)`);
  return undefined;
}

/** Reads the body declared by `@ApiBody` of @nestjs/swagger. */
function readOwnBody(handler: object, found: FoundOperation): { required: boolean; content: Content } | undefined {
  const parameters = (Reflect.getMetadata('swagger/apiParameters', handler) ?? []) as { in: string }[];
  if (!parameters.some((parameter) => parameter.in === 'body') || !found.requestBody || !('content' in found.requestBody)) return undefined;
  return { required: found.requestBody.required ?? false, content: found.requestBody.content as Content };
}

/** Builds the body of a callback: a form whose fields contain JSON or plain texts. */
function buildForm({ parameters }: Route, schemas: Schemas, example: Example | undefined): NonNullable<Operation['requestBody']> {
  const properties: Record<string, OpenApiSchema> = { clientId: { type: 'string', description: 'Of the connection.' } };
  const required = ['clientId'];
  const json: string[] = [];
  for (const { source, data, type } of parameters) {
    const target = type as DtoClass<object> | undefined;
    if (source === 'json' && target && typeof data === 'string') {
      properties[data] = schemas.addClass(target).ref;
      required.push(data);
      json.push(data);
    } else if (source === 'jsons' && target) {
      const { schema } = schemas.addClass(target);
      Object.assign(properties, schema.properties);
      required.push(...(schema.required ?? []));
      json.push(...Object.keys(schema.properties ?? {}));
    } else if (source === 'plain' && target) Object.assign(properties, schemas.addClass(target).schema.properties);
  }
  const encoding = Object.fromEntries(json.map((name) => [name, { contentType: 'application/json' }]));
  const form = {
    schema: { type: 'object', properties, required },
    ...(json.length > 0 && { encoding }),
    ...toExample(example?.request?.body),
  };
  return { required: true, content: { 'application/x-www-form-urlencoded': form } };
}

function buildReplies({ found, contentType }: Route, { reply }: MethodType, example: Example | undefined): Operation['responses'] {
  const told = Object.entries(found.responses as Record<string, { description?: string; content?: Content }>);
  return Object.fromEntries(
    told
      .filter(([status]) => /^[23]/.test(status))
      .map(([status, { description, content }]) => {
        const words = description !== undefined && description !== '' ? description : 'Done.';
        if (content) return [status, { description: words, content }];
        if (!reply || status.startsWith('3')) return [status, { description: words }];
        const isText = reply.type === 'string' || contentType !== undefined;
        const [type, schema] = isText ? [contentType ?? 'text/plain', { type: 'string' }] : ['application/json', reply];
        return [status, { description: words, content: { [type]: { schema, ...toExample(example?.reply) } } }];
      }),
  );
}

function buildErrors(statuses: readonly string[], { doc, refusal }: MethodType): Operation['responses'] {
  const all = [...new Set([...statuses, ...Object.keys(doc.errors), ...(refusal ? ['400'] : [])])].sort();
  return Object.fromEntries(
    all.map((status) => {
      const kind = ERRORS[status];
      if (!kind) throw new Error(`no error ${status} is described in errors.ts`);
      const own = doc.errors[status];
      if (own === undefined && !(refusal && status === '400')) return [status, { $ref: `#/components/responses/Error${status}` }];
      const { description, content } = describeError(status);
      const schema =
        refusal && status === '400' ? { anyOf: [{ $ref: `${SCHEMAS_PREFIX}ErrorAnswer` }, refusal] } : content['application/json'].schema;
      return [status, { description: own ?? description, content: { 'application/json': { ...content['application/json'], schema } } }];
    }),
  );
}

function describeError(status: string): {
  description: string;
  content: { 'application/json': { schema: OpenApiSchema; example: object } };
} {
  const { description, example, retryAfter } = ERRORS[status] ?? { description: '', example: { errorMsg: '' } };
  return {
    description,
    ...(retryAfter && { headers: { 'retry-after': { description: 'Seconds to wait, where known.', schema: { type: 'integer' } } } }),
    content: { 'application/json': { schema: { $ref: `${SCHEMAS_PREFIX}ErrorAnswer` }, example: { success: false, ...example } } },
  };
}

function listTags(paths: OpenApiDocument['paths']): { name: string }[] {
  const names = Object.values(paths).flatMap((item) => Object.values(item).flatMap(({ tags }) => tags));
  return [...new Set(names)].sort(compare).map((name) => ({ name }));
}

function pickUsed(paths: OpenApiDocument['paths']): Pick<OpenApiDocument['components'], 'responses' | 'securitySchemes'> {
  const text = JSON.stringify(paths);
  const statuses = Object.keys(ERRORS).filter((status) => text.includes(`"#/components/responses/Error${status}"`));
  return {
    responses: Object.fromEntries(statuses.map((status) => [`Error${status}`, describeError(status)])),
    securitySchemes: Object.fromEntries(Object.entries(SECURITY).filter(([name]) => text.includes(`{"${name}":[]}`))),
  };
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
