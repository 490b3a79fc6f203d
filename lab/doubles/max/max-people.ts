import { randomBytes, randomUUID } from 'node:crypto';
import { Double } from '../../../libs/testing/double/double.js';
import { mode } from '../../../libs/testing/double/modes.js';
import { whole } from '../../../libs/testing/double/wire.js';
import type { MaxBotRecord, MaxChat, MaxContent, MaxFile, MaxMessage, MaxPerson, MaxUser } from './max-records.js';
import type { WIRE } from './max-wire.js';

/** The header with a subscription's secret. */
export const SECRET_HEADER = 'X-Max-Bot-Api-Secret';

export const MODES = {
  /** Which addresses a subscription takes: `https` on port 443 as MAX, `any` for tests on one machine. */
  webhookUrls: ['https', 'any'],
  /** How often a message with a new file is refused because the file is being processed. */
  notReady: mode(whole(0), 0),
} as const;

/** `html`: a page of a proxy. `unsuccessful`: a refusal with status 200. */
export type MaxOwnFault = 'refuse' | 'html' | 'unsuccessful';

/** Where and how a person writes. */
export interface MaxWriting {
  bot?: number | undefined;
  /** `mid` of the answered message. */
  replyTo?: string | undefined;
  /** A message of another person that is forwarded. */
  forward?: { text: string; from: string } | undefined;
  /** In a group instead of the dialog. */
  isGroup?: boolean | undefined;
}

/** The bots and people of a MAX double. */
export abstract class MaxPeople extends Double<typeof WIRE, MaxBotRecord, typeof MODES, MaxOwnFault> {
  readonly people = new Map<number, MaxPerson>();
  protected readonly content = new Map<string, MaxFile>();
  /** Mistakes of a client that no refusal shows. */
  readonly complaints: string[] = [];
  private lastPerson = 40_100_000;
  private lastTime = 0;
  private count = 0;

  /** Posts or queues an update of a bot. */
  protected abstract announce(bot: MaxBotRecord, chat: number, update: object): void;

  get bots(): MaxBotRecord[] {
    return this.accounts;
  }

  /** The first bot. */
  get bot(): MaxBotRecord {
    return this.findBot();
  }

  /** Milliseconds since 1970. Each call returns a later one. */
  protected tick(): number {
    this.lastTime = Math.max(this.lastTime + 1, Date.now() + this.passed * 1_000);
    return this.lastTime;
  }

  /** Adds a bot, by default with a new token. */
  addBot({ token = randomBytes(32).toString('base64url'), username }: { token?: string; username?: string } = {}): MaxBotRecord {
    const number = this.bots.length + 1;
    const user = makeUser(229_000_000 + number, { first_name: `Shop ${number}`, username: username ?? `shop${number}_bot`, is_bot: true });
    const bot: MaxBotRecord = { token, user, subscriptions: [], chats: new Map(), updates: [] };
    this.bots.push(bot);
    return bot;
  }

  /** A bot by its id, the first without one. Throws when there is none. */
  findBot(id?: number): MaxBotRecord {
    const found = this.bots.find(({ user }) => id === undefined || user.user_id === id);
    if (!found) throw new Error(`there is no bot ${id}`);
    return found;
  }

  /** The owner makes another token. The old one becomes invalid. */
  revokeToken(id?: number): string {
    return (this.findBot(id).token = randomBytes(32).toString('base64url'));
  }

  /** A person who has not written yet. */
  addPerson(given: Partial<MaxUser> & { avatarUrl?: string | undefined } = {}): MaxPerson {
    const { avatarUrl, ...user } = given;
    const id = user.user_id ?? ++this.lastPerson;
    const person: MaxPerson = { user: makeUser(id, { first_name: 'Joe', ...user }), phone: `7999${String(id).slice(-7)}`, avatarUrl };
    this.people.set(id, person);
    return person;
  }

  /** A person by their username. They are added if there is no such person. */
  findWhom(username = 'joe'): MaxPerson {
    const found = [...this.people.values()].find(({ user }) => user.username === username);
    return found ?? this.addPerson({ username, first_name: username.charAt(0).toUpperCase() + username.slice(1) });
  }

  /** A person presses Start: after that the bot can write. */
  start(person: MaxPerson, payload?: string, { bot }: { bot?: number | undefined } = {}): MaxChat {
    const owner = this.findBot(bot);
    const chat = this.openChat(owner, person);
    chat.stopped = false;
    this.announceDialog(owner, chat, 'bot_started', payload === undefined ? {} : { payload });
    return chat;
  }

