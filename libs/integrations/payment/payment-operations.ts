import { Injectable } from '@nestjs/common';
import type { QueryDeepPartialEntity } from 'typeorm';
import type { Connection } from '#connections';
import { type CallOptions, InjectProviders, type OperationSource, type Providers } from '#integration-kit';
import {
  judgeAbsence,
  type OperationKind,
  OperationsService,
  OperationStore,
  type Recovered,
  sendUnlessRejected,
  type SendOptions,
} from '#operations';
import { Clock, type Transaction } from '#platform';
import { ProviderError } from '#provider-kit';
import type { Answer, ApproveInput, CancelInput, CreateInput, Of, Outcome, PaymentInput, RefundInput, Way } from './payment-calls.js';
import { PaymentLookup } from './payment-lookup.js';
import { PaymentEntity, PaymentRefundEntity } from './payment.entity.js';
import { toColumns, toFacts, buildLinks } from './payment-rows.js';
import { findUnansweredRefund, isApproved, isCanceled, readRefundAmount, refuseEqualRefund } from './payment-rules.js';
import { findAwaited, type Happening, type PaymentFacts } from './payment-facts.js';
import { advance, findLateMoney } from './payment-state.js';
import { PaymentStatesService } from './payment-states.service.js';
import { PaymentStore } from './payment-store.js';
import { texts } from './payment.texts.js';
import { chooseRefunded, type CreateRequest, type PaymentProvider, type PaymentState } from './port/index.js';
import { computeNextReading } from './reading-times.js';

/** Key of the operation that registers an invoice. */
export function buildCreateKey(invoiceUuid: string): string {
  return `payment.create:${invoiceUuid}`;
}

/**
 * Payment calls with an effect: how each is sent, recovered and stored. Calls for one payment run one at a
 * time.
 */
@Injectable()
export class PaymentOperations implements OperationSource {
  readonly create: OperationKind<CreateInput, PaymentState> = {
    kind: 'payment.create',
    callback: 'payment.create',
    answersRepeats: true,
    send: (operation, connection, options) => this.callCreate(operation, connection, options),
    recover: (operation, connection) => this.recoverCreate(operation, connection),
    commit: async (tx, operation, state, connection) => {
      await this.storeNew(tx, connection, operation.input, state);
      return { paymentId: operation.input.request.reference, ...takeNotes(state) };
    },
  };

  readonly approve = this.defineKind<ApproveInput>({
    kind: 'payment.approve',
    callback: 'payment.approve',
    call: 'approve',
    send: async (operation, { connection, stored, existing, options }) => {
      const { amount } = operation.input;
      if (isApproved(stored, amount)) return {};
      const request = { key: operation.id, amount };
      return {
        state: await this.providers.call(
          connection,
          'approve',
          (provider, context) => provider.approve(existing, request, context),
          options,
        ),
      };
    },
    settles: ({ status, capturing, declined }) =>
      status === 'succeeded' || status === 'canceled' || capturing !== undefined || declined !== undefined,
  });

  readonly cancel = this.defineKind<CancelInput>({
    kind: 'payment.cancel',
    callback: 'payment.cancel',
    call: 'cancel',
    send: async (operation, { connection, stored, options }) => {
      if (isCanceled(stored)) return {};
      const { amount, reason } = operation.input;
      const request = { key: operation.id, ...(amount && { amount }) };
      const { existing } = await this.lookup.recall(connection, stored);
      const state = await this.providers.call(
        connection,
        'cancel',
        (provider, context) => provider.cancel(existing, request, context),
        options,
      );
      return { state: reason !== undefined && state.status === 'canceled' ? { ...state, cancellation: reason } : state };
    },
    settles: (state) => state.status === 'succeeded' || state.status === 'canceled',
  });

  readonly refund = this.defineKind<RefundInput>({
    kind: 'payment.refund',
    callback: 'payment.refund',
    call: 'refund',
    send: async (operation, { connection, stored, existing, options }) => {
      const { refundId, amount } = operation.input;
      const isMade = stored.refunds.some(({ id }) => id === refundId);
      const earlier = isMade ? refundId : findUnansweredRefund(stored, amount);
      if (earlier !== undefined) return { refundId: earlier };
      const left = readRefundAmount(stored, amount);
      if (amount) refuseEqualRefund(stored, amount, this.clock.now());
      const { goods = chooseRefunded(existing, left) } = operation.input;
      if (!operation.input.goods) await this.operationStore.amendInput(operation, { goods }, options.transaction);
      const request = { key: refundId, amount: left, goods };
      return {
        state: await this.providers.call(connection, 'refund', (provider, context) => provider.refund(existing, request, context), options),
      };
    },
    settles: (state, operation) => state.refunds?.some((refund) => refund.reference === operation.input.refundId) === true,
    record: async (tx, { input: { refundId, goods, awaitsReply } }, { refundId: earlier, state }) => {
      const now = this.clock.now();
      const reply = awaitsReply ? { replyAt: now, repliedAt: null } : { repliedAt: now };
      await tx.getRepository(PaymentRefundEntity).update({ id: earlier ?? refundId }, { ...(state && goods && { goods }), ...reply });
    },
  });

