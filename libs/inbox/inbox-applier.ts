import { Injectable, Logger } from '@nestjs/common';
import { bindToRequest, type Connection, ConnectionStore, findView } from '#connections';
import {
  Database,
  defineJob,
  errorText,
  groupError,
  HandleJob,
  JobQueue,
  stringifyClean,
  toLogLine,
  toRows,
  type Transaction,
} from '#platform';
import type { InboxEventEntity } from './inbox-event.entity.js';
import { AGAIN, DUE, NEXT } from './inbox-statements.js';
import { judgeTry } from './tries.js';

/** Applies one connection's pending events. */
export const applyInbox = defineJob<{ connectionId: string }>('inbox', 'inbox.apply');
/** Wakes connections whose events wait. */
export const sweepInbox = defineJob<Record<string, never>>('housekeeping', 'inbox.sweep');

/** Has an event applied again after some seconds. Until then later events of its subject pass it. */
export interface Again {
  afterS: number;
  payload: object;
}

/**
 * Applies one event in the transaction that marks it as applied. If it throws, the event is tried again.
 * UnreadableEventError makes it fail immediately.
 */
export type InboxHandler<Payload> = (tx: Transaction, connection: Connection, payload: Payload) => Promise<Again | void>;

type NextEvent = Pick<InboxEventEntity, 'id' | 'kind' | 'payload' | 'attempts' | 'request'>;

/** Applies stored events, each once. */
@Injectable()
export class InboxApplier {
  private readonly logger = new Logger(InboxApplier.name);
  private readonly appliers = new Map<string, { apply: InboxHandler<object>; integration: string | undefined }>();

  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionStore,
    private readonly queue: JobQueue,
  ) {}

  /**
   * Registers the handler of a kind of events. It gets the connection through the provider of an integration.
   */
  handle<Payload extends object>(kind: string, handler: InboxHandler<Payload>, integration?: string): void {
    this.appliers.set(kind, { apply: handler as InboxHandler<object>, integration });
  }

  /** Makes a worker apply a connection's events. */
  wake(connectionId: string, request?: string): void {
    this.queue.wake(applyInbox, { connectionId, request }, { deduplicationId: connectionId });
  }

  @HandleJob(sweepInbox, { everyMs: 5_000 })
  async sweep(): Promise<void> {
    const rows = await this.database.run<{ connectionId: string }>(DUE, []);
    this.queue.wakeAll(
      applyInbox,
      rows.map(({ connectionId }) => ({ data: { connectionId }, options: { deduplicationId: connectionId } })),
    );
  }

  @HandleJob(applyInbox)
  async applyAll({ connectionId }: { connectionId: string }): Promise<void> {
    const connection = await this.connections.findById(connectionId);
    if (!connection) return;
    while (await this.applyNext(connection));
  }

  private async applyNext(connection: Connection): Promise<boolean> {
    let current: NextEvent | undefined;
    try {
      await this.database.transaction(async (tx) => {
        [current] = toRows<NextEvent>(await tx.query(NEXT, [connection.id]));
        if (!current) return;
        tx.request = current.request ?? undefined;
        const again = await this.apply(tx, connection, current);
        if (again) await tx.query(AGAIN, [current.id, stringifyClean(again.payload), again.afterS]);
        else await tx.query(`UPDATE inbox_event SET state = 'applied', last_error = NULL WHERE id = $1`, [current.id]);
      });
    } catch (error) {
      if (!current) throw error;
      await this.postpone(current, error);
      return true;
    }
    return current !== undefined;
  }

  /** Applies an event through its provider, in the name of the transaction's request. */
  apply(tx: Transaction, connection: Connection, { kind, payload }: Pick<NextEvent, 'kind' | 'payload'>): Promise<Again | void> {
    const applier = this.appliers.get(kind);
    if (!applier) throw new Error(`there is no handler for inbox events of kind ${kind}`);
    const { apply, integration } = applier;
    const view = integration === undefined ? connection : findView(connection, integration);
    if (!view) throw new Error(`module ${connection.module.code} has no provider of ${integration}`);
    return apply(tx, bindToRequest(view, tx.request), payload);
  }

  private async postpone(event: NextEvent, error: unknown): Promise<void> {
    const message = errorText(error);
    this.logger.warn(toLogLine(`inbox event ${event.id} (${event.kind}) cannot be applied: ${message}`, event.request));
    const { state, pauseS } = judgeTry(event.attempts, error);
    // Another worker may have tried it in the meantime. Worded so that only the index of ids applies.
    await this.database.query(
      `UPDATE inbox_event SET attempts = attempts + 1, last_error = $2, state = $3, due_at = now() + make_interval(secs => $4),
         error_group = $6, failed_at = CASE WHEN $3 = 'failed' THEN now() END
       WHERE id = $1 AND state NOT IN ('applied', 'failed', 'discarded') AND attempts = $5`,
      [event.id, message, state, pauseS, event.attempts, groupError(message)],
    );
  }
}
