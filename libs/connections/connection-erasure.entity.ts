import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * `leaving`: CRM and service are being notified. `erasing`: the connection is deleted, and its data is being
 * deleted. `erased`: late data is deleted once more.
 */
export type ErasureState = 'leaving' | 'erasing' | 'erased';

/** A connection that is being erased. */
@Entity('connection_erasure')
export class ConnectionErasureEntity {
  /** Id of the connection. */
  @PrimaryColumn('uuid') id!: string;
  @Column('text') state!: ErasureState;
  @Column('timestamptz') requestedAt!: Date;
  /** Name of the `AccountData` that is being erased. */
  @Column('text', { nullable: true }) step!: string | null;
  /** Number of rows erased so far. */
  @Column('bigint') rows!: string;
  /** When the next step is due. */
  @Column('timestamptz') dueAt!: Date;
  /** End of the time in which one process has exclusive use of it. */
  @Column('timestamptz') leaseUntil!: Date;
}