  /**
   * Returns money that arrived after the invoice was cancelled: releases a hold, or refunds captured money.
   */
  readonly giveBack = this.defineKind<PaymentInput>({
    kind: 'payment.give-back',
    call: 'refund',
    send: async ({ id: key }, { connection, stored, existing, options }) => {
      const facts = toFacts(stored);
      if (facts.status !== 'canceled') return {};
      // If this reading takes too long, no refund follows. The operation is looked up then.
      const read = { ...options, onHang: undefined };
      const state = await this.providers.call(connection, 'get', (provider, context) => provider.get(existing, context), read);
      const amount = findLateMoney(facts, state);
      if (!amount) return { state };
      return {
        state: await (state.status === 'waitingForCapture'
          ? this.providers.call(connection, 'cancel', (provider, context) => provider.cancel(existing, { key }, context), options)
          : this.providers.call(connection, 'refund', (provider, context) => provider.refund(existing, { key, amount }, context), options)),
      };
    },
    settles: (state, { id }) => state.status === 'canceled' || state.refunds?.some((refund) => refund.reference === id) === true,
  });

  /** Calls the provider's `followUp` after a payment was captured. */
  readonly followUp = this.defineKind<PaymentInput>({
    kind: 'payment.follow-up',
    call: 'followUp',
    send: async ({ id: key }, { connection, stored, existing, options }) =>
      stored.row.status === 'succeeded'
        ? {
            state: await this.providers.call(
              connection,
              'followUp',
              (provider, context) => provider.followUp(existing, { key }, context),
              options,
            ),
          }
        : {},
    settles: (state) => state.followUp === undefined,
  });

  /** Calls the provider's `authorize` after the buyer approved. */
  readonly authorize = this.defineKind<PaymentInput>({
    kind: 'payment.authorize',
    call: 'authorize',
    send: async ({ id: key }, { connection, stored, existing, options }) =>
      stored.row.status === 'pending'
        ? {
            state: await this.providers.call(
              connection,
              'authorize',
              (provider, context) => provider.authorize(existing, { key }, context),
              options,
            ),
          }
        : {},
    settles: (state) => state.toAuthorize === undefined,
  });

  /** Opens the provider's hosted page. */
  readonly checkout = this.defineKind<PaymentInput>({
    kind: 'payment.checkout',
    call: 'openCheckout',
    send: async (operation, { connection, stored, options }) => {
      if (stored.row.status !== 'pending') return {};
      if (await this.lookup.isLost(connection, stored.row))
        throw new ProviderError('unavailable', texts.paymentLost.en, { localText: texts.paymentLost });
      // The memory of the backup may lead to an outdated page.
      const { existing, found } = await this.lookup.recall(connection, stored);
      if (found && found.status !== 'pending') return { state: found };
      return this.providers.call(
        connection,
        'openCheckout',
        (provider, context) => provider.openCheckout(existing, { key: operation.id }, context),
        options,
      );
    },
    settles: (state) => state.status !== 'pending',
    harmless: true,
  });

  readonly kinds = [this.create, this.approve, this.cancel, this.refund, this.giveBack, this.followUp, this.authorize, this.checkout];

  constructor(
    @InjectProviders('payment') private readonly providers: Providers<PaymentProvider>,
    private readonly store: PaymentStore,
    private readonly states: PaymentStatesService,
    private readonly operations: OperationsService,
    private readonly operationStore: OperationStore,
    private readonly clock: Clock,
    private readonly lookup: PaymentLookup,
  ) {}

  /** Registers an invoice. Returns the payment's id, also if the invoice was registered before. */
  async register(connection: Connection, input: CreateInput): Promise<string> {
    const { invoiceUuid, reference } = input.request;
    const draft = { key: buildCreateKey(invoiceUuid), reference, subject: invoiceUuid, input };
    return (await this.perform(this.create, connection, draft)).paymentId;
  }

  /** Makes a call for one payment after its running calls have ended. Throws ProviderError. */
  change<Input extends PaymentInput>(kind: OperationKind<Input, Outcome>, connection: Connection, input: Input): Promise<Answer> {
    const { paymentId } = input;
    return this.perform(kind, connection, { key: `payment:${paymentId}`, reference: paymentId, subject: paymentId, input });
  }

  private async perform<Input extends object, Result extends object>(
    kind: OperationKind<Input, Result>,
    connection: Connection,
    draft: { key: string; reference: string; subject: string; input: Input },
  ): Promise<Answer> {
    const { operation } = await this.operations.perform(kind, connection, draft);
    return operation.result as Answer;
  }

