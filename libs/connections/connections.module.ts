import { Module } from '@nestjs/common';
import { JournalModule } from '#journal';
import type { Schema } from '#platform';
import { AccountDraftEntity } from './account-draft.entity.js';
import { DraftStore } from './draft-store.js';
import { ConnectionEntity } from './connection.entity.js';
import { ConnectionServiceEntity } from './connection-service.entity.js';
import { ConnectionSecrets } from './connection-secrets.js';
import { ConnectionStore } from './connection-store.js';
import { CrmClients, crmLimiter } from './crm-clients.js';
import { Connections1764000000100 } from './migrations/1764000000100-connections.js';
import { RefusedCredentials1764000000720 } from './migrations/1764000000720-refused-credentials.js';
import { RegistrationReply1764000200100 } from './migrations/1764000200100-registration-reply.js';
import { SwitchedOnAgain1764000200740 } from './migrations/1764000200740-switched-on-again.js';
import { LiveConnections1764000300100 } from './migrations/1764000300100-live-connections.js';
import { Overload1764000200810 } from './migrations/1764000200810-overload.js';
import { ConnectionService1764000500100 } from './migrations/1764000500100-connection-service.js';
import { Instances1764000600100 } from './migrations/1764000600100-instances.js';
import { CombinedModules1764000600200 } from './migrations/1764000600200-combined-modules.js';
import { Disconnected1764000600300 } from './migrations/1764000600300-disconnected.js';
import { AccountRules1764000600400 } from './migrations/1764000600400-account-rules.js';
import { ConnectionHosts1764000700350 } from './migrations/1764000700350-connection-hosts.js';
import { Shadow1764000600500 } from './migrations/1764000600500-shadow.js';
import { Health1764000700200 } from './migrations/1764000700200-health.js';
import { HealthReasons1764000700600 } from './migrations/1764000700600-health-reasons.js';
import { ConnectionErasure1764000600310 } from './migrations/1764000600310-connection-erasure.js';
import { Activity1764000810200 } from './migrations/1764000810200-activity.js';
import { AccountNames1764000971000 } from './migrations/1764000971000-account-names.js';
import { ConnectionFailures1764000960200 } from './migrations/1764000960200-connection-failures.js';
import { RetiredModules1764000973000 } from './migrations/1764000973000-retired-modules.js';
import { HangingCalls1764000982000 } from './migrations/1764000982000-hanging-calls.js';
import { CompiledSettings1764000990000 } from './migrations/1764000990000-compiled-settings.js';
import { NotSetUp1764000978000 } from './migrations/1764000978000-not-set-up.js';
import { Activity, ActivityStore } from './activity/index.js';
import { AccountDraft1764000820100 } from './migrations/1764000820100-account-draft.js';
import { ConnectionErasureEntity } from './connection-erasure.entity.js';
import { ConnectionProbeEntity, CrmWatch, HealthChangeEntity, HealthStore, OperatorMessageEntity } from './health/index.js';
import { ErasureStore } from './erasure-store.js';
import { ImportKinds } from './import-kinds.js';
import { KeyCheck } from './key-check.js';
import { ProviderContexts } from './provider-contexts.js';
import { RefusedCalls } from './refused-calls.js';
import { ServingProcesses } from './serving-processes.js';
import { SharedCache } from './provider-cache/index.js';
import { SystemUrls } from './system-urls.js';
import { connectionsGauges } from './connections.gauges.js';
import { connectionsHolding } from './connections.holding.js';
import { compiledSealed, connectionsSealed, draftsSealed } from './connections.sealed.js';

/** Entities and migrations of this folder. */
export const connectionsSchema: Schema = {
  entities: [
    ConnectionEntity,
    ConnectionServiceEntity,
    ConnectionErasureEntity,
    AccountDraftEntity,
    HealthChangeEntity,
    OperatorMessageEntity,
    ConnectionProbeEntity,
  ],
  holdings: [connectionsHolding],
  gauges: connectionsGauges,
  sealed: [connectionsSealed, compiledSealed, draftsSealed],
  migrations: [
    Connections1764000000100,
    RefusedCredentials1764000000720,
    RegistrationReply1764000200100,
    SwitchedOnAgain1764000200740,
    Overload1764000200810,
    LiveConnections1764000300100,
    ConnectionService1764000500100,
    Instances1764000600100,
    CombinedModules1764000600200,
    Disconnected1764000600300,
    ConnectionErasure1764000600310,
    AccountRules1764000600400,
    Shadow1764000600500,
    Health1764000700200,
    HealthReasons1764000700600,
    ConnectionHosts1764000700350,
    Activity1764000810200,
    AccountDraft1764000820100,
    ConnectionFailures1764000960200,
    AccountNames1764000971000,
    RetiredModules1764000973000,
    NotSetUp1764000978000,
    HangingCalls1764000982000,
    CompiledSettings1764000990000,
  ],
};

const services = [
  Activity,
  ActivityStore,
  ConnectionStore,
  ErasureStore,
  DraftStore,
  ConnectionSecrets,
  CrmClients,
  ProviderContexts,
  SystemUrls,
  HealthStore,
  CrmWatch,
  RefusedCalls,
  ImportKinds,
  KeyCheck,
  ServingProcesses,
];

/** Accounts that have a module. Requires `HostedModules`, which the catalogue adds to the platform. */
@Module({
  imports: [JournalModule],
  providers: [crmLimiter, SharedCache, ...services],
  exports: [SharedCache, ...services],
})
export class ConnectionsModule {}
