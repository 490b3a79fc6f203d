import { type ClientRequest, request } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Deployment, START_MS } from './support/deployment.js';
import { hasNginx, Nginx } from './support/nginx.js';
import { readReply, type Reply } from './support/reply.js';
import { freePort } from './support/server-process.js';
import { until } from './support/until.js';

const LARGEST = 4 * 1024 * 1024;
const WEBHOOK = '/courier/webhooks/00000000-0000-4000-8000-000000000000';
const CALLBACK = '/courier/callbacks/delivery/calculate';

let deployment: Deployment;
let proxy: Nginx;
let operators: Nginx;
const open: ClientRequest[] = [];

(hasNginx ? describe : describe.skip)('the shipped nginx', () => {
  beforeAll(async () => {
    const port = await freePort();
    deployment = await Deployment.start({ workers: 0, variables: { OPERATOR_PORT: String(port) } });
    // At the shipped rate a slow machine would never be refused.
    proxy = await Nginx.start('proxy.conf', { 'http://api:3000': deployment.url, 'rate=50r/s': 'rate=1r/m' });
    operators = await Nginx.start('operator.conf', { 'http://api:3002': `http://127.0.0.1:${port}` });
  }, START_MS);
  afterEach(() => {
    for (const one of open.splice(0)) one.destroy();
  });
  afterAll(async () => {
    await Promise.all([proxy?.stop(), operators?.stop()]);
    await deployment?.stop();
  });

  const send = async (client: string, path: string, init: RequestInit = {}): Promise<Reply> =>
    readReply(await fetch(proxy.url + path, { ...init, headers: { ...(init.headers as object), 'x-forwarded-for': client } }));

  /** Begins large requests that do not end. Returns the statuses of the answers so far. */
  const beginUploads = (client: string, count: number): number[] => {
    const statuses: number[] = [];
    for (let number = 0; number < count; number++) {
      const headers = { 'x-forwarded-for': client, 'content-length': LARGEST, 'content-type': 'application/x-www-form-urlencoded' };
      const upload = request(proxy.url + CALLBACK, { method: 'POST', headers, agent: false });
      upload.on('response', (reply) => statuses.push(reply.resume().statusCode ?? 0)).on('error', () => undefined);
      upload.write(Buffer.alloc(300_000, 'a'));
      open.push(upload);
    }
    return statuses;
  };

  it('takes what the api takes, and refuses more as the api does', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const most = await send('198.51.100.1', CALLBACK, { method: 'POST', headers, body: Buffer.alloc(LARGEST, 'a') });
    expect([most.status, most.headers.get('x-request-id')]).not.toEqual([413, null]);
    for (const url of [proxy.url, deployment.url]) {
      const more = await readReply(await fetch(url + CALLBACK, { method: 'POST', headers, body: Buffer.alloc(LARGEST + 1, 'a') }));
      expect([url, more.status, more.json]).toEqual([url, 413, { success: false, errorMsg: expect.stringContaining('too large') }]);
    }
  });

  it('has no route for operators, while the proxy for operators has no other, and takes stock files of any size', async () => {
    const headers = { authorization: `Bearer ${deployment.variables.OPERATOR_TOKEN}` };
    for (const path of ['/operator/api/modules', '/docs-json', '/metrics']) {
      expect([path, (await send('198.51.100.2', path, { headers })).status]).toEqual([path, 404]);
      expect([path, (await fetch(operators.url + path, { headers })).status]).toEqual([path, 200]);
    }
    expect((await fetch(`${operators.url}/courier/config`)).status).toBe(404);
    const import_ = await fetch(`${operators.url}/operator/api/stock/import?connection=none`, {
      ...{ method: 'POST', headers: { ...headers, 'content-type': 'text/csv' }, body: Buffer.alloc(30 * 1024 * 1024, 'a') },
    });
    // The api's answer: there is no such connection.
    expect(import_.status).toBe(404);
  });

  it('bounds what slow uploads write, by address and in all, while all other requests are answered', async () => {
    const statuses = beginUploads('198.51.100.3', 40);
    await until('the rest is refused', () => statuses.length >= 24, 20_000).catch(() => undefined);
    expect(statuses).toEqual(new Array(24).fill(429));
    expect((await send('198.51.100.4', CALLBACK, { method: 'POST' })).status).not.toBe(429);
    const others = ['198.51.100.5', '198.51.100.6', '198.51.100.7', '198.51.100.8'].map((client) => beginUploads(client, 16));
    await until('the rest is refused', () => others.flat().length >= 32);
    for (const path of [CALLBACK, WEBHOOK])
      expect((await send('198.51.100.9', path, { method: 'POST', body: 'x'.repeat(50_000) })).status).not.toBe(429);
  });

  it('bounds the requests of a visitor, never the requests of the CRM and of providers', async () => {
    const flood = async (client: string, path: string, method: string): Promise<Reply[]> => {
      const replies: Reply[] = [];
      const ask = async (): Promise<void> => {
        for (let number = 0; number < 21; number++) replies.push(await send(client, path, { method }));
      };
      await Promise.all(Array.from({ length: 10 }, ask));
      return replies.filter(({ bytes }) => bytes.includes('Too many requests from this address'));
    };
    const [refused, ...more] = await flood('198.51.100.10', '/courier/logo.svg', 'GET');
    expect(more).toHaveLength(8);
    expect([refused?.status, refused?.headers.get('retry-after')]).toEqual([429, '2']);
    expect(refused?.json).toMatchObject({ success: false });
    expect((await send('198.51.100.11', '/courier/logo.svg')).status).toBe(200);
    for (const path of [WEBHOOK, CALLBACK]) expect(await flood('198.51.100.12', path, 'POST')).toEqual([]);
    // Where the proxy in front does not name its clients, they are not taken for one.
    expect(await flood('10.1.2.3', '/courier/logo.svg', 'GET')).toEqual([]);
  }, 120_000);

  it('bounds the connections of a visitor likewise', async () => {
    // The proxy's own refusals have no number of a request.
    const begin = (path: string): boolean[] => {
      const fromApi: boolean[] = [];
      for (let number = 0; number < 105; number++) {
        const headers = { 'x-forwarded-for': '198.51.100.20', 'content-length': 10, 'content-type': 'application/json' };
        const slow = request(proxy.url + path, { method: 'POST', headers, agent: false });
        slow.on('response', (reply) => fromApi.push(reply.resume().headers['x-request-id'] !== undefined)).on('error', () => undefined);
        slow.write('{');
        open.push(slow);
      }
      return fromApi;
    };
    const pages = begin('/courier/account/api/check');
    await until('some are refused', () => pages.length >= 5);
    expect(pages).toEqual(new Array(5).fill(false));
    const others = begin(CALLBACK);
    for (const slow of open.slice(-105)) slow.end('"a":1}  }');
    await until('all are answered', () => others.length === 105);
    expect(others).not.toContain(false);
  }, 120_000);
});