  private defineKind<Input extends PaymentInput>(way: Way<Input>): OperationKind<Input, Outcome> {
    const send = async (operation: Of<Input>, connection: Connection, options: SendOptions = {}): Promise<Outcome> => {
      const stored = await this.store.load(connection, operation.input.paymentId, options.transaction);
      const existing = this.store.toExisting(connection, stored);
      return way.send(operation, { connection, stored, existing, options });
    };
    return {
      kind: way.kind,
      ...(way.callback !== undefined && { callback: way.callback }),
      answersRepeats: false,
      send,
      recover: async (operation, connection) => {
        const { recovery } = this.providers.getManifest(connection);
        const stored = await this.store.load(connection, operation.input.paymentId);
        // The state is read first, because a provider's idempotency keys expire.
        const existing = this.store.toExisting(connection, stored);
        const state = await this.providers.call(connection, 'get', (provider, context) => provider.get(existing, context));
        if (way.settles(state, operation)) return { found: { state } };
        if (way.harmless || recovery.kind === 'idempotency-key') {
          const outcome = await sendUnlessRejected(connection, () => send(operation, connection));
          return outcome ? { found: outcome } : 'absent';
        }
        return recovery.kind === 'find' ? judgeAbsence(operation, recovery.settleSeconds, this.clock.now()) : 'unknown';
      },
      commit: async (tx, operation, outcome, connection) => {
        const { state, ...answer } = outcome;
        const { paymentId } = operation.input;
        if (state) {
          const stored = await this.store.load(connection, paymentId, tx);
          await this.states.apply(tx, connection, stored, state, { effect: true, active: true, call: way.call });
        }
        await way.record?.(tx, operation, outcome);
        return { paymentId, ...answer, ...takeNotes(state) };
      },
    };
  }

  private async callCreate({ input }: Of<CreateInput>, connection: Connection, options?: CallOptions): Promise<PaymentState> {
    if (input.mayExist) {
      const { reference, amount } = input.request;
      if (await this.lookup.isLost(connection, { status: 'pending', externalId: null }))
        throw new ProviderError('rejected', texts.paymentLost.en, { localText: texts.paymentLost });
      const found = await this.lookup.find(connection, reference, amount.currency);
      if (found) return found;
    }
    const request: CreateRequest = { ...input.request, ...buildLinks(this.store.buildPayUrl(connection, input.token)) };
    return this.providers.call(connection, 'create', (provider, context) => provider.create(request, context), options);
  }

  private async recoverCreate(operation: Of<CreateInput>, connection: Connection): Promise<Recovered<PaymentState>> {
    const { recovery } = this.providers.getManifest(connection);
    const { reference, amount } = operation.input.request;
    const canFind = this.providers.has(connection, 'find');
    const found = canFind && (await this.lookup.search(connection, reference, amount.currency));
    if (found) return { found };
    if (recovery.kind === 'idempotency-key') {
      const state = await sendUnlessRejected(connection, () => this.callCreate(operation, connection));
      return state ? { found: state } : 'absent';
    }
    return recovery.kind === 'find' && canFind ? judgeAbsence(operation, recovery.settleSeconds, this.clock.now()) : 'unknown';
  }

  private async storeNew(tx: Transaction, connection: Connection, { request, token }: CreateInput, state: PaymentState): Promise<void> {
    const now = this.clock.now();
    const fresh: PaymentFacts = { status: 'pending', amount: request.amount, memory: {}, refunds: [], disputes: [], receipts: [] };
    const { facts, happenings } = advance(fresh, { state, effect: true, now, newId: () => request.reference });
    const { externalId } = facts;
    if (externalId !== undefined) await this.store.refuseOther(tx, connection, 'create', { id: request.reference, externalId });
    await tx.getRepository(PaymentEntity).insert({
      id: request.reference,
      connectionId: connection.id,
      invoiceUuid: request.invoiceUuid,
      shop: request.shop,
      capture: request.capture,
      token,
      currency: request.amount.currency,
      amountMinor: String(request.amount.minor),
      request: request as QueryDeepPartialEntity<CreateInput['request']>,
      orderNumber: request.orderNumber ?? null,
      ...toColumns(facts),
      statusAt: now,
      activeAt: now,
      readAt: computeNextReading(
        { status: facts.status, activeAt: now, expiresAt: null, ...findAwaited(facts), lacksEvents: this.store.lacksEvents(connection) },
        now,
      ),
      createdAt: now,
      updatedAt: now,
    });
    const created: Happening = { code: 'pending', amount: request.amount, moved: true };
    await this.states.note(tx, request.reference, [created, ...happenings], now);
    await this.states.countPaid(tx, connection, fresh, facts);
  }
}

/** Returns the notes of a reply for the stored result. The operator's timeline shows them. */
function takeNotes({ notes = [] }: Pick<PaymentState, 'notes'> = {}): Pick<PaymentState, 'notes'> {
  return notes.length > 0 ? { notes } : {};
}
