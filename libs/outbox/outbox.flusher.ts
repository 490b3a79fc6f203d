import { Injectable, Logger } from '@nestjs/common';
import { bulkhead, ExponentialBackoff, handleWhen, retry } from 'cockatiel';
import {
  type CallerRow,
  type Connection,
  ConnectionStore,
  CrmClients,
  type CrmErrand,
  explainCrmError,
  explainMasked,
  HealthStore,
  isContentRejection,
  isLive,
  toProblemKey,
} from '#connections';
import { type CrmClient, ScopeError } from '#crm-client';
import { errorText, getTracing, HandleJob, toLogLine } from '#platform';
import { sendInParts } from './bisect.js';
import { LEASE_MS } from './lane-statements.js';
import { flushLanes, type Lane, LaneWakes } from './lane-wakes.js';
import { LaneLost, OutboxLanes, type TakenLane } from './outbox-lanes.js';
import { type OutboxEntry, type OutboxPacker, OutboxPackers, toErrand, type WaitingEntry } from './outbox-packer.js';
import { sweepLanes } from './outbox.service.js';
import { GIVE_UP_S, holdAfter, restAfter } from './pauses.js';
import { judge, type Verdict } from './rejection.js';

/**
 * Milliseconds that a call may take. Less than the lease, so that a worker that lost its lane has no running
 * call.
 */
const CALL_MS = 12_000;
/** Number of calls after which a lane yields its worker to others. */
const CALLS_PER_TURN = 20;
/**
 * Maximum number of lanes sent at the same time. Statements of more would wait too long for a database
 * connection.
 */
const MOST_TURNS = 50;

/**
 * Retries marking for about six seconds, because without the mark the CRM would receive the same rows again.
 */
const MARK_AGAIN = { maxAttempts: 6, backoff: new ExponentialBackoff({ initialDelay: 100, maxDelay: 3_000 }) };

/** A connection of a lane. */
interface ServedConnection {
  readonly caller: CallerRow;
  readonly connection: Connection;
}

interface Turn {
  readonly lane: TakenLane;
  readonly packer: OutboxPacker<unknown>;
  readonly crm: CrmClient;
  /** Purpose of calls of `crm`, set before each call. */
  readonly errand: CrmErrand;
  readonly connection: Connection;
  /** Rows for the first call. Empty if only rejected rows remain. */
  readonly first: readonly WaitingEntry<unknown>[];
  /** Missing: the next call needs a renewal. */
  lease?: Lease | undefined;
  /** Set if the lane was released with the rows of the last call, because nothing else waited. */
  released?: boolean;
}

/** When a lane was taken or renewed. */
interface Lease {
  /** By the database's clock. */
  readonly at: string;
  /** By `performance.now()`, from before the database was queried. */
  readonly askedMs: number;
}

/** Sends lanes: one worker per lane at a time, rows in order, with as few calls as the limits allow. */
@Injectable()
export class OutboxFlusher {
  private readonly logger = new Logger(OutboxFlusher.name);
  private readonly turns = bulkhead(MOST_TURNS, Infinity);
  private readonly marking = retry(
    handleWhen((error) => !(error instanceof LaneLost)),
    MARK_AGAIN,
  );

  constructor(
    private readonly lanes: OutboxLanes,
    private readonly connections: ConnectionStore,
    private readonly crmClients: CrmClients,
    private readonly packers: OutboxPackers,
    private readonly wakes: LaneWakes,
    private readonly health: HealthStore,
  ) {}

  /**
   * Sends the rows of lanes in parallel, unless another worker is doing so, a lane is paused or its
   * connection is inactive. The lanes share the statements that start their turns.
   */
  @HandleJob(flushLanes)
  async flush({ lanes }: { readonly lanes: readonly Lane[] }, stopping: AbortSignal): Promise<void> {
    const served = await this.findServed(lanes.map(({ connectionId }) => connectionId));
    const askedMs = performance.now();
    const taken = await this.lanes.take(lanes.filter((lane) => this.isServed(lane, served.get(lane.connectionId))));
    if (taken.length === 0) return;
    let lists: WaitingEntry<unknown>[][];
    try {
      lists = await this.lanes.listNext(taken.map((lane) => ({ lane, maxSubjects: this.packers.get(lane.kind).maxSubjects })));
    } catch (error) {
      await Promise.all(taken.map((lane) => this.rest(lane, error)));
      return;
    }
    await Promise.all(
      taken.map((lane, n) => {
        const of = served.get(lane.connectionId) as ServedConnection;
        return this.turns.execute(() => this.runTurn(lane, of, { askedMs, first: lists[n] ?? [] }, stopping));
      }),
    );
  }

