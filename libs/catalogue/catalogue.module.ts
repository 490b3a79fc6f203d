import { type DynamicModule, Global, Module } from '@nestjs/common';
import { ChatModule, ChatProviders, ChatProvidersModule } from '#chat';
import { ConnectionsModule, connectionsSchema, HostedModules, readModules, cacheSchema } from '#connections';
import { DeliveryModule, DeliveryProviders, DeliveryProvidersModule, deliverySchema } from '#delivery';
import { InboxModule, inboxSchema } from '#inbox';
import { OnboardingModule } from '#onboarding';
import { OperationsModule, operationsSchema } from '#operations';
import { OutboxModule, outboxSchema } from '#outbox';
import { PaymentModule, PaymentProviders, PaymentProvidersModule, paymentSchema } from '#payment';
import { type Configuration, databaseSchema, Environment, PlatformModule, type Schema, type SettingsClass } from '#platform';
import { RecommendationModule, RecommendationProviders, RecommendationProvidersModule } from '#recommendation';
import { StoreModule, StoreProviders, StoreProvidersModule } from '#store';
import { TelephonyModule, TelephonyProviders, TelephonyProvidersModule, telephonySchema } from '#telephony';
import { builtIn, type Catalogue, ConfiguredAdapter, type ProviderList, type ServiceEntry } from './catalogue.js';

/** All tables of a deployment. */
export function schemasOf(catalogue: Catalogue = builtIn): Schema[] {
  return [
    cacheSchema,
    databaseSchema,
    connectionsSchema,
    operationsSchema,
    inboxSchema,
    outboxSchema,
    deliverySchema,
    paymentSchema,
    telephonySchema,
    ...listsOf(catalogue).flatMap(({ services }) => services.map(({ schema }) => schema)),
  ];
}

/** The classes of settings that the providers of a catalogue declare. */
export function settingsOf(catalogue: Catalogue = builtIn): SettingsClass[] {
  const declared = listsOf(catalogue).flatMap(({ adapters, services }) => [
    ...adapters.map((adapter) => (adapter instanceof ConfiguredAdapter ? adapter.environment : undefined)),
    ...services.map(({ environment }) => environment),
  ]);
  return [...new Set(declared.filter((settings) => settings !== undefined))];
}

function listsOf({ delivery, payment, telephony, recommendation, chat, store }: Catalogue): ProviderList<unknown>[] {
  return [delivery, payment, telephony, recommendation, chat, store].filter((list) => list !== undefined);
}

/** Everything that api and worker share, over the providers of a catalogue. */
@Global()
@Module({})
export class CatalogueModule {
  /** `name`: of the process. Its start throws EnvironmentError when the modules to host do not fit the catalogue. */
  static forRoot(configuration: Configuration, name: string, catalogue: Catalogue = builtIn): DynamicModule {
    /** Adapters made with their settings, and services. */
    const providersOf = <Provider>(
      { adapters, services }: ProviderList<Provider> = { adapters: [], services: [] },
    ): [readonly Provider[], readonly ServiceEntry<Provider>[]] => [
      adapters.map((adapter) =>
        adapter instanceof ConfiguredAdapter ? (adapter.create(configuration.get(adapter.environment)) as Provider) : adapter,
      ),
      services,
    ];
    return {
      module: CatalogueModule,
      imports: [
        PlatformModule.forRoot(configuration, schemasOf(catalogue), name),
        DeliveryProvidersModule.forRoot(...providersOf(catalogue.delivery)),
        PaymentProvidersModule.forRoot(...providersOf(catalogue.payment)),
        TelephonyProvidersModule.forRoot(...providersOf(catalogue.telephony)),
        RecommendationProvidersModule.forRoot(...providersOf(catalogue.recommendation)),
        ChatProvidersModule.forRoot(...providersOf(catalogue.chat)),
        StoreProvidersModule.forRoot(...providersOf(catalogue.store)),
        ConnectionsModule,
        OperationsModule,
        InboxModule,
        OutboxModule,
        OnboardingModule,
        DeliveryModule,
        PaymentModule,
        TelephonyModule,
        RecommendationModule,
        ChatModule,
        StoreModule,
      ],
      providers: [
        {
          provide: HostedModules,
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
      exports: [HostedModules, DeliveryModule],
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
): HostedModules {
  return readModules(environment, [
    ...delivery.all().map(({ manifest }) => ({ integration: 'delivery', manifest })),
    ...payment.all().map(({ manifest }) => ({ integration: 'payment', manifest })),
    ...telephony.all().map(({ manifest }) => ({ integration: 'telephony', manifest })),
    ...recommendation.all().map(({ manifest }) => ({ integration: 'recommendation', manifest })),
    ...chat.all().map(({ manifest }) => ({ integration: 'chat', manifest })),
    ...store.all().map(({ manifest }) => ({ integration: 'store', manifest })),
  ]);
}
