import { Injectable } from '@nestjs/common';
import { Database, newId, randomToken, sha256Hex, toRows, type Transaction } from '#platform';
import type { NewGrant } from './grant-store.js';
import { type ConsentPlace, ConnectionSecrets } from '../connection-secrets.js';
import { OAuthAttemptEntity, type OAuthAttemptState } from './oauth-attempt.entity.js';

/** Until a ticket is used, a user has consented, and a reply of the service is handled. */
const LIFE = { ticket: '5 minutes', consent: '10 minutes', exchange: '1 minute' };

/** The secrets of a started attempt: for the service, for the browser, and for us. */
export interface AttemptSecrets {
  readonly state: string;
  readonly cookie: string;
  readonly verifier: string;
}

/** An attempt whose service has replied. */
export interface ReturnedAttempt extends ConsentPlace {
  readonly id: string;
  readonly cookieHash: string;
  readonly verifier: string;
}

/** A started or finished attempt. */
export interface AttemptView {
  /** `expired`: the user did not go on in time. */
  readonly state: OAuthAttemptState | 'expired';
  readonly detail: string | null;
}

const RETURNING = `id, connection_id AS "connectionId", provider`;

/** Attempts of users to connect their accounts: table `oauth_attempt`. */
@Injectable()
export class AttemptStore {
  constructor(
    private readonly database: Database,
    private readonly secrets: ConnectionSecrets,
  ) {}

  /** Starts an attempt, and ends earlier ones of this connection and provider. Returns a one-time ticket. */
  async create({ connectionId, provider }: ConsentPlace): Promise<{ id: string; ticket: string }> {
    const [id, ticket] = [newId(), randomToken()];
    await this.database.transaction(async (tx) => {
      await tx.query(`DELETE FROM oauth_attempt WHERE connection_id = $1 AND provider = $2`, [connectionId, provider]);
      await tx.query(
        `INSERT INTO oauth_attempt (id, connection_id, provider, ticket_hash, created_at, expires_at)
         SELECT $1, id, $3, $4, now(), now() + interval '${LIFE.ticket}' FROM connection WHERE id = $2`,
        [id, connectionId, provider, sha256Hex(ticket)],
      );
    });
    return { id, ticket };
  }

  /** Finds the attempt of an unused ticket. Undefined if the ticket is unknown, used or expired. */
  async findByTicket(ticket: string): Promise<(ConsentPlace & { id: string }) | undefined> {
    const [found] = await this.database.query<ConsentPlace & { id: string }>(
      `SELECT ${RETURNING} FROM oauth_attempt WHERE ticket_hash = $1 AND expires_at > now()`,
      [sha256Hex(ticket)],
    );
    return found;
  }

  /** Uses up a ticket. Returns the attempt's secrets, or undefined like `findByTicket`. */
  async begin(ticket: string): Promise<(AttemptSecrets & ConsentPlace & { id: string }) | undefined> {
    const place = await this.findByTicket(ticket);
    if (!place) return undefined;
    const [state, cookie, verifier] = [randomToken(), randomToken(), randomToken(48)];
    const rows = await this.database.query(
      `UPDATE oauth_attempt SET ticket_hash = NULL, state_hash = $2, cookie_hash = $3, verifier_sealed = $4,
         expires_at = now() + interval '${LIFE.consent}' WHERE ticket_hash = $1 AND expires_at > now() RETURNING 1`,
      [sha256Hex(ticket), sha256Hex(state), sha256Hex(cookie), this.secrets.sealConsent(place, verifier)],
    );
    return rows.length > 0 ? { ...place, state, cookie, verifier } : undefined;
  }

  /** Uses up a `state`. Undefined if it is unknown, used, expired or of another provider. */
  async spend(state: string, provider: string): Promise<ReturnedAttempt | undefined> {
    const [row] = await this.database.query<ConsentPlace & { id: string; cookieHash: string; verifierSealed: string }>(
      `UPDATE oauth_attempt a SET state_hash = NULL, verifier_sealed = NULL, expires_at = now() + interval '${LIFE.exchange}'
       FROM oauth_attempt old WHERE old.id = a.id AND a.state_hash = $1 AND a.provider = $2 AND a.expires_at > now()
       RETURNING a.id, a.connection_id AS "connectionId", a.provider, a.cookie_hash AS "cookieHash", old.verifier_sealed AS "verifierSealed"`,
      [sha256Hex(state), provider],
    );
    if (!row) return undefined;
    const { verifierSealed, ...rest } = row;
    return { ...rest, verifier: this.secrets.openConsent(row, verifierSealed) };
  }

  /** Stores the outcome of an attempt. `grant`: of another account, until the user confirms it. */
  async settle(
    { id, ...place }: ConsentPlace & { id: string },
    state: OAuthAttemptState,
    { detail, grant, tx }: { detail?: string; grant?: NewGrant; tx?: Transaction } = {},
  ): Promise<void> {
    await (tx ?? this.database.dataSource.manager).query(
      `UPDATE oauth_attempt SET state = $2, detail = $3, tokens_sealed = $4, expires_at = now() + interval '${LIFE.consent}' WHERE id = $1`,
      [id, state, detail ?? null, grant ? this.secrets.sealConsent(place, JSON.stringify(grant)) : null],
    );
  }

  /** Returns the state of a connection's attempt. Undefined if it is unknown, or a newer one was started. */
  async find(id: string, connectionId: string): Promise<AttemptView | undefined> {
    const row = await this.database.dataSource.getRepository(OAuthAttemptEntity).findOneBy({ id, connectionId });
    if (!row) return undefined;
    const isOpen = row.state === 'waiting' || row.state === 'other-account';
    return { state: isOpen && row.expiresAt < new Date() ? 'expired' : row.state, detail: row.detail };
  }

  /** Takes the grant of another account that the user confirmed. Undefined if there is none, or no longer. */
  async confirm(tx: Transaction, id: string, place: ConsentPlace): Promise<NewGrant | undefined> {
    const [row] = toRows<{ sealed: string }>(
      await tx.query(
        `UPDATE oauth_attempt a SET state = 'done', tokens_sealed = NULL FROM oauth_attempt old WHERE old.id = a.id AND a.id = $1
           AND a.connection_id = $2 AND a.provider = $3 AND a.state = 'other-account' AND a.expires_at > now() RETURNING old.tokens_sealed AS sealed`,
        [id, place.connectionId, place.provider],
      ),
    );
    return row && (JSON.parse(this.secrets.openConsent(place, row.sealed)) as NewGrant);
  }
}
