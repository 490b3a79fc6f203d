import { setTimeout as sleep } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { type Connection, ConnectionStore, HostedModules, nameConnection } from '#connections';
import { InboxService } from '#inbox';
import { InjectProviders, type Lease, type LineReport, type Providers } from '#integration-kit';
import { Clock, defineJob, Environment, errorText, HandleJob, Metrics, sha256Hex, textFor } from '#platform';
import { ProviderError } from '#provider-kit';
import { texts } from '../chat.texts.js';
import { GatewayClients } from '../gateway/gateway-clients.js';
import type { ChatProvider } from '../port/index.js';
import type { BotClient } from './bot-client.js';
import { type BotMessage, COMMANDS, readMessage, toDraft, toEvent, toLoose } from './bot-message.js';
import { openSocket } from './bot-socket.js';
import { BotLeases, BotStore } from './bot-store.js';
import { BotTokens } from './bot-tokens.js';

/** Makes every worker look for free bots. */
const listen = defineJob<Record<string, never>>('housekeeping', 'chat.bot.listen');

const TICK_MS = 1_000;
/** Milliseconds between two readings of messages, which find messages that the socket has not sent. */
const READ_EVERY_MS = 60_000;
/** Milliseconds for setting a bot up, and for reading a page of messages. */
const CALL_MS = 60_000;
/** Pauses between two connections in milliseconds: doubled each time, and a part of it by chance. */
const PAUSE_MS = { first: 1_000, longest: 60_000 };

/** A bot whose lease this process holds. */
interface Held extends LineReport {
  connected: boolean;
  problem: string | null;
  /** The version that it works with. A change of it may be another address, token or name. */
  version: number | undefined;
  /** Messages up to this one were read. The stored position is the one of the reading before. */
  reached: number | undefined;
  /** Ends the present connection, or the pause before the next one. */
  turn: AbortController;
  /** Tries since messages were last read. */
  failures: number;
  isOver: boolean;
  done: Promise<void>;
}

/**
 * Keeps the socket of each bot in one worker, under a lease. Events are not repeated by the gateway, so
 * messages are read after each connection, and every minute. A stopping worker hands over its bots.
 */
@Injectable()
export class BotListeners implements BeforeApplicationShutdown {
  private readonly logger = new Logger(BotListeners.name);
  private readonly held = new Map<string, Held>();
  private timer: NodeJS.Timeout | undefined;
  private ticking: Promise<void> | undefined;
  private stopped = false;
  /** Opened sockets, and the age of the last event when it arrived, in seconds. */
  private opened = 0;
  private lagS = 0;

  constructor(
    private readonly connections: ConnectionStore,
    private readonly modules: HostedModules,
    @InjectProviders('chat') private readonly providers: Providers<ChatProvider>,
    private readonly leases: BotLeases,
    private readonly store: BotStore,
    private readonly tokens: BotTokens,
    private readonly gateways: GatewayClients,
    private readonly inbox: InboxService,
    private readonly environment: Environment,
    private readonly clock: Clock,
    metrics: Metrics,
  ) {
    const watch = (name: string, help: string, read: () => number): void =>
      metrics.watch({ name: `crossdock_chat_bot_${name}`, help, labels: [] }, () => [[[], read()]]);
    watch('sockets', 'Open sockets of bots in this process', () => [...this.held.values()].filter(({ connected }) => connected).length);
    watch('connections_total', 'Sockets of bots that this process has opened since its start', () => this.opened);
    watch('lag_seconds', 'Age of the last event of a bot when this process got it', () => this.lagS);
  }

  /** Starts looking for bots and listening to their events. */
  // Only workers run jobs, so only they listen. Then a timer keeps the pace even while the queue is busy.
  @HandleJob(listen, { everyMs: TICK_MS })
  begin(): Promise<void> {
    if (!this.timer && !this.stopped)
      this.timer = setInterval(() => {
        this.ticking ??= this.tick()
          .catch((error: unknown) => this.logger.warn(`bots: ${errorText(error)}`))
          .finally(() => (this.ticking = undefined));
      }, TICK_MS);
    return Promise.resolve();
  }

