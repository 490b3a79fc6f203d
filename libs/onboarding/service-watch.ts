import { Injectable, Logger } from '@nestjs/common';
import {
  type CheckOutcome,
  type Connection,
  HealthStore,
  type HostedModule,
  isFirstPart,
  listProblemKeys,
  nameConnection,
  NO_PROBLEMS,
  RefusedCalls,
  Suspects,
} from '#connections';
import { Database, errorText, fillIn, type LocalText, textFor, toLogLine, type Transaction } from '#platform';
import { AccountNotices, formatNoticeTitle } from './account-notices.js';
import { texts } from './onboarding.texts.js';

/** Of the first provider's notice; that of another one has its code too. */
const SUBJECT = 'credentials';
/** Hours between two notices of a connection when its credentials come and go on their own. */
const QUIET_HOURS = 24;
/** Characters of a module's name in a notice, so that the whole has no more than the CRM's 160. */
const NAME_LENGTH = 50;

/** A line to a service: the part of it that is away or back. */
const LINE = 'line';

/** What is known of a provider's service: whether it answers, and takes the credentials. */
@Injectable()
export class ServiceWatch {
  private readonly logger = new Logger(ServiceWatch.name);
  private readonly suspects = new Suspects();
  /** What this process is storing now, so that a burst does not ask the database as often. */
  private readonly busy = new Set<string>();
  /** Ids of connections that were called since `takeCalled`, by the providers that `follow` names. */
  private readonly called = new Map<HostedModule, Set<string>>();

  constructor(
    private readonly database: Database,
    private readonly refusedCalls: RefusedCalls,
    private readonly notices: AccountNotices,
    private readonly health: HealthStore,
  ) {}

  /**
   * Records that credentials were refused (ProviderError `auth`), of which the account is told once: again
   * only after new settings, or when they had been accepted. Works in the background and never throws; what
   * could not be stored is stored at the next refusal.
   */
  recordRefusal(connection: Connection, call: string, reason: string): void {
    if (connection.refusedCalls.includes(call)) this.recordAnswer(connection);
    else this.keep(connection, call, () => this.noteRefusal(connection, call, reason));
  }

  /** Records that the service did not answer a call, which began at `startedAt` of `performance.now()`. */
  recordOutage(connection: Connection, reason: string, startedAt: number): void {
    const { id, module } = connection;
    const { code } = module.manifest;
    const isKnown = this.listAway(connection).length > 0;
    const verdict = isKnown ? 'known' : this.suspects.note(toKey(connection), startedAt);
    if (verdict === 'first') this.keep(connection, 'outage', () => this.health.suspect(id, code));
    if (verdict === 'lasting') this.keep(connection, 'outage', () => this.noteAway(connection, reason));
    // Once it has ended, by whatever process, it takes two failures again.
    if (verdict === 'lasting' || verdict === 'known') this.suspects.clear(toKey(connection));
  }

  /**
   * A call passed: the credentials are taken. `wasAsked`: the service answered it, not our memory. Neither
   * waits nor fails.
   */
  recordSuccess(connection: Connection, call: string, wasAsked: boolean): void {
    if (connection.refusedCalls.includes(call)) this.keep(connection, call, () => this.refusedCalls.remove(connection, call));
    this.called.get(connection.module)?.add(connection.id);
    if (wasAsked) this.recordAnswer(connection);
  }

  /** The service answered, if only with a refusal: it is not away. Neither waits nor fails. */
  recordAnswer(connection: Connection): void {
    if (this.suspects.any) this.suspects.clear(toKey(connection));
    if (connection.problems === NO_PROBLEMS || this.listAway(connection).length === 0) return;
    this.keep(connection, 'outage', () => this.noteAnswer(connection));
  }

  /** Records that the lasting connection to the service is lost for longer than a moment, or is there. */
  recordLine(connection: Connection, problem: string | undefined): void {
    const known = listProblemKeys(connection.problems, 'service-away', connection.module, LINE);
    if (problem === undefined && known.length > 0) this.keep(connection, LINE, () => this.health.end(connection.id, known));
    if (problem !== undefined && known.length === 0) this.keep(connection, LINE, () => this.noteAway(connection, problem, LINE));
  }

  /** Stores that the service is away. */
  async noteAway(connection: Connection, reason: string, part?: string): Promise<void> {
    const { id, module } = connection;
    if (!(await this.health.begin(id, { kind: 'service-away', provider: module.manifest.code, part }, reason))) return;
    this.logger.warn(toLogLine(`${module.manifest.title.en} of connection ${id} does not answer: ${reason}`, connection.request));
  }

  /** Stores that a look at the service found it well; what a look refused before is forgotten then. */
  async noteWell(connection: Connection): Promise<void> {
    await this.noteAnswer(connection);
    if (connection.refusedCalls.includes('check')) await this.database.transaction((tx) => this.refusedCalls.clear(tx, connection, true));
  }

  /** Forgets refusals in `tx` after new settings, so that the next refusal is reported again. */
  async forget(connection: Connection, tx: Transaction, check?: CheckOutcome): Promise<void> {
    await this.refusedCalls.clear(tx, connection);
    if (check?.state === 'ok') await this.health.endOf(connection.id, 'service-away', connection.module, tx);
    await this.notices.withdraw(connection.id, getSubject(connection), tx);
  }

  /** Tells the account of a refusal for which it was too early, or too much, when it was found. */
  async remind(connection: Connection): Promise<void> {
    await this.database.transaction(async (tx) => {
      if (await this.refusedCalls.isDue(tx, connection, QUIET_HOURS)) await this.tell(connection, tx);
    });
  }

  /** Remembers from now on which connections of these modules are called. */
  follow(modules: readonly HostedModule[]): void {
    for (const module of modules) this.called.set(module, new Set());
  }

  /** Returns which connections answered through which provider since the last time. */
  takeCalled(): { id: string; provider: string }[] {
    const all = [...this.called].flatMap(([{ manifest }, ids]) => [...ids].map((id) => ({ id, provider: manifest.code })));
    for (const ids of this.called.values()) ids.clear();
    return all;
  }

  /** Stores that the service answered; a lost line is not back by that. */
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
        this.logger.warn(toLogLine(`health of connection ${connection.id} cannot be noted: ${errorText(error)}`, connection.request)),
      )
      .finally(() => this.busy.delete(key));
  }

  /** Stores that credentials were refused, which is an answer, and tells the account. */
  async noteRefusal(connection: Connection, call: string, reason: string): Promise<void> {
    const told = await this.database.transaction(
      async (tx) => (await this.refusedCalls.add(tx, connection, { call, reason }, QUIET_HOURS)) && this.tell(connection, tx),
      connection.request,
    );
    await this.noteAnswer(connection);
    if (!told) return;
    const line = `the provider of connection ${connection.id} refuses its credentials (${call}); the account is told`;
    this.logger.warn(toLogLine(line, connection.request));
  }

  /** Returns false, and does nothing, when the account has had too many notices; a later look tells it. */
  private async tell(connection: Connection, tx: Transaction): Promise<boolean> {
    const isTold = await this.notices.add(connection.id, getSubject(connection), buildCredentialsNotice(nameProvider(connection)), tx);
    if (isTold) await this.refusedCalls.markTold(tx, connection);
    return isTold;
  }
}

function toKey({ id, module }: Connection): string {
  return `${id} ${module.manifest.code}`;
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

/** Builds what the account's administrators read. */
export function buildCredentialsNotice(moduleName: string): LocalText {
  const title = formatNoticeTitle(moduleName, NAME_LENGTH);
  return fillIn(texts.notices.credentialsRefused, { title });
}
