import { Injectable } from '@nestjs/common';
import { OutboxService } from '#outbox';
import { escapeHtml, type LocalText, type Transaction } from '#platform';
import { NOTIFICATION } from './notification.packer.js';

/**
 * Maximum number of `api.error` notices per hour that a user accepts from one key (reference:
 * notifications/send).
 */
const MOST_AN_HOUR = 3;

/** Sends notices to an account's administrators in the CRM, through the outbox. */
@Injectable()
export class AccountNotices {
  constructor(private readonly outbox: OutboxService) {}

  /**
   * Adds a notice in `tx`: at most 160 characters without tags, which follow the CRM's `notifications/send`.
   * Returns false, and adds nothing, if the account has reached the CRM's hourly limit.
   */
  async add(connectionId: string, subject: string, text: LocalText, tx: Transaction): Promise<boolean> {
    const lane = { connectionId, kind: NOTIFICATION };
    if ((await this.outbox.countRecent(tx, lane)) >= MOST_AN_HOUR) return false;
    await this.outbox.add(tx, [{ ...lane, subject, payload: text }]);
    return true;
  }

  /** Withdraws unsent notices about a subject. */
  withdraw(connectionId: string, subject: string, tx: Transaction): Promise<void> {
    return this.outbox.drop(tx, { connectionId, kind: NOTIFICATION }, subject);
  }
}

/** Formats a module's name as a notice's bold title of at most `length` characters, HTML entities counted. */
export function formatNoticeTitle(moduleName: string, length: number): string {
  let name = moduleName;
  while (escapeHtml(name).length > length) name = [...name].slice(0, -1).join('');
  return `<b>${escapeHtml(name)}</b>`;
}
