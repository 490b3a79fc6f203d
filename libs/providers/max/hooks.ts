import { fillIn, hmacSha256Hex, sha256Hex, textFor } from '#platform';
import {
  type Conflict,
  connectHook,
  disconnectHook,
  type Hook,
  type HookCalls,
  isRefusal,
  ProviderError,
  sayError,
  unlessError,
} from '#provider-kit';
import { claims, NAME, readBot, readBotId } from './bots.js';
import { type BotContext, type Max, type MaxMethod, useBot } from './max.api.js';
import type { MaxContext } from './max.settings.js';
import { texts } from './max.texts.js';

/** Kinds of updates that are read. All others are ignored, also in dialogs. */
export const UPDATES = [
  ...(['message_created', 'message_edited', 'message_removed', 'message_callback'] as const),
  ...(['bot_started', 'bot_stopped', 'dialog_removed'] as const),
];
/** Prefixes of a bot's id in the connection's memory: its token, to remove the webhook, and its webhook. */
const TOKEN = 'token:';
const HOOK = 'hook:';
/** When a lost subscription was made again, and why updates are fetched instead of posted. */
export const LOST = 'lost:';
export const POLLED = 'polled:';
/** Milliseconds for which a lost subscription is reported. */
const REPORTED_MS = 86_400_000;

/**
 * The secret that MAX sends in a header with each update of a bot. It is derived again each time, and only
 * from the key, the bot's token.
 */
export function deriveSecret(key: string, connectionId: string, botId: string): string {
  return hmacSha256Hex(key, `max:${connectionId}:${botId}`);
}

/** The warning about a subscription that was lost at this time, ISO 8601. Undefined after a day. */
export function sayLostHook(at: string | undefined, { account, now }: MaxContext): string | undefined {
  if (at === undefined || now.getTime() - Date.parse(at) >= REPORTED_MS) return undefined;
  const { language, timeZone } = account;
  const time = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(new Date(at));
  return textFor(fillIn(texts.subscribedAgain, { time }), language);
}

/**
 * Makes each bot post its updates to this connection, and removes the webhooks of bots that left the
 * settings. Another program's address is reported, and replaced when the account's user agrees. A bot of
 * another connection stays there. If MAX rejects our address, the bot's updates are fetched.
 * @throws ProviderError of the first bot, when none could be set up
 */
export const connectBots: MaxMethod<'connect'> = async (api, { replace }, context) => {
  const memory: Record<string, string> = { ...context.memory };
  const conflict: Conflict[] = [];
  const warnings: Record<string, string> = {};
  const failures: ProviderError[] = [];
  const present = new Set<string>();
  const { bots } = context.settings;
  const { language } = context.account;
  await Promise.all(
    bots.map(async (bot, index) => {
      const path = `bots[${index}].token`;
      const at = useBot(bot, context);
      try {
        const { id, name } = await readBot(api, at);
        present.add(id);
        memory[NAME + id] = name;
        if (!(await claims.claim(id, context))) {
          warnings[path] = textFor(texts.botTaken, language);
          return;
        }
        conflict.push(...(await setUp(api, { id, name, replace }, at, memory)));
        const warning = memory[POLLED + id] ?? sayLostHook(memory[LOST + id], context);
        if (warning !== undefined) warnings['bots'] = warning;
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        failures.push(error);
        for (const [id, token] of listRemembered(context)) if (token === bot.token) present.add(id);
        warnings[path] = sayError(error, language);
      }
    }),
  );
  await takeDownOthers(api, present, context, memory);
  const [first] = failures;
  if (first && failures.length === bots.length) throw first;
  return {
    memory,
    ...(conflict.length > 0 && { conflict }),
    ...(Object.keys(warnings).length > 0 && { warnings }),
  };
};

