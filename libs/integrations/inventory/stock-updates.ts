import { Injectable, Logger } from '@nestjs/common';
import { type Connection, ConnectionStore, type HostedModule, HostedModules } from '#connections';
import { InjectProviders, type Providers } from '#integration-kit';
import { Database, defineJob, errorText, HandleJob, JobQueue, type Transaction } from '#platform';
import { OutageLog, ProviderError } from '#provider-kit';
import { type UpdatesLease, UpdatesLeaseLost, StockUpdatesStore } from './stock-updates-store.js';
import type { StockUpdate, StoreProvider } from './port/index.js';
import { StockChanges } from './services/index.js';

/** Reads changed stock from warehouses that are due. */
const listChanges = defineJob<Record<string, never>>('housekeeping', 'inventory.changes');
/** Finds connections whose changes are not read yet. */
const findWarehouses = defineJob<Record<string, never>>('housekeeping', 'inventory.find');

const EVERY_MS = 5_000;
const FIND_MS = 15_000;
/** Maximum number of warehouses read at the same time. */
const AT_ONCE = 20;
/** Milliseconds of one run, less than its lease, and of one call within it. */
const RUN_MS = 40_000;
const CALL_MS = 15_000;
/** Seconds between two readings. */
const PAUSE_S = { least: 60, usual: 300, most: 3_600 };
/** Relative random deviation of a pause, so that connections that started together spread out. */
const SPREAD = 0.1;
const MOST_CURSOR = 4_000;

/**
 * Reads warehouses' changes since the last reading. The cursor moves in the transaction that queues the
 * offers for the CRM, so an interrupted run continues after the last stored page.
 */
@Injectable()
export class StockUpdatesJob {
  private readonly outages = new OutageLog(new Logger(StockUpdatesJob.name), 'read for changed stock');

  constructor(
    private readonly store: StockUpdatesStore,
    private readonly changes: StockChanges,
    private readonly connections: ConnectionStore,
    private readonly modules: HostedModules,
    private readonly database: Database,
    private readonly queue: JobQueue,
    @InjectProviders('store') private readonly providers: Providers<StoreProvider>,
  ) {}

  /** Requests a reading of a connection's warehouse once the transaction is committed. */
  async askSoon(tx: Transaction, connection: Connection): Promise<void> {
    if (!this.providers.has(connection, 'listChanges')) throw new Error('the provider has neither offers in its events nor listChanges');
    await this.store.markDue(tx, connection.id);
    tx.afterCommit(() => this.queue.wake(listChanges, {}, { deduplicationId: listChanges.name }));
  }

  @HandleJob(findWarehouses, { everyMs: FIND_MS })
  async find(): Promise<void> {
    const modules = this.listModules();
    if (modules.length > 0) await this.store.addConnections(modules);
  }

  @HandleJob(listChanges, { everyMs: EVERY_MS })
  async askDue(_data: object, stopping: AbortSignal): Promise<void> {
    const modules = this.listModules();
    if (modules.length === 0) return;
    const due = await this.store.claimDue(modules, AT_ONCE);
    await Promise.all(
      due.map(async (first) => {
        let lease: UpdatesLease | undefined = first;
        while (lease) {
          await this.run(lease, stopping);
          [lease] = stopping.aborted || due.length < AT_ONCE ? [] : await this.store.claimDue(modules, 1);
        }
      }),
    );
  }

  private listModules(): HostedModule[] {
    return this.modules.listByProvider('store').filter((module) => this.providers.has({ module }, 'listChanges'));
  }

  private async run(lease: UpdatesLease, stopping: AbortSignal): Promise<void> {
    const { connectionId } = lease;
    const connection = await this.connections.findById(connectionId, 'store');
    if (!connection) return;
    const { code } = connection.module.manifest;
    try {
      const again = await this.readPages(lease, connection, stopping);
      await this.store.endRun(lease, again);
      this.outages.recordSuccess(code, connectionId);
    } catch (error) {
      if (error instanceof UpdatesLeaseLost) return;
      this.outages.recordFailure(code, connectionId, error);
      const leastSeconds = error instanceof ProviderError ? (error.retryAfterMs ?? 0) / 1_000 : 0;
      await this.store.failRun(lease, errorText(error), Math.min(leastSeconds, PAUSE_S.most));
    }
  }

  /** Returns the seconds until the next reading. */
  private async readPages(lease: UpdatesLease, connection: Connection, stopping: AbortSignal): Promise<number> {
    const endsAt = performance.now() + RUN_MS - CALL_MS;
    let cursor = lease.cursor ?? undefined;
    for (;;) {
      const before = cursor;
      const update = await this.providers.call(connection, 'listChanges', (provider, context) => provider.listChanges(before, context), {
        budgetMs: CALL_MS,
      });
      if (update.cursor.length > MOST_CURSOR || (update.more && update.cursor === before))
        throw new Error('the warehouse returned a cursor that cannot be continued from');
      await this.keep(lease, connection, update);
      cursor = update.cursor;
      if (!update.more) return this.choosePause(connection, update);
      if (stopping.aborted || performance.now() > endsAt) return 0;
    }
  }

  private async keep(lease: UpdatesLease, { id }: Connection, { offers, cursor }: StockUpdate): Promise<void> {
    const changed = new Map(offers.map((offer) => [offer.key, offer]));
    await this.database.transaction(async (tx) => {
      await this.store.advance(tx, lease, cursor);
      await this.changes.add(tx, id, [...changed.values()]);
    });
  }

  private choosePause(connection: Connection, { againSeconds }: StockUpdate): number {
    if (againSeconds !== undefined) return Math.min(Math.max(againSeconds, 1), PAUSE_S.most);
    const { changesEverySeconds } = this.providers.getManifest(connection);
    const usual = changesEverySeconds?.(connection.settings) ?? PAUSE_S.usual;
    return Math.min(Math.max(usual, PAUSE_S.least), PAUSE_S.most) * (1 - SPREAD + 2 * SPREAD * Math.random());
  }
}
