import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { ConnectionStore, HostedModules } from '#connections';
import { InjectProviders, type Providers } from '#integration-kit';
import { DirectSender } from '#outbox';
import { defineJob, errorText, errorTrace, HandleJob } from '#platform';
import { type Line, LineOpener } from './line-opener.js';
import { type Lease, ListenerLeases } from './listener-leases.js';
import type { TelephonyProvider } from './port/index.js';

/** Makes every worker look for free PBXs. */
const listen = defineJob<Record<string, never>>('housekeeping', 'telephony.listen');

const TICK_MS = 1_000;
const SETTLE_MS = 5_000;
const RETRY_MS = 10_000;
/** The log names a connection that has too many calls this often at most. */
const LOG_DROPPED_MS = 60_000;

/** A line that this process holds the lease of. */
interface Held extends Line {
  /** After a failure of ours: not before this moment of `performance.now()`. */
  retryAt: number;
  /** When the log last said that too much comes from it. */
  droppedLoggedAt: number;
  /** Changes follow one another. */
  turn: Promise<void>;
}

/**
 * Listens to the PBXs of live connections, each from one worker at a time under a lease with a fencing token.
 * A stopping worker hands its PBXs over; the leases of one that died expire.
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
    private readonly modules: HostedModules,
    @InjectProviders('telephony') private readonly providers: Providers<TelephonyProvider>,
    private readonly leases: ListenerLeases,
    private readonly lines: LineOpener,
    private readonly direct: DirectSender,
  ) {}

  /** Begins to look for PBXs and to listen to them. */
  // Only workers run jobs, so only they listen; then a timer keeps the pace even while the queue is busy.
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

  /** Shows the operator whose PBX reports more than is kept. */
  private async markDropped(): Promise<void> {
    for (const held of this.held.values()) {
      const dropped = held.inbox?.takeDropped();
      if (!dropped) continue;
      if (performance.now() - held.droppedLoggedAt > LOG_DROPPED_MS) {
        held.droppedLoggedAt = performance.now();
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
      .listParts('telephony')
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

  /** Begins to listen, and begins again when the settings or the account's time zone changed. */
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

  /** Another process has it now. */
  private lose(held: Held): void {
    if (this.held.get(held.connectionId) === held) this.held.delete(held.connectionId);
    held.inbox?.abandon();
    this.inTurn(held, () => this.hangUp(held));
  }

  /** Stops listening, stores all that was heard, and leaves the PBX to any process that wants it. */
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
