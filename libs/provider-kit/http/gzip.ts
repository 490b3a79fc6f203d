import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { ExchangeError, type RawReply } from './exchange.js';

const gunzipBytes = promisify(gunzip);

/** Decompresses a reply. Throws ExchangeError. */
export async function unpack(reply: RawReply, maxReplyBytes: number): Promise<RawReply> {
  if (reply.bytes.length === 0 || reply.headers['content-encoding']?.toLowerCase() !== 'gzip') return reply;
  try {
    return { ...reply, bytes: await gunzipBytes(reply.bytes, { maxOutputLength: maxReplyBytes }) };
  } catch (error) {
    const code = (error as { code?: string }).code;
    throw new ExchangeError(code === 'ERR_BUFFER_TOO_LARGE' ? 'too_large' : 'unreadable', true, code);
  }
}
