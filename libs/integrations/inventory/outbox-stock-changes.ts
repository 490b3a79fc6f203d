import { Injectable } from '@nestjs/common';
import type { Transaction } from '#platform';
import { OutboxService } from '#outbox';
import type { OfferStock } from './port/index.js';
import { StockChanges } from './services/index.js';

/** Outbox kind for `store/inventories/upload`. */
export const STOCK = 'store.stock';

/** Payload of a STOCK row: the offer's identifiers, for operators. The stock is read when it is sent. */
export type StockPayload = Omit<OfferStock['offer'], 'key'>;

/** Implements the port with one outbox row per change. Only the last balance of an offer is sent. */
@Injectable()
export class OutboxStockChanges extends StockChanges {
  constructor(private readonly outbox: OutboxService) {
    super();
  }

  override add(tx: Transaction, connectionId: string, offers: readonly OfferStock['offer'][]): Promise<void> {
    const rows = offers.map(({ key, ...payload }) => ({
      connectionId,
      kind: STOCK,
      subject: key,
      payload: payload satisfies StockPayload,
    }));
    return this.outbox.add(tx, rows);
  }
}
