import { Injectable, Logger } from '@nestjs/common';
import { type Connection, ConnectionStore, CrmClients, HostedModules, isAccountRefusal, isLive } from '#connections';
import { InjectProviders, type Providers } from '#integration-kit';
import { toList, toLoose, toNumber } from '#onboarding';
import { CallbackError, Database, defineJob, errorText, HandleJob, JobQueue } from '#platform';
import { ProviderError } from '#provider-kit';
import type { OfferStock, StoreProvider } from './port/index.js';
import { type ComparedPage, type ReconciliationLease, ReconciliationLost, ReconciliationStore } from './reconciliation-store.js';
import { StockChanges } from './services/index.js';
import { findDifferences, readCrmOffers } from './stock-differences.js';
import type { StoreReconciliationEntity } from './store.entity.js';

/** Goes on with the reconciliations that are due. */
const reconcileStocks = defineJob<Record<string, never>>('housekeeping', 'store.reconcile');
/** Begins those that are due by their time. */
const beginReconciliations = defineJob<Record<string, never>>('housekeeping', 'store.reconcile.begin');

const EVERY_MS = 5_000;
const BEGIN_MS = 60_000;
/** Reconciliations at the same time. */
const AT_ONCE = 4;
/** Milliseconds of one run, which with one more page are less than its lease; and of a page's two calls. */
const RUN_MS = 30_000;
const CRM_MS = 20_000;
const STOCKS_MS = 20_000;
/** Offers of a page: the most that the CRM answers. */
const PAGE = 250;
/** Tries of one page: some hours. */
const MOST_TRIES = 10;

/**
 * Compares what the CRM believes with what the warehouse says, page by page, and has the present figure of
 * what differs sent. A page and its differences are stored in one transaction, so a run that was killed goes
 * on where it was.
 */
@Injectable()
export class StockReconciliation {
  private readonly logger = new Logger(StockReconciliation.name);

  constructor(
    private readonly store: ReconciliationStore,
    private readonly changes: StockChanges,
    private readonly connections: ConnectionStore,
    private readonly crmClients: CrmClients,
    private readonly modules: HostedModules,
    private readonly database: Database,
    private readonly queue: JobQueue,
    @InjectProviders('store') private readonly providers: Providers<StoreProvider>,
  ) {}

  /**
   * Begins a reconciliation of a connection; a dry run sends nothing.
   * @throws CallbackError 409 while one runs or the connection does not work
   */
  async begin(connection: Connection, dryRun: boolean): Promise<StoreReconciliationEntity> {
    if (!isLive(connection)) throw new CallbackError(409, 'The connection is switched off or frozen.');
    const begun = await this.store.begin(connection.id, dryRun);
    if (!begun) throw new CallbackError(409, 'The stocks of this connection are being compared already.');
    this.queue.wake(reconcileStocks, {}, { deduplicationId: reconcileStocks.name });
    return begun;
  }

  @HandleJob(beginReconciliations, { everyMs: BEGIN_MS })
  async beginDue(): Promise<void> {
    const modules = this.listModules();
    if (modules.length > 0) await this.store.beginDue(modules);
  }

  @HandleJob(reconcileStocks, { everyMs: EVERY_MS })
  async goOn(_data: object, stopping: AbortSignal): Promise<void> {
    const modules = this.listModules();
    if (modules.length === 0) return;
    const due = await this.store.claimDue(modules, AT_ONCE);
    await Promise.all(due.map((lease) => this.run(lease, stopping)));
  }

  private listModules(): string[] {
    return this.modules.all().flatMap(({ integration, code }) => (integration === 'store' ? [code] : []));
  }

  private async run(lease: ReconciliationLease, stopping: AbortSignal): Promise<void> {
    const connection = await this.connections.findById(lease.connectionId);
    if (!connection) return;
    if (!isLive(connection)) return this.store.failRun(lease, 'the connection is switched off or frozen', true);
    try {
      await this.readPages(lease, connection, stopping);
    } catch (error) {
      if (error instanceof ReconciliationLost) return;
      const problem = errorText(error);
      this.logger.warn(`the stocks of connection ${connection.id} cannot be compared: ${problem}`);
      await this.store.failRun(lease, problem, lease.tries >= MOST_TRIES || isFinal(error));
    }
  }

  private async readPages(lease: ReconciliationLease, connection: Connection, stopping: AbortSignal): Promise<void> {
    const endsAt = performance.now() + RUN_MS;
    for (let { page } = lease; ; page++) {
      const compared = await this.comparePage(connection, page);
      await this.keep(lease, connection, compared);
      if (compared.isLast) return;
      if (stopping.aborted || performance.now() > endsAt) return this.store.release(lease);
    }
  }

  /** The CRM is read first, so that a change in between is found as one at the worst. */
  private async comparePage(connection: Connection, page: number): Promise<ComparedPage & { changed: OfferStock['offer'][] }> {
    const crm = await this.crmClients.crmFor(connection.id);
    const signal = AbortSignal.timeout(CRM_MS);
    const { offers: listed, pagination } = await crm.store.inventories({ filter: { details: 1 }, limit: PAGE, page }, { signal });
    const pages = toNumber(toLoose(pagination).totalPageCount);
    const offers = readCrmOffers(listed);
    const asked = offers.map(({ offer }) => offer);
    const stocks =
      asked.length === 0
        ? []
        : await this.providers.call(connection, 'readStocks', (provider, context) => provider.readStocks(asked, context), {
            budgetMs: STOCKS_MS,
          });
    const found = offers.flatMap((offer, index) => {
      const stock = stocks[index];
      return stock ? [{ offer: stock.offer, differences: findDifferences(offer, stock) }] : [];
    });
    const differing = found.filter(({ differences }) => differences.length > 0);
    return {
      ...{ offers, unknown: offers.length - found.length, differed: differing.length },
      differences: differing.flatMap(({ differences }) => differences),
      changed: differing.map(({ offer }) => offer),
      // Without a count, a page that is not full is the last.
      isLast: pages === undefined ? toList(listed).length < PAGE : page >= pages,
    };
  }

  private async keep(
    lease: ReconciliationLease,
    { id }: Connection,
    { changed, ...compared }: ComparedPage & { changed: OfferStock['offer'][] },
  ): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.store.keepPage(tx, lease, compared);
      if (!lease.dryRun) await this.changes.add(tx, id, [...new Map(changed.map((offer) => [offer.key, offer])).values()]);
    });
  }
}

/** A later try would fail too: keys, settings or requests were refused. */
function isFinal(error: unknown): boolean {
  return isAccountRefusal(error) || (error instanceof ProviderError && ['auth', 'invalid', 'rejected'].includes(error.kind));
}
