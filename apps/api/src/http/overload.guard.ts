import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { CallbackError, DatabaseQueue } from '#platform';
import { HealthController } from '../health/health.controller.js';

/** Seconds after which a refused caller may come again. */
export const OVERLOAD_RETRY_S = 2;
export const OVERLOAD_MESSAGE = 'The service has too much to do just now; try again in a moment.';

/** Refuses requests with 503 while others wait long for the database, so that those are answered in time. */
@Injectable()
export class OverloadGuard implements CanActivate {
  constructor(private readonly queue: DatabaseQueue) {}

  canActivate(context: ExecutionContext): boolean {
    if (!this.queue.isLong || context.getClass() === HealthController) return true;
    throw new CallbackError(503, OVERLOAD_MESSAGE, undefined, OVERLOAD_RETRY_S);
  }
}
