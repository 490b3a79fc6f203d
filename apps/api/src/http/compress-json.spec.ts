import { Readable } from 'node:stream';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fastify, { type FastifyInstance } from 'fastify';
import { compressJson } from './compress-json.js';

const LONG = { items: Array.from({ length: 200 }, (_, id) => ({ id, name: 'Ñandú' })) };
const PAGE = `<!doctype html>${'<p>The console</p>'.repeat(100)}`;
const BROWSER = { 'accept-encoding': 'gzip, deflate, br, zstd' };

describe('JSON that pages ask for', () => {
  let server: FastifyInstance;

  beforeEach(() => {
    server = fastify();
    compressJson(server);
    for (const url of ['/operator/api/activity', '/:module/account/api/settings', '/:module/callbacks/calculate', '/operator/apiary'])
      server.get(url, () => LONG);
    server.get('/operator/*', (_request, reply) => reply.type('text/html; charset=utf-8').send(PAGE));
    server.get('/operator/api/short', () => ({ success: true }));
    server.get('/operator/api/live', (_request, reply) =>
      reply.type('text/event-stream').send(Readable.from([`data: ${JSON.stringify(LONG)}\n\n`])),
    );
  });

  afterEach(() => server.close());

  it.each(['/operator/api/activity', '/courier/account/api/settings'])('is compressed at %s', async (url) => {
    const answer = await server.inject({ url, headers: BROWSER });
    expect(answer.headers).toMatchObject({ 'content-encoding': 'br', vary: 'accept-encoding' });
    expect(Number(answer.headers['content-length'])).toBe(answer.rawPayload.length);
    expect(answer.rawPayload.length).toBeLessThan(JSON.stringify(LONG).length / 4);
    expect(JSON.parse(brotliDecompressSync(answer.rawPayload).toString())).toEqual(LONG);
  });

  it('is not all: so is the page of the console', async () => {
    const answer = await server.inject({ url: '/operator/connections', headers: BROWSER });
    expect(answer.headers).toMatchObject({ 'content-encoding': 'br', vary: 'accept-encoding' });
    expect(brotliDecompressSync(answer.rawPayload).toString()).toBe(PAGE);
  });

  it.each(['gzip', 'br;q=0, gzip;q=0.5', 'GZIP'])('is compressed as the browser takes it: %s', async (accepted) => {
    const answer = await server.inject({ url: '/operator/api/activity', headers: { 'accept-encoding': accepted } });
    expect(answer.headers['content-encoding']).toBe('gzip');
    expect(JSON.parse(gunzipSync(answer.rawPayload).toString())).toEqual(LONG);
  });

  it.each([undefined, 'identity', 'br;q=0, gzip;q=0.000', 'deflate'])('stays plain for who takes %s', async (accepted) => {
    const answer = await server.inject({ url: '/operator/api/activity', headers: { ...(accepted && { 'accept-encoding': accepted }) } });
    expect(answer.headers['content-encoding']).toBeUndefined();
    expect(answer.headers['vary']).toBe('accept-encoding');
    expect(answer.json()).toEqual(LONG);
  });

  it.each(['/courier/callbacks/calculate', '/operator/apiary', '/operator/api/short', '/operator/api/live'])(
    'is all that is compressed: not %s',
    async (url) => {
      const answer = await server.inject({ url, headers: BROWSER });
      expect(answer.statusCode).toBe(200);
      expect(answer.headers['content-encoding']).toBeUndefined();
    },
  );
});
