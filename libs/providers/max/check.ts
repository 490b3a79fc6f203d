import { type Language, type LocalText, textFor } from '#platform';
import { cutText, isOwnHook, isRefusal } from '#provider-kit';
import { type BotInfo, claims, readBot } from './bots.js';
import { LOST, POLLED, sayLostHook, showAddress } from './hooks.js';
import { type BotContext, type Max, type MaxMethod, useBot } from './max.api.js';
import type { MaxSettings } from './max.settings.js';
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
  const found: (BotInfo | undefined)[] = [];
  const errors: Record<string, string> = {};
  const warnings: Record<string, string> = {};
  await Promise.all(
    settings.bots.map(async (bot, index) => {
      const path = `bots[${index}].token`;
      const at = useBot(bot, context);
      try {
        const own = (found[index] = await readBot(api, at));
        if (await claims.isTaken(own.id, context)) errors[path] = textFor(texts.botTaken, language);
        const warning = await findTrouble(api, own, at);
        if (warning !== undefined) warnings[path] = warning;
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
  const problems: Record<string, string> = {};
  const note = (field: 'token' | 'code', text: LocalText): void => {
    const keys = bots.map((bot) => bot[field]);
    keys.forEach((key, index) => {
      if (keys.indexOf(key) !== index) problems[`bots[${index}].${field}`] = textFor(text, language);
    });
  };
  note('token', texts.botTwice);
  note('code', texts.codeTwice);
  return problems;
}

async function findTrouble(api: Max, { id }: BotInfo, context: BotContext): Promise<string | undefined> {
  const { language } = context.account;
  const { subscriptions } = await api.getSubscriptions(context);
  const other = subscriptions.find(({ url }) => !isOwnHook(url, context));
  if (other) return `${textFor(texts.othersHaveIt, language)} ${showAddress(other.url)}`;
  const polled = context.memory[POLLED + id];
  return polled ?? sayLostHook(context.memory[LOST + id], context);
}
