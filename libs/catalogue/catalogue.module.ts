import { type DynamicModule, Global, Module } from '@nestjs/common';
import { ConnectionsModule, connectionsSchema, Modules, readModules } from '#connections';
import { DeliveryModule, DeliveryProviders, DeliveryProvidersModule, deliverySchema } from '#delivery';
import { InboxModule, inboxSchema } from '#inbox';
import { OperationsModule, operationsSchema } from '#operations';
import { OutboxModule, outboxSchema } from '#outbox';
import { cacheSchema, Environment, PlatformModule, type Schema } from '#platform';
import { type Catalogue, catalogue as everything } from './catalogue.js';

/** All tables of a deployment. */
export function schemasOf(catalogue: Catalogue = everything): Schema[] {
  return [
    cacheSchema,
    connectionsSchema,
    operationsSchema,
    inboxSchema,
    outboxSchema,
    deliverySchema,
    ...catalogue.delivery.services.map((service) => service.schema),
  ];
}

/** Everything that api and worker share, over the providers of a catalogue. */
@Global()
@Module({})
export class CatalogueModule {
  /** `name`: of the process. Its start throws EnvironmentError when the modules to host do not fit the catalogue. */
  static forRoot(environment: Environment, name: string, catalogue: Catalogue = everything): DynamicModule {
    return {
      module: CatalogueModule,
      imports: [
        PlatformModule.forRoot(environment, schemasOf(catalogue), name),
        DeliveryProvidersModule.forRoot(catalogue.delivery.adapters, catalogue.delivery.services),
        ConnectionsModule,
        OperationsModule,
        InboxModule,
        OutboxModule,
        DeliveryModule,
      ],
      providers: [{ provide: Modules, useFactory: hostedModules, inject: [Environment, DeliveryProviders] }],
      exports: [Modules, DeliveryModule],
    };
  }
}

function hostedModules(environment: Environment, delivery: DeliveryProviders): Modules {
  return readModules(
    environment,
    delivery.all().map((provider) => ({ integration: 'delivery', manifest: provider.manifest })),
  );
}
