import type { Transaction } from '#platform';
import type { OfferStock } from './stocks.js';

/** The port's other direction, filled by the integration: where a provider of ours tells that stocks changed, so that the CRM is told. */
export abstract class StockChanges {
  /** Keeps, in the transaction that changes them, that the CRM must be told of these offers' stocks. What it is told is read when it is told. */
  abstract add(tx: Transaction, connectionId: string, offers: readonly OfferStock['offer'][]): Promise<void>;
}
