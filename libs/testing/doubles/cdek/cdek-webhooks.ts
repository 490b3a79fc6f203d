import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { cdekTime, type DoubleEvent } from './cdek-book.js';

/** A subscription to events. */
export interface DoubleSubscription {
  uuid: string;
  url: string;
  type: string;
}

/** How held events are let go. */
export interface CdekWebhookFlush {
  /** How often each is posted, 1. */
  copies?: number;
  /** The newest first. */
  reverse?: boolean;
}

/** One posting. `status` 0: no answer. */
export interface CdekWebhookAttempt {
  url: string;
  code: string;
  status: number;
}

interface Posting {
  url: string;
  code: string;
  body: object;
}

const ATTEMPTS = 12;

/** Old numbers of the statuses, which events still carry. */
const NUMBERS: Readonly<Record<string, string>> = {
  CREATED: '1',
  REMOVED: '2',
  RECEIVED_AT_SHIPMENT_WAREHOUSE: '3',
  DELIVERED: '4',
  NOT_DELIVERED: '5',
  TAKEN_BY_COURIER: '11',
  ACCEPTED_AT_PICK_UP_POINT: '12',
};

/** Posts status events to those who subscribed, unsigned, in order, up to 12 times each while the answer is not 200. */
export class CdekWebhooks {
  /** `auto` posts at once, `hold` keeps them for `flush`, `off` drops them. */
  mode: 'auto' | 'hold' | 'off' = 'auto';
  /** Milliseconds between attempts. */
  retryMs = 300;
  readonly attempts: CdekWebhookAttempt[] = [];
  readonly subscriptions: DoubleSubscription[] = [];
  private readonly held: Posting[] = [];
  private readonly stopping = new AbortController();
  private last: Promise<void> = Promise.resolve();

  subscribe(url: string, type: string): DoubleSubscription {
    const subscription = { uuid: randomUUID(), url, type };
    this.subscriptions.push(subscription);
    return subscription;
  }

  /** Gives whether there was one. */
  unsubscribe(uuid: string): boolean {
    const index = this.subscriptions.findIndex((one) => one.uuid === uuid);
    if (index !== -1) this.subscriptions.splice(index, 1);
    return index !== -1;
  }

  add(event: DoubleEvent): void {
    if (this.mode === 'off') return;
    for (const { url } of this.subscriptions.filter(({ type }) => type === 'ORDER_STATUS')) {
      const posting = { url, code: event.status.code, body: bodyOf(event) };
      if (this.mode === 'hold') this.held.push(posting);
      else this.enqueue(posting);
    }
  }

  /** Posts what is held and waits until each was answered or given up. */
  async flush({ copies = 1, reverse = false }: CdekWebhookFlush = {}): Promise<void> {
    const waiting = this.held.splice(0);
    if (reverse) waiting.reverse();
    for (let copy = 0; copy < copies; copy++) for (const posting of waiting) this.enqueue(posting);
    await this.last;
  }

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
    this.subscriptions.length = 0;
  }

  private enqueue(posting: Posting): void {
    this.last = this.last.then(() => this.post(posting)).catch(() => undefined);
  }

  private async post({ url, code, body }: Posting): Promise<void> {
    const { signal } = this.stopping;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const status = await fetch(url, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]),
      }).then(
        async (reply) => {
          await reply.arrayBuffer();
          return reply.status;
        },
        () => 0,
      );
      this.attempts.push({ url, code, status });
      if (status === 200 || signal.aborted) return;
      await sleep(this.retryMs, undefined, { signal });
    }
  }
}

/** An event as CDEK posts it. */
export function bodyOf({ order, status }: DoubleEvent): object {
  return {
    type: 'ORDER_STATUS',
    date_time: cdekTime(new Date()),
    uuid: order.uuid,
    attributes: {
      is_return: false,
      cdek_number: order.cdek_number ?? '',
      number: order.number,
      code: status.code,
      status_code: NUMBERS[status.code] ?? '1000',
      ...(status.reason_code === undefined ? {} : { status_reason_code: status.reason_code }),
      status_date_time: status.date_time,
      ...(status.city === undefined ? {} : { city_name: status.city }),
      ...(status.deleted === true ? { deleted: true } : {}),
    },
  };
}
