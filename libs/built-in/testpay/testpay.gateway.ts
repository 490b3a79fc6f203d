import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Database, type Transaction } from '#platform';
import { ProviderError, type Money } from '#provider-kit';
import { EVENT_DELAY, type TestCard, findTestCard } from './test-cards.js';
import { TestpayEventEntity, TestpayPaymentEntity, TestpayRefundEntity } from './testpay.entity.js';

/** A payment at the gateway with its refunds, oldest first. */
export interface TestpayPayment {
  payment: TestpayPaymentEntity;
  refunds: TestpayRefundEntity[];
}

/** Milliseconds for which a webhook is retried. */
const TO_BE_SENT_FOR = 72 * 3_600_000;

/**
 * The test gateway's state. Each change locks the payment and queues its webhooks in the given transaction.
 */
@Injectable()
export class TestpayGateway {
  constructor(private readonly database: Database) {}

  /** Opens a payment once for each id. Throws ProviderError `rejected` if the id has another amount. */
  async open(tx: Transaction, draft: { id: string; connectionId: string; shop: string; amount: Money; now: Date }): Promise<void> {
    const { amount, now, ...rest } = draft;
    await tx
      .createQueryBuilder()
      .insert()
      .into(TestpayPaymentEntity)
      .values({ ...rest, currency: amount.currency, amountMinor: String(amount.minor), state: 'open', createdAt: now })
      .orIgnore()
      .execute();
    const opened = await tx.getRepository(TestpayPaymentEntity).findOneByOrFail({ id: draft.id });
    if (opened.currency !== amount.currency || opened.amountMinor !== String(amount.minor))
      throw new ProviderError('rejected', 'The reference belongs to a payment of another amount.');
  }

  /**
   * Returns a payment as of `now`, with unrecorded timed changes. Throws ProviderError `rejected` if unknown.
   */
  async read(
    connectionId: string,
    id: string,
    now: Date,
    manager: EntityManager = this.database.dataSource.manager,
  ): Promise<TestpayPayment> {
    const payment = await manager.getRepository(TestpayPaymentEntity).findOneBy({ id, connectionId });
    if (!payment) throw buildUnknownPayment();
    const refunds = await manager
      .getRepository(TestpayRefundEntity)
      .find({ where: { paymentId: id }, order: { createdAt: 'ASC', id: 'ASC' } });
    passTime(payment, now);
    for (const refund of refunds) endRefund(refund, payment, now);
    return { payment, refunds };
  }

  /**
   * Enters a card. A second one (resent, another tab) changes nothing. `holdMs` is the duration of a hold.
   */
  async enterCard(tx: Transaction, id: string, entered: string, holdMs: number, now: Date): Promise<void> {
    const payment = await this.lock(tx, id, now);
    if (payment.state !== 'open') return this.save(tx, payment);
    const card = findTestCard(entered);
    payment.card = card?.number ?? null;
    payment.decline = card ? (card.outcome === 'declined' ? 'declined' : null) : 'unknown';
    if (card && card.outcome !== 'declined') {
      if (card.outcome === 'confirming') payment.state = 'confirming';
      else if (card.outcome === 'processing') {
        payment.state = 'processing';
        payment.dueAt = addSeconds(now, card.settles?.after ?? 0);
        // Used if it ends in a hold.
        payment.heldUntil = addSeconds(payment.dueAt, holdMs / 1000);
      } else {
        hold(payment, holdMs, now);
        // Both charges report. The second one finds the payment held.
        if (card.events === 'doubled') await this.tell(tx, payment, ['payment.held'], now);
      }
      await this.tell(
        tx,
        payment,
        card.outcome === undefined || card.outcome === 'held' ? ['payment.accepted', 'payment.held'] : ['payment.accepted'],
        now,
      );
    }
    await this.save(tx, payment);
  }

  /** Applies the buyer's answer at the second step. */
  async confirm(tx: Transaction, id: string, yes: boolean, holdMs: number, now: Date): Promise<void> {
    const payment = await this.lock(tx, id, now);
    if (payment.state === 'confirming') {
      if (yes) {
        hold(payment, holdMs, now);
        await this.tell(tx, payment, ['payment.held'], now);
      } else {
        payment.state = 'open';
        payment.decline = 'unconfirmed';
      }
    }
    await this.save(tx, payment);
  }

