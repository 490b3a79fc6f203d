import { Injectable, Logger } from '@nestjs/common';
import { In, IsNull, Not } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { type Connection, Usage } from '#connections';
import { InjectProviders, type Providers } from '#integration-kit';
import { DirectSender, type OutboxDraft, OutboxService } from '#outbox';
import { Clock, Database, normalisePhone, type Transaction } from '#platform';
import { CALL_EVENT, CALLS } from './call.packers.js';
import { CallSites } from './call-sites.js';
import { Extensions } from './extensions.js';
import { type Click, PlacedCalls } from './placed-calls.js';
import type { CallUpdate, CallSignal, CallSnapshot, TelephonyProvider } from './port/index.js';
import { toCallEvent } from './reply-mapper.js';
import { UnnotifiedPhones } from './unnotified-phones.js';
import { type CallDetails, CallEntity } from './telephony.entity.js';

/** Columns of a stored call that its updates need. */
const KNOWN = {
  ...{ id: true, externalId: true, phone: true, externalPhone: true, code: true, userId: true, record: true, endedAt: true },
  ...{ pbxId: true, reference: true, details: true, createdAt: true },
} as const;
type Known = Pick<CallEntity, keyof typeof KNOWN>;

/** Pause after a call's end until its recording may be ready. */
const RECORD_READY = '60 seconds';

/** Maximum number of calls that a provider continues to track. */
const MOST_OPEN = 5_000;

/** Details of an update that came from a webhook. */
export interface Heard {
  /** The PBX's id of the call in its webhooks. */
  readonly pbxId: string;
  readonly at: Date;
}

/** A call to be written. The database sets the times. */
type NewCall = Omit<CallEntity, 'createdAt' | 'updatedAt' | 'recordDueAt' | 'recordTries' | 'fileId'>;

interface Kept {
  call: NewCall;
  signals: readonly CallSignal[];
}

/** Columns that an update of a stored call changes. */
const CHANGING = [
  ...['direction', 'phone', 'external_phone', 'code', 'user_id', 'started_at', 'answered_at', 'ended_at', 'outcome', 'record', 'memory'],
  ...['pbx_id', 'reference', 'details', 'record_due_at', 'updated_at'],
];

/** Stores calls. A call, its CRM events and its upload change in one transaction. */
@Injectable()
export class CallHistory {
  private readonly logger = new Logger(CallHistory.name);
  private readonly unnotified = new UnnotifiedPhones();

  constructor(
    private readonly database: Database,
    @InjectProviders('telephony') private readonly providers: Providers<TelephonyProvider>,
    private readonly extensions: Extensions,
    private readonly outbox: OutboxService,
    private readonly direct: DirectSender,
    private readonly sites: CallSites,
    private readonly placed: PlacedCalls,
    private readonly clock: Clock,
    private readonly usage: Usage,
  ) {}

  /**
   * Stores updates of different calls in the caller's transaction and queues them for the CRM. Returns the
   * number of rings that were dropped because too many are queued. Ends are never dropped. `heard`: details
   * of a webhook's single update.
   */
  async keep(tx: Transaction, connection: Connection, updates: readonly CallUpdate[], heard?: Heard): Promise<number> {
    const known = await this.findKnown(tx, connection, updates);
    const kept = await this.store(tx, connection, known, updates, heard);
    return this.announce(tx, connection, kept);
  }

  /** Remembers phones whose start of a call was dropped, so that the end is not sent to them. */
  leaveOut(connectionId: string, { call, signals }: CallUpdate): void {
    for (const signal of signals)
      if (signal.type !== 'hangup') this.unnotified.add({ connectionId, externalId: call.externalId }, listUsers(signal));
  }

  /** Returns the provider's data for tracking calls that have not ended. */
  async readOpen(connectionId: string): Promise<object[]> {
    const calls = await this.database.dataSource.getRepository(CallEntity).find({
      select: { id: true, memory: true },
      where: { connectionId, endedAt: IsNull(), memory: Not(IsNull()) },
      order: { startedAt: 'ASC' },
      take: MOST_OPEN,
    });
    return calls.flatMap(({ memory }) => memory ?? []);
  }

  private async findKnown(tx: Transaction, connection: Connection, updates: readonly CallUpdate[]): Promise<ReadonlyMap<string, Known>> {
    const calls = await tx.getRepository(CallEntity).find({
      select: KNOWN,
      where: { connectionId: connection.id, externalId: In(updates.map(({ call }) => call.externalId)) },
    });
    return new Map(calls.map((call) => [call.externalId, call]));
  }

  /** Leaves out updates of calls that had ended before, because they come too late. */
  private async store(
    tx: Transaction,
    connection: Connection,
    known: ReadonlyMap<string, Known>,
    updates: readonly CallUpdate[],
    heard: Heard | undefined,
  ): Promise<Kept[]> {
    const current = updates.filter(({ call }) => !known.get(call.externalId)?.endedAt);
    const heardAt = heard?.at ?? this.clock.now();
    const clicks = await this.placed.find(
      tx,
      connection,
      current.map(({ call }) => {
        const { reference = null, createdAt = heardAt } = known.get(call.externalId) ?? {};
        // For a call that was stored late, such as after an outage, its own time is earlier.
        return { call, reference, heardAt: createdAt < heardAt ? createdAt : heardAt };
      }),
    );
    const kept = current.flatMap((one) => {
      const { externalId } = one.call;
      const call = this.mergeCall(connection, one, known.get(externalId), clicks.get(externalId), heard?.pbxId);
      return call ? [{ call, signals: one.signals }] : [];
    });
    if (kept.length === 0) return [];
    const now = (): string => 'now()';
    const afterReady = (): string => `now() + interval '${RECORD_READY}'`;
    await tx
      .createQueryBuilder()
      .insert()
      .into(CallEntity)
      .values(
        kept.map(({ call }) => ({
          ...{ ...call, createdAt: now, updatedAt: now },
          recordDueAt: this.isCopied(connection, call) ? afterReady : null,
        })),
      )
      .orUpdate(CHANGING, ['id'])
      .updateEntity(false)
      .execute();
    for (const { call } of kept) if (!known.has(call.externalId)) await this.usage.add(tx, connection, 'call', { at: call.startedAt });
    return kept;
  }

