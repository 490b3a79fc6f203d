import { listBotAccounts, type MessengerAccount } from '#chat/port';
import { sha256Hex } from '#platform';
import { cutText, isRefusal, makeError, PlaceClaims } from '#provider-kit';
import { type BotContext, type Max, type MaxMethod, useBot } from './max.api.js';
import type { MaxBot, MaxContext } from './max.settings.js';
import { texts } from './max.texts.js';

/** Prefix of a bot's id in the connection's memory, for its name. */
export const NAME = 'name:';
/** A bot belongs to one connection of the deployment: two would answer its customers. By the bot's id. */
export const claims = new PlaceClaims('claim of bot ');
const NAME_LENGTH = 100;
/** Seconds for which the id behind a token is remembered. It never changes. */
const ID_S = 30 * 86_400;

/** Queries MAX for the bot of a token. Throws ProviderError `auth` for a wrong token. */
export async function readBot(api: Max, context: BotContext): Promise<MessengerAccount> {
  const { user_id: id, username, first_name: first = '', avatar_url: avatar } = await api.getMe(context);
  const name = username === undefined ? cutText(first.trim(), NAME_LENGTH) || String(id) : `@${username}`;
  return { id: String(id), name, ...(avatar !== undefined && /^https?:\/\//.test(avatar) && { avatarUrl: avatar }) };
}

/** The id of a bot, which its token does not contain. */
export function readBotId(api: Max, context: BotContext): Promise<string> {
  const key = `bot ${sha256Hex(context.bot.token).slice(0, 32)}`;
  return context.cache.fetch(key, { ttlSeconds: ID_S }, async () => (await readBot(api, context)).id);
}

/** Adds the bot with this id to a context. Throws ProviderError `rejected` if the settings lack it. */
export async function openBot(api: Max, id: string, context: MaxContext): Promise<MaxContext & { readonly bot: MaxBot }> {
  let refusal: Error | undefined;
  for (const bot of context.settings.bots) {
    const at = useBot(bot, context);
    try {
      if ((await readBotId(api, at)) === id) return at;
    } catch (error) {
      // The token of another bot must not hold this one up.
      if (!isRefusal(error, 'auth')) throw error;
      refusal = error;
    }
  }
  throw refusal ?? makeError('rejected', texts.botIsGone);
}

/** Lists the bots as accounts. Throws ProviderError `auth` if MAX rejects all tokens. */
export const listBots: MaxMethod<'listAccounts'> = (api, context) =>
  listBotAccounts(
    context.settings.bots,
    (bot) => readBot(api, useBot(bot, context)),
    async (bot) => {
      const id = await readBotId(api, useBot(bot, context)).catch(() => '');
      const name = context.memory[NAME + id];
      return name === undefined ? undefined : { id, name };
    },
  );
