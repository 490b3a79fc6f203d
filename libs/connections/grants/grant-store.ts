import { Injectable } from '@nestjs/common';
import { Database, toRows, type Transaction } from '#platform';
import type { GrantedAccount, OAuthApplication, Tokens } from '#provider-kit';
import { type ConsentPlace, ConnectionSecrets } from '../connection-secrets.js';
import { OAuthGrantEntity } from './oauth-grant.entity.js';

/** How often a refresh token is sent while its outcome is unknown: once, and once more. */
const MOST_SENT = 2;
/** Seconds. Longer than a request for tokens. */
const LEASE_S = 60;

/** A stored consent, opened. Contains secrets, so do not log it. */
export interface StoredGrant extends Pick<
  OAuthGrantEntity,
  'connectionId' | 'provider' | 'version' | 'refreshesSent' | 'obtainedAt' | 'expiresAt' | 'endedAt'
> {
  readonly tokens: Tokens;
  readonly account: GrantedAccount;
}

/** A consent that is to be stored. */
export interface NewGrant {
  readonly tokens: Tokens;
  readonly account: GrantedAccount;
}

const PLACE = 'connection_id = $1 AND provider = $2';

/** Accounts' consents: table `oauth_grant`. */
@Injectable()
export class GrantStore {
  constructor(
    private readonly database: Database,
    private readonly secrets: ConnectionSecrets,
  ) {}

  /** Reads a consent. Undefined if there is none. Throws SecretBoxError. */
  async find({ connectionId, provider }: ConsentPlace): Promise<StoredGrant | undefined> {
    const row = await this.database.dataSource.getRepository(OAuthGrantEntity).findOneBy({ connectionId, provider });
    if (!row) return undefined;
    const { tokensSealed, accountId: id, accountName: name, isLive, ...rest } = row;
    const tokens = JSON.parse(this.secrets.openConsent(row, tokensSealed)) as Tokens;
    return { ...rest, tokens, account: { id, name, ...(isLive !== null && { isLive }) } };
  }

  /** Stores an account's new consent instead of the previous one. */
  async keep(tx: Transaction, place: ConsentPlace, { tokens, account }: NewGrant, { server }: OAuthApplication): Promise<void> {
    await tx.query(
      `INSERT INTO oauth_grant AS g (connection_id, provider, tokens_sealed, account_id, account_name, is_live, obtained_at, expires_at, refresh_due_at)
         VALUES ($1, $2, $3, $4, $5, $6, now(), now() + make_interval(secs => $7), now() + make_interval(days => $8))
       ON CONFLICT (connection_id, provider) DO UPDATE SET tokens_sealed = excluded.tokens_sealed, account_id = excluded.account_id,
         account_name = excluded.account_name, is_live = excluded.is_live, obtained_at = excluded.obtained_at, expires_at = excluded.expires_at,
         refresh_due_at = excluded.refresh_due_at, refreshes_sent = 0, lease_until = '-infinity', version = g.version + 1, ended_at = NULL,
         notified_at = NULL`,
      [
        ...[place.connectionId, place.provider, this.seal(place, tokens), account.id, account.name, account.isLive ?? null],
        ...[tokens.lifeSeconds ?? null, tokens.refresh === undefined ? null : (server.refreshDays ?? null)],
      ],
    );
  }

  /** Deletes a consent, if there is one. */
  async remove({ connectionId, provider }: ConsentPlace): Promise<void> {
    await this.database.query(`DELETE FROM oauth_grant WHERE ${PLACE}`, [connectionId, provider]);
  }

  /**
   * Claims the refresh of exactly these tokens, and counts that their refresh token is sent, before it is.
   * Returns false if another process refreshes or has refreshed, or the refresh token may not be sent again.
   */
  async claim({ connectionId, provider, version }: StoredGrant): Promise<boolean> {
    // Due again after the lease, in case this process dies.
    const rows = await this.database.query(
      `UPDATE oauth_grant SET lease_until = now() + interval '${LEASE_S} seconds', refreshes_sent = refreshes_sent + 1,
         refresh_due_at = now() + interval '${2 * LEASE_S} seconds'
       WHERE ${PLACE} AND version = $3 AND ended_at IS NULL AND lease_until < now() AND refreshes_sent < ${MOST_SENT} RETURNING 1`,
      [connectionId, provider, version],
    );
    return rows.length > 0;
  }

