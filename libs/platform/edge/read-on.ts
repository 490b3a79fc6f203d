import type { IncomingMessage } from 'node:http';

/** More than this is not waited for. */
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_MS = 10_000;

/**
 * Reads and drops the rest of a request, and then calls `then`: a client that is still sending a body that is
 * too large would see a broken connection instead of the reply.
 */
export function readOn(request: IncomingMessage, then: () => void): void {
  if (request.readableEnded || request.destroyed) return then();
  let left = MOST_BYTES;
  let told = false;
  const finish = (): void => {
    if (told) return;
    told = true;
    clearTimeout(timer);
    then();
  };
  const timer = setTimeout(finish, MOST_MS);
  request
    .on('data', (chunk: Buffer) => {
      left -= chunk.length;
      if (left < 0) finish();
    })
    .on('end', finish)
    .on('close', finish)
    .resume();
}
