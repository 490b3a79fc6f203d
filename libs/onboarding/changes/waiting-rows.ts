import { Injectable, Logger } from '@nestjs/common';
import { OutboxService } from '#outbox';
import { errorText, toLogLine, type Transaction } from '#platform';
import type { AccountChange, AccountListener } from './account-changes.js';

/** Ends the pauses of an account's outbox rows once it works again. */
@Injectable()
export class WaitingRows implements AccountListener {
  private readonly logger = new Logger(WaitingRows.name);

  constructor(private readonly outbox: OutboxService) {}

  follow(tx: Transaction, change: AccountChange): Promise<void> {
    if (change.kind === 'activity' && change.isLive) tx.afterCommit(() => void this.resume(change.connection));
    return Promise.resolve();
  }

  private async resume({ id, request }: AccountChange['connection']): Promise<void> {
    try {
      await this.outbox.resume(id);
    } catch (error) {
      this.logger.warn(toLogLine(`the waiting rows of connection ${id} are sent later: ${errorText(error)}`, request));
    }
  }
}
