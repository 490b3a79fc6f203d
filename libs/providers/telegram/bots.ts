import { listBotAccounts } from '#chat/port';
import { cutText, extendContext, PlaceClaims } from '#provider-kit';
import type { BotContext, Telegram, TelegramMethod } from './telegram.api.js';
import { readBotId } from './telegram.settings.js';

/** Prefix of a bot's id in the connection's memory, for its name. */
export const NAME = 'name:';
const NAME_LENGTH = 100;

/** Reads a bot's name: `@username`. */
export async function readBotName(api: Telegram, context: BotContext): Promise<string> {
  const { username, first_name: name, id } = await api.getMe(context, {});
  return username === undefined ? cutText(name.trim(), NAME_LENGTH) || String(id) : `@${username}`;
}

/** Lists the bots as accounts. Throws ProviderError `auth` if Telegram rejects all tokens. */
export const listBots: TelegramMethod<'listAccounts'> = (api, context) =>
  listBotAccounts(
    context.settings.bots,
    async (bot) => ({ id: readBotId(bot), name: await readBotName(api, extendContext(context, { bot })) }),
    (bot) => {
      const id = readBotId(bot);
      const name = context.memory[NAME + id];
      return name === undefined ? undefined : { id, name };
    },
  );

/** A bot has one webhook, so it belongs to one connection of the deployment. By the bot's id. */
export const claims = new PlaceClaims('claim of bot ');
