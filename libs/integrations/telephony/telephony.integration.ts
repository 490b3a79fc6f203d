import { defineIntegration } from '#integration-kit';
import { telephonyReplies } from './telephony-replies.js';
import { CallJournal } from './call-journal.js';
import { CallOperations } from './call-operations.js';
import { CallEventPacker, CallsPacker } from './call.packers.js';
import { CallSites } from './call-sites.js';
import { CallerManagers } from './caller-managers.js';
import { CallPersonalData1764000200730 } from './migrations/1764000200730-call-personal-data.js';
import { CallLists1764000400700 } from './migrations/1764000400700-call-lists.js';
import { CatchUpStore } from './catch-up-store.js';
import { CallRecords1764000500710 } from './migrations/1764000500710-call-records.js';
import { CallRetention1764000400710 } from './migrations/1764000400710-call-retention.js';
import { Telephony1764000000700 } from './migrations/1764000000700-telephony.js';
import { Extensions } from './extensions.js';
import { LineOpener } from './line-opener.js';
import { ListenerLeases } from './listener-leases.js';
import { TelephonyWebhooks1764000500700 } from './migrations/1764000500700-telephony-webhooks.js';
import { PersonalPageController } from './page/personal-page.controller.js';
import { PersonalPageService } from './page/personal-page.service.js';
import { PlacedCalls } from './placed-calls.js';
import type { TelephonyProvider } from './port/index.js';
import { RecordController } from './record.controller.js';
import { RecordLinks } from './record-links.js';
import { StaleCalls } from './stale-calls.js';
import { TelephonyCallbacksController } from './telephony-callbacks.controller.js';
import { CallEntity, CatchUpEntity, ListenerEntity, UserStatusEntity } from './telephony.entity.js';
import { TelephonyCatchUp } from './telephony-catchup.js';
import { TelephonyListeners } from './telephony-listeners.service.js';
import { TelephonyOperatorController } from './telephony-operator.controller.js';
import { TelephonyRecords } from './telephony-records.js';
import { TelephonyRegistration } from './telephony.registration.js';
import { TelephonyRetention } from './telephony-retention.js';
import { TelephonyService } from './telephony.service.js';
import { TelephonyWebhooksService } from './telephony-webhooks.service.js';
import { UserStatusesService } from './user-statuses.service.js';
import { callsHolding } from './telephony.holding.js';
import { CallTeller } from './call.teller.js';
import { CallSearch1764000700342 } from './migrations/1764000700342-call-search.js';

/** The telephony integration. */
export const telephony = defineIntegration<TelephonyProvider>({
  code: 'telephony',
  replies: telephonyReplies,
  controllers: [TelephonyCallbacksController, PersonalPageController, RecordController],
  services: [
    ...[CallSites, RecordLinks, CallJournal, Extensions, TelephonyService, PersonalPageService],
    ...[ListenerLeases, LineOpener, CallerManagers, PlacedCalls, CatchUpStore, StaleCalls],
  ],
  registration: TelephonyRegistration,
  teller: CallTeller,
  webhooks: TelephonyWebhooksService,
  packers: [CallEventPacker, CallsPacker],
  operations: [CallOperations],
  jobs: [UserStatusesService, TelephonyListeners, TelephonyCatchUp, TelephonyRecords, TelephonyRetention],
  operatorLists: [TelephonyOperatorController],
  entities: [CallEntity, CatchUpEntity, ListenerEntity, UserStatusEntity],
  holdings: [callsHolding],
  migrations: [
    ...[Telephony1764000000700, CallPersonalData1764000200730, CallLists1764000400700, CallRetention1764000400710, CallSearch1764000700342],
    ...[TelephonyWebhooks1764000500700, CallRecords1764000500710],
  ],
});
