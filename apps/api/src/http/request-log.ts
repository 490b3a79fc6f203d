import { Logger } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { Histogram } from 'prom-client';

/** Routes called so often that a line for each success would be noise (and time). */
const QUIET = /\/calculate$|\/autocomplete\/|^\/health\/|^\/metrics$|^\/docs/;
const SLOW_MS = 2000;

const duration = new Histogram({
  name: 'http_request_duration_seconds',
  help: 'Duration of answered requests by route and status',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
});

/** Counts every request, and logs those that did something, failed or were slow: one line each, without addresses' queries and bodies. */
export function logRequests(fastify: FastifyInstance): void {
  const logger = new Logger('http');
  const children = new Map<string, { observe(seconds: number): void }>();
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    const elapsed = reply.elapsedTime;
    const key = `${request.method} ${route} ${reply.statusCode}`;
    let child = children.get(key);
    if (!child) children.set(key, (child = duration.labels(request.method, route, String(reply.statusCode))));
    child.observe(elapsed / 1000);
    if (reply.statusCode >= 500 || elapsed > SLOW_MS || !QUIET.test(route)) {
      const module = (request.params as { module?: string } | undefined)?.module;
      const line = { method: request.method, route, ...(module && { module }), status: reply.statusCode, ms: Math.round(elapsed), request: request.id };
      if (reply.statusCode >= 500) logger.error(line);
      else logger.log(line);
    }
    done();
  });
}
