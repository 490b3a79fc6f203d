import { Extensions } from './extensions.js';
import { InjectProviders, type Providers } from '#integration-kit';
import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { bulkhead } from 'cockatiel';
import { v7 as uuidv7 } from 'uuid';
import { type Connection, ConnectionStore, CrmClients, ProviderContexts, CredentialsWatch, HostedModules } from '#connections';
import { DirectSender } from '#outbox';
import { Clock, Database, defineJob, HandleJob, rowsOf } from '#platform';
import { CallInbox, Turns } from './call-inbox.js';
import { CallJournal } from './call-journal.js';
import { normalisePhone } from './phones.js';
import type { CallListener, Closeable, LineState, TelephonyProvider } from './port/index.js';
import { UserStatusesService } from './user-statuses.service.js';

/** Sees to it that every worker looks for PBXs that nobody listens to. */
const listen = defineJob<Record<string, never>>('housekeeping', 'telephony.listen');

const TICK_MS = 1_000;
/** A process that renews its leases no more is taken to be dead after so long. */
const LEASE_S = 8;
/** PBXs taken in one turn, so that several workers share them. */
const PER_TURN = 20;
/** How long the CRM may take to name a manager: the caller waits. */
const ROUTE_MS = 2_000;
/** Callers of one connection whose managers are asked for; of more the caller's own dial plan decides. */
const ROUTES = { atOnce: 4, waiting: 16 };
const SETTLE_MS = 5_000;
const RETRY_MS = 10_000;
/** Connections whose calls are being stored at once: the others wait for their turn, and the pool is there for other work. */
const STORING = 2;
/** A connection that has too many calls is told of in the log this often at most. */
const TELL_DROPPED_MS = 60_000;

/** A PBX that this process listens to. */
interface Held {
  readonly connectionId: string;
  readonly fence: string;
  connection: Connection | undefined;
  inbox: CallInbox | undefined;
  line: Closeable | undefined;
  connected: boolean;
  problem: string | null;
  /** After a failure of ours: not before. */
  retryAt: number;
  /** When it was last said that too much comes from it. */
  droppedToldAt: number;
  /** Changes follow one another. */
  turn: Promise<void>;
}

/**
 * Listens to the PBXs of all active connections, each from one worker at a time: under a lease in the database whose fencing token is checked with everything that
 * is stored. A worker that ends hands its PBXs over; one that dies loses them when its leases run out.
 */
