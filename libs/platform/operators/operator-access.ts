import {
  applyDecorators,
  type CallHandler,
  type CanActivate,
  createParamDecorator,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  SetMetadata,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { Observable } from 'rxjs';
import { allows, Environment, findOperator, type Operator, type OperatorRight, type OperatorToken } from '../config/index.js';
import { Database } from '../database/index.js';
import { Guesses } from '../edge/guesses.js';
import { ParametersGuard } from '../edge/parameters.guard.js';
import { CallbackError, notFound } from '../errors/index.js';
import { isUuid } from '../validation/index.js';
import { AuditTrail } from './audit-trail.js';
import { runInScope } from './operator-scope.js';
import { OperatorSessions, toOperator } from './operator-sessions.js';
import { readSessionCookie, refuseForeignSite, requireOwnOrigin } from './session-cookie.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls the operator API. OperatorGuard sets it. */
    operator?: Operator;
  }
}

/** The right that a route needs, or how its body decides. */
type NeededRight = OperatorRight | ((body: unknown) => OperatorRight);

const NEEDED_RIGHT = 'crossdock:operator-right';

/** How a route stays within the modules of an operator who is limited to some. */
interface Within {
  /**
   * Table of the row that the route names: `connection`, or one with a `connection_id`. Missing: the handler
   * reads within the scope.
   */
  readonly table?: string;
  /** The id is a number of this table, and not a UUID. */
  readonly isNumber?: boolean;
  /** The body contains the connection, and must not contain another. */
  readonly inBody?: boolean;
}

const WITHIN = 'crossdock:within-modules';

const TOKEN_REFUSED = 'The operator token is missing or wrong.';

/**
 * Requires an operator whose right suffices: by token (`Authorization: Bearer ...`), or by the session of a
 * page. Sets `request.operator`. An action is in the audit list before it happens, also if it is refused for
 * its right or its Origin. Rejects all requests when no token is set.
 */
@Injectable()
export class OperatorGuard implements CanActivate {
  private readonly tokens: readonly OperatorToken[];

  constructor(
    environment: Environment,
    private readonly guesses: Guesses,
    private readonly reflector: Reflector,
    private readonly sessions: OperatorSessions,
    private readonly audit: AuditTrail,
    private readonly database: Database,
  ) {
    this.tokens = environment.operatorTokens;
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    // The guard of the class ran before that of the method.
    if (request.operator) return true;
    if (this.tokens.length === 0)
      throw new CallbackError(403, 'The operator API is off: set OPERATOR_TOKENS or OPERATOR_TOKEN to turn it on.');
    const token = readBearer(request);
    const via = token === undefined ? 'session' : 'bearer';
    const operator = token === undefined ? await this.findBySession(request) : findByToken(this.tokens, token, request, this.guesses);
    const right = this.chooseRight(context, request);
    if (right !== 'view') {
      await this.audit.begin(request, operator, via);
      if (!allows(operator.may, right))
        throw new CallbackError(403, `This needs the right "${right}", but the token of ${operator.name} has "${operator.may}".`);
    }
    if (operator.modules) await this.refuseBeyond(operator.modules, context, request);
    request.operator = toOperator({ ...operator, hash: '' });
    return true;
  }

  /** Refuses a route that does not stay within the operator's modules, and a row of another module. */
  private async refuseBeyond(modules: readonly string[], context: ExecutionContext, request: FastifyRequest): Promise<void> {
    const within = this.reflector.get<Within | undefined>(WITHIN, context.getHandler());
    if (!within) throw new CallbackError(403, `This needs an operator of all modules. This operator is limited to ${modules.join(', ')}.`);
    const { table, isNumber = false, inBody = false } = within;
    if (table === undefined) return;
    const named = (inBody ? (request.body ?? {}) : request.params) as { id?: string; connection?: string; ids?: unknown };
    if (inBody && (named.connection === undefined || named.ids !== undefined))
      throw new CallbackError(
        403,
        `This operator is limited to ${modules.join(', ')}: name a connection without ids, or replay all failures of these modules with POST /operator/api/failures/replay.`,
      );
    const id = String(inBody ? named.connection : (named.id ?? named.connection));
    const owner = table === 'connection' ? 'one.id' : 'one.connection_id';
    const found = (isNumber ? /^\d{1,18}$/.test(id) : isUuid(id))
      ? await this.database.query(
          `SELECT 1 FROM ${table} AS one JOIN connection ON connection.id = ${owner} WHERE one.id = $1 AND connection.module_code = ANY ($2)`,
          [id, modules],
        )
      : [];
    if (found.length === 0) throw notFound(table.replaceAll('_', ' '), id);
  }

