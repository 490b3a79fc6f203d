import { Injectable, Logger } from '@nestjs/common';
import { IsNull, Not } from 'typeorm';
import { bindToRequest, type Connection, ConnectionStore, isLive, refuseForShadow } from '#connections';
import { InjectProviders, type Providers } from '#integration-kit';
import { Clock, Database, defineJob, HandleJob, type JobOrigin, JobQueue, toLogLine } from '#platform';
import { ProviderError } from '#provider-kit';
import { Extensions } from './extensions.js';
import type { TelephonyProvider, UserStatus } from './port/index.js';
import { UserStatusEntity } from './telephony.entity.js';

/** Sends new statuses to a PBX. */
const applyStatuses = defineJob<{ connectionId: string }>('inbox', 'telephony.statuses.apply');
/** Wakes connections whose statuses are due. */
const sweepStatuses = defineJob<Record<string, never>>('housekeeping', 'telephony.statuses.sweep');

const SWEEP_MS = 5_000;
const BACKOFF_S = { first: 5, most: 300 };

/**
 * The managers' statuses. They are stored immediately, and only the latest is sent, once the PBX can be
 * reached.
 */
@Injectable()
export class UserStatusesService {
  private readonly logger = new Logger(UserStatusesService.name);

  constructor(
    private readonly database: Database,
    @InjectProviders('telephony') private readonly providers: Providers<TelephonyProvider>,
    private readonly extensions: Extensions,
    private readonly connections: ConnectionStore,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
  ) {}

  /**
   * Stores a status. Without `code` the user's extension is looked up in the settings. Throws CallbackError
   * 400 for a trial connection.
   */
  async change(connection: Connection, userId: number, code: string | undefined, status: UserStatus): Promise<void> {
    refuseForShadow(connection);
    const extension = code ?? this.extensions.findCode(connection, userId) ?? null;
    const now = this.clock.now();
    const due = extension !== null && this.providers.has(connection, 'setUserStatus') ? now : null;
    await this.database.query(
      `INSERT INTO telephony_user_status AS s (connection_id, user_id, code, status, changed_at, due_at) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (connection_id, user_id) DO UPDATE SET code = excluded.code, status = excluded.status, changed_at = excluded.changed_at,
         due_at = excluded.due_at, version = s.version + 1, attempts = 0, problem = NULL`,
      [connection.id, userId, extension, status, now, due],
    );
    if (due) this.wake(connection.id, connection.request);
  }

  /** Lists all statuses of a connection. */
  list(connection: Connection): Promise<UserStatusEntity[]> {
    return this.database.dataSource
      .getRepository(UserStatusEntity)
      .find({ where: { connectionId: connection.id }, order: { userId: 'ASC' } });
  }

  /** Sends new statuses to a PBX that can be reached again. */
  async resume(connectionId: string): Promise<void> {
    await this.database.dataSource
      .getRepository(UserStatusEntity)
      .update({ connectionId, dueAt: Not(IsNull()) }, { dueAt: () => 'now()', attempts: 0 });
    this.wake(connectionId);
  }

  private wake(connectionId: string, request?: string): void {
    this.queue.wake(applyStatuses, { connectionId, request }, { deduplicationId: connectionId });
  }

  @HandleJob(sweepStatuses, { everyMs: SWEEP_MS })
  async sweep(): Promise<void> {
    const rows = await this.database.query<{ connection_id: string }>(
      `SELECT DISTINCT s.connection_id FROM telephony_user_status s JOIN live_connection c ON c.id = s.connection_id
       WHERE s.due_at <= now() LIMIT 500`,
    );
    for (const row of rows) this.wake(row.connection_id);
  }

  @HandleJob(applyStatuses)
  async apply({ connectionId, request }: { connectionId: string } & JobOrigin): Promise<void> {
    const found = await this.connections.findById(connectionId, 'telephony');
    if (!found || !isLive(found)) return;
    const connection = bindToRequest(found, request);
    const rows = await this.database.dataSource
      .getRepository(UserStatusEntity)
      .createQueryBuilder('s')
      .where('s.connectionId = :connectionId AND s.dueAt <= now()', { connectionId })
      .orderBy('s.changedAt')
      .getMany();
    for (const row of rows) {
      const { code, status } = row;
      if (code === null) continue;
      const change = { code, status, userId: Number(row.userId) };
      try {
        await this.providers.call(connection, 'setUserStatus', (provider, context) => provider.setUserStatus(change, context));
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        await this.postpone(row, error, request);
        // An unreachable PBX is unreachable for all statuses.
        if (error.kind === 'unavailable' || error.kind === 'auth') return;
        continue;
      }
      // A change made in the meantime stays due.
      await this.database.query(
        `UPDATE telephony_user_status SET applied_version = $3, applied_at = now(), due_at = CASE WHEN version = $3 THEN NULL ELSE now() END, attempts = 0, problem = NULL
         WHERE connection_id = $1 AND user_id = $2`,
        [row.connectionId, row.userId, row.version],
      );
    }
  }

  private async postpone(row: UserStatusEntity, error: ProviderError, request: string | undefined): Promise<void> {
    this.logger.warn(toLogLine(`a status was not sent to the PBX of connection ${row.connectionId}: ${error.message}`, request));
    await this.database.query(
      `UPDATE telephony_user_status SET attempts = attempts + 1, problem = $3,
         due_at = now() + make_interval(secs => least($4::float8 * power(2, least(attempts, 20)), $5::float8)) WHERE connection_id = $1 AND due_at <= now() AND ($2::bigint IS NULL OR user_id = $2)`,
      [
        row.connectionId,
        error.kind === 'unavailable' || error.kind === 'auth' ? null : row.userId,
        error.message,
        BACKOFF_S.first,
        BACKOFF_S.most,
      ],
    );
  }
}
