import { Type } from 'class-transformer';
import { IsArray, IsInt, IsOptional, IsString, ValidateNested } from 'class-validator';
import type { MediaFile, MediaRef } from '#chat/port';
import { BadInputError, getParser, textFor } from '#platform';
import { ProviderError } from '#provider-kit';
import { readChatId } from './ids.js';
import { MOST_BYTES_IN, type TelegramClient } from './telegram.client.js';
import { TelegramRefusal } from './telegram.errors.js';
import type { TelegramContext } from './telegram.settings.js';
import { texts } from './telegram.texts.js';
import { WirePhoto } from './telegram.wire.js';

/** Reply of `getFile`. */
class WireFilePath {
  @IsOptional() @IsString() file_path?: string;
  @IsOptional() @IsInt() file_size?: number;
}

/** A photo in each of its sizes, the largest last. */
class WireSizes {
  @IsArray() @ValidateNested({ each: true }) @Type(() => WirePhoto) sizes!: WirePhoto[];
}

/** Reply of `getUserProfilePhotos`: each photo is a list of its sizes. */
class WireProfilePhotos {
  @IsArray() photos!: unknown[];
}

/** Seconds for which a customer's picture, or that there is none, is remembered. */
const PICTURE_S = 86_400;

/**
 * Finds the last picture that a customer shows to bots, as it was within the last day. Its address holds the
 * token, so it is a file to be opened here.
 */
export async function findPicture(
  client: TelegramClient,
  account: string,
  customer: string,
  context: TelegramContext,
): Promise<MediaRef | undefined> {
  const bot = client.findBot(account, context);
  const user = readChatId(customer);
  if (user === undefined) return undefined;
  const ref = await context.cache.fetch(`picture ${account} ${user}`, { ttlSeconds: PICTURE_S }, async () => {
    try {
      const { photos } = await client.read(WireProfilePhotos, bot, 'getUserProfilePhotos', { user_id: user, limit: 1 }, context);
      return (
        getParser(WireSizes)
          .parse({ sizes: photos[0] ?? [] })
          .sizes.at(-1)?.file_id ?? ''
      );
    } catch (error) {
      if (error instanceof TelegramRefusal || error instanceof BadInputError) return '';
      throw error;
    }
  });
  return ref === '' ? undefined : { ref, type: 'image/jpeg' };
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
    if (size > MOST_BYTES_IN) throw new ProviderError('rejected', textFor(texts.fileTooLarge, language));
    if (path === undefined) throw new ProviderError('rejected', textFor(texts.fileGone, language));
    // The file server says of all files the same type, so it is left to the message.
    const { body, size: bytes } = await client.download(bot, path, context);
    return { body, ...(bytes !== undefined && { size: bytes }) };
  } catch (error) {
    if (!(error instanceof TelegramRefusal) || !error.says(/too big/i)) throw error;
    throw new ProviderError('rejected', textFor(texts.fileTooLarge, language), { cause: error });
  }
}
