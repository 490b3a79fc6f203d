import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import type { ImportReport } from './import/import-report.js';

/** An offer that the ledger knows, by one identifier at least. */
@Entity('ledger_offer')
export class LedgerOfferEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id!: string;
  @Column('uuid', { name: 'connection_id' }) connectionId!: string;
  @Column('bigint', { name: 'crm_id', nullable: true }) crmId!: string | null;
  @Column('text', { name: 'xml_id', nullable: true }) xmlId!: string | null;
  @Column('text', { name: 'external_id', nullable: true }) externalId!: string | null;
  /** Empty: of no site. */
  @Column('text') site!: string;
}

/** How much of an offer a warehouse has. Quantities are millionths of a unit, prices minor units. */
@Entity('ledger_balance')
export class LedgerBalanceEntity {
  @PrimaryColumn('bigint', { name: 'offer_id' }) offerId!: string;
  @PrimaryColumn('text') store!: string;
  @Column('uuid', { name: 'connection_id' }) connectionId!: string;
  @Column('bigint', { name: 'on_hand' }) onHand!: string;
  @Column('bigint') reserved!: string;
  /** More may be reserved than there is. */
  @Column('boolean', { name: 'negative_allowed' }) negativeAllowed!: boolean;
  @Column('bigint', { name: 'price_minor', nullable: true }) priceMinor!: string | null;
  @Column('text', { name: 'price_currency', nullable: true }) priceCurrency!: string | null;
  /** Null until the first movement. */
  @Column('timestamptz', { name: 'updated_at', nullable: true }) updatedAt!: Date | null;
}

/** A change of a balance: what it adds to `onHand` and `reserved`. */
@Entity('ledger_movement')
export class LedgerMovementEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id!: string;
  @Column('uuid', { name: 'connection_id' }) connectionId!: string;
  @Column('bigint', { name: 'offer_id' }) offerId!: string;
  @Column('text') store!: string;
  @Column('text') kind!: 'set' | 'adjust' | 'reserve' | 'release' | 'ship';
  @Column('bigint', { name: 'on_hand' }) onHand!: string;
  @Column('bigint') reserved!: string;
  @Column('bigint', { name: 'price_minor', nullable: true }) priceMinor!: string | null;
  @Column('text', { name: 'price_currency', nullable: true }) priceCurrency!: string | null;
  @Column('text', { name: 'order_ref', nullable: true }) orderRef!: string | null;
  @Column('text', { name: 'item_ref', nullable: true }) itemRef!: string | null;
  @Column('uuid', { name: 'import_id', nullable: true }) importId!: string | null;
  /** Of the import. */
  @Column('int', { nullable: true }) line!: number | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
}

/** What an order holds (`quantity`) and what has left for it (`shipped`); a row with neither is deleted. */
@Entity('ledger_reservation')
export class LedgerReservationEntity {
  @PrimaryColumn('uuid', { name: 'connection_id' }) connectionId!: string;
  @PrimaryColumn('text', { name: 'order_ref' }) orderRef!: string;
  @PrimaryColumn('text', { name: 'item_ref' }) itemRef!: string;
  @PrimaryColumn('bigint', { name: 'offer_id' }) offerId!: string;
  @PrimaryColumn('text') store!: string;
  @Column('bigint') quantity!: string;
  @Column('bigint') shipped!: string;
  @Column('bigint', { name: 'price_minor', nullable: true }) priceMinor!: string | null;
  @Column('text', { name: 'price_currency', nullable: true }) priceCurrency!: string | null;
  /** YYYY-MM-DD. */
  @Column('date', { name: 'shipment_date', nullable: true }) shipmentDate!: string | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt!: Date;
}

/** A file that was applied. */
@Entity('ledger_import')
export class LedgerImportEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'connection_id' }) connectionId!: string;
  /** The partner's: an import with a key already used is not applied again. */
  @Column('text', { nullable: true }) key!: string | null;
  @Column('text', { name: 'content_hash' }) contentHash!: string;
  @Column('text', { nullable: true }) comment!: string | null;
  @Column('jsonb') report!: ImportReport;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
}

/** A line on its way in. The table is unlogged: a crash empties it. */
@Entity('ledger_import_line')
export class LedgerImportLineEntity {
  @PrimaryColumn('uuid', { name: 'import_id' }) importId!: string;
  @PrimaryColumn('int') line!: number;
  @Column('bigint', { name: 'crm_id', nullable: true }) crmId!: string | null;
  @Column('text', { name: 'xml_id', nullable: true }) xmlId!: string | null;
  @Column('text', { name: 'external_id', nullable: true }) externalId!: string | null;
  @Column('text', { nullable: true }) site!: string | null;
  @Column('text') store!: string;
  @Column('bigint', { nullable: true }) quantity!: string | null;
  @Column('bigint', { name: 'price_minor', nullable: true }) priceMinor!: string | null;
  @Column('text', { name: 'price_currency', nullable: true }) priceCurrency!: string | null;
  /** Once it was found or made. */
  @Column('bigint', { name: 'offer_id', nullable: true }) offerId!: string | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
}
