import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import type { Pack, StoreDocument, WarehouseStock } from './port/index.js';

/** An order's reservation at an outside warehouse, with its provider's memory. */
@Entity('inventory_reservation')
export class InventoryReservationEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id!: string;
  @Column('uuid') connectionId!: string;
  /** Same as `ReserveRequest.order`. */
  @Column('text') orderRef!: string;
  @Column('jsonb') memory!: Record<string, string>;
  /** Packs above 0. Empty: the reservation has ended. */
  @Column('jsonb') packs!: Pack[];
  @Column('jsonb') documents!: StoreDocument[];
  @Column('timestamptz') updatedAt!: Date;
}

/** An offer's last stock at an outside warehouse system. */
@Entity('inventory_figure')
export class StockFigureEntity {
  @PrimaryColumn('uuid') connectionId!: string;
  /** The provider's id of the offer. */
  @PrimaryColumn('text') offerKey!: string;
  /** Id in the CRM. Null until the CRM requests the offer's stock. */
  @Column('bigint', { nullable: true }) offerId!: string | null;
  @Column('jsonb') warehouses!: WarehouseStock[];
  @Column('timestamptz') readAt!: Date;
}

/** How far a warehouse's changed stock was read, and when it is next read. */
@Entity('inventory_state')
export class InventoryStateEntity {
  @PrimaryColumn('uuid') connectionId!: string;
  /** The last cursor from `listChanges`. Null: there was no reading yet. */
  @Column('text', { nullable: true }) cursor!: string | null;
  @Column('timestamptz') dueAt!: Date;
  /** Runs since the last successful one. */
  @Column('int') tries!: number;
  /** Grows with each run. Results of a run are dropped once another has started. */
  @Column('int') fence!: number;
  @Column('timestamptz') leaseUntil!: Date;
  /** Reason why the last run failed, in plain words. */
  @Column('text', { nullable: true }) problem!: string | null;
  @Column('timestamptz') updatedAt!: Date;
}
