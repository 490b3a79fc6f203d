import type { OfferStock } from './stocks.js';

/** A warehouse says that stock changed. Figures it may carry are not used: stock is read when it is sent. */
export interface StockEvent {
  /** Unique in the connection; an event that is sent again has the same. At most 500 characters. */
  id: string;
  /**
   * The offers whose stock changed. Missing: something changed, so `listChanges` is asked; a service that
   * signs nothing always leaves them out.
   */
  offers?: readonly OfferStock['offer'][];
}

/** What changed since a cursor. */
export interface StockNews {
  /** In any order. */
  offers: readonly OfferStock['offer'][];
  /** Where to go on; it is not read here. At most 4,000 characters. */
  cursor: string;
  /** There is more: it is asked for at once, with another cursor. */
  more?: boolean;
  /** Ask again after so many seconds, 1 to 3,600, such as when figures are being recalculated. */
  againSeconds?: number;
}
