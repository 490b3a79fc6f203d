import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AuditTrail } from '#platform';

/** Routes of widgets: their calls and their files. */
const PREFIX = '/:module/callbacks/embed/';

/** In bytes. An order with hundreds of items is smaller. */
const BODY_LIMIT = 100 * 1024;

/**
 * Opens the routes of widgets to browsers at other origins, and limits their bodies. In the CRM, its server
 * sends the calls. In the vendor's sandbox a page does, and browsers always fetch the files. Stores the
 * outcome of actions in the audit list. Call it before routes are added.
 */
export function openEmbedRoutes(fastify: FastifyInstance, audit: AuditTrail): void {
  fastify.addHook('onRoute', (route) => {
    if (!route.url.startsWith(PREFIX)) return;
    route.bodyLimit = BODY_LIMIT;
    route.onRequest = [...[route.onRequest ?? []].flat(), allowOrigin];
    if (route.url === `${PREFIX}act`)
      route.onResponse = [...[route.onResponse ?? []].flat(), (request, reply) => audit.end(request, reply)];
  });
  fastify.options(`${PREFIX}*`, (_request, reply) =>
    reply
      .headers({
        'access-control-allow-methods': 'GET, HEAD, POST, OPTIONS',
        'access-control-allow-headers': 'content-type',
        'access-control-max-age': '600',
      })
      .code(204)
      .send(),
  );
}

/** With credentials, because browsers may fetch the script with them. No cookie is read here. */
function allowOrigin({ headers: { origin } }: FastifyRequest, reply: FastifyReply, done: () => void): void {
  void reply.header('vary', 'Origin');
  if (origin !== undefined) void reply.headers({ 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' });
  done();
}
