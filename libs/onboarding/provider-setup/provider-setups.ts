import { Injectable, Logger } from '@nestjs/common';
import {
  type CheckOutcome,
  type Connection,
  ProviderSetupEntity,
  SettingsStore,
  ConnectionStore,
  GrantRenewal,
  HAS_SETTINGS,
  HOSTED,
  HostedModules,
  listHosted,
  type ProviderSetupState,
} from '#connections';
import {
  Database,
  defineJob,
  Environment,
  errorText,
  errorTrace,
  HandleJob,
  JobQueue,
  textFor,
  toLogLine,
  toRows,
  type Transaction,
} from '#platform';
import { areWorking, type ConnectReport, ProviderError, sayError } from '#provider-kit';
import { texts } from '../onboarding.texts.js';
import { SettingsCheck } from './settings-check.js';
import { AllProviders } from './all-providers.js';
import { type ProviderSetupView, toProviderSetupView } from './provider-setup-view.js';

/** Updates the set-up at services that are due. */
const keepSetups = defineJob<Record<string, never>>('housekeeping', 'provider-setups.keep');
/** Finds connections without a known set-up, or whose set-up has to be checked again. */
const findSetups = defineJob<Record<string, never>>('housekeeping', 'provider-setups.find');

const KEEP_MS = 10_000;
const FIND_MS = 600_000;
const BATCH = 20;
/** Longer than the maximum duration of a run: its check, its provider calls and storing the result. */
const LEASE_S = 30;
const CHECK_MS = 5_000;
const CONNECT_MS = 15_000;
/** Maximum number of minutes between two tries. The first pause is one minute, and each pause doubles. */
const LONGEST_PAUSE_MIN = 360;
/** Minutes until a service is checked again, by its state. Null: only after a change. */
const PAUSES_MIN: Readonly<Record<Exclude<ProviderSetupState, 'failed'>, number | null>> = {
  connected: 60,
  conflict: 1440,
  manual: 1440,
  unset: 1440,
  removed: null,
};
/** Relative random deviation of a pause, so that connections that started together spread out. */
const SPREAD = 0.1;
/** Maximum size of a provider's memory as JSON. */
const MEMORY_BYTES = 16 * 1024;

/** A row that only this process works on until the lease ends. */
interface Claim {
  connectionId: string;
  provider: string;
  wanted: boolean;
  fence: number;
  checkState: CheckOutcome['state'] | null;
  /** Whether the last check is too old, or the service was down. */
  isCheckDue: boolean;
}

/** Result of a run. */
interface Result {
  state: ProviderSetupState;
  /** Address for webhooks, if a report contains it. */
  address?: string;
  detail?: Omit<ConnectReport, 'memory'>;
  /** Missing: the stored memory stays. */
  memory?: Connection['memory'];
  problem?: string;
}

