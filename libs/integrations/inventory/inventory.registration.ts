import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import type { IntegrationsInput } from '#crm-client/wire';
import { InjectProviders, type Providers } from '#integration-kit';
import type { RegistrationContributor } from '#onboarding';
import type { StoreProvider } from './port/index.js';
import { ReservationStore } from './reservation-store.js';
import { CALLBACK_PATHS } from './inventory.paths.js';

/** Registers a warehouse module's capabilities by provider and settings (reference: StoreConfiguration). */
@Injectable()
export class InventoryRegistration implements RegistrationContributor {
  readonly integration = 'store';
  readonly scopes = ['store_read', 'store_write'];

  constructor(
    @InjectProviders('store') private readonly providers: Providers<StoreProvider>,
    private readonly reservations: ReservationStore,
  ) {}

  isUsed(connection: Connection): Promise<boolean> {
    return this.reservations.hasAny(connection);
  }

  build(connection: Connection): IntegrationsInput {
    const callPoints = this.providers.getManifest(connection).listCallPoints(connection.settings);
    const codes = (['inventoriesUpload', 'inventoriesActualize'] as const).filter(
      (code) => code === 'inventoriesUpload' || this.providers.has(connection, 'reserve'),
    );
    return { store: { actions: codes.map((code) => ({ code, url: CALLBACK_PATHS[code], callPoints: [...callPoints[code]] })) } };
  }
}
