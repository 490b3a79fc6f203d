import { Module } from '@nestjs/common';
import { JournalModule } from '#journal';
import type { Schema } from '#platform';
import { AccountDraftEntity } from './drafts/account-draft.entity.js';
import { DraftStore } from './drafts/draft-store.js';
import { ConnectionEntity } from './connection.entity.js';
import { ProviderSetupEntity } from './provider-setup.entity.js';
import { ConnectionSecrets } from './connection-secrets.js';
import { AccountReadings } from './account/account-readings.js';
import { ActivationStore } from './account/activation-store.js';
import { InstanceStore } from './account/instance-store.js';
import { PageTokens } from './account/page-tokens.js';
import { SettingsStore } from './settings/settings-store.js';
import { SettingsCompilation } from './store/compiled-settings.js';
import { ConnectionLists } from './store/connection-lists.js';
import { ConnectionMemory } from './store/connection-memory.js';
import { ConnectionStore } from './store/connection-store.js';
import { SealedValues } from './store/sealed-values.js';
import { CrmClients, crmLimiter } from './calls/crm-clients.js';
import { ConnectionsBaseline1765000000700 } from './migrations/1765000000700-connections-baseline.js';
import { ConnectionsTerms1765000003100 } from './migrations/1765000003100-connections-terms.js';
import { ConnectionsUsage1765000005000 } from './migrations/1765000005000-connections-usage.js';
import { ConnectionsScopes1765000005300 } from './migrations/1765000005300-connections-scopes.js';
import { ConnectionsOauth1765000005720 } from './migrations/1765000005720-connections-oauth.js';
import { Traffic, TrafficStore } from './traffic/index.js';
import { Usage, UsageStore } from './usage/index.js';
import { ConnectionErasureEntity } from './connection-erasure.entity.js';
import { ConnectionCheckEntity, CrmWatch, HealthChangeEntity, HealthStore, OperatorMessageEntity, RejectedCalls } from './health/index.js';
import { AttemptStore, GrantRenewal, GrantStore, OAuthAttemptEntity, OAuthGrantEntity } from './grants/index.js';
import { ErasureStore } from './erasure/erasure-store.js';
import { MoveInKinds } from './move-in-kinds.js';
import { KeyCheck } from './key-check.js';
import { ProviderContexts } from './calls/provider-contexts.js';
import { ServingProcesses } from './serving-processes.js';
import { SharedCache } from './provider-cache/index.js';
import { SystemUrls } from './system-urls.js';
import { connectionsGauges } from './connections.gauges.js';
import { connectionsData } from './connections.data.js';
import { compiledSealed, connectionsSealed, consentsSealed, draftsSealed } from './connections.sealed.js';

/** Entities and migrations of this folder. */
export const connectionsSchema: Schema = {
  entities: [
    ConnectionEntity,
    ProviderSetupEntity,
    ConnectionErasureEntity,
    AccountDraftEntity,
    HealthChangeEntity,
    OperatorMessageEntity,
    ConnectionCheckEntity,
    OAuthGrantEntity,
    OAuthAttemptEntity,
  ],
  accountData: [connectionsData],
  gauges: connectionsGauges,
  sealed: [connectionsSealed, compiledSealed, draftsSealed, ...consentsSealed],
  migrations: [
    ConnectionsBaseline1765000000700,
    ConnectionsTerms1765000003100,
    ConnectionsUsage1765000005000,
    ConnectionsScopes1765000005300,
    ConnectionsOauth1765000005720,
  ],
};

const services = [
  Traffic,
  TrafficStore,
  Usage,
  UsageStore,
  ConnectionStore,
  ConnectionMemory,
  ConnectionLists,
  InstanceStore,
  ActivationStore,
  AccountReadings,
  PageTokens,
  SettingsStore,
  ErasureStore,
  GrantStore,
  GrantRenewal,
  AttemptStore,
  DraftStore,
  ConnectionSecrets,
  CrmClients,
  ProviderContexts,
  SystemUrls,
  HealthStore,
  CrmWatch,
  RejectedCalls,
  MoveInKinds,
  KeyCheck,
  ServingProcesses,
];

/** Accounts that have a module. Requires `HostedModules`, which the catalogue adds to the platform. */
@Module({
  imports: [JournalModule],
  providers: [crmLimiter, SharedCache, SealedValues, SettingsCompilation, ...services],
  exports: [crmLimiter, SharedCache, ...services],
})
export class ConnectionsModule {}
