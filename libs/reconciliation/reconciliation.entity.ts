import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ComparisonScope } from './comparison.js';

/** A comparison of the CRM's, our own and the provider's data of one connection. */
@Entity('reconciliation')
export class ReconciliationEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid') connectionId!: string;
  @Column('text') scope!: ComparisonScope;
  @Column('text') state!: 'running' | 'done' | 'failed';
  /** Integration being compared. Null before the first one. */
  @Column('text', { nullable: true }) integration!: string | null;
  /** Start of the integration's next page. Null for the first page. */
  @Column('text', { nullable: true }) place!: string | null;
  /** All pages are compared. Only fixes remain. */
  @Column('boolean') compared!: boolean;
  /** Kinds that the run fixes automatically. */
  @Column('text', { array: true }) mends!: string[];
  /**
   * Numbers so far: things compared, things that differ, things that one side does not have, and differences
   * that the run fixed.
   */
  @Column('int') checked!: number;
  @Column('int') differed!: number;
  @Column('int') unknown!: number;
  @Column('int') mended!: number;
  /** Facts of the first differences. */
  @Column('jsonb') sample!: object[];
  /** Things that could not be compared and why, in plain English. */
  @Column('text', { nullable: true }) omitted!: string | null;
  /** Why the last attempt failed, in plain English. */
  @Column('text', { nullable: true }) problem!: string | null;
  @Column('timestamptz') dueAt!: Date;
  /** The same for the scope `money`, whose `dueAt` is far away. */
  @Column('timestamptz', { nullable: true }) moneyDueAt!: Date | null;
  /** Number of attempts since the last stored page. */
  @Column('int') tries!: number;
  /** Grows with each attempt. Results of an earlier attempt are dropped. */
  @Column('int') fence!: number;
  @Column('timestamptz') leaseUntil!: Date;
  @Column('timestamptz') startedAt!: Date;
  @Column('timestamptz', { nullable: true }) endedAt!: Date | null;
}

/** `open`: not handled. `dismissed`: hidden until it changes. `gone`: no longer found. */
export type DifferenceState = 'open' | 'dismissed' | 'mended' | 'gone';

/** A difference. */
@Entity('difference')
export class DifferenceEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid') connectionId!: string;
  /** Id of the reconciliation that saw it last. Null for money, which versions before scopes would close. */
  @Column('uuid', { nullable: true }) reconciliationId!: string | null;
  @Column('text') kind!: string;
  @Column('text') subject!: string;
  @Column('text') text!: string;
  @Column('jsonb') facts!: object;
  @Column('text') state!: DifferenceState;
  /** Who takes care of it, as the shop's manager or the operator entered it. */
  @Column('text', { nullable: true }) owner!: string | null;
  /** Why it could not be fixed, in plain English. */
  @Column('text', { nullable: true }) problem!: string | null;
  /** End of the reservation by the process that fixes it. */
  @Column('timestamptz') leaseUntil!: Date;
  @Column('timestamptz') foundAt!: Date;
  @Column('timestamptz') seenAt!: Date;
  @Column('timestamptz', { nullable: true }) closedAt!: Date | null;
}
