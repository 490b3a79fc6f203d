import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { WebSocketServer } from 'ws';
import { Reach } from '#platform';
import { MessageGateway } from '#testing';
import { openSocket } from './bot-socket.js';

const HERE = new Reach(['127.0.0.1']);
const { signal } = new AbortController();

let gateway: MessageGateway;
let token: string;

beforeAll(async () => {
  gateway = await MessageGateway.start();
  ({ token } = gateway.registerBot({ code: 'shop/helper' }));
});
afterAll(() => gateway.close());
afterEach(() => {
  jest.useRealTimers();
  gateway.setModes({ socketStatus: 101 });
});

const open = (reach = HERE, key = token, endpointUrl = gateway.url) =>
  openSocket({ endpointUrl, token: key, reach }, () => undefined, signal);

describe('the socket of a bot', () => {
  it('resolves with a reason when the gateway drops it', async () => {
    const socket = await open();
    gateway.bots.dropSockets();
    expect(await socket.closed).toContain('closed the connection');
  });

  it.each([401, 403] as const)('with a token that is rejected with %i is a matter of credentials', async (status) => {
    gateway.setModes({ unauthorizedStatus: status });
    await expect(open(HERE, 'wrong')).rejects.toMatchObject({ kind: 'auth' });
  });

  it('that does not open is tried again', async () => {
    gateway.setModes({ socketStatus: 503 });
    await expect(open()).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(open(HERE, token, 'http://127.0.0.1:1')).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('does not open when it is no longer wanted', async () => {
    const before = gateway.bots.opened;
    const ended = openSocket({ endpointUrl: gateway.url, token, reach: HERE }, () => undefined, AbortSignal.abort());
    await expect(ended).rejects.toMatchObject({ kind: 'unavailable' });
    expect(gateway.bots.opened).toBe(before);
  });

  it('never goes to a private address', async () => {
    const before = gateway.bots.opened;
    await expect(open(new Reach([]))).rejects.toMatchObject({ kind: 'unavailable' });
    expect(gateway.bots.opened).toBe(before);
  });

  it('is dead after 90 seconds without a sign of life', async () => {
    const pings: unknown[] = [];
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', autoPong: false });
    await once(server, 'listening');
    server.on('connection', (one) => one.on('ping', () => pings.push(one)));
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    const socket = await open(HERE, token, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    let reason: string | undefined;
    void socket.closed.then((why) => (reason = why));
    for (let n = 0; n < 2; n++) await jest.advanceTimersByTimeAsync(30_000);
    expect(reason).toBeUndefined();
    await jest.advanceTimersByTimeAsync(30_000);
    expect(await socket.closed).toContain('closed');
    expect(pings.length).toBeGreaterThan(0);
    server.close();
  });
});