  /** Captures a hold, or a part of it. Throws ProviderError `rejected` if nothing, or less, is held. */
  async capture(tx: Transaction, id: string, amount: Money, now: Date): Promise<void> {
    const payment = await this.lock(tx, id, now);
    refuseAmount(payment, amount);
    if (payment.state !== 'held') {
      await this.save(tx, payment);
      throw new ProviderError(
        'rejected',
        payment.cancellation === 'expired' ? 'The hold has expired.' : 'Nothing is held on this payment.',
      );
    }
    if (amount.minor > Number(payment.amountMinor)) throw new ProviderError('rejected', 'You cannot capture more than the held amount.');
    Object.assign(payment, {
      state: 'captured',
      capturedMinor: String(amount.minor),
      capturedAt: now,
      dueAt: null,
    } satisfies Partial<TestpayPaymentEntity>);
    await this.tell(tx, payment, ['payment.captured'], now);
    await this.save(tx, payment);
  }

  /** Ends a payment that was not captured. Throws ProviderError `rejected` if it was. */
  async cancel(tx: Transaction, id: string, now: Date): Promise<void> {
    const payment = await this.lock(tx, id, now);
    if (payment.state === 'captured') throw new ProviderError('rejected', 'The payment was captured. Refund it instead of cancelling it.');
    if (payment.state !== 'canceled') {
      Object.assign(payment, { state: 'canceled', cancellation: 'shop', dueAt: null } satisfies Partial<TestpayPaymentEntity>);
      await this.tell(tx, payment, ['payment.canceled'], now);
    }
    await this.save(tx, payment);
  }

  /**
   * Refunds once for each reference. Throws ProviderError `rejected` for an excessive amount or a used
   * reference.
   */
  async refund(tx: Transaction, id: string, refundId: string, amount: Money, now: Date): Promise<void> {
    const payment = await this.lock(tx, id, now);
    refuseAmount(payment, amount);
    const repository = tx.getRepository(TestpayRefundEntity);
    const refunds = await repository.findBy({ paymentId: id });
    const made = refunds.find((refund) => refund.id === refundId);
    if (made?.amountMinor === String(amount.minor)) return;
    if (made) throw new ProviderError('rejected', 'The reference belongs to a refund of another amount.');
    const given = refunds.reduce((sum, refund) => (refund.status === 'canceled' ? sum : sum + Number(refund.amountMinor)), 0);
    if (payment.state !== 'captured') throw new ProviderError('rejected', 'Nothing was captured on this payment.');
    if (given + amount.minor > Number(payment.capturedMinor))
      throw new ProviderError('rejected', 'You cannot refund more than the captured amount.');
    const plan = findCard(payment)?.refund;
    await repository.insert({
      id: refundId,
      paymentId: id,
      amountMinor: String(amount.minor),
      status: plan ? 'pending' : 'succeeded',
      dueAt: plan ? addSeconds(now, plan.after) : null,
      createdAt: now,
    });
    await this.tell(tx, payment, [plan ? 'refund.pending' : 'refund.succeeded'], now);
  }

  /** Applies expired holds, delayed cards and refunds. Returns their number. */
  async passTime(tx: Transaction, now: Date, limit = 100): Promise<number> {
    const payments = await tx
      .getRepository(TestpayPaymentEntity)
      .createQueryBuilder('p')
      .where('p.dueAt <= :now', { now })
      .orderBy('p.dueAt')
      .limit(limit)
      .setLock('pessimistic_write')
      .setOnLocked('skip_locked')
      .getMany();
    for (const payment of payments) {
      const happened = passTime(payment, now);
      if (happened) await this.tell(tx, payment, [happened], now);
      await this.save(tx, payment);
    }
    const refunds = await tx
      .getRepository(TestpayRefundEntity)
      .createQueryBuilder('r')
      .where('r.dueAt <= :now', { now })
      .orderBy('r.dueAt')
      .limit(limit)
      .setLock('pessimistic_write')
      .setOnLocked('skip_locked')
      .getMany();
    for (const refund of refunds) {
      const payment = await tx.getRepository(TestpayPaymentEntity).findOneByOrFail({ id: refund.paymentId });
      endRefund(refund, payment, now);
      await tx.getRepository(TestpayRefundEntity).save(refund);
      await this.tell(tx, payment, [`refund.${refund.status}`], now);
    }
    return payments.length + refunds.length;
  }

