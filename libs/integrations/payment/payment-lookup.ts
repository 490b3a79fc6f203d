import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import { type CallOptions, InjectProviders, type Providers } from '#integration-kit';
import { RestoredGap } from '#reconciliation';
import { findForeignAmounts } from './payment-replies.js';
import type { StoredPayment } from './payment-rows.js';
import { PaymentStore } from './payment-store.js';
import type { ExistingPayment, PaymentProvider, PaymentState } from './port/index.js';

/** A payment's present state at the gateway. */
export interface ReadPayment {
  state: PaymentState;
  /** Whether the payment was found by our reference, so that its `memory` counts. */
  isFound: boolean;
}

/**
 * Reads payments at their gateway. After a restore of the database, the gateway's id of a pending payment may
 * be missing or outdated, so the payment is first searched by our reference.
 */
@Injectable()
export class PaymentLookup {
  constructor(
    @InjectProviders('payment') private readonly providers: Providers<PaymentProvider>,
    private readonly store: PaymentStore,
    private readonly gap: RestoredGap,
  ) {}

  /** Reads a payment with its refunds. Throws ProviderError. */
  async read(connection: Connection, stored: StoredPayment, options: CallOptions = {}): Promise<ReadPayment> {
    const { found, existing } = await this.recall(connection, stored);
    const state = await this.providers.call(connection, 'get', (provider, context) => provider.get(existing, context), options);
    const { externalId, memory } = existing;
    return { state: found ? { ...(externalId !== undefined && { externalId }), memory, ...state } : state, isFound: found !== undefined };
  }

  /** Returns a payment as providers see it, with the gateway's ids if it was found there after a restore. */
  async recall(connection: Connection, stored: StoredPayment): Promise<{ existing: ExistingPayment; found?: PaymentState }> {
    const existing = this.store.toExisting(connection, stored);
    const found = stored.row.status === 'pending' ? await this.find(connection, stored.row.id, stored.row.currency) : undefined;
    if (!found) return { existing };
    const { externalId, memory } = found;
    return { found, existing: { ...existing, ...(externalId !== undefined && { externalId }), memory: { ...existing.memory, ...memory } } };
  }

  /** Searches for a payment whose last state may be missing here because the database was restored. */
  async find(connection: Connection, reference: string, currency: string): Promise<PaymentState | undefined> {
    if (!this.providers.has(connection, 'find') || !(await this.gap.isOpen(connection))) return undefined;
    return this.search(connection, reference, currency);
  }

  /** Searches for a payment by our reference. Throws BrokenReplyError if amounts are in another currency. */
  async search(connection: Connection, reference: string, currency: string): Promise<PaymentState | undefined> {
    const state = await this.providers.call(connection, 'find', (provider, context) => provider.find(reference, context));
    const problems = state ? findForeignAmounts(state, currency) : [];
    if (problems.length > 0) throw this.providers.refuseReply(connection, 'find', problems);
    return state;
  }

  /** Whether a restore lost the gateway's id of a payment, and the gateway cannot search for it. */
  async isLost(connection: Connection, { status, externalId }: Pick<StoredPayment['row'], 'status' | 'externalId'>): Promise<boolean> {
    if (status !== 'pending' || externalId !== null || this.providers.has(connection, 'find')) return false;
    // The test gateway was restored together with its payments.
    return this.providers.getManifest(connection).recovery.kind !== 'local' && this.gap.isOpen(connection);
  }
}
