import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { type Connection, ConnectionStore } from '#connections';
import { InjectProviders, type Providers, StockKeepers } from '#integration-kit';
import { OutboxService } from '#outbox';
import { Database, type GroupLimits, StatementGroup, type Transaction } from '#platform';
import { type Changes, DeliveryHistory, type TrackedDelivery } from './delivery-history.js';
import { advance, findProblem, isAhead, withStatus, isSettled, mayMoveStock, type Statuses } from './delivery-state.js';
import { DeliveryStore } from './delivery-store.js';
import { dropForeignCost } from './reported.js';
import { findRemarks } from './tracking-remarks.js';
import type { CarrierReport, DeliveryProvider, StatusReport } from './port/index.js';

/** Outbox kind for `delivery/generic/{subcode}/tracking`. A row's payload is one StoredReport. */
export const TRACKING = 'delivery.tracking';

/** A report with the delivery that it is about. */
export interface DeliveryReport {
  deliveryId: string;
  report: StatusReport;
}

/** The result of a batch of reports. */
export interface ReportOutcome {
  /** Number of accepted statuses, including `notSent`. */
  accepted: number;
  rejected: { index: number; error: string }[];
  /** Accepted, but not sent to the CRM. */
  notSent: { index: number; reason: string }[];
}

/** Reports of one request. */
interface Batch {
  readonly reports: readonly DeliveryReport[];
  readonly request: string | undefined;
}

/** Requests whose reports share statements. Sizes are numbers of reports. */
const GROUP_LIMITS: GroupLimits = { statements: 2, items: 50, size: 1_000, slowMs: 250 };
/** Longest wait of shared statements for a lock, milliseconds: too short to make them slow. */
const LOCK_TIMEOUT_MS = 100;
/** Tries to store reports without a lock on their deliveries. */
const TRIES = 3;
/** Connections whose statuses are cached, a hundred bytes each. */
const MOST_CONNECTIONS = 50_000;

/** Applies status reports: state, history and the CRM's update change in one transaction. */
@Injectable()
export class DeliveryStatusesService {
  private readonly batches = new StatementGroup<Batch, ReportOutcome>(
    { run: (batches, mayWait) => this.applyAlone(batches, mayWait), measure: ({ reports }) => reports.length },
    GROUP_LIMITS,
  );
  /** By connection, whose module never changes. */
  private readonly statuses = new LRUCache<string, Statuses & { hasStock: boolean }>({ max: MOST_CONNECTIONS });

  constructor(
    private readonly database: Database,
    @InjectProviders('delivery') private readonly providers: Providers<DeliveryProvider>,
    private readonly connections: ConnectionStore,
    private readonly deliveries: DeliveryStore,
    private readonly history: DeliveryHistory,
    private readonly outbox: OutboxService,
    private readonly keepers: StockKeepers,
  ) {}

  /**
   * Applies a dispatcher's reports, of any connections, in the given order and in one transaction, which
   * concurrent requests share.
   * @returns by index the rejected reports (also those over two minutes ahead) and the reports whose status
   * is not sent to the CRM
   */
  report(reports: readonly DeliveryReport[], request?: string): Promise<ReportOutcome> {
    return this.batches.add({ reports, request });
  }

  /**
   * Applies a carrier's reports about the deliveries of a connection, oldest first. Reports about other
   * deliveries are ignored. A report dated more than two minutes ahead counts as made now.
   */
  async applyCarrierReports(tx: Transaction, connection: Connection, reports: readonly CarrierReport[]): Promise<void> {
    if (reports.length === 0) return;
    const named = reports.map(({ externalId }) => externalId);
    const ids = await this.deliveries.findIds(connection, named, tx);
    const ours = reports
      .toSorted((left, right) => left.updatedAt.getTime() - right.updatedAt.getTime())
      .flatMap(({ externalId, ...report }): DeliveryReport[] => {
        const deliveryId = ids.get(externalId);
        return deliveryId === undefined ? [] : [{ deliveryId, report }];
      });
    await this.applyLocked(tx, [{ reports: ours, request: tx.request }], { refuseAhead: false });
    const manifest = this.providers.getManifest(connection);
    const wrong = ours.filter(({ report }) => report.code !== undefined && findProblem(report, manifest) !== undefined);
    const problems = wrong.map(({ report }) => ({ field: 'code', problem: `is not a status of the manifest: ${report.code}` }));
    // Left out above.
    if (problems.length > 0) this.providers.refuseReply(connection, 'webhook', problems);
  }

