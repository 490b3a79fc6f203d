import type { FastifyReply } from 'fastify';

/**
 * Calls `record` after the whole reply was given to the operating system, unless the client left before that.
 * Until then the client may not have the reply.
 */
export function onReplySent({ raw }: Pick<FastifyReply, 'raw'>, record: () => void): void {
  raw.once('finish', () => {
    // Node closes a reply whose client left; 'finish' may still follow.
    if (!raw.destroyed) record();
  });
}
