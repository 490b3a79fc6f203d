import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * `waiting`: for the user. `done`: the tokens are stored. `other-account`: the user must confirm another
 * account than before.
 */
export type OAuthAttemptState = 'waiting' | 'done' | 'other-account' | 'declined' | 'failed';

/** An attempt of a user to connect their account at a service. Only hashes of its secrets are stored. */
@Entity('oauth_attempt')
export class OAuthAttemptEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid') connectionId!: string;
  /** Code of the provider. */
  @Column('text') provider!: string;
  /** Hash of the one-time ticket in the start page's address. Null once it is used. */
  @Column('text', { nullable: true }) ticketHash!: string | null;
  /** Hash of the `state` that the service returns. Null before the start, and once it is used. */
  @Column('text', { nullable: true }) stateHash!: string | null;
  /** Hash of the browser's cookie. */
  @Column('text', { nullable: true }) cookieHash!: string | null;
  /** The verifier of PKCE, sealed for this connection and provider. */
  @Column('text', { nullable: true }) verifierSealed!: string | null;
  /** JSON of the tokens of another account until the user confirms it, sealed alike. */
  @Column('text', { nullable: true }) tokensSealed!: string | null;
  @Column('text') state!: OAuthAttemptState;
  /** Why it failed, or the other account's name, for the user. */
  @Column('text', { nullable: true }) detail!: string | null;
  @Column('timestamptz') createdAt!: Date;
  /** When the user must have come as far as the present step. */
  @Column('timestamptz') expiresAt!: Date;
}
