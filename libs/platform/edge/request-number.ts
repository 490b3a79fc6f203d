import { randomUUID } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** Accepts the caller's number, and returns it in the reply. */
export const REQUEST_NUMBER_HEADER = 'x-request-id';

const NUMBER = /^[\w.-]{1,64}$/;

/**
 * Returns the request number for logs and rows: the caller's if 1 to 64 of `[A-Za-z0-9._-]`, else a new one.
 */
export function chooseRequestNumber(given: string | string[] | undefined): string {
  return typeof given === 'string' && NUMBER.test(given) ? given : randomUUID();
}

/** The number of the request, for routes without a connection that carries it. */
export const RequestNumber = createParamDecorator(
  (_: unknown, context: ExecutionContext): string => context.switchToHttp().getRequest<FastifyRequest>().id,
);
