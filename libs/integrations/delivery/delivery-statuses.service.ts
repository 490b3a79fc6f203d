import { InjectProviders, type Providers } from '#integration-kit';
import { Injectable } from '@nestjs/common';
import { type Connection, ConnectionStore, isUuid } from '#connections';
import { OutboxService } from '#outbox';
import { Database, toWholeSecond, type Transaction } from '#platform';
import type { Money } from '#provider-kit';
import { DeliveryEntity } from './delivery.entity.js';
import type { DeliveryManifest, ExtraData, DeliveryProvider } from './port/index.js';

/** Outbox kind of what the CRM is told by `delivery/generic/{subcode}/tracking`. */
export const TRACKING = 'delivery.tracking';

/** A report may be dated this far ahead of the database's clock. */
const AHEAD_MS = 120_000;

/** A status told of a delivery we keep. */
export interface DeliveryReport {
  deliveryId: string;
  /** Of the provider's status list. */
  code: string;
  /** Missing: now. */
  updatedAt?: Date;
  comment?: string;
  cost?: Money;
  trackNumber?: string;
  extraData?: ExtraData;
}

/** Payload of a TRACKING row: one status of one delivery. */
export interface TrackingPayload {
  code: string;
  updatedAt: string;
  comment?: string;
  cost?: Money;
  trackNumber?: string;
  extraData?: ExtraData;
}

/** What became of a batch of reports. */
export interface ReportOutcome {
  /** Taken, those of `notSent` included. */
  accepted: number;
  rejected: { index: number; error: string }[];
  /** Taken, but the CRM is not told of the status. */
  notSent: { index: number; reason: string }[];
}

/** What becomes of a report dated further ahead than AHEAD_MS: it is refused, or counts as made now. */
type Ahead = 'refused' | 'now';

interface Move {
  delivery: DeliveryEntity;
  report: DeliveryReport;
  /** When it counts as made. */
  at: Date;
  moves: boolean;
  /** What the CRM is told; nothing of a report that changes nothing for it. */
  payload?: TrackingPayload;
}

/** Applies status reports: state, history and what the CRM must be told change together. */
@Injectable()
export class DeliveryStatusesService {
  constructor(
    private readonly database: Database,
    @InjectProviders('delivery') private readonly providers: Providers<DeliveryProvider>,
    private readonly connections: ConnectionStore,
    private readonly outbox: OutboxService,
  ) {}

  /**
   * Applies reports in one transaction of its own, of any connections, in the order given; those that cannot be, those dated more than two minutes ahead among them, and
   * those the CRM is not told of are named with their index.
   */
  async report(reports: DeliveryReport[]): Promise<ReportOutcome> {
    return this.database.transaction((tx) => this.apply(tx, reports, 'refused'));
  }

  /** Applies reports in the transaction of `tx`. */
  async apply(tx: Transaction, reports: DeliveryReport[], ahead: Ahead): Promise<ReportOutcome> {
    const deliveries = await this.lock(tx, [...new Set(reports.map((report) => report.deliveryId).filter(isUuid))]);
    const manifests = await this.manifestsOf(tx, [...deliveries.values()]);
    const now = await this.now(tx);
    const rejected: ReportOutcome['rejected'] = [];
    const notSent: ReportOutcome['notSent'] = [];
    const moves: Move[] = [];
    let accepted = 0;
    const seen = await this.knownStatuses(tx, [...deliveries.keys()]);
    reports.forEach((report, index) => {
      const delivery = deliveries.get(report.deliveryId);
      const manifest = delivery && manifests.get(delivery.connectionId);
      const isAhead = report.updatedAt !== undefined && report.updatedAt.getTime() > now.getTime() + AHEAD_MS;
      const problem = this.problemOf(report, delivery, manifest) ?? (isAhead && ahead === 'refused' ? TOO_FAR_AHEAD : undefined);
      if (problem !== undefined || !delivery || !manifest) {
        rejected.push({ index, error: problem ?? 'deliveryId is not known' });
        return;
      }
      accepted++;
      const told = report.updatedAt && markOf(delivery.id, report.code, report.updatedAt);
      const known = told === undefined ? undefined : seen.get(told);
      // The same report again is accepted and changes nothing.
      if (known && !isNews(report, known, delivery)) {
        notSent.push({ index, reason: 'it was reported before' });
        return;
      }
      const moment = isAhead ? undefined : report.updatedAt;
      const at = known ?? this.momentOf(report.code, moment, now, delivery, manifest);
      for (const mark of [told, markOf(delivery.id, report.code, at)]) if (mark !== undefined) seen.set(mark, at);
      const held = `the delivery has the later status ${delivery.status} of ${delivery.statusAt.toISOString()}`;
      const move = this.moveOf(report, at, moment === undefined, delivery, manifest);
      if (!move.moves) notSent.push({ index, reason: move.payload ? `${held}; only the track number is sent` : held });
      moves.push(move);
    });
    await this.store(tx, moves);
    return { accepted, rejected, notSent };
  }

