import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
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

/** Until where a connection's warehouse was asked for changed stock, and when it is asked next. */
@Entity('store_state')
export class StoreStateEntity {
  @PrimaryColumn('uuid', { name: 'connection_id' }) connectionId!: string;
  /** As `listChanges` answered it last; null: it was not asked yet. */
  @Column('text', { nullable: true }) cursor!: string | null;
  @Column('timestamptz', { name: 'due_at' }) dueAt!: Date;
  /** Runs since the last that succeeded. */
  @Column('int') tries!: number;
  /** Grows with each run: what a run stores after another began is dropped. */
  @Column('int') fence!: number;
  @Column('timestamptz', { name: 'lease_until' }) leaseUntil!: Date;
  /** Why the last run failed, in plain words. */
  @Column('text', { nullable: true }) problem!: string | null;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt!: Date;
}
