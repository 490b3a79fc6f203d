import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { JournalKind } from './journal-entry.js';
import type { StoredBody } from './mask/mask-body.js';

/** A row of the journal: one exchange, masked. Partitioned by id, whose time is `at`. */
@Entity('journal_entry')
export class JournalEntryEntity {
  @PrimaryColumn('uuid') id!: string;
  /** When the exchange started. */
  @Column('timestamptz') at!: Date;
  /** Null if the caller's connection is unknown. */
  @Column('uuid', { nullable: true }) connectionId!: string | null;
  @Column('text', { nullable: true }) module!: string | null;
  @Column('text', { nullable: true }) provider!: string | null;
  @Column('text') kind!: JournalKind;
  /** `delivery.save`, a provider's method, `orders.edit`. */
  @Column('text') name!: string;
  @Column('text', { nullable: true }) verb!: string | null;
  /** Address with host, path and query. */
  @Column('text', { nullable: true }) address!: string | null;
  @Column('int', { nullable: true }) status!: number | null;
  /** `ok`, or one word for the failure. */
  @Column('text') outcome!: string;
  @Column('text', { nullable: true }) error!: string | null;
  @Column('real') durationMs!: number;
  /** Number of the request (`x-request-id`). */
  @Column('text', { nullable: true }) request!: string | null;
  /** Its subjects, such as `order:7`. */
  @Column('text', { array: true, nullable: true }) subjects!: string[] | null;
  /** Keyed hashes of the phones in it. */
  @Column('text', { array: true, nullable: true }) phones!: string[] | null;
  @Column('json', { nullable: true }) requestBody!: StoredBody | null;
  @Column('json', { nullable: true }) replyBody!: StoredBody | null;
}
