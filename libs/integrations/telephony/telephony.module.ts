import { type DynamicModule, Global, Module } from '@nestjs/common';
import { type ProviderService, registryModule } from '#connections';
import type { Schema } from '#platform';
import { CallJournal } from './call-journal.js';
import { CallOperations } from './call-operations.js';
import { CallEventPacker, CallsPacker } from './call.packers.js';
import { CallSites } from './call-sites.js';
import { CallPersonalData1764000200730 } from './migrations/1764000200730-call-personal-data.js';
import { Telephony1764000000700 } from './migrations/1764000000700-telephony.js';
import { PersonalPageService } from './page/personal-page.service.js';
import type { TelephonyProvider } from './port/index.js';
import { RecordController } from './record.controller.js';
import { RecordLinks } from './record-links.js';
import { TelephonyCallbacksController } from './telephony-callbacks.controller.js';
import { CallEntity, ListenerEntity, UserStatusEntity } from './telephony.entity.js';
import { TelephonyListeners } from './telephony-listeners.service.js';
import { TelephonyOperatorController } from './telephony-operator.controller.js';
import { TelephonyProviders } from './telephony-providers.js';
import { TelephonyRegistration } from './telephony.registration.js';
import { TelephonyService } from './telephony.service.js';
import { UserStatusesService } from './user-statuses.service.js';

/** Entities and migrations of this folder. */
export const telephonySchema: Schema = {
  entities: [CallEntity, ListenerEntity, UserStatusEntity],
  migrations: [Telephony1764000000700, CallPersonalData1764000200730],
};

/** The providers, apart from the integration: what modules there are follows from them. */
@Global()
@Module({})
export class TelephonyProvidersModule {
  static forRoot(adapters: readonly TelephonyProvider[], services: readonly ProviderService<TelephonyProvider>[]): DynamicModule {
    return registryModule(TelephonyProvidersModule, TelephonyProviders, adapters, services);
  }
}

/** The telephony integration. */
@Module({
  controllers: [TelephonyCallbacksController, TelephonyOperatorController, RecordController],
  providers: [
    CallSites,
    RecordLinks,
    CallEventPacker,
    CallsPacker,
    CallJournal,
    CallOperations,
    UserStatusesService,
    TelephonyService,
    TelephonyListeners,
    TelephonyRegistration,
    PersonalPageService,
  ],
})
export class TelephonyModule {}
