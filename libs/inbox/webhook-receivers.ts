import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import type { WebhookReply, WebhookRequest } from '#provider-kit';
import type { InboxHandler } from './inbox-applier.js';

/** Receives the webhooks of one integration's providers: verifies, stores, and only then resolves. */
export interface WebhookReceiver {
  /** Same as `HostedModule.integration`. */
  readonly integration: string;
  /** Handlers of the events that it stores, by kind. */
  readonly handlers: Readonly<Record<string, InboxHandler<never>>>;
  /** Whether the connection's provider sends webhooks. */
  takes(connection: Connection): boolean;
  /**
   * Whether the connection's webhooks are acknowledged even if the database is overloaded or down. `receive`
   * then works without it. Default: never, so they get 503.
   */
  takesUnderLoad?(connection: Connection): boolean;
  /**
   * Returns the reply. Undefined: 200 `{"success":true}`. Throws CallbackError 400 if the webhook is forged
   * or stale, 404 if the provider has no webhooks.
   */
  receive(connection: Connection, request: WebhookRequest): Promise<WebhookReply | undefined>;
}

/** The receivers of all integrations. IntegrationModule adds them at start. */
@Injectable()
export class WebhookReceivers {
  private readonly receivers = new Map<string, WebhookReceiver>();

  add(receiver: WebhookReceiver): void {
    this.receivers.set(receiver.integration, receiver);
  }

  get(integration: string): WebhookReceiver | undefined {
    return this.receivers.get(integration);
  }
}
