import type { InboxEventEntity } from '#inbox';
import type { JournalHead } from '#journal';
import type { OperationEntity } from '#operations';
import type { OutboxEntity } from '#outbox';
import type { DifferenceEntity } from '#reconciliation';
import { endSentence, formatTime, listDetails, type StoryEvent, type StoryOutcome } from './story.js';
import { times } from './waiting.js';

/** Names for the sentences about a connection. */
export interface Names {
  /** Host of the shop. */
  readonly host: string;
  readonly providers: string[];
  /** Describes the action of a kind of operation or message. */
  describe(kind: string): string;
  /** Title of a provider, by its code. */
  titleOf(code: string | null): string;
  /** Title of the provider that has this kind of operation or event. */
  providerOf(kind: string): string;
}

/** Methods of providers that only read. */
const POLLS: ReadonlySet<string> = new Set(['track', 'get', 'listCalls', 'listChanges']);
/** A call that ends within this number of milliseconds is one event. */
const AT_ONCE_MS = 1_000;

/** Describes a call with an effect: that it was made, and its outcome. */
export function tellOperation(operation: OperationEntity, names: Names, now: Date): StoryEvent[] {
  const { id, kind, state, error, checks, checkAt, leaseUntil, createdAt, updatedAt, reference } = operation;
  const asked = `${names.providerOf(kind)} was asked to ${names.describe(kind)}`;
  const why = error === null ? '' : `: ${error}`;
  const endings: Readonly<Record<OperationEntity['state'], readonly [StoryOutcome, string]>> = {
    done: ['ok', [`${asked}. It succeeded.`, ...readNotes(operation)].join(' ')],
    refused: ['failed', endSentence(`${asked}. It was rejected, and nothing was done${why}`)],
    unknown: [
      'unknown',
      `${endSentence(`${asked}. The outcome is not known yet${why}`)} It was checked ${times(checks)}. The next check is at ${formatTime(checkAt)}. Nothing is sent twice meanwhile.`,
    ],
    running: [
      'waiting',
      leaseUntil > now
        ? `${asked}. The call is in progress.`
        : `${asked}. The calling process has ended. The outcome is checked within seconds.`,
    ],
  };
  const [outcome, title] = endings[state];
  const event = {
    source: 'operation' as const,
    details: listDetails({ operation: id, kind, reference, error, checks: checks > 0 ? checks : null }),
    request: operation.request ?? undefined,
    ...(state === 'unknown' && { failure: { what: 'operations' as const, id } }),
  };
  const isLate = state !== 'running' && updatedAt.getTime() - createdAt.getTime() > AT_ONCE_MS;
  if (!isLate || state === 'unknown') return [{ ...event, at: createdAt, outcome, title }];
  return [
    { ...event, at: createdAt, outcome: 'waiting', title: `${asked}.` },
    {
      ...event,
      at: updatedAt,
      outcome,
      title: `Known ${Math.round((updatedAt.getTime() - createdAt.getTime()) / 1000)} s later: ${title}`,
    },
  ];
}

/** Returns the sentences that an operation's result adds to its story, as `notes`. */
function readNotes({ result }: OperationEntity): string[] {
  const notes: unknown = (result as { notes?: unknown } | null)?.notes;
  return Array.isArray(notes) ? notes.filter((note): note is string => typeof note === 'string') : [];
}

/** Describes a message to the CRM: that it was stored, and its outcome. */
export function tellMessage(row: OutboxEntity, names: Names, explain: () => string): StoryEvent[] {
  const { id, kind, state, attempts, lastError, createdAt, sentAt, failedAt, discardedBy } = row;
  const code = (row.payload as { code?: unknown }).code;
  const what = `Message #${id} (${names.describe(kind)}${typeof code === 'string' ? `: ${code}` : ''})`;
  const event = {
    source: 'outbox' as const,
    details: listDetails({ message: id, kind, attempts, lastError, rejections: row.rejections > 0 ? row.rejections : null, discardedBy }),
    request: row.request ?? undefined,
  };
  const stored = { ...event, at: createdAt, outcome: 'ok' as const, title: `${what} was stored for the CRM of ${names.host}.` };
  switch (state) {
    case 'pending':
      return [{ ...event, at: createdAt, outcome: 'waiting', title: `${what} is not sent yet. ${explain()}` }];
    case 'sent':
      return [
        stored,
        {
          ...event,
          at: sentAt ?? createdAt,
          outcome: 'ok',
          title: endSentence(
            `${what} was accepted by the CRM${attempts > 1 ? ` at attempt ${attempts}. Previous error: ${lastError ?? 'no reason'}` : ''}`,
          ),
        },
      ];
    case 'failed':
      return [
        stored,
        {
          ...event,
          at: failedAt ?? createdAt,
          outcome: 'failed',
          failure: { what: 'outbox', id },
          // Attempts while the CRM was unavailable, or with other messages in the same call, are not counted.
          title: endSentence(`${what} failed: it was rejected ${times(attempts)}. Last error: ${lastError ?? 'no reason'}`),
        },
      ];
    case 'dropped':
      return [
        stored,
        {
          ...event,
          at: sentAt ?? createdAt,
          outcome: discardedBy === null ? 'ok' : 'failed',
          title: endSentence(`${what} was not sent: ${lastError ?? 'it was withdrawn'}`),
        },
      ];
  }
}

