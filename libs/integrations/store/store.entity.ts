import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { Pack, StoreDocument } from './port/index.js';

/** What an order holds at an outside warehouse, and what its provider remembers of that. */
@Entity('store_reservation')
export class StoreReservationEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id!: string;
  @Column('uuid', { name: 'connection_id' }) connectionId!: string;
  /** As `ReserveRequest.order`. */
  @Column('text', { name: 'order_ref' }) orderRef!: string;
  @Column('jsonb') memory!: Record<string, string>;
  /** Packs above 0; empty: the order holds nothing any more. */
  @Column('jsonb') packs!: Pack[];
  @Column('jsonb') documents!: StoreDocument[];
  @Column('timestamptz', { name: 'updated_at' }) updatedAt!: Date;
}
