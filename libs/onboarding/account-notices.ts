import { Injectable } from '@nestjs/common';
import { AccountNotices } from '#connections';
import { OutboxService } from '#outbox';
import type { LocalText, Transaction } from '#platform';
import { NOTIFICATION } from './notification.packer.js';

/** Notices of type `api.error` that a user takes from one key in an hour (reference: notifications/send). */
const MOST_AN_HOUR = 3;

/** Fills the port of the connections. */
@Injectable()
export class OutboxAccountNotices extends AccountNotices {
  constructor(private readonly outbox: OutboxService) {
    super();
  }

  override async add(connectionId: string, subject: string, text: LocalText, tx: Transaction): Promise<boolean> {
    const lane = { connectionId, kind: NOTIFICATION };
    if ((await this.outbox.countRecent(tx, lane)) >= MOST_AN_HOUR) return false;
    await this.outbox.add(tx, [{ ...lane, subject, payload: text }]);
    return true;
  }

  override withdraw(connectionId: string, subject: string, tx: Transaction): Promise<void> {
    return this.outbox.drop(tx, { connectionId, kind: NOTIFICATION }, subject);
  }
}
