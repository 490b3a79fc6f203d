import type { ChatProvider } from '#chat/port';
import type { ProviderService } from '#connections';
import type { DeliveryProvider } from '#delivery/port';
import type { PaymentProvider } from '#payment/port';
import type { Environment, Schema } from '#platform';
import type { RecommendationProvider } from '#recommendation/port';
import { AsteriskProvider } from '#providers/asterisk';
import { CdekProvider } from '#providers/cdek';
import { StripeProvider } from '#providers/stripe';
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
}

/** The providers of one integration. */
export interface ProviderList<Provider> {
  /** Adapters to outside services. */
  adapters: readonly Provider[];
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

/** Addresses of outside services that a deployment may point elsewhere, and the folder of recordings. */
export type Endpoints = Pick<Environment, 'CDEK_URL' | 'STRIPE_URL' | 'RECORDINGS_ROOT'>;

/** The providers that come with Crossdock. A new one is a line here. */
export const catalogueOf = (endpoints: Endpoints): Catalogue => ({
  delivery: {
    adapters: [new CdekProvider(endpoints.CDEK_URL) as DeliveryProvider],
    services: [
      { module: CourierModule, provider: CourierProvider, schema: { entities: [], migrations: [CourierTrackNumbers1764000100000] } },
    ],
  },
  payment: {
    adapters: [new StripeProvider(endpoints.STRIPE_URL) as PaymentProvider],
    services: [{ module: TestpayModule, provider: TestpayProvider, schema: testpaySchema }],
  },
  telephony: { adapters: [new AsteriskProvider(endpoints.RECORDINGS_ROOT)], services: [] },
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
});
