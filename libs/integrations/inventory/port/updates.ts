import type { OfferStock } from './stocks.js';

/**
 * A warehouse's notice of changed stock. Figures in it are ignored, because stock is read when it is sent.
 */
export interface StockEvent {
  /** Unique in the connection. A repeated event has the same id. At most 500 characters. */
  id: string;
  /**
   * The offers whose stock changed. Missing: the offers are unknown, so `listChanges` is called. A service
   * without signatures must leave them out.
   */
  offers?: readonly OfferStock['offer'][];
}

/** Changes since a cursor. */
export interface StockUpdate {
  /** In any order. */
  offers: readonly OfferStock['offer'][];
  /** Place to continue at, opaque to the integration. At most 4,000 characters. */
  cursor: string;
  /** Whether there are more changes. They are read immediately, with another cursor. */
  more?: boolean;
  /** Seconds until the next reading, 1 to 3,600, such as while figures are being recalculated. */
  againSeconds?: number;
}

/** @deprecated Now `StockUpdate`. */
export type StockNews = StockUpdate;
