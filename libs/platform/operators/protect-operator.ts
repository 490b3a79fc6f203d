import type { FastifyInstance } from 'fastify';
import type { AuditTrail } from './audit-trail.js';

/** Headers of every operator reply: it is not shown in a frame and not cached. */
const HEADERS = {
  'content-security-policy': "frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/**
 * Adds to routes below `/operator` the headers that protect them, and the outcome of an act to the audit
 * list. Call it before routes are added.
 */
export function protectOperatorRoutes(fastify: FastifyInstance, audit: AuditTrail): void {
  fastify.addHook('onRoute', (route) => {
    if (!/^\/operator(\/|$)/.test(route.url)) return;
    route.onRequest = [
      (_request, reply, done) => {
        void reply.headers(HEADERS);
        done();
      },
      ...[route.onRequest ?? []].flat(),
    ];
    route.onSend = [
      async (request, reply, payload) => {
        await audit.end(request, reply);
        return payload;
      },
      ...[route.onSend ?? []].flat(),
    ];
  });
}
