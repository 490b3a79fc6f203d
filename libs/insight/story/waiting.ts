import type { ConnectionEntity } from '#connections';
import type { OutboxEntity, OutboxLaneEntity } from '#outbox';
import { endSentence, formatTime } from './story.js';

/** Milliseconds after which a message should have been sent. */
const SOON_MS = 60_000;

/** The facts that explain why a connection's messages wait. */
export interface WaitingFor {
  readonly connection: Pick<ConnectionEntity, 'id' | 'active' | 'frozen' | 'frozenByOperatorAt' | 'disconnectedAt' | 'shadow'>;
  /** Host of the shop. */
  readonly host: string;
  readonly lanes: readonly OutboxLaneEntity[];
  /** The waiting rows of one story, the oldest first. */
  readonly rows: readonly OutboxEntity[];
  /** Current time of the database's clock. */
  readonly now: Date;
}

/** Explains in a sentence why a connection does not work. Undefined if it works. */
export function explainStop({ connection }: Pick<WaitingFor, 'connection'>): string | undefined {
  const { id, active, frozen, frozenByOperatorAt, disconnectedAt, shadow } = connection;
  if (disconnectedAt)
    return `The module was disconnected from this account at ${formatTime(disconnectedAt)}. Nothing is sent until the account connects it again.`;
  if (shadow)
    return `This connection is a trial. Nothing is sent to the CRM or created at a provider until POST /operator/api/connections/${id}/go-live.`;
  if (frozenByOperatorAt)
    return `The connection has been frozen by the operator since ${formatTime(frozenByOperatorAt)}. Callbacks are refused and nothing is sent until POST /operator/api/connections/${id}/unfreeze.`;
  if (frozen) return 'The connection is frozen by the CRM. Callbacks are refused and nothing is sent until the CRM unfreezes it.';
  if (!active) return 'The CRM has disabled the module in this account. Nothing is sent until the module is enabled again.';
  return undefined;
}

/** Explains in a sentence why a row of the outbox has not been sent. */
export function explainWaiting(row: OutboxEntity, { connection, host, lanes, rows, now }: WaitingFor): string {
  const stop = explainStop({ connection });
  if (stop !== undefined) return stop;
  const { rejections, rejectedAt, lastError, notBefore } = row;
  if (rejections > 0)
    return (
      `The CRM of ${host} rejected it ${times(rejections)}${rejectedAt ? ` since ${formatTime(rejectedAt)}` : ''}: ${endSentence(lastError ?? 'no reason')} ` +
      `The next attempt is ${notBefore > now ? `at ${formatTime(notBefore)}` : 'now'}. The message fails at the fifth rejection after ten minutes, or once other messages are accepted.`
    );
  // In either order, because a replayed message waits behind a newer message that was rejected.
  const before = rows.find((other) => other.kind === row.kind && other.subject === row.subject && other.rejections > 0);
  const lane = lanes.find(({ kind }) => kind === row.kind);
  if (before)
    return (
      `It waits behind message #${before.id} about the same item, which the CRM rejected: ${endSentence(before.lastError ?? 'no reason')}` +
      (before.notBefore > now ? ` Both are tried again at ${formatTime(before.notBefore)}.` : '')
    );
  if (lane && lane.failures > 0 && lane.dueAt > now) return explainPause(lane, host);
  if (notBefore > now)
    return `It is held until ${formatTime(notBefore)} at the latest. A process is sending it, or something that it depends on is still missing.`;
  if (now.getTime() - row.createdAt.getTime() < SOON_MS) return 'It is sent within seconds.';
  return 'No worker has sent it yet. Check that a worker runs (GET /health/ready of the worker).';
}

/** Explains in a sentence why a lane pauses. */
export function explainPause({ failures, failingSince, lastError, dueAt }: OutboxLaneEntity, host: string): string {
  const does = /api.?key|scope|credential/i.test(lastError ?? '') ? 'has rejected the key' : 'has not accepted calls';
  return (
    `Paused: the CRM of ${host} ${does}${failingSince ? ` since ${formatTime(failingSince)}` : ''} (${times(failures)}, the last time: ${lastError ?? 'no reason'}). ` +
    `The next attempt is at ${formatTime(dueAt)}.`
  );
}

/** Returns `once`, `3 times`. */
export function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
