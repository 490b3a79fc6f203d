import { setTimeout as sleep } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { type Connection, ConnectionStore, isLive } from '#connections';
import { InjectProviders, type Providers } from '#integration-kit';
import { CallbackError, Environment, errorTrace, fillIn, type LocalText, sha256Hex, textFor, toLogLine } from '#platform';
import type { WebhookReply, WebhookRequest } from '#provider-kit';
import { ChatOut } from './chat-out.js';
import { ANSWERED_MS, END_MS, SYNC_MS } from './chat-times.js';
import type { MessageAction } from './chat.entity.js';
import { texts } from './chat.texts.js';
import { GatewayAddresses } from './gateway/gateway-addresses.js';
import type { TemplateUseDto } from './gateway/gateway-template.dto.js';
import { type FilledTemplate, fillTemplate, toStoredTemplate, toTemplateCode } from './gateway/gateway-template.js';
import { type GatewayEvent, type MessageSentDto, readGatewayEvent, type TemplateEvent } from './gateway/gateway-webhook.dto.js';
import { toStoredMessage, unescapeText } from './out-message.js';
import { OutStore, type Standing } from './out-store.js';
import type { ChatProvider, DeliveryCode } from './port/index.js';
import { TemplateStore } from './template-store.js';

/** Headers in which the gateway was seen to send the client id. */
const CLIENT_HEADERS = ['clientid', 'x-client-id'];
/** Maximum number of characters of a template's code. */
const MOST_CODE = 512;
const NOTHING: WebhookReply = { status: 200, body: {} };

/** A manager's actions on a message, with the provider's method and the stored action. */
const ACTIONS = {
  message_updated: ['edit', 'editMessage'],
  message_deleted: ['delete', 'deleteMessage'],
  message_read: ['read', 'markRead'],
  reaction_add: ['react', 'reactToMessage'],
  reaction_delete: ['react', 'reactToMessage'],
} as const satisfies Partial<Record<GatewayEvent['type'], readonly [MessageAction, keyof ChatProvider]>>;

/** Replies to the message gateway's webhooks, with a message's outcome or with a promise to send it later. */
@Injectable()
export class GatewayWebhooks implements BeforeApplicationShutdown {
  private readonly logger = new Logger(GatewayWebhooks.name);
  /** Messages that are being sent, even after the gateway got its reply. */
  private readonly running = new Set<Promise<unknown>>();

  constructor(
    @InjectProviders('chat') private readonly providers: Providers<ChatProvider>,
    private readonly addresses: GatewayAddresses,
    private readonly connections: ConnectionStore,
    private readonly store: OutStore,
    private readonly out: ChatOut,
    private readonly templates: TemplateStore,
    private readonly environment: Environment,
  ) {}

  /**
   * Stores a webhook and returns the reply. A repeat gets the same reply, or the outcome by then.
   * @throws CallbackError 404 if the module is not a messenger, 403 if the webhook is forged or the account
   * is not live. BadInputError if it cannot be read
   */
  async receive(connection: Connection, secret: string, request: WebhookRequest): Promise<WebhookReply> {
    if (!this.providers.has(connection, 'listAccounts')) throw new CallbackError(404, 'This module is not a messenger.');
    if (request.method !== 'POST' || !this.addresses.verify(connection.id, secret) || !(await this.isClient(connection, request)))
      throw new CallbackError(403, 'This is not an address of the message gateway.');
    if (!isLive(connection)) throw new CallbackError(403, 'The module is switched off in this account.');
    const event = readGatewayEvent(request.rawBody);
    if (!event) return NOTHING;
    switch (event.type) {
      case 'message_sent':
        return this.takeMessage(connection, event.data);
      case 'template_create':
      case 'template_update':
      case 'template_delete':
        return this.takeTemplate(connection, event);
      default:
        return this.takeAction(connection, event, request.rawBody);
    }
  }

  /** Waits for running messages, whose outcome would otherwise be unknown. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.race([Promise.allSettled(this.running), sleep(END_MS, undefined, { ref: false })]);
  }

  /** A header with a client id must contain this connection's. */
  private async isClient({ id, module }: Connection, { headers }: WebhookRequest): Promise<boolean> {
    for (const clientId of CLIENT_HEADERS.flatMap((name) => headers[name] ?? []))
      if ((await this.connections.findByClientId(module.code, clientId))?.id !== id) return false;
    return true;
  }

  private async takeMessage(connection: Connection, data: MessageSentDto): Promise<WebhookReply> {
    const channelId = await this.store.findChannel(connection.id, data.channel_id);
    if (channelId === undefined) return this.refuse(connection, texts.noChannel);
    const template = data.template && (await this.fillTemplate(connection, channelId, data.template));
    if (template && 'refused' in template) return this.refuse(connection, template.refused);
    const content = this.environment.CHAT_UNESCAPE === 'on' && data.content ? unescapeText(data.content) : data.content;
    const payload = this.providers.has(connection, 'sendMessage')
      ? toStoredMessage({ ...data, ...(content && { content }) }, template)
      : undefined;
    if (!payload) return this.refuse(connection, texts.notCarried);
    const { row, isNew, isFirst } = await this.store.take(
      connection,
      { action: 'send', eventKey: `sent:${data.id}`, channelId, gatewayId: data.id, payload },
      { chat: data.external_chat_id || undefined, customer: data.external_user_id },
    );
    if (isFirst) await this.sendNow(connection, row);
    else if (isNew) this.out.wake(row.dialogueId, connection.request);
    if (isNew && !isFirst) return toSentReply(row, this.text(connection, texts.unknown));
    const standing = await this.store.promise(row.id);
    if (standing.state !== 'taken') this.markAnswered(standing.id, row.dialogueId);
    return toSentReply(standing, this.text(connection, texts.unknown));
  }