  private async findServed(ids: readonly string[]): Promise<Map<string, ServedConnection>> {
    const served = new Map<string, ServedConnection>();
    for (const caller of await this.connections.findCallers(ids)) {
      const connection = this.connections.parse(caller);
      if (connection) served.set(caller.id, { caller, connection });
    }
    return served;
  }

  private isServed({ kind }: Lane, served: ServedConnection | undefined): boolean {
    if (!served) return false;
    const { connection } = served;
    return isLive(connection) || (!!connection.disconnectedAt && !!this.packers.get(kind).servesDisconnected);
  }

  private async runTurn(
    lane: TakenLane,
    { caller, connection }: ServedConnection,
    { askedMs, first }: { askedMs: number; first: readonly WaitingEntry<unknown>[] },
    stopping: AbortSignal,
  ): Promise<void> {
    try {
      const errand: CrmErrand = {};
      const crm = this.crmClients.crmForRow(caller, 'background', errand);
      const turn: Turn = {
        ...{ lane, connection: this.packers.findView(lane.kind, connection), packer: this.packers.get(lane.kind), crm, errand, first },
        lease: { at: lane.takenAt, askedMs },
      };
      const more = await this.sendAll(turn, stopping);
      if (!turn.released) await this.lanes.release(lane);
      if (more) this.wakes.add([lane]);
    } catch (error) {
      if (!(error instanceof LaneLost)) await this.rest(lane, error);
    }
  }

  /** Wakes every lane that has something to send and is not being sent. */
  @HandleJob(sweepLanes, { everyMs: 2_000 })
  async sweep(): Promise<void> {
    this.wakes.send(await this.lanes.listDue(this.packers.disconnectedKinds()));
  }

  /** Makes the calls of one turn. Returns whether more may wait. */
  private async sendAll(turn: Turn, stopping: AbortSignal): Promise<boolean> {
    for (let call = 1; call <= CALLS_PER_TURN; call++) {
      if (stopping.aborted) return false;
      const entries = await this.listForCall(turn, call);
      if (entries.length === 0) return false;
      const timely = await this.dropOverdue(turn, entries);
      if (timely.length === 0) continue;
      await sendInParts(turn.packer.take ? timely.slice(0, turn.packer.take(timely)) : timely, {
        call: (part) => this.call(turn, part),
        reject: (entry, passing, error) => this.reject(turn, entry, passing, error),
      });
      if (turn.released) return false;
    }
    return true;
  }

  /**
   * Returns the rows of the next call. Rejected rows come last, or with the last call of a turn if other rows
   * never end.
   */
  private async listForCall({ lane, packer, first }: Turn, call: number): Promise<readonly WaitingEntry<unknown>[]> {
    const { maxSubjects } = packer;
    const listNext = async (): Promise<readonly WaitingEntry<unknown>[]> =>
      call === 1 ? first : ((await this.lanes.listNext([{ lane, maxSubjects }]))[0] ?? []);
    if (call < CALLS_PER_TURN) {
      const next = await listNext();
      return next.length > 0 ? next : this.lanes.listRejected(lane, maxSubjects);
    }
    const rejected = await this.lanes.listRejected(lane, maxSubjects);
    return rejected.length > 0 ? rejected : listNext();
  }

  /** Drops rows that are too late to be useful. Returns the others. */
  private async dropOverdue(
    { lane, packer, connection }: Turn,
    entries: readonly WaitingEntry<unknown>[],
  ): Promise<OutboxEntry<unknown>[]> {
    const overdue = (await packer.overdue?.(connection, [...entries])) ?? new Set();
    if (overdue.size > 0) await this.lanes.dropOverdue(lane, [...overdue]);
    return entries.filter((entry) => !overdue.has(entry.id));
  }

