import { randomBytes } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { Answer, type Input } from '../../../libs/testing/double/rules.js';
import { BOT_EVENTS, type BotCall, type BotEvent, type BotMessageRequest, type ChatMessage, SOCKET_PATH } from './bot-wire.js';
import type { GatewayBook, GatewayBot, GatewayChat, GatewayMessage, GatewayTransport } from './gateway-book.js';
import type { GatewayModes } from './gateway-modes.js';
import { GatewayRefusal } from './gateway-refusal.js';

/** A conversation in a chat. */
export interface GatewayDialog {
  readonly id: number;
  readonly chat: number;
  readonly begin: number;
  ending: number | null;
  responsible: { type: 'user' | 'bot'; id: number } | null;
  tags: { name: string; color_code?: string }[];
  readonly createdAt: string;
  closedAt: string | null;
}

/** A listening bot. `sent`: events that its socket got. */
interface Listener {
  readonly socket: WebSocket;
  readonly account: GatewayTransport;
  readonly events: readonly string[];
  sent: number;
}

/** Managers of every account. Each `external_id` is the id of the CRM's user. */
const USERS = [
  { id: 22, external_id: '1', first_name: 'Ann', last_name: 'Lee' },
  { id: 23, external_id: '2', first_name: 'Bob', last_name: 'Ray' },
];
/** Added to a chat's id to get its customer's id, because a chat never changes its customer. */
const CUSTOMER_IDS = 1_000_000;
const [accountOf, ROLE_TEXT] = [(code: string): string => code.split('/')[0] ?? '', 'dialog is not the latest in the chat'];

/** Bots of the gateway: the Bot API's records and sockets, and persons who write. */
export class GatewayBots {
  readonly dialogs: GatewayDialog[] = [];
  /** How often a socket was opened. */
  opened = 0;
  private readonly listeners = new Set<Listener>();
  private readonly server = new WebSocketServer({ noServer: true });
  private lastId = 50_000;

  constructor(
    private readonly book: GatewayBook,
    private readonly modes: GatewayModes,
    /** Passes a bot's public message on to the messenger. */
    private readonly carry: (message: GatewayMessage, chat: GatewayChat) => void,
  ) {
    book.onMessage = (message, isNew) => this.tell(message, isNew);
  }

  /** Registers the bot of a module as the CRM does. `token`: becomes its newest one. */
  register({ code, token }: { code: string; token?: string }): { account: GatewayTransport; token: string } {
    let account = this.book.transports.find((one) => one.code === code);
    if (!account) this.book.transports.push((account = { code, tokens: [], webhookUrl: undefined, clientId: undefined }));
    const bot = (account.bot ??= { id: ++this.lastId, name: code, avatarUrl: '', roles: [], tokens: [], commands: new Map() });
    const given = token ?? randomBytes(20).toString('hex');
    if (bot.tokens.at(-1) !== given) bot.tokens = [...bot.tokens.filter((one) => one !== given), given];
    return { account, token: given };
  }

  /** The account whose bot has that token. */
  find(token: string | undefined): GatewayTransport | undefined {
    return this.book.transports.find(({ bot }) =>
      this.modes.formerTokens === 'taken' ? bot?.tokens.includes(token ?? '') : bot && bot.tokens.at(-1) === token,
    );
  }

