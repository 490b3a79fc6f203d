import type { Connection } from '#connections';
import type { DeliveryProvider } from './port/index.js';

/** The delivery providers of this deployment, by code. The catalogue fills it. */
export class DeliveryProviders {
  private readonly byCode: ReadonlyMap<string, DeliveryProvider>;

  constructor(providers: readonly DeliveryProvider[]) {
    this.byCode = new Map(providers.map((provider) => [provider.manifest.code, provider]));
  }

  all(): DeliveryProvider[] {
    return [...this.byCode.values()];
  }

  /** The provider behind a connection's module. */
  of(connection: Connection): DeliveryProvider {
    const provider = this.byCode.get(connection.module.manifest.code);
    if (!provider) throw new Error(`module ${connection.module.code} has no delivery provider`);
    return provider;
  }
}
