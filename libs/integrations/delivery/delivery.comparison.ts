import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { type Connection, CrmClients } from '#connections';
import { ScopeError } from '#crm-client';
import { InjectProviders, type Providers } from '#integration-kit';
import { toSubject } from '#journal';
import { OperationLists } from '#operations';
import { OutboxService } from '#outbox';
import { CallbackError, Clock, Database } from '#platform';
import { ProviderError, sayError } from '#provider-kit';
import type { ComparedPage, Comparison, FoundDifference, StoredDifference } from '#reconciliation';
import { type CrmDelivery, DELIVERY_DIFFERENCES, findDeliveryDifferences, readCrmDeliveries } from './delivery-differences.js';
import { DeliveryEntity } from './delivery.entity.js';
import { DeliveryHistory } from './delivery-history.js';
import { DeliveryPoll } from './delivery-poll.js';
import { toExistingDelivery, toPresentReport } from './delivery-rows.js';
import { isFinal, isPreprocessing } from './delivery-state.js';
import { DeliveryService } from './delivery.service.js';
import { DeliveryStore } from './delivery-store.js';
import { TRACKING } from './delivery-statuses.service.js';
import type { CarrierReport, DeliveryProvider } from './port/index.js';
import { choose, groupByContract, hasChosen } from './rules/delivery-choices.js';
import { DeliveryStock, STOCK_DIFFERENCE } from './stock/delivery-stock.js';
import type { TrackingPayload } from './tracking.packer.js';

/** Deliveries of a page: the maximum number of orders in the CRM's reply. */
const PAGE = 100;
/** Days for which a delivery that ended is still compared, and days since its beginning. */
const ENDED = { days: 3, madeDays: 90 };
const DAY_MS = 86_400_000;
/** Before every id. */
const FIRST_ID = '00000000-0000-0000-0000-000000000000';
/** Seconds after which the CRM has certainly stored the reply to a new delivery. */
const NEW_S = 15;
/** Milliseconds of a page's calls. */
const CRM_MS = 20_000;
const TRACK_MS = 25_000;
/** For all queries about deliveries that the provider reports nothing about. */
const SEARCH_MS = 20_000;

/** The result of comparing deliveries. */
interface Compared {
  readonly differences: FoundDifference[];
  /** Ids of deliveries that could not be compared, or not completely. */
  readonly undecided: string[];
  readonly omitted?: string;
}

/** The provider's reports about deliveries, by our ids. */
interface ProviderSide {
  readonly reports: ReadonlyMap<string, readonly CarrierReport[]>;
  readonly unknown: ReadonlyMap<string, string>;
}

/** Compares live deliveries with the CRM's orders and the provider's. */
@Injectable()
export class DeliveryComparison implements Comparison {
  readonly integration = 'delivery';
  static readonly kinds = DELIVERY_DIFFERENCES;
  readonly kinds = DeliveryComparison.kinds;

  constructor(
    @InjectProviders('delivery') private readonly providers: Providers<DeliveryProvider>,
    private readonly database: Database,
    private readonly crmClients: CrmClients,
    private readonly store: DeliveryStore,
    private readonly history: DeliveryHistory,
    private readonly poll: DeliveryPoll,
    private readonly deliveries: DeliveryService,
    private readonly operations: OperationLists,
    private readonly outbox: OutboxService,
    private readonly clock: Clock,
    private readonly stock: DeliveryStock,
  ) {}

  async comparePage(connection: Connection, place: string | undefined): Promise<ComparedPage> {
    const { statuses } = this.providers.getManifest(connection);
    const listCodes = (ended: boolean): string[] => statuses.filter(({ isFinal: end = false }) => end === ended).map(({ code }) => code);
    const made = new Date(this.clock.now().getTime() - ENDED.madeDays * DAY_MS);
    const range = { after: place ?? FIRST_ID, limit: PAGE, days: ENDED.days, made };
    const ids = await this.store.listToCompare(connection, { live: listCodes(false), ends: listCodes(true) }, range);
    const compared = await this.compare(connection, ids);
    const differences = [...compared.differences, ...(place === undefined ? await this.stock.listDifferences(connection) : [])];
    return {
      ...{ ...compared, differences },
      checked: ids.length,
      differed: new Set(differences.map(({ subject }) => subject)).size,
      ...(ids.length === PAGE && { next: ids.at(-1) ?? '' }),
    };
  }

