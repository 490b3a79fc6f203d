import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import type { ExtraData, SaveRequest, ShipmentRequest } from './port/index.js';
import type { StoredDetails } from './reported-details.js';
import type { StoredStock } from './stock/stored-stock.js';

/** A stored delivery. The CRM has its `id` as `deliveryId`, or `crmId` if that is set. */
@Entity('delivery')
export class DeliveryEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid') connectionId!: string;
  /** The `deliveryId` that the CRM has from the previous module. Null if it is `id`. */
  @Column('text', { nullable: true }) crmId!: string | null;
  /** The order's id in the CRM. An order has one live delivery. */
  @Column('text', { name: 'order_ref' }) order!: string;
  @Column('text', { nullable: true }) orderNumber!: string | null;
  /** 1 for an order's first delivery, increased by each deletion. */
  @Column('int') generation!: number;
  /** The reference that we sent to the provider. */
  @Column('text') reference!: string;
  /** A shorter one, also sent. Null for a built-in provider, another module or an earlier version. */
  @Column('text', { nullable: true }) shortKey!: string | null;
  @Column('text') externalId!: string;
  /**
   * Whether it is at an outside service, whose updates are polled and whose webhooks find it by
   * `externalId`.
   */
  @Column('boolean') outside!: boolean;
  @Column('timestamptz', { nullable: true }) pollAt!: Date | null;
  @Column('text', { nullable: true }) trackNumber!: string | null;
  @Column('text') status!: string;
  /** Whole seconds, as sent to the CRM. */
  @Column('timestamptz') statusAt!: Date;
  @Column('text', { nullable: true }) statusComment!: string | null;
  @Column('bigint', { nullable: true }) costMinor!: string | null;
  @Column('text', { nullable: true }) costCurrency!: string | null;
  /** Further reports of the carrier. Null: none. */
  @Column('jsonb', { nullable: true }) details!: Readonly<StoredDetails> | null;
  /** When its goods are moved in the warehouse. Null: no move is due. */
  @Column('timestamptz', { nullable: true }) stockAt!: Date | null;
  /** The moves of its goods in the warehouse. Null: none. */
  @Column('jsonb', { nullable: true }) stock!: StoredStock | null;
  @Column('text') tariff!: string;
  /** Name of the contract in the rules that it was made under. Null for the settings' contract. */
  @Column('text', { nullable: true }) contract!: string | null;
  /** Name of its sender in the rules. Null for the settings' sender. */
  @Column('text', { nullable: true }) sender!: string | null;
  @Column('jsonb') request!: SaveRequest;
  /** Hash of `request`. A save with the same hash does nothing. */
  @Column('text') requestHash!: string;
  /** Keyed hash of the recipient's phone, by `DeliveryPhones`. Null: not read yet. Empty: no phone. */
  @Column('text', { nullable: true, select: false }) phoneHash!: string | null;
  @Column('jsonb') extraData!: ExtraData;
  @Column('timestamptz') createdAt!: Date;
  @Column('timestamptz') updatedAt!: Date;
  @Column('timestamptz', { nullable: true }) deletedAt!: Date | null;
  /** Since when the CRM may lack the delivery: its save ended without a reply. Null: the CRM has it. */
  @Column('timestamptz', { nullable: true }) unansweredAt!: Date | null;
}

/** A status that a delivery had, or that was reported late. */
@Entity('delivery_status')
export class DeliveryStatusEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id!: string;
  @PrimaryColumn('uuid') deliveryId!: string;
  @Column('text') code!: string;
  @Column('timestamptz') updatedAt!: Date;
  /** The reported time, if the stored one differs. */
  @Column('timestamptz', { nullable: true }) reportedAt!: Date | null;
  @Column('text', { nullable: true }) comment!: string | null;
  /** False: the status was older than the current status, and was only recorded. */
  @Column('boolean') moved!: boolean;
  @Column('timestamptz') receivedAt!: Date;
}

/** A stored shipment. The CRM has its `id` as `shipmentId`. */
@Entity('shipment')
export class ShipmentEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid') connectionId!: string;
  /** Date and set of deliveries: one live shipment each. */
  @Column('text') key!: string;
  @Column('text') reference!: string;
  @Column('text') externalId!: string;
  @Column('uuid', { array: true }) deliveryIds!: string[];
  @Column('jsonb') request!: Omit<ShipmentRequest, 'deliveries'>;
  @Column('text') requestHash!: string;
  @Column('jsonb') extraData!: ExtraData;
  @Column('timestamptz') createdAt!: Date;
  @Column('timestamptz') updatedAt!: Date;
  @Column('timestamptz', { nullable: true }) deletedAt!: Date | null;
}
