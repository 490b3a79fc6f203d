import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import type { WebhookReceiver } from '#inbox';
import { InjectProviders, type Providers } from '#integration-kit';
import { CallbackError } from '#platform';
import type { WebhookReply, WebhookRequest } from '#provider-kit';
import { GatewayWebhooks } from './gateway-webhooks.js';
import type { ChatProvider } from './port/index.js';

/** Of the gateway's addresses: `mg/{secret}` after the connection's. */
const GATEWAY_PATH = /^mg\/([^/]+)$/;

/** Takes in the webhooks of the message gateway. */
@Injectable()
export class ChatWebhooks implements WebhookReceiver {
  readonly integration = 'chat';
  readonly handlers = {};

  constructor(
    @InjectProviders('chat') private readonly providers: Providers<ChatProvider>,
    private readonly gateway: GatewayWebhooks,
  ) {}

  takes(connection: Connection): boolean {
    return this.providers.has(connection, 'webhook');
  }

  receive(connection: Connection, request: WebhookRequest): Promise<WebhookReply | undefined> {
    const [, secret] = GATEWAY_PATH.exec(request.path) ?? [];
    if (secret !== undefined) return this.gateway.receive(connection, secret, request);
    return Promise.reject(new CallbackError(404, 'This provider sends no webhooks.'));
  }
}
