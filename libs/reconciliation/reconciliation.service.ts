import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { type Connection, ConnectionStore, findView, HostedModules, isAccountRejection, isLive } from '#connections';
import { CallbackError, Database, defineJob, Environment, errorText, HandleJob, JobQueue } from '#platform';
import { ProviderError } from '#provider-kit';
import { type ComparedPage, type Comparison, Comparisons, type ComparisonScope } from './comparison.js';
import { DifferenceStore } from './difference-store.js';
import { ReconciliationEntity } from './reconciliation.entity.js';
import { type ReconciliationLease, ReconciliationLost, type ReconciliationPlace, ReconciliationStore } from './reconciliation-store.js';

/** Continues the reconciliations that are due. */
const reconcile = defineJob<Record<string, never>>('housekeeping', 'reconciliation.run');
/** Starts the reconciliations whose time in the night has come. */
const beginNightly = defineJob<Record<string, never>>('housekeeping', 'reconciliation.begin');

const SCOPES: readonly ComparisonScope[] = ['state', 'money'];
const EVERY_MS = 5_000;
const BEGIN_MS = 60_000;
/** Maximum number of reconciliations that run at the same time. */
const AT_ONCE = 8;
/** Milliseconds of one run and of one check for more. With one more page it is still within the lease. */
const RUN_MS = 30_000;
/** Maximum pause in milliseconds. A pause is as long as the page before it took, as the night is long. */
const MOST_PAUSE_MS = 2_000;
/** Maximum number of attempts for one page, over some hours. */
const MOST_TRIES = 10;

/**
 * Compares the CRM's, our own and the provider's data, page by page. A page and its differences are stored in
 * one transaction, so a run that was killed continues at the same page.
 */
@Injectable()
export class ReconciliationService {
  private readonly logger = new Logger(ReconciliationService.name);

  constructor(
    private readonly store: ReconciliationStore,
    private readonly differences: DifferenceStore,
    private readonly comparisons: Comparisons,
    private readonly connections: ConnectionStore,
    private readonly modules: HostedModules,
    private readonly environment: Environment,
    private readonly database: Database,
    private readonly queue: JobQueue,
  ) {}

  /**
   * Starts a reconciliation of a connection. It fixes the kinds in `mends` automatically, in addition to the
   * kinds of the setting.
   * @throws CallbackError 409 if one is running or the connection does not work, 400 if there is nothing to
   * compare
   */
  async begin(
    connection: Connection,
    mends: readonly string[] = this.environment.reconciliationMends,
    scope: ComparisonScope = 'state',
  ): Promise<ReconciliationEntity> {
    if (this.listComparisons(connection, scope).length === 0)
      throw new CallbackError(400, `${connection.module.name} has no data that can be compared.`, {
        connection: 'has no data that can be compared',
      });
    if (!isLive(connection)) throw new CallbackError(409, 'The connection is disabled, frozen or a trial.');
    const [begun] = await this.store.load(await this.store.begin(this.listModules(scope), mends, scope, connection.id));
    if (!begun) throw new CallbackError(409, 'A comparison of this connection is already running.');
    this.wake();
    return begun;
  }

  /** Starts one per live connection unless one is running. Returns the number and the first hundred. */
  async beginAll(): Promise<{ begun: number; first: ReconciliationEntity[] }> {
    const ids = await this.store.begin(this.listModules(), this.environment.reconciliationMends, 'state');
    if (ids.length > 0) this.wake();
    return { begun: ids.length, first: await this.store.load(ids) };
  }

  /** Returns the last reconciliation of a connection. */
  findLatest(connectionId: string, scope: ComparisonScope): Promise<ReconciliationEntity | undefined> {
    return this.store.findLatest(connectionId, scope);
  }

  @HandleJob(beginNightly, { everyMs: BEGIN_MS })
  async beginDue(): Promise<void> {
    const { reconciliationHour, reconciliationMends } = this.environment;
    if (reconciliationHour === undefined) return;
    // One at a time for each connection: its money follows its state.
    for (const scope of SCOPES) {
      const modules = this.listModules(scope);
      if (modules.length > 0) await this.store.beginNightly(modules, reconciliationMends, reconciliationHour, scope);
    }
  }

  @HandleJob(reconcile, { everyMs: EVERY_MS })
  async goOn(_data: object, stopping: AbortSignal): Promise<void> {
    const modules = [...new Set(SCOPES.flatMap((scope) => this.listModules(scope)))];
    if (modules.length === 0) return;
    const endsAt = performance.now() + RUN_MS;
    // There may be more, or a run whose time was used up.
    for (let due = AT_ONCE; due > 0 && !stopping.aborted && performance.now() < endsAt;) {
      const leases = await this.store.claimDue(modules, AT_ONCE);
      await Promise.all(leases.map((lease) => this.run(lease, stopping)));
      due = leases.length;
    }
  }

