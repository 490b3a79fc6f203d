import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An account that is read and counted, with its progress. */
@Entity('copurchase_source')
export class CopurchaseSourceEntity {
  @PrimaryColumn('uuid') connectionId!: string;
  /** Id of the last applied entry of the orders' history. */
  @Column('bigint') orderSince!: string;
  /** Id of the last product read. */
  @Column('bigint') productSince!: string;
  /** Number of the running sweep through all products. */
  @Column('int') sweep!: number;
  /** When the last sweep ended. Null: one is running. */
  @Column('timestamptz', { nullable: true }) sweptAt!: Date | null;
  @Column('timestamptz', { nullable: true }) productsReadAt!: Date | null;
  @Column('timestamptz', { nullable: true }) readAt!: Date | null;
  /** Number of stored orders, and of products. */
  @Column('int') orders!: number;
  @Column('int') products!: number;
  @Column('bigint') ordersCounted!: string;
  @Column('timestamptz', { nullable: true }) countedAt!: Date | null;
  /** Rules of the last count. */
  @Column('text', { nullable: true }) countedBy!: string | null;
  /** Whether orders or offers changed since they were counted. */
  @Column('boolean') changed!: boolean;
  @Column('timestamptz') dueAt!: Date;
  /** Version of the connection that it was last read for. 0: never read, so it is due. */
  @Column('int') seenVersion!: number;
  /** Lease of the process that reads it. */
  @Column('uuid', { nullable: true }) lease!: string | null;
  @Column('timestamptz', { nullable: true }) leasedUntil!: Date | null;
  /** Number of consecutive failed readings. */
  @Column('int') failures!: number;
  @Column('text', { nullable: true }) lastError!: string | null;
}

/** A product of an account. */
@Entity('copurchase_product')
export class CopurchaseProductEntity {
  @PrimaryColumn('uuid') connectionId!: string;
  @PrimaryColumn('bigint') productId!: string;
  @Column('text', { nullable: true }) externalId!: string | null;
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
  @PrimaryColumn('uuid') connectionId!: string;
  @PrimaryColumn('text') groupKey!: string;
  @PrimaryColumn('bigint') productId!: string;
}

/** An offer and the product it belongs to. */
@Entity('copurchase_offer')
export class CopurchaseOfferEntity {
  @PrimaryColumn('uuid') connectionId!: string;
  @PrimaryColumn('bigint') offerId!: string;
  @Column('bigint') productId!: string;
}

/** An order of an account. */
@Entity('copurchase_order')
export class CopurchaseOrderEntity {
  @PrimaryColumn('uuid') connectionId!: string;
  @PrimaryColumn('bigint') orderId!: string;
  @Column('timestamptz', { nullable: true }) createdAt!: Date | null;
  @Column('text', { nullable: true }) status!: string | null;
  /** Whether the history is incomplete, so that the order itself must be read. */
  @Column('boolean') stale!: boolean;
}

/** An item of an order. */
@Entity('copurchase_item')
export class CopurchaseItemEntity {
  @PrimaryColumn('uuid') connectionId!: string;
  @PrimaryColumn('bigint') orderId!: string;
  @PrimaryColumn('bigint') itemId!: string;
  @Column('bigint') offerId!: string;
}

/** Number of orders that contain both of two products. Each pair is stored in both directions. */
@Entity('copurchase_pair')
export class CopurchasePairEntity {
  @PrimaryColumn('uuid') connectionId!: string;
  @PrimaryColumn('bigint') productId!: string;
  @PrimaryColumn('bigint') otherId!: string;
  @Column('int') orders!: number;
}
