import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Connection, ConnectionsService } from '#connections';
import { absenceOf, type OperationEntity, type OperationKind, OperationsService, type Recovered, unlessRefused } from '#operations';
import { Clock, type Money, moneyToWire, ProviderError } from '#platform';
import { PaymentEntity } from './payment.entity.js';
import { PaymentProviders } from './payment-providers.js';
import { columnsOf, factsOf, linksOf, type StoredPayment } from './payment-rows.js';
import { advance, isPaid, type PaymentFacts, refundableOf } from './payment-state.js';
import { PaymentStatesService } from './payment-states.service.js';
import { PaymentStore } from './payment-store.js';
import type { ApproveRequest, Checkout, CreateRequest, ExistingPayment, PaymentState } from './port/index.js';
import { nextReadingAt } from './reading-times.js';

interface CreateInput {
  request: Omit<CreateRequest, 'payUrl' | 'doneUrl'>;
  token: string;
}

interface PaymentInput {
  paymentId: string;
}

interface ApproveInput extends PaymentInput {
  amount: Money;
}

interface CancelInput extends PaymentInput {
  /** Why, when it is not the CRM's user who cancels; told to the CRM. */
  reason?: string;
}

interface RefundInput extends PaymentInput {
  /** Of the refund. */
  refundId: string;
  /** Missing: all that is left. */
  amount?: Money;
}

type Of<Input> = OperationEntity & { input: Input };

/** What a call about a payment came to. No state: there was nothing to do. */
interface Outcome {
  state?: PaymentState;
  /** Of a checkout. */
  url?: string;
  /** Of a refund: the one that answers, when it is an earlier one. */
  refundId?: string;
}

/** A repeat within so long is the same refund. */
const SAME_REFUND_MS = 60_000;

/** The payment calls that have an effect: how each is sent, recovered and stored. All about one payment share a key, so that they never run at once. */
@Injectable()
export class PaymentOperations {
  readonly create: OperationKind<CreateInput, PaymentState> = {
    kind: 'payment.create',
    answersRepeats: true,
    send: (operation, connection, budgetMs, transaction) =>
      this.providers.of(connection).create(this.requestOf(operation, connection), this.connections.contextOf(connection, budgetMs, transaction)),
    recover: (operation, connection) => this.recoverCreate(operation, connection),
    commit: async (manager, operation, state, connection) => ({ paymentId: await this.storeNew(manager, operation, state, connection) }),
  };

  readonly approve: OperationKind<ApproveInput, Outcome> = this.kind('payment.approve', {
    send: async (operation, connection, existing, stored, context) => {
      const { amount } = operation.input;
      if (isApproved(stored, amount)) return {};
      return { state: await this.providers.need(connection, 'approve').approve(existing, { key: operation.id, amount } satisfies ApproveRequest, context()) };
    },
    isDone: (state) => state.status === 'succeeded' || state.status === 'canceled',
  });

  readonly cancel: OperationKind<CancelInput, Outcome> = this.kind('payment.cancel', {
    send: async (operation, connection, existing, stored, context) => {
      if (isCanceled(stored)) return {};
      const state = await this.providers.need(connection, 'cancel').cancel(existing, { key: operation.id }, context());
      const { reason } = operation.input;
      return { state: reason !== undefined && state.status === 'canceled' ? { ...state, cancellation: reason } : state };
    },
    isDone: (state) => state.status === 'succeeded' || state.status === 'canceled',
  });

  readonly refund: OperationKind<RefundInput, Outcome> = this.kind('payment.refund', {
    send: async (operation, connection, existing, stored, context) => {
      const { refundId, amount } = operation.input;
      const earlier = this.sameRefund(stored, amount);
      if (earlier !== undefined) return { refundId: earlier };
      const state = await this.providers.need(connection, 'refund').refund(existing, { key: refundId, amount: refundAmountOf(stored, amount) }, context());
      return { state };
    },
    isDone: (state, operation) => state.refunds?.some((refund) => refund.reference === operation.input.refundId) === true,
  });

