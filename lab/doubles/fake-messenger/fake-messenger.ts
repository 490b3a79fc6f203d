import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Answer, type BodyOf, Double, type DoubleAccount, type DoubleOptions, hand, Refusal } from '../../../libs/testing/double/index.js';
import {
  type CustomerMessage,
  type MessengerChat,
  type MessengerFile,
  type MessengerMessage,
  type MessengerPerson,
  type MessengerPosting,
  blocking,
  edited,
  ofMessage,
  reacted,
  WIRE,
  written,
} from './messenger-wire.js';

const MOST_CHARS = 4_096;
/** Milliseconds that a customer needs to read a message. */
const READING_MS = 500;

/** Options for starting a fake messenger. */
export interface FakeMessengerOptions extends DoubleOptions {
  apiKey?: string;
  /** Sent with its webhooks. */
  webhookSecret?: string;
}

/** The behaviors of the messenger. */
const MODES = {
  /** Whether a repeated `reference` gets the first result, or is sent again. */
  usesReferences: false,
  /** Customers read a message before the shop gets its reply, which takes half a second. */
  readsBeforeReply: false,
} as const;

/** A messenger of bots in memory: customers write by its methods, shops over HTTP with an API key. */
export class FakeMessenger extends Double<typeof WIRE, DoubleAccount, typeof MODES> {
  /** Its bots' names by their ids. */
  readonly bots = new Map([['shop', '@shop']]);
  /** Every message of both sides, in order. */
  readonly messages: MessengerMessage[] = [];
  private readonly chats = new Map<string, MessengerChat>();
  private readonly files = new Map<string, MessengerFile>();
  /** Replies to messages, by their references. */
  private readonly results = new Map<string, object>();
  private last = 0;

  /** Starts one on this machine. Throws when the port is taken. */
  static start({ apiKey = 'fake-api-key', webhookSecret = 'fake-webhook-secret', ...options }: FakeMessengerOptions = {}) {
    return new FakeMessenger(apiKey, webhookSecret).listen(options);
  }

  private constructor(
    readonly apiKey: string,
    readonly webhookSecret: string,
  ) {
    super({
      ...{ wire: WIRE, modes: MODES, bodyLimit: 64 * 1_024 * 1_024, refusalStatus: 422 },
      unauthorized: new Refusal(401, 'wrong_key', 'wrong key'),
      failed: new Refusal(500, 'away', 'away'),
      tooMany: new Refusal(429, 'too_many', 'too many calls'),
      toWrong: ({ path, message }) => refuse('bad_request', `${path} ${message}`),
      writeRefusal: ({ code, message }) => ({ code, message }),
      findAccount: ({ headers }, [account]) => (headers['x-api-key'] === apiKey ? account : undefined),
      hooks: {
        attempts: 1_000,
        sign: ({ secret = '' }) => ({ 'x-messenger-secret': secret }),
        // Only a forged one gets 400: anything else may be accepted later.
        isTaken: ({ status }) => (status >= 200 && status < 300) || status === 400,
      },
    });
    this.accounts.push({ token: apiKey, webhookSecret });
    this.serve({
      listBots: () => ({ bots: this.listBots() }),
      uploadFile: ({ body, query: { name = 'file.bin' }, request }) => {
        const { id } = this.addFile(body as Buffer, name, request.headers['content-type'] ?? 'application/octet-stream');
        return { id };
      },
      sendMessage: async ({ body, params: { bot = '' } }) => {
        const result = this.takeMessage(bot, body);
        if (this.modes.readsBeforeReply) await sleep(READING_MS);
        return result;
      },
      editMessage: ({ params, body: { text } }) =>
        this.change(params, (message) => {
          if (message.deleted) throw refuse('gone', 'the message is deleted', 410);
          Object.assign(message, { text, edits: message.edits + 1 });
        }),
      deleteMessage: ({ params }) => this.change(params, (message) => Object.assign(message, { deleted: true })),
      react: ({ params, body: { emoji } }) => this.change(params, (message) => Object.assign(message, { reaction: emoji })),
      markRead: ({ params }) => this.change(params, (message) => Object.assign(message, { read: true })),
      openFile: ({ id }) => {
        const file = this.files.get(id);
        if (!file) throw refuse('no_file', 'there is no such file', 404);
        return new Answer({ file });
      },
    });
  }

  override get settingsText(): string {
    return `API address ${this.url}, API key ${this.apiKey}, webhook secret ${this.webhookSecret}`;
  }

  /** A message by its id, of that side. Throws when there is none. */
  find(id: string, by?: MessengerMessage['by']): MessengerMessage {
    const found = this.messages.find((one) => one.id === id && (by === undefined || one.by === by));
    if (!found) throw new Refusal(404, 'no_message', `there is no message ${id}${by === undefined ? '' : ` by a ${by}`}`);
    return found;
  }

  /** Lists the messages of shops to a chat, or to all, in order, including deleted ones. */
  sent(chat?: string): MessengerMessage[] {
    return this.messages.filter((one) => one.by === 'shop' && (chat === undefined || one.chat === chat));
  }

  /** A customer writes. The first message opens the chat. */
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

  /** A customer edits their message. */
  edit(message: MessengerMessage, text: string): void {
    Object.assign(message, { text, edits: message.edits + 1 });
    this.post(message, 'edit', { message: message.id, text });
  }

  /** A customer deletes their message. */
  delete(message: MessengerMessage): void {
    message.deleted = true;
    this.post(message, 'delete', { message: message.id });
  }

  /** A customer reads a message of the shop. */
  read(message: MessengerMessage): void {
    message.read = true;
    this.post(message, 'read', { message: message.id });
  }

