import { Double } from '../../../libs/testing/double/double.js';
import type { DoubleRules } from '../../../libs/testing/double/rules.js';
import type { WebhookAnswer } from '../../../libs/testing/double/webhooks.js';
import type { Hook } from '../../../libs/testing/double/webhooks.js';
import { listWrong } from '../../../libs/testing/double/wire.js';
import { GatewayBook } from './gateway-book.js';
import type { GatewayChannel, GatewayChat, GatewayMessage, GatewayTransport } from './gateway-records.js';
import { GatewayBots, type GatewayTemplate } from './gateway-bots.js';
import type { GatewayFile } from './gateway-files.js';
import type { MODES } from './gateway-modes.js';
import { GatewayRefusal } from './gateway-refusal.js';
import { isEmptyReply, readSentReply, type SentReply } from './gateway-replies.js';
import { type GatewayOrder, type ManagerMessage, templateAnswer, type WIRE } from './message-gateway-wire.js';

const AUTHORS = {
  user: { user: { id: 22, first_name: 'Ann', last_name: '', avatar: '' } },
  bot: { bot: { id: 7, name: 'Robot', avatar: '' } },
};

/** Transports and managers of a message gateway: the actions of tests, and the whole state. */
export abstract class GatewayManagers extends Double<typeof WIRE, GatewayTransport, typeof MODES> {
  /** The state that the API changes. Tests use the methods below. */
  readonly book: GatewayBook;
  /** Mistakes of a module that no rejection shows: malformed replies, addresses with secrets. */
  readonly complaints: string[] = [];
  /** The Bot API, and persons who write in its chats. */
  readonly bots: GatewayBots;
  private readonly replies = new Map<number, SentReply>();

  protected constructor(rules: DoubleRules<typeof WIRE, GatewayTransport, typeof MODES>) {
    super(rules);
    this.book = new GatewayBook(this.modes, this.accounts);
    this.bots = new GatewayBots(this.book, this.modes, (message, chat) => this.carry(message, chat));
  }

  /** The first transport. */
  get transport(): GatewayTransport {
    return this.findTransport('first');
  }

  /**
   * Registers a module like the CRM: adds the transport with that code, or updates it. Returns the
   * `info.mgTransport` of the CRM's reply.
   */
  register(registration: { code: string; token?: string; webhookUrl?: string; clientId?: string }): { endpointUrl: string; token: string } {
    const { tokens } = this.book.register(registration);
    return { endpointUrl: this.url, token: tokens.at(-1) ?? '' };
  }

  /** Registers a module's bot like the CRM. Returns the `info.mgBot` of the CRM's reply. */
  registerBot(registration: { code: string; token?: string }): { endpointUrl: string; token: string } {
    return { endpointUrl: this.url, token: this.bots.register(registration).token };
  }

  /** Channels, the oldest first: all, or a transport's. */
  channels(transport?: string): readonly GatewayChannel[] {
    return this.book.channels.filter((channel) => transport === undefined || channel.transport === transport);
  }

  /** Chats, the oldest first: all, or a channel's. */
  chats(channel?: number): readonly GatewayChat[] {
    return this.book.chats.filter((chat) => channel === undefined || chat.channel === channel);
  }

  /**
   * Messages of both sides in the order of arrival, including deleted ones: all, or only in the chat with
   * this messenger's id.
   */
  messages(chat?: string): readonly GatewayMessage[] {
    if (chat === undefined) return this.book.messages;
    const ids = this.book.chats.filter(({ externalId }) => externalId === chat).map(({ id }) => id);
    return this.book.messages.filter((message) => ids.includes(message.chat));
  }

  /** A message by the gateway's id. Throws when there is none. */
  message(id: number): GatewayMessage {
    return this.book.message(id);
  }

  /** External ids that more than one message of a channel has: something was done twice. */
  override duplicates(): string[] {
    return this.book.doubled();
  }

  /** External ids of active channels that a transport has more than once. */
  duplicateChannels(): string[] {
    const keys = this.book.channels.filter(({ active }) => active).map(({ transport, external_id }) => `${transport} ${external_id ?? ''}`);
    return [...new Set(keys.filter((key, index) => keys.indexOf(key) !== index))].map((key) => key.slice(key.indexOf(' ') + 1));
  }

