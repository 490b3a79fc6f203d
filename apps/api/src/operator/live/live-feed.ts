import { setTimeout as sleep } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { type FailureSource, FailuresService, type Overview, OverviewService } from '#insight';
import { type HealthEvent, OperatorWebhook } from '#onboarding';
import {
  Database,
  errorText,
  type EventStream,
  EventStreams,
  getOperatorScope,
  type OperatorScope,
  runOutsideScope,
  TaskEntity,
} from '#platform';
import { toTaskView, type TaskView } from '../tasks.controller.js';

/** Milliseconds between two checks of the database, one in this process for all listeners. */
const LOOK_MS = 1_000;
/** Number of checks between two counts: of failures, and of the overview. */
const COUNT_EVERY = 5;
/** Milliseconds between two checks whether listeners may still listen. */
const ALLOWED_MS = 15_000;
/** Maximum number of pages that one operator may have open per process. */
const MOST_PAGES = 20;
/** Maximum number of changes in one event. With more, the page loads the list again. */
const MOST_CHANGES = 100;

/** The data of events, by their name. */
export interface LiveEvents {
  /** The state of the deployment, after each change. The first event of all. */
  overview: Overview;
  /** Connections whose health changed, the oldest change first. `more`: there were others. */
  health: { changes: HealthEvent[]; more: boolean };
  /** Tasks that started, made progress or ended. */
  tasks: { items: TaskView[] };
  /** Number of failures of each kind, at most 10,000. */
  failures: Record<FailureSource, number>;
}

interface Listener {
  /** The modules of a limited operator, who gets only their figures. */
  readonly scope: OperatorScope | undefined;
  readonly stream: EventStream;
  /** Whether the operator may still listen. */
  readonly mayListen: () => Promise<boolean>;
}

/** The counts last sent to listeners with the same modules, as text. */
interface Counts {
  readonly overview: string;
  readonly failures: string;
}

/** Where the last check ended. */
interface Place {
  /** Id of the last change of health. */
  health: string;
  /** Time of the last change of a task, as text, because a Date would lose the microseconds. */
  task: string;
}

