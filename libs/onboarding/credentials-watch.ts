import { Injectable, Logger } from '@nestjs/common';
import { type Connection, isFirstPart, nameConnection, RefusedCalls } from '#connections';
import { Database, errorText, type LocalText, toLogLine, type Transaction, textFor } from '#platform';
import { AccountNotices, formatNoticeTitle } from './account-notices.js';

/** Of the first provider's notice; that of another one has its code too. */
const SUBJECT = 'credentials';
/** Hours between two notices of a connection when its credentials come and go on their own. */
const QUIET_HOURS = 24;
/** Characters of a module's name in a notice, so that the whole has no more than the CRM's 160. */
const NAME_LENGTH = 50;

/**
 * Notifies an account once when its provider refuses the credentials (ProviderError `auth`). It may notify
 * again after new settings, or after the refused call has succeeded.
 */
@Injectable()
export class CredentialsWatch {
  private readonly logger = new Logger(CredentialsWatch.name);
  /** What this process is storing now, so that a burst does not ask the database as often. */
  private readonly busy = new Set<string>();

  constructor(
    private readonly database: Database,
    private readonly refusedCalls: RefusedCalls,
    private readonly notices: AccountNotices,
  ) {}

  /**
   * Records a refusal in the background and never throws; what could not be stored is stored at the next one.
   */
  recordRefusal(connection: Connection, call: string): void {
    if (!connection.refusedCalls.includes(call)) this.keep(connection, call, () => this.note(connection, call));
  }

  /** The credentials were accepted at a call. Neither waits nor fails. */
  recordSuccess(connection: Connection, call: string): void {
    if (connection.refusedCalls.includes(call)) this.keep(connection, call, () => this.refusedCalls.remove(connection, call));
  }

  /** Forgets refusals in `tx` after new settings, so that the next refusal is reported again. */
  async forget(connection: Connection, tx: Transaction): Promise<void> {
    await this.refusedCalls.clear(tx, connection);
    await this.notices.withdraw(connection.id, getSubject(connection), tx);
  }

  private keep(connection: Connection, call: string, work: () => Promise<void>): void {
    const key = `${connection.id} ${connection.module.manifest.code} ${call}`;
    if (this.busy.has(key)) return;
    this.busy.add(key);
    work()
      .catch((error: unknown) =>
        this.logger.warn(toLogLine(`credentials of connection ${connection.id} cannot be noted: ${errorText(error)}`, connection.request)),
      )
      .finally(() => this.busy.delete(key));
  }

  private async note(connection: Connection, call: string): Promise<void> {
    const told = await this.database
      .transaction(async (tx) => {
        if (!(await this.refusedCalls.add(tx, connection, call, QUIET_HOURS))) return false;
        const notice = buildCredentialsNotice(nameProvider(connection));
        if (!(await this.notices.add(connection.id, getSubject(connection), notice, tx))) throw new NoticesUsedUp();
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
}

function getSubject({ module }: Connection): string {
  return isFirstPart(module) ? SUBJECT : `${SUBJECT} ${module.manifest.code}`;
}

/** The module's name; of a combined one, that of the provider too. */
function nameProvider(connection: Connection): string {
  const { module, account } = connection;
  const name = nameConnection(connection);
  return module.parts.length > 1 ? `${name}: ${textFor(module.manifest.title, account.language)}` : name;
}

/** Rolls the refusal back, so that a later one is reported. */
class NoticesUsedUp extends Error {}

/** Builds what the account's administrators read. */
export function buildCredentialsNotice(moduleName: string): LocalText {
  const title = formatNoticeTitle(moduleName, NAME_LENGTH);
  return {
    en: `${title}: its service refuses the credentials. Open the module's settings, check the login and key, and save.`,
    es: `${title}: su servicio rechaza las credenciales. Abra los ajustes del módulo, revise usuario y clave, y guarde.`,
    ru: `${title}: сервис не принимает учётные данные. Откройте настройки модуля, проверьте логин и ключ и сохраните.`,
  };
}