  /** Sends while the gateway waits. A slower message continues, and is acknowledged later. */
  private async sendNow(connection: Connection, { id, dialogueId }: { id: string; dialogueId: string }): Promise<void> {
    const row = await this.store.find(id);
    if (!row) return;
    const attempt = this.out.attempt(connection, row).catch((error: unknown) => {
      this.logger.error(toLogLine(`message ${id} was not sent: ${errorTrace(error)}`, connection.request));
      return false;
    });
    this.running.add(attempt);
    void attempt.finally(() => this.running.delete(attempt));
    void attempt.then((hasOutcome) => hasOutcome || this.out.wake(dialogueId, connection.request));
    await Promise.race([attempt, sleep(SYNC_MS, undefined, { ref: false })]);
  }

  /** The text of a template is never sent instead: it would be another kind of message, with other limits. */
  private async fillTemplate(
    connection: Connection,
    channelId: string,
    use: TemplateUseDto,
  ): Promise<FilledTemplate | { refused: LocalText }> {
    if (!this.providers.has(connection, 'listTemplates')) return { refused: texts.noTemplates };
    const known = await this.templates.find(channelId, use.code);
    if (!known || known.content.unusable !== undefined) return { refused: texts.unknownTemplate };
    const filled = fillTemplate(known.content, known.state, use);
    return 'wanted' in filled ? { refused: fillIn(texts.templateValues, { wanted: filled.wanted, given: filled.given }) } : filled;
  }

  /** The code of a new template is ours. Its state follows once the messenger has replied. */
  private async takeTemplate(connection: Connection, event: TemplateEvent): Promise<WebhookReply> {
    const channelId = await this.store.findChannel(connection.id, event.data.channel_id);
    const isServed = channelId !== undefined && this.providers.has(connection, 'createTemplate');
    const place = { connectionId: connection.id, channelId: channelId ?? '' };
    if (event.type === 'template_delete') {
      if (isServed) await this.templates.want(place, event.data.code, 'delete');
      return NOTHING;
    }
    const content = toStoredTemplate(event.data);
    if (event.type === 'template_update') {
      if (isServed) await this.templates.want(place, event.data.code, 'update', content);
      return NOTHING;
    }
    const code = toTemplateCode(content);
    // No form of a refusal is published: this one follows an example of the vendor's client.
    if (!isServed || code.length > MOST_CODE)
      return { status: 422, body: { error: { code: 'general', message: this.text(connection, texts.noTemplates) } } };
    const { status } = await this.templates.create(place, code, content);
    return { status: 200, body: { code, verification_status: status } };
  }

  private async takeAction(
    connection: Connection,
    { type, data }: Exclude<GatewayEvent, TemplateEvent | { type: 'message_sent' }>,
    rawBody: Uint8Array,
  ): Promise<WebhookReply> {
    const [action, method] = ACTIONS[type];
    const channelId = await this.store.findChannel(connection.id, data.channel_id);
    if (channelId === undefined || !this.providers.has(connection, method)) return NOTHING;
    const externalId = data.external_message_id;
    const sent = await this.store.findSent(channelId, externalId);
    if (!sent) return NOTHING;
    const text = 'content' in data ? data.content : undefined;
    // Only a text can be edited.
    if (action === 'edit' && !text) return NOTHING;
    const emoji = type === 'reaction_add' && 'new_reaction' in data ? data.new_reaction : undefined;
    const unescaped = text && this.environment.CHAT_UNESCAPE === 'on' ? unescapeText(text) : text;
    const payload = { ...(unescaped && { text: unescaped }), ...(emoji && { emoji }) };
    const eventKey = `${type}:${sha256Hex(Buffer.from(rawBody).toString())}`;
    const { row, isNew } = await this.store.takeAction(connection, { action, eventKey, channelId, externalId, payload }, sent.dialogueId);
    if (isNew) this.out.wake(row.dialogueId, connection.request);
    return NOTHING;
  }

  /** Runs once the reply was sent. If the process dies before, the outcome is acknowledged as well. */
  private markAnswered(id: string, dialogueId: string): void {
    setTimeout(() => {
      Promise.all([this.store.markAnswered(id), this.store.keepDue(dialogueId)]).catch(() => undefined);
    }, ANSWERED_MS).unref();
  }

  private refuse(connection: Connection, text: LocalText): WebhookReply {
    return { status: 200, body: { async: false, error: { code: 'general' satisfies DeliveryCode, message: this.text(connection, text) } } };
  }

  private text({ account }: Connection, text: LocalText): string {
    return textFor(text, account.language);
  }
}

/** Builds the gateway's reply about a message. `unknown`: the text if its delivery cannot be determined. */
export function toSentReply({ id, state, externalId, parts, code, problem, payload, isOpen }: Standing, unknown: string): WebhookReply {
  if (state === 'taken' || isOpen) return { status: 200, body: { async: true } };
  if (state !== 'sent') {
    const { externalCode } = payload ?? {};
    const error = {
      code: code ?? 'general',
      message: problem ?? unknown,
      ...(externalCode && { external_code: externalCode.slice(0, 100) }),
    };
    return { status: 200, body: { async: false, error } };
  }
  const { chat, customer } = payload ?? {};
  return {
    status: 200,
    body: {
      external_message_id: externalId ?? parts?.[0] ?? id,
      async: false,
      ...(chat !== undefined && { external_chat_id: chat }),
      ...(customer !== undefined && { external_customer_id: customer }),
    },
  };
}
