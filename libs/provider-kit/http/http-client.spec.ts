import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { getMetadataStorage, IsOptional } from 'class-validator';
import { getParser } from '#platform/plain';
import { ProviderError } from '../provider-error.js';
import { HttpClient, type HttpClientOptions, type HttpRequest } from './http-client.js';

interface Seen {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

const cleanups: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

type Answer = (request: IncomingMessage, response: ServerResponse, seen: Seen) => void;

async function listen(listener: RequestListener, port = 0): Promise<{ server: Server; url: string; port: number }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const bound = (server.address() as AddressInfo).port;
  return { server, url: `http://127.0.0.1:${bound}`, port: bound };
}

/** A server that reads each request completely and then replies. */
async function serve(answer: Answer): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const { url } = await listen((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one = {
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      };
      seen.push(one);
      answer(request, response, one);
    });
  });
  return { url, seen };
}

async function freePort(): Promise<number> {
  const { server, port } = await listen(() => undefined);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function makeClient(options: Partial<HttpClientOptions> = {}): HttpClient {
  const client = new HttpClient({ name: 'Parcel Co', readRetries: 0, ...options });
  cleanups.push(() => client.close());
  return client;
}

const read = (url: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  url,
  effect: false,
  reach: 'anywhere',
  ...more,
});
const write = (url: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'POST',
  url,
  json: { parcel: 1 },
  effect: true,
  reach: 'anywhere',
  ...more,
});

/** Waits for something that is about to happen. Throws when it does not. */
async function until(happened: () => boolean): Promise<void> {
  for (let waited = 0; !happened(); waited++) {
    if (waited > 2_000) throw new Error('it did not happen');
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

async function failure(call: Promise<unknown>): Promise<ProviderError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ProviderError);
  return error as ProviderError;
}

/** Reads one field as an adapter's mapper would. */
const field =
  (name: string, type: 'string' | 'number') =>
  (value: unknown): unknown => {
    const found = (value as Record<string, unknown>)[name];
    if (typeof found !== type) throw new Error(`${name} is no ${type}`);
    return found;
  };

const answerJson = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
};

describe('what is sent and read', () => {
  it('sends JSON and reads it', async () => {
    const { url, seen } = await serve((_request, response) => answerJson(response, 201, { id: 'A1' }));
    const reply = await makeClient().send(
      write(`${url}/orders?x=1`, { query: { city: 'Málaga', ids: [1, 2], none: undefined }, headers: { 'x-key': 'k' } }),
    );
    expect(reply.ok).toBe(true);
    expect(reply.json(field('id', 'string'))).toBe('A1');
    expect(seen).toMatchObject([
      {
        method: 'POST',
        url: '/orders?x=1&city=M%C3%A1laga&ids=1&ids=2',
        body: '{"parcel":1}',
        headers: { 'content-type': 'application/json', 'x-key': 'k' },
      },
    ]);
  });

  it('sends forms and reads bytes', async () => {
    const { url, seen } = await serve((_request, response) => response.end(Buffer.from([0x25, 0xff, 0x00])));
    const reply = await makeClient().send({
      method: 'POST',
      url,
      form: { name: 'Иван & Co', n: 2, all: ['a', 'b'], none: undefined },
      effect: false,
      reach: 'anywhere',
    });
    expect([...reply.bytes]).toEqual([0x25, 0xff, 0x00]);
    expect(seen[0]?.body).toBe('name=%D0%98%D0%B2%D0%B0%D0%BD+%26+Co&n=2&all=a&all=b');
    expect(seen[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded');
  });

  it('keeps connections for the next call', async () => {
    const ports = new Set<number | undefined>();
    const { url } = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      answerJson(response, 200, {});
    });
    const client = makeClient();
    for (let i = 0; i < 6; i++) await client.send(read(url));
    // A second one, when a call starts before the last one's is free again.
    expect(ports.size).toBeLessThanOrEqual(2);
  });

  it('leaves refusals to the adapter', async () => {
    const { url } = await serve((_request, response) => answerJson(response, 422, { message: 'no such street' }));
    const reply = await makeClient().send(write(url));
    expect(reply.ok).toBe(false);
    expect(reply.status).toBe(422);
    expect(reply.json(field('message', 'string'))).toBe('no such street');
  });
});

