import type { Transaction } from '#platform';
import type { OfferStock } from './stocks.js';

/**
 * The port's other direction, filled by the integration: our own providers report here that stocks changed.
 */
export abstract class StockChanges {
  /**
   * Queues these offers' stocks for the CRM in the transaction that changes them; they are read when sent.
   */
  abstract add(tx: Transaction, connectionId: string, offers: readonly OfferStock['offer'][]): Promise<void>;
}
