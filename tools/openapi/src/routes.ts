import { RequestMethod, type Type } from '@nestjs/common';
import { GUARDS_METADATA, HEADERS_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { ModulesContainer, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { builtIn, listSettings } from '#catalogue';
import { Configuration, FIELD_KINDS, type FieldKind } from '#platform';
import { ApiModule } from '../../../apps/api/src/api.module.js';

/** An operation as found by @nestjs/swagger. */
export type FoundOperation = NonNullable<OpenAPIObject['paths'][string]['get']>;

/** A parameter of a handler. */
export interface HandlerParameter {
  readonly source: 'body' | 'query' | FieldKind | 'other';
  /** The argument of its decorator. */
  readonly data: unknown;
  /** Its type, if it is a class. */
  readonly type: Type<object> | undefined;
}

/** A route of the api. */
export interface Route {
  readonly path: string;
  readonly verb: string;
  readonly controller: Type<object>;
  /** Name of the method. */
  readonly name: string;
  /** The method's name, unless the method has another path too. */
  readonly operationId: string;
  readonly handler: object;
  readonly found: FoundOperation;
  readonly guards: readonly string[];
  readonly parameters: readonly HandlerParameter[];
  /** Content type of a reply that is text or a file. */
  readonly contentType: string | undefined;
}

/** Settings that the api requires to be created. They are not used. */
const VARIABLES = {
  NODE_ENV: 'test',
  DATABASE_URL: 'postgres://nobody@127.0.0.1/none',
  ENCRYPTION_KEY: Buffer.alloc(32, 1).toString('base64'),
  MODULES_FILE: '/nonexistent/modules.json',
};

/** Lists the routes of the api with the whole catalogue. Nothing is started or connected. */
export async function listRoutes(): Promise<Route[]> {
  const configuration = await Configuration.read(listSettings(builtIn), VARIABLES);
  const options = { preview: true, logger: false, abortOnError: false } as const;
  const app = await NestFactory.create<NestFastifyApplication>(ApiModule.forRoot(configuration, builtIn), new FastifyAdapter(), options);
  const controllers = new Map<string, Type<object>>();
  for (const module of app.get(ModulesContainer).values())
    for (const { metatype } of module.controllers.values()) if (metatype) controllers.set(metatype.name, metatype as Type<object>);
  const document = SwaggerModule.createDocument(app, new DocumentBuilder().build(), {
    operationIdFactory: (controller, method) => `${controller}.${method}`,
    autoTagControllers: false,
  });
  const verbs = Object.values(RequestMethod).filter((verb) => typeof verb === 'string');
  const routes = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([verb]) => verbs.includes(verb.toUpperCase()))
      .map(([verb, found]: [string, FoundOperation]) => describeRoute(path, verb, found, controllers)),
  );
  // A path with a wildcard adds nothing to a shorter path of the same method.
  const isShorter = (route: Route, than: Route): boolean => route.handler === than.handler && route.path.length < than.path.length;
  const kept = routes.filter((route) => !route.path.endsWith('/{path}') || !routes.some((other) => isShorter(other, route)));
  return kept.map((route) => (kept.some((other) => isShorter(other, route)) ? { ...route, operationId: nameByPath(route) } : route));
}

/** Names a further path of a method after its last parameter. */
function nameByPath({ name, path }: Route): string {
  const [, last = ''] = /\{(\w+)\}$/.exec(path) ?? [];
  return `${name}By${last.charAt(0).toUpperCase()}${last.slice(1)}`;
}

function describeRoute(path: string, verb: string, found: FoundOperation, controllers: ReadonlyMap<string, Type<object>>): Route {
  const [className = '', methodId = ''] = (found.operationId ?? '').split('.');
  // If a method has several paths, each has a number.
  const name = methodId.replace(/\[\d+\]$/, '');
  const controller = controllers.get(className);
  const prototype = controller?.prototype as Record<string, object> | undefined;
  const handler = prototype?.[name];
  if (!controller || !prototype || !handler) throw new Error(`${verb} ${path}: there is no handler ${found.operationId ?? ''}`);
  const guards = [controller, handler].flatMap((of) => (Reflect.getMetadata(GUARDS_METADATA, of) ?? []) as Type<object>[]);
  const headers = (Reflect.getMetadata(HEADERS_METADATA, handler) ?? []) as { name: string; value: string }[];
  const [produced] = (Reflect.getMetadata('swagger/apiProduces', handler) ?? []) as string[];
  return {
    ...{ path, verb, controller, name, operationId: name, handler, found },
    guards: guards.map((guard) => guard.name),
    parameters: listParameters(controller, prototype, name),
    contentType: produced ?? headers.find((header) => header.name.toLowerCase() === 'content-type')?.value.split(';')[0],
  };
}

function listParameters(controller: Type<object>, prototype: object, name: string): HandlerParameter[] {
  const parameters = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {}) as Record<
    string,
    { index: number; data?: unknown }
  >;
  const types = (Reflect.getMetadata('design:paramtypes', prototype, name) ?? []) as (Type<object> | undefined)[];
  const kinds = (Reflect.getMetadata(FIELD_KINDS, controller, name) ?? {}) as Record<number, FieldKind>;
  return Object.entries(parameters).map(([key, { index, data }]) => {
    const type = types[index];
    const isClass = type !== undefined && ![Object, String, Number, Boolean, Array, Promise].includes(type as never);
    return { source: toSource(key, data, kinds[index]), data, type: isClass ? type : undefined };
  });
}

/** Nest identifies its own parameters by a number: 3 is the body, 4 the query. `data` names a field in it. */
function toSource(key: string, data: unknown, kind: FieldKind | undefined): HandlerParameter['source'] {
  if (kind) return kind;
  if (data !== undefined) return 'other';
  if (key.startsWith('3:')) return 'body';
  return key.startsWith('4:') ? 'query' : 'other';
}
