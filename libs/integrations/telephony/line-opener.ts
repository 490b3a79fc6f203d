import { Injectable, Logger } from '@nestjs/common';
import { bulkhead } from 'cockatiel';
import type { Connection } from '#connections';
import { InjectProviders, type Providers } from '#integration-kit';
import { CredentialsWatch } from '#onboarding';
import { Clock, errorText } from '#platform';
import { CallInbox, Turns } from './call-inbox.js';
import { CallJournal } from './call-journal.js';
import { CallerManagers } from './caller-managers.js';
import { ListenerLeases, type LineReport } from './listener-leases.js';
import type { CallListener, Closeable, LineState, TelephonyProvider } from './port/index.js';
import { UserStatusesService } from './user-statuses.service.js';

/** Callers of one connection whose managers are asked for; for more of them the dial plan decides. */
const ROUTES = { atOnce: 4, waiting: 16 };
/** Connections whose calls are stored at once; other work needs database connections too. */
const STORING = 2;

/** The line to a connection's PBX, as this process has it. */
export interface Line extends LineReport {
  connected: boolean;
  problem: string | null;
  connection: Connection | undefined;
  inbox: CallInbox | undefined;
  /** The provider's listener. */
  listener: Closeable | undefined;
}

/** Opens a PBX line: calls go to the journal, the line's state to the statuses and the credentials watch. */
@Injectable()
export class LineOpener {
  private readonly logger = new Logger(LineOpener.name);
  private readonly turns = new Turns(STORING);

  constructor(
    @InjectProviders('telephony') private readonly providers: Providers<TelephonyProvider>,
    private readonly journal: CallJournal,
    private readonly leases: ListenerLeases,
    private readonly managers: CallerManagers,
    private readonly statuses: UserStatusesService,
    private readonly credentials: CredentialsWatch,
    private readonly clock: Clock,
  ) {}

  /** Starts listening; `onLost` runs once when another process takes the PBX over. Throws ProviderError. */
  async open(line: Line, connection: Connection, onLost: () => void): Promise<void> {
    if (!this.providers.getManifest(connection).isConfigured(connection.settings)) {
      line.problem = 'The settings do not say where the PBX is.';
      return;
    }
    const inbox = new CallInbox(
      (news) => this.journal.keep(line.connection ?? connection, line, news),
      onLost,
      this.turns,
      (news) => this.journal.leaveOut(line.connectionId, news),
    );
    line.inbox = inbox;
    const listener = await this.createListener(line, inbox);
    line.listener = await this.providers.call(connection, 'listen', (provider, context) => provider.listen(context, listener), {
      lasting: true,
    });
  }

  private async createListener(line: Line, inbox: CallInbox): Promise<CallListener> {
    const lastSeen = await this.leases.findLastSeen(line.connectionId);
    const routes = bulkhead(ROUTES.atOnce, ROUTES.waiting);
    return {
      open: await this.journal.readOpen(line.connectionId),
      ...(lastSeen && { lastSeen }),
      now: () => this.clock.now(),
      emit: (news) => inbox.take(news),
      reportDropped: (calls) => inbox.countLost(calls),
      route: (phone) => routes.execute(() => line.connection && this.managers.findExtension(line.connection, phone)).catch(() => undefined),
      reportLine: (state) => this.noteState(line, state),
    };
  }

  private noteState(line: Line, state: LineState): void {
    const before = line.problem;
    line.connected = state.connected;
    line.problem = state.connected ? null : state.message.slice(0, 500);
    if (line.connection && state.connected) this.credentials.recordSuccess(line.connection, 'line');
    else if (line.connection && !state.connected && state.kind === 'auth') this.credentials.recordRefusal(line.connection, 'line');
    if (state.connected) {
      this.logger.log(`the PBX of connection ${line.connectionId} is listened to`);
      this.statuses
        .resume(line.connectionId)
        .catch((error: unknown) => this.logger.warn(`statuses wait for the sweeper: ${errorText(error)}`));
    } else if (line.problem !== before) {
      // Once, and not at every try.
      this.logger.warn(`the PBX of connection ${line.connectionId} is not listened to: ${state.message}`);
    }
  }
}
