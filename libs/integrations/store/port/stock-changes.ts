import type { Transaction } from '#platform';
import type { OfferStock } from './stocks.js';

/**
 * The port's other direction, filled by the integration: our own providers report here that stocks changed.
 */
export abstract class StockChanges {
  /**
   * Records, in the transaction that changes them, that these offers' stocks must be sent to the CRM. They
   * are read when they are sent.
   */
  abstract add(tx: Transaction, connectionId: string, offers: readonly OfferStock['offer'][]): Promise<void>;
}
