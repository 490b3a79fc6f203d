import { InjectProviders, type Providers } from '#integration-kit';
import { Injectable, Logger } from '@nestjs/common';
import { type Connection, ConnectionStore, ProviderContexts } from '#connections';
import { Database, defineJob, HandleJob, toRows } from '#platform';
import { OutageLog, type ProviderContext } from '#provider-kit';
import { DeliveryEntity } from './delivery.entity.js';
import { DeliveryStatusesService } from './delivery-statuses.service.js';
import type { DeliveryProvider } from './port/index.js';
import { toExistingDelivery } from './delivery-rows.js';

/** Asks outside carriers for the news of deliveries on their way. */
export const pollDeliveries = defineJob<Record<string, never>>('housekeeping', 'delivery.poll');

/** A delivery being registered is asked for often, one on its way seldom. */
const POLL_S = { preprocessing: 5, underway: 600 };
const BATCH = 100;
/** Connections asked at the same time. */
const AT_ONCE = 20;

/** Seconds after which a new delivery of this provider is to be asked for first; null when it cannot be asked. */
export function firstPollInS(provider: DeliveryProvider): number | null {
  return provider.track ? POLL_S.preprocessing : null;
}

/** Polls the deliveries that are due, by connection. */
@Injectable()
export class DeliveryPoll {
  private readonly outages = new OutageLog(new Logger(DeliveryPoll.name), 'polled');

  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionStore,
    private readonly contexts: ProviderContexts,
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
    const connection = await this.connections.findById(connectionId);
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
    const provider = this.providers.of(connection);
    if (!provider.track) return;
    const preprocessing = provider.manifest.statuses.filter((status) => status.isPreprocessing).map((status) => status.code);
    // Moved on before the carrier is asked: one that cannot be reached is asked again in its turn, not at once.
    const ids = toRows<{ id: string }>(
      await this.database.dataSource.query(
        `UPDATE delivery SET poll_at = now() + make_interval(secs => CASE WHEN status = ANY ($3::text[]) THEN $4::float8 ELSE $5::float8 END)
         WHERE id IN (SELECT id FROM delivery WHERE connection_id = $1 AND poll_at <= now() ORDER BY poll_at LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING id`,
        [connection.id, BATCH, preprocessing, POLL_S.preprocessing, POLL_S.underway],
      ),
    ).map((row) => row.id);
    if (ids.length === 0) return;
    const rows = await this.database.dataSource
      .getRepository(DeliveryEntity)
      .createQueryBuilder('d')
      .where('d.id IN (:...ids)', { ids })
      .getMany();
    await this.ask(connection, rows, this.contexts.contextFor(connection, 30_000));
  }

  /** Asks the provider for the news of deliveries and applies them; nothing where it cannot be asked. Throws ProviderError. */
  async ask(connection: Connection, rows: DeliveryEntity[], context: ProviderContext<object>): Promise<void> {
    const provider = this.providers.of(connection);
    const reports = await provider.track?.(rows.map(toExistingDelivery), context);
    if (!reports) return;
    const ends = provider.manifest.statuses.filter((status) => status.isFinal).map((status) => status.code);
    await this.database.transaction(async (tx) => {
      await this.statuses.applyCarrierReports(tx, connection, reports);
      // One that was asked about after its end, because the carrier had news, and whose end stands.
      await tx.query(
        `UPDATE delivery SET poll_at = NULL WHERE connection_id = $1 AND outside AND external_id = ANY ($2::text[]) AND status = ANY ($3::text[])`,
        [connection.id, reports.map((report) => report.externalId), ends],
      );
    });
  }
}
