import { Injectable, Logger } from '@nestjs/common';
import { bindToRequest, ConnectionStore, isLive } from '#connections';
import { Clock, Database, HandleJob, type JobOrigin, toRows, toLogLine } from '#platform';
import { ProviderError } from '#provider-kit';
import type { PaymentEntity } from './payment.entity.js';
import { toFacts } from './payment-rows.js';
import { capturePayment } from './payment-states.service.js';
import { PaymentService } from './payment.service.js';
import { PaymentStore } from './payment-store.js';

const PAUSE_MS = { least: 5_000, most: 600_000 };
/** The check is repeated until the capture still has this time before the gateway's deadline. */
const SPARE_MS = 20_000;
/** Milliseconds for which a hold that is being captured is not picked up again. */
const CLAIM_MS = 30_000;

/**
 * Captures the holds of one-stage payments after checking with the CRM. While the CRM cannot be reached, the
 * hold stays and the check is repeated at growing intervals until the gateway ends the hold.
 */
@Injectable()
export class AutomaticCapture {
  private readonly logger = new Logger(AutomaticCapture.name);

  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionStore,
    private readonly store: PaymentStore,
    private readonly payments: PaymentService,
    private readonly clock: Clock,
  ) {}

  @HandleJob(capturePayment)
  async take({ paymentId, request }: { paymentId: string } & JobOrigin): Promise<void> {
    const connectionId = await this.claim(paymentId);
    const found = connectionId && (await this.connections.findById(connectionId, 'payment'));
    if (!found || !isLive(found)) return;
    const connection = bindToRequest(found, request);
    const stored = await this.store.load(connection, paymentId);
    const { held, amount } = toFacts(stored);
    try {
      await this.payments.capture(connection, stored, held ?? amount);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      const now = this.clock.now().getTime();
      const pause = computePause(stored.row, now);
      const line = `payment ${paymentId} is held and cannot be captured yet, next try in ${Math.round(pause / 1000)} s: ${error.message}`;
      this.logger.warn(toLogLine(line, request));
      await this.database.query(`UPDATE payment SET capture_at = $2 WHERE id = $1 AND capture_at IS NOT NULL`, [
        paymentId,
        new Date(now + pause),
      ]);
    }
  }

  private async claim(paymentId: string): Promise<string | undefined> {
    const now = this.clock.now();
    const [row] = toRows<{ connection_id: string }>(
      await this.database.dataSource.query(
        `UPDATE payment SET capture_at = $3 WHERE id = $1 AND capture_at <= $2 RETURNING connection_id`,
        [paymentId, now, new Date(now.getTime() + CLAIM_MS)],
      ),
    );
    return row?.connection_id;
  }
}

/** Returns the milliseconds until the next try, fewer before the gateway's deadline. */
function computePause({ statusAt, expiresAt }: Pick<PaymentEntity, 'statusAt' | 'expiresAt'>, now: number): number {
  const left = expiresAt ? expiresAt.getTime() - now - SPARE_MS : Infinity;
  const most = left > 0 ? Math.min(left, PAUSE_MS.most) : PAUSE_MS.most;
  return Math.max(Math.min((now - statusAt.getTime()) / 4, most), PAUSE_MS.least);
}
