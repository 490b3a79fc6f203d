import { Module } from '@nestjs/common';
import { ConnectionsModule } from '#connections';
import type { Schema } from '#platform';
import { BeaconService } from './beacon.service.js';
import { WebvisitsBaseline1765000002100 } from './migrations/1765000002100-webvisits-baseline.js';
import { SiteController } from './site.controller.js';
import { VisitorsOperatorController } from './visitors-operator.controller.js';
import { VisitsPurge } from './visits-purge.js';
import { VisitsReport } from './visits-report.js';
import { VisitsStore } from './visits-store.js';
import { WebvisitsLinkEntity, WebvisitsPageEntity, WebvisitsVisitEntity, WebvisitsVisitorEntity } from './webvisits.entity.js';
import { WebvisitsProvider } from './webvisits.provider.js';
import { visitsData } from './webvisits.data.js';

/** Entities and migrations of this folder. */
export const webvisitsSchema: Schema = {
  entities: [WebvisitsVisitorEntity, WebvisitsLinkEntity, WebvisitsVisitEntity, WebvisitsPageEntity],
  accountData: [visitsData],
  migrations: [WebvisitsBaseline1765000002100],
};

/** The web visits service. Needs WebAnalytics from the integration. */
@Module({
  imports: [ConnectionsModule],
  controllers: [VisitorsOperatorController, SiteController],
  providers: [VisitsStore, BeaconService, VisitsPurge, VisitsReport, WebvisitsProvider],
  exports: [WebvisitsProvider],
})
export class WebvisitsModule {}
