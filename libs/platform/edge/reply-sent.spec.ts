import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { onReplySent } from './reply-sent.js';

let fastify: FastifyInstance;
let recorded: number;
/** Sends the reply of the request. */
let send: () => void;
let arrival: Promise<FastifyReply['raw']>;

beforeEach(async () => {
  fastify = Fastify();
  recorded = 0;
  const mayReply = new Promise<void>((resolve) => (send = resolve));
  arrival = new Promise((resolve) => {
    fastify.get('/', async (_request, reply) => {
      onReplySent(reply, () => (recorded += 1));
      resolve(reply.raw);
      await mayReply;
      return { success: true };
    });
  });
  await fastify.listen({ host: '127.0.0.1', port: 0 });
});

afterEach(() => fastify.close());

function ask(header = ''): Socket {
  const socket = connect((fastify.server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(`GET / HTTP/1.1\r\nhost: a\r\n${header}\r\n`);
  return socket;
}

it.each(['', 'connection: close\r\n'])('is called once the reply was sent whole (%j)', async (header) => {
  const socket = ask(header);
  const raw = await arrival;
  expect(recorded).toBe(0);
  const closed = once(raw, 'close');
  send();
  await Promise.all([once(socket, 'data'), closed]);
  expect(recorded).toBe(1);
  socket.destroy();
});

it.each(['destroy', 'resetAndDestroy', 'end'] as const)('is not called for a client that left before (%s)', async (way) => {
  const socket = ask().resume();
  const raw = await arrival;
  const closed = once(raw, 'close');
  socket[way]();
  await closed;
  send();
  // The reply is written in the turns that follow.
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect([raw.writableEnded, recorded]).toEqual([true, 0]);
});
