import { IsBoolean, IsInt, IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';
import type { MessengerAccount } from '#chat/port';
import { cutText } from '#provider-kit';
import { type TelegramClient, TokenRefused } from './telegram.client.js';
import { readBotId, type TelegramBot, type TelegramContext } from './telegram.settings.js';

/** Before a bot's id, in what the connection remembers: its name. */
export const NAME = 'name:';
const NAME_LENGTH = 100;

/** Reply of `getMe`. */
export class WireBot {
  @IsInt() id!: number;
  @IsString() @MaxLength(255) first_name!: string;
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(64) username?: string;
  @IsOptional() @IsBoolean() is_bot?: boolean;
}

/** Asks Telegram for a bot's name: `@username`. */
export async function readBotName(client: TelegramClient, bot: Pick<TelegramBot, 'token'>, context: TelegramContext): Promise<string> {
  const { username, first_name: name, id } = await client.read(WireBot, bot, 'getMe', {}, context);
  return username === undefined ? cutText(name.trim(), NAME_LENGTH) || String(id) : `@${username}`;
}

/**
 * Lists the bots as accounts. One whose token is refused keeps the name that the connection remembers, so
 * that the others are not held up.
 * @throws TokenRefused when Telegram takes none of the tokens
 */
export async function listBots(client: TelegramClient, context: TelegramContext): Promise<MessengerAccount[]> {
  let refusal: TokenRefused | undefined;
  let isAnyTaken = false;
  const accounts = await Promise.all(
    context.settings.bots.map(async (bot): Promise<MessengerAccount[]> => {
      const id = readBotId(bot);
      try {
        const name = await readBotName(client, bot, context);
        isAnyTaken = true;
        return [{ id, name }];
      } catch (error) {
        if (!(error instanceof TokenRefused)) throw error;
        refusal = error;
        const name = context.memory[NAME + id];
        return name === undefined ? [] : [{ id, name }];
      }
    }),
  );
  if (refusal && !isAnyTaken) throw refusal;
  return accounts.flat();
}
