import type { MessengerAccount } from '#chat/port';
import { cutText, extendContext, isRefusal, PlaceClaims } from '#provider-kit';
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

/**
 * Lists the bots as accounts. A bot whose token is rejected keeps the remembered name, so that the others are
 * not held up.
 * @throws ProviderError `auth` if Telegram rejects all tokens
 */
export const listBots: TelegramMethod<'listAccounts'> = async (api, context) => {
  let refusal: Error | undefined;
  let isAnyTaken = false;
  const accounts = await Promise.all(
    context.settings.bots.map(async (bot): Promise<MessengerAccount[]> => {
      const id = readBotId(bot);
      try {
        const name = await readBotName(api, extendContext(context, { bot }));
        isAnyTaken = true;
        return [{ id, name }];
      } catch (error) {
        if (!isRefusal(error, 'auth')) throw error;
        refusal = error;
        const name = context.memory[NAME + id];
        return name === undefined ? [] : [{ id, name }];
      }
    }),
  );
  if (refusal && !isAnyTaken) throw refusal;
  return accounts.flat();
};

/** A bot has one webhook, so it belongs to one connection of the deployment. By the bot's id. */
export const claims = new PlaceClaims('claim of bot ');