  /**
   * Makes one call and marks its rows. Returns the CRM's rejection of the content. Throws any other failure.
   */
  private async call(turn: Turn, entries: OutboxEntry<unknown>[]): Promise<Error | undefined> {
    const { lane, packer, crm, errand, connection } = turn;
    Object.assign(errand, toErrand(lane.kind, entries));
    const began = await this.hold(turn);
    try {
      const send = (): Promise<void> => packer.send(crm, connection, entries, AbortSignal.timeout(CALL_MS));
      const tracing = getTracing();
      const requests = tracing ? entries.map(({ request }) => request) : [];
      await (tracing ? tracing.spanFor(requests, `push ${lane.kind}`, { rows: entries.length }, send) : send());
    } catch (error) {
      if (!isContentRejection(error)) throw error;
      // A call that passes after this one must have started later.
      turn.lease = undefined;
      return error;
    }
    const ids = entries.map((entry) => entry.id);
    // From before the first try, so that the lease may end earlier than assumed, but never later.
    const askedMs = performance.now();
    const { more, at } = await this.marking.execute(() => this.lanes.markSent(lane, ids, began, !packer.sendsPresent));
    turn.released = !more;
    await this.endRejection(turn);
    turn.lease = more ? { at, askedMs } : undefined;
    return undefined;
  }

  /** Ends the problem that the CRM rejected this kind of rows. */
  private async endRejection({ lane, connection }: Turn): Promise<void> {
    const key = toProblemKey({ kind: 'crm-refuses', part: lane.kind });
    if (key in connection.problems) await this.health.end(lane.connectionId, [key]);
  }

  /** Ensures that the lease outlasts a call. Returns when the call started. Throws LaneLost. */
  private async hold(turn: Turn): Promise<string> {
    if (!turn.lease || !outlastsCall(turn.lease)) {
      const askedMs = performance.now();
      turn.lease = { at: await this.lanes.renew(turn.lane), askedMs };
      turn.released = false;
    }
    // The database's reply may have come late.
    if (!outlastsCall(turn.lease)) throw new LaneLost();
    return turn.lease.at;
  }

  /** Records that a row was rejected on its own, and the consequence. */
  private async reject({ lane }: Turn, { id, request }: OutboxEntry<unknown>, passing: boolean, error: Error): Promise<Verdict> {
    const known = await this.lanes.readRejections(lane, id);
    const verdict = judge({ ...known, passing });
    await this.lanes.markRejected(lane, id, verdict, holdAfter(known.rejections), error.message);
    const outcome = verdict === 'set-aside' ? 'set aside' : 'kept for another try';
    this.logger.warn(toLogLine(`outbox row ${id} (${lane.kind}) was rejected by the CRM and ${outcome}: ${explainMasked(error)}`, request));
    return verdict;
  }

  /**
   * Pauses the lane, longer after each consecutive failure. After days of failures, marks its rows as failed.
   */
  private async rest(lane: TakenLane, error: unknown): Promise<void> {
    const { connectionId, kind } = lane;
    const message = errorText(error);
    const rest = await this.lanes.rest(lane, message, (known) => restAfter(error, known));
    if (!rest) return;
    const next = `next try in ${Math.round(rest.pauseMs / 1000)} s`;
    this.logger.warn(`lane ${kind} of connection ${connectionId} failed ${rest.failures} times, ${next}: ${explainMasked(error)}`);
    // A rejected key, and a CRM that does not respond, are detected by the call itself (`CrmWatch`).
    if (error instanceof ScopeError) await this.health.begin(connectionId, { kind: 'crm-refuses', part: kind }, explainCrmError(error));
    if (!rest.givesUp) return;
    const rows = await this.lanes.giveUp(lane, message);
    this.logger.error(
      `${rows} outbox rows (${kind} of connection ${connectionId}) have failed after ${GIVE_UP_S / 3600} hours of tries. Replay them once the cause is fixed`,
    );
  }
}

function outlastsCall({ askedMs }: Lease): boolean {
  return performance.now() - askedMs <= LEASE_MS - CALL_MS;
}
