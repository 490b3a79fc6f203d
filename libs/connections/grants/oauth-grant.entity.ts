import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An account's consent at the service of a connection's provider, with its tokens. */
@Entity('oauth_grant')
export class OAuthGrantEntity {
  @PrimaryColumn('uuid') connectionId!: string;
  /** Code of the provider. */
  @PrimaryColumn('text') provider!: string;
  /** JSON (`Tokens`), sealed for this connection and provider. */
  @Column('text') tokensSealed!: string;
  /** Id of the account at the service. */
  @Column('text') accountId!: string;
  @Column('text') accountName!: string;
  /** Whether real money moves. Null: the service does not return it. */
  @Column('boolean', { nullable: true }) isLive!: boolean | null;
  /** When the service issued the tokens. */
  @Column('timestamptz') obtainedAt!: Date;
  /** When the access token ends. Null: unknown. */
  @Column('timestamptz', { nullable: true }) expiresAt!: Date | null;
  /** When a worker refreshes the tokens. Null: never. */
  @Column('timestamptz', { nullable: true }) refreshDueAt!: Date | null;
  /** How often this refresh token was sent without a known outcome. */
  @Column('int') refreshesSent!: number;
  /** End of the time in which only one process may refresh. */
  @Column('timestamptz') leaseUntil!: Date;
  /** Grows with the tokens. */
  @Column('int') version!: number;
  /** Since when the account has to consent again. The access token may still serve. Null: not. */
  @Column('timestamptz', { nullable: true }) endedAt!: Date | null;
  /** When the account was notified that its consent ends soon. */
  @Column('timestamptz', { nullable: true }) notifiedAt!: Date | null;
}
