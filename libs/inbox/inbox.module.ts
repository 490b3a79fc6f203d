import { Module } from '@nestjs/common';
import { ConnectionsModule } from '#connections';
import type { Schema } from '#platform';
import { InboxCleaning } from './inbox-cleaning.js';
import { InboxEventEntity } from './inbox-event.entity.js';
import { InboxService } from './inbox.service.js';
import { UnreadableWebhookStore } from './unreadable-webhooks.js';
import { WebhookReceivers } from './webhook-receivers.js';
import { Inbox1764000000300 } from './migrations/1764000000300-inbox.js';
import { InboxNext1764000400310 } from './migrations/1764000400310-inbox-next.js';
import { InboxRequest1764000300310 } from './migrations/1764000300310-inbox-request.js';
import { InboxLists1764000400320 } from './migrations/1764000400320-inbox-lists.js';
import { InboxRetention1764000400330 } from './migrations/1764000400330-inbox-retention.js';
import { InboxSubjectReply1764000500300 } from './migrations/1764000500300-inbox-subject-reply.js';
import { InboxFailures1764000700320 } from './migrations/1764000700320-inbox-failures.js';
import { InboxFailed1764000000730 } from './migrations/1764000000730-inbox-failed.js';
import { InboxFailedLately1764000810310 } from './migrations/1764000810310-inbox-failed-lately.js';
import { UnreadableWebhook1764000975000 } from './migrations/1764000975000-unreadable-webhook.js';
import { inboxGauges } from './inbox.gauges.js';
import { inboxHolding } from './inbox.holding.js';

/** Entities and migrations of this folder. */
export const inboxSchema: Schema = {
  entities: [InboxEventEntity],
  holdings: [inboxHolding],
  gauges: inboxGauges,
  migrations: [
    Inbox1764000000300,
    InboxFailed1764000000730,
    InboxRequest1764000300310,
    InboxNext1764000400310,
    InboxLists1764000400320,
    InboxRetention1764000400330,
    InboxSubjectReply1764000500300,
    InboxFailures1764000700320,
    InboxFailedLately1764000810310,
    UnreadableWebhook1764000975000,
  ],
};

/** The inbox: events from providers. */
@Module({
  imports: [ConnectionsModule],
  providers: [InboxService, WebhookReceivers, InboxCleaning, UnreadableWebhookStore],
  exports: [InboxService, WebhookReceivers, UnreadableWebhookStore],
})
export class InboxModule {}
