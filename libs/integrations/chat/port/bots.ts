import { type Language, type LocalText, textFor } from '#platform/plain';
import { isRefusal } from '#provider-kit';
import type { MessengerAccount } from './messenger.js';

/**
 * Lists bots as accounts. A bot whose token is rejected keeps the account that `recall` finds, so that the
 * others are not held up.
 * @param read queries the messenger for a bot
 * @throws ProviderError `auth` if the messenger rejects all tokens
 */
export async function listBotAccounts<Bot>(
  bots: readonly Bot[],
  read: (bot: Bot) => Promise<MessengerAccount>,
  recall: (bot: Bot) => MessengerAccount | undefined | Promise<MessengerAccount | undefined>,
): Promise<MessengerAccount[]> {
  let refusal: Error | undefined;
  let isAnyTaken = false;
  const accounts = await Promise.all(
    bots.map(async (bot) => {
      try {
        const account = await read(bot);
        isAnyTaken = true;
        return account;
      } catch (error) {
        if (!isRefusal(error, 'auth')) throw error;
        refusal = error;
        return recall(bot);
      }
    }),
  );
  if (refusal && !isAnyTaken) throw refusal;
  return accounts.filter((account) => account !== undefined);
}

/** Finds bots of the settings that have the same value as an earlier one. Problems by path. */
export function findTwice<Bot>(
  bots: readonly Bot[],
  rules: readonly { field: keyof Bot & string; read(bot: Bot): unknown; problem: LocalText }[],
  language: Language,
): Record<string, string> {
  const problems: Record<string, string> = {};
  for (const { field, read, problem } of rules) {
    const keys = bots.map(read);
    keys.forEach((key, index) => {
      if (keys.indexOf(key) !== index) problems[`bots[${index}].${field}`] = textFor(problem, language);
    });
  }
  return problems;
}
