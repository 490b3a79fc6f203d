import { randomUUID } from 'node:crypto';
import { type WebhookAnswer, type WebhookFlush, type WebhookPost, WebhookSender } from '../../double/sender.js';
import { cdekTime, type DoubleEvent } from './cdek-book.js';

/** A subscription to events. */
export interface DoubleSubscription {
  uuid: string;
  url: string;
  type: string;
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

/** Posts status events to subscribers, unsigned, in order, up to 12 times until the answer is 200. */
export class CdekWebhooks extends WebhookSender<Posting, WebhookFlush, CdekWebhookAttempt> {
  override retryMs = 300;
  override attemptsMost = 12;
  readonly subscriptions: DoubleSubscription[] = [];

  subscribe(url: string, type: string): DoubleSubscription {
    const subscription = { uuid: randomUUID(), url, type };
    this.subscriptions.push(subscription);
    return subscription;
  }

  /** Returns whether there was one. */
  unsubscribe(uuid: string): boolean {
    const index = this.subscriptions.findIndex((one) => one.uuid === uuid);
    if (index !== -1) this.subscriptions.splice(index, 1);
    return index !== -1;
  }

  add(event: DoubleEvent): void {
    for (const { url } of this.subscriptions.filter(({ type }) => type === 'ORDER_STATUS'))
      this.take({ url, code: event.status.code, body: buildBody(event) });
  }

  override clear(): void {
    super.clear();
    this.subscriptions.length = 0;
  }

  protected toPost({ url, code, body }: Posting): WebhookPost<CdekWebhookAttempt> {
    return { url, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), attempt: { url, code } };
  }

  protected override isFinal({ status }: WebhookAnswer): boolean {
    return status === 200;
  }
}

/** An event as CDEK posts it. */
export function buildBody({ order, status }: DoubleEvent): object {
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
