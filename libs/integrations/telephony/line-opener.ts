import { Injectable, Logger } from '@nestjs/common';
import type { Connection } from '#connections';
import { InjectProviders, type LineReport, type Providers } from '#integration-kit';
import { ProviderWatch } from '#onboarding';
import { Clock, Database, errorText } from '#platform';
import { ProviderError } from '#provider-kit';
import { CallInbox, Turns } from './call-inbox.js';
import { CallHistory } from './call-history.js';
import { CallerManagers } from './caller-managers.js';
import { ListenerLeases } from './listener-leases.js';
import type { CallListener, CallUpdate, Closeable, Identify, LineState, TelephonyProvider } from './port/index.js';
import { UserStatusesService } from './user-statuses.service.js';

/**
 * Maximum number of connections whose calls are stored at the same time, because other work needs database
 * connections too.
 */
const STORING = 2;
/** Milliseconds after which a lost line counts as an outage of the PBX. */
const LOST_MS = 10_000;

/** This process's line to a connection's PBX. */
export interface Line extends LineReport {
  connected: boolean;
  problem: string | null;
  connection: Connection | undefined;
  inbox: CallInbox | undefined;
  /** When the line was lost, by `performance.now()`. Undefined: it is connected. */
  lostAt: number | undefined;
  /** The provider's listener. */
  listener: Closeable | undefined;
}

/**
 * Opens a PBX line. Calls are stored in the history, and the line's state in the statuses and the service
 * watch.
 */
@Injectable()
export class LineOpener {
  private readonly logger = new Logger(LineOpener.name);
  private readonly turns = new Turns(STORING);

  constructor(
    @InjectProviders('telephony') private readonly providers: Providers<TelephonyProvider>,
    private readonly database: Database,
    private readonly history: CallHistory,
    private readonly leases: ListenerLeases,
    private readonly managers: CallerManagers,
    private readonly statuses: UserStatusesService,
    private readonly watch: ProviderWatch,
    private readonly clock: Clock,
  ) {}

  /** Starts listening. `onLost` runs once if another process takes over the PBX. Throws ProviderError. */
  async open(line: Line, connection: Connection, onLost: () => void): Promise<void> {
    if (!this.providers.getManifest(connection).isConfigured(connection.settings)) {
      line.problem = 'The settings do not contain the address of the PBX.';
      this.watch.recordLine(connection, undefined);
      return;
    }
    const inbox = new CallInbox(
      (updates) => this.keep(line, line.connection ?? connection, updates),
      onLost,
      this.turns,
      (update) => this.history.leaveOut(line.connectionId, update),
    );
    line.inbox = inbox;
    const listener = await this.createListener(line, inbox);
    line.listener = await this.providers.call(connection, 'listen', (provider, context) => provider.listen(context, listener), {
      lasting: true,
    });
  }

  /** Records a line that has been lost for longer than a PBX takes to restart. */
  noteLost({ lostAt, connection, problem }: Line): void {
    if (lostAt !== undefined && connection && performance.now() - lostAt >= LOST_MS) this.watch.recordLine(connection, problem ?? '');
  }

  /** Stores updates in order while this process holds the lease. Throws ListenerLost otherwise. */
  private keep(line: Line, connection: Connection, updates: CallUpdate[]): Promise<number> {
    return this.database.transaction(async (tx) => {
      await this.leases.assertHeld(tx, line);
      return this.history.keep(tx, connection, updates);
    });
  }

  private async createListener(line: Line, inbox: CallInbox): Promise<CallListener & { identify: Identify }> {
    const lastSeen = await this.leases.findLastSeen(line.connectionId);
    const identify: Identify = async (phone, question) => line.connection && this.managers.identify(line.connection, phone, question);
    return {
      open: await this.history.readOpen(line.connectionId),
      ...(lastSeen && { lastSeen }),
      now: () => this.clock.now(),
      emit: (update) => this.take(line, inbox, update),
      reportDropped: (calls) => inbox.countLost(calls),
      route: async (phone) => (await identify(phone))?.code,
      identify,
      reportLine: (state) => this.noteState(line, state),
    };
  }

  /** The provider must not receive an error, so an invalid report is logged and dropped. */
  private take({ connection }: Line, inbox: CallInbox, update: CallUpdate): void {
    try {
      inbox.take(connection ? this.providers.checkReport(connection, 'track', update) : update);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      inbox.countLost(1);
    }
  }

  private noteState(line: Line, state: LineState): void {
    const before = line.problem;
    line.connected = state.connected;
    line.problem = state.connected ? null : state.message.slice(0, 500);
    const isAway = !state.connected && state.kind !== 'auth';
    line.lostAt = isAway ? (line.lostAt ?? performance.now()) : undefined;
    if (line.connection && !isAway) this.watch.recordLine(line.connection, undefined);
    if (line.connection && state.connected) this.watch.recordSuccess(line.connection, 'line', true);
    else if (line.connection && !isAway) this.watch.recordRejection(line.connection, 'line', line.problem ?? '');
    if (state.connected) {
      this.logger.log(`listening to the PBX of connection ${line.connectionId}`);
      this.statuses
        .resume(line.connectionId)
        .catch((error: unknown) => this.logger.warn(`statuses wait for the sweeper: ${errorText(error)}`));
    } else if (line.problem !== before) {
      // Logged once, not at every try.
      this.logger.warn(`not listening to the PBX of connection ${line.connectionId}: ${state.message}`);
    }
  }
}
