import { Logger } from '@nestjs/common';
import type { FastifyInstance, onResponseHookHandler } from 'fastify';
import type { Traffic, Usage } from '#connections';
import { Timings } from '#platform';
import { describeCalled } from './called-routes.js';
import type { JournaledRequest } from './journal-requests.js';

/** Besides reads, routes that are called so often that a line per success would be noise (and cost time). */
const QUIET = /\/calculate$/;
const SLOW_MS = 2000;
const LASTING = 'text/event-stream';

const duration = new Timings({
  name: 'http_request_duration_seconds',
  help: 'Duration of answered requests by route and status',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
});

/**
 * Counts every request, and for operators also the requests of the CRM and providers. Logs requests that had
 * an effect, failed or were slow, without query and body. Call it before routes are added.
 */
export function logRequests(fastify: FastifyInstance, traffic: Traffic, usage: Usage): void {
  const logger = new Logger('http');
  fastify.addHook('onRoute', (route) => {
    const hook = createHook(logger, Array.isArray(route.method) ? route.method.join(',') : route.method, route.url, { traffic, usage });
    route.onResponse = [hook, ...[route.onResponse ?? []].flat()];
  });
}

function createHook(
  logger: Logger,
  method: string,
  url: string,
  { traffic, usage }: { traffic: Traffic; usage: Usage },
): onResponseHookHandler {
  const called = describeCalled(url);
  // Widgets are Crossdock's own pages.
  const callback = called?.kind === 'callback' && !called.name.startsWith('embed') ? called.name : undefined;
  const quiet = method === 'GET' || QUIET.test(url);
  return (request: JournaledRequest, reply, done) => {
    const { statusCode, elapsedTime } = reply;
    // An event stream is open as long as its page.
    if (reply.getHeader('content-type') === LASTING) return done();
    duration.observe(elapsedTime / 1000, method, url, String(statusCode));
    if (called) {
      const outcome = statusCode < 400 ? 'ok' : statusCode < 500 ? 'rejected' : 'failed';
      traffic.note(called.kind, outcome, elapsedTime, request.connection?.id);
      if (callback !== undefined && outcome === 'ok' && request.connection) usage.noteCallback(request.connection, callback);
    }
    if (!quiet || statusCode >= 500 || elapsedTime > SLOW_MS) {
      const module = (request.params as { module?: string } | undefined)?.module;
      const line = { method, route: url, module, status: statusCode, ms: Math.round(elapsedTime), request: request.id };
      if (statusCode >= 500) logger.error(line);
      else logger.log(line);
    }
    done();
  };
}
