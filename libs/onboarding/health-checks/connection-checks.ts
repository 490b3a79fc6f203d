import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { bulkhead } from 'cockatiel';
import {
  type Connection,
  ConnectionCheckEntity,
  ConnectionStore,
  CrmClients,
  CrmWatch,
  explainCrmError,
  HAS_SETTINGS,
  HealthStore,
  HOSTED,
  HostedModules,
  isLive,
  listHosted,
  nameConnection,
  readProblemKey,
} from '#connections';
import { AuthenticationError } from '#crm-client';
import { Clock, Database, defineJob, Environment, errorText, errorTrace, fillIn, HandleJob, type LocalText, toLogLine } from '#platform';
import { ProviderError } from '#provider-kit';
import { AccountNotices, formatNoticeTitle } from '../notices/account-notices.js';
import { texts } from '../onboarding.texts.js';
import { AllProviders } from '../provider-setup/all-providers.js';
import { ProviderWatch } from '../provider-setup/provider-watch.js';

/** Checks services and CRMs that are due. */
const checkDue = defineJob<Record<string, never>>('housekeeping', 'connection-checks.run');
/** Schedules checks of idle connections. */
const findQuiet = defineJob<Record<string, never>>('housekeeping', 'connection-checks.find');

const CHECK_MS = 5_000;
const FIND_MS = 600_000;
/**
 * Maximum number of checks in one run, which means 20 per second in the whole deployment, and at the same
 * time.
 */
const BATCH = 100;
const MOST_AT_ONCE = 20;
const ASK_MS = 5_000;
/** Seconds until a failed check is repeated. Each pause doubles. */
const PAUSE_S = { first: 15, most: 900 };
/** Minutes of downtime before a shop is notified about its own service, and hours before the next notice. */
const TELL = { afterMin: 30, quietHours: 24 };
/** Milliseconds between two times that calls are stored as a sign of life. */
const CALLED_MS = 300_000;
/** Maximum length of a module's name in a notice. */
const NAME_LENGTH = 50;

const SUBJECT = 'service-away';

type Check = Pick<ConnectionCheckEntity, 'connectionId' | 'provider' | 'tries' | 'notifiedAt'>;

/** Result of a check. `unknown`: the check was inconclusive. */
type Answer = { state: 'ok' | 'unknown' } | { state: 'away' | 'rejected'; reason: string };

/**
 * Checks the services and CRMs of connections: failed ones until they work again, and idle ones by `check`.
 */
