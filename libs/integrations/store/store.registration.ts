import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { IntegrationsInput } from '#crm-client/wire';
import type { Connection } from '#connections';
import { type RegistrationPart, RegistrationParts } from '#onboarding';
import { StoreProviders } from './store-providers.js';

/** Paths of the callbacks below the base URL. */
const PATHS = {
  inventoriesUpload: '/store/inventories-upload',
  inventoriesActualize: '/store/inventories-actualize',
} as const;

/** What the CRM is told a warehouse module can do: derived from the provider and the connection's settings (reference: StoreConfiguration). */
@Injectable()
export class StoreRegistration implements RegistrationPart, OnModuleInit {
  readonly integration = 'store';
  readonly scopes = ['store_read', 'store_write'];

  constructor(
    private readonly providers: StoreProviders,
    private readonly parts: RegistrationParts,
  ) {}

  onModuleInit(): void {
    this.parts.add(this);
  }

  build(connection: Connection): IntegrationsInput {
    const provider = this.providers.of(connection);
    const callPoints = provider.manifest.listCallPoints(connection.settings);
    const codes = (['inventoriesUpload', 'inventoriesActualize'] as const).filter(
      (code) => code === 'inventoriesUpload' || provider.reserve !== undefined,
    );
    return { store: { actions: codes.map((code) => ({ code, url: PATHS[code], callPoints: [...callPoints[code]] })) } };
  }
}
