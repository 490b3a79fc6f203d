import { setTimeout as sleep } from 'node:timers/promises';
import { makeError, ProviderError, sayAway } from '#provider-kit';
import type { CallListener, CallUpdate, Closeable } from '#telephony/port';
import { type AmiAddress, AmiSession } from './ami.client.js';
import type { AmiMessage } from './ami.message.js';
import { AsteriskNumbers } from './asterisk.numbers.js';
import type { AsteriskSettings } from './asterisk.settings.js';
import { SETTLE_MS } from './call-registry.js';
import { type TrackedUpdate, type Unheard, applyLength } from './call-state.js';
import { CallTracker } from './call-tracker.js';
import { readChannels } from './channel-list.js';
import type { Recordings } from './recordings.js';

/** Pauses before another attempt, milliseconds. A rejected login is not worth frequent attempts. */
const PAUSE_MS = { unavailable: { first: 500, most: 30_000 }, auth: { first: 10_000, most: 300_000 } };
const PING_MS = 15_000;
/** A call whose end was missed waits this long for the length of its recording. */
const LENGTH_MS = 5_000;
/**
 * Milliseconds between queries of the PBX for the calls that still exist, when too many calls are followed.
 */
const RELIST_MS = 60_000;
/** Name of the dial plan's question for the manager of a caller (README). */
const ROUTE = 'CrossdockRoute';
/** Channel variable for the manager: an extension, or `none`. */
export const MANAGER_VARIABLE = 'CROSSDOCK_MANAGER';

/** The one event connection to a PBX: kept up, with its calls followed, until it is closed. */
export class AsteriskListener implements Closeable {
  private readonly tracker: CallTracker;
  private readonly stop = new AbortController();
  private readonly running: Promise<void>;
  /** Time until which all events were received. */
  private lastSeen: Date;
  private caughtUp = false;
  /** On the clock of `performance.now()`. */
  private listedAt = 0;
  /** Ends the wait for late events of a burst when no further event comes. */
  private settling: NodeJS.Timeout | undefined;

  constructor(
    settings: AsteriskSettings,
    private readonly address: AmiAddress,
    private readonly listener: CallListener,
    private readonly recordings: Recordings,
  ) {
    this.tracker = new CallTracker(new AsteriskNumbers(settings));
    this.tracker.restore(listener.open);
    this.lastSeen = listener.lastSeen ?? listener.now();
    this.running = this.run();
  }

  async close(): Promise<void> {
    this.stop.abort();
    clearTimeout(this.settling);
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stop;
    for (let failures = 0; !signal.aborted;) {
      const reason = await this.listen(() => (failures = 0));
      if (signal.aborted) return;
      this.listener.reportLine({ connected: false, kind: reason.kind, message: reason.message });
      const scale = PAUSE_MS[reason.kind === 'auth' ? 'auth' : 'unavailable'];
      const pause = Math.min(scale.first * 2 ** Math.min(failures++, 20), scale.most);
      // Many listeners of one PBX's network must not come back at one moment.
      await sleep(pause * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined);
    }
  }

  /** One session, from login to its end. Returns why it ended. */
  private async listen(up: () => void): Promise<ProviderError> {
    const { signal } = this.stop;
    let session: AmiSession;
    try {
      session = await AmiSession.open(this.address, { events: 'on', signal, onEvent: (event, from) => this.hear(event, from) });
    } catch (error) {
      return toProviderError(error);
    }
    const leave = (): void => void session.close();
    signal.addEventListener('abort', leave, { once: true });
    const ping = setInterval(() => {
      // A connection that no longer replies is broken.
      session.send({ Action: 'Ping' }).then(
        () => this.caughtUp && (this.lastSeen = this.listener.now()),
        () => void session.close(),
      );
    }, PING_MS);
    try {
      await this.catchUp(session);
      this.caughtUp = true;
      up();
      this.listener.reportLine({ connected: true });
      return await session.closed;
    } catch (error) {
      await session.close();
      return toProviderError(error);
    } finally {
      this.caughtUp = false;
      clearInterval(ping);
      signal.removeEventListener('abort', leave);
    }
  }

