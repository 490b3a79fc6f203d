import { Module } from '@nestjs/common';
import { ConnectionsModule } from '#connections';
import { InboxModule } from '#inbox';
import { JournalModule } from '#journal';
import { OperationsModule } from '#operations';
import { OnboardingModule } from '#onboarding';
import { OutboxModule } from '#outbox';
import { ReconciliationModule } from '#reconciliation';
import { ActivityService } from './activity/activity.service.js';
import { AccountOverviews } from './account/account-overviews.js';
import { AccountWatch } from './account/account-watch.js';
import { FailuresService } from './failures/failures.service.js';
import { FailuresTasks } from './failures/failures.tasks.js';
import { OverviewService } from './overview/overview.service.js';
import { SearchService } from './search/search.service.js';
import { ShopFiguresReader } from './shops/shop-figures.js';
import { StoryService } from './story/story.service.js';
import { StoryReaders } from './story-reader.js';

/** Operators' views of the data: overview, failures, search, stories. */
@Module({
  imports: [JournalModule, ConnectionsModule, OperationsModule, InboxModule, OutboxModule, OnboardingModule, ReconciliationModule],
  providers: [
    AccountOverviews,
    AccountWatch,
    ActivityService,
    FailuresService,
    FailuresTasks,
    OverviewService,
    SearchService,
    ShopFiguresReader,
    StoryService,
    StoryReaders,
  ],
  exports: [
    AccountOverviews,
    AccountWatch,
    ActivityService,
    FailuresService,
    OverviewService,
    SearchService,
    ShopFiguresReader,
    StoryService,
    StoryReaders,
  ],
})
export class InsightModule {}
