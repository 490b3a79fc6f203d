import { Busboy } from '@fastify/busboy';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import Fastify, { type FastifyInstance } from 'fastify';
import { MAX_FORM_FIELDS } from '#platform';
import { MAX_JSON_DEPTH, readBodies } from './read-bodies.js';

const FORM = 'application/x-www-form-urlencoded';
const MULTIPART = 'multipart/form-data; boundary=b';
/** Bytes of a body just below the limit of the API. */
const LARGE = 4_000_000;

let fastify: FastifyInstance;

beforeAll(() => {
  fastify = Fastify({ bodyLimit: 2 * LARGE });
  readBodies(fastify);
  fastify.post('/known', ({ body }) => body);
});
afterEach(() => void jest.restoreAllMocks());
afterAll(() => fastify.close());

interface Answer {
  status: number;
  body: unknown;
}

async function send(path: string, type: string, payload: string): Promise<Answer> {
  const reply = await fastify.inject({ method: 'POST', url: path, headers: { 'content-type': type }, payload });
  return { status: reply.statusCode, body: reply.json() };
}

function part(name: string, value = '1'): string {
  return `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
}

/** Bytes that the multipart parser has received. */
function countParsedBytes(): () => number {
  const write = jest.spyOn(Busboy.prototype, 'write');
  return () => write.mock.calls.reduce((sum, [slice]) => sum + (slice as Buffer).length, 0);
}

describe('a body that a stranger sends', () => {
  it.each([
    ['a form', FORM, 'a=1&b=2&a=3', { a: ['1', '3'], b: '2' }],
    [
      'multipart',
      MULTIPART,
      `${part('a')}${part('b', 'x'.repeat(100_000))}${part('a', '3')}--b--`,
      { a: ['1', '3'], b: 'x'.repeat(100_000) },
    ],
    ['multipart without files', MULTIPART, `${part('a')}${part('f"; filename="x')}--b--`, { a: '1' }],
    ['JSON', 'application/json', '{"a":[{"b":1}]}', { a: [{ b: 1 }] }],
  ])('is read from %s', async (_, type, payload, body) => {
    expect(await send('/known', type, payload)).toEqual({ status: 200, body });
  });

  describe.each(['/known', '/nowhere'])('at %s', (path) => {
    it.each([
      ['equal names in a form', FORM, 'a&'.repeat(LARGE / 2)],
      ['nested names in a form', FORM, 'a[b][c]=1&'.repeat(LARGE / 10)],
      ['empty fields in a form', FORM, '&'.repeat(LARGE)],
      ['empty parts', MULTIPART, '--b\r\n'.repeat(LARGE / 5)],
      ['empty parts without line ends', MULTIPART, '\r\n--b'.repeat(LARGE / 5)],
      ['equal parts', MULTIPART, part('a').repeat(LARGE / 100)],
      ['parts without headers', MULTIPART, '--b\r\n\r\nx\r\n'.repeat(LARGE / 10)],
      ['files', MULTIPART, part('a"; filename="x').repeat(LARGE / 100)],
    ])('has too many fields: %s', async (_what, type, payload) => {
      const parsed = countParsedBytes();
      expect(await send(path, type, payload)).toMatchObject({
        body: { message: `Wrong input: body must have at most ${MAX_FORM_FIELDS} fields` },
      });
      // The slice in which the limit is reached, and the slices before it.
      expect(parsed()).toBeLessThan(20_000);
    });

    it.each([
      ['a boundary that nearly matches', `multipart/form-data; boundary=${'b'.repeat(70)}`, `\r\n--${'b'.repeat(69)}x`.repeat(LARGE / 80)],
      ['a boundary beyond the limit of the library', `multipart/form-data; boundary=${'b'.repeat(300)}`, 'x'.repeat(LARGE)],
      ['a header that never ends', MULTIPART, `--b\r\nContent-Disposition: ${'x'.repeat(LARGE)}`],
      ['a part without a name', MULTIPART, `--b\r\nContent-Disposition: form-data; x="1"\r\n\r\n1\r\n--b--`],
    ])('is not a form: %s', async (_what, type, payload) => {
      expect(await send(path, type, payload)).toMatchObject({ body: { message: 'Wrong input: body is not a complete multipart form' } });
    });

    it.each(['[', '{"a":', '[{"a":'])('is JSON nested too deeply, and only its first levels are read: %s', async (level) => {
      const look = jest.spyOn(String.prototype, 'charCodeAt');
      const answer = await send(path, 'application/json', level.repeat(LARGE / level.length));
      expect(look.mock.calls.length).toBeLessThan(10 * MAX_JSON_DEPTH);
      expect(answer).toMatchObject({ body: { message: 'Wrong input: body is nested too deeply' } });
    });

    it('is wide JSON, and each of its characters is read once', async () => {
      const text = JSON.stringify(Array.from({ length: 10_000 }, () => ({ '[[{': '"[\\' })));
      const look = jest.spyOn(String.prototype, 'charCodeAt');
      await send(path, 'application/json', text);
      expect(look.mock.calls.length).toBeLessThan(text.length + 1_000);
    });
  });

  it('may be JSON of as many levels as the maximum', async () => {
    const nest = (levels: number): string => `${'['.repeat(levels)}"]\\"["${']'.repeat(levels)}`;
    expect((await send('/known', 'application/json', nest(MAX_JSON_DEPTH))).status).toBe(200);
    expect(await send('/known', 'application/json', nest(MAX_JSON_DEPTH + 1))).toMatchObject({ status: 500 });
  });
});
