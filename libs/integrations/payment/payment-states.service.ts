import { Injectable, Logger } from '@nestjs/common';
import { In } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { type Connection, nameConnection, Usage } from '#connections';
import { AccountNotices } from '#onboarding';
import { OutboxService } from '#outbox';
import { Clock, defineJob, type LocalText, toRows, toLogLine, type Transaction } from '#platform';
import { RestoredGap } from '#reconciliation';
import { PaymentEntity, PaymentRefundEntity } from './payment.entity.js';
import {
  buildDisputeNotice,
  buildMoneyNotice,
  buildWarningNotice,
  listTroubles,
  toReceiptTrouble,
  type Trouble,
} from './payment-notices.js';
import { toColumns, toFacts, toRefundRow, type StoredPayment } from './payment-rows.js';
import {
  findAwaited,
  isPaid,
  type DisputeFacts,
  type Happening,
  type PaymentFacts,
  type PaymentUpdate,
  type RefundFacts,
} from './payment-facts.js';
import { advance } from './payment-state.js';
import { formatAmount } from './payment-rules.js';
import { PaymentStore } from './payment-store.js';
import type { PaymentProvider, PaymentState } from './port/index.js';
import { toInvoiceUpdate } from './reply-mapper.js';
import { computeNextReading } from './reading-times.js';

/** Outbox kind for `payment/update-invoice`. */
export const INVOICE = 'payment.invoice';

/** Captures the hold of a one-stage payment. */
export const capturePayment = defineJob<{ paymentId: string }>('inbox', 'payment.capture');

/**
 * Payload of an INVOICE row. The packer sends the invoice's state at the time of sending. `status` is for
 * operators.
 */
export interface InvoicePayload {
  status: string;
  refundId?: string;
}

/** Context of a provider's reply, besides the payment. */
export interface Answered {
  /** Whether this is the reply of a call with an effect, so that its `memory` counts. */
  effect: boolean;
  /** The provider's method that returned the reply. Default: `get`. */
  call?: keyof PaymentProvider;
  /** See `PaymentUpdate`. */
  asked?: PaymentUpdate['asked'];
  /** Whether a visit or call just happened, so that the provider is read again soon. */
  active?: boolean;
}

/** A change of a payment to store. */
interface StoredChange {
  before: PaymentFacts;
  facts: PaymentFacts;
  active: boolean;
  now: Date;
  lacksEvents: boolean;
}

/** Applies a provider's reply. State, refunds, history and the CRM's notice change in one transaction. */
@Injectable()
export class PaymentStatesService {
  private readonly logger = new Logger(PaymentStatesService.name);

  constructor(
    private readonly store: PaymentStore,
    private readonly outbox: OutboxService,
    private readonly notices: AccountNotices,
    private readonly clock: Clock,
    private readonly gap: RestoredGap,
    private readonly usage: Usage,
  ) {}

  /** Applies a reply to a payment that `tx` has locked. Returns the updated payment. */
  async apply(
    tx: Transaction,
    connection: Connection,
    stored: StoredPayment,
    state: PaymentState,
    answered: Answered,
  ): Promise<StoredPayment> {
    const { id } = stored.row;
    const now = this.clock.now();
    const before = toFacts(stored);
    const { facts, happenings, refunds, disputes, receipts } = advance(before, {
      state,
      effect: answered.effect,
      asked: answered.asked,
      now,
      newId: uuidv7,
    });
    if (facts.externalId !== undefined && facts.externalId !== before.externalId)
      await this.store.refuseOther(tx, connection, answered.call ?? 'get', { id, externalId: facts.externalId });
    const active = answered.active === true || happenings.some((one) => one.moved);
    const changed = facts.refunds.filter((refund) => refunds.includes(refund.id));
    const after: StoredPayment = {
      row: await this.storeFacts(tx, stored, { before, facts, active, now, lacksEvents: this.store.lacksEvents(connection) }),
      refunds: await this.storeRefunds(tx, connection, stored, changed, now),
    };
    await this.countPaid(tx, connection, before, facts);
    // A shop that cancels late has missed nothing.
    const told = happenings.filter(({ code }) => code !== 'missed' || answered.call !== 'cancel');
    const noted = await this.note(tx, id, told, now);
    // The buyer came back before the event: the next reading holds the money.
    if (answered.call === 'openCheckout' && state.toAuthorize) await this.markDue(tx, connection, { id });
    await this.tellCrm(tx, connection, stored, after, refunds);
    for (const trouble of listTroubles(after.row, before, noted, now)) await this.announce(tx, connection, after, trouble);
    for (const dispute of disputes) await this.announceDispute(tx, connection, after, dispute);
    for (const receipt of receipts) await this.announce(tx, connection, after, toReceiptTrouble(receipt));
    return after;
  }