/** Sets up the connections' needs at the providers' services, and removes them. */
@Injectable()
export class ProviderSetups {
  private readonly logger = new Logger(ProviderSetups.name);

  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionStore,
    private readonly settingsStore: SettingsStore,
    private readonly modules: HostedModules,
    private readonly providers: AllProviders,
    private readonly checks: SettingsCheck,
    private readonly environment: Environment,
    private readonly queue: JobQueue,
    private readonly renewal: GrantRenewal,
  ) {}

  /** Whether the connection's provider can check settings or set itself up. */
  has(connection: Pick<Connection, 'module'>): boolean {
    const calls = this.providers.of(connection);
    return calls.has(connection, 'check') || calls.has(connection, 'connect');
  }

  /** Whether the connection's provider can set itself up. */
  connects(connection: Connection): boolean {
    return this.providers.of(connection).has(connection, 'connect');
  }

  /** Returns the set-up at the service, or undefined if the provider neither checks nor connects. */
  async view(connection: Connection): Promise<ProviderSetupView | undefined> {
    return this.has(connection) ? toProviderSetupView(await this.find(connection), connection) : undefined;
  }

  /** Whether nothing remains set up at the services of a disconnected connection. */
  async isDown(connectionId: string): Promise<boolean> {
    const standing = await this.database.query(
      `SELECT 1 FROM provider_setup WHERE connection_id = $1 AND (state NOT IN ('removed', 'unset') OR lease_until > now())`,
      [connectionId],
    );
    return standing.length === 0;
  }

  /**
   * Makes the connection due in `tx`, after its settings were stored. `check` is the result for these
   * settings.
   */
  async schedule(tx: Transaction, connection: Connection, check: CheckOutcome | undefined): Promise<void> {
    if (!this.has(connection)) return;
    await tx.query(
      `INSERT INTO provider_setup (connection_id, provider, wanted, check_report, checked_at, due_at)
         SELECT id, $2, active, $3, $4, now() FROM connection WHERE id = $1
       ON CONFLICT (connection_id, provider) DO UPDATE SET wanted = excluded.wanted, check_report = excluded.check_report,
         checked_at = excluded.checked_at, due_at = excluded.due_at, tries = 0, updated_at = now()`,
      [connection.id, connection.module.manifest.code, check && JSON.stringify(check), check?.at],
    );
  }

  /** Makes a new connection due if its default settings work, such as a service's public test account. */
  async scheduleDefaults(tx: Transaction, { views }: Connection): Promise<void> {
    for (const view of views) if (areWorking(view.module.manifest, view.settings)) await this.schedule(tx, view, undefined);
  }

  /** Stores a check of the stored settings. */
  async keepCheck(connection: Connection, check: CheckOutcome): Promise<void> {
    await this.database.query(
      `UPDATE provider_setup SET check_report = $3, checked_at = $4, updated_at = now() WHERE connection_id = $1 AND provider = $2`,
      [connection.id, connection.module.manifest.code, JSON.stringify(check), check.at],
    );
  }

  /**
   * Sets the connection up at its service now, or removes the set-up if the connection is inactive. A failure
   * is stored, and a worker tries again. Returns false immediately while another process is working on it.
   * @param replace whether the account's user agreed to replace the set-up of other programs
   */
  async run(connection: Connection, { replace = false } = {}): Promise<boolean> {
    const key = [connection.id, connection.module.manifest.code];
    await this.database.query(
      `INSERT INTO provider_setup (connection_id, provider, wanted) SELECT id, $2, active FROM connection WHERE id = $1
       ON CONFLICT DO NOTHING`,
      key,
    );
    const [claim] = await this.claim('connection_id = $1 AND provider = $2', key, 1);
    if (!claim) return false;
    await this.work(claim, { replace, budgetMs: Math.min(this.environment.PROVIDER_BUDGET_MS, CONNECT_MS), request: connection.request });
    return true;
  }

  /** Requests an early check of the set-up at the service, at most once per minute. */
  async lookAgain({ id, module }: Connection): Promise<void> {
    await this.database.query(
      `UPDATE provider_setup SET due_at = least(due_at, greatest(now(), updated_at + interval '1 minute'))
       WHERE connection_id = $1 AND provider = $2 AND wanted AND state = 'connected'`,
      [id, module.manifest.code],
    );
    this.wake();
  }

  /**
   * Requests a check of all connections, because a new version may have another PUBLIC_URL or other
   * providers.
   */
  start(): void {
    this.queue.wake(findSetups, {}, { deduplicationId: findSetups.name });
  }

  /** Requests a run now. */
  wake(): void {
    this.queue.wake(keepSetups, {}, { deduplicationId: keepSetups.name });
  }

  /** Updates the set-up at services that are due. */
  @HandleJob(keepSetups, { everyMs: KEEP_MS })
  async keepDue(_data: object, stopping: AbortSignal): Promise<void> {
    const providers = this.listModules().map(({ manifest }) => manifest.code);
    if (providers.length === 0) return;
    for (;;) {
      const due = await this.claim('due_at <= now() AND provider = ANY ($1::text[])', [providers], BATCH);
      await Promise.all(due.map((claim) => this.work(claim, { replace: false, budgetMs: CONNECT_MS, checksAgain: true })));
      if (due.length < BATCH || stopping.aborted) return;
    }
  }

  /**
   * Finds connections made before their provider could check or connect, and connections that have to be set
   * up again because PUBLIC_URL changed.
   */
  @HandleJob(findSetups, { everyMs: FIND_MS })
  async findDue(): Promise<void> {
    const modules = this.listModules();
    if (modules.length === 0) return;
    const hosted = listHosted(modules);
    await this.database.query(
      `INSERT INTO provider_setup (connection_id, provider, due_at)
         SELECT connection.id, hosted.provider, now() + random() * interval '1 hour'
         FROM connection JOIN ${HOSTED} USING (module_code)
         WHERE id IN (SELECT id FROM live_connection) AND ${HAS_SETTINGS}
       ON CONFLICT DO NOTHING`,
      hosted,
    );
    await this.database.query(
      `UPDATE provider_setup AS service SET wanted = active, due_at = now(), tries = 0
       FROM connection JOIN ${HOSTED} USING (module_code)
       WHERE connection.id = service.connection_id AND hosted.provider = service.provider
         AND (service.wanted <> active OR (service.wanted AND service.state IN ('connected', 'conflict', 'manual')
           AND service.address <> $4 || '/' || module_code || '/webhooks/' || connection.id || CASE WHEN is_first THEN '' ELSE '/' || hosted.provider END))`,
      [...hosted, this.environment.publicUrl],
    );
  }

  /** Lists modules whose provider can check settings or set itself up. */
  private listModules(): ReturnType<HostedModules['all']> {
    return this.modules.listByProvider().filter((module) => this.has({ module }));
  }

  /** Claims rows that no process works on. Each is rescheduled, in case this process dies. */
  private claim(where: string, values: unknown[], most: number): Promise<Claim[]> {
    return this.database.query<Claim>(
      `UPDATE provider_setup SET fence = fence + 1, lease_until = now() + make_interval(secs => ${LEASE_S}), tries = tries + 1,
         due_at = now() + make_interval(mins => least(${LONGEST_PAUSE_MIN}, power(2, least(tries, 20))::int))
       WHERE (connection_id, provider) IN (
         SELECT connection_id, provider FROM provider_setup WHERE ${where} AND lease_until < now()
         ORDER BY due_at LIMIT ${most} FOR UPDATE SKIP LOCKED
       ) RETURNING connection_id AS "connectionId", provider, wanted, fence, check_report->>'state' AS "checkState",
         coalesce(check_report->>'state' = 'away' OR checked_at < now() - interval '1 day', true) AS "isCheckDue"`,
      values,
    );
  }

  /** Never throws. A result that could not be stored is tried again once the row is due. */
  private async work(
    claim: Claim,
    {
      replace,
      budgetMs,
      checksAgain = false,
      request,
    }: { replace: boolean; budgetMs: number; checksAgain?: boolean; request?: string | undefined },
  ): Promise<void> {
    try {
      const stored = await this.connections.findById(claim.connectionId);
      const connection = stored?.views.find(({ module }) => module.manifest.code === claim.provider);
      if (!connection) return;
      const isUp = claim.wanted && connection.active;
      const check = checksAgain && isUp && claim.isCheckDue ? await this.checks.run(connection, undefined, CHECK_MS) : undefined;
      const result = await this.act(connection, isUp, replace, budgetMs);
      await this.keep(claim, connection, result, check);
    } catch (error) {
      const line = `the service of connection ${claim.connectionId} cannot be updated: ${errorText(error)}`;
      this.logger.warn(toLogLine(line, request));
    }
  }

  /** Sets up the connection, or removes its set-up. */
  private async act(connection: Connection, isUp: boolean, replace: boolean, budgetMs: number): Promise<Result> {
    const calls = this.providers.of(connection);
    try {
      // The set-up at the service belongs to the other module.
      if (connection.shadow) return { state: 'unset' };
      if (!isUp) return await this.takeDown(connection, budgetMs);
      if (!calls.has(connection, 'connect')) return { state: 'unset' };
      return await calls.call(
        connection,
        'connect',
        async (provider, context) => toResult(await provider.connect({ replace }, context), context.webhookUrl),
        { budgetMs },
      );
    } catch (error) {
      if (error instanceof ProviderError) return { state: 'failed', problem: sayError(error, connection.account.language) };
      this.logger.error(`connection ${connection.id} cannot be set up at its service: ${errorTrace(error)}`);
      return { state: 'failed', problem: textFor(texts.ourFault, connection.account.language) };
    }
  }

  /** Removes the set-up. Revokes the account's consent if the module was disconnected. */
  private async takeDown(connection: Connection, budgetMs: number): Promise<Result> {
    const calls = this.providers.of(connection);
    if (calls.has(connection, 'disconnect'))
      await calls.call(connection, 'disconnect', (provider, context) => provider.disconnect(context), { budgetMs });
    const application = calls.getMember(connection, 'oauth');
    if (application && connection.disconnectedAt)
      await this.renewal.revoke({ connectionId: connection.id, provider: connection.module.manifest.code }, application);
    return { state: 'removed', memory: {} };
  }

  /** Stores a result, unless another process took over the lease in the meantime. */
  private async keep(claim: Claim, connection: Connection, result: Result, check: CheckOutcome | undefined): Promise<void> {
    const { state, address, detail, memory, problem } = result;
    // After a failure, the claim has already set the time of the next try.
    const isDone = state === 'removed' || (state !== 'failed' && (check?.state ?? claim.checkState) !== 'away');
    const pause = state === 'failed' ? null : PAUSES_MIN[state];
    const pauseS = pause === null ? null : Math.round(pause * 60 * (1 - SPREAD + 2 * SPREAD * Math.random()));
    await this.database.transaction(async (tx) => {
      // The connection's row is locked before the service's row, as everywhere.
      if (memory && !isSame(memory, connection.memory)) await this.settingsStore.keepMemory(connection, memory, tx);
      // A row that became due in the meantime, for example because of new settings, stays due. Uses
      // clock_timestamp(), because now() is the time of BEGIN, and the lock above may have waited for the
      // change.
      const stored = toRows(
        await tx.query(
          `UPDATE provider_setup SET state = $4, address = coalesce($5, address), detail = $6, problem = $7, lease_until = '-infinity',
             check_report = CASE WHEN due_at <= clock_timestamp() THEN check_report ELSE coalesce($8, check_report) END,
             checked_at = CASE WHEN due_at <= clock_timestamp() THEN checked_at ELSE coalesce($9, checked_at) END,
             tries = CASE WHEN $10 THEN 0 ELSE tries END,
             due_at = CASE WHEN due_at <= clock_timestamp() OR NOT $10 THEN due_at ELSE now() + make_interval(secs => $11) END, updated_at = now()
           WHERE connection_id = $1 AND provider = $2 AND fence = $3 RETURNING 1`,
          [
            ...[claim.connectionId, claim.provider, claim.fence, state, address, detail && JSON.stringify(detail), problem],
            ...[check && JSON.stringify(check), check?.at, isDone, pauseS],
          ],
        ),
      );
      if (stored.length === 0) throw new Error('it took too long, and another process has taken over');
    });
  }

  /** Reads the connection's row. */
  private async find({ id, module }: Connection): Promise<ProviderSetupEntity | undefined> {
    const rows = this.database.dataSource.getRepository(ProviderSetupEntity);
    return (await rows.findOneBy({ connectionId: id, provider: module.manifest.code })) ?? undefined;
  }
}

function toResult({ memory, ...detail }: ConnectReport, address: string): Result {
  if (memory && Buffer.byteLength(JSON.stringify(memory)) > MEMORY_BYTES)
    throw new Error(`the provider's memory is longer than ${MEMORY_BYTES} bytes`);
  const state = detail.conflict?.length ? 'conflict' : detail.manual?.length ? 'manual' : 'connected';
  return { state, address, detail, ...(memory && { memory }) };
}

function isSame(one: Connection['memory'], other: Connection['memory']): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}
