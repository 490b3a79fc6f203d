import type { Transaction } from '#platform';
import type { OfferStock } from '../port/index.js';

/**
 * The port's other direction for our own services, filled by the integration: they report here that stocks
 * changed.
 */
export abstract class StockChanges {
  /**
   * Queues these offers' stocks for the CRM in the transaction that changes them; they are read when sent.
   */
  abstract add(tx: Transaction, connectionId: string, offers: readonly OfferStock['offer'][]): Promise<void>;
}
