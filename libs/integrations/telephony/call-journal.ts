import { Extensions } from './extensions.js';
import { InjectProviders, type Providers } from '#integration-kit';
import { Injectable, Logger } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Connection } from '#connections';
import { DirectSender, type OutboxDraft, OutboxService } from '#outbox';
import { Database, rowsOf, type Transaction } from '#platform';
import { type CallInput, MAKE_CALL } from './call-operations.js';
import { CALL_EVENT, CALLS } from './call.packers.js';
import { CallSites } from './call-sites.js';
import { normalisePhone } from './phones.js';
import { type CallNews, type CallSignal, isPlacedHere, type TelephonyProvider } from './port/index.js';
import { eventOf } from './reply-mapper.js';
import { UntoldPhones } from './untold-phones.js';
import { CallEntity } from './telephony.entity.js';

/** What the database has of a call. */
interface Known {
  id: string;
  external_id: string;
  phone: string | null;
  external_phone: string | null;
  code: string | null;
  record: string | null;
  ended_at: Date | null;
}

/** A call as it is written; when it is, is the database's to say. */
type NewCall = Omit<CallEntity, 'createdAt' | 'updatedAt'>;

interface Kept {
  call: NewCall;
  signals: readonly CallSignal[];
}

/** Columns that news of a known call change. */
const CHANGING = [
  ...['direction', 'phone', 'external_phone', 'code', 'user_id', 'started_at', 'answered_at', 'ended_at', 'outcome', 'record', 'memory'],
  'updated_at',
];

/** Another process listens to this PBX by now: what this one hears is not kept. */
export class ListenerLost extends Error {}

/** Stores what happens to calls: the call, what the CRM's users must see and the finished call change together. */
@Injectable()
export class CallJournal {
  private readonly logger = new Logger(CallJournal.name);
  private readonly untold = new UntoldPhones();

  constructor(
    private readonly database: Database,
    @InjectProviders('telephony') private readonly providers: Providers<TelephonyProvider>,
    private readonly extensions: Extensions,
    private readonly outbox: OutboxService,
    private readonly direct: DirectSender,
    private readonly sites: CallSites,
  ) {}

  /**
   * Keeps the news of different calls together and tells the CRM. Gives how many moments the CRM is not told of, because too many are on their way to it already:
   * rings first, never that a call is over. Throws ListenerLost when `fence` is not the listener's any more.
   */
  async keep(connection: Connection, fence: string, news: CallNews[]): Promise<number> {
    return this.database.transaction(async (tx) => {
      const known = await this.known(tx, connection, fence, news);
      const kept = await this.store(tx, connection, known, news);
      return this.announce(tx, connection, kept);
    });
  }

  /** Remembers whom dropped news would have told that a call begins: they are not told that it is over. */
  leaveOut(connectionId: string, { call, signals }: CallNews): void {
    for (const { type, codes } of signals) if (type !== 'hangup') this.untold.add({ connectionId, externalId: call.externalId }, codes);
  }

  /** What the provider needs of calls that have not ended, to go on following them. */
  async open(connectionId: string): Promise<object[]> {
    const rows = await this.database.query<{ memory: object }>(
      `SELECT memory FROM telephony_call WHERE connection_id = $1 AND ended_at IS NULL AND memory IS NOT NULL ORDER BY started_at LIMIT 5000`,
      [connectionId],
    );
    return rows.map((row) => row.memory);
  }

  /** What is kept of the calls, by their ids. The lock is shared, so that a new listener waits for what the old one is storing. Throws ListenerLost. */
  private async known(
    tx: Transaction,
    connection: Connection,
    fence: string,
    news: readonly CallNews[],
  ): Promise<ReadonlyMap<string, Known>> {
    const held = rowsOf(
      await tx.query(`SELECT 1 FROM telephony_listener WHERE connection_id = $1 AND fence = $2 FOR SHARE`, [connection.id, fence]),
    );
    if (held.length === 0) throw new ListenerLost();
    const rows = rowsOf<Known>(
      await tx.query(
        `SELECT id, external_id, phone, external_phone, code, record, ended_at FROM telephony_call WHERE connection_id = $1 AND external_id = ANY ($2)`,
        [connection.id, news.map(({ call }) => call.externalId)],
      ),
    );
    return new Map(rows.map((row) => [row.external_id, row]));
  }

