import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { BadInputError, QUERY_PARAMETERS } from '../validation/index.js';

/** Refuses unknown query parameters by name, so that a misspelt filter does not return everything. */
@Injectable()
export class ParametersGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const known = this.reflector.get<string[] | undefined>(QUERY_PARAMETERS, context.getHandler()) ?? [];
    const given = Object.keys(context.switchToHttp().getRequest<FastifyRequest>().query as object);
    const unknown = given.filter((name) => !known.includes(name));
    if (unknown.length === 0) return true;
    const problem =
      known.length > 0 ? `is not a parameter here; there are: ${known.join(', ')}` : 'is not a parameter: there are none here';
    throw new BadInputError(Object.fromEntries(unknown.map((name) => [name, problem])));
  }
}