  private async findBySession(request: FastifyRequest): Promise<Operator> {
    const id = readSessionCookie(request);
    if (id === undefined) throw new CallbackError(401, TOKEN_REFUSED);
    if (isRead(request)) refuseForeignSite(request);
    else await refuseForeignChange(request, id, this.sessions, this.audit);
    const session = await this.sessions.find(id, true);
    if (!session) throw new CallbackError(401, 'The session has ended: sign in again.');
    return session;
  }

  private chooseRight(context: ExecutionContext, request: FastifyRequest): OperatorRight {
    const needed = this.reflector.getAllAndOverride<NeededRight | undefined>(NEEDED_RIGHT, [context.getHandler(), context.getClass()]);
    if (typeof needed === 'function') return needed(request.body);
    return needed ?? (isRead(request) ? 'view' : 'act');
  }
}

/** Runs the handlers of an operator who is limited to modules within this scope. */
@Injectable()
export class OperatorScopeInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { operator } = context.switchToHttp().getRequest<FastifyRequest>();
    if (!operator?.modules) return next.handle();
    const scope = { operator: operator.name, modules: operator.modules };
    return new Observable((subscriber) => runInScope(scope, () => next.handle().subscribe(subscriber)));
  }
}

/**
 * For a route that an operator who is limited to modules may call: it reads by `readPage` and
 * `ConnectionStore`, which stay within the modules, or it names a row of `table`. All other routes reject
 * such an operator.
 */
export const WithinModules = (table?: string, options: Omit<Within, 'table'> = {}): MethodDecorator =>
  SetMetadata(WITHIN, { ...options, ...(table !== undefined && { table }) } satisfies Within);

/**
 * For controllers of the operator API. A GET needs the right `view`, anything else `act`. On a method,
 * `right` is different: 'view' for a POST that changes nothing and reveals no secret, 'export', or a function
 * of the body.
 */
export const OperatorAccess = (right?: NeededRight): ClassDecorator & MethodDecorator =>
  applyDecorators(
    ...(right === undefined ? [] : [SetMetadata(NEEDED_RIGHT, right)]),
    UseGuards(OperatorGuard, ParametersGuard),
    UseInterceptors(OperatorScopeInterceptor),
  );

/** Who calls a route of OperatorAccess. */
export const ActingOperator = createParamDecorator((_: unknown, context: ExecutionContext): Operator => {
  const { operator } = context.switchToHttp().getRequest<FastifyRequest>();
  if (!operator) throw new Error('@ActingOperator needs @OperatorAccess on the route');
  return operator;
});

/**
 * Throws CallbackError 403 when a change by a session does not come from a page of this address. The attempt
 * is in the audit list if the session is live, and does not count as its use.
 */
export async function refuseForeignChange(
  request: FastifyRequest,
  id: string,
  sessions: OperatorSessions,
  audit: AuditTrail,
): Promise<void> {
  try {
    refuseForeignSite(request);
    requireOwnOrigin(request);
  } catch (error) {
    const session = await sessions.find(id, false);
    if (session) await audit.begin(request, session, 'session');
    throw error;
  }
}

/** The bearer token of a request. */
export function readBearer(request: FastifyRequest): string | undefined {
  return /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
}

/** Finds whose token it is. Throws CallbackError 401, or 429 after too many wrong ones from the address. */
export function findByToken(
  tokens: readonly OperatorToken[],
  token: string,
  { ip }: Pick<FastifyRequest, 'ip'>,
  guesses: Guesses,
): OperatorToken {
  const found = findOperator(tokens, token);
  if (!found) throw guesses.wrong('operator tokens', ip, new CallbackError(401, TOKEN_REFUSED));
  return found;
}

function isRead({ method }: FastifyRequest): boolean {
  return method === 'GET' || method === 'HEAD';
}
