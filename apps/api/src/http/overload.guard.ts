import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { DatabaseQueue } from '#platform';
import { ReadinessController } from '../readiness/readiness.controller.js';
import { WebhooksController } from '../webhooks/webhooks.controller.js';
import { makeOverload } from './overload.js';

/** Rejects requests with 503 while others wait long for the database, so that those are answered in time. */
@Injectable()
export class OverloadGuard implements CanActivate {
  constructor(private readonly queue: DatabaseQueue) {}

  canActivate(context: ExecutionContext): boolean {
    // A webhook's provider decides whether it is acknowledged anyway.
    if (!this.queue.isLong || context.getClass() === ReadinessController || context.getClass() === WebhooksController) return true;
    throw makeOverload();
  }
}
