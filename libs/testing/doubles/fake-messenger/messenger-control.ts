import { randomUUID } from 'node:crypto';
import { DoubleControl } from '../double-control.js';
import { PlannedFaults } from '../../double/faults.js';
import { type MessengerPosting, MessengerWebhooks } from './messenger-webhooks.js';

/** The calls of its API. */
const CALLS = ['listBots', 'uploadFile', 'sendMessage', 'editMessage', 'deleteMessage', 'react', 'markRead', 'openFile'] as const;
export type MessengerCall = (typeof CALLS)[number];

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

/** A chat of a customer with a bot. */
export interface MessengerChat {
  id: string;
  bot: string;
  person: MessengerPerson;
  blocked: boolean;
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

/** The messenger without its HTTP: chats and messages, and the customers, who are played by its methods. */
export class MessengerControl extends DoubleControl<MessengerCall, never> {
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
  protected readonly chats = new Map<string, MessengerChat>();
  protected readonly files = new Map<string, MessengerFile & { paceMs: number }>();
  /** Answers to messages, by their references. */
  protected readonly results = new Map<string, object>();
  private last = 0;

  constructor(
    readonly apiKey: string,
    /** What its webhooks carry. */
    readonly webhookSecret: string,
  ) {
    super(new PlannedFaults<MessengerCall, never>(CALLS, {}));
    this.webhooks = new MessengerWebhooks(webhookSecret);
  }

  /** A message by its id, of that side. Throws when there is none. */
  find(id: string, by?: MessengerMessage['by']): MessengerMessage {
    const found = this.messages.find((one) => one.id === id && (by === undefined || one.by === by));
    if (!found) throw new Error(`there is no message ${id}${by === undefined ? '' : ` by a ${by}`}`);
    return found;
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
  protected openChat(bot: string, person: MessengerPerson): MessengerChat {
    // A chat of a person is named otherwise than the person.
    const key = toKey(bot, `chat-${person.id}`);
    let chat = this.chats.get(key);
    if (!chat) this.chats.set(key, (chat = { id: `chat-${person.id}`, bot, person, blocked: false }));
    return chat;
  }

  private chatOf({ bot, chat }: MessengerMessage): MessengerChat {
    const found = this.chats.get(toKey(bot, chat));
    if (!found) throw new Error(`there is no chat ${chat}`);
    return found;
  }

  protected add(
    { bot, id }: MessengerChat,
    message: Pick<MessengerMessage, 'by' | 'text' | 'file' | 'quote' | 'reference'>,
  ): MessengerMessage {
    const made = { id: `m-${++this.last}`, bot, chat: id, ...message, edits: 0, deleted: false, read: false, reaction: undefined };
    this.messages.push(made);
    return made;
  }

  protected addFile(bytes: Uint8Array, name: string, type: string, paceMs = 0): MessengerFile {
    const file = { id: randomUUID(), name, type, bytes: Buffer.from(bytes), paceMs };
    this.files.set(file.id, file);
    return file;
  }

  private post({ bot, id }: MessengerChat, type: MessengerPosting['type'], fields: object): void {
    this.webhooks.add({ id: `e-${++this.last}`, bot, chat: id, at: new Date().toISOString(), type, ...fields });
  }
}

/** A bot's chat, as it is found. */
export function toKey(bot: string, chat: string): string {
  return `${bot} ${chat}`;
}
