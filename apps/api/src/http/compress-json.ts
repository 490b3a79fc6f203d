import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyInstance, onSendAsyncHookHandler } from 'fastify';

/** Routes of the console, the account page and the API's documents. Replies of others are not compressed. */
const ROUTE = /^\/(operator(\/\*)?$|(operator|:module\/account)\/api(\/|$)|docs(\/callbacks)?-json$)/;
const TYPE = /^(application\/json|text\/html)\b/;
/** Minimum bytes. In smaller replies the headers cost as much as compression saves. */
const LEAST = 1024;
/** Higher levels take many times as long and save only another tenth. */
const QUALITY = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

const [packBrotli, packGzip] = [promisify(brotliCompress), promisify(gzip)];
/** In order of preference. */
const ENCODINGS = [
  { name: 'br', pack: (text: string): Promise<Buffer> => packBrotli(text, QUALITY) },
  { name: 'gzip', pack: (text: string): Promise<Buffer> => packGzip(text) },
];

/**
 * Compresses JSON of 1 kB and more that pages request from `/operator/api` and `/{module}/account/api`, and
 * the console's page, with Brotli or gzip. Event streams are not changed. Call it before routes are added.
 *
 * The length of a reply reveals no secret (BREACH), because these routes require a bearer token or a
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

/** Returns the encodings that a request accepts. `q=0` excludes an encoding. */
function listAccepted(header: string | string[] | undefined): string[] {
  const parts = String(header ?? '').split(',');
  return parts.filter((part) => !/;\s*q=0(\.0*)?\s*$/.test(part)).map((part) => part.replace(/;.*/s, '').trim().toLowerCase());
}
