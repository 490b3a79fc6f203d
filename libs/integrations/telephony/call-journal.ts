import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { Connection } from '#connections';
import { type DirectRow, DirectSender, OutboxService } from '#outbox';
import { Clock, Database, rowsOf } from '#platform';
import { type CallInput, MAKE_CALL } from './call-operations.js';
import { CALL_EVENT, CALLS } from './call.packers.js';
import { CallSites } from './call-sites.js';
import { normalisePhone } from './phones.js';
import { type CallNews, type CallSignal, isPlacedHere } from './port/index.js';
import { eventOf } from './reply-mapper.js';
import { CallEntity } from './telephony.entity.js';
import { TelephonyProviders } from './telephony-providers.js';

/** What the database has of a call. */
interface Known {
  id: string | null;
  phone: string | null;
  external_phone: string | null;
  code: string | null;
  record: string | null;
  ended_at: Date | null;
}

/** Another process listens to this PBX by now: what this one hears is not kept. */
export class ListenerLost extends Error {}

/** Stores what happens to calls: the call, what the CRM's users must see and the finished call change together. */
@Injectable()
export class CallJournal {
  private readonly logger = new Logger(CallJournal.name);

  constructor(
    private readonly database: Database,
    private readonly providers: TelephonyProviders,
    private readonly outbox: OutboxService,
    private readonly direct: DirectSender,
    private readonly sites: CallSites,
    private readonly clock: Clock,
  ) {}

  /** Keeps one call's news and tells the CRM. Throws ListenerLost when `fence` is not the listener's any more. */
  async keep(connection: Connection, fence: string, news: CallNews): Promise<void> {
    const { rows, ended } = await this.database.transaction(async (manager) => {
      const known = await this.known(manager, connection, fence, news.call.externalId);
      const call = await this.store(manager, connection, known, news);
      if (!call) return { rows: [], ended: false };
      return this.announce(manager, connection, call, news.signals);
    });
    this.direct.send(rows);
    if (ended) this.outbox.wake({ connectionId: connection.id, kind: CALLS });
  }

  /** What the provider needs of calls that have not ended, to go on following them. */
  async open(connectionId: string): Promise<object[]> {
    const rows = await this.database.query<{ memory: object }>(
      `SELECT memory FROM telephony_call WHERE connection_id = $1 AND ended_at IS NULL AND memory IS NOT NULL ORDER BY started_at LIMIT 5000`,
      [connectionId],
    );
    return rows.map((row) => row.memory);
  }

  /** What is kept of the call. The lock is shared, so that a new listener waits for what the old one is storing. Throws ListenerLost. */
  private async known(manager: EntityManager, connection: Connection, fence: string, externalId: string): Promise<Known | undefined> {
    const [row] = rowsOf<Known>(
      await manager.query(
        `SELECT c.id, c.phone, c.external_phone, c.code, c.record, c.ended_at FROM telephony_listener l
         LEFT JOIN telephony_call c ON c.connection_id = l.connection_id AND c.external_id = $3
         WHERE l.connection_id = $1 AND l.fence = $2 FOR SHARE OF l`,
        [connection.id, fence, externalId],
      ),
    );
    if (!row) throw new ListenerLost();
    return row.id === null ? undefined : row;
  }

  /** Gives undefined for a call that had ended already: news of it come too late. */
  private async store(
    manager: EntityManager,
    connection: Connection,
    known: Known | undefined,
    { call: told, memory }: CallNews,
  ): Promise<CallEntity | undefined> {
    if (known?.ended_at) return undefined;
    const repository = manager.getRepository(CallEntity);
    const country = this.providers.countryOf(connection);
    const placed = isPlacedHere(told.externalId) ? await this.placedBy(manager, connection, told.externalId) : undefined;
    const code = told.code ?? placed?.request.code ?? known?.code ?? null;
    const user = this.providers.userOf(connection, code ?? undefined) ?? (placed?.request.code === code ? placed?.userId : undefined);
    const call = repository.create({
      id: known?.id ?? uuidv7(),
      connectionId: connection.id,
      externalId: told.externalId,
      direction: placed ? 'out' : told.direction,
      phone: placed?.request.phone ?? normalisePhone(told.phone, country) ?? known?.phone ?? null,
      externalPhone: placed?.request.externalPhone ?? normalisePhone(told.externalPhone, country) ?? known?.external_phone ?? null,
      code,
      userId: user === undefined ? null : String(user),
      startedAt: told.startedAt,
      answeredAt: told.answeredAt ?? null,
      endedAt: told.endedAt ?? null,
      outcome: told.outcome ?? null,
      record: told.record ?? known?.record ?? null,
      memory: told.endedAt ? null : (memory ?? null),
      updatedAt: this.clock.now(),
    });
    // The PBX called one of its own phones on somebody else's order.
    if (call.direction === 'out' && call.phone === null) return undefined;
    await (known ? repository.update(call.id, call) : repository.insert({ ...call, createdAt: this.clock.now() }));
    return call;
  }

  private async announce(
    manager: EntityManager,
    connection: Connection,
    call: CallEntity,
    signals: CallSignal[],
  ): Promise<{ rows: DirectRow[]; ended: boolean }> {
    const place = this.sites.placeOf(connection, call);
    const rows = await this.direct.add(
      manager,
      signals.map((signal) => ({
        connectionId: connection.id,
        kind: CALL_EVENT,
        subject: call.externalId,
        payload: eventOf(call, signal, place),
      })),
    );
    if (!call.endedAt) return { rows, ended: false };
    // A talk that no extension had is not a missed call of anybody's.
    if (call.outcome !== 'answered') call.code ??= this.providers.of(connection).manifest.missedCode?.(connection.settings) ?? null;
    if (call.code === null) {
      // The CRM keeps no call that is nobody's.
      this.logger.log(
        `call ${call.externalId} of connection ${connection.id} is nobody's here and not told to the CRM (missedCode names whom missed calls of nobody are put down to)`,
      );
      return { rows, ended: false };
    }
    await manager.query(`UPDATE telephony_call SET code = $2 WHERE id = $1`, [call.id, call.code]);
    await this.outbox.add(manager, [{ connectionId: connection.id, kind: CALLS, subject: call.externalId, payload: { callId: call.id } }]);
    return { rows, ended: true };
  }

  /** The click-to-call behind a call: it knows the customer better than the PBX's dial plan shows. */
  private async placedBy(manager: EntityManager, connection: Connection, externalId: string): Promise<CallInput | undefined> {
    const [row] = rowsOf<{ input: CallInput }>(
      await manager.query(`SELECT input FROM operation WHERE connection_id = $1 AND kind = $2 AND reference = $3 LIMIT 1`, [
        connection.id,
        MAKE_CALL,
        externalId,
      ]),
    );
    return row?.input;
  }
}
