import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { TrafficStore, ConnectionStore, HostedModules } from '#connections';
import { InjectProviders, type Lease, type Providers } from '#integration-kit';
import { DirectSender } from '#outbox';
import { defineJob, errorText, errorTrace, HandleJob } from '#platform';
import { type Line, LineOpener } from './line-opener.js';
import { ListenerLeases } from './listener-leases.js';
import type { TelephonyProvider } from './port/index.js';

/** Makes every worker look for free PBXs. */
const listen = defineJob<Record<string, never>>('housekeeping', 'telephony.listen');

const TICK_MS = 1_000;
const SETTLE_MS = 5_000;
const RETRY_MS = 10_000;
/** Minimum milliseconds between two log lines about a connection with too many calls. */
const LOG_DROPPED_MS = 60_000;

/** A line whose lease this process holds. */
interface Held extends Line {
  /** Earliest time of the next try after our own failure, by `performance.now()`. */
  retryAt: number;
  /** When its overload was last logged. */
  droppedLoggedAt: number;
  /** Changes run one after the other. */
  turn: Promise<void>;
}

/**
 * Listens to the PBXs of live connections, each from one worker at a time under a lease with a fencing token.
 * A stopping worker hands over its PBXs. The leases of a dead worker expire.
 */
@Injectable()
export class TelephonyListeners implements BeforeApplicationShutdown {
  private readonly logger = new Logger(TelephonyListeners.name);
  private readonly held = new Map<string, Held>();
  private timer: NodeJS.Timeout | undefined;
  private ticking: Promise<void> | undefined;
  private stopped = false;

  constructor(
    private readonly connections: ConnectionStore,
    private readonly traffic: TrafficStore,
    private readonly modules: HostedModules,
    @InjectProviders('telephony') private readonly providers: Providers<TelephonyProvider>,
    private readonly leases: ListenerLeases,
    private readonly lines: LineOpener,
    private readonly direct: DirectSender,
  ) {}

  /** Starts looking for PBXs and listening to them. */
  // Only workers run jobs, so only they listen. Then a timer keeps the pace even while the queue is busy.
  @HandleJob(listen, { everyMs: TICK_MS })
  begin(): Promise<void> {
    this.start();
    return Promise.resolve();
  }

  private start(): void {
    if (this.timer || this.stopped) return;
    this.timer = setInterval(() => {
      this.ticking ??= this.tick()
        .catch((error: unknown) => this.logger.warn(`listeners: ${errorText(error)}`))
        .finally(() => (this.ticking = undefined));
    }, TICK_MS);
  }

  /** Stops listening and hands over the PBXs. */
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

  /** Marks connections whose PBX reports too many calls, for the operator. */
  private async markDropped(): Promise<void> {
    for (const held of this.held.values()) {
      const dropped = held.inbox?.takeDropped();
      if (!dropped) continue;
      if (performance.now() - held.droppedLoggedAt > LOG_DROPPED_MS) {
        held.droppedLoggedAt = performance.now();
        this.logger.warn(
          `the PBX of connection ${held.connectionId} reports too many calls at the same time: ${dropped.events} rings were not shown, ${dropped.calls} calls not stored (GET /operator/api/connections/${held.connectionId} has the total)`,
        );
      }
      await this.traffic.markOverload(held.connectionId, dropped);
    }
  }

  /** Renews this process's leases and applies changes. */
  private async renew(): Promise<void> {
    const all = [...this.held.values()];
    if (all.length === 0) return;
    const versions = await this.leases.renew(all);
    for (const held of all) this.lines.noteLost(held);
    for (const held of all) {
      const version = versions.get(held.connectionId);
      if (version === undefined) this.lose(held);
      else if (version === null) void this.letGo(held);
      else if (held.connection?.version !== version && held.retryAt <= performance.now()) this.follow(held);
    }
  }

  /** Takes free PBXs. */
  private async takeFree(): Promise<void> {
    const codes = this.modules
      .listByProvider('telephony')
      .filter((module) => this.canListen(module.manifest.code))
      .map((module) => module.code);
    if (codes.length === 0) return;
    for (const lease of await this.leases.take(codes)) {
      const before = this.held.get(lease.connectionId);
      if (before) this.lose(before);
      const held = createHeld(lease);
      this.held.set(lease.connectionId, held);
      this.follow(held);
    }
  }

  private canListen(providerCode: string): boolean {
    return this.providers.list().some((provider) => provider.manifest.code === providerCode && provider.listen !== undefined);
  }

  /** Starts listening, and restarts after a change of the settings or the account's time zone. */
  private follow(held: Held): void {
    this.inTurn(held, async () => {
      const connection = await this.connections.findById(held.connectionId, 'telephony');
      const before = held.connection;
      held.connection = connection;
      if (!connection || !this.isHeld(held)) return;
      // The settings object stays the same until the settings change.
      if (before && before.settings === connection.settings && before.account.timeZone === connection.account.timeZone) return;
      await this.hangUp(held);
      await this.lines.open(held, connection, () => this.lose(held));
    });
  }

  /** Drops a line that another process has taken. */
  private lose(held: Held): void {
    if (this.held.get(held.connectionId) === held) this.held.delete(held.connectionId);
    held.inbox?.abandon();
    this.inTurn(held, () => this.hangUp(held));
  }

  /** Stops listening, stores every received event, and releases the PBX. */
  private async letGo(held: Held): Promise<void> {
    if (this.held.get(held.connectionId) === held) this.held.delete(held.connectionId);
    this.inTurn(held, async () => {
      await this.hangUp(held);
      await this.leases.release(held);
    });
    await held.turn;
  }

  private async hangUp(held: Held): Promise<void> {
    const { listener, inbox } = held;
    [held.listener, held.inbox, held.connected, held.lostAt] = [undefined, undefined, false, undefined];
    await listener?.close();
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
      held.problem = errorText(error);
      this.logger.error(`listening to the PBX of connection ${held.connectionId}: ${errorTrace(error)}`);
    });
  }
}

function createHeld({ connectionId, fence }: Lease): Held {
  return {
    ...{
      connectionId,
      fence,
      connection: undefined,
      inbox: undefined,
      listener: undefined,
      connected: false,
      problem: null,
      lostAt: undefined,
    },
    ...{ retryAt: 0, droppedLoggedAt: -Infinity, turn: Promise.resolve() },
  };
}
