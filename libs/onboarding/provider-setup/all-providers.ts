import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import type { Grant, Provider, ProviderContext } from '#provider-kit';

/** Options of a call to a connection's provider. */
export interface ProviderCallOptions {
  /** Milliseconds for the whole call. Default: PROVIDER_BUDGET_MS. */
  budgetMs?: number;
  /**
   * Whether the settings may be wrong or unsaved, so that failures and rejected credentials are not counted.
   */
  trial?: boolean;
  /** A consent that is not stored yet. */
  grant?: Grant;
}

/** The providers of one integration, reduced to members that all providers share. */
export interface ProviderCalls {
  /** Whether the connection's provider has a method or another optional member. */
  has(connection: Pick<Connection, 'module'>, member: keyof Provider): boolean;

  /** Returns a member of the connection's provider that is not a call. */
  getMember<Member extends keyof Provider>(connection: Connection, member: Member): Provider[Member];

  /**
   * Calls a method of the connection's provider.
   * @throws ProviderError from the method, or `rejected` if it is missing
   */
  call<Method extends keyof Provider, Result>(
    connection: Connection,
    method: Method,
    work: (provider: Required<Pick<Provider, Method>>, context: ProviderContext<object>) => Promise<Result>,
    options?: ProviderCallOptions,
  ): Promise<Result>;
}

/** The providers of all integrations. IntegrationModule adds them at start. */
@Injectable()
export class AllProviders {
  private readonly calls = new Map<string, ProviderCalls>();

  add(integration: string, calls: ProviderCalls): void {
    this.calls.set(integration, calls);
  }

  /** Returns the calls of the integration that the connection's module belongs to. */
  of({ module }: Pick<Connection, 'module'>): ProviderCalls {
    const calls = this.calls.get(module.integration);
    if (!calls) throw new Error(`integration ${module.integration} has no providers`);
    return calls;
  }
}