  /** A person writes. The first message opens the dialog. */
  write(person: MaxPerson, content: MaxContent | string, { bot, replyTo, forward, isGroup = false }: MaxWriting = {}): MaxMessage {
    const owner = this.findBot(bot);
    const chat = this.openChat(owner, person, isGroup);
    const { text, attachments, files, markup } = this.toAttachments(
      typeof content === 'string' ? { kind: 'text', text: content } : content,
    );
    const answered = replyTo === undefined ? undefined : chat.messages.find(({ mid }) => mid === replyTo);
    const link = answered
      ? { type: 'reply', message: toBody(answered), sender: answered.sender }
      : forward && {
          type: 'forward',
          sender: makeUser(7, { first_name: forward.from }),
          message: { mid: 'mid.other', seq: 1, text: forward.text },
        };
    const message = this.add(chat, { by: 'person', sender: person.user, text, attachments, files, buttons: [], link, quote: replyTo });
    const body = { ...toBody(message), ...(markup && { markup }) };
    this.announce(owner, chat.id, {
      update_type: 'message_created',
      timestamp: message.at,
      user_locale: 'ru',
      message: { ...this.toMessage(owner, message), body },
    });
    return message;
  }

  /** A person changes the text of their message. */
  edit(message: MaxMessage, text: string): void {
    Object.assign(message, { text, edits: message.edits + 1 });
    const bot = this.botOf(message);
    this.announce(bot, message.chat, { update_type: 'message_edited', timestamp: this.tick(), message: this.toMessage(bot, message) });
  }

  /** A person deletes a message. */
  remove(message: MaxMessage, person = message.sender.user_id): void {
    message.deleted = true;
    const about = { message_id: message.mid, chat_id: message.chat, user_id: person };
    this.announce(this.botOf(message), message.chat, { update_type: 'message_removed', timestamp: this.tick(), ...about });
  }

  /** A person presses a button of a bot's message: it sends its text, their contact, or a callback. */
  press(person: MaxPerson, message: MaxMessage, label: string): void {
    const button = message.buttons.flat().find(({ text }) => text === label);
    if (!button) throw new Error(`there is no button ${label}`);
    const bot = this.botOf(message);
    const where = { bot: bot.user.user_id };
    if (button.type === 'message') this.write(person, label, where);
    else if (button.type === 'request_contact') this.write(person, { kind: 'contact', hash: true }, where);
    else
      this.announce(bot, message.chat, {
        ...{ update_type: 'message_callback', timestamp: this.tick(), user_locale: 'ru', message: this.toMessage(bot, message) },
        callback: { timestamp: this.tick(), callback_id: randomUUID(), payload: button.payload, user: person.user },
      });
  }

  /** A person stops the bot. */
  stop(person: MaxPerson, { bot }: { bot?: number | undefined } = {}): void {
    const owner = this.findBot(bot);
    const chat = this.openChat(owner, person);
    chat.stopped = true;
    this.announceDialog(owner, chat, 'bot_stopped');
  }

  /** The dialog of a person, which is opened without an event if it does not exist. */
  openChat(bot: MaxBotRecord, person: MaxPerson, isGroup = false): MaxChat {
    // The id of a dialog is neither the bot's nor the person's.
    const id = isGroup ? -70_000_000_000_000 - person.user.user_id : person.user.user_id ^ bot.user.user_id;
    let chat = bot.chats.get(id);
    if (!chat) bot.chats.set(id, (chat = { id, type: isGroup ? 'chat' : 'dialog', person, messages: [], stopped: false }));
    return chat;
  }

  /** A message by its id. Undefined if there is none, or it was deleted. */
  findMessage(mid: string): MaxMessage | undefined {
    return this.listMessages().find((one) => one.mid === mid && !one.deleted);
  }

  /** Lists the messages of both sides, in order, also deleted ones. */
  listMessages(chat?: number): MaxMessage[] {
    const chats = this.bots.flatMap((bot) => [...bot.chats.values()]).filter(({ id }) => chat === undefined || id === chat);
    return chats.flatMap(({ messages }) => messages);
  }

  /** Lists the bots' messages to a chat, or to all, in order. */
  sent(chat?: number): MaxMessage[] {
    return this.listMessages(chat).filter(({ by }) => by === 'bot');
  }

