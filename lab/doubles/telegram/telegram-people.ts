import { randomBytes, randomUUID } from 'node:crypto';
import type { CallbackQuery, ChatMemberUpdated } from '@grammyjs/types';
import { Double } from '../../../libs/testing/double/double.js';
import { TelegramBot, withoutReply } from './telegram-bot.js';
import type { TelegramDialogue, TelegramKept, TelegramPerson } from './telegram-records.js';
import { type TelegramContent, toFields } from './telegram-contents.js';
import { TelegramFiles } from './telegram-files.js';
import type { MODES } from './telegram-modes.js';
import type { TelegramChat, TelegramEntity, TelegramMessage, TelegramUpdate, TelegramUser } from './telegram-objects.js';
import type { CALLS } from './telegram-wire.js';

/** The header with the `secret_token` of `setWebhook`. */
export const SECRET_HEADER = 'X-Telegram-Bot-Api-Secret-Token';

/** `html`: a 502, or another status, by the front. `scheduled`: acts and answers the message id 0. */
export type TelegramOwnFault = 'refuse' | 'html' | 'html-after' | 'scheduled';

/** Where and how a person writes. */
export interface TelegramWriting {
  /** The bot's id, by default the first. */
  bot?: number | undefined;
  /** `message_id` of the answered message. */
  replyTo?: number | undefined;
  /** The part of it that is quoted. */
  quote?: string | undefined;
  /** The person's group. By default their chat with the bot. */
  group?: TelegramChat | undefined;
  /** More fields of the message. */
  extra?: object | undefined;
}

/** Ids of persons need more than 32 bits. */
const FIRST_PERSON = 6_100_000_001;

type Membership = 'member' | 'left' | 'kicked';

/** The bots and people of a Telegram double. */
export abstract class TelegramPeople extends Double<typeof CALLS, TelegramBot, typeof MODES, TelegramOwnFault> {
  readonly files = new TelegramFiles(() => this.nowMs);
  readonly people = new Map<number, TelegramPerson>();
  /** Mistakes of a client that no rejection shows. */
  readonly complaints: string[] = [];
  private lastPerson = FIRST_PERSON;
  private lastGroup = -1_001_000_000_000;

  get bots(): TelegramBot[] {
    return this.accounts;
  }

  /** The first bot. */
  get bot(): TelegramBot {
    return this.findBot();
  }

  /** Milliseconds since 1970, with the time that tests have let pass. */
  get nowMs(): number {
    return Date.now() + this.passed * 1_000;
  }

  /** Posts the pending updates of a bot, if it has an address. */
  protected abstract deliver(bot: TelegramBot): void;

  /** Adds a bot, by default with a new token. */
  addBot({ token, username }: { token?: string; username?: string } = {}): TelegramBot {
    const id = token === undefined ? 7_700_000_000 + this.bots.length : Number(token.split(':')[0]);
    const user = { id, is_bot: true, first_name: `Shop ${this.bots.length + 1}`, username: username ?? `shop${this.bots.length + 1}_bot` };
    const world = {
      ...{ files: this.files, people: this.people, modes: this.modes, now: () => this.nowMs },
      complain: (what: string) => this.complain(what),
      onUpdates: (bot: TelegramBot) => this.deliver(bot),
    };
    const bot = new TelegramBot(token ?? `${id}:${randomBytes(26).toString('base64url')}`, user, world);
    this.bots.push(bot);
    return bot;
  }

  /** A bot by its id, the first without one. Throws when there is none. */
  findBot(id?: number): TelegramBot {
    const found = this.bots.find((one) => id === undefined || one.id === id);
    if (!found) throw new Error(`there is no bot ${id}`);
    return found;
  }

  /** BotFather issues another token for a bot. The old one becomes invalid. */
  revokeToken(id?: number): string {
    const bot = this.findBot(id);
    return (bot.token = `${bot.id}:${randomBytes(26).toString('base64url')}`);
  }

  /** A person who has not written yet. */
  addPerson({ id = ++this.lastPerson, ...user }: Partial<TelegramUser> = {}): TelegramPerson {
    const person: TelegramPerson = {
      user: { id, is_bot: false, first_name: 'Joe', ...user },
      ...{ photos: [], phone: `+7999${String(id).slice(-7)}`, deactivated: false, forbidsVoice: false },
    };
    this.people.set(id, person);
    return person;
  }

  /** A person by their id. Throws when there is none. */
  findPerson(id: number): TelegramPerson {
    const found = this.people.get(id);
    if (!found) throw new Error(`there is no person ${id}`);
    return found;
  }

