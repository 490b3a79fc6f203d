import { findTwice, type MessengerAccount } from '#chat/port';
import { type Language, textFor } from '#platform';
import { cutText, hideQuery, isOwnHook, isRefusal } from '#provider-kit';
import { claims, readBot } from './bots.js';
import { LOST, POLLED, sayLostHook } from './hooks.js';
import { type BotContext, type Max, type MaxMethod, useBot } from './max.api.js';
import type { MaxBot, MaxSettings } from './max.settings.js';
import { texts } from './max.texts.js';

const ACCOUNT_LENGTH = 200;

/**
 * Queries MAX for the bots and the addresses of their updates. Tokens that it rejects, a bot that is listed
 * twice and bots of another connection are errors by path. Another program's address, a subscription that was
 * lost lately and polling are warnings.
 * @throws ProviderError when MAX is unavailable
 */
export const checkBots: MaxMethod<'check'> = async (api, settings, context) => {
  const { language } = context.account;
  if (settings.bots.length === 0) return { warnings: { bots: textFor(texts.noBot, language) } };
  const found: (MessengerAccount | undefined)[] = [];
  const errors: Record<string, string> = {};
  const warnings: Record<string, string> = {};
  await Promise.all(
    settings.bots.map(async (bot, index) => {
      const path = `bots[${index}].token`;
      const at = useBot(bot, context);
      try {
        const own = (found[index] = await readBot(api, at));
        if (await claims.isTaken(own.id, context)) errors[path] = textFor(texts.botTaken, language);
        Object.assign(warnings, await findTrouble(api, own, path, at));
      } catch (error) {
        if (!isRefusal(error, 'auth')) throw error;
        errors[path] = textFor(texts.tokenRefused, language);
      }
    }),
  );
  const ids = found.map((one) => one?.id);
  ids.forEach((id, index) => {
    if (id !== undefined && ids.indexOf(id) !== index) errors[`bots[${index}].token`] = textFor(texts.botTwice, language);
  });
  const account = found.flatMap((one) => one?.name ?? []).join(', ');
  return { ...(account !== '' && { account: cutText(account, ACCOUNT_LENGTH) }), errors, warnings };
};

/** Rejects a token or a name that appears twice. Problems by path. */
export function checkSettings({ bots }: MaxSettings, language: Language): Record<string, string> {
  const token = { field: 'token', read: (bot: MaxBot) => bot.token, problem: texts.botTwice } as const;
  return findTwice(bots, [token, { field: 'code', read: ({ code }) => code, problem: texts.codeTwice }], language);
}

async function findTrouble(api: Max, { id }: MessengerAccount, path: string, context: BotContext): Promise<Record<string, string>> {
  const { language } = context.account;
  const { subscriptions } = await api.getSubscriptions(context);
  const other = subscriptions.find(({ url }) => !isOwnHook(url, context));
  if (other) return { [path]: `${textFor(texts.othersHaveIt, language)} ${hideQuery(other.url)}` };
  const warning = context.memory[POLLED + id] ?? sayLostHook(context.memory[LOST + id], context);
  return warning === undefined ? {} : { bots: warning };
}
