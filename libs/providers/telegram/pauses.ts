import { makeError, type ProviderError } from '#provider-kit';
import type { TelegramContext } from './telegram.settings.js';
import { texts } from './telegram.texts.js';

/** Seconds for which a pause, or that there is none, is remembered. */
const KEPT_S = 86_400;

/** The calls that must wait: calls about a chat of a bot, or calls of the bot about no chat. */
export interface PausePlace {
  bot: string;
  chat: string;
}

/**
 * Rejects a call before the time that Telegram set in a 429, received by any process: calls that do not wait
 * lead to bans.
 * @throws ProviderError `rate_limited` with the remaining milliseconds
 */
export async function refuseEarly(place: PausePlace, context: TelegramContext): Promise<void> {
  let left = 0;
  await context.cache.update<number>(toKey(place), { ttlSeconds: KEPT_S }, (until = 0, now) => {
    left = until - now;
    return until;
  });
  if (left > 0) throw limit(left);
}

/** Notes a 429 and returns the error for it. `ms`: undefined if Telegram sets no time. */
export async function notePause(ms: number | undefined, place: PausePlace, context: TelegramContext): Promise<ProviderError> {
  if (ms !== undefined)
    await context.cache.update<number>(toKey(place), { ttlSeconds: KEPT_S }, (until = 0, now) => Math.max(until, now + ms));
  return limit(ms);
}

function limit(retryAfterMs: number | undefined): ProviderError {
  return makeError('rate_limited', texts.tooOften, retryAfterMs === undefined ? {} : { retryAfterMs });
}

function toKey({ bot, chat }: PausePlace): string {
  return `pause ${bot} ${chat}`;
}
