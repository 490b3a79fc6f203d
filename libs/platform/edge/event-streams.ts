import { PassThrough, type Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CallbackError } from '../errors/index.js';

/** Milliseconds between two comments, which show proxies and pages that a stream is alive. */
const COMMENT_MS = 15_000;
/** Streams in this process. */
const MOST = 1_000;
/** Bytes that a listener may leave unread. */
const MOST_UNREAD = 256 * 1024;

/** How a stream is opened. */
export interface EventStreamOptions {
  /** Whose it is, such as a connection. */
  of: string;
  /** How many that one may have in a process. */
  most: number;
  /** Milliseconds until the stream ends. Without it, it ends only when the client or the server ends it. */
  lifeMs?: number;
  /** Called once it has ended, for any reason. */
  onClose?(): void;
}

/** An open stream. */
export interface EventStream {
  /** The reply's body, for the handler to return. */
  readonly body: Readable;
  /** Sends an event; `data` as JSON. */
  send(name: string, data: object): void;
  close(): void;
}

interface Opened extends EventStream {
  readonly of: string;
  write(text: string): void;
}

/**
 * Endless replies: events that a page reads as they arrive (`text/event-stream`), by fetch with its token.
 * The server ends them when it stops listening.
 */
@Injectable()
export class EventStreams {
  private readonly streams = new Set<Opened>();
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;

  /** Ends all streams, and refuses new ones from then on. */
  closeAll(): void {
    this.isClosed = true;
    for (const stream of this.streams) stream.close();
  }

  /** Opens a stream as the answer. Throws CallbackError 429 for one too many, 503 when the process ends. */
  open(reply: FastifyReply, { of, most, lifeMs, onClose }: EventStreamOptions): EventStream {
    if (this.isClosed) throw new CallbackError(503, 'The server is stopping.', undefined, 5);
    const own = [...this.streams].filter((stream) => stream.of === of).length;
    if (this.streams.size >= MOST || own >= most)
      throw new CallbackError(429, 'Too many pages with live updates are open. Close one, or try again in a minute.', undefined, 60);
    const body = new PassThrough();
    const end = lifeMs === undefined ? undefined : setTimeout(() => stream.close(), Math.max(0, lifeMs)).unref();
    const stream: Opened = {
      of,
      body,
      write: (text) => {
        if (body.writableLength + body.readableLength > MOST_UNREAD) body.destroy();
        else if (body.writable) body.write(text);
      },
      send: (name, data) => stream.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`),
      close: () => void body.end(),
    };
    body.once('close', () => {
      clearTimeout(end);
      this.streams.delete(stream);
      if (this.streams.size === 0) this.timer = void clearInterval(this.timer);
      onClose?.();
    });
    // A page that leaves ends the stream. Without a listener its error would end the process.
    body.on('error', () => undefined);
    this.streams.add(stream);
    this.timer ??= setInterval(() => this.comment(), COMMENT_MS).unref();
    // The socket ends with the stream: kept alive, it would hold up the end of the process.
    const headers = { 'cache-control': 'no-store', connection: 'close', 'x-accel-buffering': 'no' };
    void reply.type('text/event-stream').headers(headers);
    stream.write(': open\n\n');
    return stream;
  }

  private comment(): void {
    for (const stream of this.streams) stream.write(': \n\n');
  }
}
