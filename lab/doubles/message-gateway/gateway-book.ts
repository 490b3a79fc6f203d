import { randomBytes } from 'node:crypto';
import { checkFields } from './gateway-content.js';
import { buildFile, type GatewayFile } from './gateway-files.js';
import { GatewayRefusal } from './gateway-refusal.js';
import type { GatewayModes } from './gateway-modes.js';
import type {
  ChannelRequest,
  ChannelSettings,
  GatewayChannel,
  GatewayChat,
  GatewayCustomer,
  GatewayMessage,
  GatewayMessageError,
  GatewayTransport,
} from './gateway-records.js';
import type { AckRequest, GatewayOrder, MessageName, MessageRequest } from './message-gateway-wire.js';

type Feature = 'none' | 'receive' | 'send' | 'both';
type Features = Readonly<Record<string, Feature | undefined>>;
/** No date of our time is below it in milliseconds, or above it in seconds. */
const SECONDS_END = 100_000_000_000;

/** The gateway's transports, channels, chats, messages and files, in memory, with its rules. */
export class GatewayBook {
  readonly channels: GatewayChannel[] = [];
  readonly chats: GatewayChat[] = [];
  readonly messages: GatewayMessage[] = [];
  readonly files: GatewayFile[] = [];
  /** Called after a message was added, or its text or status has changed. */
  onMessage: (message: GatewayMessage, isNew: boolean) => void = () => undefined;
  private readonly byId = new Map<number, GatewayMessage>();
  private readonly chatsById = new Map<number, GatewayChat>();
  private readonly byExternalId = new Map<string, GatewayMessage[]>();
  private readonly chatsByName = new Map<string, GatewayChat>();
  private lastId = 0;

  constructor(
    private readonly modes: GatewayModes,
    readonly transports: GatewayTransport[],
  ) {}

  /** Adds a transport, or updates a known one. A token that it does not have becomes its newest. */
  register({ code, token, ...rest }: { code: string; token?: string; webhookUrl?: string; clientId?: string }): GatewayTransport {
    let transport = this.transports.find((one) => one.code === code);
    if (transport === undefined) {
      transport = { code, tokens: [token ?? newToken()], webhookUrl: undefined, clientId: undefined };
      this.transports.push(transport);
    } else if (transport.tokens.length === 0) {
      // Until now it had only a bot.
      transport.tokens = [token ?? newToken()];
    } else if (token !== undefined && transport.tokens.at(-1) !== token) {
      transport.tokens = [...transport.tokens.filter((one) => one !== token), token];
    }
    return Object.assign(transport, rest);
  }

  /** The transport whose token that is. */
  findTransport(token: string): GatewayTransport | undefined {
    return this.transports.find(({ tokens }) => (this.modes.formerTokens === 'taken' ? tokens.includes(token) : tokens.at(-1) === token));
  }

  /** A new channel, or one by its id that is active again. */
  addChannel({ code }: GatewayTransport, request: ChannelRequest): GatewayChannel {
    this.checkSettings(request.type, request.settings);
    const { id = 0, ...fields } = request;
    const now = this.now();
    if (id !== 0) {
      const known = this.channels.find((one) => one.id === id && one.transport === code);
      if (known === undefined) throw new GatewayRefusal('Channel not found');
      return Object.assign(known, fields, { active: true, updatedAt: now, activatedAt: now, deactivatedAt: null });
    }
    const channel: GatewayChannel = {
      ...{ ...fields, type: fields.type ?? '', settings: fields.settings ?? {} },
      id: this.nextId(),
      transport: code,
      active: true,
      ...{ createdAt: now, updatedAt: null, activatedAt: now, deactivatedAt: null },
    };
    this.channels.push(channel);
    return channel;
  }

  changeChannel(channel: GatewayChannel, request: ChannelRequest): GatewayChannel {
    this.checkSettings(request.type ?? channel.type, request.settings);
    return Object.assign(channel, request, { updatedAt: this.now() });
  }

  deactivateChannel(channel: GatewayChannel): GatewayChannel {
    if (channel.active) Object.assign(channel, { active: false, deactivatedAt: this.now() });
    return channel;
  }

  /** A channel of the transport, active or not. */
  channelOf({ code }: GatewayTransport, id: number): GatewayChannel {
    const channel = this.channels.find((one) => one.id === id && one.transport === code);
    if (channel === undefined) throw new GatewayRefusal('Channel not found');
    return channel;
  }