  /**
   * Goods only need the warehouse: neither the CRM nor the carrier is called for them.
   * @throws CallbackError 409 while an operation on the delivery is in progress
   */
  async compareOne(connection: Connection, subject: string, kind: string): Promise<FoundDifference[]> {
    if (kind === STOCK_DIFFERENCE) return this.stock.listDifferences(connection, subject);
    const { differences, undecided } = await this.compare(connection, [subject]);
    if (undecided.length > 0) throw new CallbackError(409, 'An operation on this delivery is in progress. Try again in a moment.');
    return differences;
  }

  async mend(connection: Connection, { kind, subject }: StoredDifference): Promise<void> {
    if (kind === STOCK_DIFFERENCE) return this.stock.retry(connection, subject);
    if (kind === 'delivery.crm-missing') return this.deliveries.delete(connection, subject);
    const row = await this.store.loadLive(connection, subject);
    if (kind === 'delivery.status') return this.poll.ask(connection, [row]);
    await this.database.transaction(async (tx) => {
      if (kind === 'delivery.crm-status') return this.outbox.add(tx, [toRow(row)]);
      await this.store.storeDeletion(tx, subject, this.providers.getManifest(connection).cancelledStatus);
      await this.outbox.drop(tx, { connectionId: connection.id, kind: TRACKING }, subject);
    }, connection.request);
  }

  /** A delivery that changes, or is in progress, while the sides are queried, is undecided. */
  private async compare(connection: Connection, ids: readonly string[]): Promise<Compared> {
    if (ids.length === 0) return { differences: [], undecided: [] };
    const rows = await this.database.dataSource.getRepository(DeliveryEntity).findBy({ id: In([...ids]), connectionId: connection.id });
    const before = await this.history.read(ids);
    const pending = await this.outbox.listPending({ connectionId: connection.id, kind: TRACKING }, ids);
    const crm = await this.readOrders(connection, rows);
    const provider = await this.askProvider(connection, rows);
    const after = await this.history.read(ids);
    const open = await this.operations.listOpen(
      connection,
      ids.map((id) => `delivery:${id}`),
    );
    const manifest = this.providers.getManifest(connection);
    const differences: FoundDifference[] = [];
    const undecided: string[] = [];
    for (const row of rows) {
      const { id, crmId, order, orderNumber, createdAt } = row;
      const [known, present] = [before.get(id), after.get(id)];
      if (!known || !present || known.row.deletedAt) continue;
      if (known.version !== present.version || open.has(`delivery:${id}`)) {
        undecided.push(id);
        continue;
      }
      const isRecent = pending.has(id) || present.readAt.getTime() - createdAt.getTime() < NEW_S * 1_000;
      if (isRecent) undecided.push(id);
      const unknown = provider.unknown.get(id);
      const sides = {
        ...(crm &&
          !isRecent &&
          isOrderId(order) && { crm: { delivery: crm.get(order), codes: [connection.code, connection.module.code] } }),
        reports: provider.reports.get(id) ?? [],
        ...(unknown !== undefined && { unknown }),
      };
      differences.push(
        ...findDeliveryDifferences(
          { id, ...(crmId !== null && { crmId }), order, orderNumber, facts: known.facts },
          sides,
          manifest,
          present.readAt,
        ),
      );
    }
    const omitted =
      "The CRM's orders were not compared: the API key lacks the scope order_read, which it gets when the module is registered again.";
    return { differences, undecided, ...(!crm && { omitted }) };
  }

