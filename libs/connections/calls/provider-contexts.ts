import { Injectable } from '@nestjs/common';
import { Subjects } from '#journal';
import { Clock, Environment, Reach, type Transaction } from '#platform';
import {
  type AccountSettings,
  CallBudget,
  type Grant,
  type OAuthApplication,
  type ProviderCache,
  type ProviderContext,
} from '#provider-kit';
import { bindToRequest, buildWebhookPath, type Connection } from '../connection.js';
import { GrantRenewal } from '../grants/index.js';
import { SharedCache } from '../provider-cache/index.js';

/** Creates the context that a provider receives with a call. */
@Injectable()
export class ProviderContexts {
  constructor(
    private readonly clock: Clock,
    private readonly environment: Environment,
    private readonly cache: SharedCache,
    private readonly reach: Reach,
    private readonly grants: GrantRenewal,
  ) {}

  /** Adds the account's consent to a context, if the account consented. */
  async addGrant(context: CallContext<object>, provider: string, application: OAuthApplication): Promise<void> {
    context.grant = await this.grants.open({ connectionId: context.connectionId, provider }, application, () => context.signal);
  }

  /**
   * Returns the context of one call for this connection. `budgetMs` limits the whole call. The default is
   * PROVIDER_BUDGET_MS, measured for a callback from its arrival. `transaction` is only for our own services.
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
   * Binds the connection to a callback's request, whose provider budget started `elapsedMs` milliseconds ago.
   * `readFields` returns the fields that contain the callback's subjects.
   */
  beginCallback(connection: Connection, request: string, elapsedMs: number, readFields: () => unknown): Connection {
    const budget = new CallBudget(this.environment.PROVIDER_BUDGET_MS, performance.now() - elapsedMs);
    // Our own services make no calls that the journal would record.
    const subjects = connection.module.kind === 'adapter' ? new Subjects(readFields) : undefined;
    return bindToRequest(connection, request, budget, subjects);
  }
}

/** Created per call. Parts that few providers use are created on first use. */
export class CallContext<S> implements ProviderContext<S, Transaction> {
  readonly connectionId: string;
  readonly account: AccountSettings;
  grant: Grant | undefined;
  private made: AbortSignal | undefined;

  constructor(
    private readonly connection: Connection,
    readonly now: Date,
    /** The time budget of this call. */
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