  /** External ids of posted messages that arrived after one of the same chat with a later `created_at`. */
  outOfOrder(): string[] {
    const latest = new Map<number, number>();
    return this.book.messages.flatMap(({ direction, chat, createdAt, externalId }) => {
      if (direction === 'out' || createdAt === null) return [];
      const [at, before] = [Date.parse(createdAt), latest.get(chat) ?? 0];
      latest.set(chat, Math.max(at, before));
      return at < before ? [externalId ?? ''] : [];
    });
  }

  /** Keeps a file for managers to send. Bytes of no known kind have the type `mimeType`. */
  addFile(bytes: Uint8Array, mimeType?: string, transport = 'first'): GatewayFile {
    return this.book.addFile(this.findTransport(transport), Buffer.from(bytes), mimeType);
  }

  /**
   * A manager (or a bot) writes: posts message_sent and follows its result. Throws when the channel's
   * settings or the time to reply do not allow it, or the transport has no address.
   */
  sendMessage(request: ManagerMessage): GatewayMessage {
    const { type = 'text', content, items = [], quote, product, order, suggestions, by = 'user', extra } = request;
    const channel = this.activeChannel(request.channel);
    this.checkWriting(channel, type, request);
    const chat = this.findChatOf(channel, request);
    const isOver = chat.replyDeadline !== null && Date.parse(chat.replyDeadline) < Date.now();
    const mayUse = channel.settings.sending_policy?.after_reply_timeout === 'template' && extra !== undefined && 'template' in extra;
    if (isOver && !mayUse) throw new Error(`the time to reply in the chat ${chat.externalId} has passed`);
    const quoted = quote === undefined ? undefined : this.sentMessage(quote);
    const message = this.book.addMessage(chat, {
      direction: 'out',
      ...{ originator: by, type, externalId: undefined, text: content ?? null, note: null, items, quote: quoted?.id ?? null },
      ...(product !== undefined && { product }),
      ...(order !== undefined && { order: this.withPaidKey(order) }),
      ...(suggestions !== undefined && { suggestions }),
      ...{ createdAt: null, status: 'sending' },
    });
    this.postSent(message, chat, {
      ...{ quote_external_id: quoted?.externalId ?? null, quote_content: quoted?.text ?? null, ...AUTHORS[by] },
      ...(items.length > 0 && { items: items.map(({ id, caption }) => this.itemOut(channel, id, caption)) }),
      ...extra,
    });
    return message;
  }

  /** A manager edits a message of the CRM that was sent: posts message_updated. */
  editMessage(id: number, content: string): void {
    const message = this.sentMessage(id, 'out');
    this.needAbility(this.channelOf(message), message.type, 'editing');
    Object.assign(message, { text: content, edits: message.edits + 1 });
    this.postMessageEvent('message_updated', message, this.contentOf(message));
  }

  /** A manager deletes a message of the CRM that was sent: posts message_deleted. */
  deleteMessage(id: number): void {
    const message = this.sentMessage(id, 'out');
    this.needAbility(this.channelOf(message), message.type, 'deleting');
    message.deleted = true;
    this.postMessageEvent('message_deleted', message);
  }

  /** A manager reads a customer's message: posts message_read. */
  readMessage(id: number): void {
    const message = this.sentMessage(id, 'in');
    this.needAbility(this.channelOf(message), 'status', 'read');
    message.status = 'seen';
    this.postMessageEvent('message_read', message);
  }

  /** A manager reacts, or takes the reaction back: posts reaction_add or reaction_delete. */
  react(id: number, reaction?: string): void {
    const message = this.sentMessage(id);
    const channel = this.channelOf(message);
    this.needAbility(channel, message.type, 'reaction');
    const { dictionary } = channel.settings.reactions ?? {};
    if (reaction !== undefined && dictionary !== undefined && !dictionary.includes(reaction))
      throw new Error(`the channel has no reaction ${reaction}`);
    const old = message.reactions.find(({ by }) => by === 'user');
    if (reaction === undefined && old === undefined) throw new Error(`no manager reacted to message ${id}`);
    message.reactions = message.reactions.filter((one) => one !== old);
    if (reaction !== undefined) message.reactions.push({ by: 'user', reaction });
    this.postMessageEvent(reaction === undefined ? 'reaction_delete' : 'reaction_add', message, {
      new_reaction: reaction ?? null,
      old_reaction: old?.reaction ?? null,
      all_reactions: message.reactions.map((one) => ({ reaction: one.reaction })),
    });
  }

