import type { ProviderContext } from '#provider-kit';
import type { StoreManifest } from './manifest.js';
import type { OfferRef, OfferStock, ReserveRequest } from './stocks.js';

/**
 * A warehouse system, behind the store integration. A missing method is a missing capability: the
 * registration sent to the CRM is derived from the methods present. Every method throws ProviderError and
 * nothing else, and respects `context.signal`.
 */
export interface StoreProvider<S extends object = object> {
  readonly manifest: StoreManifest<S>;

  /** Stocks of offers in the order asked; undefined for one that is not known. Changes nothing. */
  readStocks(offers: readonly OfferRef[], context: ProviderContext<S>): Promise<(OfferStock | undefined)[]>;

  /**
   * Reserves exactly these packs for the order: each is the whole quantity for its item, offer and warehouse
   * (packs alike are added up); packs that are not named stay. All or nothing: `rejected`, with fields like
   * `packs[0].quantity`, when one is short. A repeat changes nothing. A provider that is `local` (recovery)
   * does it within `context.transaction`. Calls about one order never run at once.
   */
  reserve?(request: ReserveRequest, context: ProviderContext<S>): Promise<void>;
}
