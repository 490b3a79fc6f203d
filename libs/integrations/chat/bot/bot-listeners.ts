import { setTimeout as sleep } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { type Connection, ConnectionStore, HealthStore, HostedModules, nameConnection, toProblemKey } from '#connections';
import { InboxService } from '#inbox';
import { InjectProviders, type Lease, type LineReport, type Providers } from '#integration-kit';
import { Clock, Database, defineJob, Environment, errorText, HandleJob, Metrics, sha256Hex, textFor } from '#platform';
import { RegistrationService } from '#onboarding';
import { ProviderError } from '#provider-kit';
import { texts } from '../chat.texts.js';
import { GatewayClients } from '../gateway/gateway-clients.js';
import type { ChatProvider } from '../port/index.js';
import type { BotAccess, BotClient } from './bot-client.js';
import { type BotMessage, COMMANDS, readMessage, toDraft, toEvent, toLoose } from './bot-message.js';
import { openSocket } from './bot-socket.js';
import { BotLeases, BotStore } from './bot-store.js';

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
interface Held extends Lease {
  problem: string | null;
  /** The version that it works with. A change of it may be another address, token or name. */
  version: number | undefined;
  /** Connection and access of its open socket. */
  open: { connection: Connection; access: BotAccess } | undefined;
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
    private readonly registration: RegistrationService,
    private readonly health: HealthStore,
    private readonly database: Database,
    private readonly gateways: GatewayClients,
    private readonly inbox: InboxService,
    private readonly environment: Environment,
    private readonly clock: Clock,
    metrics: Metrics,
  ) {
    const watch = (name: string, help: string, read: () => number): void =>
      metrics.watch({ name: `crossdock_chat_bot_${name}`, help, labels: [] }, () => [[[], read()]]);
    watch('sockets', 'Open sockets of bots in this process', () => [...this.held.values()].filter(({ open }) => open).length);
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
    const reports = all.map((one): LineReport => ({ ...one, connected: one.open !== undefined }));
    const versions = all.length > 0 ? await this.leases.renew(reports) : new Map<string, number | null>();
    for (const held of all) {
      const version = versions.get(held.connectionId);
      if (version === undefined) this.drop(held);
      else if (version === null)
        void this.letGo(held).catch((error: unknown) => this.logger.warn(`a bot was not handed over: ${errorText(error)}`));
      else if (held.version !== undefined && version !== held.version) {
        held.version = version;
        // A problem may be solved by it, so the pause ends as well.
        if (!held.open || (await this.isReplaced(held.open).catch(() => true))) held.turn.abort();
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
      ...{ ...lease, problem: null, version: undefined, open: undefined, reached: undefined },
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
    if (connection) await this.noteAccepted(connection);
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
        if (error instanceof ProviderError && error.kind === 'auth')
          await this.noteRejection(held).catch((failure: unknown) =>
            this.logger.warn(`a rejected token is noted later: ${errorText(failure)}`),
          );
      }
      held.open = undefined;
      // A change, or the end.
      if (held.turn.signal.aborted) continue;
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
    held.version = connection.version;
    const { client, access } = await this.gateways.openBot(connection.id, connection);
    const bot = await this.setUp(held, connection, client, signal);
    const socket = await openSocket(access, (event) => this.takeEvent(connection, bot, event), signal);
    this.opened++;
    [held.open, held.problem] = [{ connection, access }, null];
    await this.leases.keep(held, { openedAt: this.clock.now() });
    this.logger.log(`the bot of connection ${connection.id} is connected`);
    const closing = new AbortController();
    void socket.closed.then(() => closing.abort());
    const ended = AbortSignal.any([signal, closing.signal]);
    try {
      await this.noteAccepted(connection);
      while (!ended.aborted) {
        await this.catchUp(held, connection, client, bot, signal);
        await sleep(READ_EVERY_MS, undefined, { signal: ended, ref: false }).catch(() => undefined);
      }
      return await socket.closed;
    } finally {
      socket.close();
    }
  }

  /** Whether the socket has to be opened again after a change. */
  private async isReplaced({ connection: before, access }: NonNullable<Held['open']>): Promise<boolean> {
    const now = await this.connections.findById(before.id, 'chat');
    if (!now || now.settings !== before.settings || now.name !== before.name) return true;
    const { access: other } = await this.gateways.openBot(before.id);
    return access.endpointUrl !== other.endpointUrl || access.token !== other.token;
  }

  /** Sets name, picture, roles and commands, if the gateway has others. Returns the bot's id. */
  private async setUp(held: Held, connection: Connection, client: BotClient, stop: AbortSignal): Promise<number> {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(CALL_MS)]);
    const stored = await this.store.find(connection.id);
    const { name, roles = [] } = this.providers.getManifest(connection).describeBot?.(connection.settings) ?? {};
    const info = {
      name: (name ?? nameConnection(connection)).slice(0, 255),
      avatar_url: `${this.environment.publicUrl}/${connection.module.code}/logo.svg`,
      roles,
    };
    const commands = COMMANDS.map(
      (command) => [command, textFor(texts.bot.commands[command], connection.account.language).slice(0, 64)] as const,
    );
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
    // The gateway's `since` is about the last change of a message, whose own time is in whole seconds.
    const since = position === undefined ? (stored?.wantedAt ?? this.clock.now()) : undefined;
    const before = held.reached;
    for (let from = position, isFull = true; isFull;) {
      const signal = AbortSignal.any([stop, AbortSignal.timeout(CALL_MS)]);
      const { messages, isFull: isMore } = await client.listMessages({ since, sinceId: from }, signal);
      const after = from ?? 0;
      const fresh = messages.filter(({ id, at }) => id > after && (!since || !at || at.getTime() + 1_000 > since.getTime()));
      await this.keep(connection, bot, fresh);
      position = fresh.at(-1)?.id ?? position;
      from = messages.at(-1)?.id ?? from;
      isFull = isMore && (from ?? 0) > after;
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

  /** Notes that the gateway rejected the token. A new one is requested at most once in some hours. */
  private async noteRejection({ connectionId: id }: Held): Promise<void> {
    const connection = await this.connections.findById(id, 'chat');
    if (!connection) return;
    await this.health.begin(id, toProblem(connection), texts.bot.rejected.en);
    await this.database.transaction(async (tx) => {
      if (!(await this.store.askForToken(tx, id))) return;
      this.logger.warn(`the message gateway rejects the bot's token of connection ${id}, a new one is requested`);
      await this.registration.schedule(tx, id);
    });
  }

  /** Notes that the token is accepted, or that the bot is off. */
  private async noteAccepted(connection: Connection): Promise<void> {
    await this.health.end(connection.id, [toProblemKey(toProblem(connection))]);
  }
}

function toProblem({ module }: Connection): Parameters<HealthStore['begin']>[1] {
  return { kind: 'service-away', provider: module.manifest.code, part: 'bot' };
}
