import type { OfferStock } from './stocks.js';

/** A warehouse says that stock changed. Figures it may carry are not used: stock is read when it is sent. */
export interface StockEvent {
  /** Unique in the connection; an event that is sent again has the same. At most 500 characters. */
  id: string;
  /** The offers whose stock changed. */
  offers: readonly OfferStock['offer'][];
}
