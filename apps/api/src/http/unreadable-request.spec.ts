import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import Fastify, { type FastifyInstance } from 'fastify';
import { HEADER_LIMITS, MAX_HEADERS, refuseUnreadable } from './unreadable-request.js';

let fastify: FastifyInstance;
/** Headers of each request that was handled. */
let handled: number[];

beforeAll(async () => {
  fastify = Fastify({ http: HEADER_LIMITS, clientErrorHandler: refuseUnreadable });
  fastify.server.maxHeadersCount = MAX_HEADERS;
  fastify.get('/*', ({ raw }) => {
    handled.push(raw.rawHeaders.length / 2);
    return 'ok';
  });
  await fastify.listen({ host: '127.0.0.1', port: 0 });
});
beforeEach(() => void (handled = []));
afterAll(() => fastify.close());

async function send(address: string, headers: readonly string[]): Promise<{ status: number; body: string }> {
  const socket = connect((fastify.server.address() as AddressInfo).port, '127.0.0.1');
  let text = '';
  socket.setEncoding('utf8').on('data', (part: string) => (text += part));
  socket.on('error', () => undefined);
  socket.write(`GET ${address} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n${headers.map((one) => `${one}\r\n`).join('')}\r\n`);
  await once(socket, 'close');
  const [head = '', body = ''] = text.split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), body };
}

it.each<[string, string, string[]]>([
  ['one long header', '/', [`x-a: ${'a'.repeat(17_000)}`]],
  ['many headers', '/', Array.from({ length: 2_000 }, (_, index) => `header-${index}: 1`)],
  ['a long address', `/${'a'.repeat(17_000)}`, []],
])('%s are refused before anything handles them', async (_what, address, headers) => {
  const { status, body } = await send(address, headers);
  expect([status, JSON.parse(body)]).toEqual([413, { success: false, errorMsg: expect.stringContaining('too long') }]);
  expect(handled).toEqual([]);
});

it('headers within 16 kB are kept up to a number', async () => {
  expect((await send('/', [`x-a: ${'a'.repeat(15_000)}`])).status).toBe(200);
  expect((await send('/', Array<string>(12_000).fill('a:'))).status).toBe(200);
  // Node counts in batches of 32.
  expect(handled[0]).toBe(3);
  expect(handled[1]).toBeLessThan(MAX_HEADERS + 32);
});
