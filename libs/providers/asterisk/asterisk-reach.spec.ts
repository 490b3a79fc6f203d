import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { getParser, Reach } from '#platform';
import { type ProviderContext, ProviderError } from '#provider-kit';
import { AsteriskDouble, providerContext } from '#testing';
import { AsteriskProvider } from './asterisk.provider.js';
import { AsteriskSettings } from './asterisk.settings.js';

const provider = new AsteriskProvider();
const OURS = new Reach(['127.0.0.0/8']);
const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function listening(server: Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  cleanups.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

function makeContext(settings: object, reach: Reach, budgetMs = 6_000): ProviderContext<AsteriskSettings> {
  return providerContext(getParser(AsteriskSettings).parse({ username: 'crossdock', secret: 'x', ...settings }), {
    reach,
    signal: AbortSignal.timeout(budgetMs),
  });
}

async function catchError(work: Promise<unknown>): Promise<ProviderError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ProviderError)) throw new Error('it did not fail as it should');
  return error;
}

const callAt = (host: string, port: number, reach: Reach, budgetMs?: number): Promise<ProviderError> =>
  catchError(provider.findCall('call-1', makeContext({ host, port }, reach, budgetMs)));

const recordAt = (url: string, reach: Reach): Promise<ProviderError> =>
  catchError(provider.findRecord('a.wav', makeContext({ recordingsUrl: url }, reach)).then((file) => file?.open(undefined)));

describe('a PBX that is not there', () => {
  it('is reported in the same words for anything at its address', async () => {
    const closed = await listening(createTcpServer());
    const silent = await listening(createTcpServer(() => undefined));
    const web = await listening(createTcpServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nsecret')));
    const rude = await listening(createTcpServer((socket) => socket.destroy()));
    await cleanups.shift()?.();
    const errors = [
      await callAt('127.0.0.1', closed, OURS),
      await callAt('127.0.0.1', silent, OURS, 500),
      await callAt('127.0.0.1', web, OURS),
      await callAt('127.0.0.1', rude, OURS),
      await callAt('127.0.0.1', web, new Reach([])),
      await callAt('pbx.nowhere.invalid', 5038, OURS),
    ];
    expect(new Set(errors.map(({ kind, message }) => `${kind} ${message}`)).size).toBe(1);
    expect(errors[0]?.message).not.toContain('secret');
  });

  it('is not connected to where accounts may not lead, however it is spelled', async () => {
    let connections = 0;
    const port = await listening(createTcpServer(() => connections++));
    for (const host of ['127.0.0.1', 'localhost', '2130706433', '0x7f.1', '::ffff:7f00:1']) await callAt(host, port, new Reach([]));
    expect(connections).toBe(0);
  });

  it('is distinguished from a rejected login', async () => {
    const pbx = await AsteriskDouble.start();
    cleanups.push(() => pbx.close());
    expect((await callAt(pbx.settings.host, pbx.settings.port, OURS)).kind).toBe('auth');
  });
});

describe('a web server of recordings', () => {
  it('that returns something else, or redirects, is reported like an absent one', async () => {
    const asked: string[] = [];
    const port = await listening(
      createServer((request, reply) => {
        asked.push(request.url ?? '');
        if (request.url === '/away/a.wav') reply.writeHead(302, { location: `http://127.0.0.1:${port}/secret.wav` }).end();
        else if (request.url === '/page/a.wav') reply.writeHead(200, { 'content-type': 'text/html', 'content-length': '6' }).end('secret');
        else reply.writeHead(500).end('secret');
      }),
    );
    const gone = await listening(createTcpServer());
    await cleanups.pop()?.();
    const at = `http://127.0.0.1:${port}`;
    const errors = [
      await recordAt(`${at}/away`, OURS),
      await recordAt(`${at}/page`, OURS),
      await recordAt(`${at}/broken`, OURS),
      await recordAt(`http://127.0.0.1:${gone}`, OURS),
      await recordAt(`${at}/page`, new Reach([])),
      await recordAt('http://nowhere.invalid', OURS),
    ];
    expect(new Set(errors.map(({ kind, message }) => `${kind} ${message}`)).size).toBe(1);
    expect(asked).toEqual(['/away/a.wav', '/page/a.wav', '/broken/a.wav']);
  });
});