/** Describes an event that a provider sent. */
export function tellEvent(event: InboxEventEntity, names: Names): StoryEvent[] {
  const { id, eventId, kind, state, attempts, lastError, createdAt, dueAt, failedAt, discardedAt, discardedBy } = event;
  const provider = names.providerOf(kind);
  const common = {
    source: 'webhook' as const,
    details: listDetails({ event: id, eventId, kind, attempts, lastError, discardedBy }),
    request: event.request ?? undefined,
  };
  const arrived = {
    ...common,
    at: createdAt,
    outcome: 'ok' as const,
    title: `${provider} sent event #${id}. It was stored and acknowledged.`,
  };
  switch (state) {
    case 'applied':
      return [{ ...arrived, title: `${provider} sent event #${id}. It was stored, acknowledged and applied.` }];
    case 'pending':
      return [
        {
          ...arrived,
          outcome: 'waiting',
          title:
            attempts === 0
              ? `${provider} sent event #${id}. It is not applied yet.`
              : `${endSentence(`${provider} sent event #${id}. It cannot be applied (tried ${times(attempts)}): ${lastError ?? 'no reason'}`)} The next attempt is at ${formatTime(dueAt)}.`,
        },
      ];
    case 'failed':
      return [
        arrived,
        {
          ...common,
          at: failedAt ?? dueAt,
          outcome: 'failed',
          failure: { what: 'inbox', id },
          title: endSentence(
            `Event #${id} of ${provider} failed: it was tried ${times(attempts)}. Last error: ${lastError ?? 'no reason'}`,
          ),
        },
      ];
    case 'discarded':
      return [
        arrived,
        {
          ...common,
          at: discardedAt ?? createdAt,
          outcome: 'failed',
          title: endSentence(
            `Event #${id} of ${provider} was discarded by ${discardedBy ?? 'an operator'} and never applied: ${lastError ?? 'no reason'}`,
          ),
        },
      ];
  }
}

/** Describes a difference that a reconciliation found. */
export function tellDifference({ id, kind, text, state, problem, foundAt, closedAt }: DifferenceEntity): StoryEvent[] {
  const event = { source: 'reconciliation' as const, details: listDetails({ difference: id, kind, state, problem }) };
  const found: StoryEvent = {
    ...event,
    at: foundAt,
    outcome: state === 'open' ? 'failed' : 'ok',
    title: `A comparison found: ${text}`,
  };
  if (!closedAt) return [found];
  return [
    found,
    {
      ...event,
      at: closedAt,
      outcome: 'ok',
      title: state === 'mended' ? 'The difference was fixed.' : 'The difference disappeared without a fix.',
    },
  ];
}

/** Describes an exchange in the journal. */
export function tellExchange(row: JournalHead, names: Names): StoryEvent {
  const { id, at, kind, name, verb, address, status, outcome, error, durationMs, provider } = row;
  const isOk = outcome === 'ok';
  // The client's errors begin with method and address, which the event already shows.
  const said = kind === 'crm' ? error?.replace(/^(?:GET|POST) \S+ /, '') : error;
  const why = said == null ? (isOk ? '' : ` (${outcome})`) : `: ${said}`;
  const answered = status === null ? (isOk ? 'answered' : 'did not answer') : `answered ${status}`;
  const title = names.titleOf(provider);
  const sentences = {
    callback: isOk
      ? `The CRM called ${name} and was answered with ${status ?? ''}.`
      : endSentence(`The CRM called ${name} and was refused${status === null ? '' : ` with ${status}`}${why}`),
    webhook: isOk
      ? `A webhook of ${title} arrived and was answered with ${status ?? ''}.`
      : endSentence(`A webhook of ${title} arrived and was refused${status === null ? '' : ` with ${status}`}${why}`),
    provider: endSentence(`${title} was called (${name}) and ${answered}${why}`),
    crm: endSentence(`The CRM was called (${name}) and ${answered}${why}`),
  } as const;
  return {
    at,
    source: kind === 'provider' && POLLS.has(name) ? 'poll' : kind,
    title: sentences[kind],
    outcome: isOk ? 'ok' : outcome === 'unknown_outcome' ? 'unknown' : 'failed',
    details: listDetails({ name, verb, address, status, outcome, error, durationMs: Math.round(durationMs) }),
    request: row.request ?? undefined,
    journal: id,
  };
}
