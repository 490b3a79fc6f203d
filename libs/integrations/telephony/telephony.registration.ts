import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import type { IntegrationsInput } from '#crm-client/wire';
import { InjectProviders, type Providers } from '#integration-kit';
import type { RegistrationContributor } from '#onboarding';
import { Database } from '#platform';
import type { TelephonyProvider } from './port/index.js';
import { CALLBACK_PATHS } from './telephony.paths.js';

/**
 * Registers a telephony module's capabilities by provider and settings (reference: TelephonyConfiguration).
 */
@Injectable()
export class TelephonyRegistration implements RegistrationContributor {
  readonly integration = 'telephony';
  readonly scopes = ['telephony_read', 'telephony_write'];
  /** With `allowEdit` users can be given codes in the CRM. */
  readonly shopChoices = ['telephony.additionalCodes'] as const;

  constructor(
    @InjectProviders('telephony') private readonly providers: Providers<TelephonyProvider>,
    private readonly database: Database,
  ) {}

  async isUsed({ id }: Connection): Promise<boolean> {
    return (await this.database.query('SELECT 1 FROM telephony_call WHERE connection_id = $1 LIMIT 1', [id])).length > 0;
  }

  build(connection: Connection): IntegrationsInput {
    const manifest = this.providers.getManifest(connection);
    const { settings } = connection;
    const hears = this.providers.has(connection, 'listen') || this.providers.has(connection, 'webhook');
    const { makeCallUrl, ...always } = CALLBACK_PATHS;
    return {
      telephony: {
        ...(this.providers.has(connection, 'call') && { makeCallUrl }),
        // A status is stored in any case, and sent to the PBX when possible.
        ...always,
        allowEdit: manifest.codesEditable?.(settings) ?? true,
        inputEventSupported: hears && manifest.events.incoming,
        outputEventSupported: hears && manifest.events.outgoing,
        hangupEventSupported: hears && manifest.events.hangup,
        additionalCodes: manifest.listExtensions(settings).flatMap(({ code, userId }) => (userId === undefined ? [] : [{ userId, code }])),
        externalPhones: manifest.listExternalPhones(settings).map(({ siteCode, phone }) => ({ siteCode, externalPhone: phone })),
      },
    };
  }
}
