import { Module, type OnModuleInit } from '@nestjs/common';
import { JournalModule } from '#journal';
import { ConnectionsModule } from '#connections';
import { OutboxModule, OutboxPackers } from '#outbox';
import { AccountErasure } from './account-erasure.js';
import { AccountNotices } from './account-notices.js';
import { AccountSessions } from './account-sessions.js';
import { AccountSettingsService } from './account-settings.service.js';
import { AccountService } from './account.service.js';
import { ActivityService } from './activity.service.js';
import { BuyersService } from './buyers.service.js';
import { ConnectingService } from './connecting.service.js';
import { FirstStepsService } from './first-steps.service.js';
import { ServiceWatch } from './service-watch.js';
import { InstancesService } from './instances.service.js';
import { CrmValues } from './crm-values.js';
import { DraftsService } from './drafts.service.js';
import { HealthProbes } from './health-probes.js';
import { ImportService } from './import.service.js';
import { LeavingService } from './leaving.service.js';
import { Lookups } from './lookups.js';
import { NotificationPacker } from './notification.packer.js';
import { OperatorWebhook } from './operator-webhook.js';
import { ProviderUpkeep } from './provider-upkeep.js';
import { RegistrationCheck } from './registration-check.js';
import { RegistrationParts } from './registration-parts.js';
import { RegistrationPacker } from './registration.packer.js';
import { RegistrationService } from './registration.service.js';
import { RetiredConnections } from './retired-connections.js';
import { RulesParts } from './rules-parts.js';
import { RulesService } from './rules.service.js';
import { ServiceCheck } from './service-check.js';
import { ServiceLinks } from './service-links.js';
import { ServiceProviders } from './service-providers.js';
import { SimpleConnectionService } from './simple-connection.service.js';

const services = [
  RegistrationParts,
  RulesParts,
  ServiceProviders,
  ServiceCheck,
  ServiceLinks,
  CrmValues,
  Lookups,
  RegistrationService,
  RegistrationCheck,
  ConnectingService,
  SimpleConnectionService,
  ImportService,
  ActivityService,
  RetiredConnections,
  LeavingService,
  BuyersService,
  AccountSettingsService,
  AccountService,
  AccountSessions,
  DraftsService,
  FirstStepsService,
  InstancesService,
  RulesService,
  AccountNotices,
  ServiceWatch,
  OperatorWebhook,
];

/** Connects accounts, and stores their settings. */
@Module({
  imports: [JournalModule, ConnectionsModule, OutboxModule],
  providers: [...services, AccountErasure, ProviderUpkeep, HealthProbes, RegistrationPacker, NotificationPacker],
  exports: services,
})
export class OnboardingModule implements OnModuleInit {
  constructor(
    private readonly packers: OutboxPackers,
    private readonly registration: RegistrationPacker,
    private readonly notification: NotificationPacker,
  ) {}

  /** Registers its packers, like IntegrationModule does for an integration. */
  onModuleInit(): void {
    for (const packer of [this.registration, this.notification]) this.packers.add<never>(packer);
  }
}