describe('before the request has left: surely nothing was done', () => {
  it('a refused connection', async () => {
    const port = await freePort();
    const error = await failure(makeClient().send(write(`http://127.0.0.1:${port}/orders`)));
    expect(error.kind).toBe('unavailable');
    expect(error.message).toBe('Parcel Co cannot be reached');
    expect((error.cause as Error).message).toContain('ECONNREFUSED');
  });

  it('an unknown host', async () => {
    const error = await failure(makeClient().send(write('http://no-such-host.invalid/')));
    expect(error.kind).toBe('unavailable');
  });

  it('a signal that has ended already: no connection is made', async () => {
    const { url, seen } = await serve((_request, response) => response.end());
    const error = await failure(makeClient().send(write(url, { signal: AbortSignal.abort() })));
    expect(error.kind).toBe('unavailable');
    expect(seen).toHaveLength(0);
  });

  it('given up while it waits for a free connection: it does not leave later', async () => {
    let answerFirst = (): void => undefined;
    const { url, seen } = await serve((_request, response) => {
      answerFirst = () => response.end();
    });
    const client = makeClient({ connections: 1 });
    const first = client.send(write(url));
    await until(() => seen.length === 1);
    const controller = new AbortController();
    const second = failure(client.send(write(url, { signal: controller.signal })));
    controller.abort();
    expect((await second).kind).toBe('unavailable');
    answerFirst();
    await first;
    const third = client.send(write(url));
    await until(() => seen.length === 2);
    answerFirst();
    await third;
    expect(seen).toHaveLength(2);
  });

  it('an invalid address, a header that cannot be sent', async () => {
    const client = makeClient();
    for (const url of ['nonsense', 'ftp://127.0.0.1/x', '']) {
      const error = await failure(client.send(write(url)));
      expect(error.kind).toBe('invalid');
    }
    const error = await failure(client.send(write('http://127.0.0.1:9/', { headers: { authorization: 'Bearer s\u00e9cret\n\u0417' } })));
    expect(error.kind).toBe('invalid');
    expect(`${error.message}${String(error.cause)}`).not.toContain('cret');
  });
});

