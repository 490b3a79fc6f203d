import type { IncomingMessage, ServerResponse } from 'node:http';
import { Server, type Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyHttpOptions, RawServerDefault } from 'fastify';

/** Time limits for the end of the server. */
export interface DrainTimes {
  /** Milliseconds for which the server still accepts requests after the signal. */
  readonly serveMs: number;
  /** Milliseconds after that in which a connection may send its first request. */
  readonly silentMs: number;
}

/** Milliseconds that running requests have after the server stopped listening. */
const FINISH_MS = 15_000;
/** A shorter turn of the event loop had no other work, so there was no time to connect after its poll. */
const QUIET_TURN_MS = 0.25;
/** Milliseconds to wait for such a turn. Afterwards any turn without a new connection is enough. */
const QUIET_WITHIN_MS = 2_000;

/**
 * Ends the server without losing a request: a proxy that was refused a connection passes its request on, but
 * never repeats a POST that it has sent.
 *
 * 1. The process is no longer ready. It serves on, and each reply closes its connection.
 * 2. The server stops listening in a turn of the event loop that had no connection to accept, because the
 *    kernel resets the connections that remain in the queue.
 * 3. Every accepted connection is answered, also a connection that has sent nothing yet.
 *
 * Nest ends the process's other parts afterwards.
 */
export class DrainingAdapter extends FastifyAdapter {
  /** Called when the server stops listening, to end long replies such as event streams. */
  onStopListening: () => void = () => undefined;
  private readonly sockets = new Set<Socket>();
  private accepted = 0;
  private draining = false;

  constructor(
    private readonly times: DrainTimes,
    options: FastifyHttpOptions<RawServerDefault> & { skipMiddie?: boolean } = {},
  ) {
    super(options);
    const { server } = this.getInstance();
    // A set of the open replies would keep most of them alive after their end: V8 moves its old tables aside.
    this.getInstance().addHook('onSend', (_request, { raw }, _payload, done) => {
      if (this.draining) closeAfter(raw);
      done();
    });
    server.on('connection', (socket: Socket) => {
      this.accepted++;
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
    server.prependListener('request', (_request: IncomingMessage, reply: ServerResponse) => {
      if (this.draining) closeAfter(reply);
    });
  }

  /** Whether the process is about to end. */
  get isDraining(): boolean {
    return this.draining;
  }

  /** Nest awaits it before it ends anything else. */
  // oxlint-disable-next-line typescript/no-misused-promises -- Nest awaits it, although its type is void
  override async beforeClose(): Promise<void> {
    this.draining = true;
    const { server } = this.getInstance();
    if (server.listening) {
      if (this.times.serveMs > 0) await sleep(this.times.serveMs);
      await this.waitForQuietTurn();
      // The server's own `close` would also end connections that have not been read.
      const ended = new Promise<void>((resolve) => void Server.prototype.close.call(server, () => resolve()));
      server.closeIdleConnections();
      this.onStopListening();
      const silent = setTimeout(() => this.closeSilent(), this.times.silentMs);
      await Promise.race([ended, sleep(FINISH_MS)]);
      clearTimeout(silent);
      // The server does not wait for connections that OPERATOR_PORT accepted.
      this.closeSilent();
    }
    super.beforeClose();
  }

  private async waitForQuietTurn(): Promise<void> {
    const begin = performance.now();
    for (;;) {
      const { accepted } = this;
      const before = performance.now();
      await new Promise((resolve) => setImmediate(resolve));
      const now = performance.now();
      if (accepted === this.accepted && (now - before < QUIET_TURN_MS || now - begin > QUIET_WITHIN_MS)) return;
    }
  }

  /** Closes connections that browsers open in advance. */
  private closeSilent(): void {
    for (const socket of this.sockets) if (socket.bytesRead === 0) socket.destroy();
  }
}

function closeAfter(reply: ServerResponse): void {
  if (!reply.headersSent) reply.setHeader('connection', 'close');
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms).unref());
}