  /** A person presses Start: after that the bot can write. */
  start(person: TelegramPerson, payload?: string, { bot }: { bot?: number | undefined } = {}): TelegramKept {
    const entities = [{ type: 'bot_command', offset: 0, length: 6 }];
    return this.write(person, { kind: 'text', text: payload === undefined ? '/start' : `/start ${payload}`, entities }, { bot });
  }

  /** A person writes. The first message opens a private chat. */
  write(person: TelegramPerson, content: TelegramContent | string, writing: TelegramWriting = {}): TelegramKept {
    const bot = this.findBot(writing.bot);
    const dialogue = bot.openDialogue(writing.group ?? toPrivateChat(person.user));
    const { fields, file } = toFields(typeof content === 'string' ? { kind: 'text', text: content } : content, {
      bot,
      person,
      files: this.files,
    });
    const answered = writing.replyTo === undefined ? undefined : bot.findMessage(dialogue.chat.id, writing.replyTo);
    if (writing.replyTo !== undefined && !answered) throw new Error(`there is no message ${writing.replyTo} in the chat`);
    const kept = bot.keep(
      dialogue,
      'person',
      {
        from: person.user,
        ...fields,
        ...(answered && { reply_to_message: withoutReply(answered.message) }),
        ...(writing.quote !== undefined && { quote: { text: writing.quote, position: 0, is_manual: true } }),
        ...writing.extra,
      },
      { file },
    );
    bot.addUpdate('message', kept.message, dialogue.chat.id);
    return kept;
  }

  /** A person sends an album: a message for each part. */
  writeAlbum(person: TelegramPerson, parts: readonly TelegramContent[], writing: TelegramWriting = {}): TelegramKept[] {
    const media_group_id = String(BigInt(`0x${randomBytes(6).toString('hex')}`) + 13_000_000_000_000_000n);
    return parts.map((part) => this.write(person, part, { ...writing, extra: { ...writing.extra, media_group_id } }));
  }

  /** A person edits their text or caption. Without a text it is a change that bots do not see. */
  edit(kept: TelegramKept, text?: string, entities?: readonly TelegramEntity[]): void {
    const field = kept.message.text === undefined ? 'caption' : 'text';
    kept.message = {
      ...kept.message,
      ...(text !== undefined && { [field]: text }),
      ...(entities && { [field === 'text' ? 'entities' : 'caption_entities']: entities }),
      edit_date: Math.floor(this.nowMs / 1_000),
    };
    kept.edits++;
    this.findBot(kept.bot).addUpdate('edited_message', kept.message, kept.message.chat.id);
  }

  /** A person deletes a message for both sides. Bots are not notified. */
  delete(kept: TelegramKept): void {
    kept.deleted = true;
  }

  /** A person presses the button of a message that sends `data`. Throws when there is none. */
  press(person: TelegramPerson, kept: TelegramKept, data: string): string {
    const buttons = kept.message.reply_markup?.inline_keyboard?.flat() ?? [];
    if (!buttons.some((button) => button.callback_data === data)) throw new Error(`the message has no button with ${data}`);
    const bot = this.findBot(kept.bot);
    const id = String(BigInt(`0x${randomBytes(8).toString('hex')}`));
    bot.addQuery(id);
    const chat = kept.message.chat.id;
    const query = { id, from: person.user, message: kept.message as never, chat_instance: randomUUID(), data } satisfies CallbackQuery;
    bot.addUpdate('callback_query', query, chat);
    return id;
  }

  /**
   * A person presses a key below the text field, which sends its text or their contact. Throws without it.
   */
  tap(person: TelegramPerson, text: string, { bot }: { bot?: number | undefined } = {}): TelegramKept {
    const dialogue = this.dialogue(person, bot);
    const key = dialogue.keyboard?.keyboard?.flat().find((one) => one.text === text);
    if (!key) throw new Error(`there is no key ${text}`);
    if (dialogue.keyboard?.['one_time_keyboard']) dialogue.keyboard = undefined;
    return this.write(person, key.request_contact ? { kind: 'contact', self: true } : { kind: 'text', text }, { bot });
  }

  /** A person blocks a bot, or no longer. */
  block(person: TelegramPerson, blocked = true, { bot }: { bot?: number | undefined } = {}): void {
    const dialogue = this.dialogue(person, bot);
    dialogue.blocked = blocked;
    const statuses = ['member', 'kicked'] as const;
    const [before, after] = blocked ? statuses : statuses.toReversed();
    this.tellMembership(person, { bot: this.findBot(bot), chat: dialogue.chat, before, after });
  }

