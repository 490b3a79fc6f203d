import { Injectable } from '@nestjs/common';
import { Environment, type Operator, type OperatorToken } from '../config/index.js';
import { randomToken, sha256Hex } from '../crypto/index.js';
import { Database, prepare } from '../database/index.js';

/** A session lives so long without being used, and in all. */
const IDLE = "interval '30 minutes'";
const LIFE = "interval '12 hours'";
const LIVE = `used_at > now() - ${IDLE} AND created_at > now() - ${LIFE}`;
/** The use of a session is stored so often. */
const NOTED = "interval '1 minute'";

const FIND = prepare(
  'operator-session-find',
  `SELECT token, used_at + ${IDLE} AS "idleUntil", created_at + ${LIFE} AS "endsAt", used_at < now() - ${NOTED} AS "isDue"
    FROM operator_session WHERE id_hash = $1 AND ${LIVE}`,
);

const LIST = `SELECT id, token, user_agent AS "userAgent", created_at AS "beganAt", used_at AS "usedAt", used_at + ${IDLE} AS "idleUntil",
    created_at + ${LIFE} AS "endsAt", id_hash = $2 AS "isCurrent"
  FROM operator_session WHERE token = ANY ($1) AND ${LIVE} ORDER BY used_at DESC, id`;

interface FoundSession {
  token: string;
  idleUntil: Date;
  endsAt: Date;
  /** Its use is to be stored. */
  isDue: boolean;
}

const MOST_AGENT = 200;

/** Seconds that a session lives in all. */
export const SESSION_LIFE_S = 12 * 60 * 60;

/** A session of an operator, with the name and right that its token has now. */
export interface OperatorSession extends Operator {
  /** When it ends unless it is used before. */
  readonly idleUntil: Date;
  /** When it ends in any case. */
  readonly endsAt: Date;
}

/** A live session as operators see it. */
export interface ListedSession extends OperatorSession {
  /** The id for ending the session. The session's cookie cannot be derived from it. */
  readonly id: string;
  readonly beganAt: Date;
  /** When it was last used, to the minute. */
  readonly usedAt: Date;
  /** The browser's `User-Agent`, at most 200 characters. Null if it sent none. */
  readonly userAgent: string | null;
  /** Whether this is the session of the request. */
  readonly isCurrent: boolean;
}

/** Sessions of operators in a browser, stored by the hashes of their ids and bound to their tokens. */
@Injectable()
export class OperatorSessions {
  private readonly tokens: ReadonlyMap<string, OperatorToken>;

  constructor(
    private readonly database: Database,
    environment: Environment,
  ) {
    this.tokens = new Map(environment.operatorTokens.map((token) => [toMark(token), token]));
  }

  /**
   * Begins a session with a token and returns its id, which only the browser keeps. Deletes ended sessions.
   */
  async begin(token: OperatorToken, userAgent: string | undefined): Promise<string> {
    const id = randomToken();
    await this.database.query(`DELETE FROM operator_session WHERE NOT (${LIVE})`);
    await this.database.query('INSERT INTO operator_session (id_hash, token, user_agent) VALUES ($1, $2, $3)', [
      ...[sha256Hex(id), toMark(token), userAgent?.slice(0, MOST_AGENT) ?? null],
    ]);
    return id;
  }

  /** Finds a live session whose token is still in the settings. `isUse`: restarts its idle time. */
  async find(id: string, isUse: boolean): Promise<OperatorSession | undefined> {
    const hash = sha256Hex(id);
    const [row] = await this.database.run<FoundSession>(FIND, [hash]);
    const token = row && this.tokens.get(row.token);
    if (!token) return undefined;
    if (isUse && row.isDue)
      await this.database.query(`UPDATE operator_session SET used_at = now() WHERE id_hash = $1 AND used_at < now() - ${NOTED}`, [hash]);
    return { ...toOperator(token), idleUntil: row.idleUntil, endsAt: row.endsAt };
  }

  /** Ends a session, wherever its id is still kept. */
  async end(id: string): Promise<void> {
    await this.database.query('DELETE FROM operator_session WHERE id_hash = $1', [sha256Hex(id)]);
  }

  /** Lists the live sessions, the last used first. `current`: id of the caller's session, if there is one. */
  async list(current: string | undefined): Promise<ListedSession[]> {
    const rows = await this.database.query<Omit<ListedSession, keyof Operator> & { token: string }>(LIST, [
      ...[[...this.tokens.keys()], current === undefined ? '' : sha256Hex(current)],
    ]);
    return rows.flatMap(({ token: mark, ...row }) => {
      const token = this.tokens.get(mark);
      return token ? [{ ...row, ...toOperator(token) }] : [];
    });
  }

  /** Ends the session that the list calls so, a UUID. Returns whether there was one. */
  async endListed(id: string): Promise<boolean> {
    return (await this.database.query('DELETE FROM operator_session WHERE id = $1 RETURNING id', [id])).length > 0;
  }

  /** Ends all sessions of an operator, begun by whichever of the tokens of this name. Returns how many. */
  async endAllOf(name: string): Promise<number> {
    const marks = [...this.tokens].filter(([, token]) => token.name === name).map(([mark]) => mark);
    return (await this.database.query('DELETE FROM operator_session WHERE token = ANY ($1) RETURNING id', [marks])).length;
  }
}

/** The operator of a token, without its hash. */
export function toOperator({ name, may, modules }: OperatorToken): Operator {
  return { name, may, ...(modules && { modules }) };
}

/** The part of its token that a session stores, which does not help to find the token. */
function toMark({ hash }: OperatorToken): string {
  return sha256Hex(`operator session ${hash}`);
}
