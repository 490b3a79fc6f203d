import { Injectable, Logger } from '@nestjs/common';
import { OperationStore } from '#operations';
import {
  defineJob,
  Environment,
  HandleJob,
  type OldRow,
  type OldRows,
  Retention,
  RETENTION_EVERY_MS,
  selectOld,
  type Transaction,
} from '#platform';
import { buildCreateKey } from './payment-operations.js';

const cleanPayments = defineJob<Record<string, never>>('housekeeping', 'payment.clean');

/** Returns the statement that empties the settled payments among the ids that an SQL query selects. */
export function buildEmptyPayments(ids: string): string {
  return `UPDATE payment SET request = (request - 'customer') || '{"purged":true}'
    || jsonb_build_object('buyer', jsonb_strip_nulls(jsonb_build_object('id', request -> 'buyer' -> 'id')))
  WHERE id IN (${ids}) AND status NOT IN ('pending', 'waitingForCapture') RETURNING id`;
}

const EMPTY = buildEmptyPayments(selectOld('payment', `NOT request ? 'purged' AND status NOT IN ('pending', 'waitingForCapture')`));

interface OldPayment extends OldRow {
  connectionId: string;
  invoiceUuid: string;
}

/** Settled payments: no refund is pending and every dispute is decided. */
const OLD_PAYMENTS: OldRows = {
  columns: 'p.connection_id AS "connectionId", p.invoice_uuid AS "invoiceUuid"',
  tables: 'payment p',
  row: 'p',
  condition: `p.request ? 'purged' AND p.status NOT IN ('pending', 'waitingForCapture')
    AND NOT EXISTS (SELECT FROM payment_refund r WHERE r.payment_id = p.id AND r.status = 'pending')
    AND NOT p.disputes @> '[{"status":"inquiry"}]' AND NOT p.disputes @> '[{"status":"open"}]'`,
};

/**
 * Empties personal data of settled payments. Ids, statuses, times and money stay, because refunds need them.
 * Deletes payments with refunds, history and operations once they have not changed for
 * PAYMENT_RETENTION_DAYS.
 */
@Injectable()
export class PaymentRetention {
  private readonly logger = new Logger(PaymentRetention.name);

  constructor(
    private readonly retention: Retention,
    private readonly environment: Environment,
    private readonly operations: OperationStore,
  ) {}

  @HandleJob(cleanPayments, { everyMs: RETENTION_EVERY_MS })
  async clean(_data: object, stopping: AbortSignal): Promise<void> {
    await this.retention.emptyPersonalData('payment', EMPTY, stopping);
    const days = this.environment.PAYMENT_RETENTION_DAYS;
    // Payments of accounts that left.
    await this.retention.deleteOld('settled_payment', 'true', 'paid_at', days, stopping);
    const erased = await this.retention.eraseOld<OldPayment>(OLD_PAYMENTS, days, (tx, rows) => this.erase(tx, rows), stopping);
    if (erased > 0) this.logger.log(`${erased} old payments were deleted`);
  }

  private async erase(tx: Transaction, rows: OldPayment[]): Promise<number> {
    // Deletes refunds and history with their payment.
    await tx.query('DELETE FROM payment WHERE id = ANY ($1::uuid[])', [rows.map(({ id }) => id)]);
    await this.operations.forget(
      tx,
      rows.map(({ connectionId, invoiceUuid }) => ({ connectionId, key: buildCreateKey(invoiceUuid) })),
    );
    return rows.length;
  }
}
