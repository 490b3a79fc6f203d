import { createServer, type Socket } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Database, Environment } from '#platform';

/** Routes for operators and monitoring. */
const OPERATORS = /^\/(operator|docs|docs-json|docs-yaml|metrics)(\/|$)/;
/** Routes on both ports: the start page, health, and the files of pages. */
const SHARED = /^\/($|health\/|pages\/)/;

/** Connections that OPERATOR_PORT accepted. */
const operatorSockets = new WeakSet<Socket>();

/** Whether a request arrived at OPERATOR_PORT. */
export function isAtOperatorPort(request: FastifyRequest): boolean {
  return operatorSockets.has(request.raw.socket);
}

/**
 * Splits the routes between PORT and OPERATOR_PORT. Each port returns 404 for the other's routes. The route
 * decides, so no spelling of an address avoids it. Call it before routes are added, after all other hooks.
 */
export function splitPorts(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    if (SHARED.test(route.url)) return;
    const isForOperators = OPERATORS.test(route.url);
    route.onRequest = [
      (request, reply, done) => {
        if (isAtOperatorPort(request) === isForOperators) done();
        else reply.callNotFound();
      },
      ...[route.onRequest ?? []].flat(),
    ];
  });
}

/** Connections to the database before the first request. Opening one takes a second on a busy machine. */
const FIRST_CONNECTIONS = 8;

/** Listens on PORT, and on OPERATOR_PORT if it is set. Throws if a port cannot be used. */
export async function listen(app: NestFastifyApplication): Promise<void> {
  await app.get(Database).openConnections(FIRST_CONNECTIONS);
  const { PORT, OPERATOR_PORT, HOST } = app.get(Environment);
  const fastify = app.getHttpAdapter().getInstance();
  if (OPERATOR_PORT !== undefined) await listenForOperators(fastify, OPERATOR_PORT, HOST);
  await app.listen(PORT, HOST);
}

/** Passes the connections of a second port to the same HTTP server, so that its limits and its end apply. */
async function listenForOperators(fastify: FastifyInstance, port: number, host: string): Promise<void> {
  const listener = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    operatorSockets.add(socket);
    fastify.server.emit('connection', socket);
  });
  let closed: Promise<void> | undefined;
  fastify.addHook('preClose', (done) => {
    closed = new Promise((resolve) => listener.close(() => resolve()));
    done();
  });
  // The HTTP server does not count these connections, so their last replies are awaited here.
  fastify.addHook('onClose', async () => closed);
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(port, host, () => {
      listener.off('error', reject);
      resolve();
    });
  });
}
