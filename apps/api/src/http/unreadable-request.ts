import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { ErrorAnswer } from './answer.filter.js';

/**
 * Maximum bytes of the address and all headers of a request. Node keeps at most 2,000 headers.
 * Both are Node's own limits, set here so that no option of Node raises them.
 */
export const HEADER_LIMITS = { maxHeaderSize: 16_384 } as const;
export const MAX_HEADERS = 2_000;

/** Replies to requests that could not be parsed, by Node's error code. */
const REFUSALS: { readonly [code: string]: readonly [status: number, errorMsg: string] } = {
  HPE_HEADER_OVERFLOW: [413, 'The address and the headers of the request are too long; send fewer values'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not arrive in time'],
};

/** Replies to an unparsable HTTP request with the contract's error reply and closes the connection. */
export function refuseUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const [status, errorMsg] = REFUSALS[error.code ?? ''] ?? [400, 'The request is not valid HTTP'];
  const body = JSON.stringify({ success: false, errorMsg } satisfies ErrorAnswer);
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: application/json\r\nX-Content-Type-Options: nosniff\r\nContent-Length: ${body.length}`;
  if (socket.writable) socket.write(`${head}\r\n\r\n${body}`);
  socket.destroy(error);
}