  private problemOf(
    report: DeliveryReport,
    delivery: DeliveryEntity | undefined,
    manifest: DeliveryManifest<object> | undefined,
  ): string | undefined {
    if (!delivery) return 'deliveryId is not known';
    if (delivery.deletedAt) return 'the delivery was deleted';
    if (!manifest) return 'the module of this delivery is not hosted here';
    if (!manifest.statuses.some((status) => status.code === report.code))
      return `code must be one of: ${manifest.statuses.map((status) => status.code).join(', ')}`;
    return undefined;
  }

  /** When a report made at `moment`, or now, counts as made, in whole seconds. */
  private momentOf(code: string, moment: Date | undefined, now: Date, delivery: DeliveryEntity, manifest: DeliveryManifest<object>): Date {
    const at = toWholeSecond(moment ?? now);
    if (at >= delivery.statusAt) return at;
    // What holds now is not late by a status that is a little ahead. And a carrier may register a delivery before its answer that it will has reached us.
    const ends = isPreprocessing(manifest, delivery.status) && !isPreprocessing(manifest, code);
    return moment === undefined || ends ? delivery.statusAt : at;
  }

  /** Whether the delivery moves: a report older than its status does not move it; of two in one second the one later in life wins. */
  private moveOf(report: DeliveryReport, at: Date, holdsNow: boolean, delivery: DeliveryEntity, manifest: DeliveryManifest<object>): Move {
    const later = at.getTime() - delivery.statusAt.getTime();
    const moves = later > 0 || (later === 0 && (holdsNow || lifeIndex(manifest, report.code) >= lifeIndex(manifest, delivery.status)));
    if (moves) {
      delivery.status = report.code;
      delivery.statusAt = at;
      delivery.statusComment = report.comment ?? null;
      if (report.trackNumber) delivery.trackNumber = report.trackNumber;
      if (report.cost) [delivery.costMinor, delivery.costCurrency] = [String(report.cost.minor), report.cost.currency];
      if (report.extraData) delivery.extraData = { ...delivery.extraData, ...report.extraData };
      if (manifest.statuses.find((status) => status.code === report.code)?.isFinal) delivery.pollAt = null;
      return { delivery, report, at, moves, payload: trackingPayloadOf(report, at) };
    }
    if (!report.trackNumber || delivery.trackNumber) return { delivery, report, at, moves };
    // The status comes late, its track number does not: it is told with the status that holds.
    delivery.trackNumber = report.trackNumber;
    const payload = { code: delivery.status, updatedAt: delivery.statusAt.toISOString(), trackNumber: report.trackNumber };
    return { delivery, report, at, moves, payload };
  }

  private async store(tx: Transaction, moves: Move[]): Promise<void> {
    if (moves.length === 0) return;
    await tx.query(
      `INSERT INTO delivery_status (delivery_id, code, updated_at, reported_at, comment, moved)
       SELECT delivery_id, code, updated_at, nullif(reported_at, updated_at), comment, moved
       FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::text[], $6::bool[])
         WITH ORDINALITY AS m (delivery_id, code, updated_at, reported_at, comment, moved, n) ORDER BY n`,
      [
        moves.map((move) => move.delivery.id),
        moves.map((move) => move.report.code),
        moves.map((move) => move.at),
        moves.map((move) => (move.report.updatedAt ? toWholeSecond(move.report.updatedAt) : null)),
        moves.map((move) => move.report.comment ?? null),
        moves.map((move) => move.moves),
      ],
    );
    const told = moves.filter((move): move is Move & { payload: TrackingPayload } => move.payload !== undefined);
    const changed = [...new Set(told.map((move) => move.delivery))];
    await tx.query(
      `UPDATE delivery d SET status = m.status, status_at = m.status_at, status_comment = m.status_comment, track_number = m.track_number,
         cost_minor = m.cost_minor, cost_currency = m.cost_currency, extra_data = m.extra_data, poll_at = CASE WHEN m.final THEN NULL ELSE d.poll_at END, updated_at = now()
       FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::jsonb[], $9::bool[])
         AS m (id, status, status_at, status_comment, track_number, cost_minor, cost_currency, extra_data, final) WHERE d.id = m.id`,
      [
        changed.map((row) => row.id),
        changed.map((row) => row.status),
        changed.map((row) => row.statusAt),
        changed.map((row) => row.statusComment),
        changed.map((row) => row.trackNumber),
        changed.map((row) => row.costMinor),
        changed.map((row) => row.costCurrency),
        changed.map((row) => JSON.stringify(row.extraData)),
        changed.map((row) => row.pollAt === null),
      ],
    );
    await this.outbox.add(
      tx,
      told.map((move) => ({
        connectionId: move.delivery.connectionId,
        kind: TRACKING,
        subject: move.delivery.id,
        payload: move.payload,
      })),
    );
  }

