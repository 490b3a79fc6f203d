import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD, APP_PIPE, DiscoveryModule } from '@nestjs/core';
import { TerminusModule } from '@nestjs/terminus';
import { type Catalogue, CatalogueModule } from '#catalogue';
import { ConnectionsModule } from '#connections';
import { InboxModule } from '#inbox';
import { JournalModule } from '#journal';
import { InsightModule } from '#insight';
import { OnboardingModule } from '#onboarding';
import { OperationsModule } from '#operations';
import { OutboxModule } from '#outbox';
import { type Configuration, ParsingPipe } from '#platform';
import { ReconciliationModule } from '#reconciliation';
import { SettlementModule } from '#settlement';
import { WidgetsModule } from '#widgets';
import { AccountPageController } from './account/account-page.controller.js';
import { AccountController } from './account/account.controller.js';
import { ConsentController } from './account/consent.controller.js';
import { ConsentPagesController } from './account/consent-pages.controller.js';
import { AccountMoneyController } from './account/account-money.controller.js';
import { PageCallers } from './account/page-callers.js';
import { EmbedController } from './embed/embed.controller.js';
import { DocumentsController } from './embed/documents.controller.js';
import { UnknownFields } from './embed/unknown-fields.js';
import { HomeController } from './home/home.controller.js';
import { ReadinessController } from './readiness/readiness.controller.js';
import { OverloadGuard } from './http/overload.guard.js';
import { ActivityController } from './operator/activity.controller.js';
import { AuditController } from './operator/audit.controller.js';
import { BuyersController } from './operator/buyers.controller.js';
import { ConnectionSettingsController } from './operator/connection-settings.controller.js';
import { ConnectionsController } from './operator/connections.controller.js';
import { ConsoleController } from './operator/console.controller.js';
import { FailuresController } from './operator/failures.controller.js';
import { HealthController } from './operator/health.controller.js';
import { MoveInController } from './operator/move-in.controller.js';
import { JournalController } from './operator/journal.controller.js';
import { InboxController } from './operator/inbox.controller.js';
import { KeysController } from './operator/keys.controller.js';
import { OperationsController } from './operator/operations.controller.js';
import { MoneyController } from './operator/money.controller.js';
import { OutboxController } from './operator/outbox.controller.js';
import { LiveController } from './operator/live/live.controller.js';
import { LiveFeed } from './operator/live/live-feed.js';
import { OverviewController } from './operator/overview.controller.js';
import { ReconciliationsController } from './operator/reconciliations.controller.js';
import { StoriesController } from './operator/stories.controller.js';
import { SystemController } from './operator/system.controller.js';
import { TasksController } from './operator/tasks.controller.js';
import { UsageController } from './operator/usage.controller.js';
import { SessionController } from './operator/session.controller.js';
import { SessionsController } from './operator/sessions.controller.js';
import { ModuleSwitchController } from './simple-connection/module-switch.controller.js';
import { SimpleConnectionController } from './simple-connection/simple-connection.controller.js';
import { WebhooksController } from './webhooks/webhooks.controller.js';

/** The HTTP side of Crossdock. */
@Module({})
export class ApiModule {
  static forRoot(configuration: Configuration, catalogue: Catalogue): DynamicModule {
    return {
      module: ApiModule,
      imports: [
        CatalogueModule.forRoot(configuration, 'api', catalogue),
        ConnectionsModule,
        OperationsModule,
        InboxModule,
        JournalModule,
        OutboxModule,
        OnboardingModule,
        ReconciliationModule,
        SettlementModule,
        InsightModule,
        WidgetsModule,
        TerminusModule.forRoot({ errorLogStyle: 'json' }),
        DiscoveryModule,
      ],
      providers: [
        { provide: APP_PIPE, useClass: ParsingPipe },
        { provide: APP_GUARD, useClass: OverloadGuard },
        LiveFeed,
        PageCallers,
        UnknownFields,
      ],
      // Fixed paths must come before paths that begin with a module's code.
      controllers: [
        HomeController,
        ReadinessController,
        SessionController,
        SessionsController,
        ConsoleController,
        AuditController,
        KeysController,
        OverviewController,
        LiveController,
        ActivityController,
        UsageController,
        SystemController,
        ConnectionsController,
        ConnectionSettingsController,
        BuyersController,
        OutboxController,
        OperationsController,
        MoveInController,
        HealthController,
        InboxController,
        JournalController,
        ReconciliationsController,
        MoneyController,
        TasksController,
        FailuresController,
        StoriesController,
        WebhooksController,
        ModuleSwitchController,
        AccountPageController,
        AccountController,
        AccountMoneyController,
        ConsentController,
        ConsentPagesController,
        SimpleConnectionController,
        EmbedController,
        DocumentsController,
      ],
    };
  }
}