  protected add(chat: MaxChat, given: Omit<MaxMessage, 'mid' | 'chat' | 'at' | 'edits' | 'deleted'>): MaxMessage {
    const at = this.tick();
    const seq = (BigInt(at) << 16n) | BigInt(++this.count % 65_536);
    const mid = `mid.${hex(BigInt.asUintN(64, BigInt(chat.id)))}${hex(seq)}`;
    const message = { ...given, mid, chat: chat.id, at, edits: 0, deleted: false };
    chat.messages.push(message);
    return message;
  }

  /** A message as MAX writes it. */
  protected toMessage(bot: MaxBotRecord, message: MaxMessage): object {
    const chat = bot.chats.get(message.chat);
    const other = message.by === 'bot' ? chat?.person.user.user_id : bot.user.user_id;
    const recipient = { chat_id: message.chat, chat_type: chat?.type ?? 'dialog', ...(chat?.type === 'dialog' && { user_id: other }) };
    return { sender: message.sender, recipient, timestamp: message.at, body: toBody(message), ...(message.link && { link: message.link }) };
  }

  protected keep(file: { bytes: Uint8Array; name?: string; type?: string }, waits = 0): { key: string; file: MaxFile } {
    const key = randomBytes(12).toString('hex');
    const kept = { bytes: Buffer.from(file.bytes), name: file.name ?? 'file.bin', type: file.type ?? 'application/octet-stream', waits };
    this.content.set(key, kept);
    return { key, file: kept };
  }

  private botOf({ chat }: MaxMessage): MaxBotRecord {
    return this.bots.find(({ chats }) => chats.has(chat)) ?? this.bot;
  }

  private announceDialog(bot: MaxBotRecord, { id, person }: MaxChat, type: string, more: object = {}): void {
    const { avatarUrl } = person;
    const user = { ...person.user, ...(avatarUrl !== undefined && { avatar_url: avatarUrl, full_avatar_url: avatarUrl }) };
    this.announce(bot, id, { update_type: type, timestamp: this.tick(), chat_id: id, user, user_locale: 'ru', ...more });
  }

  private toAttachments(content: MaxContent): { text: string; attachments: object[]; files: MaxFile[]; markup?: object[] | undefined } {
    if ('attachment' in content) return { text: '', attachments: [content.attachment], files: [] };
    if (content.kind === 'text') return { text: content.text, attachments: [], files: [], markup: content.markup };
    if ('files' in content) {
      const kept = content.files.map((file) => this.keep(file));
      const attachments = kept.map(({ key, file }) => ({
        type: content.kind,
        payload: { url: `${this.url}/content/${key}`, token: key, ...(content.kind === 'image' && { photo_id: ++this.count }) },
        ...(content.kind === 'file' && { filename: file.name, size: file.bytes.length }),
      }));
      return { text: content.text ?? '', attachments, files: kept.map(({ file }) => file) };
    }
    if (content.kind === 'contact') return { text: '', attachments: [this.toContact(content)], files: [] };
    if (content.kind === 'location') return { text: '', attachments: [{ type: 'location', ...content, kind: undefined }], files: [] };
    const { url, title } = content;
    return { text: url, attachments: [{ type: 'share', payload: { url }, title }], files: [] };
  }

  private toContact({ of, hash }: { of?: MaxPerson; hash?: boolean }): object {
    const person = of ?? [...this.people.values()].at(-1) ?? this.addPerson();
    const vcf = `BEGIN:VCARD\r\nVERSION:3.0\r\nTEL;TYPE=cell:${person.phone}\r\nFN:${person.user.name}\r\nEND:VCARD\r\n`;
    return { type: 'contact', payload: { vcf_info: vcf, max_info: person.user, ...(hash && { hash: 'c0ffee' }) } };
  }
}

/** The body of a message as MAX writes it: without empty fields, and with a number beyond 2^53. */
export function toBody({ mid, at, text, attachments }: MaxMessage): object {
  return { mid, seq: Number((BigInt(at) << 16n) + 1n), text, ...(attachments.length > 0 && { attachments }) };
}

function makeUser(id: number, given: Partial<MaxUser>): MaxUser {
  const user = { first_name: 'Joe', is_bot: false, last_activity_time: Date.now(), ...given, user_id: id };
  return { ...user, name: [user.first_name, user.last_name].filter(Boolean).join(' ') };
}

const hex = (value: bigint): string => value.toString(16).padStart(16, '0');
