import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { RequestSpan, Tracing } from '#platform';

/** Monitoring requests are not traced, because they would be most of all traces. */
const UNTRACED = /^\/(health|metrics)\b/;

/** Starts a trace for each request. Call it before routes are added. */
export function traceRequests(fastify: FastifyInstance, tracing: Tracing): void {
  const spans = new WeakMap<FastifyRequest, RequestSpan>();
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { method, id } = request;
    const route = request.routeOptions.url ?? 'no route';
    if (UNTRACED.test(route)) return done();
    const span = tracing.beginRequest(id, `${method} ${route}`, { 'http.request.method': method, 'http.route': route });
    spans.set(request, span);
    span.run(done);
  });
  // Reading the body loses the asynchronous context.
  fastify.addHook('preValidation', (request, _reply, done) => {
    const span = spans.get(request);
    if (span) span.run(done);
    else done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    spans.get(request)?.end(reply.statusCode);
    done();
  });
}