  /** Closes all sockets and hands over the bots. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.ticking;
    await Promise.allSettled([...this.held.values()].map((held) => this.letGo(held)));
  }

  private async tick(): Promise<void> {
    const all = [...this.held.values()];
    const versions = all.length > 0 ? await this.leases.renew(all) : new Map<string, number | null>();
    for (const held of all) {
      const version = versions.get(held.connectionId);
      if (version === undefined) this.drop(held);
      else if (version === null)
        void this.letGo(held).catch((error: unknown) => this.logger.warn(`a bot was not handed over: ${errorText(error)}`));
      else if (version !== held.version) {
        // A problem may be solved by it, so the pause ends as well.
        if (held.version !== undefined && !held.connected) held.turn.abort();
        held.version = version;
      }
    }
    if (this.stopped) return;
    const codes = this.modules
      .listByProvider('chat')
      .filter(({ manifest }) => this.providers.list().some((one) => one.manifest.code === manifest.code && one.manifest.describeBot))
      .map(({ code }) => code);
    if (codes.length === 0) return;
    for (const lease of await this.leases.take(codes)) this.hold(lease);
  }

  private hold(lease: Lease): void {
    const before = this.held.get(lease.connectionId);
    if (before) this.drop(before);
    const held: Held = {
      ...{ ...lease, connected: false, problem: null, version: undefined, reached: undefined },
      ...{ turn: new AbortController(), failures: 0, isOver: false, done: Promise.resolve() },
    };
    this.held.set(lease.connectionId, held);
    held.done = this.run(held);
  }

  /** Ends a bot that another process has taken. */
  private drop(held: Held): void {
    if (this.held.get(held.connectionId) === held) this.held.delete(held.connectionId);
    held.isOver = true;
    held.turn.abort();
  }

  /** Ends a bot, and releases it for another process. */
  private async letGo(held: Held): Promise<void> {
    this.drop(held);
    await held.done;
    await this.leases.release(held);
    const connection = this.stopped ? undefined : await this.connections.findById(held.connectionId, 'chat');
    if (connection) await this.tokens.noteAccepted(connection);
  }

  /** Connects again and again until the bot is dropped. Never throws. */
  private async run(held: Held): Promise<void> {
    while (!held.isOver) {
      held.turn = new AbortController();
      held.failures++;
      let reason: string;
      try {
        reason = await this.connect(held, held.turn.signal);
      } catch (error) {
        reason = errorText(error);
        if (error instanceof ProviderError && error.kind === 'auth') await this.noteRefusal(held);
      }
      held.connected = false;
      if (held.isOver) return;
      if (held.problem !== reason) this.logger.warn(`the bot of connection ${held.connectionId} is not connected: ${reason}`);
      held.problem = reason.slice(0, 500);
      const pause = Math.min(PAUSE_MS.first * 2 ** Math.min(held.failures, 10), PAUSE_MS.longest);
      // Aborted by a change of the connection, or by its end.
      await sleep(pause * (0.5 + Math.random() / 2), undefined, { signal: held.turn.signal, ref: false }).catch(() => undefined);
    }
  }

  /** Sets the bot up, and reads messages until the socket closes. Returns why. Throws ProviderError. */
  private async connect(held: Held, signal: AbortSignal): Promise<string> {
    const connection = await this.connections.findById(held.connectionId, 'chat');
    if (!connection) return 'the module is not hosted here';
    const { client, access } = await this.gateways.openBot(connection.id, connection);
    const bot = await this.setUp(held, connection, client, signal);
    const socket = await openSocket(access, (event) => this.takeEvent(connection, bot, event), signal);
    this.opened++;
    [held.connected, held.problem] = [true, null];
    this.logger.log(`the bot of connection ${connection.id} is connected`);
    let isClosed = false;
    void socket.closed.then(() => (isClosed = true));
    try {
      await this.tokens.noteAccepted(connection);
      for (let { version } = connection; !isClosed && !signal.aborted;) {
        await this.catchUp(held, connection, client, bot, signal);
        const woken = await Promise.race([socket.closed, this.waitForChange(held, version, signal)]);
        if (woken === 'changed' && (await this.isReplaced(connection, access))) return 'The address, the token or the bot has changed';
        version = held.version ?? version;
      }
      if (signal.aborted) socket.close();
      return await socket.closed;
    } finally {
      socket.close();
    }
  }

  /** Waits for the next reading, or for another version of the connection. */
  private async waitForChange(held: Held, version: number, signal: AbortSignal): Promise<'changed' | 'time'> {
    for (const until = performance.now() + READ_EVERY_MS; performance.now() < until && !signal.aborted;) {
      await sleep(TICK_MS, undefined, { signal, ref: false }).catch(() => undefined);
      if (held.version !== undefined && held.version !== version) return 'changed';
    }
    return 'time';
  }

  /** Whether the socket has to be opened again after a change. */
  private async isReplaced(before: Connection, { endpointUrl, token }: { endpointUrl: string; token: string }): Promise<boolean> {
    const now = await this.connections.findById(before.id, 'chat');
    if (!now || now.settings !== before.settings || now.name !== before.name) return true;
    const { access } = await this.gateways.openBot(before.id);
    return access.endpointUrl !== endpointUrl || access.token !== token;
  }

