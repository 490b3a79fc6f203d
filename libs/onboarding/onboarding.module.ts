import { Module, type OnModuleInit } from '@nestjs/common';
import { JournalModule } from '#journal';
import { ConnectionsModule } from '#connections';
import { OutboxModule, OutboxPackers } from '#outbox';
import { ConsentUpkeep } from './consents/consent-upkeep.js';
import { Consents } from './consents/consents.service.js';
import { AccountChanges } from './changes/account-changes.js';
import { WaitingRows } from './changes/waiting-rows.js';
import { AccountErasure } from './erasure/account-erasure.js';
import { AccountNotices } from './notices/account-notices.js';
import { AccountSessions } from './account-page/account-sessions.js';
import { AccountSettingsService } from './crm-settings/account-settings.service.js';
import { AccountService } from './account-page/account.service.js';
import { ModuleSwitchService } from './connecting/module-switch.service.js';
import { BuyersService } from './personal-data/buyers.service.js';
import { ConnectingService } from './connecting/connecting.service.js';
import { FirstStepsService } from './account-page/first-steps.service.js';
import { ProviderWatch } from './provider-setup/provider-watch.js';
import { InstancesService } from './connecting/instances.service.js';
import { CrmValues } from './crm-lists/crm-values.js';
import { DraftsService } from './drafts/drafts.service.js';
import { ConnectionChecks } from './health-checks/connection-checks.js';
import { MoveInService } from './connecting/move-in.service.js';
import { LeavingService } from './connecting/leaving.service.js';
import { Lookups } from './account-page/lookups.js';
import { NotificationPacker } from './notices/notification.packer.js';
import { OperatorWebhook } from './notices/operator-webhook.js';
import { ProviderUpkeep } from './provider-setup/provider-upkeep.js';
import { RegistrationChanges } from './registration/registration-changes.js';
import { RegistrationCheck } from './registration/registration-check.js';
import { RegistrationContributors } from './contributors/registration-contributors.js';
import { RegistrationPacker } from './registration/registration.packer.js';
import { ModuleScopes } from './registration/module-scopes.js';
import { RegistrationService } from './registration/registration.service.js';
import { RetiredConnections } from './registration/retired-connections.js';
import { RulesContributors } from './contributors/rules-contributors.js';
import { RulesService } from './rules/rules.service.js';
import { SettingsCheck } from './provider-setup/settings-check.js';
import { SetupChanges } from './provider-setup/setup-changes.js';
import { ProviderSetups } from './provider-setup/provider-setups.js';
import { AllProviders } from './provider-setup/all-providers.js';
import { SimpleConnectionService } from './connecting/simple-connection.service.js';

const services = [
  AccountChanges,
  RegistrationContributors,
  RulesContributors,
  AllProviders,
  SettingsCheck,
  ProviderSetups,
  Consents,
  CrmValues,
  Lookups,
  ModuleScopes,
  RegistrationService,
  RegistrationCheck,
  ConnectingService,
  SimpleConnectionService,
  MoveInService,
  ModuleSwitchService,
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
  ProviderWatch,
  OperatorWebhook,
];

/** Connects accounts, and stores their settings. */
@Module({
  imports: [JournalModule, ConnectionsModule, OutboxModule],
  providers: [
    ...services,
    SetupChanges,
    RegistrationChanges,
    WaitingRows,
    AccountErasure,
    ProviderUpkeep,
    ConsentUpkeep,
    ConnectionChecks,
    RegistrationPacker,
    NotificationPacker,
  ],
  exports: services,
})
export class OnboardingModule implements OnModuleInit {
  constructor(
    private readonly packers: OutboxPackers,
    private readonly registration: RegistrationPacker,
    private readonly notification: NotificationPacker,
    private readonly changes: AccountChanges,
    private readonly setupChanges: SetupChanges,
    private readonly registrationChanges: RegistrationChanges,
    private readonly waitingRows: WaitingRows,
    private readonly erasure: AccountErasure,
  ) {}

  /** Registers its packers, like IntegrationModule does for an integration, and the listeners of changes. */
  onModuleInit(): void {
    for (const packer of [this.registration, this.notification]) this.packers.add<never>(packer);
    // All changes lock rows in this order: the connection, its set-up, the outbox.
    this.changes.add(this.setupChanges, this.registrationChanges, this.waitingRows, this.erasure);
  }
}
