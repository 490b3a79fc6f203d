import { Injectable } from '@nestjs/common';
import { defineJob, HandleJob, Retention, RETENTION_EVERY_MS, selectOld } from '#platform';

const cleanPayments = defineJob<Record<string, never>>('housekeeping', 'payment.clean');

const EMPTY = `UPDATE payment SET request = request || '{"purged":true}'
    || jsonb_build_object('buyer', jsonb_strip_nulls(jsonb_build_object('id', request -> 'buyer' -> 'id')))
  WHERE id IN (${selectOld('payment', `NOT request ? 'purged' AND status NOT IN ('pending', 'waitingForCapture')`)}) RETURNING id`;

/** Empties personal data of settled payments. Ids, statuses, times and money stay: refunds need them. */
@Injectable()
export class PaymentRetention {
  constructor(private readonly retention: Retention) {}

  @HandleJob(cleanPayments, { everyMs: RETENTION_EVERY_MS })
  clean(_data: object, stopping: AbortSignal): Promise<void> {
    return this.retention.emptyPersonalData('payment', EMPTY, stopping);
  }
}
