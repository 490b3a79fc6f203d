import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import type { Connection } from '#connections';
import { Database } from '#platform';
import type { OfferRef, OfferStock } from './port/index.js';
import { StockFigureEntity } from './inventory.entity.js';

/**
 * Adds figures in the order of their keys, which prevents deadlocks. The CRM's id of an offer stays known,
 * because a warehouse reports changes by its own key only. An unchanged figure is written once a minute, as
 * ages are shown in minutes: the CRM requests the same offers often, and a row costs 400 bytes of WAL.
 */
const KEEP = `
  INSERT INTO inventory_figure AS f (connection_id, offer_key, offer_id, warehouses, read_at)
  SELECT $1, offer_key, offer_id, warehouses::jsonb, now() FROM unnest($2::text[], $3::bigint[], $4::text[]) AS n (offer_key, offer_id, warehouses)
  WHERE NOT ($5 AND EXISTS (SELECT FROM inventory_figure k WHERE k.connection_id = $1 AND k.offer_key = n.offer_key AND k.offer_id = n.offer_id))
  ORDER BY offer_key
  ON CONFLICT (connection_id, offer_key) DO UPDATE SET offer_id = coalesce(excluded.offer_id, f.offer_id), warehouses = excluded.warehouses, read_at = now()
    WHERE f.read_at < now() - interval '1 minute' OR f.warehouses <> excluded.warehouses OR f.offer_id IS DISTINCT FROM coalesce(excluded.offer_id, f.offer_id)`;

/** Last stock at outside warehouses, and ids of offers, for widgets, in the table `inventory_figure`. */
@Injectable()
export class StockFigures {
  constructor(private readonly database: Database) {}

  /**
   * Stores stocks in the order of the requested offers. Services behind the port have their own stocks: only
   * the CRM's ids that they do not have are stored, once.
   */
  async keep({ id, module }: Connection, asked: readonly OfferRef[], stocks: readonly (OfferStock | undefined)[]): Promise<void> {
    const isOwn = module.kind === 'service';
    const isKept = ({ offer }: OfferStock, askedId?: number): boolean => !isOwn || (askedId !== undefined && offer.id === undefined);
    const figures = new Map(
      stocks.flatMap((stock, index) =>
        stock && isKept(stock, asked[index]?.id) ? [[stock.offer.key, { stock, offer: asked[index]?.id }]] : [],
      ),
    );
    if (figures.size === 0) return;
    const values = [...figures.values()];
    const list = ({ stores }: OfferStock): object[] => (isOwn ? [] : stores.map(({ store, available }) => ({ store, available })));
    const offers = values.map(({ stock, offer }) => offer ?? stock.offer.id ?? null);
    await this.database.query(KEEP, [id, [...figures.keys()], offers, values.map(({ stock }) => JSON.stringify(list(stock))), isOwn]);
  }

  /** Finds the figures of offers by their ids in the CRM. */
  find({ id }: Connection, offers: readonly number[]): Promise<StockFigureEntity[]> {
    return this.database.dataSource.getRepository(StockFigureEntity).findBy({ connectionId: id, offerId: In(offers.map(String)) });
  }
}
