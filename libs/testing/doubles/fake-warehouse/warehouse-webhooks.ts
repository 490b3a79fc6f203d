import { type WebhookFlush, type WebhookPost, WebhookSender } from '../../double/sender.js';
import { signEvent, WAREHOUSE_SIGNATURE, WAREHOUSE_TIMESTAMP } from './warehouse-signature.js';

/** How held webhooks are let go. */
export interface WarehouseWebhookFlush extends WebhookFlush {
  /** Seconds added to the signed time. */
  skewSeconds?: number;
  /** Signs with another secret. */
  forge?: boolean;
}

/** An event: goods whose stock changed; without goods, only that something did. */
export interface WarehouseEvent {
  id: string;
  goods?: { id: string; sku: string }[];
}

/** One posting of a webhook. `status` 0: no answer. */
export interface WarehouseWebhookAttempt {
  event: string;
  status: number;
}

/** Posts events to the account's address, one by one, up to 5 times until the answer is 2xx or 4xx. */
export class WarehouseWebhooks extends WebhookSender<WarehouseEvent, WarehouseWebhookFlush, WarehouseWebhookAttempt> {
  /** Where they go; nowhere at first. */
  url: string | undefined;
  private count = 0;

  constructor(private readonly secret: string) {
    super();
  }

  add(goods: WarehouseEvent['goods']): void {
    if (this.url !== undefined) this.take({ id: `e-${++this.count}`, ...(goods && { goods }) });
  }

  protected toPost(event: WarehouseEvent, options: WarehouseWebhookFlush): WebhookPost<WarehouseWebhookAttempt> {
    const body = JSON.stringify({ events: [event] });
    const timestamp = String(Math.floor(Date.now() / 1_000) + (options.skewSeconds ?? 0));
    const signature = signEvent(options.forge ? `${this.secret}-forged` : this.secret, timestamp, body);
    const headers = { 'content-type': 'application/json', [WAREHOUSE_TIMESTAMP]: timestamp, [WAREHOUSE_SIGNATURE]: signature };
    return { url: this.url ?? '', headers, body, attempt: { event: event.id } };
  }
}