  /** Claims webhooks that are due. Each is due again after a while, until it is marked as sent or too old. */
  async claimEvents(now: Date, limit: number): Promise<TestpayEventEntity[]> {
    return this.database.transaction(async (tx) => {
      const repository = tx.getRepository(TestpayEventEntity);
      const events = await repository
        .createQueryBuilder('e')
        .where('e.sentAt IS NULL AND e.dueAt <= :now AND e.createdAt > :oldest', { now, oldest: new Date(now.getTime() - TO_BE_SENT_FOR) })
        .orderBy('e.dueAt')
        .addOrderBy('e.id')
        .limit(limit)
        .setLock('pessimistic_write')
        .setOnLocked('skip_locked')
        .getMany();
      for (const event of events)
        await repository.update(event.id, { attempts: event.attempts + 1, dueAt: addSeconds(now, Math.min(5 * 2 ** event.attempts, 600)) });
      return events;
    });
  }

  async markSent(id: string, now: Date): Promise<void> {
    await this.database.dataSource.getRepository(TestpayEventEntity).update(id, { sentAt: now });
  }

  private async lock(tx: Transaction, id: string, now: Date): Promise<TestpayPaymentEntity> {
    const payment = await tx
      .getRepository(TestpayPaymentEntity)
      .createQueryBuilder('p')
      .where('p.id = :id', { id })
      .setLock('pessimistic_write')
      .getOne();
    if (!payment) throw buildUnknownPayment();
    const happened = passTime(payment, now);
    if (happened) await this.tell(tx, payment, [happened], now);
    return payment;
  }

  private async save(tx: Transaction, payment: TestpayPaymentEntity): Promise<void> {
    await tx.getRepository(TestpayPaymentEntity).save(payment);
  }

  /** Queues webhooks in order. The card decides when and how often each is sent. */
  private async tell(tx: Transaction, payment: TestpayPaymentEntity, types: readonly string[], now: Date): Promise<void> {
    const how = findCard(payment)?.events;
    await tx.getRepository(TestpayEventEntity).insert(
      types.map((type, index) => ({
        id: uuidv7(),
        connectionId: payment.connectionId,
        paymentId: payment.id,
        type,
        copies: how === 'twice' ? 2 : 1,
        attempts: 0,
        // Out of order: the last event arrives first.
        dueAt: addSeconds(now, how === 'late' ? EVENT_DELAY.late : how === 'swapped' && index < types.length - 1 ? EVENT_DELAY.swapped : 0),
        createdAt: now,
      })),
    );
  }
}

/** Applies a timed change that is due. Returns the type of the webhook that reports it. */
function passTime(payment: TestpayPaymentEntity, now: Date): string | undefined {
  if (!payment.dueAt || payment.dueAt > now) return undefined;
  payment.dueAt = null;
  if (payment.state === 'held') {
    payment.state = 'canceled';
    payment.cancellation = 'expired';
    return 'payment.canceled';
  }
  if (payment.state !== 'processing') return undefined;
  const settles = findCard(payment)?.settles;
  if (settles?.to === 'held') {
    payment.state = 'held';
    payment.dueAt = payment.heldUntil;
    return 'payment.held';
  }
  payment.state = 'open';
  payment.decline = 'declined';
  return 'payment.declined';
}

function refuseAmount({ currency }: TestpayPaymentEntity, amount: Money): void {
  if (amount.currency !== currency) throw new ProviderError('rejected', `The payment is in ${currency}, not in ${amount.currency}.`);
  if (amount.minor <= 0) throw new ProviderError('rejected', 'The amount must be above zero.');
}

function hold(payment: TestpayPaymentEntity, holdMs: number, now: Date): void {
  const seconds = findCard(payment)?.holdSeconds ?? holdMs / 1000;
  payment.state = 'held';
  payment.heldUntil = payment.dueAt = addSeconds(now, seconds);
}

function endRefund(refund: TestpayRefundEntity, payment: TestpayPaymentEntity, now: Date): void {
  if (refund.status !== 'pending' || !refund.dueAt || refund.dueAt > now) return;
  refund.status = findCard(payment)?.refund?.to ?? 'succeeded';
  refund.dueAt = null;
}

function findCard(payment: TestpayPaymentEntity): TestCard | undefined {
  return payment.card === null ? undefined : findTestCard(payment.card);
}

function addSeconds(now: Date, seconds: number): Date {
  return new Date(now.getTime() + seconds * 1000);
}

function buildUnknownPayment(): ProviderError {
  return new ProviderError('rejected', 'The test gateway has no such payment.');
}