/** Removes the webhooks that `connectBots` made. Throws ProviderError when MAX is unavailable. */
export const disconnectBots: MaxMethod<'disconnect'> = async (api, context) => {
  const tokens = new Map(listRemembered(context));
  for (const bot of context.settings.bots) {
    const id = await unlessError(
      (error) => isRefusal(error, 'auth'),
      readBotId(api, useBot(bot, context)),
      () => undefined,
    );
    if (id !== undefined) tokens.set(id, bot.token);
  }
  for (const [id, token] of tokens) await takeDown(api, id, token, context);
};

/** Sets up one bot's webhook. Returns the program that occupies its place. */
async function setUp(
  api: Max,
  { id, name, replace }: { id: string; name: string; replace: boolean },
  context: BotContext,
  memory: Record<string, string>,
): Promise<Conflict[]> {
  const secret = deriveSecret(context.bot.token, context.connectionId, id);
  const digest = sha256Hex(`${context.webhookUrl}/${id} ${secret}`);
  const isSame = memory[HOOK + id] === digest;
  memory[TOKEN + id] = context.bot.token;
  let isMade = false;
  const calls = buildHookCalls(api, id, { secret, isSame, onMade: () => (isMade = true) });
  try {
    const { conflict } = await connectHook(calls, { replace }, context);
    if (conflict) return conflict.map(({ address = '' }) => ({ about: name, address }));
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const { language } = context.account;
    memory[POLLED + id] = `${textFor(texts.polled, language)} ${sayError(error, language)}`;
    delete memory[HOOK + id];
    return [];
  }
  // MAX removes an address that has failed for eight hours.
  if (isMade && isSame) memory[LOST + id] = context.now.toISOString();
  memory[HOOK + id] = digest;
  delete memory[POLLED + id];
  return [];
}

/** `isSame`: address and secret have not changed since they were set. */
function buildHookCalls(
  api: Max,
  id: string,
  { secret = '', isSame = true, onMade }: { secret?: string; isSame?: boolean; onMade?: () => void } = {},
): HookCalls<Hook, BotContext> {
  const create = async (url: string, context: BotContext): Promise<void> => {
    await api.subscribe(context, { json: { url, update_types: UPDATES, secret } });
    onMade?.();
  };
  const remove = async ({ url }: Hook, context: BotContext): Promise<void> => {
    await api.unlessMissing(api.unsubscribe(context, { query: { url } }));
  };
  return {
    // A second program would answer the same customers.
    most: 1,
    address: ({ webhookUrl }) => `${webhookUrl}/${id}`,
    async list(context) {
      const { subscriptions } = await api.getSubscriptions(context);
      return subscriptions.map(({ url, update_types: types = [] }) => ({
        id: url,
        url,
        isOff: !isSame || types.toSorted().join() !== UPDATES.toSorted().join(),
      }));
    },
    create,
    async move(hook, url, context) {
      await remove(hook, context);
      await create(url, context);
    },
    remove,
  };
}

/** Removes bots that left the settings. Webhooks that cannot be removed now stay remembered. */
async function takeDownOthers(api: Max, present: ReadonlySet<string>, context: MaxContext, memory: Record<string, string>): Promise<void> {
  for (const [id, token] of listRemembered(context)) {
    if (present.has(id)) continue;
    try {
      await takeDown(api, id, token, context);
      for (const name of [NAME, TOKEN, HOOK, LOST, POLLED]) delete memory[name + id];
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
    }
  }
}

async function takeDown(api: Max, id: string, token: string, context: MaxContext): Promise<void> {
  const removed = disconnectHook(buildHookCalls(api, id), useBot({ token }, context));
  // Nothing can be done with a token that is refused.
  await unlessError(
    (error) => isRefusal(error, 'auth'),
    removed,
    () => undefined,
  );
  await claims.release(id, context);
}

function listRemembered({ memory }: MaxContext): [id: string, token: string][] {
  return Object.entries(memory).flatMap(([name, token]) => (name.startsWith(TOKEN) ? [[name.slice(TOKEN.length), token]] : []));
}
