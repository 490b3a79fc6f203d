import type { MessengerAccount } from '#chat/port';
import { sha256Hex } from '#platform';
import { cutText, extendContext, isRefusal, SharedNote } from '#provider-kit';
import type { BotContext, Telegram, TelegramMethod } from './telegram.api.js';
import { readBotId, type TelegramContext } from './telegram.settings.js';

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

/**
 * A bot has one webhook, so it belongs to one connection of the deployment: which, and when it last renewed
 * its claim.
 */
interface Claim {
  /** Digest of the connection's id. */
  by: string;
  /** Milliseconds since 1970. */
  at: number;
}

/** Seconds for which a silent connection keeps its bot. */
const KEPT_S = 7 * 86_400;
/** By the bot's id. All connections see them. */
const claims = new SharedNote<Claim>('claim of bot ', { ttlSeconds: KEPT_S, scope: 'provider' });

/** Whether another connection has the bot. */
export async function isTaken(botId: string, context: TelegramContext): Promise<boolean> {
  return isOthers(await change(botId, context, (claim) => claim), context);
}

/** Claims the bot for this connection. Returns false when another has it. */
export async function claimBot(botId: string, context: TelegramContext): Promise<boolean> {
  const by = sha256Hex(context.connectionId);
  return !isOthers(await change(botId, context, (claim, at) => (isOthers(claim, context) ? claim : { by, at })), context);
}

/** Gives the bot up, if it is this connection's. */
export async function releaseBot(botId: string, context: TelegramContext): Promise<void> {
  await change(botId, context, (claim) => (isOthers(claim, context) ? claim : null));
}

/** Changes who has a bot. An old claim does not count. */
function change(botId: string, context: TelegramContext, make: (claim: Claim | null, now: number) => Claim | null): Promise<Claim | null> {
  return claims.change(botId, (claim, now) => make(claim && now - claim.at < KEPT_S * 1_000 ? claim : null, now), context);
}

function isOthers(claim: Claim | null, { connectionId }: TelegramContext): claim is Claim {
  return claim !== null && claim.by !== sha256Hex(connectionId);
}
