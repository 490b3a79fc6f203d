import { once } from 'node:events';
import { connect } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { builtIn, host } from '#catalogue';
import { payment } from '#payment';
import { createApi } from '../src/create-api.js';
import { Account } from './support/account.js';
import { Crm } from './support/crm.js';
import { freePort, ServerProcess } from './support/server-process.js';
import { COMMON_SETTINGS, makeStores, type Stores } from './support/test-servers.js';
import { WebhookGateway } from './support/webhook-gateway.js';

/** Maximum size of the body of a webhook. */
const MOST_BYTES = 4 * 1024 * 1024;

const gateway = new WebhookGateway();

let stores: Stores;
let crm: Crm;
let api: NestFastifyApplication;
let port: number;
/** Address of the connection's webhooks, without the origin. */
let address: string;

interface RawReply {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Sends a request byte by byte exactly as written here. Returns the whole reply. */
async function sendRaw(verb: string, target: string, headers: string[] = [], body: string | Buffer = '', at = port): Promise<RawReply> {
  const socket = connect(at, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  const isChunked = headers.some((header) => header.startsWith('transfer-encoding'));
  const length = ['POST', 'PUT'].includes(verb) && !isChunked ? [`content-length: ${Buffer.byteLength(body)}`] : [];
  socket.write([`${verb} ${target} HTTP/1.1`, 'host: here', 'connection: close', ...length, ...headers, '', ''].join('\r\n'));
  socket.write(body);
  await once(socket, 'close');
  const [head = '', ...rest] = Buffer.concat(chunks).toString().split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const named = lines.map((line) => /^([^:]+): (.*)$/.exec(line)?.slice(1) as [string, string]);
  return { status: Number(first.split(' ')[1]), headers: Object.fromEntries(named), body: rest.join('\r\n\r\n') };
}

async function listEvents(): Promise<string[]> {
  return (await stores.query<{ id: string }>('SELECT event_id AS id FROM inbox_event ORDER BY id')).map(({ id }) => id);
}

beforeAll(async () => {
  stores = await makeStores('PostgreSQL');
  crm = await Crm.start();
  const catalogue = builtIn.map((hosting) => (hosting.integration === payment ? host(payment, { adapters: [gateway] }) : hosting));
  const variables = { ...COMMON_SETTINGS, ...stores.variables, PORT: '0', LOG_LEVEL: 'silent', CRM_HOSTS: crm.hosts };
  api = await createApi(catalogue, variables);
  await api.listen(0, '127.0.0.1');
  port = Number(new URL(await api.getUrl()).port);
  const url = `http://127.0.0.1:${port}`;
  await Account.connect({ url, getSecret: (module) => `development-secret-of-${module}` }, crm, 'webhooky');
  const [{ id } = { id: '' }] = await stores.query<{ id: string }>('SELECT id FROM connection');
  address = `/webhooky/webhooks/${id}`;
});

beforeEach(async () => {
  gateway.arrived.length = 0;
  await stores.query('DELETE FROM inbox_event');
});

afterAll(async () => {
  await api?.close();
  await crm?.close();
  await stores?.remove();
});

describe('a trial of the address', () => {
  it.each(['a', 'Az_0.9-', 'x'.repeat(128)])('gets %s back as plain text, and stores nothing', async (echo) => {
    expect(await sendRaw('GET', `${address}?zd_echo=${echo}`)).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' },
      body: echo,
    });
    expect([gateway.arrived, await listEvents()]).toEqual([[], []]);
  });

  it.each(['', 'x'.repeat(129), '%3Cb%3E', '<b>', 'a%0Ab', 'a%00', '%D1%84'])(
    'is refused for "%s", which is not in the answer',
    async (echo) => {
      const { status, headers, body } = await sendRaw('GET', `${address}?zd_echo=${echo}&secret=right`);
      expect([status, headers['content-type']]).toEqual([400, 'application/json; charset=utf-8']);
      expect(JSON.parse(body)).toEqual({
        success: false,
        errorMsg: 'The text to return must have 1 to 128 letters, digits, ".", "_" or "-".',
      });
      expect(gateway.arrived).toEqual([]);
    },
  );

  it('is invalid without its text: an unsigned GET is rejected', async () => {
    for (const query of ['', '?', '?zd_ech=a']) expect((await sendRaw('GET', address + query)).status).toBe(400);
    expect(await listEvents()).toEqual([]);
  });

  it('is rejected at an unknown address', async () => {
    const unknown = `${address.slice(0, -1)}${address.endsWith('0') ? '1' : '0'}`;
    for (const target of [unknown, '/webhooky/webhooks/x', address.replace('webhooky', 'stripe')])
      expect((await sendRaw('GET', `${target}?zd_echo=a`)).status).toBe(404);
  });
});