  /** Reads and stores each batch in its own statements. If concurrent changes make that fail, under locks. */
  private async applyAlone(batches: readonly Batch[], mayWait: boolean): Promise<ReportOutcome[]> {
    const options = { refuseAhead: true, lockTimeoutMs: mayWait ? 0 : LOCK_TIMEOUT_MS };
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      const applied = await this.apply(batches, options);
      if (!applied) continue;
      this.outbox.wakeAll(applied.lanes);
      return applied.outcomes;
    }
    return this.database.transaction((tx) => this.applyLocked(tx, batches, { refuseAhead: true }));
  }

  private async applyLocked(
    tx: Transaction,
    batches: readonly Batch[],
    { refuseAhead }: { refuseAhead: boolean },
  ): Promise<ReportOutcome[]> {
    await this.history.lock(tx, listIds(batches));
    const applied = await this.apply(batches, { refuseAhead, lockTimeoutMs: 0 }, tx);
    if (!applied) throw new Error('deliveries have changed although they are locked');
    tx.afterCommit(() => this.outbox.wakeAll(applied.lanes));
    return applied.outcomes;
  }

  /** Returns undefined, and stores nothing, when a delivery has changed meanwhile. */
  private async apply(
    batches: readonly Batch[],
    { refuseAhead, lockTimeoutMs }: { refuseAhead: boolean; lockTimeoutMs: number },
    tx?: Transaction,
  ): Promise<{ outcomes: ReportOutcome[]; lanes: { connectionId: string; kind: string }[] } | undefined> {
    const deliveries = await this.history.read(listIds(batches), tx);
    await this.learnStatuses(deliveries.values(), tx);
    const parcels = await this.history.readParcels(listPartlyDelivered(batches), tx);
    const entries: Changes['entries'][number][] = [];
    const changed = new Set<TrackedDelivery>();
    const pushes: Changes['pushes'][number][] = [];
    const outcomes = batches.map(({ reports, request }) => {
      const outcome: ReportOutcome = { accepted: 0, rejected: [], notSent: [] };
      reports.forEach(({ deliveryId, report }, index) => {
        const target = this.findTarget(report, deliveries.get(deliveryId), refuseAhead);
        if (typeof target === 'string') {
          outcome.rejected.push({ index, error: target });
          return;
        }
        const { delivery, manifest } = target;
        const {
          facts,
          entry,
          push: told,
          notSent,
        } = advance(delivery.facts, withStatus(report, delivery.facts), manifest, delivery.readAt);
        const remarks = findRemarks(delivery.facts, facts, parcels.get(deliveryId) ?? []);
        // The CRM shows a status again with the new comment.
        const status = told ?? (remarks && { code: facts.status, updatedAt: facts.statusAt });
        const push = status && { ...dropForeignCost(status, delivery.row.currency), ...(remarks && { remarks }) };
        if (facts !== delivery.facts) {
          changed.add(delivery);
          delivery.isSettled = isSettled(manifest, facts);
          delivery.movesStock ||= manifest.hasStock && mayMoveStock(manifest, facts.status);
        }
        delivery.facts = facts;
        outcome.accepted++;
        if (entry) entries.push({ deliveryId, entry });
        if (notSent !== undefined && !remarks) outcome.notSent.push({ index, reason: notSent });
        if (!push) return;
        const { connectionId, crmId, unansweredAt } = delivery.row;
        if (unansweredAt) {
          // The CRM would reject it. The next save of the order returns the present status.
          outcome.notSent.push({ index, reason: 'the CRM does not know the delivery until the order is saved again' });
          return;
        }
        pushes.push({ connectionId, deliveryId, payload: crmId === null ? push : { ...push, crmId }, request });
      });
      return outcome;
    });
    const isStored = await this.history.store({ deliveries: [...changed], entries, pushes }, { kind: TRACKING, lockTimeoutMs }, tx);
    const connectionIds = new Set(pushes.map(({ connectionId }) => connectionId));
    return isStored ? { outcomes, lanes: [...connectionIds].map((connectionId) => ({ connectionId, kind: TRACKING })) } : undefined;
  }

  private async learnStatuses(deliveries: Iterable<TrackedDelivery>, tx: Transaction | undefined): Promise<void> {
    const unknown = [...deliveries].map(({ row }) => row.connectionId).filter((id) => !this.statuses.has(id));
    if (unknown.length === 0) return;
    for (const [id, connection] of await this.connections.findMany(unknown, 'delivery', tx))
      this.statuses.set(id, {
        statuses: this.providers.getManifest(connection).statuses,
        hasStock: this.keepers.find(connection) !== undefined,
      });
  }

  /** Finds a report's delivery, or why the report is refused. */
  private findTarget(
    report: StatusReport,
    delivery: TrackedDelivery | undefined,
    refuseAhead: boolean,
  ): { delivery: TrackedDelivery; manifest: Statuses & { hasStock: boolean } } | string {
    if (!delivery) return 'deliveryId is not known';
    if (delivery.row.deletedAt) return 'the delivery was deleted';
    // The status would never reach the CRM: the other module reports there until the connection goes live.
    if (delivery.isTrial) return 'the connection of this delivery is a trial: report it once the connection went live';
    const manifest = this.statuses.get(delivery.row.connectionId);
    if (!manifest) return 'the module of this delivery is not hosted here';
    const isTooFarAhead = refuseAhead && isAhead(report, delivery.readAt);
    return (
      findProblem(withStatus(report, delivery.facts), manifest) ??
      (isTooFarAhead ? 'updatedAt is more than two minutes ahead of now' : { delivery, manifest })
    );
  }
}

/** The deliveries that items were reported of. */
function listPartlyDelivered(batches: readonly Batch[]): string[] {
  return batches.flatMap(({ reports }) => reports.flatMap(({ deliveryId, report }) => (report.delivered ? [deliveryId] : [])));
}

function listIds(batches: readonly Batch[]): string[] {
  return batches.flatMap(({ reports }) => reports.map(({ deliveryId }) => deliveryId));
}
