import { Injectable } from '@nestjs/common';
import { type Connection, isLive } from '#connections';
import { type InboxHandler, InboxService, type UnreadWebhook, type WebhookReceiver } from '#inbox';
import { InjectProviders, type Providers } from '#integration-kit';
import { toSubject } from '#journal';
import { CallbackError } from '#platform';
import type { WebhookReply, WebhookRequest } from '#provider-kit';
import { BotAnswers } from './bot/bot-answers.js';
import { BOT_EVENT, type BotEvent } from './bot/bot-message.js';
import { ChatEvents } from './chat-events.js';
import { GatewayWebhooks } from './gateway-webhooks.js';
import type { ChatProvider, MessengerEvent } from './port/index.js';

const KIND = 'chat.event';
const UNREAD = 'chat.unread';
/** Path of the gateway's addresses: `mg/{secret}` after the connection's. */
const GATEWAY_PATH = /^mg\/([^/]+)$/;
/** Seconds after which a messenger may try again. */
const RETRY_AFTER_S = 60;

/** Receives the webhooks of messengers and of the message gateway. */
@Injectable()
export class ChatWebhooks implements WebhookReceiver {
  readonly integration = 'chat';
  readonly handlers = {
    [KIND]: ((tx, connection, event) => this.events.apply(tx, connection, event)) satisfies InboxHandler<MessengerEvent>,
    [BOT_EVENT]: ((tx, connection, event) => this.bots.take(tx, connection, event)) satisfies InboxHandler<BotEvent>,
    [UNREAD]: ((tx, connection, webhook) => this.events.readAgain(tx, connection, webhook)) satisfies InboxHandler<UnreadWebhook>,
  };

  constructor(
    @InjectProviders('chat') private readonly providers: Providers<ChatProvider>,
    private readonly inbox: InboxService,
    private readonly gateway: GatewayWebhooks,
    private readonly events: ChatEvents,
    private readonly bots: BotAnswers,
  ) {}

  takes(connection: Connection): boolean {
    return this.providers.has(connection, 'webhook');
  }

  /**
   * Stores a messenger's events and returns its provider's reply, or answers the gateway. Throws like
   * `WebhookReceiver`, and CallbackError 503 while the account is not live, so that the messenger keeps the
   * events.
   */
  receive(connection: Connection, request: WebhookRequest): Promise<WebhookReply | undefined> {
    const [, secret] = GATEWAY_PATH.exec(request.path) ?? [];
    if (secret !== undefined) return this.gateway.receive(connection, secret, request);
    const webhook = this.providers.getMember(connection, 'webhook');
    if (webhook && !isLive(connection))
      return Promise.reject(new CallbackError(503, 'The module is switched off in this account.', undefined, RETRY_AFTER_S));
    return this.inbox.receive(connection, webhook, request, {
      ...{ kind: KIND, unreadKind: UNREAD },
      toPayload: (event) => event,
      listSubjects: (event) => (event.type === 'account' ? [] : [toSubject('dialogue', event.chat)]),
      toSubject: (event) => (event.type === 'account' ? undefined : `in ${event.account} ${event.chat}`.slice(0, 500)),
    });
  }
}