/** Sends changes to listeners. Without listeners, nothing is checked. */
@Injectable()
export class LiveFeed implements BeforeApplicationShutdown {
  private readonly logger = new Logger(LiveFeed.name);
  private readonly listeners = new Set<Listener>();
  private readonly stopping = new AbortController();
  private looking: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    private readonly overview: OverviewService,
    private readonly failures: FailuresService,
    private readonly webhook: OperatorWebhook,
    private readonly streams: EventStreams,
  ) {}

  /**
   * Opens a stream of events for an operator as the reply, which ends when the operator may no longer listen.
   * Throws CallbackError 429 if there are too many listeners.
   */
  listen(reply: FastifyReply, operator: string, mayListen: () => Promise<boolean>): Readable {
    const onClose = (): boolean => this.listeners.delete(listener);
    const scope = getOperatorScope();
    const listener: Listener = {
      scope,
      stream: this.streams.open(reply, { of: `operator ${operator}`, most: MOST_PAGES, onClose }),
      mayListen,
    };
    this.listeners.add(listener);
    // All listeners share the check, so it has no scope.
    runOutsideScope(() => this.start(listener));
    return listener.stream.body;
  }

  private start(listener: Listener): void {
    void this.greet(listener);
    this.looking ??= this.look().finally(() => (this.looking = undefined));
  }

  /** Ends the streams here, because Nest would wait for them. */
  beforeApplicationShutdown(): void {
    this.stopping.abort();
  }

  private async greet(listener: Listener): Promise<void> {
    try {
      send([listener], 'overview', await this.overview.read(listener.scope?.modules));
    } catch (error) {
      this.logger.warn(`the overview cannot be told: ${errorText(error)}`);
    }
  }

  /** Checks for changes until there are no listeners. */
  private async look(): Promise<void> {
    const { signal } = this.stopping;
    let place: Place | undefined;
    let told = new Map<string, Counts>();
    let askedAt = performance.now();
    for (let turn = 0; this.listeners.size > 0 && !signal.aborted; turn++) {
      try {
        place = place ? await this.tellChanges(place) : await this.readPlace();
        if (turn % COUNT_EVERY === 0) told = await this.tellCounts(told);
      } catch (error) {
        this.logger.warn(`what changes cannot be told: ${errorText(error)}`);
      }
      if (performance.now() - askedAt >= ALLOWED_MS) {
        askedAt = performance.now();
        await this.endRefused();
      }
      await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Ends the streams of operators who may no longer listen. */
  private async endRefused(): Promise<void> {
    for (const { stream, mayListen } of this.listeners) {
      // While the database is unavailable, no stream is closed.
      if (!(await mayListen().catch(() => true))) stream.close();
    }
  }

  private async readPlace(): Promise<Place> {
    const [place] = await this.database.query<Place>(
      `SELECT coalesce((SELECT max(id) FROM health_change), 0)::text AS health, coalesce((SELECT max(updated_at) FROM task), '-infinity')::text AS task`,
    );
    return place ?? { health: '0', task: '-infinity' };
  }

  private async tellChanges(before: Place): Promise<Place> {
    const now = await this.readPlace();
    if (now.health !== before.health) {
      const changes = await this.webhook.listChanges(before.health, now.health, MOST_CHANGES + 1);
      send(this.listeners, 'health', { changes: changes.slice(0, MOST_CHANGES), more: changes.length > MOST_CHANGES });
    }
    if (now.task !== before.task) {
      const changed = await this.database.dataSource
        .getRepository(TaskEntity)
        .createQueryBuilder('t')
        .where('t.updatedAt > :after::timestamptz AND t.updatedAt <= :upTo::timestamptz', { after: before.task, upTo: now.task })
        .orderBy('t.updatedAt')
        .take(MOST_CHANGES)
        .getMany();
      send(this.listeners, 'tasks', { items: changed.map(toTaskView) });
    }
    return now;
  }

  /** Sends changed counts to listeners, once for each set of modules. */
  private async tellCounts(told: ReadonlyMap<string, Counts>): Promise<Map<string, Counts>> {
    const now = new Map<string, Counts>();
    const all = [...this.listeners];
    for (const [key, modules] of new Map(all.map(({ scope }) => [keyOf(scope), scope?.modules]))) {
      const listeners = all.filter(({ scope }) => keyOf(scope) === key);
      const before = told.get(key);
      const overview = await this.overview.read(modules);
      const { readAt: _, ...figures } = overview;
      const failures = await this.failures.count(modules);
      const counts = { overview: JSON.stringify(figures), failures: JSON.stringify(failures) };
      if (before && before.overview !== counts.overview) send(listeners, 'overview', overview);
      if (before && before.failures !== counts.failures) send(listeners, 'failures', failures);
      now.set(key, counts);
    }
    return now;
  }
}

function keyOf(scope: OperatorScope | undefined): string {
  return scope?.modules.join('+') ?? '';
}

function send<Name extends keyof LiveEvents>(listeners: Iterable<Listener>, name: Name, data: LiveEvents[Name]): void {
  for (const { stream, scope } of listeners) {
    const shown = scope ? limitEvent(name, data, scope) : data;
    if (shown !== undefined) stream.send(name, shown);
  }
}

/** Returns the part of an event for an operator who is limited to modules. Undefined if it has no part. */
function limitEvent<Name extends keyof LiveEvents>(
  name: Name,
  data: LiveEvents[Name],
  { modules, operator }: OperatorScope,
): object | undefined {
  if (name === 'health') {
    const { changes, more } = data as LiveEvents['health'];
    const seen = changes.filter(({ module }) => modules.includes(module));
    return seen.length > 0 || more ? { changes: seen, more } : undefined;
  }
  // Counts were read for the modules of their listeners.
  if (name !== 'tasks') return data;
  const items = (data as LiveEvents['tasks']).items.filter(({ startedBy }) => startedBy === operator);
  return items.length > 0 ? { items } : undefined;
}
