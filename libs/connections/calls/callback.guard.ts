import { type CanActivate, createParamDecorator, type ExecutionContext, Inject, Injectable, Optional, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiFieldKind, BadInputError, CallbackError, Guesses, JsonDocument, notFound } from '#platform';
import { type Connection, findView } from '../connection.js';
import { ConnectionMemory } from '../store/connection-memory.js';
import { ConnectionStore } from '../store/connection-store.js';
import { texts } from '../connections.texts.js';
import { HostedModules } from '../hosted-modules.js';
import { ProviderContexts } from './provider-contexts.js';

/**
 * How the guard treats a callback's connection.
 * - `fresh` (default): read from the database, refused unless active and not frozen.
 * - `remembered`: at most two seconds old, for callbacks without an effect, or that check the version. Its
 *   settings may be compiled ones.
 * - `any`: read from the database, also if inactive or frozen (for activity and settings).
 */
export type ConnectionPolicy = 'fresh' | 'remembered' | 'any';

const POLICY = Symbol('connection policy');

/**
 * Token of the code of the integration that a Nest module's controllers belong to. `IntegrationModule`
 * provides it.
 */
export const INTEGRATION = Symbol('integration of the callbacks');

/** Sets a callback's ConnectionPolicy. */
export const UseConnection = (policy: ConnectionPolicy): MethodDecorator & ClassDecorator => SetMetadata(POLICY, policy);

type CallbackRequest = FastifyRequest<{ Params: { module: string }; Querystring: Record<string, unknown>; Body: unknown }> & {
  connection?: Connection;
};

/**
 * Finds a callback's connection by its clientId, through the provider of the callback's integration.
 * Rejects an unknown, inactive or frozen connection (docs/contract).
 */
@Injectable()
export class CallbackGuard implements CanActivate {
  private readonly policies = new Map<object, ConnectionPolicy>();

  constructor(
    private readonly connections: ConnectionStore,
    private readonly memory: ConnectionMemory,
    private readonly contexts: ProviderContexts,
    private readonly modules: HostedModules,
    private readonly reflector: Reflector,
    private readonly guesses: Guesses,
    /** Undefined for callbacks of all modules, which use the module's first provider. */
    @Optional() @Inject(INTEGRATION) private readonly integration?: string,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<CallbackRequest>();
    const reply = http.getResponse<FastifyReply>();
    const policy = this.readPolicy(context);
    const moduleCode = request.params.module;
    const clientId = findClientId(request);
    if (clientId === undefined) throw this.refuseMissing();
    if (policy === 'remembered') {
      const connection = this.memory.recall(moduleCode, clientId);
      if (connection) return this.admit(request, reply, connection, policy);
    }
    if (!this.modules.get(moduleCode)) throw notFound('module', moduleCode);
    return this.connections
      .findByClientId(moduleCode, clientId, policy === 'remembered')
      .then((connection) => this.admit(request, reply, connection, policy));
  }

  /** Creates the error for a request without a clientId. */
  protected refuseMissing(): Error {
    return new BadInputError({ clientId: 'is required' });
  }

  /** Creates the error for a clientId that no connection has. */
  protected refuseUnknown(): CallbackError {
    return unknownClient();
  }

  private readPolicy(context: ExecutionContext): ConnectionPolicy {
    const handler = context.getHandler();
    let policy = this.policies.get(handler);
    if (!policy) {
      policy = this.reflector.getAllAndOverride<ConnectionPolicy | undefined>(POLICY, [handler, context.getClass()]) ?? 'fresh';
      this.policies.set(handler, policy);
    }
    return policy;
  }

  private admit(request: CallbackRequest, reply: FastifyReply, connection: Connection | undefined, policy: ConnectionPolicy): true {
    if (!connection) throw this.guesses.wrong('client ids', request.ip, this.refuseUnknown());
    // Set before a refusal, because the journal shows the connection of refused callbacks too.
    request.connection = connection;
    if (policy !== 'any') refuseUnlessActive(connection);
    const view = this.integration === undefined ? connection : findView(connection, this.integration);
    if (!view) throw new CallbackError(404, `The module "${connection.module.code}" does not support this callback.`);
    request.connection = this.contexts.beginCallback(view, request.id, reply.elapsedTime, () => [request.body, request.query]);
    return true;
  }
}

/** Creates the error for a clientId that no connection has. */
export function unknownClient(): CallbackError {
  return new CallbackError(403, 'This clientId is not known. Connect the module again.');
}

/** Throws CallbackError 403 for a connection that is not active or is frozen. */
export function refuseUnlessActive(connection: Connection): void {
  if (!connection.active) throw new CallbackError(403, texts.refusals.inactive);
  if (connection.frozenByOperatorAt) throw new CallbackError(403, texts.refusals.frozenByOperator);
  if (connection.frozen) throw new CallbackError(403, texts.refusals.frozen);
}

/** The connection found by `CallbackGuard`. */
export const CurrentConnection = createParamDecorator((_: unknown, context: ExecutionContext): Connection => {
  const { connection } = context.switchToHttp().getRequest<CallbackRequest>();
  if (!connection) throw new Error('CurrentConnection needs CallbackGuard');
  return connection;
});

/** A form field with a JSON document. `ParsingPipe` parses it with the parameter's DTO class. */
export const JsonField = createParamDecorator(
  (field: string, context: ExecutionContext): JsonDocument => {
    const body = context.switchToHttp().getRequest<CallbackRequest>().body as Record<string, unknown> | undefined;
    return readDocument(body, field);
  },
  [ApiFieldKind('json')],
);

/**
 * Form fields that each contain a JSON document, as properties of one object. `ParsingPipe` validates the
 * object with the DTO class.
 * @throws BadInputError for a field that is not JSON
 */
export const JsonFields = (...fields: string[]): ParameterDecorator => readJsonFields(fields);

const readJsonFields = createParamDecorator(
  (fields: readonly string[], context: ExecutionContext): object => {
    const body = context.switchToHttp().getRequest<CallbackRequest>().body as Record<string, unknown> | undefined;
    const sent = fields.filter((field) => typeof body?.[field] === 'string' && body[field] !== '');
    return Object.fromEntries(sent.map((field) => [field, readDocument(body, field).value]));
  },
  [ApiFieldKind('jsons')],
);

/** Replaces the field's text by the parsed object, so that the journal does not parse it again. */
function readDocument(body: Record<string, unknown> | undefined, field: string): JsonDocument {
  const text = body?.[field];
  const document = new JsonDocument(typeof text === 'string' ? text : '', field);
  if (body && typeof document.value === 'object' && document.value !== null) body[field] = document.value;
  return document;
}

/**
 * The query of a GET callback or the plain fields of a POST callback. `ParsingPipe` validates them with the
 * DTO class.
 */
export const PlainFields = createParamDecorator(
  (_: unknown, context: ExecutionContext): object => {
    const request = context.switchToHttp().getRequest<CallbackRequest>();
    return { ...(request.body as object | undefined), ...request.query };
  },
  [ApiFieldKind('plain')],
);

function findClientId(request: CallbackRequest): string | undefined {
  const body = request.body as Record<string, unknown> | undefined;
  const clientId = body?.clientId ?? request.query.clientId ?? request.headers['x-client-id'];
  return typeof clientId === 'string' && clientId !== '' ? clientId : undefined;
}