  /** Sets name, picture, roles and commands, if the gateway has others. Returns the bot's id. */
  private async setUp(held: Held, connection: Connection, client: BotClient, stop: AbortSignal): Promise<number> {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(CALL_MS)]);
    const stored = await this.store.find(connection.id);
    const { name, roles = [] } = this.providers.getManifest(connection).describeBot?.(connection.settings) ?? {};
    const { language } = connection.account;
    const { publicUrl } = this.environment;
    const info = {
      name: (name ?? nameConnection(connection)).slice(0, 255),
      avatar_url: `${publicUrl}/${connection.module.code}/logo.svg`,
      roles,
    };
    const commands = COMMANDS.map((command) => [command, textFor(texts.bot.commands[command], language).slice(0, 64)] as const);
    const setupHash = sha256Hex(JSON.stringify([info, commands]));
    held.reached ??= stored?.lastMessageId ? Number(stored.lastMessageId) : undefined;
    if (stored?.botId && stored.setupHash === setupHash) return Number(stored.botId);
    const botId = await client.findSelf(signal);
    await client.setInfo(info, signal);
    const known = await client.listCommands(signal);
    for (const [command, description] of commands) await client.putCommand(command, description, signal);
    // No other module shares the bot, so every other command is a former one.
    for (const command of known) if (!commands.some(([wanted]) => wanted === command)) await client.deleteCommand(command, signal);
    await this.leases.keep(held, { botId, setupHash });
    return botId;
  }

  /**
   * Reads the messages since the stored position. Live events may overtake each other, so the position
   * follows one reading behind. A known message is skipped by the inbox.
   */
  private async catchUp(held: Held, connection: Connection, client: BotClient, bot: number, stop: AbortSignal): Promise<void> {
    const stored = await this.store.find(connection.id);
    let position = stored?.lastMessageId ? Number(stored.lastMessageId) : undefined;
    const before = held.reached;
    for (let isFull = true; isFull;) {
      const signal = AbortSignal.any([stop, AbortSignal.timeout(CALL_MS)]);
      const filter = position === undefined ? { since: stored?.wantedAt ?? this.clock.now() } : { sinceId: position };
      const page = await client.listMessages(filter, signal);
      const fresh = page.messages.filter(({ id }) => position === undefined || id > position);
      await this.keep(connection, bot, fresh);
      position = fresh.at(-1)?.id ?? position;
      isFull = page.isFull && fresh.length > 0;
    }
    if (before !== undefined) await this.leases.keep(held, { lastMessageId: before });
    held.reached = position;
    held.failures = 0;
  }

  /** Takes a live event. A lost one is found by the next reading. Must not throw. */
  private takeEvent(connection: Connection, bot: number, event: unknown): void {
    const { type, data } = toLoose(event);
    const message = readMessage(toLoose(data)['message']);
    if (!message || (type !== 'message_new' && type !== 'message_updated')) return;
    if (message.at) this.lagS = Math.max(0, (this.clock.now().getTime() - message.at.getTime()) / 1_000);
    // An edited question does not count as a new question.
    const kept = type === 'message_new' ? this.keep(connection, bot, [message]) : this.noteOutcome(connection, bot, message);
    kept.catch((error: unknown) =>
      this.logger.warn(`an event of the bot of connection ${connection.id} is read later: ${errorText(error)}`),
    );
  }

  private async keep(connection: Connection, bot: number, messages: readonly BotMessage[]): Promise<void> {
    const events = messages.flatMap((message) => toEvent(message, this.clock.now()) ?? []);
    if (events.length > 0) await this.inbox.keep(connection, events.map(toDraft));
    for (const message of messages) await this.noteOutcome(connection, bot, message);
  }

  /** Notes that the messenger could not deliver an answer. */
  private async noteOutcome({ id }: Connection, bot: number, message: BotMessage): Promise<void> {
    const { from, status, error } = message;
    if (from.type === 'bot' && from.id === bot && status === 'failed') await this.store.markUndelivered(id, message.id, error ?? 'general');
  }

  private async noteRefusal({ connectionId }: Held): Promise<void> {
    try {
      const connection = await this.connections.findById(connectionId, 'chat');
      if (connection) await this.tokens.noteRefusal(connection);
    } catch (error) {
      this.logger.warn(`the refused token of connection ${connectionId} is noted at the next try: ${errorText(error)}`);
    }
  }
}
