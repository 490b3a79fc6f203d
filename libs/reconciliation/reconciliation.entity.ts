import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A comparison of what the CRM believes, what we hold and what the provider says, of one connection. */
@Entity('reconciliation')
export class ReconciliationEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'connection_id' }) connectionId!: string;
  @Column('text') state!: 'running' | 'done' | 'failed';
  /** What is being compared; null: nothing yet. */
  @Column('text', { nullable: true }) integration!: string | null;
  /** Where the next page of it begins; null: at the first. */
  @Column('text', { nullable: true }) place!: string | null;
  /** All pages are: what is left is to mend. */
  @Column('boolean') compared!: boolean;
  /** Kinds that it mends by itself. */
  @Column('text', { array: true }) mends!: string[];
  /**
   * Things compared so far, those that differ, those that one side does not know, and differences that it
   * mended.
   */
  @Column('int') checked!: number;
  @Column('int') differed!: number;
  @Column('int') unknown!: number;
  @Column('int') mended!: number;
  /** Facts of the first differences. */
  @Column('jsonb') sample!: object[];
  /** What could not be compared, and why, in plain words. */
  @Column('text', { nullable: true }) omitted!: string | null;
  /** Why the last try failed, in plain words. */
  @Column('text', { nullable: true }) problem!: string | null;
  @Column('timestamptz', { name: 'due_at' }) dueAt!: Date;
  /** Tries since the last page that was stored. */
  @Column('int') tries!: number;
  /** Grows with each try: what a run stores after another began is dropped. */
  @Column('int') fence!: number;
  @Column('timestamptz', { name: 'lease_until' }) leaseUntil!: Date;
  @Column('timestamptz', { name: 'started_at' }) startedAt!: Date;
  @Column('timestamptz', { name: 'ended_at', nullable: true }) endedAt!: Date | null;
}

/** `open`: to be looked at; `dismissed`: not shown while it stays the same; `gone`: it ended by itself. */
export type DifferenceState = 'open' | 'dismissed' | 'mended' | 'gone';

/** Something that differs. */
@Entity('difference')
export class DifferenceEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'connection_id' }) connectionId!: string;
  /** The one that saw it last. */
  @Column('uuid', { name: 'reconciliation_id' }) reconciliationId!: string;
  @Column('text') kind!: string;
  @Column('text') subject!: string;
  @Column('text') text!: string;
  @Column('jsonb') facts!: object;
  @Column('text') state!: DifferenceState;
  /** Why it could not be mended, in plain words. */
  @Column('text', { nullable: true }) problem!: string | null;
  /** Until when somebody mends it. */
  @Column('timestamptz', { name: 'held_until' }) heldUntil!: Date;
  @Column('timestamptz', { name: 'found_at' }) foundAt!: Date;
  @Column('timestamptz', { name: 'seen_at' }) seenAt!: Date;
  @Column('timestamptz', { name: 'closed_at', nullable: true }) closedAt!: Date | null;
}
