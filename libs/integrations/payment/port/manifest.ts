import type { ProviderManifest, Recovery } from '#provider-kit';
import type { CaptureMode } from './requests.js';

/** An account of the gateway, as the CRM's user chooses it for a payment type (reference: Shop). */
export interface Shop {
  /** Stands in stored payments: must keep its meaning. */
  code: string;
  name: string;
  /** An inactive one takes no new invoices; those it has go on. */
  active: boolean;
  capture: CaptureMode;
  /**
   * Its credentials are the service's test ones, with which no money moves: the account page then offers a
   * test payment, by `create`, the buyer's page and `get`. Never true for live ones.
   */
  isTest?: boolean;
}

/** What a payment module offers; each may depend on the settings. */
export interface PaymentTraits {
  /** ISO 4217, upper case. */
  readonly currencies: readonly string[];
  /** How the buyer gets to pay; the CRM knows `link` (reference: `create[invoiceType]`). */
  readonly invoiceTypes: readonly string[];
  /** Modes a shop may be set to. */
  readonly captureModes: readonly CaptureMode[];
  /**
   * Whether the gateway sends events of payments. Default true. Otherwise new invoices are read every minute
   * for an hour.
   */
  readonly hasEvents?: boolean;
}

/**
 * A payment provider's description; registration is derived from it, the settings and the methods present.
 */
export interface PaymentManifest<S extends object> extends ProviderManifest<S>, PaymentTraits {
  /**
   * How to recover when the reply of a call with an effect is lost; `find` and `get` are asked before a
   * resend.
   */
  readonly recovery: Recovery;
  /** The shops of a connection, in the order to show. Pure and quick. */
  listShops(settings: S): Shop[];
  /** What differs with these settings, such as the currencies of the contract. Invoices made before go on. */
  bySettings?(settings: S): Partial<PaymentTraits>;
}