  /** Posts any event, such as template_create or a type that there is not yet. */
  postEvent(type: string, data: object, { transport = 'first', message }: { transport?: string; message?: GatewayMessage } = {}): void {
    const found = this.findTransport(transport);
    if (found.webhookUrl === undefined) throw new Error(`the transport ${transport} has no address for webhooks`);
    this.webhooks.timeoutMs = this.modes.webhookTimeoutMs;
    const about = { type, transport, ...(message && { message: message.id }), ...(type === 'template_create' && { template: data }) };
    this.tell({ account: found, action: type, body: { type, data }, about });
  }

  /** Notes a module's mistake. Keeps the last 1,000. */
  complain(what: string): void {
    this.complaints.push(what);
    if (this.complaints.length > 1_000) this.complaints.shift();
  }

  /** The address of a file's bytes. */
  fileUrl(id: string): string {
    return `${this.url}/files/${id}`;
  }

  /** Ends its sockets as well. */
  override async close(): Promise<void> {
    this.bots.dropSockets();
    await super.close();
  }

  /** Leaves the transports. */
  protected override forget(): void {
    this.bots.clear();
    this.book.clear();
    this.replies.clear();
    this.complaints.length = 0;
  }

  /** Lists the templates of a transport's channels. */
  listTemplates(transport?: string): GatewayTemplate[] {
    const channels = this.channels(transport);
    return this.bots.templates.filter(({ channel_id: id }) => channels.some((one) => one.id === id));
  }

  /** Adds a template. Whether the real gateway accepts a code twice is unknown, so the double does not. */
  protected addTemplate(channel: { id: number }, template: { code: string; body?: string }): object {
    const { templates } = this.bots;
    if (templates.some(({ code, channel_id: of }) => code === template.code && of === channel.id))
      throw new GatewayRefusal('Template with passed code already exists');
    templates.push({ body: '', ...template, id: (templates.at(-1)?.id ?? 0) + 1, channel_id: channel.id, enabled: true });
    return {};
  }

  /** Finds a template of a channel and changes it. */
  protected templateOf(channel: { id: number }, code: string, change: object = {}): GatewayTemplate {
    const found = this.bots.templates.find((one) => one.code === code && one.channel_id === channel.id);
    if (!found) throw new GatewayRefusal('Template not found', 404);
    return Object.assign(found, change);
  }

  /** Reads the last answer to an event. */
  protected readAnswer({ action, about }: Hook, answer: WebhookAnswer): void {
    const id = about?.['message'];
    const template = about?.['template'] as { channel_id: number } | undefined;
    if (typeof id === 'number') this.takeSentReply(this.message(id), answer);
    else if (template) this.takeTemplateReply(template, answer);
    else if (answer.status !== 0 && !isEmptyReply(answer))
      this.complain(`${action} was answered with ${answer.status} ${answer.body.slice(0, 200)} instead of 200 {}`);
  }

  /** The reply to a new template. A repeat must get the same code. */
  private takeTemplateReply(template: { channel_id: number }, { status, body }: WebhookAnswer): void {
    if (status === 422 || status === 0) return;
    const reply: unknown = status === 200 ? JSON.parse(body) : undefined;
    if (listWrong(templateAnswer, reply).length > 0)
      return this.complain(`template_create was answered with ${status} ${body.slice(0, 200)}`);
    const { code, verification_status } = reply as { code: string; verification_status: string };
    const channel = { id: template.channel_id };
    if (this.bots.templates.some((one) => one.code === code && one.channel_id === channel.id)) return;
    const { channel_id: _, ...content } = template;
    this.addTemplate(channel, { ...content, code, verification_status } as { code: string });
  }

