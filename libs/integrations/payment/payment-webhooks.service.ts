import { Injectable } from '@nestjs/common';
import { type Connection, isUuid } from '#connections';
import { type InboxHandler, InboxService, type WebhookReceiver } from '#inbox';
import { InjectProviders, type Providers } from '#integration-kit';
import { toSubject } from '#journal';
import { JobQueue, type Transaction } from '#platform';
import type { WebhookReply, WebhookRequest } from '#provider-kit';
import { readPayment } from './payment-reader.js';
import { PaymentStatesService } from './payment-states.service.js';
import type { PaymentEvent, PaymentProvider } from './port/index.js';

const KIND = 'payment.event';

/** The stored part of an event. */
type StoredEvent = Omit<PaymentEvent, 'id'>;

/**
 * Verifies and stores gateway events, and marks their payments as due. A worker then reads the payment and
 * trusts no other part of the event.
 */
@Injectable()
export class PaymentWebhooksService implements WebhookReceiver {
  readonly integration = 'payment';
  readonly handlers = { [KIND]: ((tx, connection, event) => this.apply(tx, connection, event)) satisfies InboxHandler<StoredEvent> };

  constructor(
    @InjectProviders('payment') private readonly providers: Providers<PaymentProvider>,
    private readonly inbox: InboxService,
    private readonly states: PaymentStatesService,
    private readonly queue: JobQueue,
  ) {}

  takes(connection: Connection): boolean {
    return this.providers.has(connection, 'webhook');
  }

  /**
   * Processes a webhook and returns the reply. Throws CallbackError 400 if it is forged or stale, 404 if the
   * provider has no webhooks.
   */
  receive(connection: Connection, request: WebhookRequest): Promise<WebhookReply | undefined> {
    return this.inbox.receive(connection, this.providers.getMember(connection, 'webhook'), request, {
      kind: KIND,
      appliesNow: true,
      listSubjects: ({ reference, externalId }) =>
        [reference, externalId].flatMap((id) => (id === undefined ? [] : [toSubject('payment', id)])),
      toPayload: ({ reference, externalId, warning }): StoredEvent => ({
        ...(reference !== undefined && { reference }),
        ...(externalId !== undefined && { externalId }),
        ...(warning && { warning }),
      }),
    });
  }

  private async apply(tx: Transaction, connection: Connection, { reference, externalId, warning }: StoredEvent): Promise<void> {
    if (warning) await this.states.announceWarning(tx, connection, warning);
    const byReference =
      reference !== undefined && isUuid(reference) ? await this.states.markDue(tx, connection, { id: reference }) : undefined;
    const paymentId = byReference ?? (externalId === undefined ? undefined : await this.states.markDue(tx, connection, { externalId }));
    if (paymentId === undefined) return;
    tx.afterCommit(() => {
      // Without workers, jobs would only pile up. Once they are back, the poll finds the payment.
      if (this.queue.isLong(readPayment.queue)) return;
      this.queue.wake(readPayment, { paymentId, request: connection.request }, { deduplicationId: paymentId });
    });
  }
}
