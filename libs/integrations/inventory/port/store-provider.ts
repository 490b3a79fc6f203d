import type { Provider, ProviderContext, ProviderWebhook } from '#provider-kit';
import type { StoreManifest } from './manifest.js';
import type { StockEvent, StockUpdate } from './updates.js';
import type {
  ExistingReservation,
  OfferRef,
  OfferStock,
  Pack,
  ReservedOrder,
  ReserveRequest,
  StockMovement,
  TakeBackRequest,
  WriteOffRequest,
} from './stocks.js';

/**
 * A warehouse system. Its methods determine the capabilities that are registered with the CRM. Every method
 * throws only ProviderError and respects `context.signal`.
 */
export interface StoreProvider<S extends object = object> extends Provider<S> {
  readonly manifest: StoreManifest<S>;

  /** Returns stocks in the order of the offers, with undefined for unknown ones. Changes nothing. */
  readStocks(offers: readonly OfferRef[], context: ProviderContext<S>): Promise<(OfferStock | undefined)[]>;

  /**
   * Sets these packs (whole quantities by item, offer, warehouse), all or none. Other packs stay. Safe to
   * repeat: after a lost reply it is called again with the same request and the previous reservation. Calls
   * for one order run one at a time. `local` providers write within `context.transaction`.
   * @param existing the order's reservation. Missing initially, for `local` providers and without an order id
   * @throws ProviderError `rejected` with fields such as `packs[0].quantity` if stock is insufficient
   */
  reserve?(request: ReserveRequest, context: ProviderContext<S>, existing?: ExistingReservation): Promise<ReservedOrder | void>;

  /** Returns an order's packs above 0. Only for `local` providers: other reservations are stored for them. */
  readReserved?(order: string, context: ProviderContext<S>): Promise<readonly Pack[]>;

  /**
   * Takes goods that left with a parcel from the stock, and from the order's reservation. All or none, once
   * for each key: a repeat returns the documents of the first call.
   * @throws ProviderError `rejected` if the warehouse does not have the goods or forbids it
   */
  writeOff?(request: WriteOffRequest, context: ProviderContext<S>): Promise<StockMovement>;

  /**
   * Adds goods that came back to the stock, not to the reservation. All or none, once for each key.
   * @throws ProviderError `rejected` without such a write-off, or beyond it
   */
  takeBack?(request: TakeBackRequest, context: ProviderContext<S>): Promise<StockMovement>;

  /** For warehouses that send notices of changed stock. */
  readonly webhook?: ProviderWebhook<S, StockEvent>;

  /**
   * Returns offers whose stock changed since a cursor. Without a cursor, returns changes from now on, or all
   * offers. May contain an offer more than once. Must be safe to repeat, because a cursor may be used again.
   * Called every `changesEverySeconds`, and after an event without offers. A cursor may be older than the
   * settings.
   */
  listChanges?(cursor: string | undefined, context: ProviderContext<S>): Promise<StockUpdate>;
}