  /** A person adds the bot to their group, and may write there then. */
  addToGroup(person: TelegramPerson, title = 'Friends', { bot }: { bot?: number | undefined } = {}): TelegramChat {
    const owner = this.findBot(bot);
    const chat: TelegramChat = { id: --this.lastGroup, type: 'supergroup', title };
    owner.openDialogue(chat);
    this.tellMembership(person, { bot: owner, chat, before: 'left', after: 'member' });
    this.write(person, { kind: 'fields', fields: { new_chat_members: [owner.user] } }, { bot, group: chat });
    return chat;
  }

  /** Posts any update unchanged, for a chat. */
  postUpdate(kind: string, about: object, { bot, chat = 0 }: { bot?: number; chat?: number } = {}): void {
    this.findBot(bot).addUpdate(kind, about, chat);
  }

  /** Another program with the token takes the updates. */
  steal(url = 'https://elsewhere.example/hook', id?: number): void {
    const bot = this.findBot(id);
    bot.webhook = { url, secret: undefined, mostConnections: 40 };
  }

  /** Posts an update once, with another secret or without one. Returns the reply. */
  async forge(
    secret: string | undefined,
    { update, bot }: { update?: TelegramUpdate; bot?: number } = {},
  ): Promise<{ status: number; body: string }> {
    const { webhook, user } = this.findBot(bot);
    if (!webhook) throw new Error('the bot has no address');
    const chat = { id: 1, type: 'private' };
    const forged = update ?? {
      update_id: 1,
      message: { message_id: 1, date: 1_764_000_000, chat, from: { ...user, id: 1, is_bot: false }, text: 'forged' },
    };
    const reply = await fetch(webhook.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(secret !== undefined && { [SECRET_HEADER]: secret }) },
      body: JSON.stringify(forged),
      redirect: 'manual',
    });
    return { status: reply.status, body: await reply.text() };
  }

  /** A person's chat with a bot. Throws when they have not written. */
  dialogue(person: TelegramPerson, bot?: number): TelegramDialogue {
    const found = this.findBot(bot).dialogues.get(person.user.id);
    if (!found) throw new Error(`${person.user.id} has not written to the bot`);
    return found;
  }

  /** The bot's messages to a person, in order, including deleted ones. */
  sent(person: TelegramPerson, bot?: number): TelegramKept[] {
    return (
      this.findBot(bot)
        .dialogues.get(person.user.id)
        ?.messages.filter(({ by }) => by === 'bot') ?? []
    );
  }

  /** A message by its chat and `message_id`. Throws when there is none. */
  find(chat: number, id: number, bot?: number): TelegramKept {
    const found = this.findBot(bot)
      .dialogues.get(chat)
      ?.messages.find(({ message }) => message.message_id === id);
    if (!found) throw new Error(`there is no message ${id} in the chat ${chat}`);
    return found;
  }

  /** Texts, captions and file names that a bot sent to one chat more than once. */
  override duplicates(): string[] {
    return this.bots.flatMap(({ dialogues }) =>
      [...dialogues.values()].flatMap(({ messages }) => {
        const sent = messages.filter(({ by }) => by === 'bot').map(({ message, file }) => describeContent(message, file?.uniqueId));
        return [...new Set(sent.filter((one, index) => sent.indexOf(one) !== index))];
      }),
    );
  }

  /** Notes a client's mistake. Keeps the last 1,000. */
  complain(what: string): void {
    this.complaints.push(what);
    if (this.complaints.length > 1_000) this.complaints.shift();
  }

  private tellMembership(
    person: TelegramPerson,
    { bot, chat, before, after }: { bot: TelegramBot; chat: TelegramChat; before: Membership; after: Membership },
  ): void {
    const toMember = (status: Membership) => (status === 'kicked' ? { status, user: bot.user, until_date: 0 } : { status, user: bot.user });
    const change = {
      ...{ chat: chat as ChatMemberUpdated['chat'], from: person.user, date: Math.floor(this.nowMs / 1_000) },
      ...{ old_chat_member: toMember(before), new_chat_member: toMember(after) },
    } satisfies ChatMemberUpdated;
    bot.addUpdate('my_chat_member', change, chat.id);
  }
}

function toPrivateChat({ id, first_name, last_name, username }: TelegramUser): TelegramChat {
  return { id, type: 'private', first_name, ...(last_name !== undefined && { last_name }), ...(username !== undefined && { username }) };
}

function describeContent({ text, caption }: TelegramMessage, file = ''): string {
  return [text ?? caption ?? '', file].filter(Boolean).join(' ');
}
