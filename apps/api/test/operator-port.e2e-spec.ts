import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Deployment, START_MS } from './support/deployment.js';
import { readReply, type Reply } from './support/reply.js';
import { freePort } from './support/server-process.js';
import { until } from './support/until.js';

let deployment: Deployment;
let operators: string;

beforeAll(async () => {
  const port = await freePort();
  operators = `http://127.0.0.1:${port}`;
  deployment = await Deployment.start({ apart: true, workers: 0, variables: { OPERATOR_PORT: String(port) } });
}, START_MS);
afterAll(() => deployment?.stop());

/** Every documented route with its method, parameters filled in. */
function listRoutes(): { method: string; path: string }[] {
  return ['api', 'callbacks'].flatMap((name) => {
    const file = new URL(`../../../docs/openapi/${name}.json`, import.meta.url);
    const { paths } = JSON.parse(readFileSync(file, 'utf8')) as { paths: Record<string, object> };
    return Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({
        method: method.toUpperCase(),
        path: path.replace('{module}', 'courier').replace(/\{\w+\}/g, '00000000-0000-4000-8000-000000000000'),
      })),
    );
  });
}

async function ask(url: string, init: RequestInit = {}): Promise<Reply> {
  return readReply(await fetch(url, { redirect: 'manual', ...init }));
}

/** Whether no route answered. */
async function isUnknown(url: string, method: string): Promise<boolean> {
  const reply = await ask(url, { method });
  const unknown = reply.status === 404 && reply.bytes.toString().includes(`"Cannot ${method} /`);
  // Sign-in, audit and the headers of operators belong to existing routes.
  if (unknown) expect([url, reply.headers.get('x-frame-options')]).toEqual([url, null]);
  return unknown;
}

describe('OPERATOR_PORT', () => {
  it('serves every route of operators and none of the world’s, and PORT the reverse', async () => {
    const routes = listRoutes();
    expect(routes.length).toBeGreaterThan(130);
    for (const { method, path } of routes) {
      const isHealth = path.startsWith('/health/');
      const isForOperators = /^\/(operator|metrics)(\/|$)/.test(path);
      const found = [!(await isUnknown(deployment.url + path, method)), !(await isUnknown(operators + path, method))];
      expect([method, path, ...found]).toEqual([method, path, isHealth || !isForOperators, isHealth || isForOperators]);
    }
  }, 120_000);

  it.each(['/operator', '/operator/', '/operator/connections/x', '/docs', '/docs/', '/docs-json', '/docs/callbacks-json', '/metrics'])(
    'serves %s, also to HEAD',
    async (path) => {
      for (const method of ['GET', 'HEAD']) {
        expect([method, (await ask(operators + path, { method })).status]).toEqual([method, 200]);
        expect([method, (await ask(deployment.url + path, { method })).status]).toEqual([method, 404]);
      }
    },
  );

  it.each([
    '//operator//api/modules',
    '/operator/api/modules/',
    '/%6fperator/api/modules',
    '/operator/../operator/api/modules',
    '/./metrics',
  ])('leaves no other spelling on PORT: %s', async (path) => {
    const { hostname, port } = new URL(deployment.url);
    const headers = { authorization: `Bearer ${deployment.variables.OPERATOR_TOKEN}`, host: new URL(operators).host };
    const status = await new Promise((resolve, reject) => {
      request({ hostname, port, path, headers }, (reply) => resolve(reply.resume().statusCode))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(404);
  });

  it('has the files of the console and a start page that leads there, unlike PORT', async () => {
    const page = (await ask(`${operators}/operator`)).bytes.toString();
    const [, file = ''] = /src="\.?\/?(pages\/assets\/[^"]+\.js)"/.exec(page) ?? [];
    expect((await ask(`${operators}/${file}`)).status).toBe(200);
    const readPages = async (url: string): Promise<object> => ((await ask(`${url}/`)).json as { pages: object }).pages;
    expect(await readPages(operators)).toEqual({ health: '/health/ready', api: '/docs', operator: '/operator' });
    expect(await readPages(deployment.url)).toEqual({ health: '/health/ready' });
  });

  it('answers a request that is in progress at SIGTERM', async () => {
    const body = JSON.stringify({ token: deployment.variables.OPERATOR_TOKEN });
    const headers = { 'content-type': 'application/json', 'content-length': String(body.length) };
    const sent = request(`${operators}/operator/api/session`, { method: 'POST', headers });
    const answered = new Promise<string>((resolve, reject) => {
      sent.on('error', reject).on('response', (reply) => resolve(text(reply).then((said) => `${reply.statusCode} ${said}`)));
    });
    sent.write(body.slice(0, 10));
    await until('it has arrived', () => (sent.socket?.bytesWritten ?? 0) > 10);
    const stopped = deployment.stopApi();
    await until('nobody listens', () =>
      fetch(`${operators}/health/live`).then(
        () => false,
        () => true,
      ),
    );
    sent.end(body.slice(10));
    expect(await answered).toMatch(/^20[01] \{"signedIn":true/);
    await stopped;
  });
});
