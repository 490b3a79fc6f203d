import { request } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Sandbox } from '../src/sandbox.js';
import { type ListenOptions, SandboxServer } from '../src/server.js';

const servers: SandboxServer[] = [];

afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

async function start(options: Partial<ListenOptions> = {}): Promise<{ server: SandboxServer; port: number }> {
  const server = new SandboxServer(new Sandbox({ warn: () => undefined }));
  servers.push(server);
  const url = await server.listen({ port: 0, host: '127.0.0.1', ...options });
  return { server, port: Number(new URL(url).port) };
}

/** Sends a request with a `Host`. Returns its status and body. */
function ask(port: number, host: string, path = '/sandbox/accounts'): Promise<{ status: number | undefined; text: string }> {
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, path, headers: { host } }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode, text }));
    });
    call.on('error', reject).end();
  });
}

describe('the host of a request', () => {
  it('may be this machine', async () => {
    const { port } = await start();
    for (const host of ['127.0.0.1', 'localhost', 'LocalHost', '[::1]']) expect((await ask(port, `${host}:${port}`)).status).toBe(200);
  });

  it.each(['evil.example', '127.0.0.1.evil.example', 'localhost.evil.example', '127.0.0.1@evil.example', '192.168.1.7', '[::2]', 'a b'])(
    'is rejected if it is another: "%s"',
    async (host) => {
      const { server, port } = await start();
      const extra = await server.openPort(0);
      for (const one of [port, extra])
        for (const path of ['/', '/sandbox', '/sandbox/accounts', '/api/v5/orders', '/shop/main', '/nowhere']) {
          const { status, text } = await ask(one, `${host}:${one}`, path);
          expect([path, status]).toEqual([path, 403]);
          expect(text).toContain('SANDBOX_HOSTS');
        }
    },
  );

  it('may be the host that the settings name', async () => {
    const { port } = await start({ hosts: ['crm.test', 'CRM.lan:80'], host: '0.0.0.0' });
    for (const host of ['crm.test', 'crm.lan']) expect((await ask(port, `${host}:${port}`)).status).toBe(200);
    expect((await ask(port, '0.0.0.0')).status).toBe(403);
    const named = new SandboxServer(new Sandbox({ warn: () => undefined }));
    servers.push(named);
    await named.listen({ port: 0, host: '127.0.0.1', url: 'http://sandbox:3100' });
    const { port: bound } = new URL(`http://127.0.0.1:${await named.openPort(0)}`);
    expect((await ask(Number(bound), 'sandbox:3100')).status).toBe(200);
  });
});
