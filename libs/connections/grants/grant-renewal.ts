import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { type Grant, makeError, type OAuthApplication, ProviderError, refreshTokens, revokeToken } from '#provider-kit';
import type { ConsentPlace } from '../connection-secrets.js';
import { texts } from '../connections.texts.js';
import { GrantStore, isSpent, type StoredGrant } from './grant-store.js';

/** Milliseconds for a request for tokens. It does not end with the call that needs them. */
const REQUEST_MS = 20_000;
/** Milliseconds between two looks whether another process has refreshed the tokens. */
const LOOK_MS = 200;
/** Seconds until a refresh is repeated: after a lost reply, and after a reply without tokens. */
const PAUSE_S = { lost: 60, refused: 600 };

/** Refreshes tokens, each refresh token by one process at a time. */
@Injectable()
export class GrantRenewal {
  private readonly logger = new Logger(GrantRenewal.name);

  constructor(private readonly store: GrantStore) {}

  /** Returns an account's consent for a call that ends with `signal`. Undefined if it has not consented. */
  async open(place: ConsentPlace, application: OAuthApplication, signal: () => AbortSignal): Promise<Grant | undefined> {
    const stored = await this.store.find(place);
    if (!stored) return undefined;
    const { tokens, account } = stored;
    return { accessToken: tokens.access, account, renew: async () => (await this.renew(stored, application, signal())).tokens.access };
  }

  /**
   * Replaces tokens that the service rejected, or that are due. Waits while another process does so.
   * @throws ProviderError `auth` if the account has to consent again, `unavailable` if there are no new
   * tokens now
   */
  async renew(old: StoredGrant, application: OAuthApplication, signal: AbortSignal): Promise<StoredGrant> {
    for (;;) {
      if (old.tokens.refresh !== undefined && (await this.store.claim(old))) return this.refresh(old, old.tokens.refresh, application);
      const present = await this.store.find(old);
      if (!present) throw makeError('auth', texts.consentEnded);
      if (present.version !== old.version) return present;
      // The second reply was lost, too, or there was never a refresh token.
      const isOver = old.tokens.refresh === undefined || isSpent(present);
      if (present.endedAt || (isOver && (await this.end(present, false)))) throw makeError('auth', texts.consentEnded);
      if (signal.aborted) throw makeError('unavailable', texts.consentBusy);
      await sleep(LOOK_MS);
    }
  }

  /** Revokes an account's consent where the service allows it, and deletes it. Throws ProviderError. */
  async revoke(place: ConsentPlace, application: OAuthApplication): Promise<void> {
    const stored = await this.store.find(place);
    if (!stored) return;
    await revokeToken(application, stored.tokens.refresh ?? stored.tokens.access, AbortSignal.timeout(REQUEST_MS));
    await this.store.remove(place);
  }

  /** Sends the claimed refresh token, and stores the tokens before anyone uses them. */
  private async refresh(old: StoredGrant, refresh: string, application: OAuthApplication): Promise<StoredGrant> {
    try {
      const tokens = await refreshTokens(application, refresh, AbortSignal.timeout(REQUEST_MS));
      await this.store.replace(old, tokens, application);
      this.logger.log(`the tokens of connection ${old.connectionId} at ${old.provider} are refreshed`);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      throw await this.settle(old, error);
    }
    const stored = await this.store.find(old);
    if (!stored) throw makeError('auth', texts.consentEnded);
    return stored;
  }

  /** Stores that there are no new tokens. Returns the error for the call. */
  private async settle(old: StoredGrant, error: ProviderError): Promise<ProviderError> {
    const what = `connection ${old.connectionId} at ${old.provider}`;
    if (error.kind === 'auth') {
      await this.end(old, true);
      return makeError('auth', texts.consentEnded, { cause: error });
    }
    const isLost = error.kind === 'unknown_outcome';
    await this.store.release(old, isLost ? PAUSE_S.lost : PAUSE_S.refused, isLost);
    this.logger.warn(
      isLost
        ? `the reply with new tokens of ${what} was lost (attempt ${old.refreshesSent + 1} of 2): ${error.message}`
        : `the tokens of ${what} cannot be refreshed now: ${error.message}`,
    );
    return makeError('unavailable', texts.consentBusy, { cause: error });
  }

  private async end(old: StoredGrant, isClaimed: boolean): Promise<boolean> {
    const isNew = await this.store.end(old, isClaimed);
    if (isNew) this.logger.warn(`the account of connection ${old.connectionId} at ${old.provider} has to consent again`);
    return isNew;
  }
}
