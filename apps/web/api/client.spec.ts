import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiError, createApiClient } from './client.js';

describe('the client of the pages', () => {
  let server: Server;
  let baseUrl: string;
  let seen: IncomingMessage[];
  let answer: { status: number; body: string };

  beforeEach(async () => {
    seen = [];
    answer = { status: 200, body: '{"items":[],"total":0}' };
    server = createServer((request, reply) => {
      seen.push(request);
      reply.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => void server.close());

  it('asks by the path and query of the document, with the token of that moment', async () => {
    let token = 'first';
    const client = createApiClient({ baseUrl, token: () => token });
    const { data } = await client.GET('/operator/api/connections', { params: { query: { module: 'cdek', limit: 2 } } });
    expect(data).toEqual({ items: [], total: 0 });
    token = 'second';
    await client.GET('/operator/api/connections/{id}', { params: { path: { id: 'a/b' } } });
    expect(seen.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      ['/operator/api/connections?module=cdek&limit=2', 'Bearer first'],
      ['/operator/api/connections/a%2Fb', 'Bearer second'],
    ]);
  });

  it('sends no token where there is none', async () => {
    await createApiClient({ baseUrl }).GET('/operator/api/session');
    expect(seen[0]?.headers.authorization).toBeUndefined();
  });

  it.each([
    [400, '{"success":false,"errorMsg":"limit must be a number.","errors":{"limit":"must be a number"}}', 'limit must be a number.'],
    [502, '<html>', 'The server answered with 502.'],
  ])('throws the message of a refusal with %s', async (status, body, message) => {
    answer = { status, body };
    const refused = createApiClient({ baseUrl }).GET('/operator/api/tasks');
    await expect(refused).rejects.toBeInstanceOf(ApiError);
    await expect(refused).rejects.toMatchObject({ message, status, errors: status === 400 ? { limit: 'must be a number' } : {} });
  });

  it('reports that there was no reply', async () => {
    server.close();
    server.closeAllConnections();
    const failed = createApiClient({ baseUrl }).GET('/operator/api/tasks');
    await expect(failed).rejects.toMatchObject({ name: 'ApiError', message: 'The server cannot be reached.', status: undefined });
  });
});