  /** The reply to a message: sent, rejected, promised, or missing. */
  private takeSentReply(message: GatewayMessage, answer: WebhookAnswer): void {
    const reply = readSentReply(answer);
    const isOfGateway = reply.kind === 'failed' && ['network_error', 'malformed_response'].includes(reply.error.code);
    if (reply.kind === 'failed' && reply.error.code === 'malformed_response')
      this.complain(`message ${message.id}: ${reply.error.message}: ${answer.body.slice(0, 200)}`);
    const before = this.replies.get(message.id);
    if (before !== undefined) {
      if (!isOfGateway && !isSameOutcome(before, reply)) this.complain(`message ${message.id} was answered differently when it came again`);
      if (before.kind !== 'later' || isOfGateway || reply.kind === 'later') return;
    }
    if (!isOfGateway) this.replies.set(message.id, reply);
    if (reply.kind === 'failed') return this.book.settle(message, { error: reply.error });
    if (reply.externalId !== undefined) this.checkExternalId(message, reply.externalId);
    if (reply.kind === 'sent') {
      this.nameChat(this.book.chat(message.chat), reply);
      return this.book.settle(message, { externalId: reply.externalId, error: null });
    }
    // A message that was acknowledged before this reply arrived has its result.
    if (message.status === 'sending' || message.error?.code === 'network_error') this.awaitAck(message, reply.externalId);
  }

  /** A bot's public message goes the way of a manager's. A channel without webhooks has it immediately. */
  private carry(message: GatewayMessage, chat: GatewayChat): void {
    const { transport } = this.channelOf(message);
    if (this.findTransport(transport).webhookUrl === undefined) return this.book.settle(message, { error: null });
    this.postSent(message, chat, { quote_external_id: null, quote_content: null, ...AUTHORS.bot });
  }

  private postSent(
    message: GatewayMessage,
    { customer: { first_name = '', last_name = '', avatar = '' } }: GatewayChat,
    more: object,
  ): void {
    const about = { id: message.id, ...this.addressOf(message), ...this.contentOf(message) };
    const { transport } = this.channelOf(message);
    this.postEvent('message_sent', { ...about, customer: { first_name, last_name, avatar }, ...more }, { transport, message });
  }

  private awaitAck(message: GatewayMessage, externalId: string | undefined): void {
    this.book.await(message, externalId);
    this.later(this.modes.ackDeadlineMs, () => {
      if (message.waitsForAck)
        this.book.settle(message, { error: { code: 'async_send_timeout', message: 'No acknowledgement came in time' } });
    });
  }

  private nameChat(chat: GatewayChat, { chat: externalId, customer }: { chat?: string; customer?: string }): void {
    if (externalId !== undefined && chat.externalId === '') this.book.nameChat(chat, externalId);
    else if (externalId !== undefined && externalId !== chat.externalId)
      this.complain(`the chat ${chat.externalId} was answered with another external_chat_id`);
    if (customer !== undefined) chat.customer = { ...chat.customer, external_id: customer };
  }

  private checkExternalId(message: GatewayMessage, externalId: string): void {
    const other = this.book.withExternalId(message.channel, externalId).find((one) => one !== message);
    if (other !== undefined) this.complain(`message ${message.id} was answered with the external id of message ${other.id}`);
  }

  private checkWriting(
    channel: GatewayChannel,
    type: string,
    { content, items = [], quote, suggestions = [], ...cards }: ManagerMessage,
  ): void {
    this.needAbility(channel, type, 'creating');
    if (quote !== undefined) this.needAbility(channel, type, 'quoting');
    for (const suggestion of suggestions) this.needAbility(channel, 'suggestions', suggestion.type);
    const limits = (channel.settings[type] ?? {}) as Record<string, number | undefined>;
    const longest = limits[type === 'text' ? 'max_chars_count' : 'note_max_chars_count'];
    if (longest !== undefined && (content ?? '').length > longest) throw new Error(`at most ${longest} characters`);
    if (items.length > (limits['max_items_count'] ?? items.length)) throw new Error(`at most ${limits['max_items_count']} items`);
    for (const { id } of items) {
      const { bytes } = this.book.fileOf(this.findTransport(channel.transport), id);
      if (bytes.length > (limits['max_item_size'] ?? bytes.length)) throw new Error(`at most ${limits['max_item_size']} bytes`);
    }
    const needed = type === 'text' ? content?.trim() : type === 'product' ? cards.product : type === 'order' ? cards.order : items[0];
    if (needed === undefined || needed === '') throw new Error(`a message of the type ${type} is empty`);
  }

