import { Injectable, Logger } from '@nestjs/common';
import { In } from 'typeorm';
import { type Connection, ConnectionStore } from '#connections';
import { type CallOptions, InjectProviders, type Providers } from '#integration-kit';
import { toSubject } from '#journal';
import { Database, defineJob, HandleJob } from '#platform';
import { OutageLog } from '#provider-kit';
import { DeliveryEntity } from './delivery.entity.js';
import { DeliveryStatusesService } from './delivery-statuses.service.js';
import { isHandedOver, isSettled } from './delivery-state.js';
import type { DeliveryProvider } from './port/index.js';
import { readReported } from './reported.js';
import { readStoredRequest } from './stored-request.js';
import { choose, groupByContract } from './rules/delivery-choices.js';
import { toExistingDelivery } from './delivery-rows.js';

/** Polls outside carriers for updates of deliveries on their way. */
export const pollDeliveries = defineJob<Record<string, never>>('housekeeping', 'delivery.poll');

/** Seconds. A delivery that comes back is polled daily after its first days. */
const POLL_S = { preprocessing: 5, underway: 600, returning: 86_400 };
/** Days after its end in which a delivery that comes back is polled as one on its way, and at all. */
const RETURN_DAYS = { often: 3, most: 60 };
/** Some carriers report cash after the end of a delivery, so it is then polled once more after a day. */
const MONEY_AT = `CASE WHEN status_at > now() - interval '1 day' THEN status_at + interval '1 day' END`;
const BATCH = 100;
/** Connections polled at the same time. */
const AT_ONCE = 20;
/** For the deliveries of one connection. */
const BUDGET_MS = 30_000;
/** Seconds until a poll is given up, and deliveries of a worker that was killed meanwhile are due again. */
const CLAIM_S = 45;

/** Seconds until a carrier is first polled for a new delivery. Null when it cannot be polled. */
export function computeFirstPoll(track: DeliveryProvider['track']): number | null {
  return track ? POLL_S.preprocessing : null;
}

/**
 * A delivery that this worker polls. `pollAt` is the end of its claim, the same for all deliveries of one
 * claim.
 */
interface Claimed {
  id: string;
  pollAt: string;
}

