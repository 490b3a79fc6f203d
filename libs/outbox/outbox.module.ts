import { Module } from '@nestjs/common';
import { ConnectionsModule } from '#connections';
import type { Schema } from '#platform';
import { DirectSender } from './direct-sender.js';
import { Outbox1764000000400 } from './migrations/1764000000400-outbox.js';
import { OutboxNext1764000400410 } from './migrations/1764000400410-outbox-next.js';
import { OutboxHolds1764000000710 } from './migrations/1764000000710-outbox-holds.js';
import { OutboxFailures1764000700310 } from './migrations/1764000700310-outbox-failures.js';
import { OutboxRequest1764000300410 } from './migrations/1764000300410-outbox-request.js';
import { OutboxLists1764000400420 } from './migrations/1764000400420-outbox-lists.js';
import { OutboxRefusals1764000200610 } from './migrations/1764000200610-outbox-refusals.js';
import { LanesFailing1764000700410 } from './migrations/1764000700410-lanes-failing.js';
import { OutboxFailedLately1764000810300 } from './migrations/1764000810300-outbox-failed-lately.js';
import { OutboxOldest1764000960100 } from './migrations/1764000960100-outbox-oldest.js';
import { OutboxCleaning } from './outbox-cleaning.js';
import { LaneWakes } from './lane-wakes.js';
import { OutboxEntity, OutboxLaneEntity } from './outbox.entity.js';
import { OutboxLanes } from './outbox-lanes.js';
import { OutboxFlusher } from './outbox.flusher.js';
import { OutboxPackers } from './outbox-packer.js';
import { OutboxService } from './outbox.service.js';
import { outboxGauges } from './outbox.gauges.js';
import { outboxHolding } from './outbox.holding.js';

/** Entities and migrations of this folder. */
export const outboxSchema: Schema = {
  entities: [OutboxEntity, OutboxLaneEntity],
  holdings: [outboxHolding],
  gauges: outboxGauges,
  migrations: [
    Outbox1764000000400,
    OutboxHolds1764000000710,
    OutboxRefusals1764000200610,
    OutboxRequest1764000300410,
    OutboxNext1764000400410,
    OutboxLists1764000400420,
    LanesFailing1764000700410,
    OutboxFailures1764000700310,
    OutboxFailedLately1764000810300,
    OutboxOldest1764000960100,
  ],
};

/** The outbox: rows to send to the CRM. */
@Module({
  imports: [ConnectionsModule],
  providers: [OutboxPackers, LaneWakes, OutboxService, OutboxLanes, OutboxFlusher, DirectSender, OutboxCleaning],
  exports: [OutboxPackers, OutboxService, DirectSender],
})
export class OutboxModule {}
