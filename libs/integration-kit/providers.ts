import { Inject } from '@nestjs/common';
import { type Traffic, type Connection, type HangingCall, judgeOutcome, type ProviderContexts } from '#connections';
import type { Journal } from '#journal';
import type { ProviderCalls, ProviderWatch } from '#onboarding';
import type { SendOptions } from '#operations';
import { CallbackError, getTracing, type LocalText, Timings } from '#platform';
import { type Grant, type Provider, type ProviderContext, ProviderError, type ProviderManifest, sayAway } from '#provider-kit';
import { baseReplies } from './base-replies.js';
import { BreakerOpenError, Breakers, isOutage } from './breakers.js';
import { HangingCallError, HangingCalls } from './hanging-calls.js';
import { texts } from './integration-kit.texts.js';
import { describeProviderCall, JournaledCall } from './journaled-call.js';
import type { BrokenReplyError, ReplyChecks, ReplyProblem } from './reply-checks.js';
import { type Able, ReplyGuard } from './reply-guard.js';

const duration = new Timings({
  name: 'provider_call_duration_seconds',
  help: 'Duration of calls to providers by provider, call and outcome (ok, a kind of ProviderError, or error)',
  labelNames: ['provider', 'call', 'outcome'],
  buckets: [0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
});

/** Milliseconds after its time in which a call may end by its signal. */
const HANG_GRACE_MS = 250;

/** The call was not made, so it shows nothing about the service. */
class NotMadeError extends ProviderError {
  constructor(message: string, details?: { cause?: unknown; localText: LocalText }) {
    super('unavailable', message, details);
  }
}

/** How a call is made. `budgetMs`: by default the rest of PROVIDER_BUDGET_MS since the callback arrived. */
export interface CallOptions extends SendOptions {
  /** The call opens something lasting, such as a listener. Neither its time nor its failures are counted. */
  lasting?: boolean;
  /** The settings may be wrong or not saved yet: neither failures nor rejected credentials are counted. */
  trial?: boolean;
  /** A consent that is not stored yet. */
  grant?: Grant;
  /** Subjects in addition to the connection's own, for the journal. */
  subjects?: readonly string[] | undefined;
}

interface Entry<Port> {
  readonly provider: Port;
  readonly isAdapter: boolean;
  /**
   * Breakers of an adapter. A service of this deployment has no breakers, because it cannot be unavailable.
   */
  readonly breakers: Breakers | undefined;
  /** The manifests that depend on settings, by the settings object. */
  readonly manifests: WeakMap<object, object>;
}

/** Calls a provider's method. */
type Work<Port, Method extends keyof Port, Result> = (provider: Able<Port, Method>, context: ProviderContext<object>) => Promise<Result>;

/** A call in progress. `Guarded`: the provider with the checked method. */
interface Call<Guarded = unknown> {
  readonly connection: Connection;
  readonly method: string;
  readonly manifest: ProviderManifest<object>;
  readonly provider: Guarded;
  /** Only an adapter calls an outside service, which may be unavailable. */
  readonly isAdapter: boolean;
  readonly context: ReturnType<ProviderContexts['contextFor']>;
  /** Undefined if its failures do not count. */
  readonly breakers: Breakers | undefined;
  /** Undefined if it tries settings, so it shows nothing about the service of the stored ones. */
  readonly watch: ProviderWatch | undefined;
  readonly journaled: JournaledCall | undefined;
  readonly startedAt: number;
  /** `ok`, a kind of ProviderError, or `error`. */
  outcome: string;
  /** The error's message, or the items omitted from a list of the reply. */
  problem: string | undefined;
}

/** Injects the providers of an integration, by its code. */
export const InjectProviders = (integration: string): PropertyDecorator & ParameterDecorator => Inject(getProvidersToken(integration));

/** Returns the injection token of an integration's providers. */
export function getProvidersToken(integration: string): string {
  return `providers of ${integration}`;
}

/** The providers of one integration, and the only way to call them. */
export class Providers<Port extends Provider> implements ProviderCalls {
  private readonly replies: ReplyGuard<Port>;
  private readonly hanging = new HangingCalls();
  private readonly entries: ReadonlyMap<string, Entry<Port>>;

  /** `checks`: of the replies, by the port's methods. */
  constructor(
    providers: { adapters: readonly Port[]; services: readonly Port[]; checks?: ReplyChecks<Port> | undefined },
    private readonly contexts: ProviderContexts,
    private readonly watch: ProviderWatch,
    private readonly journal: Journal,
    private readonly traffic: Traffic,
  ) {
    const checks = { ...baseReplies, ...providers.checks } as ReplyChecks<Port>;
    this.replies = new ReplyGuard(checks, (connection) => this.getManifest(connection));
    const entries = [
      ...providers.adapters.map((provider) => ({ provider, isAdapter: true, breakers: new Breakers(), manifests: new WeakMap() })),
      ...providers.services.map((provider) => ({ provider, isAdapter: false, breakers: undefined, manifests: new WeakMap() })),
    ];
    this.entries = new Map(entries.map((entry) => [entry.provider.manifest.code, entry]));
  }

  /** Lists all providers, to read their properties. Calls go through `call`. */
  list(): Port[] {
    return [...this.entries.values()].map(({ provider }) => provider);
  }

  /** Counts the connections whose calls this process does not make now, by the code of their provider. */
  countOpenBreakers(): [provider: string, connections: number][] {
    return [...this.entries].flatMap(([code, { breakers }]) => (breakers ? [[code, breakers.countOpen()]] : []));
  }

  /** Counts the calls of this process that continue after their time. */
  countHanging(): [provider: string, call: string, calls: number][] {
    return this.hanging.count();
  }

  /** Lists the calls of this process that continue after their time. */
  listHanging(): HangingCall[] {
    return this.hanging.list();
  }

  /**
   * Returns the manifest of the connection's provider for its settings, one object for a settings object.
   * Throws CallbackError 404 for a module of another integration.
   */
  getManifest(connection: Connection): Port['manifest'] {
    const { provider, manifests } = this.find(connection);
    const { manifest }: { manifest: Port['manifest'] } = provider;
    if (!manifest.bySettings) return manifest;
    const { settings } = connection;
    let made = manifests.get(settings);
    if (!made) {
      // Not a copy: a manifest may be of a class, whose methods a copy would lack.
      made = Object.assign(Object.create(manifest) as object, manifest.bySettings(settings));
      manifests.set(settings, made);
    }
    return made as Port['manifest'];
  }

  /** Whether the provider behind a connection has a method, or another optional member. */
  has(connection: Pick<Connection, 'module'>, member: keyof Port): boolean {
    return this.find(connection).provider[member] !== undefined;
  }

  /** Throws ProviderError `rejected` when the provider lacks a method, before work that needs it starts. */
  assertHas(connection: Connection, member: keyof Port): void {
    if (!this.has(connection, member)) throw refuseMissing(connection);
  }

  /**
   * Returns a member of the provider that is not a call, such as its webhook. A method is bound to it. The
   * replies of its methods are checked, too.
   */
  getMember<Member extends keyof Port & string>(connection: Connection, member: Member): Port[Member] {
    return this.replies.guard(this.find(connection), connection, member)[member] as Port[Member];
  }

  /**
   * Calls a provider's method within its time and breaker, measures the call and records the service's state.
   * @throws ProviderError `rejected` for a missing method, `unavailable` on timeout or open breaker,
   * `unknown_outcome` when the provider continues after its time (with `onHang` the result is waited for)
   * @throws CallbackError 404 when the module belongs to another integration
   */
  async call<Method extends keyof Port & string, Result>(
    connection: Connection,
    method: Method,
    work: Work<Port, Method, Result>,
    options: CallOptions = {},
  ): Promise<Result> {
    if (options.lasting) return this.open(connection, method, work, options);
    try {
      return await this.callInTime(connection, method, work, options);
    } catch (error) {
      if (!(error instanceof HangingCallError && options.onHang)) throw error;
      options.onHang(error);
      return error.going as Promise<Result>;
    }
  }

  private async callInTime<Method extends keyof Port & string, Result>(
    connection: Connection,
    method: Method,
    work: Work<Port, Method, Result>,
    options: CallOptions,
  ): Promise<Result> {
    const call = this.prepare(connection, method, options);
    try {
      assertTimeLeft(call);
      await this.addGrant(call, options);
      const result = await this.trace(call, () => this.protect(call, () => this.limit(call, () => make(call, work))));
      call.watch?.recordSuccess(connection, method, wentOut(call));
      return result;
    } catch (error) {
      throw this.noteFailure(call, error);
    } finally {
      this.measure(call);
      this.writeJournal(call);
    }
  }

  /** Opens something lasting. Success does not prove that the service replies, and it has no time. */
  private async open<Method extends keyof Port & string, Result>(
    connection: Connection,
    method: Method,
    work: Work<Port, Method, Result>,
    options: CallOptions,
  ): Promise<Result> {
    const call = this.prepare(connection, method, options);
    try {
      await this.addGrant(call, options);
      const result = await make(call, work);
      if (connection.rejectedCalls.includes(method)) call.watch?.recordSuccess(connection, method, wentOut(call));
      return result;
    } catch (error) {
      settle(call, error);
      if (error instanceof ProviderError && error.kind === 'auth') call.watch?.recordRejection(connection, method, error.message);
      throw error;
    } finally {
      this.writeJournal(call);
    }
  }

  /** Adds the account's consent to the context, for a provider whose application the deployment has. */
  private async addGrant({ connection, manifest, context }: Call, { grant }: CallOptions): Promise<void> {
    const { oauth } = this.find(connection).provider;
    if (grant) context.grant = grant;
    else if (oauth) await this.contexts.addGrant(context, manifest.code, oauth);
  }

  /** Throws for a missing method. */
  private prepare<Method extends keyof Port & string>(
    connection: Connection,
    method: Method,
    { budgetMs, transaction, lasting = false, trial = false, subjects }: CallOptions,
  ): Call<Able<Port, Method>> {
    const entry = this.find(connection);
    if (entry.provider[method] === undefined) throw refuseMissing(connection);
    const call: Call<Able<Port, Method>> = {
      connection,
      method,
      manifest: entry.provider.manifest,
      isAdapter: entry.isAdapter,
      provider: this.replies.guard(entry, connection, method, (problem) => (call.problem = problem)),
      context: this.contexts.contextFor(connection, budgetMs, transaction),
      breakers: trial ? undefined : entry.breakers,
      watch: trial ? undefined : this.watch,
      // Our own services make no outside calls.
      journaled: entry.breakers && new JournaledCall(this.journal, () => describeProviderCall(connection, method, subjects), lasting),
      startedAt: performance.now(),
      outcome: 'ok',
      problem: undefined,
    };
    return call;
  }

  private trace<Result>({ manifest, method }: Call, work: () => Promise<Result>): Promise<Result> {
    const tracing = getTracing();
    return tracing ? tracing.span(`${manifest.code} ${method}`, {}, work) : work();
  }

  /** Makes the call unless its breaker is open. */
  private protect<Result>({ breakers, connection }: Call, work: () => Promise<Result>): Promise<Result> {
    return breakers ? breakers.run(connection.id, work) : work();
  }

  /** Records a failure. Returns the error to throw. */
  private noteFailure(call: Call, thrown: unknown): unknown {
    const error = thrown instanceof BreakerOpenError ? leaveAlone(call, thrown) : thrown;
    settle(call, error);
    if (!(error instanceof ProviderError) || error instanceof NotMadeError) return error;
    const { connection, method, isAdapter, watch } = call;
    if (error.kind === 'auth') watch?.recordRejection(connection, method, error.message);
    // A service of this deployment cannot be unavailable.
    else if (isAdapter && isOutage(error)) watch?.recordOutage(connection, error.message, call.startedAt);
    else if (isAdapter && wentOut(call)) watch?.recordAnswer(connection);
    return error;
  }

  private measure({ manifest, method, startedAt, outcome, journaled }: Call): void {
    const durationMs = performance.now() - startedAt;
    duration.observe(durationMs / 1000, manifest.code, method, outcome);
    if (journaled?.wentOut) this.traffic.note('provider', judgeOutcome(outcome), durationMs);
  }

  private writeJournal({ journaled, outcome, problem, startedAt }: Call): void {
    if (this.journal.isOn) journaled?.end(outcome, problem, performance.now() - startedAt);
  }

  /** Runs an adapter's work outside of its calls, such as a webhook's reply, for the journal. */
  observe<Result>(connection: Connection, name: string, work: () => Promise<Result>): Promise<Result> {
    if (!this.find(connection).breakers || !this.journal.isOn) return work();
    return new JournaledCall(this.journal, () => describeProviderCall(connection, name), true).run(work);
  }

  /** Ends the wait for an adapter's call soon after its time when the adapter ignores its signal. */
  private limit<Result>({ isAdapter, connection, method, manifest, context }: Call, work: () => Promise<Result>): Promise<Result> {
    if (!isAdapter) return work();
    const leftMs = context.budget.left;
    const going = work();
    return new Promise((resolve, reject) => {
      let isOver = false;
      const judge = (): void => {
        if (!isOver) reject(this.hanging.note(going, connection, manifest, method, leftMs));
      };
      // One turn later, so that a busy process first receives calls that ended in time.
      const timer = setTimeout(() => setImmediate(judge), leftMs + HANG_GRACE_MS);
      const end = (): void => {
        isOver = true;
        clearTimeout(timer);
      };
      going.then(
        (result) => {
          end();
          resolve(result);
        },
        (error: unknown) => {
          end();
          reject(error as Error);
        },
      );
    });
  }

  /**
   * Reports a reply that breaks the port and returns the error to throw. For problems that only the
   * integration can see. `call` checks the rest.
   */
  refuseReply(connection: Connection, call: keyof Port & string, problems: readonly ReplyProblem[]): BrokenReplyError {
    return this.replies.refuse(connection, call, problems);
  }

  /** Checks a report of a provider's listener, such as a call. Throws BrokenReplyError. */
  checkReport<Method extends keyof Port & string, Reply>(connection: Connection, method: Method, report: Reply): Reply {
    return this.replies.checkReport(connection, method, report);
  }

  private find(connection: Pick<Connection, 'module'>): Entry<Port> {
    const entry = this.entries.get(connection.module.manifest.code);
    if (!entry) throw new CallbackError(404, `The module "${connection.module.code}" does not support this callback.`);
    return entry;
  }
}

function refuseMissing({ module }: Connection): ProviderError {
  return new ProviderError('rejected', `${module.name} cannot do this.`);
}

function assertTimeLeft({ context }: Call): void {
  if (context.budget.left <= 0) throw new NotMadeError(texts.timeIsOver.en, { localText: texts.timeIsOver });
}

/** Calls the method, and records its exchanges with the service. */
function make<Guarded, Result>(
  { journaled, provider, context }: Call<Guarded>,
  work: (provider: Guarded, context: ProviderContext<object>) => Promise<Result>,
): Promise<Result> {
  return journaled ? journaled.run(() => work(provider, context)) : work(provider, context);
}

/** Whether the service was called, and did not reply from memory. */
function wentOut({ journaled }: Call): boolean {
  return journaled?.wentOut ?? true;
}

function settle(call: Call, error: unknown): void {
  call.outcome = error instanceof ProviderError ? error.kind : 'error';
  if (error instanceof Error) call.problem = error.message;
}

/** Returns the error of a call that an open breaker stopped. */
function leaveAlone({ manifest }: Call, cause: BreakerOpenError): NotMadeError {
  const { title } = manifest;
  return new NotMadeError(`${title.en} keeps failing, so calls to it pause for a moment`, { cause, localText: sayAway(title) });
}
