import type { StoreProvider } from '#inventory/port';
import type { Money, ProviderContext } from '#provider-kit';
import type { ExpectedFailure, ProviderSubject, ConformanceOptions } from '../provider/index.js';
import type { WebhookSample } from '../provider/webhook.js';

/** Methods a store provider may lack. */
export type OptionalStoreMethod = Exclude<keyof StoreProvider, 'manifest' | 'readStocks'>;
/** Facts that the suite needs before it runs. */
export type StoreConformanceOptions<S extends object> = ConformanceOptions<OptionalStoreMethod, StoreSubject<S>>;
/** The provider under test, and the warehouse behind it. */
export interface StoreSubject<S extends object> extends ProviderSubject<S> {
  readonly provider: StoreProvider<S>;
  /**
   * Makes a call with an effect, in a transaction for built-in providers. By default just with `context`.
   */
  within?<T>(work: (context: ProviderContext<S>) => Promise<T>): Promise<T>;
  /** The CRM's code of a warehouse that may be reserved at. */
  readonly store: string;
  /** The CRM's code of another warehouse. */
  readonly otherStore?: string;
  /** Sets the units of an offer in `store`, or in `inStore`. The offer is made if there is none. */
  setStock(xmlId: string, units: number, inStore?: string): Promise<void>;
  /** Sets the purchase price of an offer. */
  setPrice?(xmlId: string, price: Money): void | Promise<void>;
  /** Makes a bundle of units of other offers. Missing if the service has no bundles. */
  makeBundle?(xmlId: string, parts: readonly { xmlId: string; units: number }[]): void | Promise<void>;
  /** Several accounts may use one account of the service. Order numbers are unique in one only. */
  readonly mayShareAccount?: boolean;
  /** Someone else reserves units for no warehouse. Missing if the service has no such reserves. */
  reserveElsewhere?(xmlId: string, units: number): void | Promise<void>;
  /** Makes another offer with the same xmlId. Missing if the service has no such offers. */
  makeTwin?(xmlId: string): void | Promise<void>;
  /** Time passes at the service: earlier changes are no longer recent. */
  advance?(seconds: number): void;
  /** Units of the offer that an order holds at the service, in all warehouses. Needed with `reserve`. */
  readHeld?(order: string, xmlId: string): Promise<number>;
  /** The service acts on the next call of `reserve`, and its reply is lost. Needed unless `local`. */
  loseReply?(): void;
  /** At least wrong credentials and an outage, unless the recovery is `local`. */
  readonly failures?: readonly ExpectedFailure<S>[];
  /** Makes a webhook about the offer with this xmlId. Needed with `webhook`. */
  makeWebhook?(xmlId: string): Promise<WebhookSample>;
  close?(): Promise<void>;
}
