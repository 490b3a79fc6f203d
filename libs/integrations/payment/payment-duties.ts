import { Injectable, Logger } from '@nestjs/common';
import { bindToRequest, ConnectionStore, isLive } from '#connections';
import { Database, defineJob, HandleJob, type JobOrigin, toLogLine } from '#platform';
import { ProviderError } from '#provider-kit';
import { PaymentOperations } from './payment-operations.js';

/** Refunds money that arrived after an invoice was cancelled. */
export const giveBackMoney = defineJob<{ paymentId: string }>('inbox', 'payment.give-back');
/** Calls the provider's `authorize` after the buyer approved. */
export const authorizePayment = defineJob<{ paymentId: string }>('inbox', 'payment.authorize');
/** Calls the provider's `followUp` after a payment was captured. */
export const followUpPayment = defineJob<{ paymentId: string }>('inbox', 'payment.follow-up');

/**
 * Performs the actions that a reading found due. Failed actions are retried at the next reading while the
 * provider reports them.
 */
@Injectable()
export class PaymentDuties {
  private readonly logger = new Logger(PaymentDuties.name);

  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionStore,
    private readonly operations: PaymentOperations,
  ) {}

  @HandleJob(giveBackMoney)
  giveBack(job: { paymentId: string } & JobOrigin): Promise<void> {
    return this.perform('giveBack', job, 'was paid late and cannot be refunded yet');
  }

  @HandleJob(authorizePayment)
  authorize(job: { paymentId: string } & JobOrigin): Promise<void> {
    return this.perform('authorize', job, 'was approved by its buyer and is not held yet');
  }

  @HandleJob(followUpPayment)
  followUp(job: { paymentId: string } & JobOrigin): Promise<void> {
    return this.perform('followUp', job, 'lacks a follow-up, such as a receipt');
  }

  private async perform(
    kind: 'giveBack' | 'authorize' | 'followUp',
    { paymentId, request }: { paymentId: string } & JobOrigin,
    otherwise: string,
  ): Promise<void> {
    const [row] = await this.database.query<{ connection: string }>(`SELECT connection_id AS connection FROM payment WHERE id = $1`, [
      paymentId,
    ]);
    const found = row && (await this.connections.findById(row.connection, 'payment'));
    if (!found || !isLive(found)) return;
    try {
      await this.operations.change(this.operations[kind], bindToRequest(found, request), { paymentId });
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      this.logger.warn(toLogLine(`payment ${paymentId} ${otherwise}: ${error.message}`, request));
    }
  }
}
