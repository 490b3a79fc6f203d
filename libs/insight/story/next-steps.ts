import type { ConnectionEntity } from '#connections';
import type { InboxEventEntity } from '#inbox';
import type { JournalHead } from '#journal';
import type { OperationEntity } from '#operations';
import type { OutboxEntity } from '#outbox';
import { endSentence } from './story.js';

/** The input of a story's next steps. */
export interface NextStepsOf {
  readonly connection: Pick<ConnectionEntity, 'id' | 'active' | 'frozen' | 'frozenByOperatorAt' | 'disconnectedAt' | 'shadow'>;
  readonly operations: readonly OperationEntity[];
  readonly messages: readonly OutboxEntity[];
  readonly events: readonly InboxEventEntity[];
  readonly exchanges: readonly JournalHead[];
}

/** An attempt to run an action for the CRM. */
interface Attempt {
  readonly at: Date;
  readonly name: string;
  readonly status: number | null;
  readonly error: string | null;
  readonly isRefused: boolean;
}

/** Lists the next steps for actions that were not completed, in whole sentences. */
export function listNextSteps({ connection, operations, messages, events, exchanges }: NextStepsOf): string[] {
  const stop = proposeStart(connection);
  return [
    // While the connection is stopped, callbacks are refused for that reason.
    ...(stop === undefined ? listRefused(operations, exchanges).map(proposeCorrection) : [stop]),
    ...messages.filter(({ state }) => state === 'failed').map(({ id }) => proposeReplay('outbox', `Message #${id}`, id)),
    ...events.filter(({ state }) => state === 'failed').map(({ id }) => proposeReplay('inbox', `Event #${id}`, id)),
    ...operations.filter(({ state }) => state === 'unknown').map(proposeLook),
  ];
}

function proposeStart({ id, active, frozen, frozenByOperatorAt, disconnectedAt, shadow }: NextStepsOf['connection']): string | undefined {
  if (disconnectedAt) return 'Ask the shop to connect the module again in its CRM.';
  if (shadow) return `End the trial: POST /operator/api/connections/${id}/go-live.`;
  if (frozenByOperatorAt) return `Unfreeze the connection: POST /operator/api/connections/${id}/unfreeze.`;
  if (frozen) return 'Ask the shop why its CRM froze the module. Only the CRM can unfreeze it.';
  if (!active) return 'Ask the shop to enable the module in its CRM.';
  return undefined;
}

/** Returns the last attempt of each kind that failed and that only the CRM's user can repeat. */
function listRefused(operations: readonly OperationEntity[], exchanges: readonly JournalHead[]): Attempt[] {
  const attempts: Attempt[] = [
    ...operations.map(({ kind: name, state, error, createdAt: at }) => ({ at, name, error, status: null, isRefused: state === 'refused' })),
    ...exchanges
      .filter(({ kind }) => kind === 'callback')
      .map(({ name, outcome, status, error, at }) => ({
        ...{ at, name, status, error },
        // For an unknown outcome, the operation has more details.
        isRefused: outcome !== 'ok' && status !== null && status >= 400 && status < 500,
      })),
  ].sort((left, right) => left.at.getTime() - right.at.getTime());
  return [...new Map(attempts.map((attempt) => [attempt.name, attempt])).values()].filter(({ isRefused }) => isRefused);
}

function proposeCorrection({ name, status, error }: Attempt): string {
  const why = error === null ? '.' : `: ${endSentence(error)}`;
  return `The last ${name} of the CRM was refused${status === null ? '' : ` with ${status}`}${why} Correct this in the CRM or in the module's settings (nothing, if the service was unavailable), then save again in the CRM.`;
}

function proposeReplay(what: 'outbox' | 'inbox', name: string, id: string): string {
  return (
    `${name} failed. POST /operator/api/${what}/${id}/replay tries it again. ` +
    `POST /operator/api/failures/discard {"what":"${what}","ids":["${id}"]} discards it.`
  );
}

function proposeLook({ id }: OperationEntity): string {
  return (
    `Operation ${id} is checked again automatically. POST /operator/api/operations/${id}/replay does it now. ` +
    `Only if the provider confirms that nothing was made: POST /operator/api/operations/${id}/release.`
  );
}