  /** Counts an invoice in the month in which it was paid. */
  async countPaid(tx: Transaction, connection: Connection, before: PaymentFacts, after: PaymentFacts): Promise<void> {
    if (!isPaid(before.status) && isPaid(after.status)) await this.usage.add(tx, connection, 'invoice', { at: after.paidAt });
  }

  /** Stores new and changed refunds. Returns all refunds of the payment. */
  private async storeRefunds(
    tx: Transaction,
    connection: Connection,
    { row, refunds: known }: StoredPayment,
    changed: readonly RefundFacts[],
    now: Date,
  ): Promise<PaymentRefundEntity[]> {
    if (changed.length === 0) return known;
    const rows = new Map(changed.map((refund) => [refund.id, toRefundRow(row.id, refund, now)]));
    await tx.getRepository(PaymentRefundEntity).upsert([...rows.values()], ['id']);
    const changedRows = known.map((refund) => ({ ...refund, ...rows.get(refund.id) }));
    for (const { id } of known) rows.delete(id);
    return [...changedRows, ...(await this.doubtReplies(tx, connection, [...rows.values()], now))];
  }

  /**
   * A new refund with our reference was requested by the CRM. After a restore, that may be true of any new
   * refund. An equal request may then be its repeat.
   */
  private async doubtReplies(
    tx: Transaction,
    connection: Connection,
    made: readonly PaymentRefundEntity[],
    now: Date,
  ): Promise<PaymentRefundEntity[]> {
    const isDoubtful = made.some(({ requested }) => !requested) && (await this.gap.isOpen(connection));
    const refunds = made.map((refund) => ({ ...refund, repliedAt: refund.requested || isDoubtful ? null : now }));
    const ids = refunds.flatMap(({ id, repliedAt }) => (repliedAt === null ? [id] : []));
    if (ids.length > 0) await tx.getRepository(PaymentRefundEntity).update({ id: In(ids) }, { repliedAt: null });
    return refunds;
  }

  /** Adds lines to a payment's history. A contradiction is added only once. Returns the added lines. */
  async note(tx: Transaction, paymentId: string, happenings: readonly Happening[], now: Date): Promise<Happening[]> {
    const noted: Happening[] = [];
    for (const happening of happenings) {
      if (!happening.moved)
        this.logger.warn(
          toLogLine(`payment ${paymentId}: the provider reports ${happening.code} after a final status, which is kept`, tx.request),
        );
      const added = await tx.query(
        `INSERT INTO payment_event (payment_id, code, amount_minor, refund_id, comment, moved, at) SELECT $1, $2, $3, $4, $5, $6, $7
         WHERE $6 OR NOT EXISTS (SELECT FROM payment_event WHERE payment_id = $1 AND code = $2 AND refund_id IS NOT DISTINCT FROM $4::uuid AND NOT moved) RETURNING id`,
        [
          paymentId,
          happening.code,
          happening.amount?.minor ?? null,
          happening.refundId ?? null,
          happening.comment ?? null,
          happening.moved,
          now,
        ],
      );
      if (toRows(added).length > 0) noted.push(happening);
    }
    return noted;
  }

  /**
   * Marks a payment, by our reference or the provider's id, as due immediately. Returns its id if it exists.
   */
  async markDue(tx: Transaction, connection: Connection, by: { id?: string; externalId?: string }): Promise<string | undefined> {
    const now = this.clock.now();
    const [row] = toRows<{ id: string }>(
      await tx.query(
        `UPDATE payment SET read_at = $4, active_at = $4 WHERE connection_id = $1 AND (id = $2::uuid OR ($2::uuid IS NULL AND external_id = $3)) RETURNING id`,
        [connection.id, by.id ?? null, by.externalId ?? null, now],
      ),
    );
    return row?.id;
  }

