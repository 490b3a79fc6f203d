import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

const pack = promisify(gzip);
/** Minimum bytes. In smaller replies the headers cost as much as compression saves. */
const LEAST = 1024;

/** Hook `onSend`: compresses JSON of 1 kB and more for clients that accept gzip. Not event streams. */
export async function compressJson(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
  if (typeof payload !== 'string' || Buffer.byteLength(payload) < LEAST) return payload;
  if (!String(reply.getHeader('content-type')).startsWith('application/json')) return payload;
  void reply.header('vary', 'accept-encoding');
  if (!/\bgzip\b/.test(String(request.headers['accept-encoding']))) return payload;
  void reply.header('content-encoding', 'gzip').removeHeader('content-length');
  return pack(payload);
}