  private isCopied(connection: Connection, { endedAt, record }: NewCall): boolean {
    if (endedAt === null || record === null || !this.providers.has(connection, 'findRecord')) return false;
    return this.providers.getManifest(connection).keepsRecords?.(connection.settings) ?? false;
  }

  /** Merges an update into the stored call. Returns undefined if it concerns none of our extensions. */
  private mergeCall(
    connection: Connection,
    { call: told, memory }: CallUpdate,
    known: Known | undefined,
    placed: Click | undefined,
    pbxId = told.externalId,
  ): NewCall | undefined {
    const country = this.extensions.getCountry(connection);
    let code = told.code ?? placed?.request.code ?? known?.code ?? null;
    const user =
      told.userId ??
      this.extensions.findUser(connection, code ?? undefined) ??
      (placed?.request.code === code ? placed?.userId : undefined) ??
      (code === null ? (known?.userId ?? undefined) : undefined);
    // An answered call without an extension is not a missed call.
    if (told.endedAt && told.outcome !== 'answered' && user === undefined)
      code ??= this.providers.getManifest(connection).findMissedCode?.(connection.settings) ?? null;
    const direction = placed ? 'out' : told.direction;
    const phone = placed?.request.phone ?? normalisePhone(told.phone, country) ?? known?.phone ?? null;
    // The PBX called an internal phone on another program's request.
    if (direction === 'out' && phone === null) return undefined;
    return {
      ...{ id: known?.id ?? uuidv7(), connectionId: connection.id, externalId: told.externalId, direction, phone, code },
      externalPhone: placed?.request.externalPhone ?? normalisePhone(told.externalPhone, country) ?? known?.externalPhone ?? null,
      pbxId: pbxId === told.externalId ? (known?.pbxId ?? null) : pbxId,
      reference: placed?.reference ?? known?.reference ?? null,
      userId: user === undefined ? null : String(user),
      startedAt: told.startedAt,
      answeredAt: told.answeredAt ?? null,
      endedAt: told.endedAt ?? null,
      outcome: told.outcome ?? null,
      record: told.record ?? known?.record ?? null,
      details: mergeDetails(told, known?.details ?? null),
      memory: told.endedAt ? null : (memory ?? null),
    };
  }

  private async announce(tx: Transaction, connection: Connection, kept: readonly Kept[]): Promise<number> {
    let dropped = 0;
    const crowded = this.direct.isCrowded(connection.id);
    const drafts: OutboxDraft[] = [];
    for (const { call, signals } of kept) {
      const lane = { connectionId: connection.id, kind: CALL_EVENT, subject: call.externalId };
      const place = this.sites.findPlace(connection, call);
      for (const signal of signals) {
        const users = this.unnotified.findAudience(call, { type: signal.type, codes: listUsers(signal) });
        if (users.length === 0) continue;
        if (crowded && signal.type !== 'hangup' && !this.direct.isSending(lane)) {
          this.unnotified.add(call, users);
          dropped++;
          continue;
        }
        if (signal.type !== 'hangup') this.unnotified.remove(call, users);
        drafts.push({ ...lane, payload: toCallEvent(call, narrow(signal, users), place) });
      }
    }
    await this.direct.add(tx, drafts);
    const uploads: OutboxDraft[] = [];
    const nobodys: string[] = [];
    for (const { call } of kept) {
      if (!call.endedAt) continue;
      // The CRM rejects a call without a manager.
      if (call.code === null && call.userId === null) nobodys.push(call.externalId);
      else uploads.push({ connectionId: connection.id, kind: CALLS, subject: call.externalId, payload: { callId: call.id } });
    }
    if (nobodys.length > 0)
      this.logger.log(
        `of connection ${connection.id}, calls without a manager are not reported to the CRM (missedCode assigns missed ones to an extension): ${nobodys.join(', ')}`,
      );
    await this.outbox.add(tx, uploads);
    return dropped;
  }
}

/** Marks a user without a code among codes. */
const USER = 'user ';

/** Lists the recipients of a signal: codes, and users without one. */
function listUsers({ codes, userIds = [] }: CallSignal): string[] {
  return [...codes, ...userIds.map((id) => `${USER}${id}`)];
}

/** Returns a signal for only these users. */
function narrow(signal: CallSignal, users: readonly string[]): CallSignal {
  const { codes, userIds } = signal;
  return {
    ...signal,
    codes: codes.filter((code) => users.includes(code)),
    ...(userIds && { userIds: userIds.filter((id) => users.includes(`${USER}${id}`)) }),
  };
}

/** Merges the PBX's new details into the known ones. Null: there are none. */
function mergeDetails({ site, campaign, queryString, source, clientId }: CallSnapshot, known: CallDetails | null): CallDetails | null {
  const details = {
    ...known,
    ...Object.fromEntries(Object.entries({ site, campaign, queryString, source, clientId }).filter(([, value]) => value !== undefined)),
  };
  return Object.keys(details).length > 0 ? details : null;
}
