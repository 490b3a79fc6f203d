import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

const pack = promisify(gzip);
/** Below it headers weigh as much as is saved, in bytes. */
const LEAST = 1024;

/** Hook `onSend`: packs JSON of 1 kB and more for those who take gzip; streams of events pass as they are. */
export async function compressJson(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
  if (typeof payload !== 'string' || Buffer.byteLength(payload) < LEAST) return payload;
  if (!String(reply.getHeader('content-type')).startsWith('application/json')) return payload;
  void reply.header('vary', 'accept-encoding');
  if (!/\bgzip\b/.test(String(request.headers['accept-encoding']))) return payload;
  void reply.header('content-encoding', 'gzip').removeHeader('content-length');
  return pack(payload);
}
