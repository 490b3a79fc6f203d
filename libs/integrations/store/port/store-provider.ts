import type { Provider, ProviderContext, ProviderWebhook } from '#provider-kit';
import type { StoreManifest } from './manifest.js';
import type { StockEvent, StockNews } from './news.js';
import type { ExistingReservation, OfferRef, OfferStock, ReservedOrder, ReserveRequest } from './stocks.js';

/**
 * A warehouse system. Its methods determine the capabilities that are registered with the CRM. Every method
 * throws only ProviderError and honours `context.signal`.
 */
export interface StoreProvider<S extends object = object> extends Provider<S> {
  readonly manifest: StoreManifest<S>;

  /** Stocks of offers in the order asked; undefined for one that is not known. Changes nothing. */
  readStocks(offers: readonly OfferRef[], context: ProviderContext<S>): Promise<(OfferStock | undefined)[]>;

  /**
   * Sets these packs (whole quantities by item, offer, warehouse), all or none; others stay. Safe to repeat:
   * after a lost reply it is called again with the same request and what was known before. Calls for one
   * order run one at a time; `local` providers write within `context.transaction`.
   * @param existing what the order holds; missing at first, for `local` providers and without a named order
   * @throws ProviderError `rejected` with fields such as `packs[0].quantity` when stock is short
   */
  reserve?(request: ReserveRequest, context: ProviderContext<S>, existing?: ExistingReservation): Promise<ReservedOrder | void>;

  /** For warehouses that say themselves when stock changes. */
  readonly webhook?: ProviderWebhook<S, StockEvent>;

  /**
   * Offers whose stock changed since a cursor; without one from now on, or all. It may name one more than
   * once, and must be safe to repeat: a cursor that was answered may be asked about again. Asked every
   * `changesEverySeconds`, and after an event that names no offers. A cursor may be older than the settings.
   */
  listChanges?(cursor: string | undefined, context: ProviderContext<S>): Promise<StockNews>;
}