  /** Stores refreshed tokens, and ends the claim. Returns false if other tokens were stored meanwhile. */
  async replace({ connectionId, provider, version }: StoredGrant, tokens: Tokens, { server }: OAuthApplication): Promise<boolean> {
    const rows = await this.database.query(
      `UPDATE oauth_grant SET tokens_sealed = $4, obtained_at = now(), expires_at = now() + make_interval(secs => $5),
         refresh_due_at = now() + make_interval(days => $6), refreshes_sent = 0, lease_until = '-infinity', version = version + 1
       WHERE ${PLACE} AND version = $3 RETURNING 1`,
      [
        ...[connectionId, provider, version, this.seal({ connectionId, provider }, tokens)],
        ...[tokens.lifeSeconds ?? null, server.refreshDays ?? null],
      ],
    );
    return rows.length > 0;
  }

  /**
   * Ends a claim without new tokens. The refresh is due in `seconds`. `wasSent`: the refresh token may have
   * been used up, so the count stays.
   */
  async release({ connectionId, provider, version }: StoredGrant, seconds: number, wasSent: boolean): Promise<void> {
    await this.database.query(
      `UPDATE oauth_grant SET lease_until = '-infinity', refresh_due_at = now() + make_interval(secs => $4),
         refreshes_sent = CASE WHEN $5 THEN refreshes_sent ELSE greatest(0, refreshes_sent - 1) END WHERE ${PLACE} AND version = $3`,
      [connectionId, provider, version, seconds, wasSent],
    );
  }

  /**
   * Records that the account has to consent again. Its access token stays, and may serve. Returns false, and
   * changes nothing, if this is known, there are other tokens, or another process refreshes them.
   */
  async end({ connectionId, provider, version }: StoredGrant, isClaimed: boolean): Promise<boolean> {
    const rows = await this.database.query(
      `UPDATE oauth_grant SET ended_at = now(), lease_until = '-infinity'
       WHERE ${PLACE} AND version = $3 AND ended_at IS NULL AND ($4 OR lease_until < now()) RETURNING 1`,
      [connectionId, provider, version, isClaimed],
    );
    return rows.length > 0;
  }

  /** Lists consents of these providers whose refresh is due, at most 100. */
  listDue(providers: readonly string[]): Promise<ConsentPlace[]> {
    return this.database.query<ConsentPlace>(
      `SELECT connection_id AS "connectionId", provider FROM oauth_grant
       WHERE ended_at IS NULL AND refresh_due_at <= now() AND lease_until < now() AND provider = ANY ($1::text[])
       ORDER BY refresh_due_at LIMIT 100`,
      [providers],
    );
  }

  /** Lists consents that cannot be refreshed and end within so many days, unless the account was notified. */
  listEnding(providers: readonly string[], days: number): Promise<(ConsentPlace & { expiresAt: Date })[]> {
    return this.database.query(
      `SELECT connection_id AS "connectionId", provider, expires_at AS "expiresAt" FROM oauth_grant
       WHERE ended_at IS NULL AND notified_at IS NULL AND refresh_due_at IS NULL AND expires_at < now() + make_interval(days => $2)
         AND provider = ANY ($1::text[]) AND connection_id IN (SELECT id FROM live_connection) ORDER BY expires_at LIMIT 100`,
      [providers, days],
    );
  }

  /** Records that the account was notified. Returns false if another process did so. */
  async markNotified(tx: Transaction, { connectionId, provider }: ConsentPlace): Promise<boolean> {
    const sql = `UPDATE oauth_grant SET notified_at = now() WHERE ${PLACE} AND notified_at IS NULL RETURNING 1`;
    return toRows(await tx.query(sql, [connectionId, provider])).length > 0;
  }

  private seal(place: ConsentPlace, tokens: Tokens): string {
    return this.secrets.sealConsent(place, JSON.stringify(tokens));
  }
}

/** Whether a refresh token was sent as often as it may be without a known outcome. */
export function isSpent({ refreshesSent }: Pick<StoredGrant, 'refreshesSent'>): boolean {
  return refreshesSent >= MOST_SENT;
}
