import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fastify, { type FastifyInstance } from 'fastify';
import { closeSilentConnections } from './silent-connections.js';

describe('the end of the server', () => {
  let server: FastifyInstance;
  let sockets: Socket[];

  const open = async (): Promise<Socket> => {
    const socket = connect((server.server.address() as AddressInfo).port, '127.0.0.1');
    sockets.push(socket);
    // Without a server it is reset.
    socket.on('error', () => undefined);
    const taken = once(server.server, 'connection');
    await taken;
    return socket;
  };

  beforeEach(async () => {
    sockets = [];
    server = fastify({ forceCloseConnections: 'idle' });
    closeSilentConnections(server);
  });
  afterEach(() => sockets.forEach((socket) => socket.destroy()));

  it('does not wait for connections that have sent nothing', async () => {
    await server.listen({ port: 0, host: '127.0.0.1' });
    const socket = await open();
    const closed = once(socket, 'close');
    await server.close();
    await closed;
  });

  it('waits for the answer of a request', async () => {
    let answer = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      server.get('/', async () => {
        resolve();
        await new Promise<void>((release) => (answer = release));
        return 'answered';
      });
    });
    await server.listen({ port: 0, host: '127.0.0.1' });
    const socket = await open();
    let received = '';
    socket.on('data', (data) => (received += data.toString()));
    const closed = once(socket, 'close');
    socket.write('GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n');
    await asked;
    const ended = server.close();
    answer();
    await Promise.all([ended, closed]);
    expect(received).toContain('answered');
  });
});