  /** Accepts sockets of the server. */
  attach(server: Server): void {
    server.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head));
  }

  /** Ends every socket without a word, as a lost connection does. */
  dropSockets(): void {
    for (const { socket } of this.listeners) socket.terminate();
  }

  /** Number of open sockets. */
  get sockets(): number {
    return this.listeners.size;
  }

  /** Forgets dialogs, and drops sockets. Bots stay. */
  clear(): void {
    this.dropSockets();
    this.dialogs.length = 0;
    this.opened = 0;
  }

  /** A person, a bot or the channel writes in a chat. */
  write({ chat: id, by = 'customer', type = 'text', content, scope }: ChatMessage): GatewayMessage {
    const chat = this.book.chat(id);
    const of = { customer: { id: CUSTOMER_IDS + chat.id }, user: { id: 22 }, bot: { id: 7 }, channel: { id: chat.channel } }[by];
    return this.book.addMessage(chat, {
      ...{ direction: by === 'customer' || by === 'channel' ? 'in' : 'out', originator: by, type, externalId: undefined },
      ...{ text: content, note: null, items: [], quote: null, createdAt: null, status: 'sent' },
      ...{ author: { type: by, id: of.id }, scope: scope ?? (type === 'command' ? 'private' : 'public') },
    });
  }

  /** The active dialog of a chat. */
  active(chat: number): GatewayDialog | undefined {
    return this.dialogs.findLast((one) => one.chat === chat && one.closedAt === null);
  }

  /** A manager takes the dialog of a chat, or leaves it. */
  assign(chat: number, user: number | null): void {
    const dialog = this.active(chat);
    if (!dialog) throw new Error(`chat ${chat} has no active dialog`);
    dialog.responsible = user === null ? null : { type: 'user', id: user };
    this.emit('dialog_assign', chat, { dialog: this.dialogOut(dialog), chat: { id: chat } });
  }

  /** A manager closes the dialog of a chat. */
  close(chat: number): void {
    const dialog = this.active(chat);
    if (dialog) this.end(dialog);
  }

  /** The messages of a bot, in order. */
  sentBy(code: string): GatewayMessage[] {
    const id = this.book.transports.find((one) => one.code === code)?.bot?.id;
    return this.book.messages.filter(({ author }) => author?.type === 'bot' && author.id === id);
  }

  /** The acts of the API. */
  get acts(): Readonly<Record<BotCall, (given: Input<GatewayTransport>) => object>> {
    const botOf = ({ account }: Input<GatewayTransport>): GatewayBot => {
      if (!account.bot) throw new GatewayRefusal('Unauthorized', this.modes.unauthorizedStatus);
      return account.bot;
    };
    const dialogOf = (given: Input<GatewayTransport>, isLatest = true): GatewayDialog => {
      const dialog = this.dialogs.find(({ id }) => String(id) === given.id);
      if (!dialog || !this.sees(given.account, dialog.chat)) throw new GatewayRefusal(`dialog #${given.id} not found`, 404);
      if (isLatest && this.dialogs.findLast(({ chat }) => chat === dialog.chat) !== dialog) throw new GatewayRefusal(ROLE_TEXT);
      return dialog;
    };
    const messageOf = (given: Input<GatewayTransport>): GatewayMessage => {
      const found = this.book.messages.find(({ id, author }) => String(id) === given.id && author?.id === botOf(given).id);
      if (!found) throw new GatewayRefusal('Incorrect message_id');
      return found;
    };
    return {
      botBots: (given) =>
        page(
          this.book.transports.flatMap(({ code, bot }) => (bot && accountOf(code) === accountOf(given.account.code) ? [bot] : [])),
          given.query,
          ({ id }) => (!isTrue(given.query['self']) || id === botOf(given).id) && (given.query['active'] ?? '1') !== '0',
        ).map((bot) => ({
          ...{ id: bot.id, name: bot.name, avatar_url: bot.avatarUrl, roles: bot.roles.length > 0 ? bot.roles : null },
          ...{
            is_active: true,
            is_self: bot === botOf(given),
            is_system: false,
            created_at: EPOCH,
            updated_at: EPOCH,
            deactivated_at: null,
          },
        })),
      botCommands: (given) => page([...botOf(given).commands].map(commandOut), given.query, () => true),
      botChannels: (given) => page(this.channels(given.account), given.query, ({ active }) => active || !isTrue(given.query['active'])),
      botUsers: ({ query }) => page(USERS, query, ({ external_id: id }) => (query['external_id'] ?? id) === id).map(userOut),
      botCustomers: ({ account, query }) =>
        page(
          this.chats(account).map((chat) => this.customerOut(chat)),
          query,
          (one) => (query['external_id'] ?? one.external_id) === one.external_id,
        ),
      botChats: ({ account, query }) =>
        page(this.chats(account), query, ({ id }) => (query['customer_id'] ?? String(CUSTOMER_IDS + id)) === String(CUSTOMER_IDS + id)).map(
          (chat) => this.chatOut(chat),
        ),
      botDialogs: ({ account, query }) =>
        page(
          this.dialogs,
          query,
          ({ chat, closedAt }) =>
            this.sees(account, chat) &&
            (query['chat_id'] ?? String(chat)) === String(chat) &&
            (query['active'] === undefined || isTrue(query['active']) === (closedAt === null)),
        ).map((dialog) => this.dialogOut(dialog)),
      botMessages: ({ account, query }) => this.listMessages(account, query),
      botInfo: (given) => {
        const { name, avatar_url: avatarUrl, roles } = given.body as { name?: string; avatar_url?: string; roles?: string[] };
        Object.assign(botOf(given), name !== undefined && { name }, avatarUrl !== undefined && { avatarUrl }, roles && { roles });
        return {};
      },
      botPutCommand: (given) => {
        if (!/^[a-z0-9_]{1,32}$/.test(given.id)) throw new GatewayRefusal('Incorrect name');
        const { description } = given.body as { description: string };
        botOf(given).commands.set(given.id, description);
        return commandOut([given.id, description]);
      },
      botDeleteCommand: (given) => {
        if (!botOf(given).commands.delete(given.id)) throw new GatewayRefusal('command not found', 404);
        return {};
      },
      botOpenDialog: (given) => {
        if (!this.sees(given.account, Number(given.id))) throw new GatewayRefusal('chat not found', 404);
        const { id, createdAt } = this.open(Number(given.id), 0);
        return { id, created_at: createdAt };
      },
      botAssign: (given) => {
        const dialog = dialogOf(given);
        const { user_id: user, bot_id: bot } = given.body as { user_id?: number; bot_id?: number };
        const before = dialog.responsible;
        dialog.responsible = user === undefined ? { type: 'bot', id: bot ?? 0 } : { type: 'user', id: user };
        this.emit('dialog_assign', dialog.chat, { dialog: this.dialogOut(dialog), chat: { id: dialog.chat } });
        return { responsible: dialog.responsible, is_reassign: before !== null, ...(before && { previous_responsible: before }) };
      },
      botUnassign: (given) => {
        const dialog = dialogOf(given);
        if (!dialog.responsible) throw new GatewayRefusal('dialog is not assigned');
        const previous = dialog.responsible;
        dialog.responsible = null;
        return { previous_responsible: previous };
      },
      botClose: (given) => {
        this.end(dialogOf(given));
        return {};
      },
      botAddTags: (given) => {
        dialogOf(given).tags.push(...(given.body as Pick<GatewayDialog, 'tags'>).tags);
        return {};
      },
      botDeleteTags: (given) => {
        const dialog = dialogOf(given);
        const names = (given.body as Pick<GatewayDialog, 'tags'>).tags.map(({ name }) => name);
        dialog.tags = dialog.tags.filter(({ name }) => !names.includes(name));
        return {};
      },
      botSend: (given) => this.send(given.account, botOf(given), given.body as BotMessageRequest),
      botEdit: (given) => {
        const message = messageOf(given);
        Object.assign(message, { text: (given.body as { content?: string }).content ?? message.text, edits: message.edits + 1 });
        this.tell(message, false);
        return new Answer({ json: {} });
      },
      botDelete: (given) => {
        messageOf(given).deleted = true;
        return {};
      },
    };
  }

  private send(account: GatewayTransport, bot: GatewayBot, body: BotMessageRequest): Answer {
    const { chat_id: id, scope, type = 'text', content, quote_message_id: quote } = body;
    if (!this.sees(account, id)) throw new GatewayRefusal('chat not found', 404);
    if (type === 'text' && !content?.trim()) throw new GatewayRefusal('content is a required field');
    const chat = this.book.chat(id);
    if (quote !== undefined && !this.book.messages.some((one) => one.id === quote && one.chat === id))
      throw new GatewayRefusal('Incorrect quote_message_id');
    const late = scope === 'public' && chat.replyDeadline !== null && Date.parse(chat.replyDeadline) < Date.now();
    const message = this.book.addMessage(chat, {
      ...{ direction: 'out', originator: 'bot', type, externalId: undefined, text: content ?? null, note: null, items: [] },
      ...{ quote: quote ?? null, createdAt: null, status: scope === 'private' ? 'sent' : 'sending' },
      ...{ author: { type: 'bot', id: bot.id }, scope },
    });
    if (late) this.book.settle(message, { error: { code: 'reply_timed_out', message: 'The time to reply has passed' } });
    else if (scope === 'public') this.carry(message, chat);
    return new Answer({ status: 201, json: { message_id: message.id, time: message.time } });
  }

  /** Sends an event of a message, and opens a dialog for a customer's. */
  private tell(message: GatewayMessage, isNew: boolean): void {
    if (isNew) {
      const chat = this.book.chat(message.chat);
      message.author ??= { type: message.originator, id: message.originator === 'customer' ? CUSTOMER_IDS + chat.id : 22 };
      message.scope ??= 'public';
      const dialog = this.active(chat.id) ?? (message.author.type === 'customer' ? this.open(chat.id, message.id) : undefined);
      if (dialog) message.dialog = dialog.id;
    }
    this.emit(isNew ? 'message_new' : 'message_updated', message.chat, { message: this.messageOut(message, true) });
  }

  private open(chat: number, begin: number): GatewayDialog {
    const known = this.active(chat);
    if (known) this.end(known);
    const dialog: GatewayDialog = {
      ...{ id: ++this.lastId, chat, begin, ending: null, responsible: null, tags: [] },
      ...{ createdAt: new Date().toISOString(), closedAt: null },
    };
    this.dialogs.push(dialog);
    this.emit('dialog_opened', chat, { dialog: this.dialogOut(dialog) });
    return dialog;
  }

  private end(dialog: GatewayDialog): void {
    dialog.closedAt = new Date().toISOString();
    dialog.ending = this.book.messages.findLast(({ chat }) => chat === dialog.chat)?.id ?? null;
    this.emit('dialog_closed', dialog.chat, { dialog: this.dialogOut(dialog) });
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://double');
    const events = (searchParams.get('events') ?? '').split(',');
    const account = this.find(String(request.headers['x-bot-token']));
    const known = events.every((event) => (BOT_EVENTS as readonly string[]).includes(event));
    const status = pathname !== SOCKET_PATH ? 404 : !account ? this.modes.unauthorizedStatus : known ? this.modes.socketStatus : 400;
    if (status !== 101 || !account) {
      const body = JSON.stringify({ errors: ['refused'] });
      const head = `HTTP/1.1 ${status} Refused\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n`;
      return void socket.end(head + body);
    }
    this.server.handleUpgrade(request, socket, head, (opened) => {
      const listener = { socket: opened, account, events, sent: 0 };
      this.opened++;
      this.listeners.add(listener);
      opened.on('close', () => this.listeners.delete(listener));
      opened.on('error', () => opened.terminate());
    });
  }

  /** Sends an event to the listening bots of a chat's account. It is not kept for the others. */
  private emit(type: BotEvent, chat: number, data: object): void {
    for (const listener of this.listeners) {
      if (!listener.events.includes(type) || !this.sees(listener.account, chat)) continue;
      const { dropsSocketAfter: most } = this.modes;
      // The event is lost with its socket.
      if (most !== undefined && listener.sent >= most) {
        listener.socket.terminate();
        continue;
      }
      listener.sent++;
      listener.socket.send(JSON.stringify({ type, meta: { timestamp: Math.floor(Date.now() / 1_000) }, app_id: 0, data }));
    }
  }

  private listMessages(account: GatewayTransport, query: Input<unknown>['query']): object[] {
    const isIts = (name: string, type: string, { author }: GatewayMessage): boolean =>
      query[name] === undefined || (author?.type === type && String(author.id) === query[name]);
    const found = page(
      this.book.messages,
      query,
      (one) =>
        !one.deleted &&
        this.sees(account, one.chat) &&
        (query['chat_id'] ?? String(one.chat)) === String(one.chat) &&
        (query['dialog_id'] ?? String(one.dialog)) === String(one.dialog) &&
        (query['scope'] ?? one.scope) === one.scope &&
        (query['type'] ?? one.type) === one.type &&
        isIts('bot_id', 'bot', one) &&
        isIts('user_id', 'user', one) &&
        isIts('customer_id', 'customer', one),
      this.modes.sinceId === 'inclusive',
    );
    return found.map((one) => ({ ...this.messageOut(one, false), channel_id: one.channel, created_at: one.time, updated_at: one.time }));
  }

  private chats({ code }: GatewayTransport): GatewayChat[] {
    const channels = new Set(this.channels({ code }).map(({ id }) => id));
    return this.book.chats.filter(({ channel }) => channels.has(channel));
  }

  private channels({ code }: Pick<GatewayTransport, 'code'>) {
    return this.book.channels.filter(({ transport }) => accountOf(transport) === accountOf(code));
  }

  private sees(account: GatewayTransport, id: number): boolean {
    const chat = this.book.chats.find((one) => one.id === id);
    return chat !== undefined && this.channels(account).some((channel) => channel.id === chat.channel);
  }

  private customerOut({ id, channel, customer }: GatewayChat) {
    const { external_id, nickname: username = null, first_name = '', last_name = '' } = customer;
    const [phone, email] = [customer['phone'] ?? null, customer['email'] ?? null];
    return { id: CUSTOMER_IDS + id, external_id, channel_id: channel, username, first_name, last_name, phone, email, is_blocked: false };
  }

  private chatOut(chat: GatewayChat): object {
    const channel = this.book.channels.find(({ id }) => id === chat.channel);
    const dialog = this.active(chat.id);
    return {
      ...{
        id: chat.id,
        name: chat.customer.nickname ?? '',
        channel: channel && { id: channel.id, type: channel.type, name: channel.name },
      },
      ...{ customer: this.customerOut(chat), last_message: null, last_dialog: dialog ? this.dialogOut(dialog) : null },
      ...{ reply_deadline: chat.replyDeadline, unread: 0, waiting_level: 'none', created_at: EPOCH },
    };
  }

  private dialogOut(dialog: GatewayDialog): object {
    const { id, chat, begin, ending, responsible, tags, createdAt, closedAt } = dialog;
    return {
      ...{ id, chat_id: chat, begin_message_id: begin, ending_message_id: ending, bot_id: null, tags, created_at: createdAt },
      ...{ updated_at: createdAt, closed_at: closedAt, is_assigned: responsible !== null, is_active: closedAt === null },
      ...(responsible && { responsible: { ...responsible, external_id: String(responsible.id), assigned_at: createdAt } }),
    };
  }

  private messageOut(message: GatewayMessage, hasChat: boolean): object {
    const { id, time, type, scope = 'public', chat: chatId, status, author, text, note, quote, dialog, edits, error } = message;
    const chat = this.book.chat(chatId);
    const from = author && { ...author, ...this.personOf(author, chat) };
    return {
      ...{
        id,
        time: time.replace(/\.\d+Z$/, 'Z'),
        type,
        scope,
        chat_id: chatId,
        is_read: status === 'seen',
        is_edit: edits > 0,
        status,
        from,
      },
      ...{ content: text ?? '', note: note ?? undefined, quote: quote === null ? null : { id: quote, type: 'text' } },
      ...(dialog !== undefined && { dialog: { id: dialog } }),
      ...(error && { error }),
      ...(hasChat && { chat: this.chatOut(chat) }),
    };
  }

  private personOf({ type, id }: NonNullable<GatewayMessage['author']>, chat: GatewayChat): object {
    if (type === 'customer') return { ...this.customerOut(chat), name: chat.customer.first_name ?? '' };
    const user = USERS.find((one) => one.id === id);
    return type === 'user' && user ? { external_id: user.external_id, name: user.first_name } : { external_id: '', name: type };
  }
}

