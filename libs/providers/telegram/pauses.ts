import { makeError, type ProviderError, SharedNote } from '#provider-kit';
import type { TelegramContext } from './telegram.settings.js';
import { texts } from './telegram.texts.js';

/** When pauses end, milliseconds of the clock that all processes share: by bot and chat. */
const pauses = new SharedNote<number>('pause ', { ttlSeconds: 86_400 });

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
  const read = (until: number | null, now: number): number | null => {
    left = (until ?? 0) - now;
    return until;
  };
  await pauses.change(toKey(place), read, context);
  if (left > 0) throw limit(left);
}

/** Notes a 429 and returns the error for it. `ms`: undefined if Telegram sets no time. */
export async function notePause(ms: number | undefined, place: PausePlace, context: TelegramContext): Promise<ProviderError> {
  if (ms !== undefined) await pauses.change(toKey(place), (until, now) => Math.max(until ?? 0, now + ms), context);
  return limit(ms);
}

function limit(retryAfterMs: number | undefined): ProviderError {
  return makeError('rate_limited', texts.tooOften, retryAfterMs === undefined ? {} : { retryAfterMs });
}

function toKey({ bot, chat }: PausePlace): string {
  return `${bot} ${chat}`;
}