  /** In one order always, so that two batches never wait for each other. */
  private async lock(tx: Transaction, ids: string[]): Promise<Map<string, DeliveryEntity>> {
    if (ids.length === 0) return new Map();
    const rows = await tx
      .getRepository(DeliveryEntity)
      .createQueryBuilder('d')
      .where('d.id IN (:...ids)', { ids })
      .orderBy('d.id')
      .setLock('pessimistic_write')
      .getMany();
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** The present moment of the one clock that every time here is compared with. */
  private async now(tx: Transaction): Promise<Date> {
    const [row] = (await tx.query(`SELECT clock_timestamp() AS now`)) as { now: Date }[];
    if (!row) throw new Error('the database told no time');
    return row.now;
  }

  /** When the statuses that are known count as made, by `markOf` what was told and what was kept. */
  private async knownStatuses(tx: Transaction, ids: string[]): Promise<Map<string, Date>> {
    const rows = (await tx.query(
      `SELECT delivery_id, code, updated_at, reported_at FROM delivery_status WHERE delivery_id = ANY ($1::uuid[]) ORDER BY id`,
      [ids],
    )) as { delivery_id: string; code: string; updated_at: Date; reported_at: Date | null }[];
    return new Map(
      rows.flatMap((row) =>
        [row.updated_at, row.reported_at ?? row.updated_at].map((told): [string, Date] => [
          markOf(row.delivery_id, row.code, told),
          row.updated_at,
        ]),
      ),
    );
  }

  private async manifestsOf(tx: Transaction, deliveries: DeliveryEntity[]): Promise<Map<string, DeliveryManifest<object>>> {
    const manifests = new Map<string, DeliveryManifest<object>>();
    for (const id of new Set(deliveries.map((delivery) => delivery.connectionId))) {
      const connection = await this.connections.findById(id, tx);
      if (connection) manifests.set(id, this.providers.getManifest(connection));
    }
    return manifests;
  }

  /**
   * Applies what a provider told of its own deliveries, found by its ids; those it tells of that we do not keep are left out. What it dates more than two minutes ahead
   * counts as made now.
   */
  async applyProviderReports(
    tx: Transaction,
    connection: Connection,
    reports: {
      externalId: string;
      code: string;
      updatedAt: Date;
      comment?: string;
      trackNumber?: string;
      cost?: Money;
      extraData?: ExtraData;
    }[],
  ): Promise<void> {
    if (reports.length === 0) return;
    const rows = (await tx.query(
      `SELECT id, external_id FROM delivery WHERE connection_id = $1 AND outside AND external_id = ANY ($2::text[]) AND deleted_at IS NULL`,
      [connection.id, reports.map((report) => report.externalId)],
    )) as { id: string; external_id: string }[];
    const ids = new Map(rows.map((row) => [row.external_id, row.id]));
    const ours = reports
      .flatMap(({ externalId, ...report }) => {
        const deliveryId = ids.get(externalId);
        return deliveryId === undefined ? [] : [{ ...report, deliveryId }];
      })
      .sort((left, right) => left.updatedAt.getTime() - right.updatedAt.getTime());
    await this.apply(tx, ours, 'now');
  }
}

const TOO_FAR_AHEAD = 'updatedAt is more than two minutes ahead of now';

/** Equal for reports of the same status at the same second. */
function markOf(deliveryId: string, code: string, told: Date): string {
  return `${deliveryId} ${code} ${toWholeSecond(told).getTime()}`;
}

/** Place of a status in the manifest's life order. */
function lifeIndex(manifest: DeliveryManifest<object>, code: string): number {
  return manifest.statuses.findIndex((status) => status.code === code);
}

function isPreprocessing(manifest: DeliveryManifest<object>, code: string): boolean {
  return manifest.statuses.find((status) => status.code === code)?.isPreprocessing === true;
}

/** Whether a report of a status that is known brings something else: a first track number, or another one or another cost for the status that holds. */
function isNews(report: DeliveryReport, at: Date, delivery: DeliveryEntity): boolean {
  if (report.trackNumber && !delivery.trackNumber) return true;
  if (report.code !== delivery.status || at.getTime() !== delivery.statusAt.getTime()) return false;
  const otherCost = report.cost && (String(report.cost.minor) !== delivery.costMinor || report.cost.currency !== delivery.costCurrency);
  return (report.trackNumber !== undefined && report.trackNumber !== delivery.trackNumber) || otherCost === true;
}

function trackingPayloadOf(report: DeliveryReport, at: Date): TrackingPayload {
  return {
    code: report.code,
    updatedAt: at.toISOString(),
    ...(report.comment && { comment: report.comment }),
    ...(report.cost && { cost: report.cost }),
    ...(report.trackNumber && { trackNumber: report.trackNumber }),
    ...(report.extraData && { extraData: report.extraData }),
  };
}
