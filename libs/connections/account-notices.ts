import { escapeHtml, type LocalText, type Transaction } from '#platform';

/** Port: tells an account's administrators something in the CRM, kept in the transaction of `tx`. The outbox fills it. */
export abstract class AccountNotices {
  /**
   * Keeps a notice about a subject: at most 160 characters without the tags, which are those of the CRM's `notifications/send`.
   * False, and nothing kept, when the account has had as many within the hour as the CRM lets through.
   */
  abstract add(connectionId: string, subject: string, text: LocalText, tx: Transaction): Promise<boolean>;

  /** Takes back what was not sent yet about a subject. */
  abstract withdraw(connectionId: string, subject: string, tx: Transaction): Promise<void>;
}

/** A module's name as the bold beginning of a notice: at most so many characters, those of its HTML counted. */
export function noticeTitle(moduleName: string, length: number): string {
  let name = moduleName;
  while (escapeHtml(name).length > length) name = [...name].slice(0, -1).join('');
  return `<b>${escapeHtml(name)}</b>`;
}