@Injectable()
export class ConnectionChecks implements OnApplicationBootstrap {
  private readonly logger = new Logger(ConnectionChecks.name);
  private readonly turns = bulkhead(MOST_AT_ONCE, Infinity);

  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionStore,
    private readonly modules: HostedModules,
    private readonly providers: AllProviders,
    private readonly crmClients: CrmClients,
    private readonly crmWatch: CrmWatch,
    private readonly watch: ProviderWatch,
    private readonly health: HealthStore,
    private readonly notices: AccountNotices,
    private readonly environment: Environment,
    private readonly clock: Clock,
  ) {}

  /** Starts tracking which connections are called, and therefore need no check. */
  onApplicationBootstrap(): void {
    if (this.environment.HEALTH_CHECK_HOURS === 0) return;
    this.watch.follow(this.listChecking());
    setInterval(() => void this.keepCalled(), CALLED_MS).unref();
  }

  /** Runs the checks that are due. */
  @HandleJob(checkDue, { everyMs: CHECK_MS })
  async runDue(): Promise<void> {
    const due = await this.claim();
    await Promise.all(due.map((check) => this.turns.execute(() => this.visit(check))));
  }

  /**
   * Schedules a check of each live connection whose service can be checked, spread over HEALTH_CHECK_HOURS.
   */
  @HandleJob(findQuiet, { everyMs: FIND_MS })
  async find(): Promise<void> {
    const { HEALTH_CHECK_HOURS: hours } = this.environment;
    const modules = this.listChecking();
    if (hours === 0 || modules.length === 0) return;
    await this.database.query(
      `INSERT INTO connection_check AS p (connection_id, provider, due_at)
         SELECT connection.id, hosted.provider, now() + random() * make_interval(hours => $4)
         FROM connection JOIN ${HOSTED} USING (module_code)
         WHERE id IN (SELECT id FROM live_connection) AND ${HAS_SETTINGS} AND NOT EXISTS (
           SELECT FROM connection_check WHERE connection_id = connection.id AND provider = hosted.provider AND due_at IS NOT NULL)
       ON CONFLICT (connection_id, provider) DO UPDATE SET due_at = excluded.due_at WHERE p.due_at IS NULL`,
      [...listHosted(modules), hours],
    );
  }

  private listChecking(): ReturnType<HostedModules['all']> {
    return this.modules
      .listByProvider()
      .filter((module) => module.kind === 'adapter' && this.providers.of({ module }).has({ module }, 'check'));
  }

  /**
   * Postpones checks of connections that were called recently. Each is written at most twice between two
   * checks.
   */
  private async keepCalled(): Promise<void> {
    const called = this.watch.takeCalled();
    if (called.length === 0) return;
    try {
      await this.database.query(
        `UPDATE connection_check p SET due_at = now() + (0.9 + 0.2 * random()) * make_interval(hours => $3)
         FROM unnest($1::uuid[], $2::text[]) AS c (id, provider)
         WHERE p.connection_id = c.id AND p.provider = c.provider AND p.tries = 0 AND p.due_at < now() + make_interval(hours => $3) / 2`,
        [called.map(({ id }) => id), called.map(({ provider }) => provider), this.environment.HEALTH_CHECK_HOURS],
      );
    } catch (error) {
      this.logger.warn(`some connections will be checked although they were called: ${errorText(error)}`);
    }
  }

  /** Claims due checks, recent failures first. Each is rescheduled, in case this process dies. */
  private claim(): Promise<Check[]> {
    return this.database.query<Check>(
      `UPDATE connection_check SET tries = tries + 1,
         due_at = now() + least(${PAUSE_S.most}, ${PAUSE_S.first} * power(2, least(tries, 10))) * (0.9 + 0.2 * random()) * interval '1 second'
       WHERE (connection_id, provider) IN (
         SELECT connection_id, provider FROM connection_check WHERE due_at <= now() ORDER BY tries NOT BETWEEN 1 AND 3, due_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
       ) RETURNING connection_id AS "connectionId", provider, tries - 1 AS tries, notified_at AS "notifiedAt"`,
    );
  }

  /** Never throws. A result that could not be stored is found at the next check. */
  private async visit(check: Check): Promise<void> {
    try {
      const stored = await this.connections.findById(check.connectionId);
      const connection = check.provider === '' ? stored : stored?.views.find(({ module }) => module.manifest.code === check.provider);
      // For a connection that is off, a problem is checked again once it is on.
      if (!connection || (!isLive(connection) && !hasProblem(connection, check.provider))) return await this.rest(check, null);
      if (!isLive(connection)) return;
      const isWell = await (check.provider === '' ? this.visitCrm(connection) : this.visitService(connection, check));
      if (isWell) await this.rest(check, check.provider === '' ? null : this.hoursUntilNext(connection));
    } catch (error) {
      this.logger.warn(`connection ${check.connectionId} cannot be checked: ${errorText(error)}`);
    }
  }

  /** Sets the next check: after some hours, or only after an event if `hours` is null. */
  private async rest({ connectionId, provider }: Check, hours: number | null): Promise<void> {
    await this.database.query(
      `UPDATE connection_check SET tries = 0, due_at = now() + (0.9 + 0.2 * random()) * make_interval(hours => $3::int) WHERE connection_id = $1 AND provider = $2`,
      [connectionId, provider, hours],
    );
  }

  private hoursUntilNext(connection: Connection): number | null {
    const { HEALTH_CHECK_HOURS: hours } = this.environment;
    return hours > 0 && this.providers.of(connection).has(connection, 'check') ? hours : null;
  }

  /** `CrmWatch` records the call itself. This only records that one more failure means an outage. */
  private async visitCrm({ id, problems }: Connection): Promise<boolean> {
    try {
      const crm = await this.crmClients.crmFor(id, 'background');
      await crm.api.credentials({ totalTimeout: ASK_MS });
      return !Object.keys(problems).some((key) => readProblemKey(key).kind === 'crm-refuses' && readProblemKey(key).part !== undefined);
    } catch (error) {
      if (this.crmWatch.isAway(error)) await this.health.begin(id, { kind: 'crm-away' }, explainCrmError(error));
      else if (!(error instanceof AuthenticationError))
        this.logger.warn(`the CRM of connection ${id} cannot be checked: ${errorText(error)}`);
      return false;
    }
  }

  private async visitService(connection: Connection, { tries, notifiedAt }: Check): Promise<boolean> {
    const answer = await this.ask(connection);
    if (answer.state === 'ok') await this.watch.noteWell(connection);
    if (answer.state === 'rejected') await this.watch.noteRejection(connection, 'check', answer.reason);
    // A first failure of a check without an earlier suspicion is checked once more.
    if (answer.state === 'away' && tries > 0) await this.watch.noteAway(connection, answer.reason);
    const now = await this.connections.findById(connection.id, connection.module.integration);
    if (!now) return true;
    await this.watch.remind(now);
    await this.tell(now, notifiedAt);
    return (answer.state === 'ok' || !this.providers.of(now).has(now, 'check')) && !hasProblem(now, now.module.manifest.code);
  }

  /** Calls `check`, which has no effect. */
  private async ask(connection: Connection): Promise<Answer> {
    const calls = this.providers.of(connection);
    if (!calls.has(connection, 'check')) return { state: 'unknown' };
    try {
      const options = { trial: true, budgetMs: ASK_MS };
      const { errors = {} } = await calls.call(
        connection,
        'check',
        (provider, context) => provider.check(context.settings, context),
        options,
      );
      const [reason] = Object.values(errors);
      return reason === undefined ? { state: 'ok' } : { state: 'rejected', reason };
    } catch (error) {
      if (!(error instanceof ProviderError)) {
        this.logger.error(toLogLine(`connection ${connection.id} cannot be checked: ${errorTrace(error)}`, connection.request));
        return { state: 'unknown' };
      }
      const { kind, message } = error;
      if (kind === 'rate_limited') return { state: 'unknown' };
      return { state: kind === 'unavailable' || kind === 'unknown_outcome' ? 'away' : 'rejected', reason: message };
    }
  }

  /** Notifies the account once if its own service has been down for long. */
  private async tell(connection: Connection, notifiedAt: Date | null): Promise<void> {
    const { id, module, problems } = connection;
    if (!module.manifest.ownHosted) return;
    const { code } = module.manifest;
    const away = Object.entries(problems).filter(
      ([key]) => readProblemKey(key).kind === 'service-away' && readProblemKey(key).provider === code,
    );
    const since = Math.min(...away.map(([, problem]) => Date.parse(problem.since)));
    const now = this.clock.now().getTime();
    if (!(now - since >= TELL.afterMin * 60_000)) return;
    if (notifiedAt !== null && now - notifiedAt.getTime() < TELL.quietHours * 3_600_000) return;
    await this.database.transaction(async (tx) => {
      if (!(await this.notices.add(id, SUBJECT, buildAwayNotice(nameConnection(connection)), tx))) return;
      await tx.query('UPDATE connection_check SET notified_at = now() WHERE connection_id = $1 AND provider = $2', [id, code]);
    });
  }
}

/** Whether a provider, or the CRM (empty), has a problem. */
function hasProblem({ problems }: Connection, provider: string): boolean {
  return Object.keys(problems).some((key) => (readProblemKey(key).provider ?? '') === provider);
}

/** Builds the notice about an account's own service for its administrators. */
export function buildAwayNotice(moduleName: string): LocalText {
  const title = formatNoticeTitle(moduleName, NAME_LENGTH);
  return fillIn(texts.notices.serverAway, { title });
}