  /** An active channel of the transport. */
  activeChannelOf(transport: GatewayTransport, id: number): GatewayChannel {
    const channel = this.channelOf(transport, id);
    if (!channel.active) throw new GatewayRefusal('Channel is not active');
    return channel;
  }

  /** Takes a message that a module posts: of a customer, or written in the messenger by the shop. */
  postMessage(channel: GatewayChannel, request: MessageRequest): GatewayMessage {
    const { message, originator, customer, quote } = structuredClone(request);
    checkFields(message);
    this.checkOrder(message.order);
    if (originator === 'customer') this.needAbility(channel, message.type, 'creating');
    if (this.withExternalId(channel.id, message.external_id).length > 0)
      throw new GatewayRefusal('Message with passed external_id already exists');
    for (const { id } of message.items ?? []) this.checkItem(channel, message.type, id);
    const quoted = quote === undefined ? undefined : this.findMessage(channel.id, quote);
    if (quote !== undefined && (quoted === undefined || quoted.deleted)) throw new GatewayRefusal('Quoted message not found');
    if (quote !== undefined && originator === 'customer') this.needAbility(channel, message.type, 'quoting');
    const chat = this.openChat(channel, request.external_chat_id, customer);
    if (request.reply_deadline !== undefined) chat.replyDeadline = request.reply_deadline;
    return this.addMessage(chat, {
      direction: 'in',
      ...{ originator, type: message.type, externalId: message.external_id },
      ...{ text: message.text ?? null, note: message.note ?? null, items: message.items ?? [], quote: quoted?.id ?? null },
      ...(message.product !== undefined && { product: message.product }),
      ...(message.order !== undefined && { order: message.order }),
      createdAt: message.created_at ?? null,
      status: 'sent',
    });
  }

  editMessage(channel: GatewayChannel, { text, edited_at, ...name }: MessageName & { text: string; edited_at?: number }): GatewayMessage {
    const message = this.messageOf(channel, name);
    if (message.type !== 'text') throw new GatewayRefusal('Only text messages can be edited');
    this.needAbility(channel, 'text', 'editing');
    if (edited_at !== undefined && edited_at < SECONDS_END) throw new GatewayRefusal('message.edited_at must be in milliseconds');
    message.text = text;
    message.edits++;
    return message;
  }

  /** Deletes a message. Returns it and the chat's message before it. */
  deleteMessage(channel: GatewayChannel, name: MessageName): { message: GatewayMessage; previous: GatewayMessage | undefined } {
    const message = this.messageOf(channel, name);
    this.needAbility(channel, message.type, 'deleting');
    message.deleted = true;
    const previous = this.messages.findLast((one) => one.chat === message.chat && one.id < message.id && !one.deleted);
    return { message, previous };
  }

  /** The customer has read a manager's message. */
  markRead(channel: GatewayChannel, name: MessageName): GatewayMessage {
    const message = this.messageOf(channel, name);
    if (message.direction === 'in') throw new GatewayRefusal('Only messages to the customer can be read by the customer');
    if (message.status === 'sending' || message.status === 'failed') throw new GatewayRefusal('Message was not sent');
    this.needAbility(channel, 'status', 'read');
    message.status = 'seen';
    return message;
  }

  /** The customer has read the managers' messages until then. Returns the newly read ones. */
  markReadUntil(channel: GatewayChannel, customer: string, until: string): GatewayMessage[] {
    this.needAbility(channel, 'status', 'read');
    const chats = this.chats.filter((chat) => chat.channel === channel.id && chat.customer.external_id === customer);
    if (chats.length === 0) throw new GatewayRefusal('Customer not found');
    const read = this.messages.filter(
      (one) =>
        chats.some(({ id }) => id === one.chat) &&
        one.direction === 'out' &&
        !one.deleted &&
        (one.status === 'sent' || one.status === 'received') &&
        Date.parse(one.time) <= Date.parse(until),
    );
    for (const message of read) message.status = 'seen';
    return read;
  }

  addReaction(channel: GatewayChannel, name: MessageName, reaction: string): GatewayMessage {
    const message = this.messageOf(channel, name);
    this.needAbility(channel, message.type, 'reaction');
    const { dictionary, max_count: most } = channel.settings.reactions ?? {};
    if (dictionary !== undefined && !dictionary.includes(reaction)) throw new GatewayRefusal('Reaction is not in the dictionary');
    const own = message.reactions.filter(({ by }) => by === 'customer');
    if (own.some((one) => one.reaction === reaction)) throw new GatewayRefusal('Reaction already exists');
    if (most !== undefined && own.length >= most) throw new GatewayRefusal(`At most ${most} reactions`);
    message.reactions.push({ by: 'customer', reaction });
    return message;
  }

