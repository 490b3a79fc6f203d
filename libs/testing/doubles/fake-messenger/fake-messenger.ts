import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { DoubleControl } from '../double-control.js';
import { playFault, type ServiceAnswer } from '../http-faults.js';
import { PlannedFaults } from '../planned-faults.js';
import { type MessengerPosting, MessengerWebhooks } from './messenger-webhooks.js';

/** The calls of its API. */
const CALLS = ['listBots', 'uploadFile', 'sendMessage', 'editMessage', 'deleteMessage', 'react', 'markRead', 'openFile'] as const;
export type MessengerCall = (typeof CALLS)[number];

const MOST_CHARS = 4_096;
/** Bytes of one piece of a file that is sent slowly. */
const PIECE = 64 * 1024;

/** A file, of a customer or of a message to one. */
export interface MessengerFile {
  id: string;
  name: string;
  type: string;
  bytes: Buffer;
}

/** A person at the messenger. */
export interface MessengerPerson {
  id: string;
  nickname: string;
  firstName?: string;
}

/** A message of either side. A message with several files has a part for each. */
export interface MessengerMessage {
  id: string;
  bot: string;
  chat: string;
  by: 'customer' | 'shop';
  text: string;
  file: MessengerFile | undefined;
  quote: string | undefined;
  /** The key that it was sent with. */
  reference: string | undefined;
  edits: number;
  deleted: boolean;
  read: boolean;
  reaction: string | undefined;
}

interface Chat {
  id: string;
  bot: string;
  person: MessengerPerson;
  blocked: boolean;
}

/** How a fake messenger is started. */
export interface FakeMessengerOptions {
  /** A free port when left out. */
  port?: number;
  apiKey?: string;
  /** What its webhooks carry. */
  webhookSecret?: string;
}

/** What a customer writes. */
export interface CustomerMessage {
  /** The bot; the first when left out. */
  bot?: string;
  /** The customer's id, and that of the chat. */
  person?: string;
  text?: string;
  files?: { bytes: Uint8Array; name?: string; type?: string }[];
  /** Id of the message that it answers. */
  quote?: string;
  /** Milliseconds before each piece of its files when they are read. */
  paceMs?: number;
}

/** A messenger of bots in memory: customers write by its methods, shops over HTTP with an API key. */
export class FakeMessenger extends DoubleControl<MessengerCall, never> {
  readonly apiKey: string;
  readonly webhookSecret: string;
  readonly webhooks: MessengerWebhooks;
  /** Its bots' names by their ids. */
  readonly bots = new Map([['shop', '@shop']]);
  /** Whether a repeated `reference` gets the first result, or is sent again. */
  usesReferences = false;
  /** Customers read a message before the shop is answered, which takes half a second. */
  readsBeforeReply = false;
  /** Every message of both sides, in order. */
  readonly messages: MessengerMessage[] = [];
  /** Calls received, in order. */
  readonly calls: MessengerCall[] = [];
  private readonly chats = new Map<string, Chat>();
  private readonly files = new Map<string, MessengerFile & { paceMs: number }>();
  private readonly results = new Map<string, object>();
  private readonly app: FastifyInstance = Fastify({ forceCloseConnections: true, bodyLimit: 64 * 1024 * 1024 });
  private last = 0;
  private address = '';

