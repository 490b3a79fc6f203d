import type { Transaction } from '#platform';
import type { OfferStock } from '../port/index.js';

/**
 * The port in the other direction for our own services, implemented by the integration. They report changed
 * stocks here.
 */
export abstract class StockChanges {
  /**
   * Queues these offers' stocks for the CRM in the transaction that changes them. They are read when sent.
   */
  abstract add(tx: Transaction, connectionId: string, offers: readonly OfferStock['offer'][]): Promise<void>;
}
