import { IsArray, IsInt, IsOptional, IsString } from 'class-validator';
import { hmacSha256Hex, sha256Hex, textFor } from '#platform';
import { cleanText, type Conflict, type ConnectReport, type ConnectRequest, ProviderError } from '#provider-kit';
import { NAME, readBotName } from './bots.js';
import { claimBot, releaseBot } from './claims.js';
import { type Caller, type TelegramClient, TokenRefused } from './telegram.client.js';
import { readBotId, type TelegramBot, type TelegramContext } from './telegram.settings.js';
import { texts } from './telegram.texts.js';

/** Kinds of updates that are read; all others are left out, also of private chats. */
export const UPDATES = ['message', 'edited_message', 'my_chat_member', 'callback_query'] as const;
/** Most updates that Telegram posts at once. */
const CONNECTIONS = 20;
/** Before a bot's id, in what the connection remembers: its token, to take the webhook down; what was set. */
const TOKEN = 'token:';
const HOOK = 'hook:';

/** Reply of `getWebhookInfo`. */
export class WireWebhook {
  @IsOptional() @IsString() url?: string;
  @IsOptional() @IsArray() @IsString({ each: true }) allowed_updates?: string[];
  @IsOptional() @IsInt() pending_update_count?: number;
  @IsOptional() @IsInt() last_error_date?: number;
  @IsOptional() @IsString() last_error_message?: string;
}

/**
 * What Telegram sends in a header with each update of a bot: nobody without the key can make it, and it is
 * made again each time. The key is the bot's token.
 */
export function deriveSecret(key: string, connectionId: string, botId: string): string {
  return hmacSha256Hex(key, `telegram:${connectionId}:${botId}`);
}

/** Where Telegram posts the updates of a bot. */
export function buildAddress({ webhookUrl }: Pick<TelegramContext, 'webhookUrl'>, botId: string): string {
  return `${webhookUrl}/${botId}`;
}

/** Whether an address is this connection's for the bot, at this origin or at an earlier one. */
export function isOurs(url: string, context: TelegramContext, botId: string): boolean {
  return URL.canParse(url) && new URL(url).pathname === new URL(buildAddress(context, botId)).pathname;
}

/** Whose an address is, for people: without its query, and without what looks like a bot's token in it. */
export function showAddress(url: string): string {
  if (!URL.canParse(url)) return cleanText(url);
  const { origin, pathname } = new URL(url);
  return origin + pathname.replaceAll(/\d+(:|%3A)[\w-]+/gi, '***');
}

/** Reads what is set up at Telegram for a bot. */
export function readWebhook(client: TelegramClient, bot: Caller, context: TelegramContext): Promise<WireWebhook> {
  return client.read(WireWebhook, bot, 'getWebhookInfo', {}, context);
}

/**
 * Makes each bot post its updates to this connection, and takes down the webhooks of bots that left the
 * settings. Another program's address is told, and replaced when the account's user agrees. A bot of another
 * connection is left to that.
 * @throws ProviderError what the first bot came to, when none could be set up
 */
export async function connectBots(client: TelegramClient, { replace }: ConnectRequest, context: TelegramContext): Promise<ConnectReport> {
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
        if (!(await claimBot(id, context))) {
          warnings[`bots[${index}].token`] = textFor(texts.botTaken, context.account.language);
          return;
        }
        const found = await setUp(client, bot, replace, context, memory);
        if (found) conflict.push(found);
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        failures.push(error);
        warnings[`bots[${index}].token`] = error.message;
      }
    }),
  );
  await takeDownOthers(client, context, memory);
  const [first] = failures;
  if (first && failures.length === bots.length) throw first;
  return {
    memory,
    ...(conflict.length > 0 && { conflict }),
    ...(Object.keys(warnings).length > 0 && { warnings }),
  };
}

/** Takes down the webhooks that `connectBots` made. Throws ProviderError when Telegram is away. */
export async function disconnectBots(client: TelegramClient, context: TelegramContext): Promise<void> {
  const tokens = new Map([...listRemembered(context), ...context.settings.bots.map((bot) => [readBotId(bot), bot.token] as const)]);
  for (const [id, token] of tokens) await takeDown(client, id, token, context);
}

/** Makes one bot have its webhook; returns who holds its place. */
async function setUp(
  client: TelegramClient,
  bot: TelegramBot,
  replace: boolean,
  context: TelegramContext,
  memory: Record<string, string>,
): Promise<Conflict | undefined> {
  const id = readBotId(bot);
  memory[NAME + id] = await readBotName(client, bot, context);
  const { url = '', allowed_updates: updates = [] } = await readWebhook(client, bot, context);
  if (url !== '' && !isOurs(url, context, id) && !replace) return { about: memory[NAME + id] ?? bot.code, address: showAddress(url) };
  const address = buildAddress(context, id);
  const secret = deriveSecret(bot.token, context.connectionId, id);
  const digest = sha256Hex(`${address} ${secret}`);
  const isSame = url === address && memory[HOOK + id] === digest && sameSet(updates, UPDATES);
  if (!isSame) {
    const hook = { url: address, secret_token: secret, allowed_updates: UPDATES, max_connections: CONNECTIONS };
    await client.call(bot, 'setWebhook', hook, context);
  }
  memory[HOOK + id] = digest;
  memory[TOKEN + id] = bot.token;
  return undefined;
}

/** Bots that left the settings; what cannot be taken down now is remembered. */
async function takeDownOthers(client: TelegramClient, context: TelegramContext, memory: Record<string, string>): Promise<void> {
  const present = new Set(context.settings.bots.map(readBotId));
  for (const [id, token] of listRemembered(context)) {
    if (present.has(id)) continue;
    try {
      await takeDown(client, id, token, context);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      keepRemembered(id, context, memory);
    }
  }
}

async function takeDown(client: TelegramClient, id: string, token: string, context: TelegramContext): Promise<void> {
  try {
    const { url = '' } = await readWebhook(client, { token }, context);
    if (isOurs(url, context, id)) await client.call({ token }, 'deleteWebhook', {}, context);
  } catch (error) {
    // With a token that is refused nothing can be done any more.
    if (!(error instanceof TokenRefused)) throw error;
  }
  await releaseBot(id, context);
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