  /** Leaves out calls that had ended already: news of them come too late. */
  private async store(
    tx: Transaction,
    connection: Connection,
    known: ReadonlyMap<string, Known>,
    news: readonly CallNews[],
  ): Promise<Kept[]> {
    const placed = await this.placedBy(tx, connection, news);
    const kept = news.flatMap((one) => {
      const before = known.get(one.call.externalId);
      const call = before?.ended_at ? undefined : this.callOf(connection, one, before, placed.get(one.call.externalId));
      return call ? [{ call, signals: one.signals }] : [];
    });
    if (kept.length === 0) return [];
    const now = (): string => 'now()';
    await tx
      .createQueryBuilder()
      .insert()
      .into(CallEntity)
      .values(kept.map(({ call }) => ({ ...call, createdAt: now, updatedAt: now })))
      .orUpdate(CHANGING, ['id'])
      .updateEntity(false)
      .execute();
    return kept;
  }

  /** The call as it is kept from now on; undefined when it is nobody's here. */
  private callOf(
    connection: Connection,
    { call: told, memory }: CallNews,
    known: Known | undefined,
    placed: CallInput | undefined,
  ): NewCall | undefined {
    const country = this.extensions.getCountry(connection);
    let code = told.code ?? placed?.request.code ?? known?.code ?? null;
    const user = this.extensions.findUser(connection, code ?? undefined) ?? (placed?.request.code === code ? placed?.userId : undefined);
    // A talk that no extension had is not a missed call of anybody's.
    if (told.endedAt && told.outcome !== 'answered')
      code ??= this.providers.getManifest(connection).findMissedCode?.(connection.settings) ?? null;
    const direction = placed ? 'out' : told.direction;
    const phone = placed?.request.phone ?? normalisePhone(told.phone, country) ?? known?.phone ?? null;
    // The PBX called one of its own phones on somebody else's order.
    if (direction === 'out' && phone === null) return undefined;
    return {
      ...{ id: known?.id ?? uuidv7(), connectionId: connection.id, externalId: told.externalId, direction, phone, code },
      externalPhone: placed?.request.externalPhone ?? normalisePhone(told.externalPhone, country) ?? known?.external_phone ?? null,
      userId: user === undefined ? null : String(user),
      startedAt: told.startedAt,
      answeredAt: told.answeredAt ?? null,
      endedAt: told.endedAt ?? null,
      outcome: told.outcome ?? null,
      record: told.record ?? known?.record ?? null,
      memory: told.endedAt ? null : (memory ?? null),
    };
  }

  private async announce(tx: Transaction, connection: Connection, kept: readonly Kept[]): Promise<number> {
    let dropped = 0;
    const crowded = this.direct.isCrowded(connection.id);
    const drafts: OutboxDraft[] = [];
    for (const { call, signals } of kept) {
      const lane = { connectionId: connection.id, kind: CALL_EVENT, subject: call.externalId };
      const place = this.sites.placeOf(connection, call);
      for (const signal of signals) {
        const codes = this.untold.audience(call, signal);
        if (codes.length === 0) continue;
        if (crowded && signal.type !== 'hangup' && !this.direct.isSending(lane)) {
          this.untold.add(call, codes);
          dropped++;
          continue;
        }
        if (signal.type !== 'hangup') this.untold.remove(call, codes);
        drafts.push({ ...lane, payload: eventOf(call, { ...signal, codes }, place) });
      }
    }
    await this.direct.add(tx, drafts);
    const uploads: OutboxDraft[] = [];
    const nobodys: string[] = [];
    for (const { call } of kept) {
      if (!call.endedAt) continue;
      // The CRM keeps no call that is nobody's.
      if (call.code === null) nobodys.push(call.externalId);
      else uploads.push({ connectionId: connection.id, kind: CALLS, subject: call.externalId, payload: { callId: call.id } });
    }
    if (nobodys.length > 0)
      this.logger.log(
        `of connection ${connection.id}, calls that are nobody's here and not told to the CRM (missedCode names whom missed calls of nobody are put down to): ${nobodys.join(', ')}`,
      );
    await this.outbox.add(tx, uploads);
    return dropped;
  }

  /** The click-to-calls behind calls, by the calls' ids: they know the customer better than the PBX's dial plan shows. */
  private async placedBy(tx: Transaction, connection: Connection, news: readonly CallNews[]): Promise<ReadonlyMap<string, CallInput>> {
    const ours = news.map(({ call }) => call.externalId).filter(isPlacedHere);
    if (ours.length === 0) return new Map();
    const rows = rowsOf<{ reference: string; input: CallInput }>(
      await tx.query(`SELECT reference, input FROM operation WHERE connection_id = $1 AND kind = $2 AND reference = ANY ($3)`, [
        connection.id,
        MAKE_CALL,
        ours,
      ]),
    );
    return new Map(rows.map(({ reference, input }) => [reference, input]));
  }
}
