import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CarrierEvent } from './carrier-book.js';

/** How held webhooks are let go. */
export interface WebhookFlush {
  /** How often each is posted, 1. */
  copies?: number;
  /** The newest first. */
  reverse?: boolean;
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

interface Waiting {
  url: string;
  event: CarrierEvent;
}

const ATTEMPTS = 5;

/** Header with the time of signing in seconds since 1970. */
export const TIMESTAMP_HEADER = 'x-carrier-timestamp';
/** Header with the hex HMAC-SHA256 of `{timestamp}.{raw body}`. */
export const SIGNATURE_HEADER = 'x-carrier-signature';

/** Signs as the carrier does. */
export function signatureOf(secret: string, timestamp: string, rawBody: string | Uint8Array): string {
  return createHmac('sha256', secret).update(`${timestamp}.`).update(rawBody).digest('hex');
}

/** Posts events to the addresses their orders named: one after the other, up to 5 times each while the answer is not 2xx. */
export class CarrierWebhooks {
  /** `auto` posts at once, `hold` keeps them for `flush`, `off` drops them. */
  mode: 'auto' | 'hold' | 'off' = 'auto';
  /** Milliseconds between attempts. */
  retryMs = 200;
  readonly attempts: WebhookAttempt[] = [];
  private readonly held: Waiting[] = [];
  private readonly stopping = new AbortController();
  private last: Promise<void> = Promise.resolve();

  constructor(private readonly secret: string) {}

  add(url: string, event: CarrierEvent): void {
    if (this.mode === 'off') return;
    if (this.mode === 'hold') this.held.push({ url, event });
    else this.enqueue(url, [event], {});
  }

  /** Posts what is held and waits until each has been answered or given up. */
  async flush(options: WebhookFlush = {}): Promise<void> {
    const waiting = this.held.splice(0);
    if (options.reverse) waiting.reverse();
    for (let copy = 0; copy < (options.copies ?? 1); copy++) {
      if (options.together) {
        for (const url of new Set(waiting.map((one) => one.url))) {
          const events = waiting.filter((one) => one.url === url).map(({ event }) => event);
          this.enqueue(url, events, options);
        }
      } else {
        for (const { url, event } of waiting) this.enqueue(url, [event], options);
      }
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
    this.held.length = 0;
    this.attempts.length = 0;
  }

  private enqueue(url: string, events: CarrierEvent[], options: WebhookFlush): void {
    this.last = this.last.then(() => this.post(url, events, options)).catch(() => undefined);
  }

  private async post(url: string, events: CarrierEvent[], options: WebhookFlush): Promise<void> {
    const { signal } = this.stopping;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const body = JSON.stringify({ events });
      const timestamp = String(Math.floor(Date.now() / 1_000) + (options.skewSeconds ?? 0));
      const signature = signatureOf(options.forge ? `${this.secret}-forged` : this.secret, timestamp, body);
      const headers = { 'content-type': 'application/json', [TIMESTAMP_HEADER]: timestamp, [SIGNATURE_HEADER]: signature };
      const status = await fetch(url, {
        method: 'POST',
        body,
        headers,
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]),
      }).then(
        async (reply) => {
          await reply.arrayBuffer();
          return reply.status;
        },
        () => 0,
      );
      this.attempts.push({ url, events: events.map(({ id }) => id), status });
      // A client error will not get better.
      if ((status >= 200 && status < 300) || (status >= 400 && status < 500) || signal.aborted) return;
      await sleep(this.retryMs, undefined, { signal });
    }
  }
}