describe('after the request has left', () => {
  const both = async (answer: Answer, message: RegExp, options: Partial<HttpClientOptions> = {}): Promise<void> => {
    const { url, seen } = await serve(answer);
    const client = makeClient(options);
    const written = await failure(client.send(write(url)).then((reply) => reply.json(String)));
    expect(written.kind).toBe('unknown_outcome');
    expect(written.message).toMatch(message);
    const asked = await failure(client.send(read(url)).then((reply) => reply.json(String)));
    expect(asked.kind).toBe('unavailable');
    expect(asked.message).toMatch(message);
    expect([written.localText?.ru, asked.localText?.ru]).toEqual([
      expect.stringContaining('неизвестно'),
      expect.stringContaining('не отвечает'),
    ]);
    expect(seen).toHaveLength(2);
  };

  it('a connection reset before the reply', () => both((request) => request.socket.resetAndDestroy(), /broke the connection/));

  it('a connection closed before the reply', () => both((request) => request.socket.destroy(), /broke the connection/));

  it('a connection reset in mid-reply', () =>
    both((request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"id":', () => request.socket.resetAndDestroy());
    }, /broke the connection/));

  it('a reply cut short of its length', () =>
    both((request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{}', () => request.socket.end());
    }, /broke the connection/));

  it('headers that do not come', () => both(() => undefined, /did not answer in time/, { headersTimeoutMs: 50 }));

  it('a body that does not go on', () =>
    both(
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write('{');
      },
      /did not answer in time/,
      { bodyTimeoutMs: 50 },
    ));

  it('a body that drips on and on', () =>
    both(
      (_request, response) => {
        response.writeHead(200);
        const timer = setInterval(() => response.write(' '), 10);
        response.on('close', () => clearInterval(timer));
      },
      /did not answer in time/,
      { bodyTimeoutMs: 1_000, totalTimeoutMs: 100 },
    ));

  it('5xx', () => both((_request, response) => answerJson(response, 503, { secret: 'x' }), /its own error \(503\)/));

  it('no JSON', () => both((_request, response) => response.end('<html>password=hunter2'), /cannot be read/));

  it('an empty reply where JSON is needed', () => both((_request, response) => response.writeHead(204).end(), /cannot be read/));

  it('no HTTP', () => both((request) => request.socket.write('SSH-2.0-OpenSSH_9.6\r\n'), /cannot be read/));

  it('a reply too large, with its length and without', async () => {
    const huge = Buffer.alloc(2_000, 'x');
    await both((_request, response) => response.end(huge), /too large/, { maxReplyBytes: 1_999 });
    await both(
      (_request, response) => {
        response.write(huge.subarray(0, 1_000));
        response.end(huge.subarray(0, 1_000));
      },
      /too large/,
      { maxReplyBytes: 1_999 },
    );
  });

  it('the caller gives up', async () => {
    const controller = new AbortController();
    const { url } = await serve(() => controller.abort());
    const error = await failure(makeClient().send(write(url, { signal: controller.signal })));
    expect(error.kind).toBe('unknown_outcome');
    expect(error.message).toMatch(/gave up/);
  });

  it('the time budget ends', async () => {
    const { url } = await serve(() => undefined);
    const error = await failure(makeClient().send(write(url, { signal: AbortSignal.timeout(50) })));
    expect(error.kind).toBe('unknown_outcome');
    expect(error.message).toMatch(/did not answer in time/);
  });

  it('a redirect, which is not followed', async () => {
    const { url, seen } = await serve((request, response) => {
      response.writeHead(Number(request.url?.slice(1)), { location: '/elsewhere' }).end();
    });
    const client = makeClient();
    for (const status of [301, 307, 308]) expect((await failure(client.send(write(`${url}/${status}`)))).kind).toBe('unavailable');
    for (const status of [302, 303]) expect((await failure(client.send(write(`${url}/${status}`)))).kind).toBe('unknown_outcome');
    expect(seen.map(({ url: path }) => path)).not.toContain('/elsewhere');
  });

  it('a reply of another shape reports the place, not the value', async () => {
    const { url } = await serve((_request, response) => answerJson(response, 200, { id: 17, secret: 'hunter2' }));
    const reply = await makeClient().send(write(url));
    const error = await failure(Promise.resolve().then(() => reply.json(field('id', 'string'))));
    expect(error.kind).toBe('unknown_outcome');
    expect((error.cause as Error).message).toBe('id is no string');
  });

  it('a mistake in the reply’s class is not an outage of the service', async () => {
    class Rate {
      @IsOptional() delivery_days?: number;
    }
    const { url } = await serve((_request, response) => answerJson(response, 200, { delivery_days: 2 }));
    const reply = await makeClient().send(write(url));
    expect(() => reply.json((value) => getParser(Rate).parse(value))).toThrow('class Rate, property delivery_days has no type');
    const { validationMetadatas } = getMetadataStorage() as unknown as { validationMetadatas: Map<unknown, unknown> };
    validationMetadatas.delete(Rate);
  });

  it('a refusal that cannot be read is still a refusal', async () => {
    const { url } = await serve((_request, response) => response.writeHead(400).end('nope'));
    const reply = await makeClient().send(write(url));
    const error = await failure(Promise.resolve().then(() => reply.json(String)));
    expect(error.kind).toBe('rejected');
  });
});

describe('refusals with one meaning everywhere', () => {
  it.each([401, 403])('%i is about the credentials', async (status) => {
    const { url } = await serve((_request, response) => response.writeHead(status).end());
    const error = await failure(makeClient().send(write(url, { headers: { authorization: 'Bearer hunter2' } })));
    expect(error.kind).toBe('auth');
    expect(error.message).not.toContain('hunter2');
  });

  it.each([401, 403, 429])('%i comes back to a client whose service explains itself', async (status) => {
    const { url } = await serve((_request, response) => answerJson(response, status, { id: 'expired' }));
    const reply = await makeClient({ explains: [status] }).send(write(url));
    expect([reply.ok, reply.status, reply.json(field('id', 'string'))]).toEqual([false, status, 'expired']);
  });

  it.each([
    ['7', 7_000],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
    ['Thu, 01 Jan 1970 00:00:10 GMT', 0],
  ])('429 with Retry-After %s', async (header, expected) => {
    const { url, seen } = await serve((_request, response) =>
      response.writeHead(429, header === undefined ? {} : { 'retry-after': header }).end(),
    );
    const error = await failure(makeClient({ readRetries: 2 }).send(read(url)));
    expect(error.kind).toBe('rate_limited');
    expect(error.retryAfterMs).toBe(expected);
    expect(seen).toHaveLength(1);
  });

  it('429 with a date to come', async () => {
    const at = new Date(Date.now() + 60_000).toUTCString();
    const { url } = await serve((_request, response) => response.writeHead(429, { 'retry-after': at }).end());
    const { retryAfterMs } = await failure(makeClient().send(read(url)));
    expect(retryAfterMs).toBeGreaterThan(0);
    expect(retryAfterMs).toBeLessThanOrEqual(60_000);
  });
});