  /** Reconciles the tracked calls with the PBX's. */
  private async catchUp(session: AmiSession): Promise<void> {
    this.listedAt = performance.now();
    await session.list({ Action: 'CoreShowChannels' }, (channels) =>
      this.tell(this.tracker.reconcile(readChannels(channels), this.listener.now(), this.lastSeen)),
    );
  }

  private hear(event: AmiMessage, session: AmiSession): void {
    if (this.stop.signal.aborted) return;
    const now = this.listener.now();
    if (this.caughtUp) this.lastSeen = now;
    this.tell(this.tracker.apply(event, now));
    if (this.tracker.isFull && performance.now() - this.listedAt > RELIST_MS) this.catchUp(session).catch(() => void session.close());
    const name = event.get('Event');
    if (name === 'UserEvent' && event.get('UserEvent') === ROUTE) void this.route(event, session);
    else if (name === 'MixMonitorStart' && this.tracker.lacksRecord(event.get('Linkedid') ?? '')) void this.findRecord(event, session);
  }

  private tell(updates: readonly TrackedUpdate[]): void {
    const refused = this.tracker.takeRefused();
    if (refused > 0) this.listener.reportDropped(refused);
    for (const { unheard, ...one } of updates) {
      if (unheard) void this.measure(one, unheard);
      else this.listener.emit(one);
    }
    this.scheduleSettling();
  }

  /** The next listener finds waiting calls in the list of channels if this process ends. */
  private scheduleSettling(): void {
    const { dueAt } = this.tracker;
    clearTimeout(this.settling);
    if (dueAt === undefined || this.stop.signal.aborted) return;
    const settle = (): void => this.tell(this.tracker.settle(this.listener.now()));
    this.settling = setTimeout(settle, Math.min(Math.max(dueAt - this.listener.now().getTime(), 1), SETTLE_MS));
  }

  /**
   * Reads a talk's length from its recording if its end was missed. No later update of the call can follow.
   */
  private async measure(update: CallUpdate, unheard: Unheard): Promise<void> {
    const signal = AbortSignal.any([this.stop.signal, AbortSignal.timeout(LENGTH_MS)]);
    const seconds = await this.recordings.measure(update.call.record ?? '', signal).catch(() => undefined);
    // Without an update the call stays open: the next listener tries again.
    if (this.stop.signal.aborted) return;
    this.listener.emit(seconds === undefined ? update : applyLength(update, unheard, seconds));
  }

  /** The dial plan requests the caller's manager and waits for the channel variable. */
  private async route(event: AmiMessage, session: AmiSession): Promise<void> {
    const channel = event.get('Channel');
    const phone = event.get('Phone') ?? event.get('CallerIDNum');
    if (!channel) return;
    const code = phone === undefined ? undefined : await this.listener.route(phone);
    await this.ignoreFailure(session.send({ Action: 'Setvar', Channel: channel, Variable: MANAGER_VARIABLE, Value: code ?? 'none' }));
  }

  /** The event does not name the file: the channel does. */
  private async findRecord(event: AmiMessage, session: AmiSession): Promise<void> {
    const channel = event.get('Channel');
    const since = this.listener.now();
    if (!channel) return;
    const answer = await this.ignoreFailure(session.send({ Action: 'Getvar', Channel: channel, Variable: 'MIXMONITOR_FILENAME' }));
    if (!this.stop.signal.aborted) this.tell(this.tracker.setRecord(event, answer?.get('Value'), since));
  }

  /** The session or the channel may end before the reply. Neither should stop the work. */
  private async ignoreFailure(answer: Promise<AmiMessage>): Promise<AmiMessage | undefined> {
    return answer.catch(() => undefined);
  }
}

function toProviderError(error: unknown): ProviderError {
  return error instanceof ProviderError ? error : makeError('unavailable', sayAway('Asterisk'), { cause: error });
}
