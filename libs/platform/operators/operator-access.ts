import {
  applyDecorators,
  type CanActivate,
  createParamDecorator,
  type ExecutionContext,
  Injectable,
  SetMetadata,
  UseGuards,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { Environment, findOperator, type Operator, type OperatorRight, type OperatorToken } from '../config/index.js';
import { Guesses } from '../edge/guesses.js';
import { ParametersGuard } from '../edge/parameters.guard.js';
import { CallbackError } from '../errors/index.js';
import { AuditTrail } from './audit-trail.js';
import { OperatorSessions } from './operator-sessions.js';
import { readSessionCookie, refuseForeignSite, requireOwnOrigin } from './session-cookie.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls the operator API; set by OperatorGuard. */
    operator?: Operator;
  }
}

/** The right that a route needs, or how its body decides. */
type NeededRight = OperatorRight | ((body: unknown) => OperatorRight);

const NEEDED_RIGHT = 'crossdock:operator-right';

const TOKEN_REFUSED = 'The operator token is missing or wrong.';

/**
 * Requires an operator whose right suffices: by token (`Authorization: Bearer ...`), or by the session of a
 * page. Sets `request.operator`; an act is in the audit list before it happens, also one that is refused for
 * its right or its Origin. Refuses all requests when no token is set.
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
    if (this.chooseRight(context, request) === 'act') {
      await this.audit.begin(request, operator, via);
      if (operator.may !== 'act') throw new CallbackError(403, `This needs the right "act"; the token of ${operator.name} has "view".`);
    }
    request.operator = { name: operator.name, may: operator.may };
    return true;
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

/**
 * For controllers of the operator API. A GET needs the right `view`, anything else `act`; on a method,
 * `right` says otherwise: 'view' for a POST that changes nothing and tells no secret to anybody, or a
 * function of the body.
 */
export const OperatorAccess = (right?: NeededRight): ClassDecorator & MethodDecorator =>
  applyDecorators(...(right === undefined ? [] : [SetMetadata(NEEDED_RIGHT, right)]), UseGuards(OperatorGuard, ParametersGuard));

/** Who calls a route of OperatorAccess. */
export const ActingOperator = createParamDecorator((_: unknown, context: ExecutionContext): Operator => {
  const { operator } = context.switchToHttp().getRequest<FastifyRequest>();
  if (!operator) throw new Error('ActingOperator is for routes of OperatorAccess');
  return operator;
});

/**
 * Throws CallbackError 403 when a change by a session does not come from a page of this address; the attempt
 * is in the audit list if the session is live, and is no use of it.
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
