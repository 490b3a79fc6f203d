import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import type { WebhookReply, WebhookRequest } from '#provider-kit';
import type { InboxHandler } from './inbox.service.js';

/** Takes the webhooks of one integration's providers in: verifies, stores, and only then resolves. */
export interface WebhookReceiver {
  /** As `HostedModule.integration`. */
  readonly integration: string;
  /** What applies the events that it stores, by their kind. */
  readonly handlers: Readonly<Record<string, InboxHandler<never>>>;
  /** Whether the connection's provider sends any. */
  takes(connection: Connection): boolean;
  /**
   * Whether the connection's webhooks are acknowledged even if the database has no time for them, or is not
   * there: `receive` then does without it. Never, when left out: they get 503.
   */
  takesUnderLoad?(connection: Connection): boolean;
  /**
   * Returns what to answer; undefined: 200 `{"success":true}`. Throws CallbackError 400 for a forged or stale
   * one, 404 when the provider sends none.
   */
  receive(connection: Connection, request: WebhookRequest): Promise<WebhookReply | undefined>;
}

/** The receivers of all integrations; IntegrationModule adds them at start. */
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