  /** Announces a provider's warning: administrators get a notice and the operator a log line. */
  async announceWarning(tx: Transaction, connection: Connection, warning: LocalText): Promise<void> {
    this.logger.warn(toLogLine(`connection ${connection.id}: ${warning.en}`, tx.request));
    await this.tellAdministrators(tx, connection, `warning ${warning.en}`, buildWarningNotice(nameConnection(connection), warning));
  }

  /** The CRM's invoice cannot show a dispute, so administrators get a notice and the operator a log line. */
  private async announceDispute(tx: Transaction, connection: Connection, { row }: StoredPayment, dispute: DisputeFacts): Promise<void> {
    const amount = dispute.amount ? formatAmount(dispute.amount) : 'an unknown amount';
    const line = `payment ${row.id} of connection ${connection.id}: dispute ${dispute.externalId} about ${amount} is ${dispute.status}`;
    this.logger.warn(toLogLine(line, tx.request));
    const name = nameConnection(connection);
    const text = buildDisputeNotice(name, row.orderNumber ?? row.invoiceUuid, dispute);
    await this.tellAdministrators(tx, connection, `dispute ${dispute.externalId}`, text);
  }

  /** The CRM's invoice does not show this, so administrators get a notice and the operator a log line. */
  private async announce(
    tx: Transaction,
    connection: Connection,
    { row }: StoredPayment,
    { subject, text, problem, amount }: Trouble,
  ): Promise<void> {
    this.logger.warn(toLogLine(`payment ${row.id} of connection ${connection.id}, ${formatAmount(amount)}: ${problem}`, tx.request));
    const notice = buildMoneyNotice(text, nameConnection(connection), row.orderNumber ?? row.invoiceUuid, amount);
    await this.tellAdministrators(tx, connection, subject, notice);
  }

  private async tellAdministrators(tx: Transaction, connection: Connection, subject: string, text: LocalText): Promise<void> {
    if (!(await this.notices.add(connection.id, subject, text, tx)))
      this.logger.warn(
        toLogLine(`${subject} is not announced in the CRM: the account has reached its hourly limit of notices`, tx.request),
      );
  }

  private async storeFacts(
    tx: Transaction,
    { row }: StoredPayment,
    { before, facts, active, now, lacksEvents }: StoredChange,
  ): Promise<PaymentEntity> {
    const activeAt = active ? now : row.activeAt;
    const moved = facts.status !== before.status;
    const reading = { status: facts.status, activeAt, expiresAt: facts.expiresAt ?? null, ...findAwaited(facts), lacksEvents };
    const next = computeNextReading(reading, now);
    const waits = facts.status === 'waitingForCapture';
    const changes = {
      ...toColumns(facts),
      ...(moved && { statusAt: now }),
      activeAt,
      // Keeps a mark to read immediately that was set in the meantime.
      readAt: next && row.readAt && row.readAt < next ? row.readAt : next,
      captureAt: waits && row.capture === 'automatic' && !facts.capturing ? (row.captureAt ?? now) : null,
      updatedAt: now,
    };
    await tx.getRepository(PaymentEntity).update(row.id, changes);
    return { ...row, ...changes };
  }

  /** Adds one row for each changed refund, or one row if only the invoice changed. */
  private async tellCrm(
    tx: Transaction,
    connection: Connection,
    before: StoredPayment,
    after: StoredPayment,
    refunds: readonly string[],
  ): Promise<void> {
    const view = this.store.buildView(connection, after);
    const toWire = (stored: StoredPayment): string => JSON.stringify(toInvoiceUpdate(stored, view));
    if (refunds.length === 0 && toWire(before) === toWire(after)) return;
    const payloads: InvoicePayload[] =
      refunds.length === 0 ? [{ status: after.row.status }] : refunds.map((refundId) => ({ status: after.row.status, refundId }));
    await this.outbox.add(
      tx,
      payloads.map((payload) => ({ connectionId: connection.id, kind: INVOICE, subject: after.row.id, payload })),
    );
  }
}