/** Polls the deliveries that are due, by connection. */
@Injectable()
export class DeliveryPoll {
  private readonly outages = new OutageLog(new Logger(DeliveryPoll.name), 'polled');

  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionStore,
    @InjectProviders('delivery') private readonly providers: Providers<DeliveryProvider>,
    private readonly statuses: DeliveryStatusesService,
  ) {}

  @HandleJob(pollDeliveries, { everyMs: 3_000 })
  async poll(_data: object, stopping: AbortSignal): Promise<void> {
    const due = await this.database.query<{ connection_id: string }>(
      `SELECT DISTINCT d.connection_id FROM delivery d JOIN live_connection c ON c.id = d.connection_id WHERE d.poll_at <= now() LIMIT 200`,
    );
    // Several at a time: one carrier that is silent must not hold up the accounts of the others.
    for (let from = 0; from < due.length && !stopping.aborted; from += AT_ONCE)
      await Promise.all(due.slice(from, from + AT_ONCE).map((row) => this.tryToPoll(row.connection_id)));
  }

  private async tryToPoll(connectionId: string): Promise<void> {
    const connection = await this.connections.findById(connectionId, 'delivery');
    if (!connection) return;
    const { code } = this.providers.getManifest(connection);
    try {
      await this.pollConnection(connection);
      this.outages.recordSuccess(code, connectionId);
    } catch (error) {
      this.outages.recordFailure(code, connectionId, error);
    }
  }

  private async pollConnection(connection: Connection): Promise<void> {
    const claim = await this.claim(connection);
    if (claim.length === 0) return;
    try {
      const rows = await this.database.dataSource.getRepository(DeliveryEntity).findBy({ id: In(claim.map(({ id }) => id)) });
      await this.ask(connection, rows, { budgetMs: BUDGET_MS });
    } finally {
      await this.schedule(connection, claim);
    }
  }

  /** Claims due deliveries, so that no other worker polls them meanwhile. */
  private claim(connection: Connection): Promise<Claimed[]> {
    return this.database.query<Claimed>(
      `UPDATE delivery SET poll_at = now() + make_interval(secs => $3::float8)
       WHERE id IN (SELECT id FROM delivery WHERE connection_id = $1 AND poll_at <= now() ORDER BY poll_at LIMIT $2 FOR UPDATE SKIP LOCKED)
       RETURNING id, poll_at::text AS "pollAt"`,
      [connection.id, BATCH, CLAIM_S],
    );
  }

  /**
   * Schedules the next poll of polled deliveries, whether the carrier replied or not. A time set meanwhile,
   * such as by a webhook, stays.
   */
  private async schedule(connection: Connection, claim: readonly Claimed[]): Promise<void> {
    const { statuses } = this.providers.getManifest(connection);
    const listCodes = (flag: 'isPreprocessing' | 'isFinal'): string[] => statuses.filter((one) => one[flag]).map(({ code }) => code);
    await this.database.query(
      `UPDATE delivery SET poll_at = CASE WHEN status <> ALL ($7::text[]) OR status_at > now() - make_interval(days => $9)
         THEN now() + make_interval(secs => CASE
           WHEN status = ANY ($3::text[]) THEN $4::float8
           WHEN status = ANY ($7::text[]) AND status_at < now() - make_interval(days => $8) THEN $6::float8
           ELSE $5::float8 END) END
       WHERE id = ANY ($1::uuid[]) AND poll_at = $2::timestamptz`,
      [
        ...[claim.map(({ id }) => id), claim[0]?.pollAt, listCodes('isPreprocessing')],
        ...[POLL_S.preprocessing, POLL_S.underway, POLL_S.returning, listCodes('isFinal'), RETURN_DAYS.often, RETURN_DAYS.most],
      ],
    );
  }

  /**
   * Fetches and applies the provider's updates of deliveries, with one call for each contract. Does nothing
   * without `track`. Throws ProviderError once all contracts were polled.
   */
  async ask(connection: Connection, rows: DeliveryEntity[], options?: CallOptions): Promise<void> {
    if (!this.providers.has(connection, 'track')) return;
    const asked = await Promise.allSettled(
      groupByContract(rows).map(async ({ contract, rows: some }) => this.askUnder(choose(connection, { contract }), some, options)),
    );
    const failure = asked.find((one) => one.status === 'rejected');
    if (failure) throw failure.reason;
  }

  private async askUnder(connection: Connection, rows: DeliveryEntity[], options?: CallOptions): Promise<void> {
    const asked = rows.map(toExistingDelivery);
    const reports = await this.providers.call(connection, 'track', (provider, context) => provider.track(asked, context), {
      ...options,
      subjects: rows.flatMap(listDeliverySubjects),
    });
    const manifest = this.providers.getManifest(connection);
    await this.database.transaction(async (tx) => {
      await this.statuses.applyCarrierReports(tx, connection, reports);
      // A delivery that was polled again later, because the carrier had an update, may have reached its end.
      const repository = tx.getRepository(DeliveryEntity);
      const told = reports.map((report) => report.externalId);
      const present = await repository.findBy({ connectionId: connection.id, outside: true, externalId: In(told) });
      const settled = present.filter((row) => isSettled(manifest, { status: row.status, ...readReported(row) }));
      const unpaid = settled.filter((row) => awaitsMoney(manifest, row));
      await repository.update({ id: In(settled.map(({ id }) => id)) }, { pollAt: null });
      await repository.update({ id: In(unpaid.map(({ id }) => id)) }, { pollAt: () => MONEY_AT });
    }, connection.request);
  }
}

/** Whether the buyer took the parcel and owed cash that the carrier has not reported. */
function awaitsMoney(
  manifest: Pick<DeliveryProvider['manifest'], 'statuses' | 'cancelledStatus'>,
  { status, request, details, deletedAt }: DeliveryEntity,
): boolean {
  return isHandedOver(manifest, status) && !deletedAt && !details?.collected && (readStoredRequest(request).collect?.total ?? 0) > 0;
}

/** By our id and by the provider's, as its webhooks name it. */
function listDeliverySubjects({ id, externalId }: DeliveryEntity): string[] {
  return [id, externalId].flatMap((one) => (one ? [toSubject('delivery', one)] : []));
}
