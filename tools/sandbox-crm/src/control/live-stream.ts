import { PassThrough } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { asNumber, asText } from '../json.js';
import type { Sandbox } from '../sandbox.js';
import type { JournalEntry } from '../store/state.js';
import { readQuery } from './control-input.js';
import { showEntry } from './views.js';

/** Least time between two `changed` events, milliseconds. */
const CHANGED_EVERY = 300;
/** A comment keeps the connection through proxies, milliseconds. */
const COMMENT_EVERY = 15_000;
/** Bytes that wait for a reader before he is given up. */
const BACKLOG = 8 * 1024 * 1024;

/**
 * Answers `text/event-stream`: `entry` with each exchange of the journal (`?account=`), first those after
 * `since` or the header `Last-Event-ID`; `changed` when anything in the sandbox is not as it was.
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
  const onEntry = (entry: JournalEntry): void => {
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
  if (since !== undefined) for (const entry of sandbox.journal.find({ since, limit: Infinity })) onEntry(entry);
  sandbox.news.on('entry', onEntry).on('changed', onChanged);
  stream.once('close', () => {
    sandbox.news.off('entry', onEntry).off('changed', onChanged);
    clearInterval(comments);
    clearTimeout(soon);
  });
  request.raw.once('close', () => stream.destroy());
  return reply.type('text/event-stream').header('cache-control', 'no-store').send(stream);
}
