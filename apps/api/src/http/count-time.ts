import type { FastifyInstance, FastifyRequest } from 'fastify';
import { CallBudget } from '#platform';

/** Has the time for calls to providers begin when a request arrives, so that waiting for its body, the database or a lock counts. */
export function countTime(fastify: FastifyInstance, budgetMs: number): void {
  const arrived = new WeakMap<FastifyRequest, number>();
  fastify.addHook('onRequest', (request, _reply, done) => {
    arrived.set(request, performance.now());
    done();
  });
  // Begun here, because the context does not outlive the reading of a body.
  fastify.addHook('preHandler', (request, _reply, done) => CallBudget.run(new CallBudget(budgetMs, arrived.get(request)), done));
}
