import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import type { ImportReport } from './import/import-report.js';

/** An offer in the ledger, with at least one identifier. */
@Entity('ledger_offer')
export class LedgerOfferEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id!: string;
  @Column('uuid', { name: 'connection_id' }) connectionId!: string;
  @Column('bigint', { name: 'crm_id', nullable: true }) crmId!: string | null;
  @Column('text', { name: 'xml_id', nullable: true }) xmlId!: string | null;
  @Column('text', { name: 'external_id', nullable: true }) externalId!: string | null;
  /** Empty: no site. */
  @Column('text') site!: string;
}

/** The stock of an offer in a warehouse. Quantities are millionths of a unit, prices minor units. */
@Entity('ledger_balance')
export class LedgerBalanceEntity {
  @PrimaryColumn('bigint', { name: 'offer_id' }) offerId!: string;
  @PrimaryColumn('text') store!: string;
  @Column('uuid', { name: 'connection_id' }) connectionId!: string;
  @Column('bigint', { name: 'on_hand' }) onHand!: string;
  @Column('bigint') reserved!: string;
  /** Whether more may be reserved than is in stock. */
  @Column('boolean', { name: 'negative_allowed' }) negativeAllowed!: boolean;
  @Column('bigint', { name: 'price_minor', nullable: true }) priceMinor!: string | null;
  @Column('text', { name: 'price_currency', nullable: true }) priceCurrency!: string | null;
  /** Null until the first movement. */
  @Column('timestamptz', { name: 'updated_at', nullable: true }) updatedAt!: Date | null;
}

/** A change of a balance: its additions to `onHand` and `reserved`. */
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
  /** Line of the import. */
  @Column('int', { nullable: true }) line!: number | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
}

/**
 * An order's reserved quantity (`quantity`) and shipped quantity (`shipped`). A row without either is
 * deleted.
 */
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

/** An applied file. */
@Entity('ledger_import')
export class LedgerImportEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'connection_id' }) connectionId!: string;
  /** The operator's key. An import with a used key is not applied again. */
  @Column('text', { nullable: true }) key!: string | null;
  @Column('text', { name: 'content_hash' }) contentHash!: string;
  @Column('text', { nullable: true }) comment!: string | null;
  @Column('jsonb') report!: ImportReport;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
}

/** A line that is being imported. The table is unlogged, so a crash empties it. */
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
  /** Set once it was found or created. */
  @Column('bigint', { name: 'offer_id', nullable: true }) offerId!: string | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
}
