import { type Connection, findCountry } from '#connections';
import type { Journal, JournalEntry } from '#journal';
import { observeExchanges, type ObservedExchange } from '#provider-kit';

/** Maximum number of a call's exchanges that wait for its outcome. A download in pieces has hundreds. */
const MOST_WAITING = 20;

type EndedExchange = ObservedExchange & { readonly endedAt: number };

/** Fields that all rows of a call have in common. */
export type CalledFor = Pick<
  JournalEntry,
  'kind' | 'name' | 'connectionId' | 'module' | 'provider' | 'country' | 'request' | 'subjects' | 'subjectsInBodies'
>;

/** A call for the journal: a row for each HTTP exchange, or one row for the call if there was none. */
export class JournaledCall {
  /** The exchanges so far. Once the call has ended, or when it is lasting, they are written immediately. */
  private waiting: EndedExchange[] | undefined;
  private isWired = false;

  constructor(
    private readonly journal: Journal,
    private readonly describe: () => CalledFor,
    lasting = false,
  ) {
    this.waiting = lasting ? undefined : [];
  }

  /** Makes the call and observes its exchanges. */
  run<Result>(work: () => Promise<Result>): Promise<Result> {
    return observeExchanges(
      (exchange) => this.take(exchange),
      work,
      () => (this.isWired = true),
    );
  }

  /** Whether a request was sent to the service. Replies from memory do not count. */
  get wentOut(): boolean {
    return this.isWired;
  }

  /** Records the waiting exchanges. The last one has the call's outcome, as the adapter judged it. */
  end(outcome: string, problem: string | undefined, durationMs: number): void {
    const { waiting } = this;
    this.waiting = undefined;
    for (const exchange of waiting?.slice(0, -1) ?? []) this.record(exchange);
    const last = waiting?.at(-1);
    if (last) this.record(last, { outcome, error: problem });
    else this.journal.record({ ...this.describe(), outcome, error: problem, durationMs });
  }

  private take(exchange: ObservedExchange): void {
    this.isWired = true;
    const ended = { ...exchange, endedAt: performance.now() };
    if (this.waiting && this.waiting.length < MOST_WAITING) this.waiting.push(ended);
    else this.record(ended);
  }

  private record(
    { endedAt, method, url, requestType, requestBody, status, replyType, replyBody, replySize, durationMs, failure }: EndedExchange,
    judged?: Pick<JournalEntry, 'outcome' | 'error'>,
  ): void {
    this.journal.record({
      ...this.describe(),
      ...{ verb: method, address: url, status, durationMs, endedAt },
      outcome:
        failure ?? (status !== undefined && status >= 500 ? 'unavailable' : status !== undefined && status >= 400 ? 'rejected' : 'ok'),
      ...judged,
      requestBody: requestBody === undefined && requestType === undefined ? undefined : { type: requestType, content: requestBody },
      replyBody:
        status === undefined ? undefined : { type: replyType ?? 'unknown', content: replyBody, size: replyBody ? undefined : replySize },
    });
  }
}

/** Describes a call of a connection's provider. `subjects`: subjects in addition to the connection's own. */
export function describeProviderCall(connection: Connection, name: string, subjects?: readonly string[]): CalledFor {
  const { id, module, request, subjects: own } = connection;
  return {
    ...{ kind: 'provider', name, connectionId: id, module: module.code, provider: module.manifest.code },
    ...{ country: findCountry(connection), request, subjects: subjects && own ? [...subjects, ...own.list()] : (subjects ?? own) },
  };
}
