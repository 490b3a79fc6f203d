import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import { InjectProviders, type Providers } from '#integration-kit';
import { normalisePhone } from '#platform';
import type { TelephonyProvider } from './port/index.js';
import type { CallPlace } from './reply-mapper.js';
import type { CallEntity } from './telephony.entity.js';

/** Finds the shop that a call belongs to. */
@Injectable()
export class CallSites {
  constructor(@InjectProviders('telephony') private readonly providers: Providers<TelephonyProvider>) {}

  /**
   * Returns the shop from the PBX. Otherwise returns the shop of the company's number, if the settings
   * contain it.
   */
  findPlace(connection: Connection, call: Pick<CallEntity, 'externalPhone' | 'details'>): CallPlace {
    if (call.details?.site) return { site: call.details.site };
    if (!call.externalPhone) return {};
    const manifest = this.providers.getManifest(connection);
    const country = manifest.readCountry(connection.settings);
    const site = manifest
      .listExternalPhones(connection.settings)
      .findLast(({ phone }) => normalisePhone(phone, country) === call.externalPhone)?.siteCode;
    return site ? { site } : {};
  }
}
