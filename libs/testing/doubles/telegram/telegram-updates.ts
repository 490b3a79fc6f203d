import { type WebhookAnswer, type WebhookFlush, type WebhookPost, WebhookSender } from '../../double/sender.js';
import type { TelegramBot } from './telegram-bot.js';
import type { TelegramUpdate } from './telegram-objects.js';

/** Header with what `setWebhook` was given as `secret_token`. */
export const TELEGRAM_SECRET_HEADER = 'X-Telegram-Bot-Api-Secret-Token';

interface Posting {
  bot: TelegramBot;
  update: TelegramUpdate;
  chat: number;
}

/** One posting of an update. `status` 0: no answer. */
export interface TelegramAttempt {
  bot: number;
  /** Its `update_id`. */
  update: number;
  chat: number;
  url: string;
  /** Milliseconds. */
  at: number;
  status: number;
}

/** Posts updates until 2xx: those of a chat one after the other, chats side by side. */
export class TelegramUpdates extends WebhookSender<Posting, WebhookFlush, TelegramAttempt> {
  /** How often an update is posted at most: Telegram does it for a day. */
  override attemptsMost = 1_000;
  private readonly underWay = new Set<TelegramUpdate>();
  private readonly taken = new WeakSet<TelegramUpdate>();

  constructor(private readonly complain: (what: string) => void) {
    super();
  }

  /** Posts what waits for a bot, if it has an address. */
  deliver(bot: TelegramBot): void {
    if (!bot.webhook) return;
    for (const { update, chat } of bot.pending) {
      if (this.underWay.has(update)) continue;
      this.underWay.add(update);
      this.take({ bot, update, chat });
    }
    if (this.mode === 'off') bot.pending = [];
  }

  override clear(): void {
    super.clear();
    this.underWay.clear();
  }

  protected toPost({ bot, update, chat }: Posting): WebhookPost<TelegramAttempt> | undefined {
    const { webhook } = bot;
    const isWanted = this.taken.has(update) || bot.pending.some((one) => one.update === update);
    if (!webhook || !isWanted) {
      this.underWay.delete(update);
      return undefined;
    }
    const { url, secret } = webhook;
    return {
      url,
      headers: { 'content-type': 'application/json', ...(secret !== undefined && { [TELEGRAM_SECRET_HEADER]: secret }) },
      body: JSON.stringify(update),
      attempt: { bot: bot.id, update: update.update_id, chat, url, at: Date.now() },
    };
  }

  protected override laneOf({ bot, chat }: Posting): string {
    return `${bot.id} ${chat}`;
  }

  protected override isFinal(answer: WebhookAnswer, { bot, update }: Posting): boolean {
    const isTaken = isGood(answer);
    if (!isTaken && bot.webhook) bot.webhook.lastError = { at: Date.now(), text: tellError(answer) };
    // Telegram would take it for a call, whose result and errors nobody would see.
    if (isTaken && /"method"\s*:/.test(answer.body)) this.complain(`the update ${update.update_id} was answered with a method`);
    return isTaken;
  }

  protected override conclude({ bot, update }: Posting, answer: WebhookAnswer): void {
    if (isGood(answer)) this.taken.add(update);
    else this.complain(`the update ${update.update_id} was given up: ${tellError(answer)}`);
    bot.pending = bot.pending.filter((one) => one.update !== update);
    this.underWay.delete(update);
  }
}

function isGood({ status }: WebhookAnswer): boolean {
  return status >= 200 && status < 300;
}

function tellError({ status, timedOut }: WebhookAnswer): string {
  return timedOut ? 'Read timeout expired' : status === 0 ? 'Connection refused' : `Wrong response from the webhook: ${status}`;
}