const EPOCH = '2026-01-01T00:00:00.000000Z';
const isTrue = (text: string | undefined): boolean => text === 'true' || text === '1';
const userOut = (user: (typeof USERS)[number]): object => ({ ...user, is_active: true, is_online: true, connected: true, available: true });
const commandOut = ([name, description]: readonly [string, string]) => ({ id: 1, name, description, created_at: EPOCH, updated_at: EPOCH });

/** The first records after `since_id` that match, in the order of their ids. */
function page<T extends object>(all: readonly T[], query: Input<unknown>['query'], matches: (one: T) => boolean, isInclusive = false): T[] {
  const { id: only, since, until, since_id: from, until_id: to, limit = '100' } = query;
  const timeOf = (one: T): number => Date.parse(String((one as { time?: string }).time ?? EPOCH));
  const idOf = (one: T): number => (one as { id?: number }).id ?? 0;
  const isAfter = (one: T): boolean => from === undefined || idOf(one) > Number(from) || (isInclusive && idOf(one) === Number(from));
  return all
    .filter(
      (one) =>
        (only === undefined || idOf(one) === Number(only)) &&
        isAfter(one) &&
        (to === undefined || idOf(one) < Number(to)) &&
        (since === undefined || timeOf(one) >= Date.parse(since)) &&
        (until === undefined || timeOf(one) <= Date.parse(until)) &&
        matches(one),
    )
    .slice(0, Number(limit));
}
