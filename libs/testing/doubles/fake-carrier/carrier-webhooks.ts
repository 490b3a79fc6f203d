import { createHmac } from 'node:crypto';
import { type WebhookFlush, type WebhookPost, WebhookSender } from '../../double/sender.js';
import type { CarrierEvent } from './carrier-book.js';

/** How held webhooks are let go. */
export interface CarrierWebhookFlush extends WebhookFlush {
  /** All events of an address in one body. */
  together?: boolean;
  /** Seconds added to the signed time. */
  skewSeconds?: number;
  /** Signs with another secret. */
  forge?: boolean;
}

/** One posting of a webhook. `status` 0: no answer. */
export interface WebhookAttempt {
  url: string;
  events: string[];
  status: number;
}

interface Posting {
  url: string;
  events: CarrierEvent[];
  /** Of the client whose orders they are about. */
  secret: string;
}

/** Header with the time of signing in seconds since 1970. */
export const TIMESTAMP_HEADER = 'x-carrier-timestamp';
/** Header with the hex HMAC-SHA256 of `{timestamp}.{raw body}`. */
export const SIGNATURE_HEADER = 'x-carrier-signature';

/** Signs as the carrier does. */
export function sign(secret: string, timestamp: string, rawBody: string | Uint8Array): string {
  return createHmac('sha256', secret).update(`${timestamp}.`).update(rawBody).digest('hex');
}

/** Posts events to their orders' addresses, one by one, up to 5 times until the answer is 2xx. */
export class CarrierWebhooks extends WebhookSender<Posting, CarrierWebhookFlush, WebhookAttempt> {
  add(url: string, event: CarrierEvent, secret: string): void {
    this.take({ url, events: [event], secret });
  }

  protected override arrange(postings: readonly Posting[], options: CarrierWebhookFlush): Posting[] {
    const arranged = super.arrange(postings, options);
    if (!options.together) return arranged;
    const toPlace = ({ url, secret }: Posting): string => `${url} ${secret}`;
    return arranged
      .filter((one, index) => arranged.findIndex((other) => toPlace(other) === toPlace(one)) === index)
      .map((one) => ({ ...one, events: arranged.flatMap((other) => (toPlace(other) === toPlace(one) ? other.events : [])) }));
  }

  protected toPost({ url, events, secret }: Posting, options: CarrierWebhookFlush): WebhookPost<WebhookAttempt> {
    const body = JSON.stringify({ events });
    const timestamp = String(Math.floor(Date.now() / 1_000) + (options.skewSeconds ?? 0));
    const signature = sign(options.forge ? `${secret}-forged` : secret, timestamp, body);
    const headers = { 'content-type': 'application/json', [TIMESTAMP_HEADER]: timestamp, [SIGNATURE_HEADER]: signature };
    return { url, headers, body, attempt: { url, events: events.map(({ id }) => id) } };
  }
}
