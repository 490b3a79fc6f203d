import { IsInt, IsOptional, IsString } from 'class-validator';
import type { MediaFile } from '#chat/port';
import { textFor } from '#platform';
import { ProviderError } from '#provider-kit';
import { MOST_BYTES_IN, type TelegramClient } from './telegram.client.js';
import { TelegramRefusal } from './telegram.errors.js';
import type { TelegramContext } from './telegram.settings.js';
import { FILE_GONE, FILE_TOO_LARGE } from './telegram.texts.js';

/** Reply of `getFile`. */
class WireFilePath {
  @IsOptional() @IsString() file_path?: string;
  @IsOptional() @IsInt() file_size?: number;
}

/**
 * Opens a customer's file. Its address holds for an hour, so it is asked for each time.
 * @throws ProviderError `rejected` for one that is gone or larger than bots may have
 */
export async function openMedia(client: TelegramClient, account: string, ref: string, context: TelegramContext): Promise<MediaFile> {
  const bot = client.findBot(account, context);
  const { language } = context.account;
  try {
    const { file_path: path, file_size: size = 0 } = await client.read(WireFilePath, bot, 'getFile', { file_id: ref }, context);
    if (size > MOST_BYTES_IN) throw new ProviderError('rejected', textFor(FILE_TOO_LARGE, language));
    if (path === undefined) throw new ProviderError('rejected', textFor(FILE_GONE, language));
    // The file server says of all files the same type, so it is left to the message.
    const { body, size: bytes } = await client.download(bot, path, context);
    return { body, ...(bytes !== undefined && { size: bytes }) };
  } catch (error) {
    if (!(error instanceof TelegramRefusal) || !error.says(/too big/i)) throw error;
    throw new ProviderError('rejected', textFor(FILE_TOO_LARGE, language), { cause: error });
  }
}
