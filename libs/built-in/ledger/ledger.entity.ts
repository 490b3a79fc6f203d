import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import type { ImportReport } from './import/import-report.js';

/** An offer in the ledger, with at least one identifier. */
@Entity('ledger_offer')
export class LedgerOfferEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id!: string;
  @Column('uuid') connectionId!: string;
  @Column('bigint', { nullable: true }) crmId!: string | null;
  @Column('text', { nullable: true }) xmlId!: string | null;
  @Column('text', { nullable: true }) externalId!: string | null;
  /** Empty: no site. */
  @Column('text') site!: string;
}

/** The stock of an offer in a warehouse. Quantities are millionths of a unit, prices minor units. */
@Entity('ledger_balance')
export class LedgerBalanceEntity {
  @PrimaryColumn('bigint') offerId!: string;
  @PrimaryColumn('text') warehouse!: string;
  @Column('uuid') connectionId!: string;
  @Column('bigint') onHand!: string;
  @Column('bigint') reserved!: string;
  /** Whether more may be reserved than is in stock. */
  @Column('boolean') negativeAllowed!: boolean;
  @Column('bigint', { nullable: true }) priceMinor!: string | null;
  @Column('text', { nullable: true }) priceCurrency!: string | null;
  /** Null until the first movement. */
  @Column('timestamptz', { nullable: true }) updatedAt!: Date | null;
}

/** A change of a balance: its additions to `onHand` and `reserved`. */
@Entity('ledger_movement')
export class LedgerMovementEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id!: string;
  @Column('uuid') connectionId!: string;
  @Column('bigint') offerId!: string;
  @Column('text') warehouse!: string;
  @Column('text') kind!: 'set' | 'adjust' | 'reserve' | 'release' | 'ship' | 'return';
  @Column('bigint') onHand!: string;
  @Column('bigint') reserved!: string;
  @Column('bigint', { nullable: true }) priceMinor!: string | null;
  @Column('text', { nullable: true }) priceCurrency!: string | null;
  @Column('text', { nullable: true }) orderRef!: string | null;
  @Column('text', { nullable: true }) itemRef!: string | null;
  /** Key of the parcel's movement that it is part of (`WriteOffRequest.key`). */
  @Column('text', { nullable: true }) moveKey!: string | null;
  @Column('uuid', { nullable: true }) importId!: string | null;
  /** Line of the import. */
  @Column('int', { nullable: true }) line!: number | null;
  @Column('timestamptz') createdAt!: Date;
}

/**
 * An order's reserved quantity (`quantity`) and shipped quantity (`shipped`). A row without either is
 * deleted.
 */
@Entity('ledger_reservation')
export class LedgerReservationEntity {
  @PrimaryColumn('uuid') connectionId!: string;
  @PrimaryColumn('text') orderRef!: string;
  @PrimaryColumn('text') itemRef!: string;
  @PrimaryColumn('bigint') offerId!: string;
  @PrimaryColumn('text') warehouse!: string;
  @Column('bigint') quantity!: string;
  @Column('bigint') shipped!: string;
  @Column('bigint', { nullable: true }) priceMinor!: string | null;
  @Column('text', { nullable: true }) priceCurrency!: string | null;
  /** YYYY-MM-DD. */
  @Column('date', { nullable: true }) shipmentDate!: string | null;
  @Column('timestamptz') createdAt!: Date;
  @Column('timestamptz') updatedAt!: Date;
}

/** An applied file. */
@Entity('ledger_import')
export class LedgerImportEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid') connectionId!: string;
  /** The operator's key. An import with a used key is not applied again. */
  @Column('text', { nullable: true }) key!: string | null;
  @Column('text') contentHash!: string;
  @Column('text', { nullable: true }) comment!: string | null;
  @Column('jsonb') report!: ImportReport;
  @Column('timestamptz') createdAt!: Date;
}

/** A line that is being imported. The table is unlogged, so a crash empties it. */
@Entity('ledger_import_line')
export class LedgerImportLineEntity {
  @PrimaryColumn('uuid') importId!: string;
  @PrimaryColumn('int') line!: number;
  @Column('bigint', { nullable: true }) crmId!: string | null;
  @Column('text', { nullable: true }) xmlId!: string | null;
  @Column('text', { nullable: true }) externalId!: string | null;
  @Column('text', { nullable: true }) site!: string | null;
  @Column('text') warehouse!: string;
  @Column('bigint', { nullable: true }) quantity!: string | null;
  @Column('bigint', { nullable: true }) priceMinor!: string | null;
  @Column('text', { nullable: true }) priceCurrency!: string | null;
  /** Set once it was found or created. */
  @Column('bigint', { nullable: true }) offerId!: string | null;
  @Column('timestamptz') createdAt!: Date;
}
