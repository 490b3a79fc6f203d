import type { ProviderManifest, Recovery } from '#provider-kit';
import type { CaptureMode } from './requests.js';

/** An account at the gateway, as a CRM user chooses it for a payment type (reference: Shop). */
export interface Shop {
  /** Stored with each payment. Never give it to another shop. */
  code: string;
  name: string;
  /** An inactive shop accepts no new invoices. Its existing invoices continue. */
  active: boolean;
  capture: CaptureMode;
  /**
   * Whether the credentials are the service's test ones, with which no money moves. The account page then
   * offers a test payment through `create`, the buyer's page and `get`. Never true for live credentials.
   */
  isTest?: boolean;
}

/** Capabilities of a payment module. Each may depend on the settings. */
export interface PaymentTraits {
  /** ISO 4217, upper case. */
  readonly currencies: readonly string[];
  /** How the buyer reaches the payment. The CRM supports `link` (reference: `create[invoiceType]`). */
  readonly invoiceTypes: readonly string[];
  /** Modes that a shop can use. */
  readonly captureModes: readonly CaptureMode[];
  /**
   * Whether the gateway sends events of payments. Default: true. Otherwise new invoices are read every minute
   * for an hour.
   */
  readonly hasEvents?: boolean;
}

/**
 * A payment provider's description. The registration is derived from it, the settings and the methods
 * present.
 */
export interface PaymentManifest<S extends object> extends ProviderManifest<S>, PaymentTraits {
  /**
   * How to recover when the reply of a call with an effect is lost. `find` and `get` are called before a
   * resend.
   */
  readonly recovery: Recovery;
  /** Lists the shops of a connection in display order. Pure and quick. */
  listShops(settings: S): Shop[];
  /**
   * Returns the traits that differ with these settings, such as the contract's currencies. Existing invoices
   * continue.
   */
  bySettings?(settings: S): Partial<PaymentTraits>;
}