describe('a webhook', () => {
  it('brings verb, path, query and the bytes of any content type to its provider', async () => {
    const xml = '<?xml version="1.0"?>\n<event>é</event>';
    const query = 'secret=right&event=1&event=2&name=a%20b+c&empty=';
    for (const verb of ['POST', 'PUT'])
      expect(await sendRaw(verb, `${address}/shop/7?${query}`, ['Content-Type: application/xml; charset=UTF-8'], xml)).toMatchObject({
        status: 200,
        headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
        body: '{"success":true}',
      });
    const [post, put] = gateway.arrived;
    expect([post?.method, put?.method]).toEqual(['POST', 'PUT']);
    expect(put).toMatchObject({ path: 'shop/7', remoteAddress: '127.0.0.1' });
    expect(Buffer.from(put?.rawBody ?? []).toString()).toBe(xml);
    expect(put?.headers).toMatchObject({ 'content-type': 'application/xml; charset=UTF-8', host: 'here' });
    expect([...(put?.query ?? [])]).toEqual([
      ['secret', 'right'],
      ['event', '1'],
      ['event', '2'],
      ['name', 'a b c'],
      ['empty', ''],
    ]);
    expect(await listEvents()).toEqual(['1', '2']);
  });

  it.each([
    ['broken JSON', 'application/json', '{"a":'],
    ['a form', 'application/x-www-form-urlencoded', 'a=1&a=2'],
    ['a multipart form', 'multipart/form-data; boundary=x', '--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n'],
    ['bytes of no type', '', '\u0000\u0001'],
    ['bytes of a type that is none', 'nonsense', 'abc'],
    ['no body', 'text/plain', ''],
  ])('may be %s', async (_, type, body) => {
    expect((await sendRaw('POST', `${address}?secret=right`, type === '' ? [] : [`content-type: ${type}`], body)).status).toBe(200);
    const [arrived] = gateway.arrived;
    expect([Buffer.from(arrived?.rawBody ?? []).toString(), arrived?.headers['content-type'] ?? '']).toEqual([body, type]);
  });

  it('may be a GET, whose body is ignored', async () => {
    expect(await sendRaw('GET', `${address}?secret=right&event=got`, ['content-length: 3'], 'abc')).toMatchObject({
      status: 200,
      body: '{"success":true}',
    });
    expect(gateway.arrived[0]).toMatchObject({ method: 'GET', rawBody: Buffer.alloc(0), path: '' });
    expect(await listEvents()).toEqual(['got']);
  });

  it('that is forged is refused by every verb', async () => {
    for (const verb of ['GET', 'POST', 'PUT']) expect((await sendRaw(verb, `${address}?secret=wrong&event=1`)).status).toBe(400);
    expect(await listEvents()).toEqual([]);
  });

  it('may have 4 MiB, while a longer one is rejected, with a length and in chunks', async () => {
    const target = `${address}?secret=right`;
    expect((await sendRaw('POST', target, [], Buffer.alloc(MOST_BYTES, 'x'))).status).toBe(200);
    expect(gateway.arrived[0]?.rawBody).toHaveLength(MOST_BYTES);
    const tooLarge = { success: false, errorMsg: 'The request is too large.' };
    const long = Buffer.alloc(MOST_BYTES + 1, 'x');
    const refused = await sendRaw('POST', target, [], long);
    expect([refused.status, JSON.parse(refused.body)]).toEqual([413, tooLarge]);
    const chunks = Buffer.concat([Buffer.from(`${long.length.toString(16)}\r\n`), long, Buffer.from('\r\n0\r\n\r\n')]);
    expect((await sendRaw('POST', target, ['transfer-encoding: chunked'], chunks)).status).toBe(413);
    expect(gateway.arrived).toHaveLength(1);
  });

  it('is not a HEAD, nor anything else', async () => {
    for (const target of [address, `${address}/shop/7`])
      expect(await sendRaw('HEAD', `${target}?secret=right&event=1`)).toMatchObject({
        status: 405,
        headers: { allow: 'GET, POST, PUT' },
        body: '',
      });
    for (const verb of ['PATCH', 'DELETE']) expect((await sendRaw(verb, `${address}?secret=right&event=1`)).status).toBe(404);
    expect([gateway.arrived, await listEvents()]).toEqual([[], []]);
  });
});

