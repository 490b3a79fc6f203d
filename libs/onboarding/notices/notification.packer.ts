import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import type { OutboxEntry, OutboxPacker } from '#outbox';
import type { CrmClient } from '#crm-client';
import { type LocalText, textFor } from '#platform';

/** Outbox kind of notices. */
export const NOTIFICATION = 'notification';

/**
 * Sends notices to an account's administrators, one per call. If there are several notices about one subject,
 * only the last is sent.
 */
@Injectable()
export class NotificationPacker implements OutboxPacker<LocalText> {
  readonly kind = NOTIFICATION;
  readonly maxSubjects = 1;
  readonly lingerMs = 0;

  async send(crm: CrmClient, connection: Connection, entries: OutboxEntry<LocalText>[], signal: AbortSignal): Promise<void> {
    const text = entries.at(-1)?.payload;
    if (!text) return;
    const message = textFor(text, connection.account.language);
    await crm.notifications.send({ notification: { type: 'api.error', userGroups: ['superadmins'], message } }, { signal });
  }
}
