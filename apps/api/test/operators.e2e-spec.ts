import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sha256Hex } from '#platform';
import { createApi } from '../src/create-api.js';
import { COMMON_SETTINGS, makeStores, type Stores } from './support/test-servers.js';

type Verb = NonNullable<Exclude<InjectOptions['method'], Lowercase<string>>>;

interface Route {
  verb: Verb;
  path: string;
}

interface Answer {
  status: number;
  headers: Record<string, unknown>;
  json: Record<string, unknown>;
}

const VIEW = 'token-of-vera-who-views';
const ACT = 'token-of-ana-who-acts';

/** Reads by POST: what changes nothing. All else that is no GET needs the right to act. */
const READS = ['POST /operator/api/connections/:id/check', 'POST /operator/api/connections/:id/rules/preview'];

let stores: Stores;
let api: NestFastifyApplication;
const routes: Route[] = [];

beforeAll(async () => {
  stores = await makeStores('PostgreSQL');
  const variables = {
    ...COMMON_SETTINGS,
    ...stores.variables,
    OPERATOR_TOKENS: `vera:view:${sha256Hex(VIEW)},ana:act:${sha256Hex(ACT)}`,
    LOG_LEVEL: 'silent',
  };
  api = await createApi(undefined, variables);
  api
    .getHttpAdapter()
    .getInstance()
    .addHook('onRoute', ({ method, url }) => {
      if (/^\/operator(\/|$)/.test(url)) for (const verb of [method].flat()) routes.push({ verb: verb as Verb, path: url });
    });
  await api.init();
  await api.getHttpAdapter().getInstance().ready();
}, 60_000);

afterAll(async () => {
  await api?.close();
  await stores?.remove();
});

async function ask(verb: Verb, path: string, options: Omit<InjectOptions, 'method' | 'url'> = {}): Promise<Answer> {
  const reply = await api.inject({ method: verb, url: path, ...options });
  const isJson = String(reply.headers['content-type']).startsWith('application/json') && reply.body !== '';
  return { status: reply.statusCode, headers: reply.headers, json: isJson ? reply.json<Record<string, unknown>>() : {} };
}

const bearer = (token: string): { headers: Record<string, string> } => ({ headers: { authorization: `Bearer ${token}` } });
/** A path with ids of nothing. */
const fill = (path: string): string => path.replace(/:\w+/g, '00000000-0000-7000-8000-000000000000');

describe('rights', () => {
  it('hold for every route: without a token nothing, by a token that views no act', async () => {
    expect(routes.length).toBeGreaterThan(60);
    const wrong: string[] = [];
    for (const { verb, path } of routes) {
      const needsAct = verb !== 'GET' && verb !== 'HEAD' && !READS.includes(`${verb} ${path}`);
      const nobody = await ask(verb, fill(path));
      if (nobody.status !== 401) wrong.push(`${verb} ${path} answered ${nobody.status} to nobody`);
      const { status, json } = await ask(verb, fill(path), bearer(VIEW));
      const isRefused = status === 403 && String(json.errorMsg).includes('needs the right "act"');
      if (isRefused !== needsAct || (!needsAct && [401, 403].includes(status)))
        wrong.push(`${verb} ${path} answered ${status} to who may view`);
    }
    expect(wrong).toEqual([]);
  });

  it('let who may act act, whichever of the tokens it is', async () => {
    for (const token of [ACT, COMMON_SETTINGS.OPERATOR_TOKEN ?? '']) {
      const { status, json } = await ask('POST', '/operator/api/outbox/replay', { ...bearer(token), payload: {} });
      expect([status, json]).toEqual([200, expect.anything()]);
    }
  });

  it('ask for act where a body is tried that may send stored secrets elsewhere', async () => {
    const connection = fill('/operator/api/connections/:id');
    const tries: [string, object, number][] = [
      ['check', {}, 404],
      ['check', { host: 'pbx.example.com' }, 403],
      ['rules/preview', { store: 'msk' }, 404],
      ['rules/preview', { rules: {} }, 403],
    ];
    for (const [path, payload, status] of tries)
      expect((await ask('POST', `${connection}/${path}`, { ...bearer(VIEW), payload })).status).toBe(status);
  });
});
