import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyInstance, onSendAsyncHookHandler } from 'fastify';

/** Routes of the console, the account page and the API's documents; others are not compressed here. */
const ROUTE = /^\/(operator(\/\*)?$|(operator|:module\/account)\/api(\/|$)|docs(\/callbacks)?-json$)/;
const TYPE = /^(application\/json|text\/html)\b/;
/** Below it headers weigh as much as is saved, in bytes. */
const LEAST = 1024;
/** The higher ones take many times as long, for a tenth less. */
const QUALITY = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

const [packBrotli, packGzip] = [promisify(brotliCompress), promisify(gzip)];
/** The first that a browser takes is used. */
const ENCODINGS = [
  { name: 'br', pack: (text: string): Promise<Buffer> => packBrotli(text, QUALITY) },
  { name: 'gzip', pack: (text: string): Promise<Buffer> => packGzip(text) },
];

/**
 * Compresses JSON of 1 kB and more that pages request from `/operator/api` and `/{module}/account/api`, and
 * the console's page, with Brotli or gzip. Streams of events pass unchanged. Call it before routes are added.
 *
 * No secret can be guessed by an answer's length (BREACH): these routes take a bearer token or a
 * `SameSite=Strict` cookie, so that no other site's page can call them for a user. The console's page is the
 * same for everyone.
 */
export function compressJson(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    if (ROUTE.test(route.url)) route.onSend = [...[route.onSend ?? []].flat(), compress];
  });
}

const compress: onSendAsyncHookHandler<unknown> = async (request, reply, payload) => {
  const type = reply.getHeader('content-type');
  if (typeof payload !== 'string' || !TYPE.test(String(type)) || Buffer.byteLength(payload) < LEAST) return payload;
  void reply.header('vary', 'accept-encoding');
  const accepted = listAccepted(request.headers['accept-encoding']);
  const encoding = ENCODINGS.find(({ name }) => accepted.includes(name));
  if (!encoding) return payload;
  void reply.header('content-encoding', encoding.name).removeHeader('content-length');
  return encoding.pack(payload);
};

/** The encodings that a request takes, without those it refuses by `q=0`. */
function listAccepted(header: string | string[] | undefined): string[] {
  const parts = String(header ?? '').split(',');
  return parts.filter((part) => !/;\s*q=0(\.0*)?\s*$/.test(part)).map((part) => part.replace(/;.*/s, '').trim().toLowerCase());
}
