import { toSubject } from '#journal';
import { Injectable, Logger } from '@nestjs/common';
import { bindToRequest, type Connection, ConnectionStore } from '#connections';
import { Clock, Database, defineJob, errorText, HandleJob, type JobOrigin, JobQueue, toLogLine, toRows } from '#platform';
import { isAway, OutageLog } from '#provider-kit';
import { toFacts, type StoredPayment } from './payment-rows.js';
import { authorizePayment, followUpPayment, giveBackMoney } from './payment-duties.js';
import { capturePayment, PaymentStatesService } from './payment-states.service.js';
import { PaymentLookup } from './payment-lookup.js';
import { PaymentStore } from './payment-store.js';
import { findAwaited, mayStillBePaid } from './payment-facts.js';
import { findLateMoney } from './payment-state.js';
import { computeNextReading } from './reading-times.js';

/** Reads one payment that is due at its provider. */
export const readPayment = defineJob<{ paymentId: string }>('inbox', 'payment.read');
/** Wakes due readings and due captures of holds. */
const pollPayments = defineJob<Record<string, never>>('housekeeping', 'payment.poll');

const POLL_MS = 2_000;
const BATCH = 500;
/** A reading that does not return is repeated after this time. */
const CLAIM_MS = 60_000;
const BUDGET_MS = 15_000;

/**
 * Reads the state of payments from providers: when an event arrives, and periodically in case events were
 * lost.
 */
@Injectable()
export class PaymentReader {
  private readonly logger = new Logger(PaymentReader.name);
  private readonly outages = new OutageLog(this.logger, 'read');

  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionStore,
    private readonly store: PaymentStore,
    private readonly lookup: PaymentLookup,
    private readonly states: PaymentStatesService,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
  ) {}

  /**
   * Reads a payment from the provider and applies its state. `budgetMs` limits the call. Throws
   * ProviderError.
   */
  async read(connection: Connection, paymentId: string, budgetMs?: number): Promise<StoredPayment> {
    const known = await this.store.load(connection, paymentId);
    const { state, isFound } = await this.lookup.read(connection, known, { budgetMs, subjects: [toSubject('payment', paymentId)] });
    return this.database.transaction(async (tx) => {
      const stored = await this.store.lock(tx, connection, known);
      const after = await this.states.apply(tx, connection, stored, state, { effect: isFound, asked: toFacts(known) });
      // If this wake-up is lost, the poll finds the hold.
      if (after.row.captureAt !== null)
        tx.afterCommit(() => this.queue.wake(capturePayment, { paymentId, request: connection.request }, { deduplicationId: paymentId }));
      // If this wake-up is lost, the next reading finds the money again.
      const facts = toFacts(after);
      const isLate = mayStillBePaid(facts, this.clock.now()) && findLateMoney(facts, state) !== undefined;
      const due = {
        pending: state.toAuthorize && authorizePayment,
        succeeded: state.followUp && followUpPayment,
        canceled: isLate && giveBackMoney,
        ...{ waitingForCapture: undefined, refundSucceeded: undefined },
      };
      const duty = due[after.row.status];
      if (duty) tx.afterCommit(() => this.queue.wake(duty, { paymentId, request: connection.request }, { deduplicationId: paymentId }));
      return after;
    }, connection.request);
  }

  @HandleJob(readPayment)
  async readDue({ paymentId, request }: { paymentId: string } & JobOrigin): Promise<void> {
    const claim = await this.claim(paymentId);
    if (!claim) return;
    const found = await this.connections.findById(claim.connectionId, 'payment');
    // The module is no longer hosted here. The payment is read again once the module is back.
    if (!found) return;
    const connection = bindToRequest(found, request);
    const { code } = connection.module.manifest;
    const after = await this.read(connection, paymentId, BUDGET_MS).then(
      (read) => {
        this.outages.recordSuccess(code, connection.id);
        return read;
      },
      (error: unknown) => {
        if (isAway(error)) this.outages.recordFailure(code, connection.id, error);
        else this.logger.warn(toLogLine(`payment ${paymentId} cannot be read: ${errorText(error)}`, request));
        return this.store.load(connection, paymentId);
      },
    );
    // The time changes only if no event requested another reading in the meantime.
    await this.database.query(`UPDATE payment SET read_at = $3 WHERE id = $1 AND read_at = $2`, [
      paymentId,
      claim.until,
      computeNextReading(
        { ...after.row, ...findAwaited(toFacts(after)), lacksEvents: this.store.lacksEvents(connection) },
        this.clock.now(),
      ),
    ]);
  }

  private async claim(paymentId: string): Promise<{ connectionId: string; until: Date } | undefined> {
    const now = this.clock.now();
    const until = new Date(now.getTime() + CLAIM_MS);
    const [row] = toRows<{ connection_id: string }>(
      await this.database.dataSource.query(`UPDATE payment SET read_at = $3 WHERE id = $1 AND read_at <= $2 RETURNING connection_id`, [
        paymentId,
        now,
        until,
      ]),
    );
    return row && { connectionId: row.connection_id, until };
  }

  @HandleJob(pollPayments, { everyMs: POLL_MS })
  async wakeDue(): Promise<void> {
    const due = (column: 'read_at' | 'capture_at'): Promise<{ id: string }[]> =>
      this.database.query(
        `SELECT p.id FROM payment p JOIN live_connection c ON c.id = p.connection_id
         WHERE p.${column} <= $1 ORDER BY p.${column} LIMIT ${BATCH}`,
        [this.clock.now()],
      );
    for (const { id } of await due('read_at')) this.queue.wake(readPayment, { paymentId: id }, { deduplicationId: id });
    for (const { id } of await due('capture_at')) this.queue.wake(capturePayment, { paymentId: id }, { deduplicationId: id });
  }
}
