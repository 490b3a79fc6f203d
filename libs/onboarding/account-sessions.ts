import { Injectable } from '@nestjs/common';
import { bindToRequest, type Connection, ConnectionStore } from '#connections';
import { CallbackError, Clock, type LocalText, SecretBox, textFor } from '#platform';

/** How long a token lasts, and how long one opening of the page can be renewed, in milliseconds. */
const LIFE_MS = { token: 60 * 60_000, page: 24 * 60 * 60_000 };
const PURPOSE = 'account page session';

const REMOVED: LocalText = {
  en: 'This connection was removed: open the module from the CRM again.',
  es: 'Esta conexión se quitó: abra el módulo de nuevo desde el CRM.',
  ru: 'Это подключение удалено: откройте модуль из CRM снова.',
};

/** What an account page calls its API with. */
export interface AccountSession {
  /** For `Authorization: Bearer ...`. */
  token: string;
  /** When it ends unless it is renewed. */
  endsAt: Date;
}

/** What a token says; times in milliseconds. */
interface Claims {
  id: string;
  until: number;
  /** When the page was opened. */
  since: number;
}

/** Tokens of account pages, which keep nothing in the browser: signed, and renewed while the page is open. */
@Injectable()
export class AccountSessions {
  constructor(
    private readonly connections: ConnectionStore,
    private readonly box: SecretBox,
    private readonly clock: Clock,
  ) {}

  /** Issues a token for a page of this connection that is opened now, valid for an hour. */
  open(connection: Connection): AccountSession {
    return this.issue(connection.id, this.clock.now().getTime());
  }

  /** Finds a token's connection; undefined if the token is forged, has ended or belongs to another module. */
  async find(moduleCode: string, token: string, request?: string): Promise<Connection | undefined> {
    const claims = this.read(token);
    const connection = claims && (await this.connections.findById(claims.id));
    if (!claims || connection?.module.code !== moduleCode || (await this.hasEnded(connection, claims.since))) return undefined;
    return bindToRequest(connection, request);
  }

  /**
   * Whether a page's token ended before its time: after the page was opened, the connection was disconnected,
   * frozen by the operator, or switched on again by another registration.
   */
  private async hasEnded({ id, disconnectedAt, frozenByOperatorAt }: Connection, since: number): Promise<boolean> {
    const row = await this.connections.findRow(id);
    return [disconnectedAt, frozenByOperatorAt, row?.switchedOnAgainAt].some((at) => at && since < at.getTime());
  }

  /**
   * Issues a further token for the page of a valid one: for an hour, but not beyond a day since it was
   * opened. Undefined as `find`. Throws CallbackError 401 once the connection was removed.
   */
  async renew(moduleCode: string, token: string): Promise<AccountSession | undefined> {
    const claims = this.read(token);
    const connection = claims && (await this.connections.findById(claims.id));
    if (!claims || connection?.module.code !== moduleCode) return undefined;
    if (connection.disconnectedAt) throw new CallbackError(401, textFor(REMOVED, connection.account.language));
    return (await this.hasEnded(connection, claims.since)) ? undefined : this.issue(connection.id, claims.since);
  }

  /** Returns when a token ends, in milliseconds since 1970; undefined as `find`. */
  getEnd(token: string): number | undefined {
    return this.read(token)?.until;
  }

  private issue(id: string, since: number): AccountSession {
    const until = Math.min(this.clock.now().getTime() + LIFE_MS.token, since + LIFE_MS.page);
    const claims: Claims = { id, until, since };
    return { token: this.box.sign(JSON.stringify(claims), PURPOSE), endsAt: new Date(until) };
  }

  private read(token: string): Claims | undefined {
    const payload = this.box.verify(token, PURPOSE);
    if (payload === undefined) return undefined;
    const { id, until, since = until - LIFE_MS.token } = JSON.parse(payload) as Omit<Claims, 'since'> & Partial<Claims>;
    return until < this.clock.now().getTime() ? undefined : { id, until, since };
  }
}
