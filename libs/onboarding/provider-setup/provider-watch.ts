import { Injectable, Logger } from '@nestjs/common';
import {
  type CheckOutcome,
  type Connection,
  HealthStore,
  type HostedModule,
  isFirstProvider,
  listProblemKeys,
  nameConnection,
  NO_PROBLEMS,
  RejectedCalls,
  Suspects,
} from '#connections';
import { Database, errorText, fillIn, type LocalText, textFor, toLogLine, type Transaction } from '#platform';
import { AccountNotices, formatNoticeTitle } from '../notices/account-notices.js';
import { texts } from '../onboarding.texts.js';

/** Subject of the first provider's notice. Other providers' subjects also contain their code. */
const SUBJECT = 'credentials';
/**
 * Minimum number of hours between two notices of a connection whose credentials repeatedly fail and recover.
 */
const QUIET_HOURS = 24;
/** Maximum length of a module's name in a notice, so that the notice fits the CRM's 160 characters. */
const NAME_LENGTH = 50;

/** Part of a service problem: its lasting connection. */
const LINE = 'line';

/** Tracks the state of a provider's service: whether it responds, and accepts the credentials. */
@Injectable()
export class ProviderWatch {
  private readonly logger = new Logger(ProviderWatch.name);
  private readonly suspects = new Suspects();
  /** Writes in progress in this process, so that a burst does not repeat them. */
  private readonly busy = new Set<string>();
  /** Ids of connections called since `takeCalled`, by the modules passed to `follow`. */
  private readonly called = new Map<HostedModule, Set<string>>();

  constructor(
    private readonly database: Database,
    private readonly rejectedCalls: RejectedCalls,
    private readonly notices: AccountNotices,
    private readonly health: HealthStore,
  ) {}

  /**
   * Records that credentials were rejected (ProviderError `auth`). The account gets one notice. It gets
   * another only after new settings, or after the credentials were accepted. Works in the background and
   * never throws. A failed write is repeated at the next rejection.
   */
  recordRejection(connection: Connection, call: string, reason: string): void {
    if (connection.rejectedCalls.includes(call)) this.recordAnswer(connection);
    else this.keep(connection, call, () => this.noteRejection(connection, call, reason));
  }

  /**
   * Records that the service did not respond to a call, which started at `startedAt` of `performance.now()`.
   */
  recordOutage(connection: Connection, reason: string, startedAt: number): void {
    const { id, module } = connection;
    const { code } = module.manifest;
    const isKnown = this.listAway(connection).length > 0;
    const verdict = isKnown ? 'known' : this.suspects.note(toKey(connection), startedAt);
    if (verdict === 'first') this.keep(connection, 'outage', () => this.health.suspect(id, code));
    if (verdict === 'lasting') this.keep(connection, 'outage', () => this.noteAway(connection, reason));
    // Once the outage has ended, in any process, it takes two failures again.
    if (verdict === 'lasting' || verdict === 'known') this.suspects.clear(toKey(connection));
  }

  /**
   * Records that a call succeeded, so the credentials are accepted. `wasAsked`: the service responded, not
   * our cache. Neither waits nor fails.
   */
  recordSuccess(connection: Connection, call: string, wasAsked: boolean): void {
    if (connection.rejectedCalls.includes(call)) this.keep(connection, call, () => this.rejectedCalls.remove(connection, call));
    this.called.get(connection.module)?.add(connection.id);
    if (wasAsked) this.recordAnswer(connection);
  }

  /**
   * Records that the service responded, even if it rejected the call, so it is not down. Neither waits nor
   * fails.
   */
  recordAnswer(connection: Connection): void {
    if (this.suspects.any) this.suspects.clear(toKey(connection));
    if (connection.problems === NO_PROBLEMS || this.listAway(connection).length === 0) return;
    this.keep(connection, 'outage', () => this.noteAnswer(connection));
  }

  /**
   * Records that the lasting connection to the service has been lost for longer than a moment, or is back.
   */
  recordLine(connection: Connection, problem: string | undefined): void {
    const known = listProblemKeys(connection.problems, 'service-away', connection.module, LINE);
    if (problem === undefined && known.length > 0) this.keep(connection, LINE, () => this.health.end(connection.id, known));
    if (problem !== undefined && known.length === 0) this.keep(connection, LINE, () => this.noteAway(connection, problem, LINE));
  }