describe('an answer of the provider’s own', () => {
  it.each([
    ['text-1', 202, 'text/plain; charset=utf-8', '<b>&'],
    ['nothing-1', 200, 'text/plain; charset=utf-8', ''],
  ])('is a text or nothing: %s', async (event, status, type, body) => {
    const reply = { status, headers: { 'content-type': type, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }, body };
    for (let n = 0; n < 2; n++) expect(await sendRaw('POST', `${address}?secret=right&event=${event}`)).toMatchObject(reply);
  });

  it('is the same to the byte for a repeat, also when twenty come at the same time', async () => {
    const target = `${address}?secret=right&event=object-1&event=other`;
    const first = await sendRaw('POST', target);
    expect(first).toMatchObject({ status: 201, headers: { 'content-type': 'application/json; charset=utf-8' } });
    expect(first.body).toMatch(/^\{"zebra":"[0-9a-f-]{36}","a":1\}$/);
    const again = await sendRaw('PUT', target);
    expect([again.status, again.body]).toEqual([201, first.body]);
    const atOnce = await Promise.all(Array.from({ length: 20 }, () => sendRaw('POST', target.replace('object-1', 'object-2'))));
    expect(new Set(atOnce.map(({ status, body }) => `${status} ${body}`)).size).toBe(1);
    expect(atOnce[0]).toMatchObject({ status: 201 });
    expect((await listEvents()).sort()).toEqual(['object-1', 'object-2', 'other']);
  });

  it('is that of the first time after a kill -9 between what is stored and what is answered', async () => {
    const target = `${address}?secret=right&event=object-killed`;
    const at = await freePort();
    const variables = { ...COMMON_SETTINGS, ...stores.variables, PORT: String(at), CRM_HOSTS: crm.hosts };
    const dying = ServerProcess.start('apps/api/test/support/webhook-main.js', ['dies'], variables);
    await dying.ready(`http://127.0.0.1:${at}/health/ready`);
    expect(await sendRaw('POST', target, [], '', at)).toMatchObject({ status: NaN, body: '' });
    expect(await dying.stop()).toBe('SIGKILL');
    expect(await listEvents()).toEqual(['object-killed']);
    const [row] = await stores.query<{ reply: string }>('SELECT reply::text FROM inbox_event');
    const next = ServerProcess.start('apps/api/test/support/webhook-main.js', [], variables);
    try {
      await next.ready(`http://127.0.0.1:${at}/health/ready`);
      const repeat = await sendRaw('POST', target, [], '', at);
      expect(`{"status":${repeat.status},"body":${repeat.body}}`).toBe(row?.reply);
      expect(await listEvents()).toEqual(['object-killed']);
    } finally {
      await next.stop();
    }
  });
});
