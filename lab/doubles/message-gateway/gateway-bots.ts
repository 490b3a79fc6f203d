import { randomBytes } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { Answer, type Input } from '../../../libs/testing/double/rules.js';
import { BOT_EVENTS, type BotCall, type BotEvent, type BotMessageRequest, type ChatMessage, SOCKET_PATH } from './bot-wire.js';
import type { GatewayBook } from './gateway-book.js';
import type { GatewayBot, GatewayChannel, GatewayChat, GatewayMessage, GatewayTransport } from './gateway-records.js';
import type { GatewayFile } from './gateway-files.js';
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
  assignedAt: string | null;
  closedAt: string | null;
}

/** A manager of a chat. */
export interface GatewayMember {
  readonly id: number;
  readonly chat_id: number;
  readonly user_id: number;
  is_author: boolean;
  state: 'active' | 'kicked' | 'leaved';
  readonly created_at: string;
  updated_at: string | null;
}

/** A template of a channel: its text with `{{1}}` for variables. */
export interface GatewayTemplate {
  readonly id: number;
  readonly code: string;
  readonly channel_id: number;
  readonly body: string;
  readonly [field: string]: unknown;
}

/** A listening bot. `sent`: events that its socket got. */
interface Listener {
  readonly socket: WebSocket;
  readonly account: GatewayTransport;
  readonly events: readonly string[];
  readonly includesMass: boolean;
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
  /** Managers of chats. */
  readonly members: GatewayMember[] = [];
  /** Templates of channels, as a test adds them. */
  readonly templates: GatewayTemplate[] = [];
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
    for (const list of [this.dialogs, this.members, this.templates]) list.length = 0;
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
    this.hold(dialog, user === null ? null : { type: 'user', id: user });
    this.emit('dialog_assign', chat, { dialog: this.dialogOut(dialog), chat: { id: chat } });
  }

  /** A manager closes the dialog of a chat. */
  close(chat: number): void {
    const dialog = this.active(chat);
    if (dialog) this.end(dialog);
  }

  /** Something about a message changes, such as that a manager has read it. */
  touch(message: number): void {
    this.tell(this.book.message(message), false);
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
          given,
          (bot) =>
            (!isTrue(given.query['self']) || bot === botOf(given)) &&
            (given.query['active'] === undefined || isTrue(given.query['active'])) &&
            listAll(given, 'role').every((role) => bot.roles.includes(role)),
        ).map((bot) => ({
          ...{ id: bot.id, name: bot.name, client_id: null, avatar_url: bot.avatarUrl, roles: bot.roles.length > 0 ? bot.roles : null },
          ...{ is_active: true, is_self: bot === botOf(given), is_system: false },
          ...{ created_at: EPOCH, updated_at: EPOCH, deactivated_at: null },
        })),
      botCommands: (given) => page([...botOf(given).commands].map(commandOut), given, ({ name }) => isSame(given, 'name', name)),
      botChannels: (given) =>
        page(
          this.channels(given.account),
          given,
          ({ type, active }) =>
            (listAll(given, 'types').length === 0 || listAll(given, 'types').includes(type)) && isSameFlag(given, 'active', active),
        ).map(channelOut),
      botUsers: (given) =>
        page(
          USERS.map(userOut),
          given,
          (one) =>
            isSame(given, 'external_id', one.external_id) &&
            isSameFlag(given, 'active', one.is_active) &&
            isSameFlag(given, 'online', one.is_online),
        ),
      botCustomers: (given) =>
        page(
          this.chats(given.account),
          given,
          (chat) => this.isOnChannel(given, chat) && isSame(given, 'external_id', chat.customer.external_id),
          {
            idOf: ({ id }) => CUSTOMER_IDS + id,
          },
        ).map((chat) => this.customerOut(chat)),
      botChats: (given) =>
        page(
          this.chats(given.account),
          given,
          (chat) =>
            this.isOnChannel(given, chat) &&
            isSame(given, 'customer_id', CUSTOMER_IDS + chat.id) &&
            isSame(given, 'customer_external_id', chat.customer.external_id) &&
            (isTrue(given.query['include_mass_communication']) || !this.isMassOnly(chat)),
        ).map((chat) => this.chatOut(chat, true)),
      botMembers: (given) =>
        page(
          this.members,
          given,
          ({ chat_id: chat, user_id: user, state }) =>
            this.sees(given.account, chat) &&
            isSame(given, 'chat_id', chat) &&
            isSame(given, 'user_id', user) &&
            isSame(given, 'state', state),
        ),
      botDialogs: (given) =>
        page(
          this.dialogs,
          given,
          ({ chat, closedAt, responsible }) =>
            this.sees(given.account, chat) &&
            isSame(given, 'chat_id', chat) &&
            isSame(given, 'user_id', responsible?.type === 'user' ? responsible.id : '') &&
            isSame(given, 'bot_id', responsible?.type === 'bot' ? responsible.id : '') &&
            isSameFlag(given, 'assign', responsible !== null) &&
            isSameFlag(given, 'active', closedAt === null),
        ).map((one) => this.dialogOut(one)),
      botMessages: (given) => this.listMessages(given),
      botTemplates: (given) => this.templates.filter(({ channel_id: id }) => this.channels(given.account).some((one) => one.id === id)),
      botTemplateSend: (given) => this.sendTemplate(given.account, botOf(given), given),
      botUpload: ({ account, body, request }) => fileOut(this.upload(account, body, request.headers['content-type'])),
      botUploadByUrl: async ({ account, body }) => {
        const reply = await fetch((body as { url: string }).url).catch(() => undefined);
        if (!reply?.ok) throw new GatewayRefusal('File cannot be downloaded');
        return fileOut(this.book.addFile(account, Buffer.from(await reply.arrayBuffer()), reply.headers.get('content-type') ?? ''));
      },
      botFile: ({ account, id, request }) => ({
        ...fileOut(this.book.fileOf(account, id)),
        [this.modes.fileUrlKey]: `http://${request.headers.host ?? ''}/files/${id}`,
      }),
      botFileMeta: ({ account, id, body }) => fileOut(Object.assign(this.book.fileOf(account, id), body)),
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
        const dialog = this.open(Number(given.id), 0);
        const { user_id: user, bot_id: bot } = (given.body ?? {}) as { user_id?: number; bot_id?: number };
        if (user !== undefined) this.hold(dialog, { type: 'user', id: user });
        else if (bot !== undefined) this.hold(dialog, { type: 'bot', id: bot });
        const { id, createdAt } = dialog;
        return { id, created_at: createdAt };
      },
      botAssign: (given) => {
        const dialog = dialogOf(given);
        const { user_id: user, bot_id: bot } = given.body as { user_id?: number; bot_id?: number };
        const before = dialog.responsible;
        const left = this.hold(dialog, user === undefined ? { type: 'bot', id: bot ?? 0 } : { type: 'user', id: user });
        this.emit('dialog_assign', dialog.chat, { dialog: this.dialogOut(dialog), chat: { id: dialog.chat } });
        return {
          ...{ responsible: holderOut(dialog), is_reassign: before !== null },
          ...(before && { previous_responsible: holderOut({ ...dialog, responsible: before }) }),
          ...(left !== undefined && { left_user_id: left }),
        };
      },
      botUnassign: (given) => {
        const dialog = dialogOf(given);
        if (!dialog.responsible) throw new GatewayRefusal('dialog is not assigned');
        const previous = holderOut(dialog);
        this.hold(dialog, null);
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
        const message = messageOf(given);
        message.deleted = true;
        this.emit('message_deleted', message.chat, { message: this.messageOut(message, true) });
        return {};
      },
    };
  }

  private send(account: GatewayTransport, bot: GatewayBot, body: BotMessageRequest): Answer {
    const { chat_id: id, scope, type = 'text', content, note, items = [], product, order, quote_message_id: quote } = body;
    if (!this.sees(account, id)) throw new GatewayRefusal('chat not found', 404);
    const { [type]: needed } = NEEDED;
    if (body[needed] === undefined || (type === 'text' && !content?.trim())) throw new GatewayRefusal(`${needed} is a required field`);
    for (const other of new Set(Object.values(NEEDED)))
      if (other !== needed && body[other] !== undefined) throw new GatewayRefusal(`${other} is not for messages of the type ${type}`);
    const chat = this.book.chat(id);
    const channel = this.channels(account).find((one) => one.id === chat.channel);
    for (const item of items) if (channel) this.book.checkItem({ ...channel, transport: account.code }, type, item.id);
    this.book.checkOrder(order);
    const suggestions = body.transport_attachments?.suggestions ?? [];
    for (const one of suggestions)
      if (channel && !this.book.isAble(channel, 'suggestions', one.type, 'out'))
        throw new GatewayRefusal(`suggestions of the type ${one.type} are not supported`);
    if (quote !== undefined && !this.book.messages.some((one) => one.id === quote && one.chat === id))
      throw new GatewayRefusal('Incorrect quote_message_id');
    const late = scope === 'public' && chat.replyDeadline !== null && Date.parse(chat.replyDeadline) < Date.now();
    const message = this.book.addMessage(chat, {
      ...{ direction: 'out', originator: 'bot', type, externalId: undefined, text: content ?? null, note: note ?? null, items },
      ...{ ...(product && { product }), ...(order && { order }), ...(suggestions.length > 0 && { suggestions }) },
      ...(body.mass_communication && { isMass: true }),
      ...{ quote: quote ?? null, createdAt: null, status: scope === 'private' ? 'sent' : 'sending' },
      ...{ author: { type: 'bot', id: bot.id }, scope },
    });
    if (late) this.book.settle(message, { error: { code: 'reply_timed_out', message: 'The time to reply has passed' } });
    else if (scope === 'public') this.carry(message, chat);
    return new Answer({ status: 201, json: { message_id: message.id, time: message.time } });
  }

  /** Sends a template to the customer with this phone, whose chat is opened if there is none. */
  private sendTemplate(account: GatewayTransport, bot: GatewayBot, { id, body }: Input<unknown>): Answer {
    const { phone, args } = body as { phone: string; args?: { body?: object } };
    const template = this.templates.find((one) => String(one.id) === id);
    const channel = template && this.channels(account).find((one) => one.id === template.channel_id);
    if (!template || !channel) throw new GatewayRefusal(`template id=${id} was not found`, 404);
    const given = Object.values(args?.body ?? {}) as string[];
    if (new Set(template.body.match(/\{\{\d+\}\}/g)).size !== given.length)
      throw new GatewayRefusal("variables number doesn't match template", 404);
    const chat =
      this.chats(account).find((one) => one.channel === channel.id && one.customer['phone'] === phone) ??
      this.book.addChat(channel, phone, { external_id: phone, phone });
    const message = this.book.addMessage(chat, {
      ...{ direction: 'out', originator: 'bot', type: 'text', externalId: undefined, note: null, items: [], quote: null, createdAt: null },
      ...{ text: template.body.replace(/\{\{(\d+)\}\}/g, (_, n) => given[Number(n) - 1] ?? ''), status: 'sending' },
      ...{ author: { type: 'bot', id: bot.id }, scope: 'public' },
    });
    this.carry(message, chat);
    return new Answer({ status: 201, json: { message_id: message.id, time: message.time } });
  }

  private upload(account: GatewayTransport, body: unknown, contentType = ''): GatewayFile {
    if (contentType.startsWith('multipart/')) throw new GatewayRefusal('The body must be the file itself');
    return this.book.addFile(account, Buffer.isBuffer(body) ? body : Buffer.alloc(0), contentType);
  }

  /** Changes who is responsible. A manager becomes a member of the chat. Returns one who is no longer. */
  private hold(dialog: GatewayDialog, responsible: GatewayDialog['responsible']): number | undefined {
    const now = new Date().toISOString();
    const { chat, responsible: before } = dialog;
    Object.assign(dialog, { responsible, assignedAt: now });
    const former = before?.type === 'user' && before.id !== responsible?.id ? before.id : undefined;
    const member = this.members.find((one) => one.chat_id === chat && one.user_id === former && one.state === 'active');
    if (member && responsible) {
      Object.assign(member, { state: 'leaved', updated_at: now });
      this.emit('user_left_chat', chat, { chat: { id: chat }, user: { id: former }, reason: 'leaved' });
    }
    if (
      responsible?.type === 'user' &&
      !this.members.some((one) => one.chat_id === chat && one.user_id === responsible.id && one.state === 'active')
    ) {
      this.members.push({
        ...{
          id: ++this.lastId,
          chat_id: chat,
          user_id: responsible.id,
          is_author: false,
          state: 'active',
          created_at: now,
          updated_at: null,
        },
      });
      this.emit('user_joined_chat', chat, { chat: this.chatOut(this.book.chat(chat)), user: { id: responsible.id } });
    }
    return member && responsible ? former : undefined;
  }

  /** Sends an event of a message, and opens a dialog for a customer's. */
  private tell(message: GatewayMessage, isNew: boolean): void {
    if (isNew) {
      const chat = this.book.chat(message.chat);
      message.author ??= { type: message.originator, id: message.originator === 'customer' ? CUSTOMER_IDS + chat.id : 22 };
      message.scope ??= 'public';
      const dialog = this.active(chat.id) ?? (message.author.type === 'customer' ? this.open(chat.id, message.id) : undefined);
      if (dialog && !message.isMass) message.dialog = dialog.id;
    } else message.updatedAt = new Date().toISOString();
    this.emit(isNew ? 'message_new' : 'message_updated', message.chat, { message: this.messageOut(message, true) }, message.isMass);
  }

  private open(chat: number, begin: number): GatewayDialog {
    const known = this.active(chat);
    if (known) this.end(known);
    const dialog: GatewayDialog = {
      ...{ id: ++this.lastId, chat, begin, ending: null, responsible: null, tags: [] },
      ...{ createdAt: new Date().toISOString(), assignedAt: null, closedAt: null },
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
      const includesMass = searchParams.get('options') === 'include_mass_communication';
      const listener = { socket: opened, account, events, includesMass, sent: 0 };
      this.opened++;
      this.listeners.add(listener);
      opened.on('close', () => this.listeners.delete(listener));
      opened.on('error', () => opened.terminate());
    });
  }

  /** Sends an event to the listening bots of a chat's account. It is not kept for the others. */
  private emit(type: BotEvent, chat: number, data: object, isMass = false): void {
    for (const listener of this.listeners) {
      if (!listener.events.includes(type) || (isMass && !listener.includesMass) || !this.sees(listener.account, chat)) continue;
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

  private listMessages(given: Input<GatewayTransport>): object[] {
    const isBy = (name: string, type: string, { author }: GatewayMessage): boolean =>
      isSame(given, name, author?.type === type ? author.id : '');
    return page(
      this.book.messages,
      given,
      (one) =>
        !one.deleted &&
        this.sees(given.account, one.chat) &&
        (isTrue(given.query['include_mass_communication']) || !one.isMass) &&
        this.isOnChannel(given, one) &&
        isSame(given, 'chat_id', one.chat) &&
        isSame(given, 'dialog_id', one.dialog ?? '') &&
        isSame(given, 'scope', one.scope) &&
        isSame(given, 'type', one.type) &&
        isBy('bot_id', 'bot', one) &&
        isBy('user_id', 'user', one) &&
        isBy('customer_id', 'customer', one),
      { sinceId: this.modes.sinceId },
    ).map((one) => ({
      ...{ ...this.messageOut(one, false), channel_id: one.channel, channel_sent_at: null },
      ...{ created_at: one.time, updated_at: one.updatedAt ?? one.time },
    }));
  }

  /** Whether a list's filters by channel match. */
  private isOnChannel(given: Input<unknown>, { channel }: { channel: number }): boolean {
    const type = this.book.channels.find(({ id }) => id === channel)?.type ?? '';
    return isSame(given, 'channel_id', channel) && isSame(given, 'channel_type', type);
  }

  private isMassOnly({ id }: GatewayChat): boolean {
    const messages = this.book.messages.filter(({ chat }) => chat === id);
    return messages.length > 0 && messages.every(({ isMass }) => isMass);
  }

  private chats({ code }: GatewayTransport): GatewayChat[] {
    const channels = new Set(this.channels({ code }).map(({ id }) => id));
    return this.book.chats.filter(({ channel }) => channels.has(channel));
  }

  private channels({ code }: Pick<GatewayTransport, 'code'>): GatewayChannel[] {
    return this.book.channels.filter(({ transport }) => accountOf(transport) === accountOf(code));
  }

  private sees(account: GatewayTransport, id: number): boolean {
    const chat = this.book.findChatById(id);
    const channel = chat && this.book.channels.find((one) => one.id === chat.channel);
    return channel !== undefined && accountOf(channel.transport) === accountOf(account.code);
  }

  /** A customer as the list of customers has them. */
  private customerOut({ id, channel, customer }: GatewayChat): object {
    const { external_id, nickname: username = null, first_name = '', last_name = '', avatar: avatar_url = '', ...more } = customer;
    const { phone = null, email = null, language = '', country = '', profile_url = '', utm = null } = more;
    return {
      ...{
        id: CUSTOMER_IDS + id,
        external_id,
        channel_id: channel,
        username,
        first_name,
        last_name,
        phone,
        email,
        avatar_url,
        profile_url,
      },
      ...{ language, country, utm, is_blocked: false, created_at: EPOCH, updated_at: EPOCH, revoked_at: null },
    };
  }

  /** A customer as chats and messages have them. */
  private actorOut({ id, customer }: GatewayChat): object {
    const { external_id, nickname: username, first_name, last_name, avatar = '' } = customer;
    return {
      id: CUSTOMER_IDS + id,
      external_id,
      type: 'customer',
      avatar,
      name: first_name ?? username ?? '',
      username,
      first_name,
      last_name,
    };
  }

  private chatOut(chat: GatewayChat, isListed = false): object {
    const channel = this.book.channels.find(({ id }) => id === chat.channel);
    const transport = this.book.transports.findIndex(({ code }) => code === channel?.transport) + 1;
    const dialog = this.active(chat.id);
    const last = isListed ? this.book.messages.findLast((one) => one.chat === chat.id && !one.deleted && !one.isMass) : undefined;
    return {
      ...{ id: chat.id, avatar: '', name: chat.customer.nickname ?? '', author_id: 0, members: null, customer: this.actorOut(chat) },
      ...(channel && {
        channel: {
          ...{ id: channel.id, avatar: '', transport_id: transport, type: channel.type, settings: channel.settings },
          ...{ name: channel.name, is_active: channel.active },
        },
      }),
      ...{ last_message: last ? this.messageOut(last, false) : null, last_dialog: dialog ? this.dialogOut(dialog) : null },
      ...{ last_activity: toSeconds(last?.time ?? EPOCH), reply_deadline: chat.replyDeadline, unread: false, waiting_level: 'none' },
      ...{ created_at: EPOCH, updated_at: EPOCH },
    };
  }

  private dialogOut(dialog: GatewayDialog): object {
    const { id, chat, begin, ending, responsible, tags, createdAt, closedAt } = dialog;
    return {
      ...{ id, chat_id: chat, begin_message_id: begin, ending_message_id: ending, bot_id: null, tags, created_at: createdAt },
      ...{ updated_at: createdAt, closed_at: closedAt, is_assigned: responsible !== null, is_active: closedAt === null },
      ...(responsible && { responsible: holderOut(dialog) }),
    };
  }

  private messageOut(message: GatewayMessage, hasChat: boolean): object {
    const { id, time, type, scope = 'public', chat: chatId, status, author, text, note, quote, dialog, edits, error } = message;
    const chat = this.book.chat(chatId);
    return {
      ...{ id, time: toSeconds(time), type, scope, chat_id: chatId, is_read: status === 'seen', is_edit: edits > 0, status },
      ...{ from: author && this.personOf(author, chat), content: text ?? '', note: note ?? '' },
      quote: quote === null ? null : { id: quote, type: 'text' },
      ...(dialog !== undefined && { dialog: { id: dialog } }),
      ...(error && { error }),
      ...(hasChat && { chat: this.chatOut(chat) }),
    };
  }

  private personOf({ type, id }: NonNullable<GatewayMessage['author']>, chat: GatewayChat): object {
    if (type === 'customer') return this.actorOut(chat);
    const user = type === 'user' && USERS.find((one) => one.id === id);
    return { id, type, avatar: '', ...(user ? { external_id: user.external_id, name: user.first_name } : { external_id: '', name: type }) };
  }
}

const EPOCH = '2026-01-01T00:00:00.000000Z';
const toSeconds = (time: string): string => time.replace(/\.\d+Z$/, 'Z');
const isTrue = (text: string | undefined): boolean => text === 'true' || text === '1';
const userOut = (user: (typeof USERS)[number]) => ({
  ...{ ...user, username: user.first_name, avatar_url: '', is_technical_account: false, created_at: EPOCH, updated_at: EPOCH },
  ...{ is_active: true, is_online: true, connected: true, available: true },
});
const commandOut = ([name, description]: readonly [string, string]) => ({ id: 1, name, description, created_at: EPOCH, updated_at: EPOCH });
const fileOut = ({ id, type, bytes, transcription, transcription_status }: GatewayFile) => ({
  ...{ id, type, size: bytes.length, transcription: transcription ?? null, ...(transcription_status && { transcription_status }) },
});
/** The field that a message of a type needs, and no other type has. */
const NEEDED = { text: 'content', image: 'items', file: 'items', audio: 'items', product: 'product', order: 'order' } as const;

function holderOut({ responsible, assignedAt }: GatewayDialog): object | null {
  return (
    responsible && {
      ...responsible,
      external_id: USERS.find(({ id }) => id === responsible.id)?.external_id ?? '',
      assigned_at: assignedAt,
    }
  );
}

function channelOut({ id, type, name, settings, active, ...at }: GatewayChannel): object {
  return {
    ...{ id, type, name: name ?? null, settings, is_active: active, created_at: at.createdAt, updated_at: at.updatedAt },
    ...{ activated_at: at.activatedAt, deactivated_at: at.deactivatedAt },
  };
}

/** All values of a repeated filter. */
function listAll({ request }: Input<unknown>, name: string): string[] {
  return new URL(request.url, 'http://double').searchParams.getAll(name);
}

function isSame({ query }: Input<unknown>, name: string, value: unknown): boolean {
  return query[name] === undefined || query[name] === String(value);
}

function isSameFlag({ query }: Input<unknown>, name: string, value: boolean): boolean {
  return query[name] === undefined || isTrue(query[name]) === value;
}

/** The first matching records after `since_id`, in the order of their ids. `since`: of the last update. */
function page<T extends { id?: number }>(
  all: readonly T[],
  given: Input<unknown>,
  matches: (one: T) => boolean,
  { sinceId = 'exclusive', idOf = ({ id = 0 }) => id }: Partial<Pick<GatewayModes, 'sinceId'>> & { idOf?: (one: T) => number } = {},
): T[] {
  const { since, until, since_id: from, until_id: to, limit = '100' } = given.query;
  const only = listAll(given, 'id').map(Number);
  const timeOf = (one: object): number => {
    const { updatedAt, closedAt, updated_at, time, createdAt } = one as Record<string, string | null | undefined>;
    return Date.parse(updatedAt ?? closedAt ?? updated_at ?? time ?? createdAt ?? EPOCH);
  };
  const first = from === undefined || sinceId === 'ignored' ? 0 : Number(from) + (sinceId === 'exclusive' ? 1 : 0);
  const isAfter = (one: T): boolean => idOf(one) >= first;
  return all
    .filter(
      (one) =>
        (only.length === 0 || only.includes(idOf(one))) &&
        isAfter(one) &&
        (to === undefined || idOf(one) < Number(to)) &&
        (since === undefined || timeOf(one) >= Date.parse(since)) &&
        (until === undefined || timeOf(one) <= Date.parse(until)) &&
        matches(one),
    )
    .slice(0, Number(limit));
}
