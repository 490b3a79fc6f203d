import type { TelephonyProvider } from './port/index.js';
import { InjectProviders, type Providers } from '#integration-kit';
import { Injectable } from '@nestjs/common';
import type { IntegrationsInput } from '#crm-client/wire';
import type { Connection } from '#connections';
import type { RegistrationPart } from '#onboarding';

/** Paths of the callbacks below the base URL. */
const PATHS = {
  makeCallUrl: '/telephony/make-call',
  changeUserStatusUrl: '/telephony/user-status',
  personalAccountUrl: '/telephony/account',
};

/** What the CRM is told a telephony module can do: derived from the provider and the connection's settings (reference: TelephonyConfiguration). */
@Injectable()
export class TelephonyRegistration implements RegistrationPart {
  readonly integration = 'telephony';
  readonly scopes = ['telephony_read', 'telephony_write'];
  /** `allowEdit` lets users be given codes in the CRM. */
  readonly shopChoices = ['telephony.additionalCodes'] as const;

  constructor(@InjectProviders('telephony') private readonly providers: Providers<TelephonyProvider>) {}

  build(connection: Connection): IntegrationsInput {
    const provider = this.providers.of(connection);
    const { manifest } = provider;
    const { settings } = connection;
    const listens = provider.listen !== undefined;
    return {
      telephony: {
        ...(provider.call && { makeCallUrl: PATHS.makeCallUrl }),
        // Recorded in any case, so that the PBX learns it when it can.
        changeUserStatusUrl: PATHS.changeUserStatusUrl,
        personalAccountUrl: PATHS.personalAccountUrl,
        // Users may be given codes in the CRM too.
        allowEdit: true,
        inputEventSupported: listens && manifest.events.incoming,
        outputEventSupported: listens && manifest.events.outgoing,
        hangupEventSupported: listens && manifest.events.hangup,
        additionalCodes: manifest.listExtensions(settings).flatMap(({ code, userId }) => (userId === undefined ? [] : [{ userId, code }])),
        externalPhones: manifest.listExternalPhones(settings).map(({ siteCode, phone }) => ({ siteCode, externalPhone: phone })),
      },
    };
  }
}
