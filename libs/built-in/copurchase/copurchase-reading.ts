import { Injectable, Logger } from '@nestjs/common';
import { type Connection, ConnectionStore, CrmClients, HostedModules } from '#connections';
import { Clock, defineJob, errorText, HandleJob, JobQueue } from '#platform';
import { CopurchaseCounts, buildRulesKey } from './copurchase-counts.js';
import { copurchaseManifest } from './copurchase.manifest.js';
import type { CopurchaseSettings } from './copurchase.settings.js';
import { CopurchaseStore, LeaseLost, type Source } from './copurchase-store.js';
import { readChanges, type OrderChange, readWholeOrder } from './order-changes.js';
import { type ReadProduct, readProduct } from './product-reading.js';
import { readId, readMember } from './wire-reading.js';

/** Reads accounts that are due, and counts. */
const readAccounts = defineJob<Record<string, never>>('housekeeping', 'copurchase.read', { optional: true });

const TICK_MS = 3_000;
/** Milliseconds that one run reads. The next run continues after other accounts had their turn. */
const SLICE_MS = 15_000;
const PAGE = 100;
/** All products are read again once a day, because there is no other way to see removals from the CRM. */
const SWEEP_MS = 24 * 3_600_000;
/** The window moves on even if no order changes. */
const RECOUNT_MS = 24 * 3_600_000;
/** Maximum delay of the CRM's clock, in milliseconds. */
const CLOCK_MS = 10 * 60_000;
/** Seconds until an account that cannot be read is tried again, doubled each time. */
const RETRY_S = { first: 30, last: 3600 };

type Crm = Awaited<ReturnType<CrmClients['crmFor']>>;

/** The time slice has ended. The next one continues. */
class SliceEnded extends Error {}

/**
 * Reads each account's orders (by history) and products, at background priority. Progress is committed
 * together with each page, so a run can stop anywhere.
 */
@Injectable()
export class CopurchaseReading {
  private readonly logger = new Logger(CopurchaseReading.name);

  constructor(
    private readonly store: CopurchaseStore,
    private readonly counts: CopurchaseCounts,
    private readonly connections: ConnectionStore,
    private readonly crmClients: CrmClients,
    private readonly modules: HostedModules,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
  ) {}

  /** Makes an account due for reading immediately. Returns false if it has no such module. */
  async readNow(connectionId: string): Promise<boolean> {
    const connection = await this.connections.findById(connectionId, 'recommendation');
    if (connection?.module.manifest.code !== copurchaseManifest.code) return false;
    await this.store.makeDue(connectionId);
    this.queue.wake(readAccounts, {}, { deduplicationId: readAccounts.name });
    return true;
  }

  @HandleJob(readAccounts, { everyMs: TICK_MS })
  async readDue(_data: object, stopping: AbortSignal): Promise<void> {
    const codes = this.modules.listCodes(copurchaseManifest.code);
    const slice = AbortSignal.any([stopping, AbortSignal.timeout(SLICE_MS)]);
    while (!slice.aborted && codes.length > 0) {
      const source = await this.store.claim(codes);
      if (!source) return;
      await this.readOne(source, slice);
    }
  }

  private async readOne(source: Source, slice: AbortSignal): Promise<void> {
    const { connectionId } = source;
    try {
      const connection = await this.connections.findById(connectionId, 'recommendation');
      if (!connection) return await this.store.release(source, RETRY_S.last);
      const settings = connection.settings as CopurchaseSettings;
      const crm = await this.crmClients.crmFor(connectionId);
      await this.readProducts(crm, source, slice);
      await this.readHistory(crm, connection, source, slice);
      const incomplete = await this.readStale(crm, connection, source, slice);
      await this.countIfNeeded(source, settings);
      if (incomplete !== undefined) throw incomplete;
      await this.store.release(source, settings.refreshMinutes * 60);
    } catch (error) {
      if (error instanceof LeaseLost) return;
      if (slice.aborted || error instanceof SliceEnded) return await this.store.release(source, 0);
      const reason = errorText(error);
      this.logger.warn(`orders and products of connection ${connectionId} cannot be read: ${reason}`);
      await this.store.release(source, Math.min(RETRY_S.last, RETRY_S.first * 2 ** Math.min(source.failures, 10)), reason);
    }
  }

