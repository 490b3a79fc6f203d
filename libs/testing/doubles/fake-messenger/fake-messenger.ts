import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { playFault, type ServiceAnswer } from '../../double/faults.js';
import { registerControlRoutes } from './control-routes.js';
import { type MessengerCall, MessengerControl, type MessengerMessage, toKey } from './messenger-control.js';

const MOST_CHARS = 4_096;
/** Bytes of one piece of a file that is sent slowly. */
const PIECE = 64 * 1024;

/** How a fake messenger is started. */
export interface FakeMessengerOptions {
  /** A free port when left out. */
  port?: number;
  apiKey?: string;
  /** What its webhooks carry. */
  webhookSecret?: string;
  /** Where they go; nowhere when left out. */
  webhookUrl?: string | undefined;
}

/** A messenger of bots in memory: customers write by its methods, shops over HTTP with an API key. */
export class FakeMessenger extends MessengerControl {
  private readonly app: FastifyInstance = Fastify({
    forceCloseConnections: true,
    bodyLimit: 64 * 1024 * 1024,
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false } },
  });
  private address = '';

  private constructor({ apiKey = 'fake-api-key', webhookSecret = 'fake-webhook-secret', webhookUrl }: FakeMessengerOptions) {
    super(apiKey, webhookSecret);
    this.webhooks.url = webhookUrl;
    this.addRoutes();
    registerControlRoutes(this.app, this);
  }

  /** Starts one on this machine. Throws when the port is taken. */
  static async start(options: FakeMessengerOptions = {}): Promise<FakeMessenger> {
    const messenger = new FakeMessenger(options);
    messenger.address = await messenger.app.listen({ host: '127.0.0.1', port: options.port ?? 0 });
    return messenger;
  }

  /** Its address, without a slash at the end. */
  get url(): string {
    return this.address;
  }

  /** What is entered on the account page to use it, as a line for people. */
  get settingsText(): string {
    return `API address ${this.url}, API key ${this.apiKey}, webhook secret ${this.webhookSecret}`;
  }

  async close(): Promise<void> {
    this.forgetWhatIsDue();
    await this.webhooks.stop();
    await this.app.close();
  }

  private addRoutes(): void {
    this.app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    this.route('listBots', 'GET', '/bots', () => ({ json: { bots: [...this.bots].map(([id, name]) => ({ id, name })) } }));
    this.route('uploadFile', 'POST', '/files', (request) => {
      const { name = 'file.bin' } = request.query as { name?: string };
      const { id } = this.addFile(request.body as Buffer, name, request.headers['content-type'] ?? 'application/octet-stream');
      return { status: 201, json: { id } };
    });
    this.route('sendMessage', 'POST', '/bots/:bot/messages', (request) => this.takeMessage(request));
    this.route('editMessage', 'PUT', '/bots/:bot/messages/:id', (request) =>
      this.change(request, (message, { text }) => {
        if (typeof text !== 'string' || text === '') return refuse('bad_request', 'text is required');
        if (message.deleted) return refuse('gone', 'the message is deleted', 410);
        Object.assign(message, { text, edits: message.edits + 1 });
        return {};
      }),
    );
    this.route('deleteMessage', 'DELETE', '/bots/:bot/messages/:id', (request) =>
      this.change(request, (message) => {
        message.deleted = true;
        return {};
      }),
    );
    this.route('react', 'PUT', '/bots/:bot/messages/:id/reaction', (request) =>
      this.change(request, (message, { emoji }) => {
        message.reaction = emoji as string | undefined;
        return {};
      }),
    );
    this.route('markRead', 'POST', '/bots/:bot/messages/:id/read', (request) =>
      this.change(request, (message) => {
        message.read = true;
        return {};
      }),
    );
    this.route('openFile', 'GET', '/files/:id', () => ({}));
  }

  private takeMessage(request: FastifyRequest): ServiceAnswer {
    const { bot } = request.params as { bot: string };
    const { reference, chat: chatId, customer, text = '', files = [], quote, ...rest } = request.body as Record<string, unknown>;
    const [unknown] = Object.keys(rest);
    if (unknown !== undefined) return refuse('bad_request', `"${unknown}" is no field of a message`);
    if (!this.bots.has(bot)) return refuse('no_bot', `there is no bot ${bot}`, 404);
    if (typeof text !== 'string' || text.length > MOST_CHARS) return refuse('too_long', `a text has at most ${MOST_CHARS} characters`);
    const known = typeof reference === 'string' ? this.results.get(reference) : undefined;
    if (this.usesReferences && known) return { json: known };
    // A chat that the shop begins: by the customer's id.
    const chat =
      typeof chatId === 'string'
        ? this.chats.get(toKey(bot, chatId))
        : this.openChat(bot, { id: String(customer), nickname: String(customer) });
    if (!chat) return refuse('no_chat', 'there is no such chat', 404);
    if (chat.blocked) return refuse('blocked', 'the customer has blocked the bot');
    const parts = (files as string[]).map((id) => this.files.get(id));
    if (parts.includes(undefined)) return refuse('no_file', 'there is no such file', 404);
    if (parts.length === 0 && text === '') return refuse('bad_request', 'a message has a text or files');
    const common = { by: 'shop' as const, quote: quote as string | undefined, reference: reference as string | undefined };
    const sent = (parts.length > 0 ? parts : [undefined]).map((file, n) => this.add(chat, { ...common, text: n === 0 ? text : '', file }));
    if (this.readsBeforeReply) for (const one of sent) this.read(one);
    const result = { messages: sent.map(({ id }) => id), chat: chat.id };
    if (typeof reference === 'string') this.results.set(reference, result);
    return { status: 201, json: result };
  }

  private change(request: FastifyRequest, act: (message: MessengerMessage, body: Record<string, unknown>) => ServiceAnswer): ServiceAnswer {
    const { id } = request.params as { id: string };
    const message = this.messages.find((one) => one.id === id);
    return message ? act(message, (request.body ?? {}) as Record<string, unknown>) : refuse('no_message', 'there is no such message', 404);
  }

  private route(
    call: MessengerCall,
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    act: (request: FastifyRequest) => ServiceAnswer,
  ): void {
    const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      this.calls.push(call);
      if (request.headers['x-api-key'] !== this.apiKey) return reply.code(401).send({ code: 'wrong_key', message: 'wrong key' });
      const fault = this.faults.take(call);
      if (call === 'openFile' && !fault) return this.sendFile(request, reply);
      return playFault<never>({
        fault,
        reply,
        later: this.later,
        errors: {
          failed: { code: 'away', message: 'away' },
          tooMany: { code: 'too_many', message: 'too many calls' },
          toRefusal: () => new Error('it has no fault of its own'),
        },
        act: async () => {
          const answer = act(request);
          if (call === 'sendMessage' && this.readsBeforeReply) await sleep(500);
          return answer;
        },
      });
    };
    this.app.route({ method, url, handler });
  }

  private sendFile(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const file = this.files.get((request.params as { id: string }).id);
    if (!file) return reply.code(404).send({ code: 'no_file', message: 'there is no such file' });
    return reply
      .type(file.type)
      .header('content-length', file.bytes.length)
      .send(Readable.from(drip(file.bytes, file.paceMs)));
  }
}

async function* drip(bytes: Buffer, paceMs: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += PIECE) {
    if (paceMs > 0) await sleep(paceMs);
    yield bytes.subarray(at, at + PIECE);
  }
}

function refuse(code: string, message: string, status = 422): ServiceAnswer {
  return { status, json: { code, message } };
}
