import { Injectable } from '@nestjs/common';
import { Subjects } from '#journal';
import { Clock, Environment, Reach, type Transaction } from '#platform';
import { type AccountSettings, CallBudget, type ProviderCache, type ProviderContext } from '#provider-kit';
import { bindToRequest, buildWebhookPath, type Connection } from './connection.js';
import { SharedCache } from './provider-cache/index.js';

/** Makes what a provider receives with a call. */
@Injectable()
export class ProviderContexts {
  constructor(
    private readonly clock: Clock,
    private readonly environment: Environment,
    private readonly cache: SharedCache,
    private readonly reach: Reach,
  ) {}

  /**
   * Returns the context of one call for this connection. `budgetMs` bounds the whole call; by default it is
   * PROVIDER_BUDGET_MS, which for a callback began when it arrived. `transaction` is for our own services.
   */
  contextFor<S extends object>(connection: Connection, budgetMs?: number, transaction?: Transaction): CallContext<S> {
    return new CallContext<S>(
      connection,
      this.clock.now(),
      budgetMs === undefined ? (connection.budget ?? new CallBudget(this.environment.PROVIDER_BUDGET_MS)) : new CallBudget(budgetMs),
      this.environment,
      this.cache,
      this.reach,
      transaction,
    );
  }

  /**
   * Binds the connection to a callback's request, whose provider budget began `elapsedMs` milliseconds ago.
   * `readFields`: what tells what it is about.
   */
  beginCallback(connection: Connection, request: string, elapsedMs: number, readFields: () => unknown): Connection {
    const budget = new CallBudget(this.environment.PROVIDER_BUDGET_MS, performance.now() - elapsedMs);
    // Services of our own make no calls that a journal would keep.
    const subjects = connection.module.kind === 'adapter' ? new Subjects(readFields) : undefined;
    return bindToRequest(connection, request, budget, subjects);
  }
}

/** Created per call; what a provider may not ask for is created when it does. */
export class CallContext<S> implements ProviderContext<S, Transaction> {
  readonly connectionId: string;
  readonly account: AccountSettings;
  private made: AbortSignal | undefined;

  constructor(
    private readonly connection: Connection,
    readonly now: Date,
    /** The time that this call has. */
    readonly budget: CallBudget,
    private readonly environment: Environment,
    private readonly shared: SharedCache,
    readonly reach: Reach,
    readonly transaction?: Transaction,
  ) {
    this.connectionId = connection.id;
    this.account = connection.account;
  }

  get settings(): S {
    return this.connection.settings as S;
  }

  get compiled(): object | undefined {
    return this.connection.compiled;
  }

  get webhookUrl(): string {
    return this.environment.publicUrl + buildWebhookPath(this.connection);
  }

  get memory(): Readonly<Record<string, string>> {
    return this.connection.memory;
  }

  get cache(): ProviderCache {
    return this.shared.forProvider(this.connection.module.manifest.code, this.connectionId);
  }

  get signal(): AbortSignal {
    return (this.made ??= this.budget.signal());
  }
}