@Injectable()
export class TelephonyListeners implements BeforeApplicationShutdown {
  private readonly logger = new Logger(TelephonyListeners.name);
  private readonly self = uuidv7();
  private readonly held = new Map<string, Held>();
  private readonly turns = new Turns(STORING);
  private timer: NodeJS.Timeout | undefined;
  private ticking: Promise<void> | undefined;
  private stopped = false;

  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionStore,
    private readonly contexts: ProviderContexts,
    private readonly crmClients: CrmClients,
    private readonly modules: HostedModules,
    @InjectProviders('telephony') private readonly providers: Providers<TelephonyProvider>,
    private readonly extensions: Extensions,
    private readonly journal: CallJournal,
    private readonly direct: DirectSender,
    private readonly statuses: UserStatusesService,
    private readonly credentials: CredentialsWatch,
    private readonly clock: Clock,
  ) {}

  /** Begins to look for PBXs and to listen to them. */
  // Only workers run jobs, so only they listen; from then on by a clock of their own, whatever the queue is busy with.
  @HandleJob(listen, { everyMs: TICK_MS })
  begin(): Promise<void> {
    this.start();
    return Promise.resolve();
  }

  private start(): void {
    if (this.timer || this.stopped) return;
    this.timer = setInterval(() => {
      this.ticking ??= this.tick()
        .catch((error: unknown) => this.logger.warn(`listeners: ${error instanceof Error ? error.message : String(error)}`))
        .finally(() => (this.ticking = undefined));
    }, TICK_MS);
  }

  /** Stops listening and hands the PBXs over. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.ticking;
    await Promise.allSettled([...this.held.values()].map((held) => this.letGo(held)));
    await this.direct.idle();
  }

  private async tick(): Promise<void> {
    await this.renew();
    await this.markDropped();
    if (!this.stopped) await this.takeFree();
  }

  /** Shows the operator whose PBX tells of more than is kept. */
  private async markDropped(): Promise<void> {
    for (const held of this.held.values()) {
      const dropped = held.inbox?.takeDropped();
      if (!dropped) continue;
      if (performance.now() - held.droppedToldAt > TELL_DROPPED_MS) {
        held.droppedToldAt = performance.now();
        this.logger.warn(
          `the PBX of connection ${held.connectionId} tells of too many calls at once: ${dropped.events} rings were not shown, ${dropped.calls} calls not kept (GET /operator/api/connections/${held.connectionId} goes on counting)`,
        );
      }
      await this.connections.markOverload(held.connectionId, dropped);
    }
  }

  /** Keeps what this process holds and follows what changed about it. */
  private async renew(): Promise<void> {
    const all = [...this.held.values()];
    if (all.length === 0) return;
    const rows = rowsOf<{ connection_id: string; version: number | null }>(
      await this.database.dataSource.query(
        `UPDATE telephony_listener l SET lease_until = now() + make_interval(secs => $5), connected = h.connected, problem = h.problem,
           seen_at = CASE WHEN h.connected THEN now() ELSE l.seen_at END
         FROM unnest($1::uuid[], $2::bigint[], $3::bool[], $4::text[]) AS h (connection_id, fence, connected, problem)
           LEFT JOIN live_connection c ON c.id = h.connection_id
         WHERE l.connection_id = h.connection_id AND l.fence = h.fence RETURNING l.connection_id, c.version`,
        [
          all.map((held) => held.connectionId),
          all.map((held) => held.fence),
          all.map((held) => held.connected),
          all.map((held) => held.problem),
          LEASE_S,
        ],
      ),
    );
    const states = new Map(rows.map((row) => [row.connection_id, row]));
    for (const held of all) {
      const state = states.get(held.connectionId);
      if (!state) this.lose(held);
      else if (state.version === null) void this.letGo(held);
      else if (held.connection?.version !== state.version && held.retryAt <= performance.now()) this.follow(held);
    }
  }

  /** Takes PBXs that nobody listens to. */
  private async takeFree(): Promise<void> {
    const codes = this.modules
      .all()
      .filter((module) => module.integration === 'telephony' && this.listens(module.manifest.code))
      .map((module) => module.code);
    if (codes.length === 0) return;
    const rows = await this.database.query<{ connection_id: string; fence: string }>(
      `INSERT INTO telephony_listener AS t (connection_id, fence, holder, lease_until)
       SELECT c.id, 1, $1, now() + make_interval(secs => $3) FROM live_connection c LEFT JOIN telephony_listener l ON l.connection_id = c.id
       WHERE c.module_code = ANY ($2::text[]) AND coalesce(l.lease_until <= now(), true) ORDER BY c.id LIMIT ${PER_TURN}
       ON CONFLICT (connection_id) DO UPDATE SET fence = t.fence + 1, holder = excluded.holder, lease_until = excluded.lease_until, connected = false
       WHERE t.lease_until <= now() RETURNING connection_id, fence`,
      [this.self, codes, LEASE_S],
    );
    for (const { connection_id: connectionId, fence } of rows) {
      const before = this.held.get(connectionId);
      if (before) this.lose(before);
      const held: Held = {
        ...{ connectionId, fence, connection: undefined, inbox: undefined, line: undefined },
        ...{ connected: false, problem: null, retryAt: 0, droppedToldAt: -Infinity, turn: Promise.resolve() },
      };
      this.held.set(connectionId, held);
      this.follow(held);
    }
  }

  private listens(providerCode: string): boolean {
    return this.providers.list().some((provider) => provider.manifest.code === providerCode && provider.listen !== undefined);
  }

  /** Begins to listen, or begins anew when the settings or the account changed. */
  private follow(held: Held): void {
    this.inTurn(held, async () => {
      const connection = await this.connections.findById(held.connectionId);
      const before = held.connection;
      held.connection = connection;
      if (!connection || !this.isHeld(held)) return;
      // The same object as long as they are the same.
      if (before && before.settings === connection.settings && before.account.timeZone === connection.account.timeZone) return;
      await this.hangUp(held);
      const provider = this.providers.of(connection);
      if (!provider.manifest.isConfigured(connection.settings)) {
        held.problem = 'The settings do not say where the PBX is.';
        return;
      }
      const inbox = new CallInbox(
        (news) => this.journal.keep(held.connection ?? connection, held.fence, news),
        () => this.lose(held),
        this.turns,
        (news) => this.journal.leaveOut(held.connectionId, news),
      );
      held.inbox = inbox;
      held.line = await provider.listen?.(this.contexts.contextFor(connection), await this.listenerOf(held, inbox));
    });
  }

  private async listenerOf(held: Held, inbox: CallInbox): Promise<CallListener> {
    const [row] = await this.database.query<{ seen_at: Date | null }>(`SELECT seen_at FROM telephony_listener WHERE connection_id = $1`, [
      held.connectionId,
    ]);
    const routes = bulkhead(ROUTES.atOnce, ROUTES.waiting);
    return {
      open: await this.journal.open(held.connectionId),
      ...(row?.seen_at && { lastSeen: row.seen_at }),
      now: () => this.clock.now(),
      emit: (news) => inbox.take(news),
      reportDropped: (calls) => inbox.countLost(calls),
      route: (phone) => routes.execute(() => this.managerOf(held, phone)).catch(() => undefined),
      reportLine: (state) => this.lineChanged(held, state),
    };
  }

  private lineChanged(held: Held, state: LineState): void {
    const before = held.problem;
    held.connected = state.connected;
    held.problem = state.connected ? null : state.message.slice(0, 500);
    if (held.connection && state.connected) this.credentials.accepted(held.connection, 'line');
    else if (held.connection && !state.connected && state.kind === 'auth') this.credentials.refused(held.connection, 'line');
    if (state.connected) {
      this.logger.log(`the PBX of connection ${held.connectionId} is listened to`);
      this.statuses
        .pbxIsBack(held.connectionId)
        .catch((error: unknown) =>
          this.logger.warn(`statuses wait for the sweeper: ${error instanceof Error ? error.message : String(error)}`),
        );
    } else if (held.problem !== before) {
      // Once, and not at every try.
      this.logger.warn(`the PBX of connection ${held.connectionId} is not listened to: ${state.message}`);
    }
  }

  /** The extension of a caller's manager, when the CRM says that he is free. */
  private async managerOf(held: Held, phone: string): Promise<string | undefined> {
    try {
      const connection = held.connection;
      const normal = connection && normalisePhone(phone, this.extensions.getCountry(connection));
      if (!connection || normal === undefined) return undefined;
      const crm = await this.crmClients.crmFor(connection.id, 'interactive');
      const { manager } = await crm.exact.telephony.manager({ phone: normal }, { signal: AbortSignal.timeout(ROUTE_MS) });
      if (!manager) return undefined;
      return manager.code || this.extensions.findCode(connection, manager.id ? Number(manager.id) : undefined);
    } catch (error) {
      this.logger.warn(
        `no manager for a call of connection ${held.connectionId}: ${error instanceof Error ? error.message : String(error)}`,
      );
      return undefined;
    }
  }

  /** Another process has it by now. */
  private lose(held: Held): void {
    if (this.held.get(held.connectionId) === held) this.held.delete(held.connectionId);
    held.inbox?.abandon();
    this.inTurn(held, () => this.hangUp(held));
  }

  /** Stops listening, with all that was heard stored, and leaves the PBX to whoever wants it. */
  private async letGo(held: Held): Promise<void> {
    if (this.held.get(held.connectionId) === held) this.held.delete(held.connectionId);
    this.inTurn(held, async () => {
      await this.hangUp(held);
      await this.database.query(
        `UPDATE telephony_listener SET lease_until = '-infinity', connected = false WHERE connection_id = $1 AND fence = $2`,
        [held.connectionId, held.fence],
      );
    });
    await held.turn;
  }

  private async hangUp(held: Held): Promise<void> {
    const { line, inbox } = held;
    [held.line, held.inbox, held.connected] = [undefined, undefined, false];
    await line?.close();
    await inbox?.settle(SETTLE_MS);
    inbox?.abandon();
  }

  private isHeld(held: Held): boolean {
    return !this.stopped && this.held.get(held.connectionId) === held;
  }

  private inTurn(held: Held, work: () => Promise<void>): void {
    held.turn = held.turn.then(work).catch((error: unknown) => {
      held.connection = undefined;
      held.retryAt = performance.now() + RETRY_MS;
      held.problem = error instanceof Error ? error.message : String(error);
      this.logger.error(
        `listening to the PBX of connection ${held.connectionId}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    });
  }
}
