import { Injectable, Logger } from '@nestjs/common';
import { Database, type LocalText, rowsOf, toLogLine, type Transaction } from '#platform';
import { ProviderError } from '#provider-kit';
import { AccountNotices, noticeTitle } from './account-notices.js';
import type { Connection } from './connection.js';

const SUBJECT = 'credentials';
/** Credentials that come and go by themselves are not told of more often, in hours. */
const QUIET_HOURS = 24;
/** Characters of a module's name in a notice, so that all of it has the CRM's 160. */
const NAME_LENGTH = 50;

/**
 * Watches what providers say of each connection's credentials and tells the account once when they are refused (ProviderError `auth`): again only when they were mended
 * (new settings, or the call that was refused succeeds) and are refused anew.
 */
@Injectable()
export class CredentialsWatch {
  private readonly logger = new Logger(CredentialsWatch.name);
  /** By the connection's refused calls, an object of their own for each reading of it from the database. */
  private readonly watched = new WeakMap<readonly string[], object>();
  /** What is being kept by this process just now, so that a burst does not ask the database as often. */
  private readonly busy = new Set<string>();

  constructor(
    private readonly database: Database,
    private readonly notices: AccountNotices,
  ) {}

  /** The provider with its calls for this connection watched. */
  over<Provider extends object>(connection: Connection, provider: Provider): Provider {
    const known = this.watched.get(connection.refusedCalls);
    if (known) return known as Provider;
    const watched = new Proxy(provider, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...values: unknown[]): unknown => {
          const answer: unknown = Reflect.apply(member, target, values);
          if (answer instanceof Promise) this.follow(connection, String(name), answer);
          return answer;
        };
      },
    });
    this.watched.set(connection.refusedCalls, watched);
    return watched;
  }

  /** The credentials were refused at a call. Neither waits nor fails: what could not be kept is kept at the next refusal. */
  refused(connection: Connection, call: string): void {
    if (!connection.refusedCalls.includes(call)) this.keep(connection, call, () => this.note(connection, call));
  }

  /** The credentials were taken at a call. Neither waits nor fails. */
  accepted(connection: Connection, call: string): void {
    if (connection.refusedCalls.includes(call)) this.keep(connection, call, () => this.clear(connection.id, call));
  }

  /** The settings were changed, in the transaction of `tx`: whatever is refused from now on is told. */
  async renewed(connectionId: string, tx: Transaction): Promise<void> {
    await tx.query(`UPDATE connection SET refused_calls = '{}', credentials_told_at = NULL, version = version + 1 WHERE id = $1`, [
      connectionId,
    ]);
    await this.notices.withdraw(connectionId, SUBJECT, tx);
  }

  private follow(connection: Connection, call: string, answer: Promise<unknown>): void {
    answer.then(
      () => this.accepted(connection, call),
      (error: unknown) => {
        if (error instanceof ProviderError && error.kind === 'auth') this.refused(connection, call);
      },
    );
  }

  private keep(connection: Connection, call: string, work: () => Promise<void>): void {
    const key = `${connection.id} ${call}`;
    if (this.busy.has(key)) return;
    this.busy.add(key);
    work()
      .catch((error: unknown) =>
        this.logger.warn(
          toLogLine(
            `credentials of connection ${connection.id} cannot be noted: ${error instanceof Error ? error.message : String(error)}`,
            connection.request,
          ),
        ),
      )
      .finally(() => this.busy.delete(key));
  }

  /** The row's lock and the conditions under it make one notice of refusals in many processes. */
  private async note(connection: Connection, call: string): Promise<void> {
    const told = await this.database
      .transaction(async (tx) => {
        const [row] = rowsOf<{ told: boolean }>(
          await tx.query(
            `UPDATE connection SET refused_calls = array_append(refused_calls, $2), version = version + 1,
               credentials_told_at = CASE WHEN cardinality(refused_calls) = 0 OR credentials_told_at < now() - make_interval(hours => $3)
                 THEN now() ELSE credentials_told_at END
             WHERE id = $1 AND $2 <> ALL (refused_calls)
               AND (cardinality(refused_calls) > 0 OR credentials_told_at IS NULL OR credentials_told_at < now() - make_interval(hours => $3))
             RETURNING credentials_told_at = now() AS told`,
            [connection.id, call, QUIET_HOURS],
          ),
        );
        if (!row?.told) return false;
        if (!(await this.notices.add(connection.id, SUBJECT, noticeOf(connection.module.name), tx))) throw new NoticesUsedUp();
        return true;
      }, connection.request)
      .catch((error: unknown) => {
        if (error instanceof NoticesUsedUp) return false;
        throw error;
      });
    if (!told) return;
    const line = `the provider of connection ${connection.id} refuses its credentials (${call}); the account is told`;
    this.logger.warn(toLogLine(line, connection.request));
  }

  private async clear(connectionId: string, call: string): Promise<void> {
    await this.database.dataSource.query(
      `UPDATE connection SET refused_calls = array_remove(refused_calls, $2), version = version + 1 WHERE id = $1 AND $2 = ANY (refused_calls)`,
      [connectionId, call],
    );
  }
}

/** Takes the refusal's note back, so that a later one is told. */
class NoticesUsedUp extends Error {}

/** What the account's administrators read. */
export function noticeOf(moduleName: string): LocalText {
  const title = noticeTitle(moduleName, NAME_LENGTH);
  return {
    en: `${title}: its service refuses the credentials. Open the module's settings, check the login and key, and save.`,
    es: `${title}: su servicio rechaza las credenciales. Abra los ajustes del módulo, revise usuario y clave, y guarde.`,
    ru: `${title}: сервис не принимает учётные данные. Откройте настройки модуля, проверьте логин и ключ и сохраните.`,
  };
}
