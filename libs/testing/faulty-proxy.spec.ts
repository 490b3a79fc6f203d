import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FaultyProxy } from './faulty-proxy.js';

describe('FaultyProxy', () => {
  let server: Server;
  let proxy: FaultyProxy;
  const clients: Socket[] = [];

  beforeEach(async () => {
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.pipe(socket);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    proxy = await FaultyProxy.start({ port: (server.address() as AddressInfo).port });
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    await proxy.close();
    server.close();
  });

  async function client(): Promise<Socket> {
    const socket = connect(proxy.port, '127.0.0.1');
    clients.push(socket);
    await once(socket, 'connect');
    return socket;
  }

  async function echo(socket: Socket, text: string): Promise<string> {
    const answer = once(socket, 'data') as Promise<[Buffer]>;
    socket.write(text);
    return (await answer)[0].toString();
  }

  it('passes bytes both ways, and ends', async () => {
    const socket = await client();
    expect(await echo(socket, 'hello')).toBe('hello');
    socket.end();
    await once(socket, 'close');
  });

  it('cuts what is open and lets new ones in', async () => {
    const socket = await client();
    await echo(socket, 'a');
    const error = once(socket, 'error') as Promise<[NodeJS.ErrnoException]>;
    proxy.cut();
    expect((await error)[0].code).toBe('ECONNRESET');
    expect(await echo(await client(), 'b')).toBe('b');
  });

  it('refuses, and comes back on the same port', async () => {
    const socket = await client();
    await echo(socket, 'a');
    socket.on('error', () => undefined);
    await proxy.refuse();
    await expect(client()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await proxy.restore();
    expect(await echo(await client(), 'b')).toBe('b');
    expect(proxy.connections).toBe(1);
  });

  it('freezes and continues with the sent bytes', async () => {
    const socket = await client();
    await echo(socket, 'a');
    proxy.freeze();
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    socket.write('b');
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(answer).toBe('');
    const data = once(socket, 'data');
    await proxy.restore();
    await data;
    expect(answer).toBe('b');
  });

  it('slows', async () => {
    const socket = await client();
    await echo(socket, 'a');
    proxy.slow(40);
    const answer = echo(socket, 'b');
    const sooner = new Promise((resolve) => setTimeout(resolve, 20, 'nothing yet'));
    expect(await Promise.race([answer, sooner])).toBe('nothing yet');
    expect(await answer).toBe('b');
  });
});
