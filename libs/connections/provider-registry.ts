import type { DynamicModule, Type } from '@nestjs/common';
import { CallbackError } from '#platform';
import { ProviderError, type ProviderManifest } from '#provider-kit';
import type { Connection } from './connection-store.js';
import { CredentialsWatch } from './credentials-watch.js';

/** The providers of one integration in this deployment, by code. The catalogue fills it. */
export abstract class ProviderRegistry<Provider extends { readonly manifest: ProviderManifest<object> }> {
  private readonly byCode: ReadonlyMap<string, Provider>;

  constructor(
    providers: readonly Provider[],
    private readonly credentials: CredentialsWatch,
  ) {
    this.byCode = new Map(providers.map((provider) => [provider.manifest.code, provider]));
  }

  all(): Provider[] {
    return [...this.byCode.values()];
  }

  /** The provider behind a connection's module; what it says of the credentials is watched. Throws CallbackError 404 when the module is of another integration. */
  of(connection: Connection): Provider {
    const provider = this.byCode.get(connection.module.manifest.code);
    if (!provider) throw new CallbackError(404, `The module "${connection.module.code}" does not take this callback.`);
    return this.credentials.over(connection, provider);
  }

  /** The same with a method it may lack. Throws ProviderError `rejected` when it does. */
  need<Method extends keyof Provider>(connection: Connection, method: Method): Provider & Required<Pick<Provider, Method>> {
    const provider = this.of(connection);
    if (!provider[method]) throw new ProviderError('rejected', `${connection.module.name} cannot do this.`);
    return provider as Provider & Required<Pick<Provider, Method>>;
  }
}

/** A provider of our own: a Nest module that exports its provider's class. */
export interface ProviderService<Provider> {
  module: Type;
  provider: Type<Provider>;
}

/** What an integration's providers module gives the application: its registry, filled with adapters and services of ours. */
export function registryModule<Provider>(
  module: Type,
  registry: Type & (new (providers: readonly Provider[], credentials: CredentialsWatch) => object),
  adapters: readonly Provider[],
  services: readonly ProviderService<Provider>[],
): DynamicModule {
  return {
    module,
    imports: services.map((service) => service.module),
    providers: [
      {
        provide: registry,
        useFactory: (credentials: CredentialsWatch, ...own: Provider[]) => new registry([...adapters, ...own], credentials),
        inject: [CredentialsWatch, ...services.map((service) => service.provider)],
      },
    ],
    exports: [registry],
  };
}
