import { type WebhookAnswer, type WebhookFlush, type WebhookPost, WebhookSender } from '../../double/sender.js';
import type { GatewayMessage, GatewayTransport } from './gateway-book.js';
import type { GatewayModes } from './gateway-modes.js';

/** Something a module is to learn. */
export interface GatewayEvent {
  transport: GatewayTransport;
  /** `message_sent`, `message_updated` ... */
  type: string;
  data: object;
  /** The message whose result the answer is; set for message_sent. */
  message?: GatewayMessage;
}

/** How held webhooks are let go. */
export interface GatewayWebhookFlush extends WebhookFlush {
  /** Name another client in the header. */
  forge?: boolean;
}

/** One posting. `status` 0: no answer. */
export interface GatewayWebhookAttempt {
  url: string;
  type: string;
  /** The gateway's id of the message, for message_sent. */
  message?: number;
  status: number;
}

/** Posts events to the transports' addresses, unsigned: a header names the client at most. */
export class GatewayWebhooks extends WebhookSender<GatewayEvent, GatewayWebhookFlush, GatewayWebhookAttempt> {
  override attemptsMost = 3;
  private lastMetaId = 0;

  /** `onAnswer` takes the last answer to each event. */
  constructor(
    private readonly modes: GatewayModes,
    private readonly onAnswer: (event: GatewayEvent, answer: WebhookAnswer) => void,
  ) {
    super();
  }

  add(event: GatewayEvent): void {
    this.timeoutMs = this.modes.webhookTimeoutMs;
    this.take(event);
  }

  protected toPost({ transport, type, data, message }: GatewayEvent, { forge }: GatewayWebhookFlush): WebhookPost<GatewayWebhookAttempt> {
    const { clientIdHeader, metaId } = this.modes;
    const meta = { ...(metaId && { id: ++this.lastMetaId }), timestamp: Math.floor(Date.now() / 1_000) };
    const clientId = forge ? `not ${transport.clientId ?? ''}` : transport.clientId;
    const url = transport.webhookUrl ?? '';
    return {
      url,
      headers: {
        'content-type': 'application/json',
        ...(clientIdHeader !== 'none' && clientId !== undefined && { [clientIdHeader]: clientId }),
      },
      body: JSON.stringify({ type, meta, data }),
      attempt: { url, type, ...(message && { message: message.id }) },
    };
  }

  protected override isFinal({ status, timedOut }: WebhookAnswer): boolean {
    if (this.modes.repeats === 'never') return true;
    return !(timedOut || (this.modes.repeats === 'after-failure' && (status === 0 || status >= 500)));
  }

  protected override laneOf(): string | undefined {
    return this.modes.webhookOrder === 'one-by-one' ? '' : undefined;
  }

  protected override conclude(event: GatewayEvent, answer: WebhookAnswer): void {
    this.onAnswer(event, answer);
  }
}