  readonly checkout: OperationKind<PaymentInput, Outcome> = this.kind('payment.checkout', {
    send: async (operation, connection, existing, stored, context) => {
      if (stored.row.status !== 'pending') return {};
      const made: Checkout = await this.providers.need(connection, 'checkout').checkout(existing, { key: operation.id }, context());
      return { state: made.state, ...(made.url !== undefined && { url: made.url }) };
    },
    // Opening the page once more with the same key gives the page that is open.
    isDone: (state) => state.status !== 'pending',
    repeatable: true,
  });

  constructor(
    private readonly providers: PaymentProviders,
    private readonly connections: ConnectionsService,
    private readonly store: PaymentStore,
    private readonly states: PaymentStatesService,
    private readonly operations: OperationsService,
    private readonly clock: Clock,
  ) {
    for (const kind of [this.create, this.approve, this.cancel, this.refund, this.checkout]) operations.define(kind as OperationKind<object, object>);
  }

  /** Performs an operation the way its provider needs: with a record kept before the call, or all in one transaction where the provider is ours. */
  perform<Input extends object, Result extends object>(
    kind: OperationKind<Input, Result>,
    connection: Connection,
    draft: { key: string; reference: string; subject: string; input: Input },
  ): Promise<{ operation: OperationEntity; repeated: boolean }> {
    return this.providers.of(connection).manifest.recovery.kind === 'local'
      ? this.operations.performLocal(kind, connection, draft)
      : this.operations.perform(kind, connection, draft);
  }

  /** The same for a call about one payment. Gives what `commit` answered. */
  async about<Input extends PaymentInput>(kind: OperationKind<Input, Outcome>, connection: Connection, input: Input): Promise<Answer> {
    const { paymentId } = input;
    const { operation } = await this.perform(kind, connection, { key: `payment:${paymentId}`, reference: paymentId, subject: paymentId, input });
    return operation.result as Answer;
  }

  private kind<Input extends PaymentInput>(
    name: string,
    how: {
      send(operation: Of<Input>, connection: Connection, existing: ExistingPayment, stored: StoredPayment, context: () => ReturnType<ConnectionsService['contextOf']>): Promise<Outcome>;
      /** Whether the payment's present state shows that the call was made, or can do nothing any more. */
      isDone(state: PaymentState, operation: Of<Input>): boolean;
      repeatable?: boolean;
    },
  ): OperationKind<Input, Outcome> {
    const send = async (operation: Of<Input>, connection: Connection, budgetMs?: number, transaction?: EntityManager): Promise<Outcome> => {
      const stored = await this.store.payment(connection, operation.input.paymentId, transaction);
      return how.send(operation, connection, this.store.existing(connection, stored), stored, () => this.connections.contextOf(connection, budgetMs, transaction));
    };
    return {
      kind: name,
      answersRepeats: false,
      send,
      recover: async (operation, connection) => {
        const { recovery } = this.providers.of(connection).manifest;
        const stored = await this.store.payment(connection, operation.input.paymentId);
        // The state is asked first: a provider's idempotency keys do not live for ever.
        const state = await this.providers.of(connection).get(this.store.existing(connection, stored), this.connections.contextOf(connection));
        if (how.isDone(state, operation)) return { found: { state } };
        if (recovery.kind === 'idempotency-key' || how.repeatable) {
          const outcome = await unlessRefused(() => send(operation, connection));
          return outcome ? { found: outcome } : 'absent';
        }
        return recovery.kind === 'find' ? absenceOf(operation, recovery.settleSeconds, this.clock.now()) : 'unknown';
      },
      commit: async (manager, operation, outcome, connection) => {
        const { paymentId } = operation.input;
        const after = outcome.state
          ? await this.states.apply(manager, connection, paymentId, outcome.state, { effect: true, active: true })
          : await this.store.payment(connection, paymentId, manager);
        this.committing.set(operation.id, after);
        return { paymentId, ...(outcome.url !== undefined && { url: outcome.url }), ...(outcome.refundId !== undefined && { refundId: outcome.refundId }) } satisfies Answer;
      },
      committed: (operation, connection) => {
        const after = this.committing.get(operation.id);
        this.committing.delete(operation.id);
        if (after) this.states.wake(connection, after);
      },
    };
  }
}
