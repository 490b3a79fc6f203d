import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An account that is read and counted, with its progress. */
@Entity('copurchase_source')
export class CopurchaseSourceEntity {
  @PrimaryColumn('uuid', { name: 'connection_id' }) connectionId!: string;
  /** Id of the last applied entry of the orders' history. */
  @Column('bigint', { name: 'order_since' }) orderSince!: string;
  /** Id of the last product read. */
  @Column('bigint', { name: 'product_since' }) productSince!: string;
  /** Number of the running sweep through all products. */
  @Column('int') sweep!: number;
  /** When the last sweep ended. Null: one is running. */
  @Column('timestamptz', { name: 'swept_at', nullable: true }) sweptAt!: Date | null;
  @Column('timestamptz', { name: 'products_read_at', nullable: true }) productsReadAt!: Date | null;
  @Column('timestamptz', { name: 'read_at', nullable: true }) readAt!: Date | null;
  /** Number of stored orders, and of products. */
  @Column('int') orders!: number;
  @Column('int') products!: number;
  @Column('bigint', { name: 'orders_counted' }) ordersCounted!: string;
  @Column('timestamptz', { name: 'counted_at', nullable: true }) countedAt!: Date | null;
  /** Rules of the last count. */
  @Column('text', { name: 'counted_by', nullable: true }) countedBy!: string | null;
  /** Whether orders or offers changed since they were counted. */
  @Column('boolean') changed!: boolean;
  @Column('timestamptz', { name: 'due_at' }) dueAt!: Date;
  /** Version of the connection that it was last read for. 0: never read, so it is due. */
  @Column('int', { name: 'seen_version' }) seenVersion!: number;
  /** Lease of the process that reads it. */
  @Column('uuid', { nullable: true }) lease!: string | null;
  @Column('timestamptz', { name: 'leased_until', nullable: true }) leasedUntil!: Date | null;
  /** Number of consecutive failed readings. */
  @Column('int') failures!: number;
  @Column('text', { name: 'last_error', nullable: true }) lastError!: string | null;
}

/** A product of an account. */
@Entity('copurchase_product')
export class CopurchaseProductEntity {
  @PrimaryColumn('uuid', { name: 'connection_id' }) connectionId!: string;
  @PrimaryColumn('bigint', { name: 'product_id' }) productId!: string;
  @Column('text', { name: 'external_id', nullable: true }) externalId!: string | null;
  @Column('boolean') active!: boolean;
  @Column('double precision', { nullable: true }) price!: number | null;
  /** Number of counted orders with the product. */
  @Column('int') orders!: number;
  /** The last sweep that found it. */
  @Column('int') sweep!: number;
}

/** A group that a product is in. */
@Entity('copurchase_product_group')
export class CopurchaseProductGroupEntity {
  @PrimaryColumn('uuid', { name: 'connection_id' }) connectionId!: string;
  @PrimaryColumn('text', { name: 'group_key' }) groupKey!: string;
  @PrimaryColumn('bigint', { name: 'product_id' }) productId!: string;
}

/** An offer and the product it belongs to. */
@Entity('copurchase_offer')
export class CopurchaseOfferEntity {
  @PrimaryColumn('uuid', { name: 'connection_id' }) connectionId!: string;
  @PrimaryColumn('bigint', { name: 'offer_id' }) offerId!: string;
  @Column('bigint', { name: 'product_id' }) productId!: string;
}

/** An order of an account. */
@Entity('copurchase_order')
export class CopurchaseOrderEntity {
  @PrimaryColumn('uuid', { name: 'connection_id' }) connectionId!: string;
  @PrimaryColumn('bigint', { name: 'order_id' }) orderId!: string;
  @Column('timestamptz', { name: 'created_at', nullable: true }) createdAt!: Date | null;
  @Column('text', { nullable: true }) status!: string | null;
  /** Whether the history is incomplete, so that the order itself must be read. */
  @Column('boolean') stale!: boolean;
}

/** An item of an order. */
@Entity('copurchase_item')
export class CopurchaseItemEntity {
  @PrimaryColumn('uuid', { name: 'connection_id' }) connectionId!: string;
  @PrimaryColumn('bigint', { name: 'order_id' }) orderId!: string;
  @PrimaryColumn('bigint', { name: 'item_id' }) itemId!: string;
  @Column('bigint', { name: 'offer_id' }) offerId!: string;
}

/** Number of orders that contain both of two products. Each pair is stored in both directions. */
@Entity('copurchase_pair')
export class CopurchasePairEntity {
  @PrimaryColumn('uuid', { name: 'connection_id' }) connectionId!: string;
  @PrimaryColumn('bigint', { name: 'product_id' }) productId!: string;
  @PrimaryColumn('bigint', { name: 'other_id' }) otherId!: string;
  @Column('int') orders!: number;
}
