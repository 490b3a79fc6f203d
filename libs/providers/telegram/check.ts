import { type Language, type LocalText, textFor } from '#platform';
import { type CheckReport, cutText, quoteReasons } from '#provider-kit';
import { readBotName } from './bots.js';
import { isTaken } from './claims.js';
import { isOurs, readWebhook, showAddress } from './hooks.js';
import { type TelegramClient, TokenRefused } from './telegram.client.js';
import { readBotId, type TelegramBot, type TelegramContext, type TelegramSettings } from './telegram.settings.js';
import { texts } from './telegram.texts.js';

/** How long ago Telegram's last failure may be to be told, milliseconds. */
const RECENT_MS = 3_600_000;
const ACCOUNT_LENGTH = 200;

/**
 * Asks Telegram who the bots are and where their updates go. Tokens that it refuses and bots of another
 * connection are errors by path; another program's webhook and what Telegram could not deliver are warnings.
 * @throws ProviderError when Telegram is away
 */
export async function checkBots(client: TelegramClient, settings: TelegramSettings, context: TelegramContext): Promise<CheckReport> {
  const { language } = context.account;
  if (settings.bots.length === 0) return { warnings: { bots: textFor(texts.noBot, language) } };
  const names: string[] = [];
  const errors: Record<string, string> = {};
  const warnings: Record<string, string> = {};
  await Promise.all(
    settings.bots.map(async (bot, index) => {
      const path = `bots[${index}].token`;
      try {
        names[index] = await readBotName(client, bot, context);
        if (await isTaken(readBotId(bot), context)) errors[path] = textFor(texts.botTaken, language);
        const warning = await findTrouble(client, bot, context);
        if (warning !== undefined) warnings[path] = warning;
      } catch (error) {
        if (!(error instanceof TokenRefused)) throw error;
        errors[path] = textFor(texts.tokenRefused, language);
      }
    }),
  );
  const account = names.filter((name) => name).join(', ');
  return { ...(account !== '' && { account: cutText(account, ACCOUNT_LENGTH) }), errors, warnings };
}

/** Refuses a bot or a name that stands twice; problems by path. */
export function checkSettings({ bots }: TelegramSettings, language: Language): Record<string, string> {
  const problems: Record<string, string> = {};
  const note = (keys: string[], field: string, text: LocalText): void =>
    keys.forEach((key, index) => {
      if (keys.indexOf(key) !== index) problems[`bots[${index}].${field}`] = textFor(text, language);
    });
  note(bots.map(readBotId), 'token', texts.botTwice);
  note(
    bots.map(({ code }) => code),
    'code',
    texts.codeTwice,
  );
  return problems;
}

async function findTrouble(client: TelegramClient, bot: TelegramBot, context: TelegramContext): Promise<string | undefined> {
  const { url = '', pending_update_count: pending = 0, ...last } = await readWebhook(client, bot, context);
  const say = (text: LocalText, more: string): string => `${textFor(text, context.account.language)} ${more}`;
  if (url === '') return undefined;
  if (!isOurs(url, context, readBotId(bot))) return say(texts.othersHaveIt, showAddress(url));
  const isRecent = context.now.getTime() - (last.last_error_date ?? 0) * 1_000 < RECENT_MS;
  return pending > 0 && isRecent && last.last_error_message
    ? say(texts.notDelivered, quoteReasons([last.last_error_message]) ?? '')
    : undefined;
}
