import { PassThrough } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { asNumber, asText } from '../json.js';
import type { Sandbox } from '../sandbox.js';
import type { LoggedExchange } from '../store/state.js';
import { readQuery } from './control-input.js';
import { showEntry } from './views.js';

/** Minimum milliseconds between two `changed` events. */
const CHANGED_EVERY = 300;
/** Milliseconds between two comments, which keep the connection open through proxies. */
const COMMENT_EVERY = 15_000;
/** Maximum bytes that wait for a slow reader before its stream is closed. */
const BACKLOG = 8 * 1024 * 1024;

/**
 * Replies with `text/event-stream`: `entry` with each exchange (`?account=`), starting after
 * `since` or the header `Last-Event-ID`. `changed` after any change in the sandbox.
 */
export function openLiveStream(sandbox: Sandbox, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const query = readQuery(request);
  const account = asText(query['account']);
  const since = asNumber(request.headers['last-event-id']?.toString()) ?? asNumber(query['since']);
  const stream = new PassThrough();
  const write = (text: string): void => {
    if (stream.writableLength > BACKLOG) stream.destroy();
    else stream.write(text);
  };
  const onEntry = (entry: LoggedExchange): void => {
    if (account === undefined || entry.account === account)
      write(`id: ${entry.id}\nevent: entry\ndata: ${JSON.stringify(showEntry(entry))}\n\n`);
  };
  let soon: NodeJS.Timeout | undefined;
  const onChanged = (): void => {
    soon ??= setTimeout(() => {
      soon = undefined;
      write('event: changed\ndata: {}\n\n');
    }, CHANGED_EVERY);
  };
  const comments = setInterval(() => write(':\n\n'), COMMENT_EVERY);
  write('retry: 2000\n\n');
  if (since !== undefined) for (const entry of sandbox.exchanges.find({ since, limit: Infinity })) onEntry(entry);
  sandbox.news.on('entry', onEntry).on('changed', onChanged);
  stream.once('close', () => {
    sandbox.news.off('entry', onEntry).off('changed', onChanged);
    clearInterval(comments);
    clearTimeout(soon);
  });
  request.raw.once('close', () => stream.destroy());
  return reply.type('text/event-stream').header('cache-control', 'no-store').send(stream);
}
