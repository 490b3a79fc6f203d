import type { ReplyParameters } from '@grammyjs/types';
import { DeliveryRefused, type OutMedia, type OutMessage, type SentMessage } from '#chat/port';
import { textFor } from '#platform';
import { ProviderError } from '#provider-kit';
import { writeOrder, writeProduct } from './cards.js';
import { readAnsweredId, readChatId, toMessageId } from './ids.js';
import { hasKeyboard, type Keyboard, type Markup, noteKeyboard, toKeyboard } from './keyboard.js';
import { splitText } from './split-text.js';
import type { TelegramClient } from './telegram.client.js';
import { TelegramRefusal, toDeliveryError } from './telegram.errors.js';
import { languageOf, readBotId, type TelegramBot, type TelegramContext } from './telegram.settings.js';
import { texts } from './telegram.texts.js';

/** Telegram's limits: characters of a text and of a caption, files of an album, bytes of a photo. */
export const MOST = { text: 4_096, caption: 1_024, album: 10, photoBytes: 10 * 1024 * 1024 };
/** Seconds for which the parts of a message that were sent are remembered, longer than it is tried. */
const PARTS_S = 3_600;

const PHOTOS: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/webp']);
const VOICES: ReadonlySet<string> = new Set([
  ...['audio/ogg', 'audio/opus', 'application/ogg', 'audio/mpeg', 'audio/mp3', 'audio/mp4', 'audio/m4a', 'audio/x-m4a'],
]);
/** Telegram could not make a photo of it, or the photo's address gave none. */
const NO_PHOTO = /PHOTO_|IMAGE_PROCESS|wrong file identifier|HTTP URL|wrong type of the web page|file is too big/i;
/** The customer takes no voice messages. */
const NO_VOICE = /VOICE_MESSAGES_FORBIDDEN|voice messages/i;

/** What stands in a message besides its content. */
interface Frame {
  chat_id: number;
  reply_parameters?: ReplyParameters;
  reply_markup?: Markup;
}

/** A message of Telegram's, of which one of ours may need several. */
interface Part {
  /** It may carry buttons: an album has none. */
  hasMarkup: boolean;
  /** Returns the ids of what was sent. */
  send(frame: Frame): Promise<number[]>;
}

/**
 * Sends a message: a long text in several, a text that is longer than a caption after its files. The parts
 * that were sent are remembered under the reference, so that a later try goes on after them; when Telegram
 * refuses one they are deleted.
 * @throws DeliveryRefused; ProviderError `rate_limited` with Telegram's own time, and as the client says
 */
export async function sendMessage(client: TelegramClient, request: OutMessage, context: TelegramContext): Promise<SentMessage> {
  const bot = client.findBot(request.account, context);
  const chat = readChatId(request.chat);
  if (chat === undefined) throw new DeliveryRefused('customer_not_exists', textFor(texts.noCustomer, context.account.language));
  const keyboard = toKeyboard(request.suggestions);
  const parts = listParts({ client, bot, context }, request, keyboard);
  if (parts.length === 0) throw new DeliveryRefused('general', textFor(texts.nothingToSend, context.account.language));
  const botId = readBotId(bot);
  const last = parts.length - 1;
  // An old keyboard goes with the first message that can take it away.
  const isOver = keyboard.markup === undefined && parts[last]?.hasMarkup === true && (await hasKeyboard(botId, chat, context));
  const markup: Markup | undefined = isOver ? { remove_keyboard: true } : keyboard.markup;
  const reply = toReply(request.quote);
  const ids: number[] = [];
  for (const [index, part] of parts.entries()) {
    const frame: Frame = {
      chat_id: chat,
      ...(index === 0 && reply && { reply_parameters: reply }),
      ...(index === last && markup && { reply_markup: markup }),
    };
    const send = (): Promise<number[]> => part.send(frame);
    const key = `part ${index} of ${request.reference}`;
    try {
      ids.push(...(index === last ? await send() : await context.cache.fetch(key, { ttlSeconds: PARTS_S }, send)));
    } catch (error) {
      if (!(error instanceof TelegramRefusal)) throw error;
      const isWhole = await takeBack(client, bot, { chat, ids }, context);
      throw toDeliveryError(error, isWhole ? undefined : texts.partlySent);
    }
  }
  if (keyboard.stays || isOver) await noteKeyboard(keyboard.stays, botId, chat, context);
  // A message that Telegram sends later has no id yet.
  return { ids: ids.filter((id) => id > 0).map((id) => toMessageId(chat, id)) };
}

/** Deletes the parts of a message that failed, which is sent again. Returns whether all are gone. */
async function takeBack(
  client: TelegramClient,
  bot: TelegramBot,
  { chat, ids }: { chat: number; ids: readonly number[] },
  context: TelegramContext,
): Promise<boolean> {
  try {
    for (const id of ids) await client.call(bot, 'deleteMessage', { chat_id: chat, message_id: id }, context);
    return true;
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return false;
  }
}

/** What parts are made with. */
interface Making {
  client: TelegramClient;
  bot: TelegramBot;
  context: TelegramContext;
}

