import { isRefusal, makeError, unlessError } from '#provider-kit';
import { readChatId } from './ids.js';
import { MOST_BYTES_IN, openBot, type TelegramMethod } from './telegram.api.js';
import { texts } from './telegram.texts.js';

/** Seconds for which a customer's picture, or that there is none, is remembered. */
const PICTURE_S = 86_400;

/**
 * Finds the last picture that a customer shows to bots, at most a day old. Its address contains the token, so
 * the file is opened here.
 */
export const findPicture: TelegramMethod<'findPicture'> = async (api, account, customer, context) => {
  const at = openBot(account, context);
  const user = readChatId(customer);
  if (user === undefined) return undefined;
  const ref = await context.cache.fetch(`picture ${account} ${user}`, { ttlSeconds: PICTURE_S }, async () => {
    const found = await unlessError(isRefusal, api.getUserProfilePhotos(at, { user_id: user, limit: 1 }), () => undefined);
    return found?.photos[0]?.at(-1)?.file_id ?? '';
  });
  return ref === '' ? undefined : { ref, type: 'image/jpeg' };
};

/**
 * Opens a customer's file. Its address is valid for an hour, so it is requested each time.
 * @throws ProviderError `rejected` for a file that is gone or too large for bots
 */
export const openMedia: TelegramMethod<'openMedia'> = async (api, account, ref, context) => {
  const at = openBot(account, context);
  const { file_path: path, file_size: size = 0 } = await api.unless('tooLarge', api.getFile(at, { file_id: ref }), (cause) => {
    throw makeError('rejected', texts.fileTooLarge, { cause });
  });
  if (size > MOST_BYTES_IN) throw makeError('rejected', texts.fileTooLarge);
  if (path === undefined) throw makeError('rejected', texts.fileGone);
  // The file server returns the same type for all files, so it is left to the message.
  const { body, size: bytes } = await api.download(at, path);
  return { body, ...(bytes !== undefined && { size: bytes }) };
};
