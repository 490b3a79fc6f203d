import { setTimeout as sleep } from 'node:timers/promises';
import Stripe from 'stripe';
import type { StripeEvent } from './stripe-objects.js';

/** Where an account's events are posted, and what they are signed with. */
export interface WebhookEndpoint {
  url: string;
  secret: string;
}

/** How held webhooks are let go. */
export interface StripeWebhookFlush {
  /** How often each is posted, 1. */
  copies?: number;
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

const ATTEMPTS = 5;

/** Posts events, signed by the SDK's own scheme: one after the other, up to 5 times each while the answer is not 2xx. */
export class StripeWebhooks {
  /** `auto` posts at once, `hold` keeps them for `flush`, `off` drops them. */
  mode: 'auto' | 'hold' | 'off' = 'auto';
  /** Milliseconds between attempts. */
  retryMs = 200;
  readonly attempts: StripeWebhookAttempt[] = [];
  private held: { endpoint: WebhookEndpoint; event: StripeEvent }[] = [];
  private readonly stopping = new AbortController();
  private last: Promise<void> = Promise.resolve();

  add(endpoint: WebhookEndpoint, event: StripeEvent): void {
    if (this.mode === 'off') return;
    if (this.mode === 'hold') this.held.push({ endpoint, event });
    else this.enqueue(endpoint, event, {});
  }

  /** Posts what is held and waits until each has been answered or given up. */
  async flush(options: StripeWebhookFlush = {}): Promise<void> {
    const { order = 'as-made', copies = 1, only } = options;
    const waiting = this.held.splice(0).filter(({ event }) => only === undefined || only.includes(event.type));
    for (let copy = 0; copy < copies; copy++) {
      const batch = order === 'shuffled' ? shuffled(waiting) : order === 'reverse' ? waiting.toReversed() : waiting;
      for (const { endpoint, event } of batch) this.enqueue(endpoint, event, options);
    }
    await this.last;
  }

  /** Waits for what is under way. */
  async idle(): Promise<void> {
    await this.last;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.last;
  }

  clear(): void {
    this.held = [];
    this.attempts.length = 0;
  }

  private enqueue(endpoint: WebhookEndpoint, event: StripeEvent, options: StripeWebhookFlush): void {
    this.last = this.last.then(() => this.post(endpoint, event, options)).catch(() => undefined);
  }

  private async post(
    { url, secret }: WebhookEndpoint,
    event: StripeEvent,
    { skewSeconds = 0, forge = false }: StripeWebhookFlush,
  ): Promise<void> {
    const { signal } = this.stopping;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const body = bodyOf(event);
      const signature = signatureOf(body, forge ? `${secret}forged` : secret, skewSeconds);
      const status = await fetch(url, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signature },
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]),
      }).then(
        async (reply) => {
          await reply.arrayBuffer();
          return reply.status;
        },
        () => 0,
      );
      this.attempts.push({ url, event: event.id, type: event.type, status });
      // A client error will not get better here.
      if ((status >= 200 && status < 300) || (status >= 400 && status < 500) || signal.aborted) return;
      await sleep(this.retryMs, undefined, { signal });
    }
  }
}

/** An event as it is posted. */
export function bodyOf(event: StripeEvent): string {
  return JSON.stringify(event, null, 2);
}

/** The `stripe-signature` of a body. */
export function signatureOf(payload: string, secret: string, skewSeconds = 0): string {
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
