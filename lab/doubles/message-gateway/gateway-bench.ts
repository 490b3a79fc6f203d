import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MessageGateway } from './message-gateway.js';

/** A call's answer. */
export interface BenchReply {
  status: number;
  body: unknown;
  headers: Headers;
}

/** Settings of a channel that can do all. */
export const ABLE = {
  text: { creating: 'both', editing: 'both', quoting: 'both', deleting: 'both', reaction: 'both', max_chars_count: 4096 },
  image: {
    creating: 'both',
    editing: 'both',
    quoting: 'both',
    deleting: 'both',
    reaction: 'both',
    max_items_count: 2,
    max_item_size: 1000,
  },
  file: { creating: 'both', deleting: 'both' },
  audio: { creating: 'both', deleting: 'both' },
  product: { creating: 'both', deleting: 'both' },
  order: { creating: 'both', deleting: 'both' },
  status: { delivered: 'send', read: 'both' },
  reactions: { dictionary: ['👍', '🔥'], max_count: 1 },
  suggestions: { text: 'receive', phone: 'none' },
  sending_policy: { new_customer: 'text' },
};

export const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** Calls the double's API as a module would, for its specs. */
export class GatewayBench {
  constructor(readonly gateway: MessageGateway) {}

  /** A call with JSON and the first transport's newest token, or another. */
  async call(
    method: string,
    path: string,
    body?: unknown,
    token: string | undefined = this.gateway.transport.tokens.at(-1),
  ): Promise<BenchReply> {
    return this.send(method, `/api/transport/v1${path}`, {
      ...(token !== undefined && { 'x-transport-token': token }),
      'content-type': 'application/json',
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }

  /** Bytes to the upload. */
  upload(bytes: Uint8Array, type = 'application/octet-stream'): Promise<BenchReply> {
    return this.send('POST', '/api/transport/v1/files/upload', {
      'x-transport-token': this.gateway.transport.tokens.at(-1) ?? '',
      ...{ 'content-type': type, body: bytes },
    });
  }

  /** A request of any shape: headers, and its `body`. */
  async send(
    method: string,
    path: string,
    { body, ...headers }: { body?: string | Uint8Array; [header: string]: string | Uint8Array | undefined },
  ): Promise<BenchReply> {
    const reply = await fetch(`${this.gateway.url}${path}`, {
      method,
      headers: headers as Record<string, string>,
      ...(body !== undefined && { body: body as string }),
    });
    return { status: reply.status, body: await reply.json(), headers: reply.headers };
  }

  control(method: string, path: string, body?: unknown): Promise<BenchReply> {
    return this.send(
      method,
      `/control${path}`,
      body === undefined ? {} : { 'content-type': 'application/json', body: JSON.stringify(body) },
    );
  }

  /** A new channel's id. */
  async openChannel(more: object = {}): Promise<number> {
    const { body } = await this.call('POST', '/channels', {
      type: 'telegram',
      name: '@shop',
      external_id: 'bot-1',
      settings: ABLE,
      ...more,
    });
    return (body as { id: number }).id;
  }

  /** A customer's text. */
  post(channel: number, externalId: string, more: object = {}): Promise<BenchReply> {
    return this.call('POST', '/messages', buildMessage(channel, externalId, more));
  }
}

/** A customer's text, as a module posts it. */
export function buildMessage(channel: number, externalId: string, more: object = {}): Record<string, unknown> {
  return {
    ...{ channel, external_chat_id: 'chat-1', originator: 'customer' },
    customer: { external_id: 'user-1', nickname: 'joe', first_name: 'Joe' },
    message: { type: 'text', external_id: externalId, text: 'Hello' },
    ...more,
  };
}

/** A request that the stand-in module got. */
export interface ReceivedWebhook {
  headers: IncomingHttpHeaders;
  body: { type: string; meta: object; data: Record<string, unknown> };
}

/** A module's address for webhooks, which sends the spec's replies. */
export class StandInReceiver {
  readonly received: ReceivedWebhook[] = [];
  /** The next replies. With `null` there is no reply. By default message_sent gets an id, and others `{}`. */
  answers: ({ status?: number; body: unknown } | null)[] = [];
  private sent = 0;

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        const body = JSON.parse(text) as ReceivedWebhook['body'];
        this.received.push({ headers: request.headers, body });
        const usual: { status?: number; body: unknown } = {
          body: body.type === 'message_sent' ? { external_message_id: `out-${++this.sent}`, async: false } : {},
        };
        const answer = this.answers.length > 0 ? this.answers.shift() : usual;
        if (answer === null || answer === undefined) return;
        response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' });
        response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
      });
    });
  }

  static async start(): Promise<StandInReceiver> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new StandInReceiver(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/telegram/webhooks/1/mg/secret`;
  }

  reset(): void {
    this.received.length = 0;
    this.answers = [];
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }
}

/** Waits until `holds` returns true. Throws after half a minute. */
export async function waitUntil(holds: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 30_000; !holds(); await sleep(5)) if (Date.now() > deadline) throw new Error('waited in vain');
}