  private wake(): void {
    this.queue.wake(reconcile, {}, { deduplicationId: reconcile.name });
  }

  /** Lists the codes of the modules that support a comparison. */
  listModules(scope: ComparisonScope = 'state'): string[] {
    const compared = this.modules.listByProvider().filter(({ integration }) => this.comparisons.find(integration, scope));
    return [...new Set(compared.map(({ code }) => code))];
  }

  /** Lists the comparisons of a connection, in order. */
  private listComparisons({ module }: Connection, scope: ComparisonScope): Comparison[] {
    return module.providers.flatMap(({ integration }) => this.comparisons.find(integration, scope) ?? []);
  }

  private async run(lease: ReconciliationLease, stopping: AbortSignal): Promise<void> {
    const connection = await this.connections.findById(lease.connectionId);
    if (!connection) return;
    if (!isLive(connection)) return this.store.failRun(lease, 'the connection is disabled, frozen or a trial', true);
    try {
      await this.compare(lease, connection, stopping);
    } catch (error) {
      if (error instanceof ReconciliationLost) return;
      const problem = errorText(error);
      this.logger.warn(`connection ${connection.id} cannot be compared: ${problem}`);
      await this.store.failRun(lease, problem, lease.tries >= MOST_TRIES || isFinal(error));
    }
  }

  private async compare(lease: ReconciliationLease, connection: Connection, stopping: AbortSignal): Promise<void> {
    const endsAt = performance.now() + RUN_MS;
    const isOver = (): boolean => stopping.aborted || performance.now() > endsAt;
    const comparisons = this.listComparisons(connection, lease.scope);
    let place = lease.compared ? undefined : findPlace(comparisons, lease);
    while (place) {
      const beganAt = performance.now();
      place = await this.comparePage(lease, connection, place);
      if (!(await this.mendFound(lease, connection, isOver)) || (place && isOver())) return this.store.release(lease);
      if (place) await sleep(Math.min(performance.now() - beganAt, MOST_PAUSE_MS), undefined, { signal: stopping }).catch(() => undefined);
    }
    // Differences that a killed run had not fixed.
    if (!(await this.mendFound(lease, connection, isOver))) return this.store.release(lease);
    await this.database.transaction(async (tx) => {
      if (await this.store.finish(tx, lease)) await this.differences.endUnseen(tx, lease);
    });
  }

  private async comparePage(
    lease: ReconciliationLease,
    connection: Connection,
    { integration, place }: ReconciliationPlace,
  ): Promise<ReconciliationPlace | undefined> {
    const comparisons = this.listComparisons(connection, lease.scope);
    const index = comparisons.findIndex((one) => one.integration === integration);
    const view = findView(connection, integration) ?? connection;
    const page: ComparedPage = (await comparisons[index]?.comparePage(view, place)) ?? { checked: 0, differed: 0, differences: [] };
    const following = comparisons[index + 1];
    const next =
      page.next !== undefined ? { integration, place: page.next } : following && { integration: following.integration, place: undefined };
    await this.database.transaction(async (tx) => {
      await this.store.keepPage(tx, lease, page, next);
      await this.differences.keep(tx, lease, page.differences);
      await this.differences.spare(tx, lease, page.undecided ?? []);
    });
    return next;
  }

  /** Fixes the differences that the run must fix. Returns false if its time was used up before the end. */
  private async mendFound(lease: ReconciliationLease, connection: Connection, isOver: () => boolean): Promise<boolean> {
    if (lease.mends.length === 0) return true;
    for (;;) {
      const open = await this.differences.listToMend(lease);
      if (open.length === 0) return true;
      for (const difference of open) {
        if (isOver()) return false;
        try {
          const comparison = this.comparisons.findByKind(difference.kind);
          const view = comparison && findView(connection, comparison.integration);
          if (!view) throw new Error(`module ${connection.module.code} no longer handles differences of the kind ${difference.kind}`);
          await comparison.mend(view, difference);
          await this.database.transaction(async (tx) => {
            if (await this.differences.close(difference.id, 'mended', tx)) await this.store.countMended(tx, lease);
          });
        } catch (error) {
          if (error instanceof ReconciliationLost) throw error;
          await this.differences.release(difference.id, errorText(error));
        }
      }
    }
  }
}

function findPlace(comparisons: readonly Comparison[], { integration, place }: ReconciliationLease): ReconciliationPlace | undefined {
  // A module may have lost the current integration, or may not have it yet.
  const known = comparisons.find((one) => one.integration === integration);
  if (known) return { integration: known.integration, place: place ?? undefined };
  return comparisons[0] && { integration: comparisons[0].integration, place: undefined };
}

/** Whether another attempt would fail too, because keys, settings or requests were rejected. */
function isFinal(error: unknown): boolean {
  return isAccountRejection(error) || (error instanceof ProviderError && ['auth', 'invalid', 'rejected'].includes(error.kind));
}
