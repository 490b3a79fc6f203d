import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { OperatorRights } from '../config/index.js';

/**
 * How a request showed who sends it: by a token, or by a session that a token began. `claim`: a browser named
 * the user of a CRM, without proof.
 */
export type OperatorProof = 'bearer' | 'session' | 'claim';

/**
 * An act of an operator, or of a shop's user in a widget. It names ids and no buyer, so it stays when an
 * account is erased.
 */
@Entity('audit_entry')
export class AuditEntryEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('timestamptz') at!: Date;
  /** Name of the operator, or `claimed: Ann (7)` for a user of the CRM. */
  @Column('text') operator!: string;
  @Column('text') may!: OperatorRights;
  @Column('text') via!: OperatorProof;
  /** The request's number. */
  @Column('text') request!: string;
  @Column('text') method!: string;
  /** As it is declared, such as `/operator/api/connections/:id`. */
  @Column('text') route!: string;
  /** Values of the route's parameters: ids. */
  @Column('jsonb') params!: Record<string, string>;
  /** Names of query parameters. Their values may contain a buyer's name. */
  @Column('text', { array: true }) query!: string[];
  /**
   * Id of the connection in the request. It is not called `connection_id`, because it outlives the account.
   */
  @Column('text', { nullable: true }) connection!: string | null;
  /** The caller's address. */
  @Column('text') address!: string;
  /** Status of the reply. Null if there was none, for example because the process died. */
  @Column('int', { nullable: true }) status!: number | null;
  /** Milliseconds until the answer. */
  @Column('int', { nullable: true }) ms!: number | null;
}
