import { defineIntegration } from '#integration-kit';
import { telephonyReplies } from './telephony-replies.js';
import { CallHistory } from './call-history.js';
import { CallOperations } from './call-operations.js';
import { CallEventPacker, CallsPacker } from './call.packers.js';
import { CallSites } from './call-sites.js';
import { CallerManagers } from './caller-managers.js';
import { TelephonyBaseline1765000001400 } from './migrations/1765000001400-telephony-baseline.js';
import { CatchUpStore } from './catch-up-store.js';
import { Extensions } from './extensions.js';
import { LineOpener } from './line-opener.js';
import { ListenerLeases } from './listener-leases.js';
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
import { callsData } from './telephony.data.js';
import { CallStoryReader } from './call.story-reader.js';
import { CallWidget } from './call.widget.js';

/** The telephony integration. */
export const telephony = defineIntegration<TelephonyProvider>({
  code: 'telephony',
  replies: telephonyReplies,
  controllers: [TelephonyCallbacksController, PersonalPageController, RecordController],
  services: [
    ...[CallSites, RecordLinks, CallHistory, Extensions, PersonalPageService],
    ...[ListenerLeases, LineOpener, CallerManagers, PlacedCalls, CatchUpStore, StaleCalls],
  ],
  registration: TelephonyRegistration,
  storyReader: CallStoryReader,
  widgets: CallWidget,
  callPlacer: TelephonyService,
  webhooks: TelephonyWebhooksService,
  packers: [CallEventPacker, CallsPacker],
  operations: [CallOperations],
  jobs: [UserStatusesService, TelephonyListeners, TelephonyCatchUp, TelephonyRecords, TelephonyRetention],
  operatorLists: [TelephonyOperatorController],
  entities: [CallEntity, CatchUpEntity, ListenerEntity, UserStatusEntity],
  accountData: [callsData],
  migrations: [TelephonyBaseline1765000001400],
});
