import Stripe from 'stripe';
import { type WebhookFlush, type WebhookPost, WebhookSender } from '../../double/sender.js';
import type { StripeEvent } from './stripe-objects.js';

/** Where an account's events are posted, and what they are signed with. */
export interface WebhookEndpoint {
  url: string;
  secret: string;
}

/** How held webhooks are let go. */
export interface StripeWebhookFlush extends WebhookFlush {
  /** `as-made` (default), newest first, or any. */
  order?: 'as-made' | 'reverse' | 'shuffled';
  /** Only every event of these types; the others are lost. */
  only?: readonly string[];
  /** Seconds added to the signed time. */
  skewSeconds?: number;
  /** Signs with another secret. */
  forge?: boolean;
}

/** One posting of a webhook. `status` 0: no answer. */
export interface StripeWebhookAttempt {
  url: string;
  event: string;
  type: string;
  status: number;
}

interface Posting {
  endpoint: WebhookEndpoint;
  event: StripeEvent;
}

/** Posts events signed like the SDK, one by one, up to 5 times until the answer is 2xx. */
export class StripeWebhooks extends WebhookSender<Posting, StripeWebhookFlush, StripeWebhookAttempt> {
  add(endpoint: WebhookEndpoint, event: StripeEvent): void {
    this.take({ endpoint, event });
  }

  protected override arrange(postings: readonly Posting[], { order, only }: StripeWebhookFlush): Posting[] {
    const wanted = postings.filter(({ event }) => only === undefined || only.includes(event.type));
    return order === 'shuffled' ? shuffled(wanted) : super.arrange(wanted, { reverse: order === 'reverse' });
  }

  protected toPost(
    { endpoint, event }: Posting,
    { skewSeconds = 0, forge = false }: StripeWebhookFlush,
  ): WebhookPost<StripeWebhookAttempt> {
    const { url, secret } = endpoint;
    const body = buildBody(event);
    const signature = sign(body, forge ? `${secret}forged` : secret, skewSeconds);
    const headers = { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signature };
    return { url, headers, body, attempt: { url, event: event.id, type: event.type } };
  }
}

/** The posted body of an event. */
export function buildBody(event: StripeEvent): string {
  return JSON.stringify(event, null, 2);
}

/** The `stripe-signature` of a body. */
export function sign(payload: string, secret: string, skewSeconds = 0): string {
  return Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp: Math.floor(Date.now() / 1_000) + skewSeconds });
}

function shuffled<T>(items: readonly T[]): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [result[i], result[j]] = [result[j] as T, result[i] as T];
  }
  return result;
}