  /** A customer reacts to a message, or takes the reaction back. */
  react(message: MessengerMessage, emoji: string, removed = false): void {
    this.post(message, 'reaction', { message: message.id, emoji, ...(removed && { removed }) });
  }

  /** A customer blocks the bot, or no longer. */
  block(person: string, blocked = true, bot = 'shop'): void {
    const chat = this.openChat(bot, { id: person, nickname: person });
    chat.blocked = blocked;
    this.post(chat, blocked ? 'blocked' : 'unblocked', {});
  }

  override describe(): object {
    return { ...super.describe(), bots: this.listBots() };
  }

  protected override listHands() {
    return {
      messages: hand(written, ({ files = [], ...message }) =>
        show(this.write({ ...message, files: files.map(({ base64, ...file }) => ({ ...file, bytes: Buffer.from(base64, 'base64') })) })),
      ),
      edit: hand(edited, ({ message, text }) => this.edit(this.find(message, 'customer'), text)),
      delete: hand(ofMessage, ({ message }) => this.delete(this.find(message, 'customer'))),
      read: hand(ofMessage, ({ message }) => this.read(this.find(message, 'shop'))),
      react: hand(reacted, ({ message, emoji, removed }) => this.react(this.find(message), emoji, removed)),
      block: hand(blocking, ({ person, blocked, bot }) => this.block(person, blocked, bot)),
    };
  }

  protected override listThings() {
    return {
      messages: ({ chat }: Readonly<Record<string, string>>) =>
        this.messages.filter((one) => chat === undefined || one.chat === chat).map(show),
    };
  }

  protected override listReferences(): readonly string[] {
    return this.sent().flatMap(({ reference, file }) => (reference === undefined || file ? [] : [reference]));
  }

  protected override forget(): void {
    this.messages.length = 0;
    for (const index of [this.chats, this.files, this.results]) index.clear();
  }

  private listBots(): { id: string; name: string }[] {
    return [...this.bots].map(([id, name]) => ({ id, name }));
  }

  private takeMessage(bot: string, given: BodyOf<(typeof WIRE)[2]>): object {
    const { reference, chat: chatId, customer, text = '', files = [], quote } = given;
    if (!this.bots.has(bot)) throw refuse('no_bot', `there is no bot ${bot}`, 404);
    if (text.length > MOST_CHARS) throw refuse('too_long', `a text has at most ${MOST_CHARS} characters`);
    const known = reference === undefined ? undefined : this.results.get(reference);
    if (this.modes.usesReferences && known) return new Answer({ status: 200, json: known });
    // A chat that the shop begins: by the customer's id.
    const begun = { id: String(customer), nickname: String(customer) };
    const chat = chatId === undefined ? this.openChat(bot, begun) : this.chats.get(toKey(bot, chatId));
    if (!chat) throw refuse('no_chat', 'there is no such chat', 404);
    if (chat.blocked) throw refuse('blocked', 'the customer has blocked the bot');
    const parts = files.map((id) => this.files.get(id));
    if (parts.includes(undefined)) throw refuse('no_file', 'there is no such file', 404);
    if (parts.length === 0 && text === '') throw refuse('bad_request', 'a message has a text or files');
    const common = { by: 'shop' as const, quote, reference };
    const sent = (parts.length > 0 ? parts : [undefined]).map((file, n) => this.add(chat, { ...common, text: n === 0 ? text : '', file }));
    if (this.modes.readsBeforeReply) for (const one of sent) this.read(one);
    const result = { messages: sent.map(({ id }) => id), chat: chat.id };
    if (reference !== undefined) this.results.set(reference, result);
    return result;
  }

  private change({ id }: Readonly<Record<string, string>>, act: (message: MessengerMessage) => void): object {
    const message = this.messages.find((one) => one.id === id);
    if (!message) throw refuse('no_message', 'there is no such message', 404);
    act(message);
    return {};
  }

  private openChat(bot: string, person: MessengerPerson): MessengerChat {
    // The id of a person's chat is not the person's.
    const key = toKey(bot, `chat-${person.id}`);
    let chat = this.chats.get(key);
    if (!chat) this.chats.set(key, (chat = { id: `chat-${person.id}`, bot, person, blocked: false }));
    return chat;
  }

  private add(
    { bot, id }: MessengerChat,
    message: Pick<MessengerMessage, 'by' | 'text' | 'file' | 'quote' | 'reference'>,
  ): MessengerMessage {
    const made = { id: `m-${++this.last}`, bot, chat: id, ...message, edits: 0, deleted: false, read: false, reaction: undefined };
    this.messages.push(made);
    return made;
  }

  private addFile(bytes: Uint8Array, name: string, type: string, paceMs = 0): MessengerFile {
    const file = { id: randomUUID(), name, type, bytes: Buffer.from(bytes), paceMs };
    this.files.set(file.id, file);
    return file;
  }

  private post(about: MessengerChat | MessengerMessage, type: MessengerPosting['type'], fields: object): void {
    const chat = 'chat' in about ? about.chat : about.id;
    const body = { id: `e-${++this.last}`, bot: about.bot, chat, at: new Date().toISOString(), type, ...fields };
    this.tell({ action: type, body });
  }
}

/** The key of a chat of a bot. */
function toKey(bot: string, chat: string): string {
  return `${bot} ${chat}`;
}

function show({ file, ...message }: MessengerMessage): object {
  return { ...message, ...(file && { file: { id: file.id, name: file.name, type: file.type, size: file.bytes.length } }) };
}

function refuse(code: string, message: string, status = 422): Refusal {
  return new Refusal(status, code, message);
}
