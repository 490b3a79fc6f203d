import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/**
 * Closes the connections that have sent nothing yet when the server ends. Browsers open some ahead of need;
 * Node takes none of them for idle, and would wait a minute for their first request.
 */
export function closeSilentConnections(fastify: FastifyInstance): void {
  const silent = new Set<Socket>();
  fastify.server.on('connection', (socket: Socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  fastify.server.on('request', ({ socket }) => silent.delete(socket));
  fastify.addHook('preClose', (done) => {
    // Of those that have begun a request the rest is awaited.
    for (const socket of silent) if (socket.bytesRead === 0) socket.destroy();
    done();
  });
}