  /** Takes back a reaction of the customer, or the first one. */
  removeReaction(channel: GatewayChannel, name: MessageName, reaction: string | undefined): GatewayMessage {
    const message = this.messageOf(channel, name);
    this.needAbility(channel, message.type, 'reaction');
    const index = message.reactions.findIndex((one) => one.by === 'customer' && (reaction ?? one.reaction) === one.reaction);
    if (index === -1) throw new GatewayRefusal('Reaction not found');
    message.reactions.splice(index, 1);
    return message;
  }

  /** The result of a message that was taken with `async: true`. */
  acknowledge(channel: GatewayChannel, request: AckRequest): GatewayMessage {
    const { id, external_id: externalId = request.external_message_id } = request.message;
    if (id === undefined) throw new GatewayRefusal('message.id is required');
    const message = this.messageOf(channel, { id });
    if (message.direction === 'in') throw new GatewayRefusal('Message was not sent by the gateway');
    if (request.error === undefined && externalId === undefined && message.externalId === undefined)
      throw new GatewayRefusal('message.external_id is required');
    this.settle(message, {
      ...(externalId !== undefined && { externalId }),
      ...(request.transport_message_id !== undefined && { transportMessageId: request.transport_message_id }),
      error: request.error ?? null,
    });
    return message;
  }

  /** How sending has ended. A message that was sent stays sent. */
  settle(message: GatewayMessage, result: { externalId?: string; transportMessageId?: string; error: GatewayMessageError | null }): void {
    const { error, ...ids } = result;
    message.waitsForAck = false;
    if (error === null) {
      Object.assign(message, ids, { error: null });
      this.indexMessage(message);
      if (message.status === 'sending' || message.status === 'failed') message.status = 'sent';
    } else if (message.status === 'sending' || message.status === 'failed') {
      Object.assign(message, { status: 'failed', error });
    }
    this.onMessage(message, false);
  }

  /** The result of a message comes later, by an acknowledgement. */
  await(message: GatewayMessage, externalId: string | undefined): void {
    Object.assign(message, { status: 'sending', waitsForAck: true, error: null, ...(externalId !== undefined && { externalId }) });
    this.indexMessage(message);
  }

  /** A chat by its id at the messenger, opened when there is none. */
  openChat(channel: GatewayChannel, externalId: string, customer: GatewayCustomer | undefined): GatewayChat {
    let chat = this.findChat(channel.id, externalId);
    if (chat === undefined) {
      if (customer === undefined) throw new GatewayRefusal('customer is required');
      chat = this.addChat(channel, externalId, customer);
    } else if (customer !== undefined) {
      if (customer.external_id !== chat.customer.external_id) throw new GatewayRefusal('Chat belongs to another customer');
      chat.customer = { ...chat.customer, ...customer };
    }
    return chat;
  }

  addChat(channel: GatewayChannel, externalId: string, customer: GatewayCustomer): GatewayChat {
    const chat: GatewayChat = { id: this.nextId(), channel: channel.id, externalId: '', customer, replyDeadline: null };
    this.chats.push(chat);
    this.chatsById.set(chat.id, chat);
    this.nameChat(chat, externalId);
    return chat;
  }

  /** Gives a chat its id at the messenger. */
  nameChat(chat: GatewayChat, externalId: string): void {
    chat.externalId = externalId;
    if (externalId !== '') this.chatsByName.set(`${chat.channel} ${externalId}`, chat);
  }

  /** A chat by its id at the messenger. */
  findChat(channel: number, externalId: string): GatewayChat | undefined {
    return this.chatsByName.get(`${channel} ${externalId}`);
  }

  addMessage(
    chat: GatewayChat,
    fields: Omit<GatewayMessage, 'id' | 'channel' | 'chat' | 'time' | 'waitsForAck' | 'error' | 'edits' | 'deleted' | 'reactions'>,
  ): GatewayMessage {
    const message: GatewayMessage = {
      id: this.nextId(),
      channel: chat.channel,
      chat: chat.id,
      ...fields,
      ...{ time: this.now(), waitsForAck: false, error: null, edits: 0, deleted: false, reactions: [] },
    };
    this.messages.push(message);
    this.byId.set(message.id, message);
    this.indexMessage(message);
    this.onMessage(message, true);
    return message;
  }

