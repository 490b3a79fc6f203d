import { randomUUID } from 'node:crypto';
import type { PaymentEvent } from '#payment/port';
import type { ProviderWebhook, WebhookReply, WebhookRequest } from '#provider-kit';
import { FlakyGateway, type FlakySettings } from './flaky-gateway.js';

/** Replies by the beginning of an event's id. The object differs in each reply. */
const ANSWERS: Readonly<Record<string, () => WebhookReply>> = {
  object: () => ({ status: 201, body: { zebra: randomUUID(), a: 1 } }),
  text: () => ({ status: 202, body: '<b>&' }),
  nothing: () => ({ status: 200, body: '' }),
};

/** A gateway whose webhooks come by any verb and in any type, and whose address is tried by `zd_echo`. */
export class WebhookGateway extends FlakyGateway {
  /** Webhooks that were verified, in order. */
  readonly arrived: WebhookRequest[] = [];

  constructor() {
    super('webhooky', { kind: 'idempotency-key' }, true);
  }

  override readonly webhook: ProviderWebhook<FlakySettings, PaymentEvent> = {
    handshake: ({ query }) => query.get('zd_echo') ?? undefined,
    verify: (request) => {
      if (request.query.get('secret') !== 'right') return false;
      this.arrived.push(request);
      return true;
    },
    parse: ({ query }) => query.getAll('event').map((id) => ({ id, reference: 'unknown' })),
    reply: ([event]) => ANSWERS[event?.id.split('-')[0] ?? '']?.(),
  };
}
