import { type DynamicModule, Global, Module } from '@nestjs/common';
import { ChatModule, ChatProviders, ChatProvidersModule } from '#chat';
import { ConnectionsModule, connectionsSchema, Modules, readModules } from '#connections';
import { DeliveryModule, DeliveryProviders, DeliveryProvidersModule, deliverySchema } from '#delivery';
import { InboxModule, inboxSchema } from '#inbox';
import { OperationsModule, operationsSchema } from '#operations';
import { OutboxModule, outboxSchema } from '#outbox';
import { PaymentModule, PaymentProviders, PaymentProvidersModule, paymentSchema } from '#payment';
import { cacheSchema, Environment, PlatformModule, type Schema } from '#platform';
import { RecommendationModule, RecommendationProviders, RecommendationProvidersModule } from '#recommendation';
import { StoreModule, StoreProviders, StoreProvidersModule } from '#store';
import { TelephonyModule, TelephonyProviders, TelephonyProvidersModule, telephonySchema } from '#telephony';
import { type Catalogue, catalogueOf } from './catalogue.js';

/** All tables of a deployment. */
export function schemasOf(catalogue: Catalogue = catalogueOf({})): Schema[] {
  return [
    cacheSchema,
    connectionsSchema,
    operationsSchema,
    inboxSchema,
    outboxSchema,
    deliverySchema,
    paymentSchema,
    telephonySchema,
    ...[
      ...catalogue.delivery.services,
      ...(catalogue.payment?.services ?? []),
      ...(catalogue.telephony?.services ?? []),
      ...(catalogue.recommendation?.services ?? []),
      ...(catalogue.chat?.services ?? []),
      ...(catalogue.store?.services ?? []),
    ].map((service) => service.schema),
  ];
}

/** Everything that api and worker share, over the providers of a catalogue. */
@Global()
@Module({})
export class CatalogueModule {
  /** `name`: of the process. Its start throws EnvironmentError when the modules to host do not fit the catalogue. */
  static forRoot(environment: Environment, name: string, catalogue: Catalogue = catalogueOf(environment)): DynamicModule {
    return {
      module: CatalogueModule,
      imports: [
        PlatformModule.forRoot(environment, schemasOf(catalogue), name),
        DeliveryProvidersModule.forRoot(catalogue.delivery.adapters, catalogue.delivery.services),
        PaymentProvidersModule.forRoot(catalogue.payment?.adapters ?? [], catalogue.payment?.services ?? []),
        TelephonyProvidersModule.forRoot(catalogue.telephony?.adapters ?? [], catalogue.telephony?.services ?? []),
        RecommendationProvidersModule.forRoot(catalogue.recommendation?.adapters ?? [], catalogue.recommendation?.services ?? []),
        ChatProvidersModule.forRoot(catalogue.chat?.adapters ?? [], catalogue.chat?.services ?? []),
        StoreProvidersModule.forRoot(catalogue.store?.adapters ?? [], catalogue.store?.services ?? []),
        ConnectionsModule,
        OperationsModule,
        InboxModule,
        OutboxModule,
        DeliveryModule,
        PaymentModule,
        TelephonyModule,
        RecommendationModule,
        ChatModule,
        StoreModule,
      ],
      providers: [
        {
          provide: Modules,
          useFactory: hostedModules,
          inject: [
            Environment,
            DeliveryProviders,
            PaymentProviders,
            TelephonyProviders,
            RecommendationProviders,
            ChatProviders,
            StoreProviders,
          ],
        },
      ],
      exports: [Modules, DeliveryModule],
    };
  }
}

function hostedModules(
  environment: Environment,
  delivery: DeliveryProviders,
  payment: PaymentProviders,
  telephony: TelephonyProviders,
  recommendation: RecommendationProviders,
  chat: ChatProviders,
  store: StoreProviders,
): Modules {
  return readModules(environment, [
    ...delivery.all().map(({ manifest }) => ({ integration: 'delivery', manifest })),
    ...payment.all().map(({ manifest }) => ({ integration: 'payment', manifest })),
    ...telephony.all().map(({ manifest }) => ({ integration: 'telephony', manifest })),
    ...recommendation.all().map(({ manifest }) => ({ integration: 'recommendation', manifest })),
    ...chat.all().map(({ manifest }) => ({ integration: 'chat', manifest })),
    ...store.all().map(({ manifest }) => ({ integration: 'store', manifest })),
  ]);
}