  private async readHistory(crm: Crm, { account }: Connection, source: Source, slice: AbortSignal): Promise<void> {
    let page: unknown[] = [];
    const keep = async (): Promise<void> => {
      const since = Math.max(source.orderSince, ...page.map((entry) => readId(readMember(entry, 'id')) ?? 0));
      if (page.length > 0) await this.store.keepHistory(source, readChanges(page, account.timeZone), since);
      page = [];
      endIfOver(slice);
    };
    const entries = crm.orders.historyAll({ filter: { sinceId: source.orderSince }, limit: PAGE }, { signal: slice });
    for await (const entry of entries) if (page.push(entry) === PAGE) await keep();
    await keep();
  }

  /**
   * Reads orders that the history left incomplete. Orders that the CRM rejects stay and do not block
   * counting.
   */
  private async readStale(crm: Crm, { account }: Connection, source: Source, slice: AbortSignal): Promise<Error | undefined> {
    for (;;) {
      const ids = await this.store.listStaleOrders(source.connectionId, PAGE);
      if (ids.length === 0) return undefined;
      const changes = new Map<number, OrderChange>(ids.map((id) => [id, { base: 'remove', items: new Map(), stale: false }]));
      try {
        const asked = new Set(ids);
        for await (const order of crm.orders.listAll({ filter: { ids }, limit: PAGE }, { signal: slice })) {
          const id = readId(readMember(order, 'id'));
          // An order without a date will not become more complete.
          if (id !== undefined && asked.has(id)) changes.set(id, { ...readWholeOrder(order, account.timeZone), stale: false });
        }
      } catch (error) {
        if (slice.aborted) throw error;
        return error instanceof Error ? error : new Error(String(error));
      }
      await this.store.keepOrders(source, changes);
      endIfOver(slice);
    }
  }

  /**
   * Reads all products by id if that is due. Otherwise reads new products by id, and products changed since
   * the last reading.
   */
  private async readProducts(crm: Crm, source: Source, slice: AbortSignal): Promise<void> {
    const now = this.clock.now();
    if (source.sweptAt && now.getTime() - source.sweptAt.getTime() > SWEEP_MS) await this.store.beginSweep(source);
    const sweeping = !source.sweptAt;
    await this.readProductPages(crm, { sinceId: source.productSince }, source, slice, true);
    if (sweeping) return this.store.endSweep(source, now);
    const since = new Date((source.productsReadAt ?? now).getTime() - CLOCK_MS);
    await this.readProductPages(crm, { sinceUpdatedAt: since }, source, slice, false);
    await this.store.keepProductsReadAt(source, now);
  }

  private async readProductPages(
    crm: Crm,
    filter: { sinceId: number } | { sinceUpdatedAt: Date },
    source: Source,
    slice: AbortSignal,
    inOrder: boolean,
  ): Promise<void> {
    let page: ReadProduct[] = [];
    const keep = async (): Promise<void> => {
      const since = inOrder ? Math.max(source.productSince, ...page.map((product) => product.id)) : source.productSince;
      if (page.length > 0) await this.store.keepProducts(source, page, since);
      page = [];
      endIfOver(slice);
    };
    for await (const raw of crm.store.productsAll({ filter, limit: PAGE }, { signal: slice })) {
      const product = readProduct(raw);
      if (product && page.push(product) === PAGE) await keep();
    }
    await keep();
  }

  private async countIfNeeded(source: Source, settings: CopurchaseSettings): Promise<void> {
    const now = this.clock.now();
    const rules = buildRulesKey(settings);
    const moved = settings.windowDays > 0 && source.countedAt && now.getTime() - source.countedAt.getTime() > RECOUNT_MS;
    if (!source.changed && !moved && source.countedBy === rules) return;
    await this.counts.count(source.connectionId, settings, now, (tx, orders) =>
      this.store.advance(tx, source, { ordersCounted: String(orders), countedAt: () => 'now()', countedBy: rules, changed: false }),
    );
  }
}

function endIfOver(slice: AbortSignal): void {
  if (slice.aborted) throw new SliceEnded();
}
