import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Database, errorText } from '#platform';
import { StoryReaders } from '../story-reader.js';

/** Interval in milliseconds between two checks of all followed connections. */
const LOOK_MS = 3_000;

/** SQL: a mark that changes with a connection's state and with the setup at its services. */
const MARKS = `SELECT c.id AS "connectionId", concat_ws(' ', c.version, c.health, c.health_since, c.problems, c.registration_error, c.registered_at,
    (SELECT max(updated_at) FROM provider_setup s WHERE s.connection_id = c.id)) AS mark
  FROM connection c WHERE c.id = ANY ($1::uuid[])`;

/** Called when a connection's overview may have changed. */
type Listener = () => void;

/** Watches connections whose pages are open: one check for all, and none if no page is open. */
@Injectable()
export class AccountWatch implements OnModuleDestroy {
  private readonly logger = new Logger(AccountWatch.name);
  /** By connection, with the last mark reported to each listener. */
  private readonly listeners = new Map<string, Map<Listener, string | undefined>>();
  private timer: NodeJS.Timeout | undefined;
  private isLooking = false;

  constructor(
    private readonly database: Database,
    private readonly storyReaders: StoryReaders,
  ) {}

  onModuleDestroy(): void {
    this.timer = void clearInterval(this.timer);
    this.listeners.clear();
  }

  /** Follows a connection until the returned function is called. Calls `listener` now and on changes. */
  follow(connectionId: string, listener: Listener): () => void {
    const own = this.listeners.get(connectionId) ?? new Map<Listener, string | undefined>();
    this.listeners.set(connectionId, own.set(listener, undefined));
    this.timer ??= setInterval(() => void this.look(), LOOK_MS).unref();
    void this.look();
    return () => {
      own.delete(listener);
      if (own.size > 0) return;
      this.listeners.delete(connectionId);
      if (this.listeners.size === 0) this.timer = void clearInterval(this.timer);
    };
  }

  /** Checks all followed connections. Does nothing while the previous check is running. */
  async look(): Promise<void> {
    const ids = [...this.listeners.keys()];
    if (this.isLooking || ids.length === 0) return;
    this.isLooking = true;
    try {
      const lists = [
        this.database.query<{ connectionId: string; mark: string }>(MARKS, [ids]),
        ...this.storyReaders.all.flatMap((reader) => reader.markRecent?.(ids) ?? []),
      ];
      const found = new Map<string, string>();
      for (const { connectionId, mark } of (await Promise.all(lists)).flat())
        found.set(connectionId, `${found.get(connectionId) ?? ''}\n${mark}`);
      for (const id of ids) this.compare(id, found.get(id) ?? '');
    } catch (error) {
      this.logger.warn(`pages cannot be told what changed: ${errorText(error)}`);
    } finally {
      this.isLooking = false;
    }
  }

  private compare(id: string, mark: string): void {
    for (const [listener, before] of this.listeners.get(id) ?? []) {
      if (before === mark) continue;
      this.listeners.get(id)?.set(listener, mark);
      listener();
    }
  }
}