function listParts(making: Making, request: OutMessage, keyboard: Keyboard): Part[] {
  const { kind, media, product, order } = request;
  const style = { language: languageOf(making.bot, making.context), timeZone: making.context.account.timeZone };
  const card = product ? writeProduct(product, style) : order ? writeOrder(order, style) : undefined;
  const text = [request.text, card, ...keyboard.lines].filter((part) => part).join('\n\n');
  const files = groupFiles(kind, media);
  // Buttons go with the last message, which an album cannot be.
  const isApart = keyboard.markup !== undefined && (files.length > 1 || isAlbum(files[0]));
  const isCaption = text.length <= MOST.caption && !isApart;
  const parts = files.map((group, index) => toFilePart(making, kind, group, index === 0 && isCaption ? text : ''));
  const image = product?.image;
  if (image !== undefined && files.length === 0 && text.length <= MOST.caption) return [toProductPart(making, image, text)];
  if (text !== '' && (files.length === 0 || !isCaption))
    parts.push(...splitText(text, MOST.text).map((piece) => toTextPart(making, piece)));
  // Buttons need a message that can carry them.
  if (keyboard.markup && parts.at(-1)?.hasMarkup === false) parts.push(toTextPart(making, textFor(texts.card.choose, style.language)));
  return parts;
}

function toTextPart({ client, bot, context }: Making, text: string): Part {
  return { hasMarkup: true, send: (frame) => client.post(bot, 'sendMessage', { ...frame, text }, context) };
}

/** Telegram fetches the picture itself; without it the text goes alone. */
function toProductPart({ client, bot, context }: Making, photo: string, caption: string): Part {
  return {
    hasMarkup: true,
    send: async (frame) => {
      try {
        return await client.post(bot, 'sendPhoto', { ...frame, photo, caption }, context);
      } catch (error) {
        if (!isSaid(error, NO_PHOTO)) throw error;
        return client.post(bot, 'sendMessage', { ...frame, text: caption }, context);
      }
    },
  };
}

/** Pictures together, as many as an album takes; other files one by one. */
function groupFiles(kind: OutMessage['kind'], media: readonly OutMedia[]): (readonly OutMedia[])[] {
  const most = kind === 'image' ? MOST.album : 1;
  return Array.from({ length: Math.ceil(media.length / most) }, (_, index) => media.slice(index * most, (index + 1) * most));
}

function isAlbum(files: readonly OutMedia[] | undefined): boolean {
  return files !== undefined && files.length > 1;
}

function toFilePart(making: Making, kind: OutMessage['kind'], files: readonly OutMedia[], caption: string): Part {
  return isAlbum(files) ? toAlbumPart(making, files, caption) : toSinglePart(making, kind, files, caption);
}

function toSinglePart({ client, bot, context }: Making, kind: OutMessage['kind'], files: readonly OutMedia[], text: string): Part {
  const caption = text === '' ? {} : { caption: text };
  const upload = (field: string) => files.map((media) => ({ field, media }));
  const sendDocument = (frame: Frame) => client.upload(bot, 'sendDocument', { ...frame, ...caption }, upload('document'), context);
  const [method, field, refused] =
    kind === 'image' && files.every(isPhoto)
      ? (['sendPhoto', 'photo', NO_PHOTO] as const)
      : kind === 'audio' && files.every(isVoice)
        ? (['sendVoice', 'voice', NO_VOICE] as const)
        : [];
  return {
    hasMarkup: true,
    send: async (frame) => {
      if (method === undefined) return sendDocument(frame);
      try {
        return await client.upload(bot, method, { ...frame, ...caption }, upload(field), context);
      } catch (error) {
        if (!isSaid(error, refused)) throw error;
        return sendDocument(frame);
      }
    },
  };
}

/** An album is of photos alone or of documents alone; Telegram takes any photo as a document. */
function toAlbumPart({ client, bot, context }: Making, files: readonly OutMedia[], caption: string): Part {
  const send = (type: 'photo' | 'document', frame: Frame): Promise<number[]> => {
    const uploads = files.map((media, index) => ({ field: `file${index}`, media }));
    const items = uploads.map(({ field }, index) => ({ media: `attach://${field}`, ...(index === 0 && caption !== '' && { caption }) }));
    const media =
      type === 'photo'
        ? items.map((item) => ({ type: 'photo' as const, ...item }))
        : items.map((item) => ({ type: 'document' as const, ...item }));
    return client.upload(bot, 'sendMediaGroup', { ...frame, media }, uploads, context);
  };
  return {
    hasMarkup: false,
    send: async (frame) => {
      if (!files.every(isPhoto)) return send('document', frame);
      try {
        return await send('photo', frame);
      } catch (error) {
        if (!isSaid(error, NO_PHOTO)) throw error;
        return send('document', frame);
      }
    },
  };
}

function isPhoto({ type, size }: OutMedia): boolean {
  return PHOTOS.has(toMediaType(type)) && size <= MOST.photoBytes;
}

function isVoice({ type }: OutMedia): boolean {
  return VOICES.has(toMediaType(type));
}

function toMediaType(type: string): string {
  return (type.split(';', 1)[0] ?? '').trim().toLowerCase();
}

function isSaid(error: unknown, words: RegExp): boolean {
  return error instanceof TelegramRefusal && error.says(words);
}

/** A message that is gone is answered all the same, without the quote. */
function toReply(quote: OutMessage['quote']): ReplyParameters | undefined {
  const answered = readAnsweredId(quote?.[0] ?? '');
  return answered && { message_id: answered.message, allow_sending_without_reply: true };
}