  addFile({ code }: GatewayTransport, bytes: Buffer, contentType?: string): GatewayFile {
    const file = buildFile(code, bytes, contentType);
    this.files.push(file);
    return file;
  }

  fileOf({ code }: GatewayTransport, id: string): GatewayFile {
    const file = this.files.find((one) => one.id === id && one.transport === code);
    if (file === undefined) throw new GatewayRefusal('File not found', 404);
    return file;
  }

  /** A message by the gateway's id. Throws when there is none. */
  message(id: number): GatewayMessage {
    const message = this.byId.get(id);
    if (message === undefined) throw new Error(`there is no message ${id}`);
    return message;
  }

  findChatById(id: number): GatewayChat | undefined {
    return this.chatsById.get(id);
  }

  /** A chat by the gateway's id. Throws when there is none. */
  chat(id: number): GatewayChat {
    const chat = this.chatsById.get(id);
    if (chat === undefined) throw new Error(`there is no chat ${id}`);
    return chat;
  }

  /** All messages with that external id in a channel. */
  withExternalId(channel: number, externalId: string): readonly GatewayMessage[] {
    return this.byExternalId.get(`${channel} ${externalId}`) ?? [];
  }

  /** A message by either id. If both are given, it must have both. */
  findMessage(channel: number, { id, external_id: externalId }: MessageName): GatewayMessage | undefined {
    if (id === undefined) return externalId === undefined ? undefined : this.withExternalId(channel, externalId)[0];
    const message = this.byId.get(id);
    return message?.channel === channel && (externalId ?? message.externalId) === message.externalId ? message : undefined;
  }

  /** External ids that more than one message of a channel has. */
  doubled(): string[] {
    return [...this.byExternalId.values()].flatMap(([first, ...others]) => (others.length > 0 ? [first?.externalId ?? ''] : []));
  }

  /** Whether the channel's settings let the side do that: `in` for the module, `out` for managers. */
  isAble(channel: GatewayChannel, group: string, feature: string, side: 'in' | 'out'): boolean {
    const value = (channel.settings[group] as Features | undefined)?.[feature];
    const word = side === 'in' ? 'send' : 'receive';
    return value === 'both' || value === word;
  }

  /** Forgets all but the transports. */
  clear(): void {
    for (const list of [this.channels, this.chats, this.messages, this.files]) list.length = 0;
    for (const index of [this.byId, this.byExternalId, this.chatsById, this.chatsByName]) index.clear();
  }

  private indexMessage(message: GatewayMessage): void {
    if (message.externalId === undefined) return;
    const key = `${message.channel} ${message.externalId}`;
    const known = this.byExternalId.get(key) ?? [];
    if (!known.includes(message)) this.byExternalId.set(key, [...known, message]);
  }

  private messageOf(channel: GatewayChannel, name: MessageName): GatewayMessage {
    const message = this.findMessage(channel.id, name);
    if (message === undefined || message.deleted) throw new GatewayRefusal('Message not found');
    return message;
  }

  private needAbility(channel: GatewayChannel, group: string, feature: string): void {
    if (!this.isAble(channel, group, feature, 'in')) throw new GatewayRefusal(`The channel's settings do not have ${group}.${feature}`);
  }

  /** Throws GatewayRefusal if the channel's transport has no such file of the message's type. */
  checkItem(channel: GatewayChannel, type: string, id: string): void {
    const file = this.files.find((one) => one.id === id && one.transport === channel.transport);
    if (file === undefined) throw new GatewayRefusal(`File ${id} not found`);
    if (type !== 'file' && file.type !== type) throw new GatewayRefusal(`File ${id} is not of the type ${type}`);
  }

  /** Throws GatewayRefusal if the order has the wrong name of "is paid". */
  checkOrder(order: GatewayOrder | undefined): void {
    const wrong = this.modes.paidKey === 'payed' ? 'paid' : 'payed';
    order?.payments?.forEach(({ status = {} }, index) => {
      if (wrong in status) throw new GatewayRefusal(`message.order.payments[${index}].status has an unknown field "${wrong}"`);
    });
  }

  private checkSettings(type: string | undefined, settings: ChannelSettings | undefined): void {
    if (settings?.['whatsapp'] !== undefined && type !== 'whatsapp')
      throw new GatewayRefusal('settings.whatsapp is only for channels of the type whatsapp');
  }

  private now(): string {
    return new Date().toISOString();
  }

  private nextId(): number {
    return ++this.lastId;
  }
}

function newToken(): string {
  return randomBytes(20).toString('hex');
}
