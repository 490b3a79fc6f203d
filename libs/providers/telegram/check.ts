import { findTwice } from '#chat/port';
import { type Language, type LocalText, textFor } from '#platform';
import { cutText, extendContext, isOwnHook, isRefusal, quoteReasons } from '#provider-kit';
import { claims, readBotName } from './bots.js';
import { showAddress } from './hooks.js';
import type { BotContext, Telegram, TelegramMethod } from './telegram.api.js';
import { readBotId, type TelegramBot, type TelegramSettings } from './telegram.settings.js';
import { texts } from './telegram.texts.js';

/** Maximum age of Telegram's last failure to be reported, in milliseconds. */
const RECENT_MS = 3_600_000;
const ACCOUNT_LENGTH = 200;

/**
 * Queries Telegram for the bots and the addresses of their updates. Tokens that it rejects and bots of
 * another connection are errors by path. Another program's webhook and updates that Telegram could not
 * deliver are warnings.
 * @throws ProviderError when Telegram is unavailable
 */
export const checkBots: TelegramMethod<'check'> = async (api, settings, context) => {
  const { language } = context.account;
  if (settings.bots.length === 0) return { warnings: { bots: textFor(texts.noBot, language) } };
  const names: string[] = [];
  const errors: Record<string, string> = {};
  const warnings: Record<string, string> = {};
  await Promise.all(
    settings.bots.map(async (bot, index) => {
      const path = `bots[${index}].token`;
      const at = extendContext(context, { bot });
      try {
        names[index] = await readBotName(api, at);
        if (await claims.isTaken(readBotId(bot), context)) errors[path] = textFor(texts.botTaken, language);
        const warning = await findTrouble(api, at);
        if (warning !== undefined) warnings[path] = warning;
      } catch (error) {
        if (!isRefusal(error, 'auth')) throw error;
        errors[path] = textFor(texts.tokenRefused, language);
      }
    }),
  );
  const account = names.filter((name) => name).join(', ');
  return { ...(account !== '' && { account: cutText(account, ACCOUNT_LENGTH) }), errors, warnings };
};

/** Rejects a bot or a name that appears twice. Problems by path. */
export function checkSettings({ bots }: TelegramSettings, language: Language): Record<string, string> {
  const token = { field: 'token', read: (bot: TelegramBot) => readBotId(bot), problem: texts.botTwice } as const;
  return findTwice(bots, [token, { field: 'code', read: ({ code }) => code, problem: texts.codeTwice }], language);
}

async function findTrouble(api: Telegram, context: BotContext): Promise<string | undefined> {
  const { url = '', pending_update_count: pending = 0, ...last } = await api.getWebhookInfo(context, {});
  const say = (text: LocalText, more: string): string => `${textFor(text, context.account.language)} ${more}`;
  if (url === '') return undefined;
  if (!isOwnHook(url, context)) return say(texts.othersHaveIt, showAddress(url));
  const isRecent = context.now.getTime() - (last.last_error_date ?? 0) * 1_000 < RECENT_MS;
  return pending > 0 && isRecent && last.last_error_message
    ? say(texts.notDelivered, quoteReasons([last.last_error_message]) ?? '')
    : undefined;
}
