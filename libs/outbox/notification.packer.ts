import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AccountNotices, type Connection } from '#connections';
import type { CrmClient } from '#crm-client';
import { type LocalText, rowsOf, textFor, type Transaction } from '#platform';
import { type OutboxEntry, type OutboxPacker, OutboxPackers } from './outbox-packer.js';
import { OutboxService } from './outbox.service.js';

const KIND = 'notification';
/** Notices of type `api.error` that a user takes from one key in an hour (reference: notifications/send). */
const MOST_AN_HOUR = 3;

/** Sends notices to an account's administrators, one a call; of several that wait about one subject only the last. */
@Injectable()
export class NotificationPacker implements OutboxPacker<LocalText>, OnModuleInit {
  readonly kind = KIND;
  readonly maxSubjects = 1;
  readonly lingerMs = 0;

  constructor(private readonly packers: OutboxPackers) {}

  onModuleInit(): void {
    this.packers.add(this);
  }

  async send(crm: CrmClient, connection: Connection, entries: OutboxEntry<LocalText>[], signal: AbortSignal): Promise<void> {
    const text = entries.at(-1)?.payload;
    if (!text) return;
    const message = textFor(text, connection.account.language);
    await crm.notifications.send({ notification: { type: 'api.error', userGroups: ['superadmins'], message } }, { signal });
  }
}

/** Fills the port of the connections. */
@Injectable()
export class OutboxAccountNotices extends AccountNotices {
  constructor(private readonly outbox: OutboxService) {
    super();
  }

  override async add(connectionId: string, subject: string, text: LocalText, tx: Transaction): Promise<boolean> {
    const [{ recent } = { recent: 0 }] = rowsOf<{ recent: number }>(
      await tx.query(
        `SELECT count(*)::int AS recent FROM outbox
         WHERE connection_id = $1 AND kind = $2 AND (state = 'pending' OR (state = 'sent' AND sent_at > now() - interval '1 hour'))`,
        [connectionId, KIND],
      ),
    );
    if (recent >= MOST_AN_HOUR) return false;
    await this.outbox.add(tx, [{ connectionId, kind: KIND, subject, payload: text }]);
    return true;
  }

  override withdraw(connectionId: string, subject: string, tx: Transaction): Promise<void> {
    return this.outbox.drop(tx, { connectionId, kind: KIND }, subject);
  }
}
