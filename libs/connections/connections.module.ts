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
import { ConnectionsBaseline1765000000700 } from './migrations/1765000000700-connections-baseline.js';
import { Activity, ActivityStore } from './activity/index.js';
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
  migrations: [ConnectionsBaseline1765000000700],
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
