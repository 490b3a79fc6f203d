import { applyDecorators, type CanActivate, type ExecutionContext, Injectable, UseGuards } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Environment } from '../config/index.js';
import { equalInConstantTime } from '../crypto/index.js';
import { CallbackError } from '../errors/index.js';
import { Guesses } from './guesses.js';
import { ParametersGuard } from './parameters.guard.js';

/** Requires OPERATOR_TOKEN (`Authorization: Bearer ...`); refuses all requests when it is not set. */
@Injectable()
export class OperatorGuard implements CanActivate {
  constructor(
    private readonly environment: Environment,
    private readonly guesses: Guesses,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const token = this.environment.OPERATOR_TOKEN;
    if (!token) throw new CallbackError(403, 'The operator API is off: set OPERATOR_TOKEN to turn it on.');
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const given = readBearer(request);
    if (given !== undefined && equalInConstantTime(given, token)) return true;
    const refusal = new CallbackError(401, 'The operator token is missing or wrong.');
    throw given === undefined ? refusal : this.guesses.wrong('operator tokens', request.ip, refusal);
  }
}

/** For controllers of the operator API. */
export const OperatorAccess = (): ClassDecorator & MethodDecorator => applyDecorators(UseGuards(OperatorGuard, ParametersGuard));

/** The bearer token of a request. */
export function readBearer(request: FastifyRequest): string | undefined {
  return /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
}
