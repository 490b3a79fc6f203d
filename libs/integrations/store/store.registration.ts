import type { StoreProvider } from './port/index.js';
import { InjectProviders, type Providers } from '#integration-kit';
import { Injectable } from '@nestjs/common';
import type { IntegrationsInput } from '#crm-client/wire';
import type { Connection } from '#connections';
import type { RegistrationPart } from '#onboarding';

/** Paths of the callbacks below the base URL. */
const PATHS = {
  inventoriesUpload: '/store/inventories-upload',
  inventoriesActualize: '/store/inventories-actualize',
} as const;

/** What the CRM is told a warehouse module can do: derived from the provider and the connection's settings (reference: StoreConfiguration). */
@Injectable()
export class StoreRegistration implements RegistrationPart {
  readonly integration = 'store';
  readonly scopes = ['store_read', 'store_write'];

  constructor(@InjectProviders('store') private readonly providers: Providers<StoreProvider>) {}

  build(connection: Connection): IntegrationsInput {
    const provider = this.providers.of(connection);
    const callPoints = provider.manifest.listCallPoints(connection.settings);
    const codes = (['inventoriesUpload', 'inventoriesActualize'] as const).filter(
      (code) => code === 'inventoriesUpload' || provider.reserve !== undefined,
    );
    return { store: { actions: codes.map((code) => ({ code, url: PATHS[code], callPoints: [...callPoints[code]] })) } };
  }
}
