import { hmacSha256Hex, sha256Hex, textFor } from '#platform';
import {
  type Conflict,
  connectHook,
  disconnectHook,
  extendContext,
  hideQuery,
  type Hook,
  type HookCalls,
  isRefusal,
  ProviderError,
  sayError,
  unlessError,
} from '#provider-kit';
import { claims, NAME, readBotName } from './bots.js';
import type { BotContext, Telegram, TelegramMethod } from './telegram.api.js';
import { readBotId, type TelegramContext } from './telegram.settings.js';
import { texts } from './telegram.texts.js';

/** Kinds of updates that are read. All others are ignored, also in private chats. */
export const UPDATES = ['message', 'edited_message', 'my_chat_member', 'callback_query'] as const;
/** Maximum number of updates that Telegram posts at the same time. */
const CONNECTIONS = 20;
/** Prefixes of a bot's id in the connection's memory: its token, to remove the webhook, and its webhook. */
const TOKEN = 'token:';
const HOOK = 'hook:';

/**
 * The secret that Telegram sends in a header with each update of a bot. It is derived again each time, and
 * only from the key, the bot's token.
 */
export function deriveSecret(key: string, connectionId: string, botId: string): string {
  return hmacSha256Hex(key, `telegram:${connectionId}:${botId}`);
}

/** An address for people: without its query, and without parts that look like a bot's token. */
export function showAddress(url: string): string {
  return hideQuery(url).replaceAll(/\d+(:|%3A)[\w-]{10,}/gi, '***');
}

/**
 * Makes each bot post its updates to this connection, and removes the webhooks of bots that left the
 * settings. Another program's address is reported, and replaced when the account's user agrees. A bot of
 * another connection stays there.
 * @throws ProviderError of the first bot, when none could be set up
 */
export const connectBots: TelegramMethod<'connect'> = async (api, { replace }, context) => {
  const memory: Record<string, string> = {};
  const conflict: Conflict[] = [];
  const warnings: Record<string, string> = {};
  const failures: ProviderError[] = [];
  const { bots } = context.settings;
  await Promise.all(
    bots.map(async (bot, index) => {
      const id = readBotId(bot);
      keepRemembered(id, context, memory);
      try {
        if (!(await claims.claim(id, context))) {
          warnings[`bots[${index}].token`] = textFor(texts.botTaken, context.account.language);
          return;
        }
        const found = await setUp(api, replace, extendContext(context, { bot }), memory);
        conflict.push(...found);
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        failures.push(error);
        warnings[`bots[${index}].token`] = sayError(error, context.account.language);
      }
    }),
  );
  await takeDownOthers(api, context, memory);
  const [first] = failures;
  if (first && failures.length === bots.length) throw first;
  return {
    memory,
    ...(conflict.length > 0 && { conflict }),
    ...(Object.keys(warnings).length > 0 && { warnings }),
  };
};

/** Removes the webhooks that `connectBots` made. Throws ProviderError when Telegram is unavailable. */
export const disconnectBots: TelegramMethod<'disconnect'> = async (api, context) => {
  const tokens = new Map([...listRemembered(context), ...context.settings.bots.map((bot) => [readBotId(bot), bot.token] as const)]);
  for (const [id, token] of tokens) await takeDown(api, id, token, context);
};

/** Sets up one bot's webhook. Returns the program that occupies its place. */
async function setUp(api: Telegram, replace: boolean, context: BotContext, memory: Record<string, string>): Promise<Conflict[]> {
  const { token } = context.bot;
  const id = readBotId(context.bot);
  memory[NAME + id] = await readBotName(api, context);
  const secret = deriveSecret(token, context.connectionId, id);
  const digest = sha256Hex(`${context.webhookUrl}/${id} ${secret}`);
  const calls = buildHookCalls(api, id, secret, memory[HOOK + id] === digest);
  const { conflict } = await connectHook(calls, { replace }, context);
  if (conflict) return conflict.map(({ address = '' }) => ({ about: memory[NAME + id] ?? id, address: showAddress(address) }));
  memory[HOOK + id] = digest;
  memory[TOKEN + id] = token;
  return [];
}

/** A bot has one webhook. `isSame`: its address and secret have not changed since they were set. */
function buildHookCalls(api: Telegram, id: string, secret = '', isSame = true): HookCalls<Hook, BotContext> {
  const set = (url: string, context: BotContext): Promise<unknown> =>
    api.setWebhook(context, { url, secret_token: secret, allowed_updates: UPDATES, max_connections: CONNECTIONS });
  return {
    hasOnePlace: true,
    address: ({ webhookUrl }) => `${webhookUrl}/${id}`,
    async list(context) {
      const { url = '', allowed_updates: updates = [] } = await api.getWebhookInfo(context, {});
      return url === '' ? [] : [{ id, url, isOff: !isSame || !sameSet(updates, UPDATES) }];
    },
    create: set,
    move: (_hook, url, context) => set(url, context),
    remove: (_hook, context) => api.deleteWebhook(context, {}),
  };
}

/** Removes bots that left the settings. Webhooks that cannot be removed now are remembered. */
async function takeDownOthers(api: Telegram, context: TelegramContext, memory: Record<string, string>): Promise<void> {
  const present = new Set(context.settings.bots.map(readBotId));
  for (const [id, token] of listRemembered(context)) {
    if (present.has(id)) continue;
    try {
      await takeDown(api, id, token, context);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      keepRemembered(id, context, memory);
    }
  }
}

async function takeDown(api: Telegram, id: string, token: string, context: TelegramContext): Promise<void> {
  const removed = disconnectHook(buildHookCalls(api, id), extendContext(context, { bot: { token } }));
  // Nothing can be done with a token that is refused.
  await unlessError(
    (error) => isRefusal(error, 'auth'),
    removed,
    () => undefined,
  );
  await claims.release(id, context);
}

function listRemembered({ memory }: TelegramContext): [id: string, token: string][] {
  return Object.entries(memory).flatMap(([name, token]) => (name.startsWith(TOKEN) ? [[name.slice(TOKEN.length), token]] : []));
}

function keepRemembered(id: string, context: TelegramContext, memory: Record<string, string>): void {
  for (const name of [NAME + id, TOKEN + id, HOOK + id]) {
    const value = context.memory[name];
    if (value !== undefined) memory[name] = value;
  }
}

function sameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && other.every((item) => one.includes(item));
}
