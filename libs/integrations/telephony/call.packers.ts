import { Injectable, Logger } from '@nestjs/common';
import { In, IsNull, Not } from 'typeorm';
import { type Connection, ConnectionStore, isUuid } from '#connections';
import type { CrmClient } from '#crm-client';
import type { TelephonyCallEvent } from '#crm-client/wire';
import type { OutboxEntry, OutboxPacker, WaitingEntry } from '#outbox';
import { Clock, Database } from '#platform';
import { RecordLinks } from './record-links.js';
import { toUpload } from './reply-mapper.js';
import { CallSites } from './call-sites.js';
import { CallEntity } from './telephony.entity.js';

/**
 * Outbox kind for `telephony/call/event`, shown to users immediately. The subject is the call, to keep its
 * order.
 */
export const CALL_EVENT = 'telephony.event';
/** Outbox kind of finished calls (`telephony/calls/upload`). */
export const CALLS = 'telephony.calls';

/** Milliseconds after which the start of an ended call is no longer sent. */
export const LATE_MS = 60_000;

/** Payload of a CALLS row. The call is read when it is sent. */
export interface CallPayload {
  callId: string;
}

/** Sends one event per request, for events that `DirectSender` could not send from the listening process. */
@Injectable()
export class CallEventPacker implements OutboxPacker<TelephonyCallEvent> {
  private readonly logger = new Logger(CallEventPacker.name);
  readonly kind = CALL_EVENT;
  /** Rows are read together, and sent one by one. */
  readonly maxSubjects = 50;
  readonly lingerMs = 0;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  take(): number {
    return 1;
  }

  /**
   * Finds starts of ended calls that are a minute late. Ends are always sent, because they close the shown
   * call.
   */
  async overdue(connection: Connection, entries: WaitingEntry<TelephonyCallEvent>[]): Promise<ReadonlySet<string>> {
    const before = this.clock.now().getTime() - LATE_MS;
    const late = entries.filter(({ payload, createdAt }) => payload.type !== 'hangup' && createdAt.getTime() < before);
    if (late.length === 0) return new Set();
    const ended = await this.database.dataSource.getRepository(CallEntity).find({
      select: { id: true, externalId: true },
      where: { connectionId: connection.id, externalId: In(late.map(({ subject }) => subject)), endedAt: Not(IsNull()) },
    });
    const over = new Set(ended.map(({ externalId }) => externalId));
    return new Set(late.filter(({ subject }) => over.has(subject)).map(({ id }) => id));
  }

  async send(crm: CrmClient, connection: Connection, entries: OutboxEntry<TelephonyCallEvent>[], signal: AbortSignal): Promise<void> {
    const [entry] = entries;
    if (!entry) return;
    const reply = await crm.telephony.callEvent({ event: entry.payload }, { signal });
    const { notExistCodes: codes, notExistUsers: users } = reply;
    if (Array.isArray(codes) && codes.length > 0)
      this.logger.warn(`the CRM of connection ${connection.id} has no user with the codes ${codes.join(', ')}`);
    if (Array.isArray(users) && users.length > 0)
      this.logger.warn(`the CRM of connection ${connection.id} has no users with the ids ${users.join(', ')}`);
  }
}

/**
 * Uploads finished calls, at most 50 per request. The CRM stores each `externalId` once, so a repeat is
 * harmless.
 */
@Injectable()
export class CallsPacker implements OutboxPacker<CallPayload> {
  readonly kind = CALLS;
  readonly maxSubjects = 50;
  readonly lingerMs = 500;

  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionStore,
    private readonly links: RecordLinks,
    private readonly sites: CallSites,
  ) {}

  async send(crm: CrmClient, connection: Connection, entries: OutboxEntry<CallPayload>[], signal: AbortSignal): Promise<void> {
    const ids = [...new Set(entries.map(({ payload }) => payload.callId).filter(isUuid))];
    if (ids.length === 0) return;
    const calls = await this.database.dataSource
      .getRepository(CallEntity)
      .createQueryBuilder('c')
      .where('c.id IN (:...ids) AND c.connectionId = :connection AND c.endedAt IS NOT NULL', { ids, connection: connection.id })
      .orderBy('c.startedAt')
      .getMany();
    if (calls.length === 0) return;
    // Reads again, because dates are in the account's time zone, which may have changed.
    const now = (await this.connections.findById(connection.id, 'telephony')) ?? connection;
    const uploads = await Promise.all(
      calls.map(async (call) => {
        const recordUrl = await this.links.buildUrl(now, call);
        return toUpload(call, { ...this.sites.findPlace(now, call), ...(recordUrl && { recordUrl }) });
      }),
    );
    await crm.telephony.callsUpload({ calls: uploads }, { signal });
  }
}
