import { Injectable } from '@nestjs/common';
import { bindToRequest, type Connection, ConnectionStore } from '#connections';
import { CallbackError, Clock, SecretBox, textFor } from '#platform';
import { texts } from '../onboarding.texts.js';

/** Milliseconds until a token expires, and milliseconds for which an opened page can renew its token. */
const LIFE_MS = { token: 60 * 60_000, page: 24 * 60 * 60_000 };
const PURPOSE = 'account page session';

/** Credentials of an account page for its API. */
export interface AccountSession {
  /** For `Authorization: Bearer ...`. */
  token: string;
  /** When the token expires unless it is renewed. */
  endsAt: Date;
}

/** Contents of a token. Times are in milliseconds. */
interface Claims {
  id: string;
  until: number;
  /** When the page was opened. */
  since: number;
}

/** The page of a token that is neither forged nor expired. */
interface OpenPage {
  readonly connection: Connection;
  /** When the page was opened, in milliseconds since 1970. */
  readonly since: number;
  readonly switchedOnAgainAt: Date | null | undefined;
}

/**
 * Tokens of account pages, which keep nothing in the browser. Tokens are signed, and renewed while the page
 * is open.
 */
@Injectable()
export class AccountSessions {
  constructor(
    private readonly connections: ConnectionStore,
    private readonly box: SecretBox,
    private readonly clock: Clock,
  ) {}

  /** Issues a token for a page of this connection that is opened now. Valid for an hour. */
  open(connection: Connection): AccountSession {
    return this.issue(connection.id, this.clock.now().getTime());
  }

  /**
   * Finds a token's connection. Returns undefined if the token is forged, has ended or belongs to another
   * module.
   */
  async find(moduleCode: string, token: string, request?: string): Promise<Connection | undefined> {
    const page = await this.readPage(moduleCode, token);
    return page && !hasEnded(page) ? bindToRequest(page.connection, request) : undefined;
  }

  /**
   * Issues another token for the page of a valid one: for an hour, but not beyond a day after the page was
   * opened. Returns undefined like `find`. Throws CallbackError 401 once the connection was removed.
   */
  async renew(moduleCode: string, token: string): Promise<AccountSession | undefined> {
    const page = await this.readPage(moduleCode, token);
    if (!page) return undefined;
    const { connection, since } = page;
    if (connection.disconnectedAt) throw new CallbackError(401, textFor(texts.removed, connection.account.language));
    return hasEnded(page) ? undefined : this.issue(connection.id, since);
  }

  /** Returns when a token ends, in milliseconds since 1970. Returns undefined like `find`. */
  getEnd(token: string): number | undefined {
    return this.read(token)?.until;
  }

  private issue(id: string, since: number): AccountSession {
    const until = Math.min(this.clock.now().getTime() + LIFE_MS.token, since + LIFE_MS.page);
    const claims: Claims = { id, until, since };
    return { token: this.box.sign(JSON.stringify(claims), PURPOSE), endsAt: new Date(until) };
  }

  /** Reads the connection's row once, because every call of an account page does this. */
  private async readPage(moduleCode: string, token: string): Promise<OpenPage | undefined> {
    const claims = this.read(token);
    const row = claims && (await this.connections.findRow(claims.id));
    const connection = row && this.connections.parse(row);
    if (!claims || connection?.module.code !== moduleCode) return undefined;
    return { connection, since: claims.since, switchedOnAgainAt: row?.switchedOnAgainAt };
  }

  private read(token: string): Claims | undefined {
    const payload = this.box.verify(token, PURPOSE);
    if (payload === undefined) return undefined;
    const { id, until, since = until - LIFE_MS.token } = JSON.parse(payload) as Omit<Claims, 'since'> & Partial<Claims>;
    return until < this.clock.now().getTime() ? undefined : { id, until, since };
  }
}

/**
 * Whether a page's token ended early: after the page was opened, the connection was disconnected, frozen by
 * the operator, or switched on again by another registration.
 */
function hasEnded({ connection: { disconnectedAt, frozenByOperatorAt }, since, switchedOnAgainAt }: OpenPage): boolean {
  return [disconnectedAt, frozenByOperatorAt, switchedOnAgainAt].some((at) => at && since < at.getTime());
}
