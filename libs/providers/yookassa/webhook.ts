import type { PaymentEvent } from '#payment/port';
import { isUuid } from '#platform';
import { fromNetworks, id, maybe, type ProviderWebhook, readWebhook, shape, text, type WebhookRequest } from '#provider-kit';
import { metadata } from './yookassa.api.js';
import type { YookassaContext, YookassaSettings } from './yookassa.settings.js';

/** Events to be ticked at YooKassa. Others are acknowledged and dropped. */
export const EVENTS: readonly string[] = ['payment.waiting_for_capture', 'payment.succeeded', 'payment.canceled', 'refund.succeeded'];

const head = shape({ event: text });
/** A payment or a refund, with the fields that lead to our payment. Only a refund has `payment_id`. */
const notification = shape({ object: shape({ id: id(64), payment_id: maybe(id(64)), metadata: maybe(metadata) }) });

/**
 * YooKassa's notifications. They are not signed: the sender's network is looked at, and of the body only the
 * payment's name is taken, which is then read at YooKassa.
 */
export class YookassaWebhook implements ProviderWebhook<YookassaSettings, PaymentEvent> {
  readonly verify = fromNetworks(({ settings }: YookassaContext) => settings.senders);

  parse(request: WebhookRequest): PaymentEvent[] {
    const { event } = readWebhook(request, head);
    if (!EVENTS.includes(event)) return [];
    const { object } = readWebhook(request, notification);
    const reference = object.metadata?.paymentId;
    return [
      {
        // An event has no id. Each comes once in the life of its object.
        id: `${event}:${object.id}`,
        ...(reference !== undefined && isUuid(reference) && { reference }),
        externalId: event.startsWith('refund.') ? (object.payment_id ?? object.id) : object.id,
      },
    ];
  }
}