describe('repeats', () => {
  it('a read is repeated, to its limit', async () => {
    let calls = 0;
    const { url, seen } = await serve((request, response) => {
      calls++;
      if (calls === 1) request.socket.resetAndDestroy();
      else if (calls === 2) response.writeHead(502).end();
      else answerJson(response, 200, { calls });
    });
    const reply = await makeClient({ readRetries: 2 }).send(read(url));
    expect(reply.json(field('calls', 'number'))).toBe(3);
    calls = 0;
    expect((await failure(makeClient({ readRetries: 1 }).send(read(url)))).kind).toBe('unavailable');
    expect(seen).toHaveLength(5);
  });

  it('a call with an effect is not, nor a slow read, nor a refusal', async () => {
    const { url, seen } = await serve((request, response) => {
      if (request.url === '/slow') return;
      response.writeHead(request.url === '/error' ? 500 : 404).end();
    });
    const client = makeClient({ readRetries: 2, headersTimeoutMs: 50 });
    await failure(client.send(write(`${url}/error`)));
    await failure(client.send(read(`${url}/slow`)));
    await client.send(read(`${url}/missing`));
    expect(seen.map(({ url: path }) => path)).toEqual(['/error', '/slow', '/missing']);
  });

  it('stops when the caller gives up', async () => {
    const controller = new AbortController();
    const { url, seen } = await serve((_request, response) => {
      response
        .on('close', () => controller.abort())
        .writeHead(500)
        .end();
    });
    await failure(makeClient({ readRetries: 50 }).send(read(url, { signal: controller.signal })));
    expect(seen.length).toBeLessThan(3);
  });
});

describe('packed replies', () => {
  const pack = (response: ServerResponse, bytes: Buffer, status = 200): void => {
    response.writeHead(status, { 'content-encoding': 'gzip' }).end(bytes);
  };

  it('are requested and unpacked, also for a refusal, and plain ones are accepted', async () => {
    const { url, seen } = await serve((request, response) => {
      if (request.url === '/plain') answerJson(response, 200, { calls: 1 });
      else if (request.url === '/empty') pack(response, Buffer.alloc(0), 415);
      else pack(response, gzipSync('{"calls":2}'), request.url === '/refused' ? 400 : 200);
    });
    const client = makeClient({ gzip: true });
    const calls: number[] = [];
    for (const path of ['/plain', '/packed', '/refused'])
      calls.push((await client.send(read(url + path))).json(field('calls', 'number')) as number);
    expect(calls).toEqual([1, 2, 2]);
    expect((await client.send(read(`${url}/empty`))).text()).toBe('');
    expect(new Set(seen.map(({ headers }) => headers['accept-encoding']))).toEqual(new Set(['gzip']));
    await makeClient().send(read(`${url}/plain`));
    expect(seen.at(-1)?.headers['accept-encoding']).toBeUndefined();
  });

  it('that are too large once unpacked, or broken, are not replies', async () => {
    const whole = gzipSync('x'.repeat(1_000_000));
    const { url } = await serve((request, response) => pack(response, request.url === '/cut' ? whole.subarray(0, 20) : whole));
    const client = makeClient({ gzip: true, maxReplyBytes: 500_000 });
    expect(whole.length).toBeLessThan(5_000);
    const large = await failure(client.send(read(url)));
    expect([large.kind, large.message]).toEqual(['unavailable', 'Parcel Co sent a reply that is too large']);
    expect((await failure(client.send(write(url)))).kind).toBe('unknown_outcome');
    expect((await failure(client.send(read(`${url}/cut`)))).message).toBe('Parcel Co sent a reply that cannot be read');
  });
});
