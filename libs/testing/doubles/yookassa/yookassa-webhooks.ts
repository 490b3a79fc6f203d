import { type WebhookAnswer, type WebhookFlush, type WebhookPost, WebhookSender } from '../../double/sender.js';
import type { YooKassaEvent } from './yookassa-objects.js';

/** How held notifications are let go. */
export interface YooKassaWebhookFlush extends WebhookFlush {
  /** Only those of these events; the others are lost. */
  only?: readonly string[];
  /** Posts them with another status of the object than it has: nothing in them proves anything. */
  forge?: string;
}

/** One posting of a notification. `status` 0: no answer. */
export interface YooKassaWebhookAttempt {
  url: string;
  event: string;
  /** Id of the payment or refund. */
  object: string;
  status: number;
}

interface Posting {
  url: string;
  /** Address it pretends to come from, as a proxy would say; none when undefined. */
  from: string | undefined;
  event: YooKassaEvent;
}

/** Posts notifications, unsigned, one by one, until the answer is 200. `attemptsMost` stands for a day. */
export class YooKassaWebhooks extends WebhookSender<Posting, YooKassaWebhookFlush, YooKassaWebhookAttempt> {
  override attemptsMost = 8;

  add(posting: Posting): void {
    this.take(posting);
  }

  protected override isFinal({ status }: WebhookAnswer): boolean {
    return status === 200;
  }

  protected override arrange(postings: readonly Posting[], options: YooKassaWebhookFlush): Posting[] {
    return super.arrange(
      postings.filter(({ event }) => options.only === undefined || options.only.includes(event.event)),
      options,
    );
  }

  protected toPost({ url, from, event }: Posting, { forge }: YooKassaWebhookFlush): WebhookPost<YooKassaWebhookAttempt> {
    const body = JSON.stringify(forge === undefined ? event : { ...event, object: { ...event.object, status: forge } });
    const headers = { 'content-type': 'application/json', ...(from !== undefined && { 'x-forwarded-for': from }) };
    return { url, headers, body, attempt: { url, event: event.event, object: event.object.id } };
  }
}
