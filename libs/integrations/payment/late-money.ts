import { Injectable, Logger } from '@nestjs/common';
import { bindToRequest, ConnectionStore, isLive } from '#connections';
import { Database, HandleJob, type JobOrigin, toLogLine } from '#platform';
import { ProviderError } from '#provider-kit';
import { PaymentOperations } from './payment-operations.js';
import { giveBackMoney } from './payment-states.service.js';

/**
 * Gives back money that came after an invoice was cancelled. What fails is tried again at the next reading,
 * as long as the provider has the money.
 */
@Injectable()
export class LateMoney {
  private readonly logger = new Logger(LateMoney.name);

  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionStore,
    private readonly operations: PaymentOperations,
  ) {}

  @HandleJob(giveBackMoney)
  async giveBack({ paymentId, request }: { paymentId: string } & JobOrigin): Promise<void> {
    const [row] = await this.database.query<{ connection: string }>(
      `SELECT connection_id AS connection FROM payment WHERE id = $1 AND status = 'canceled'`,
      [paymentId],
    );
    const found = row && (await this.connections.findById(row.connection, 'payment'));
    if (!found || !isLive(found)) return;
    try {
      await this.operations.change(this.operations.giveBack, bindToRequest(found, request), { paymentId });
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      this.logger.warn(toLogLine(`payment ${paymentId} came late and cannot be given back yet: ${error.message}`, request));
    }
  }
}
