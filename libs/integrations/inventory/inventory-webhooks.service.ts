import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import { type InboxHandler, InboxService, type WebhookReceiver } from '#inbox';
import { InjectProviders, type Providers } from '#integration-kit';
import { toSubject } from '#journal';
import type { Transaction } from '#platform';
import type { WebhookReply, WebhookRequest } from '#provider-kit';
import type { StockEvent, StoreProvider } from './port/index.js';
import { StockChanges } from './services/index.js';
import { StockUpdatesJob } from './stock-updates.js';

const KIND = 'store.news';

/** Stored part of an event. */
type StoredUpdate = Pick<StockEvent, 'offers'>;

/**
 * Verifies and stores warehouses' webhooks. A worker then queues the offers' present stocks for the CRM, or
 * requests a reading of the warehouse's changes.
 */
@Injectable()
export class InventoryWebhooksService implements WebhookReceiver {
  readonly integration = 'store';
  readonly handlers = { [KIND]: ((tx, connection, update) => this.apply(tx, connection, update)) satisfies InboxHandler<StoredUpdate> };

  constructor(
    @InjectProviders('store') private readonly providers: Providers<StoreProvider>,
    private readonly inbox: InboxService,
    private readonly changes: StockChanges,
    private readonly updates: StockUpdatesJob,
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
      listSubjects: ({ offers = [] }) => offers.slice(0, 20).map(({ key }) => toSubject('offer', key)),
      toPayload: ({ offers }): StoredUpdate => (offers ? { offers } : {}),
    });
  }

  private apply(tx: Transaction, connection: Connection, { offers }: StoredUpdate): Promise<void> {
    return offers ? this.changes.add(tx, connection.id, offers) : this.updates.askSoon(tx, connection);
  }
}
