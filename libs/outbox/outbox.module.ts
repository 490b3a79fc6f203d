import { Module } from '@nestjs/common';
import { ConnectionsModule } from '#connections';
import type { Schema } from '#platform';
import { DirectSender } from './direct-sender.js';
import { OutboxBaseline1765000001000 } from './migrations/1765000001000-outbox-baseline.js';
import { OutboxTerms1765000003200 } from './migrations/1765000003200-outbox-terms.js';
import { OutboxCleaning } from './outbox-cleaning.js';
import { LaneWakes } from './lane-wakes.js';
import { OutboxEntity, OutboxLaneEntity } from './outbox.entity.js';
import { OutboxLanes } from './outbox-lanes.js';
import { OutboxFlusher } from './outbox.flusher.js';
import { OutboxPackers } from './outbox-packer.js';
import { OutboxService } from './outbox.service.js';
import { outboxGauges } from './outbox.gauges.js';
import { outboxData } from './outbox.data.js';

/** Entities and migrations of this folder. */
export const outboxSchema: Schema = {
  entities: [OutboxEntity, OutboxLaneEntity],
  accountData: [outboxData],
  gauges: outboxGauges,
  migrations: [OutboxBaseline1765000001000, OutboxTerms1765000003200],
};

/** The outbox: rows to send to the CRM. */
@Module({
  imports: [ConnectionsModule],
  providers: [OutboxPackers, LaneWakes, OutboxService, OutboxLanes, OutboxFlusher, DirectSender, OutboxCleaning],
  exports: [OutboxPackers, OutboxService, DirectSender],
})
export class OutboxModule {}
