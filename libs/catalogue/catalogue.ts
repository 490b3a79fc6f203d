import type { ChatProvider } from '#chat/port';
import type { ProviderService } from '#connections';
import type { DeliveryProvider } from '#delivery/port';
import type { PaymentProvider } from '#payment/port';
import type { Schema, SettingsClass } from '#platform';
import type { RecommendationProvider } from '#recommendation/port';
import { AsteriskEnvironment, AsteriskProvider } from '#providers/asterisk';
import { CdekEnvironment, CdekProvider } from '#providers/cdek';
import { StripeEnvironment, StripeProvider } from '#providers/stripe';
import { CopurchaseModule, CopurchaseProvider, copurchaseSchema } from '#services/copurchase';
import { CourierModule, CourierProvider, CourierTrackNumbers1764000100000 } from '#services/courier';
import { LedgerModule, LedgerProvider, ledgerSchema } from '#services/ledger';
import { TestpayModule, TestpayProvider, testpaySchema } from '#services/testpay';
import { WebvisitsModule, WebvisitsProvider, webvisitsSchema } from '#services/webvisits';
import type { StoreProvider } from '#store/port';
import type { TelephonyProvider } from '#telephony/port';

/** A provider of our own: a Nest module that exports its class, with its tables. */
export interface ServiceEntry<Provider> extends ProviderService<Provider> {
  schema: Schema;
  /** Settings of the operator's that the module injects by this class; checked at start with all others. */
  environment?: SettingsClass;
}

/** An adapter that is made with settings of the operator's, of a class in its own folder. */
export class ConfiguredAdapter<Provider> {
  private constructor(
    readonly environment: SettingsClass,
    readonly create: (environment: object) => Provider,
  ) {}

  static of<Settings extends object, Provider>(
    environment: SettingsClass<Settings>,
    create: (environment: Settings) => Provider,
  ): ConfiguredAdapter<Provider> {
    return new ConfiguredAdapter(environment, create as (environment: object) => Provider);
  }
}

/** The providers of one integration. */
export interface ProviderList<Provider> {
  /** Adapters to outside services. */
  adapters: readonly (Provider | ConfiguredAdapter<Provider>)[];
  services: readonly ServiceEntry<Provider>[];
}

/** What this deployment can host: the one explicit list, read by api and worker. An integration that is left out hosts nothing. */
export interface Catalogue {
  delivery: ProviderList<DeliveryProvider>;
  payment?: ProviderList<PaymentProvider>;
  telephony?: ProviderList<TelephonyProvider>;
  recommendation?: ProviderList<RecommendationProvider>;
  chat?: ProviderList<ChatProvider>;
  store?: ProviderList<StoreProvider>;
}

/** The providers that come with Crossdock. A new one is a line here. */
export const builtIn: Catalogue = {
  delivery: {
    adapters: [ConfiguredAdapter.of(CdekEnvironment, ({ CDEK_URL }) => new CdekProvider(CDEK_URL) as DeliveryProvider)],
    services: [
      { module: CourierModule, provider: CourierProvider, schema: { entities: [], migrations: [CourierTrackNumbers1764000100000] } },
    ],
  },
  payment: {
    adapters: [ConfiguredAdapter.of(StripeEnvironment, ({ STRIPE_URL }) => new StripeProvider(STRIPE_URL) as PaymentProvider)],
    services: [{ module: TestpayModule, provider: TestpayProvider, schema: testpaySchema }],
  },
  telephony: {
    adapters: [
      ConfiguredAdapter.of(AsteriskEnvironment, ({ RECORDINGS_ROOT }) => new AsteriskProvider(RECORDINGS_ROOT) as TelephonyProvider),
    ],
    services: [],
  },
  recommendation: {
    adapters: [],
    services: [{ module: CopurchaseModule, provider: CopurchaseProvider, schema: copurchaseSchema }],
  },
  chat: {
    adapters: [],
    services: [{ module: WebvisitsModule, provider: WebvisitsProvider, schema: webvisitsSchema }],
  },
  store: {
    adapters: [],
    services: [{ module: LedgerModule, provider: LedgerProvider, schema: ledgerSchema }],
  },
};
