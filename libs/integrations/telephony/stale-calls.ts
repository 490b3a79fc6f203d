import { Injectable, Logger } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { ConnectionStore, HostedModules } from '#connections';
import { InjectProviders, type Providers } from '#integration-kit';
import { Database, errorText } from '#platform';
import { CallHistory } from './call-history.js';
import type { CallUpdate, TelephonyProvider } from './port/index.js';
import { CallEntity } from './telephony.entity.js';

/** Maximum number of calls ended in one run per module. */
const MOST = 200;
const STALE_HOURS = 4;
/** How long to wait for a PBX whose records cannot be read. */
const WAIT = '1 day';

// The call's end may be in records that are not read yet, or in events that wait to be applied.
const FIND_STALE = `SELECT k.id, k.connection_id AS "connectionId" FROM telephony_call k
    JOIN live_connection c ON c.id = k.connection_id LEFT JOIN telephony_catchup t ON t.connection_id = k.connection_id
  WHERE k.ended_at IS NULL AND c.module_code = $1 AND k.updated_at < now() - make_interval(secs => $2)
    AND (NOT $3 OR t.until >= k.updated_at + make_interval(secs => $2) OR k.updated_at < now() - make_interval(secs => $2) - interval '${WAIT}')
    AND NOT EXISTS (SELECT FROM inbox_event e WHERE e.connection_id = k.connection_id AND e.subject = coalesce(k.pbx_id, k.external_id)
      AND e.state = 'pending')
  ORDER BY k.updated_at LIMIT ${MOST}`;

/** Ends calls whose end arrived neither by webhook nor otherwise. */
@Injectable()
export class StaleCalls {
  private readonly logger = new Logger(StaleCalls.name);

  constructor(
    private readonly database: Database,
    private readonly history: CallHistory,
    private readonly connections: ConnectionStore,
    private readonly modules: HostedModules,
    @InjectProviders('telephony') private readonly providers: Providers<TelephonyProvider>,
  ) {}

  /** Ends open calls without an update for `manifest.staleHours`. Their outcome is unknown. */
  async endAll(stopping: AbortSignal): Promise<void> {
    for (const module of this.modules.listByProvider('telephony')) {
      // A listener knows which of its calls are running.
      if (!this.providers.has({ module }, 'webhook') || this.providers.has({ module }, 'listen')) continue;
      const { staleHours = STALE_HOURS } = module.manifest as { staleHours?: number };
      const found = await this.database.query<{ id: string; connectionId: string }>(FIND_STALE, [
        ...[module.code, staleHours * 3_600, this.providers.has({ module }, 'catchUp')],
      ]);
      for (const { id, connectionId } of found) {
        if (stopping.aborted) return;
        try {
          await this.end(id, connectionId, staleHours);
        } catch (error) {
          this.logger.warn(`call ${id} of connection ${connectionId} cannot be ended: ${errorText(error)}`);
        }
      }
    }
  }

  private async end(id: string, connectionId: string, staleHours: number): Promise<void> {
    const connection = await this.connections.findById(connectionId, 'telephony');
    if (!connection) return;
    await this.database.transaction(async (tx) => {
      const call = await tx.getRepository(CallEntity).findOne({ where: { id, endedAt: IsNull() }, lock: { mode: 'pessimistic_write' } });
      // An event arrived in the meantime.
      if (!call || Date.now() - call.updatedAt.getTime() < staleHours * 3_600_000) return;
      await this.history.keep(tx, connection, [toEnd(call)]);
    });
  }
}

/** The call ends at its last update. Only the manager's phone is known to have rung. */
function toEnd(call: CallEntity): CallUpdate {
  const { externalId, direction, startedAt, phone, externalPhone, code, userId, answeredAt } = call;
  const endedAt = new Date(Math.max(call.updatedAt.getTime(), startedAt.getTime(), answeredAt?.getTime() ?? 0));
  const codes = code === null ? [] : [code];
  const userIds = code === null && userId !== null ? [Number(userId)] : [];
  return {
    call: {
      ...{ externalId, direction, startedAt, endedAt, outcome: 'unknown' },
      ...(phone !== null && { phone }),
      ...(externalPhone !== null && { externalPhone }),
      ...(code !== null && { code }),
      ...(userId !== null && { userId: Number(userId) }),
      ...(answeredAt && { answeredAt }),
    },
    signals: codes.length + userIds.length > 0 ? [{ type: 'hangup', codes, userIds, outcome: 'unknown' }] : [],
  };
}