  private constructor({ apiKey = 'fake-api-key', webhookSecret = 'fake-webhook-secret' }: FakeMessengerOptions) {
    super(new PlannedFaults<MessengerCall, never>(CALLS, {}));
    this.apiKey = apiKey;
    this.webhookSecret = webhookSecret;
    this.webhooks = new MessengerWebhooks(webhookSecret);
    this.addRoutes();
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

  /** What shops sent to a chat, or to all, in order; deleted ones too. */
  sent(chat?: string): MessengerMessage[] {
    return this.messages.filter((one) => one.by === 'shop' && (chat === undefined || one.chat === chat));
  }

  /** References that were sent more than once. */
  duplicates(): string[] {
    const references = this.sent().flatMap(({ reference, file }) => (reference === undefined || file ? [] : [reference]));
    return [...new Set(references.filter((one, index) => references.indexOf(one) !== index))];
  }

  /** How often a call was received. */
  countCalls(call: MessengerCall): number {
    return this.calls.filter((one) => one === call).length;
  }

  /** A customer writes; the chat is opened with the first message. */
  write({ bot = 'shop', person = 'ann', text = '', files = [], quote, paceMs = 0 }: CustomerMessage): MessengerMessage {
    const chat = this.openChat(bot, { id: person, nickname: person, firstName: person });
    const kept = files.map(({ bytes, name = 'file.bin', type = 'application/octet-stream' }) => this.addFile(bytes, name, type, paceMs));
    const message = this.add(chat, { by: 'customer', text, file: kept[0], quote, reference: undefined });
    this.post(chat, 'message', {
      message: message.id,
      customer: chat.person,
      ...(text && { text }),
      ...(quote !== undefined && { quote }),
      ...(kept.length > 0 && { files: kept.map(({ id, name, type, bytes }) => ({ id, name, type, size: bytes.length })) }),
    });
    return message;
  }

  /** A customer edits a message of his. */
  edit(message: MessengerMessage, text: string): void {
    Object.assign(message, { text, edits: message.edits + 1 });
    this.post(this.chatOf(message), 'edit', { message: message.id, text });
  }

  /** A customer deletes a message of his. */
  delete(message: MessengerMessage): void {
    message.deleted = true;
    this.post(this.chatOf(message), 'delete', { message: message.id });
  }

  /** A customer reads a message of the shop. */
  read(message: MessengerMessage): void {
    message.read = true;
    this.post(this.chatOf(message), 'read', { message: message.id });
  }

  /** A customer reacts to a message, or takes the reaction back. */
  react(message: MessengerMessage, emoji: string, removed = false): void {
    this.post(this.chatOf(message), 'reaction', { message: message.id, emoji, ...(removed && { removed }) });
  }

  /** A customer blocks the bot, or no longer. */
  block(person: string, blocked = true, bot = 'shop'): void {
    const chat = this.openChat(bot, { id: person, nickname: person });
    chat.blocked = blocked;
    this.post(chat, blocked ? 'blocked' : 'unblocked', {});
  }

  /** Forgets everything but bots and the address of its webhooks. */
  reset(): void {
    this.forgetWhatIsDue();
    this.faults.clear();
    this.webhooks.clear();
    this.webhooks.mode = 'auto';
    this.usesReferences = false;
    this.readsBeforeReply = false;
    this.messages.length = 0;
    this.calls.length = 0;
    for (const index of [this.chats, this.files, this.results]) index.clear();
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

  private openChat(bot: string, person: MessengerPerson): Chat {
    // A chat of a person is named otherwise than the person.
    const key = toKey(bot, `chat-${person.id}`);
    let chat = this.chats.get(key);
    if (!chat) this.chats.set(key, (chat = { id: `chat-${person.id}`, bot, person, blocked: false }));
    return chat;
  }

  private chatOf({ bot, chat }: MessengerMessage): Chat {
    const found = this.chats.get(toKey(bot, chat));
    if (!found) throw new Error(`there is no chat ${chat}`);
    return found;
  }

  private add({ bot, id }: Chat, message: Pick<MessengerMessage, 'by' | 'text' | 'file' | 'quote' | 'reference'>): MessengerMessage {
    const made = { id: `m-${++this.last}`, bot, chat: id, ...message, edits: 0, deleted: false, read: false, reaction: undefined };
    this.messages.push(made);
    return made;
  }

  private addFile(bytes: Uint8Array, name: string, type: string, paceMs = 0): MessengerFile {
    const file = { id: randomUUID(), name, type, bytes: Buffer.from(bytes), paceMs };
    this.files.set(file.id, file);
    return file;
  }

  private post({ bot, id }: Chat, type: MessengerPosting['type'], fields: object): void {
    this.webhooks.add({ id: `e-${++this.last}`, bot, chat: id, at: new Date().toISOString(), type, ...fields });
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

function toKey(bot: string, chat: string): string {
  return `${bot} ${chat}`;
}