  private findChatOf(channel: GatewayChannel, { chat: externalId, customer, extra }: ManagerMessage): GatewayChat {
    if (externalId !== undefined) {
      const found = this.book.findChat(channel.id, externalId);
      if (found === undefined) throw new Error(`there is no chat ${externalId}`);
      return found;
    }
    if (customer === undefined) throw new Error('a message needs a chat or a customer');
    const known = this.book.chats.findLast((one) => one.channel === channel.id && one.customer.external_id === customer.external_id);
    if (known !== undefined) return known;
    const policy = channel.settings.sending_policy?.new_customer;
    if (policy !== 'text' && !(policy === 'template' && extra !== undefined && 'template' in extra))
      throw new Error('the channel does not let managers write first');
    return this.book.addChat(channel, '', customer);
  }

  private postMessageEvent(type: string, message: GatewayMessage, data: object = {}): void {
    const { transport } = this.channelOf(message);
    this.postEvent(type, { external_message_id: message.externalId, ...this.addressOf(message), ...data }, { transport });
  }

  private addressOf({ chat, channel }: GatewayMessage): object {
    const { externalId, customer } = this.book.chat(chat);
    return { external_user_id: customer.external_id, external_chat_id: externalId, channel_id: channel };
  }

  private contentOf({ type, text, product, order, suggestions }: GatewayMessage): object {
    return {
      type,
      content: text,
      ...(product && { product }),
      ...(order && { order }),
      ...(suggestions && { attachments: { suggestions } }),
    };
  }

  private itemOut({ transport }: GatewayChannel, id: string, caption = ''): object {
    const { bytes, meta } = this.book.fileOf(this.findTransport(transport), id);
    return { id, size: bytes.length, caption, ...meta };
  }

  private withPaidKey({ payments, ...order }: GatewayOrder): GatewayOrder {
    if (payments === undefined) return order;
    const rename = ({ payed, paid, ...status }: { payed?: boolean; paid?: boolean }): object => {
      const isPaid = payed ?? paid;
      return { ...status, ...(isPaid !== undefined && { [this.modes.paidKey]: isPaid }) };
    };
    return { ...order, payments: payments.map(({ status, ...payment }) => ({ ...payment, ...(status && { status: rename(status) }) })) };
  }

  private needAbility(channel: GatewayChannel, group: string, feature: string): void {
    if (!this.book.isAble(channel, group, feature, 'out')) throw new Error(`the channel does not offer managers ${group}.${feature}`);
  }

  /** A message that both sides know. */
  private sentMessage(id: number, direction?: 'in' | 'out'): GatewayMessage {
    const message = this.message(id);
    if (message.deleted || message.externalId === undefined || message.status === 'sending' || message.status === 'failed')
      throw new Error(`message ${id} is ${message.deleted ? 'deleted' : message.status}`);
    if (direction !== undefined && message.direction !== direction)
      throw new Error(`message ${id} is ${direction === 'in' ? "not a customer's" : 'not of a manager'}`);
    return message;
  }

  private channelOf({ channel }: GatewayMessage): GatewayChannel {
    return this.activeChannel(channel);
  }

  private activeChannel(id: number): GatewayChannel {
    const channel = this.book.channels.find((one) => one.id === id);
    if (channel === undefined || !channel.active) throw new Error(`there is no active channel ${id}`);
    return channel;
  }

  protected findTransport(code: string): GatewayTransport {
    const transport = this.book.transports.find((one) => one.code === code);
    if (transport === undefined) throw new Error(`there is no transport ${code}`);
    return transport;
  }
}

/** Whether two replies to one message agree. A promise agrees with any outcome. */
function isSameOutcome(before: SentReply, now: SentReply): boolean {
  if (before.kind === 'later') return true;
  if (before.kind === 'sent') return now.kind === 'later' || (now.kind === 'sent' && now.externalId === before.externalId);
  return now.kind !== 'sent';
}
