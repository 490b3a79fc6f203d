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

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls the operator API; set by OperatorGuard. */
    operator?: Operator;
  }
}

/** The right that a route needs, or how its body decides. */
type NeededRight = OperatorRight | ((body: unknown) => OperatorRight);

const NEEDED_RIGHT = 'crossdock:operator-right';

/**
 * Requires an operator's token (`Authorization: Bearer ...`) whose right suffices, and sets
 * `request.operator`. Refuses all requests when no token is set.
 */
@Injectable()
export class OperatorGuard implements CanActivate {
  private readonly tokens: readonly OperatorToken[];

  constructor(
    environment: Environment,
    private readonly guesses: Guesses,
    private readonly reflector: Reflector,
  ) {
    this.tokens = environment.operatorTokens;
  }

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    // The guard of the class ran before that of the method.
    if (request.operator) return true;
    const operator = this.identify(request);
    if (this.chooseRight(context, request) === 'act' && operator.may !== 'act')
      throw new CallbackError(403, `This needs the right "act"; the token of ${operator.name} has "view".`);
    request.operator = operator;
    return true;
  }

  private identify(request: FastifyRequest): Operator {
    if (this.tokens.length === 0)
      throw new CallbackError(403, 'The operator API is off: set OPERATOR_TOKENS or OPERATOR_TOKEN to turn it on.');
    const given = readBearer(request);
    const found = given === undefined ? undefined : findOperator(this.tokens, given);
    if (found) return { name: found.name, may: found.may };
    const refusal = new CallbackError(401, 'The operator token is missing or wrong.');
    throw given === undefined ? refusal : this.guesses.wrong('operator tokens', request.ip, refusal);
  }

  private chooseRight(context: ExecutionContext, request: FastifyRequest): OperatorRight {
    const needed = this.reflector.getAllAndOverride<NeededRight | undefined>(NEEDED_RIGHT, [context.getHandler(), context.getClass()]);
    if (typeof needed === 'function') return needed(request.body);
    return needed ?? (request.method === 'GET' || request.method === 'HEAD' ? 'view' : 'act');
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

/** The bearer token of a request. */
export function readBearer(request: FastifyRequest): string | undefined {
  return /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
}
