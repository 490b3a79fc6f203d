import { Injectable } from '@nestjs/common';
import { type Connection, ConnectionStore } from '#connections';
import { InjectProviders, type Providers } from '#integration-kit';
import { type OutboxDraft, OutboxService } from '#outbox';
import { Database, type Transaction } from '#platform';
import { DeliveryHistory, type NewEntry, type TrackedDelivery } from './delivery-history.js';
import { advance, findProblem, isAhead, isFinal } from './delivery-state.js';
import { DeliveryStore } from './delivery-store.js';
import type { CarrierReport, DeliveryManifest, DeliveryProvider, StatusReport } from './port/index.js';

/** Outbox kind for `delivery/generic/{subcode}/tracking`; a row's payload is one StoredReport. */
export const TRACKING = 'delivery.tracking';

/** A report with the delivery that it is about. */
export interface DeliveryReport {
  deliveryId: string;
  report: StatusReport;
}

/** The result of a batch of reports. */
export interface ReportOutcome {
  /** Taken, those of `notSent` included. */
  accepted: number;
  rejected: { index: number; error: string }[];
  /** Accepted, but not sent to the CRM. */
  notSent: { index: number; reason: string }[];
}

type Manifests = ReadonlyMap<string, DeliveryManifest<object>>;

/** Applies status reports: state, history and the CRM's update change in one transaction. */
@Injectable()
export class DeliveryStatusesService {
  constructor(
    private readonly database: Database,
    @InjectProviders('delivery') private readonly providers: Providers<DeliveryProvider>,
    private readonly connections: ConnectionStore,
    private readonly deliveries: DeliveryStore,
    private readonly history: DeliveryHistory,
    private readonly outbox: OutboxService,
  ) {}

  /**
   * Applies a dispatcher's reports, of any connections, in the given order and in one transaction.
   * @returns by index the refused reports (also those over two minutes ahead) and those whose status the CRM is not sent
   */
  report(reports: readonly DeliveryReport[], request?: string): Promise<ReportOutcome> {
    return this.database.transaction((tx) => this.apply(tx, reports, { refuseAhead: true }), request);
  }

  /**
   * Applies what a carrier reports about the deliveries of a connection, oldest first; what it reports about
   * others is left out. A report dated more than two minutes ahead counts as made now.
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
    await this.apply(tx, ours, { refuseAhead: false });
  }

  private async apply(tx: Transaction, reports: readonly DeliveryReport[], options: { refuseAhead: boolean }): Promise<ReportOutcome> {
    const deliveries = await this.history.lock(
      tx,
      reports.map(({ deliveryId }) => deliveryId),
    );
    const manifests = await this.findManifests(tx, deliveries.values());
    const now = await this.history.readClock(tx);
    const outcome: ReportOutcome = { accepted: 0, rejected: [], notSent: [] };
    const entries: NewEntry[] = [];
    const changed = new Set<TrackedDelivery>();
    const pushes: OutboxDraft[] = [];
    reports.forEach(({ deliveryId, report }, index) => {
      const target = findTarget(report, deliveries.get(deliveryId), manifests, options.refuseAhead ? now : undefined);
      if (typeof target === 'string') {
        outcome.rejected.push({ index, error: target });
        return;
      }
      const { delivery, manifest } = target;
      const { facts, entry, push, notSent } = advance(delivery.facts, report, manifest, now);
      delivery.facts = facts;
      delivery.isFinal = isFinal(manifest, facts.status);
      outcome.accepted++;
      if (entry) entries.push({ deliveryId, entry });
      if (notSent !== undefined) outcome.notSent.push({ index, reason: notSent });
      if (!push) return;
      changed.add(delivery);
      pushes.push({ connectionId: delivery.row.connectionId, kind: TRACKING, subject: deliveryId, payload: push });
    });
    await this.history.store(tx, entries, [...changed]);
    await this.outbox.add(tx, pushes);
    return outcome;
  }

  private async findManifests(tx: Transaction, deliveries: Iterable<TrackedDelivery>): Promise<Manifests> {
    const ids = [...deliveries].map(({ row }) => row.connectionId);
    const connections = await this.connections.findMany(ids, tx);
    return new Map([...connections].map(([id, connection]) => [id, this.providers.getManifest(connection)]));
  }
}

/** Finds a report's delivery, or why the report is refused. Without `now` a future report is accepted. */
function findTarget(
  report: StatusReport,
  delivery: TrackedDelivery | undefined,
  manifests: Manifests,
  now: Date | undefined,
): { delivery: TrackedDelivery; manifest: DeliveryManifest<object> } | string {
  if (!delivery) return 'deliveryId is not known';
  if (delivery.row.deletedAt) return 'the delivery was deleted';
  const manifest = manifests.get(delivery.row.connectionId);
  if (!manifest) return 'the module of this delivery is not hosted here';
  const isTooFarAhead = now !== undefined && isAhead(report, now);
  return findProblem(report, manifest) ?? (isTooFarAhead ? 'updatedAt is more than two minutes ahead of now' : { delivery, manifest });
}
