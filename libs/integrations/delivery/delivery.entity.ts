import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import type { ExtraData, SaveRequest, ShipmentRequest } from './port/index.js';

/** A delivery as we keep it. Its `id` is the `deliveryId` the CRM knows, unless `crmId` is. */
@Entity('delivery')
export class DeliveryEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'connection_id' }) connectionId!: string;
  /** The `deliveryId` that the CRM has from the previous module. Null if it is `id`. */
  @Column('text', { name: 'crm_id', nullable: true }) crmId!: string | null;
  /** The order's id in the CRM. An order has one live delivery. */
  @Column('text', { name: 'order_ref' }) order!: string;
  @Column('text', { name: 'order_number', nullable: true }) orderNumber!: string | null;
  /** 1 for an order's first delivery, one more after each deletion. */
  @Column('int') generation!: number;
  /** The reference that we sent to the provider. */
  @Column('text') reference!: string;
  @Column('text', { name: 'external_id' }) externalId!: string;
  /**
   * Whether it lives at an outside service, whose updates are polled and whose webhooks find it by
   * `externalId`.
   */
  @Column('boolean') outside!: boolean;
  @Column('timestamptz', { name: 'poll_at', nullable: true }) pollAt!: Date | null;
  @Column('text', { name: 'track_number', nullable: true }) trackNumber!: string | null;
  @Column('text') status!: string;
  /** Whole seconds, as sent to the CRM. */
  @Column('timestamptz', { name: 'status_at' }) statusAt!: Date;
  @Column('text', { name: 'status_comment', nullable: true }) statusComment!: string | null;
  @Column('bigint', { name: 'cost_minor', nullable: true }) costMinor!: string | null;
  @Column('text', { name: 'cost_currency', nullable: true }) costCurrency!: string | null;
  @Column('text') tariff!: string;
  /** Name of the contract in the rules that it was made under. Null for the settings' contract. */
  @Column('text', { nullable: true }) contract!: string | null;
  /** Name of its sender in the rules. Null for the settings' sender. */
  @Column('text', { nullable: true }) sender!: string | null;
  @Column('jsonb') request!: SaveRequest;
  /** Of `request`: an equal save does nothing. */
  @Column('text', { name: 'request_hash' }) requestHash!: string;
  /** Keyed hash of the recipient's phone, by `DeliveryPhones`. Null: not read yet. Empty: no phone. */
  @Column('text', { name: 'phone_hash', nullable: true, select: false }) phoneHash!: string | null;
  @Column('jsonb', { name: 'extra_data' }) extraData!: ExtraData;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt!: Date;
  @Column('timestamptz', { name: 'deleted_at', nullable: true }) deletedAt!: Date | null;
  /** Since when the CRM does not know it: its save ended without an answer. Null: the CRM has the answer. */
  @Column('timestamptz', { name: 'unanswered_at', nullable: true }) unansweredAt!: Date | null;
}

/** A status that a delivery had, or that was reported late. */
@Entity('delivery_status')
export class DeliveryStatusEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id!: string;
  @PrimaryColumn('uuid', { name: 'delivery_id' }) deliveryId!: string;
  @Column('text') code!: string;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt!: Date;
  /** The reported time, if the stored one differs. */
  @Column('timestamptz', { name: 'reported_at', nullable: true }) reportedAt!: Date | null;
  @Column('text', { nullable: true }) comment!: string | null;
  /** False: it was older than the status the delivery had, and only kept. */
  @Column('boolean') moved!: boolean;
  @Column('timestamptz', { name: 'received_at' }) receivedAt!: Date;
}

/** A shipment as we keep it. Its `id` is the `shipmentId` the CRM knows. */
@Entity('shipment')
export class ShipmentEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'connection_id' }) connectionId!: string;
  /** Date and set of deliveries: one live shipment each. */
  @Column('text') key!: string;
  @Column('text') reference!: string;
  @Column('text', { name: 'external_id' }) externalId!: string;
  @Column('uuid', { name: 'delivery_ids', array: true }) deliveryIds!: string[];
  @Column('jsonb') request!: Omit<ShipmentRequest, 'deliveries'>;
  @Column('text', { name: 'request_hash' }) requestHash!: string;
  @Column('jsonb', { name: 'extra_data' }) extraData!: ExtraData;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt!: Date;
  @Column('timestamptz', { name: 'deleted_at', nullable: true }) deletedAt!: Date | null;
}