  /** Stores that the service is down. */
  async noteAway(connection: Connection, reason: string, part?: string): Promise<void> {
    const { id, module } = connection;
    if (!(await this.health.begin(id, { kind: 'service-away', provider: module.manifest.code, part }, reason))) return;
    this.logger.warn(toLogLine(`${module.manifest.title.en} of connection ${id} does not respond: ${reason}`, connection.request));
  }

  /** Stores that a check of the service succeeded. A rejection by an earlier check is removed then. */
  async noteWell(connection: Connection): Promise<void> {
    await this.noteAnswer(connection);
    if (connection.rejectedCalls.includes('check')) await this.database.transaction((tx) => this.rejectedCalls.clear(tx, connection, true));
  }

  /** Removes rejections in `tx` after new settings, so that the next rejection is reported again. */
  async forget(connection: Connection, tx: Transaction, check?: CheckOutcome): Promise<void> {
    await this.rejectedCalls.clear(tx, connection);
    if (check?.state === 'ok') await this.health.endOf(connection.id, 'service-away', connection.module, tx);
    await this.notices.withdraw(connection.id, getSubject(connection), tx);
  }

  /** Notifies the account of a rejection whose notice was postponed or exceeded the limit. */
  async remind(connection: Connection): Promise<void> {
    await this.database.transaction(async (tx) => {
      if (await this.rejectedCalls.isDue(tx, connection, QUIET_HOURS)) await this.tell(connection, tx);
    });
  }

  /** Starts tracking which connections of these modules are called. */
  follow(modules: readonly HostedModule[]): void {
    for (const module of modules) this.called.set(module, new Set());
  }

  /** Returns the connections that were called, with their provider, since the last call of this method. */
  takeCalled(): { id: string; provider: string }[] {
    const all = [...this.called].flatMap(([{ manifest }, ids]) => [...ids].map((id) => ({ id, provider: manifest.code })));
    for (const ids of this.called.values()) ids.clear();
    return all;
  }

  /** Stores that the service responded. This does not restore a lost line. */
  private async noteAnswer(connection: Connection): Promise<void> {
    this.suspects.clear(toKey(connection));
    await this.health.end(connection.id, this.listAway(connection));
  }

  private listAway({ problems, module }: Connection): string[] {
    return listProblemKeys(problems, 'service-away', module);
  }

  private keep(connection: Connection, about: string, work: () => Promise<unknown>): void {
    const key = `${toKey(connection)} ${about}`;
    if (this.busy.has(key)) return;
    this.busy.add(key);
    work()
      .catch((error: unknown) =>
        this.logger.warn(toLogLine(`health of connection ${connection.id} cannot be stored: ${errorText(error)}`, connection.request)),
      )
      .finally(() => this.busy.delete(key));
  }

  /** Stores that credentials were rejected, which counts as a response, and notifies the account. */
  async noteRejection(connection: Connection, call: string, reason: string): Promise<void> {
    const told = await this.database.transaction(
      async (tx) => (await this.rejectedCalls.add(tx, connection, { call, reason }, QUIET_HOURS)) && this.tell(connection, tx),
      connection.request,
    );
    await this.noteAnswer(connection);
    if (!told) return;
    const line = `the provider of connection ${connection.id} rejects its credentials (${call}). The account is notified`;
    this.logger.warn(toLogLine(line, connection.request));
  }

  /**
   * Returns false, and does nothing, if the account has reached its limit of notices. A later check sends it.
   */
  private async tell(connection: Connection, tx: Transaction): Promise<boolean> {
    const isTold = await this.notices.add(connection.id, getSubject(connection), buildCredentialsNotice(nameProvider(connection)), tx);
    if (isTold) await this.rejectedCalls.markTold(tx, connection);
    return isTold;
  }
}

function toKey({ id, module }: Connection): string {
  return `${id} ${module.manifest.code}`;
}

function getSubject({ module }: Connection): string {
  return isFirstProvider(module) ? SUBJECT : `${SUBJECT} ${module.manifest.code}`;
}

/** Returns the module's name, and for a combined module also the provider's. */
function nameProvider(connection: Connection): string {
  const { module, account } = connection;
  const name = nameConnection(connection);
  return module.providers.length > 1 ? `${name}: ${textFor(module.manifest.title, account.language)}` : name;
}

/** Builds the notice about rejected credentials for the account's administrators. */
export function buildCredentialsNotice(moduleName: string): LocalText {
  const title = formatNoticeTitle(moduleName, NAME_LENGTH);
  return fillIn(texts.notices.credentialsRefused, { title });
}
