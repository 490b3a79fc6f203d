import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A request received by the server. */
export interface SeenRequest {
  readonly verb: string;
  /** Path without the query. */
  readonly path: string;
  readonly query: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  /** Monotonic time of its arrival, milliseconds. */
  readonly at: number;
}

/** Responds to one request. Default: `{"success":true}`. */
export type Answer = (response: ServerResponse, request: SeenRequest) => void;

/** A plain HTTP server on a free local port that records requests. */
export class WireServer {
  readonly seen: SeenRequest[] = [];
  answer: Answer = (response) => sendJson(response, 200, { success: true });
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    const at = performance.now();
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const [path = '', query = ''] = (request.url ?? '').split(/\?(.*)/s);
      const seen = { verb: request.method ?? '', path, query, headers: request.headers, body: Buffer.concat(chunks), at };
      this.seen.push(seen);
      this.answer(response, seen);
    });
  });

  /** Connections opened so far. */
  connections = 0;

  async start(): Promise<this> {
    this.#server.on('connection', (socket) => {
      this.connections++;
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get last(): SeenRequest {
    const request = this.seen.at(-1);
    if (!request) throw new Error('No request was seen');
    return request;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Responds with a JSON document. */
export function sendJson(response: ServerResponse, status: number, body: unknown, headers: { [name: string]: string } = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
