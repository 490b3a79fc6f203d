import { Module } from '@nestjs/common';
import { ConnectionsModule } from '#connections';
import type { Schema } from '#platform';
import { InboxApplier } from './inbox-applier.js';
import { InboxCleaning } from './inbox-cleaning.js';
import { InboxEventEntity } from './inbox-event.entity.js';
import { InboxService } from './inbox.service.js';
import { UnreadableWebhookStore } from './unreadable-webhooks.js';
import { WebhookReceivers } from './webhook-receivers.js';
import { InboxBaseline1765000000900 } from './migrations/1765000000900-inbox-baseline.js';
import { inboxGauges } from './inbox.gauges.js';
import { inboxData } from './inbox.data.js';

/** Entities and migrations of this folder. */
export const inboxSchema: Schema = {
  entities: [InboxEventEntity],
  accountData: [inboxData],
  gauges: inboxGauges,
  migrations: [InboxBaseline1765000000900],
};

/** The inbox: events from providers. */
@Module({
  imports: [ConnectionsModule],
  providers: [InboxService, InboxApplier, WebhookReceivers, InboxCleaning, UnreadableWebhookStore],
  exports: [InboxService, InboxApplier, WebhookReceivers, UnreadableWebhookStore],
})
export class InboxModule {}
