import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { DrainingAdapter } from './draining-adapter.js';

const REQUEST = 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n';

describe('the end of the server', () => {
  let adapter: DrainingAdapter;
  let sockets: Socket[];
  let answer: (() => void) | undefined;

  const start = async (serveMs: number, silentMs: number): Promise<void> => {
    adapter = new DrainingAdapter({ serveMs, silentMs });
    adapter.getInstance().post('/', () => 'answered');
    adapter.getInstance().post('/later', async () => {
      await new Promise<void>((resolve) => (answer = resolve));
      return 'answered';
    });
    await adapter.getInstance().listen({ port: 0, host: '127.0.0.1' });
  };
  /** Opens a connection. `received` resolves to the whole reply when the server has closed the connection. */
  const open = (): { socket: Socket; received: Promise<string> } => {
    const socket = connect((adapter.getInstance().server.address() as AddressInfo).port, '127.0.0.1').setEncoding('utf8');
    sockets.push(socket);
    const received = new Promise<string>((resolve) => {
      let text = '';
      socket.on('data', (part: string) => (text += part));
      socket.on('error', (error) => (text += String(error))).once('close', () => resolve(text));
    });
    return { socket, received };
  };
  const connected = async (): Promise<ReturnType<typeof open>> => {
    const taken = new Promise((resolve) => adapter.getInstance().server.once('connection', resolve));
    const opened = open();
    await taken;
    return opened;
  };
  /** Waits until the server no longer listens. */
  const stopped = (): Promise<void> => new Promise((resolve) => (adapter.onStopListening = resolve));

  beforeEach(() => void (sockets = []));
  afterEach(async () => {
    jest.useRealTimers();
    sockets.forEach((socket) => socket.destroy());
    await adapter.close();
  });

  it('serves on for a while, and each reply closes its connection', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'performance', 'queueMicrotask'] });
    await start(5_000, 1_000);
    const begun = await connected();
    begun.socket.write(REQUEST.replace(' / ', ' /later '));
    while (!answer) await new Promise((resolve) => setImmediate(resolve));
    const ended = adapter.beforeClose();
    expect(adapter.isDraining).toBe(true);
    const { socket, received } = await connected();
    socket.write(REQUEST);
    expect(await received).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*connection: close\r\n[^]*answered$/i);
    answer();
    expect(await begun.received).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*connection: close\r\n[^]*answered$/i);
    expect(adapter.getInstance().server.listening).toBe(true);
    jest.advanceTimersByTime(5_000);
    await ended;
    expect(adapter.getInstance().server.listening).toBe(false);
  });

  it('accepts and answers all who had connected before', async () => {
    await start(0, 60_000);
    const opened = Array.from({ length: 60 }, open);
    for (const { socket } of opened) socket.write(REQUEST);
    // The kernel has accepted the connections, but the server has not.
    await new Promise<void>((resolve) => process.nextTick(resolve));
    const ended = adapter.beforeClose();
    for (const { received } of opened) expect(await received).toContain('answered');
    await ended;
  });

  it('answers a connection that sends its request only then', async () => {
    await start(0, 60_000);
    const { socket, received } = await connected();
    const silent = stopped();
    const ended = adapter.beforeClose();
    await silent;
    socket.write(REQUEST);
    expect(await received).toMatch(/connection: close\r\n[^]*answered$/i);
    await ended;
  });

  it('waits for the answer of a request', async () => {
    await start(0, 0);
    const { socket, received } = await connected();
    answer = undefined;
    socket.write(REQUEST.replace(' / ', ' /later '));
    while (!answer) await new Promise((resolve) => setImmediate(resolve));
    const silent = stopped();
    const ended = adapter.beforeClose();
    await silent;
    (answer as () => void)();
    expect(await received).toContain('answered');
    await ended;
  });

  it('stops waiting for connections that send nothing', async () => {
    await start(0, 10);
    const { received } = await connected();
    await adapter.beforeClose();
    expect(await received).toBe('');
  });
});