  /** The CRM's orders by their ids. Undefined when the key may not read them. */
  private async readOrders(connection: Connection, rows: readonly DeliveryEntity[]): Promise<Map<string, CrmDelivery> | undefined> {
    const ids = rows.flatMap(({ order }) => (isOrderId(order) ? [Number(order)] : []));
    if (ids.length === 0) return new Map();
    const errand = { request: connection.request, subjects: ids.map((id) => toSubject('order', id)) };
    const crm = await this.crmClients.crmFor(connection.id, 'background', errand);
    try {
      const { orders } = await crm.orders.list({ filter: { ids }, limit: PAGE }, { signal: AbortSignal.timeout(CRM_MS) });
      return readCrmDeliveries(orders);
    } catch (error) {
      if (error instanceof ScopeError) return undefined;
      throw error;
    }
  }

  private async askProvider(connection: Connection, rows: readonly DeliveryEntity[]): Promise<ProviderSide> {
    const reports = new Map<string, CarrierReport[]>();
    const unknown = new Map<string, string>();
    // A contract that the rules no longer have cannot be queried.
    const outside = rows.filter((row) => row.outside && !row.deletedAt && hasChosen(connection, row));
    if (outside.length === 0 || !this.providers.has(connection, 'track')) return { reports, unknown };
    const ids = new Map(outside.map(({ id, externalId }) => [externalId, id]));
    for (const { contract, rows: some } of groupByContract(outside))
      for (const report of await this.track(choose(connection, { contract }), some)) {
        const id = ids.get(report.externalId);
        if (id !== undefined) reports.set(id, [...(reports.get(id) ?? []), report]);
      }
    const manifest = this.providers.getManifest(connection);
    const endsAt = performance.now() + SEARCH_MS;
    for (const row of outside) {
      // While a provider still works on its registration it may know nothing yet.
      const isSilent = !reports.has(row.id) && !isFinal(manifest, row.status) && !isPreprocessing(manifest, row.status);
      const leftMs = endsAt - performance.now();
      const problem = isSilent && leftMs > 0 ? await this.search(choose(connection, row), row, leftMs) : undefined;
      if (problem !== undefined) unknown.set(row.id, problem);
    }
    return { reports, unknown };
  }

  /** A delivery that a provider does not have must not hide the others of its batch. */
  private async track(connection: Connection, rows: readonly DeliveryEntity[]): Promise<CarrierReport[]> {
    const asked = rows.map(toExistingDelivery);
    try {
      return await this.providers.call(connection, 'track', (provider, context) => provider.track(asked, context), { budgetMs: TRACK_MS });
    } catch (error) {
      if (!isRejected(error)) throw error;
      if (rows.length === 1) return [];
      const middle = Math.ceil(rows.length / 2);
      return [...(await this.track(connection, rows.slice(0, middle))), ...(await this.track(connection, rows.slice(middle)))];
    }
  }

  /** The provider's message why it does not have a delivery. Undefined when it has. */
  private async search(connection: Connection, row: DeliveryEntity, budgetMs: number): Promise<string | undefined> {
    const existing = toExistingDelivery(row);
    try {
      if (this.providers.has(connection, 'get'))
        await this.providers.call(connection, 'get', (provider, context) => provider.get(existing, context), { budgetMs });
      return undefined;
    } catch (error) {
      if (isRejected(error)) return sayError(error, connection.account.language);
      throw error;
    }
  }
}

function toRow(row: DeliveryEntity): { connectionId: string; kind: string; subject: string; payload: object } {
  const { id, crmId, connectionId } = row;
  const payload: TrackingPayload = { ...toPresentReport(row), ...(crmId !== null && { crmId }) };
  return { connectionId, kind: TRACKING, subject: id, payload };
}

/** The CRM's ids are whole numbers. */
function isOrderId(order: string): boolean {
  return /^[1-9]\d{0,14}$/.test(order);
}

/** Whether the provider rejected the call because it has no such object. */
function isRejected(error: unknown): error is ProviderError {
  return error instanceof ProviderError && (error.kind === 'rejected' || error.kind === 'invalid');
}
