import { randomUUID } from 'node:crypto';
import { type WebhookAnswer, type WebhookFlush, type WebhookPost, WebhookSender } from '../../double/sender.js';
import type { ApiShipEvent } from './apiship-book.js';
import { writeInfo } from './apiship-replies.js';

/** A subscription of an account to the statuses of its orders. */
export interface ApiShipSubscription {
  uuid: string;
  url: string;
  type: string;
}

/** How held webhooks are let go. */
export interface ApiShipWebhookFlush extends WebhookFlush {
  /** Only those of these statuses; the others are lost. */
  only?: readonly string[];
}

/** One posting. `status` 0: no answer. */
export interface ApiShipWebhookAttempt {
  url: string;
  orderId: number;
  key: string;
  status: number;
}

interface Posting {
  url: string;
  event: ApiShipEvent;
  body: string;
}

/** Posts statuses, unsigned, in order; three times at most, while the answer is a 5xx or there is none. */
export class ApiShipWebhooks extends WebhookSender<Posting, ApiShipWebhookFlush, ApiShipWebhookAttempt> {
  override attemptsMost = 3;
  override timeoutMs = 30_000;

  add(url: string, event: ApiShipEvent, withType: boolean): void {
    this.take({ url, event, body: JSON.stringify(buildWebhook(event, withType)) });
  }

  protected toPost({ url, event: { order, status }, body }: Posting): WebhookPost<ApiShipWebhookAttempt> {
    const { orderId } = order;
    return { url, headers: { 'content-type': 'application/json' }, body, attempt: { url, orderId, key: status.key } };
  }

  protected override isFinal({ status }: WebhookAnswer): boolean {
    return status > 0 && status < 500;
  }

  protected override arrange(postings: readonly Posting[], options: ApiShipWebhookFlush): Posting[] {
    return super.arrange(
      postings.filter(({ event }) => options.only === undefined || options.only.includes(event.status.key)),
      options,
    );
  }
}

/** A status as it is posted. */
export function buildWebhook({ order, status }: ApiShipEvent, withType = false): object {
  return { ...(withType && { eventType: 'ORDER_STATUS' }), orderInfo: writeInfo(order, 'strings'), status };
}

/** A new subscription; a second one to the same address doubles the events. */
export function subscribe(list: ApiShipSubscription[], url: string, type: string): ApiShipSubscription {
  const subscription = { uuid: randomUUID(), url, type };
  list.push(subscription);
  return subscription;
}
