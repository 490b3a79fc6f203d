import type { ReplyParameters } from '@grammyjs/types';
import { type DeliveryCode, DeliveryRefused, type OutMedia, type OutMessage, writeOrder, writeProduct } from '#chat/port';
import { type LocalText, textFor } from '#platform';
import {
  cleanText,
  cutText,
  isRefusal,
  ProviderError,
  type Refusal,
  sayError,
  splitIntoParts,
  splitText,
  unlessError,
} from '#provider-kit';
import { readAnsweredId, readChatId, toMessageId } from './ids.js';
import { type Keyboard, type Markup, shownKeyboards, toKeyboard } from './keyboard.js';
import { type BotContext, openBot, type Telegram, type TelegramMethod } from './telegram.api.js';
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
/** The meaning of a refusal to the gateway. */
const CODES: Readonly<Record<string, DeliveryCode>> = {
  ...{ blocked: 'access_restricted', forbidden: 'access_restricted', noCustomer: 'customer_not_exists' },
};
const EXTERNAL_LENGTH = 100;

/** Parameters of a message besides its content. */
interface Frame {
  chat_id: number;
  reply_parameters?: ReplyParameters;
  reply_markup?: Markup;
}

/** A message of Telegram. One of our messages may need several. */
interface Part {
  /** It may carry buttons, which an album cannot. */
  hasMarkup: boolean;
  /** Returns the ids of the sent messages. */
  send(frame: Frame): Promise<number[]>;
}

/**
 * Sends a message: a long text in several, a text that is longer than a caption after its files. The sent
 * parts are remembered under the reference, so that a later try continues after them. When Telegram rejects
 * one, they are deleted.
 * @throws DeliveryRefused, or ProviderError `rate_limited` with Telegram's own time, and the client's errors
 */
export const sendMessage: TelegramMethod<'sendMessage'> = async (api, request, context) => {
  const at = openBot(request.account, context);
  const chat = readChatId(request.chat);
  if (chat === undefined) throw new DeliveryRefused('customer_not_exists', textFor(texts.noCustomer, context.account.language));
  const keyboard = toKeyboard(request.suggestions);
  const parts = listParts({ api, at }, request, keyboard);
  if (parts.length === 0) throw new DeliveryRefused('general', textFor(texts.nothingToSend, context.account.language));
  const place = `${readBotId(at.bot)} ${chat}`;
  const last = parts.length - 1;
  // An old keyboard is removed with the first message that can do it.
  const isOver = keyboard.markup === undefined && parts[last]?.hasMarkup === true && (await shownKeyboards.read(place, context)) === true;
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
      if (!isRefusal(error)) throw error;
      const isWhole = await takeBack(api, { chat, ids }, at);
      throw toDeliveryError(error, context, isWhole ? undefined : texts.partlySent);
    }
  }
  if (keyboard.stays) await shownKeyboards.write(place, true, context);
  else if (isOver) await shownKeyboards.forget(place, context);
  // A message that Telegram sends later has no id yet.
  return { ids: ids.filter((id) => id > 0).map((id) => toMessageId(chat, id)) };
};

/** Deletes the parts of a message that failed, which is sent again. Returns whether all are gone. */
async function takeBack(api: Telegram, { chat, ids }: { chat: number; ids: readonly number[] }, context: BotContext): Promise<boolean> {
  const deleted = async (): Promise<boolean> => {
    for (const id of ids) await api.deleteMessage(context, { chat_id: chat, message_id: id });
    return true;
  };
  return unlessError(
    (error) => error instanceof ProviderError,
    deleted(),
    () => false,
  );
}

/** Maps a refusal to the gateway's words. `more` follows the reason. */
function toDeliveryError(error: Refusal, { account: { language } }: TelegramContext, more?: LocalText): DeliveryRefused {
  const reason = sayError(error, language);
  const why = more ? `${reason.replace(/\.?$/, '.')} ${textFor(more, language)}` : reason;
  const words = cutText(cleanText(error.problems[0]?.message), EXTERNAL_LENGTH);
  return new DeliveryRefused(CODES[error.meaning] ?? 'general', why, words);
}

/** The API and the bot that parts are sent with. */
interface Making {
  api: Telegram;
  at: BotContext & { readonly bot: TelegramBot };
}

function listParts(making: Making, request: OutMessage, keyboard: Keyboard): Part[] {
  const { kind, media, product, order } = request;
  const style = { language: languageOf(making.at.bot, making.at), timeZone: making.at.account.timeZone };
  const card = product ? writeProduct(product, style) : order ? writeOrder(order, style) : undefined;
  const text = [request.text, card, ...keyboard.lines].filter((part) => part).join('\n\n');
  const files = groupFiles(kind, media);
  // Buttons are sent with the last message, which an album cannot be.
  const isApart = keyboard.markup !== undefined && (files.length > 1 || isAlbum(files[0]));
  const isCaption = text.length <= MOST.caption && !isApart;
  const parts = files.map((group, index) => toFilePart(making, kind, group, index === 0 && isCaption ? text : ''));
  const image = product?.image;
  if (image !== undefined && files.length === 0 && text.length <= MOST.caption) return [toProductPart(making, image, text)];
  if (text !== '' && (files.length === 0 || !isCaption))
    parts.push(...splitText(text, MOST.text).map((piece) => toTextPart(making, piece)));
  // Buttons need a message that can carry them.
  if (keyboard.markup && parts.at(-1)?.hasMarkup === false) parts.push(toTextPart(making, textFor(texts.choose, style.language)));
  return parts;
}

function toTextPart({ api, at }: Making, text: string): Part {
  return { hasMarkup: true, send: (frame) => api.sendMessage(at, { ...frame, text }) };
}

/** Telegram fetches the picture itself. Without it only the text is sent. */
function toProductPart({ api, at }: Making, photo: string, caption: string): Part {
  return {
    hasMarkup: true,
    send: (frame) => unlessNoPhoto(api.sendPhoto(at, { ...frame, photo, caption }), () => api.sendMessage(at, { ...frame, text: caption })),
  };
}

/** Pictures together, up to the maximum of an album. Other files are sent one by one. */
function groupFiles(kind: OutMessage['kind'], media: readonly OutMedia[]): (readonly OutMedia[])[] {
  return splitIntoParts(media, kind === 'image' ? MOST.album : 1);
}

function isAlbum(files: readonly OutMedia[] | undefined): boolean {
  return files !== undefined && files.length > 1;
}

function toFilePart(making: Making, kind: OutMessage['kind'], files: readonly OutMedia[], caption: string): Part {
  return isAlbum(files) ? toAlbumPart(making, files, caption) : toSinglePart(making, kind, files, caption);
}

function toSinglePart({ api, at }: Making, kind: OutMessage['kind'], files: readonly OutMedia[], text: string): Part {
  const caption = text === '' ? {} : { caption: text };
  const upload = (field: string) => files.map((media) => ({ field, media }));
  return {
    hasMarkup: true,
    send: (frame) => {
      const message = { ...frame, ...caption };
      const sendDocument = () => api.sendDocument(at, message, upload('document'));
      if (kind === 'image' && files.every(isPhoto)) return unlessNoPhoto(api.sendPhoto(at, message, upload('photo')), sendDocument);
      // A customer may accept no voice messages.
      if (kind === 'audio' && files.every(isVoice)) return api.unless('noVoice', api.sendVoice(at, message, upload('voice')), sendDocument);
      return sendDocument();
    },
  };
}

/** An album consists only of photos or only of documents. Telegram accepts any photo as a document. */
function toAlbumPart({ api, at }: Making, files: readonly OutMedia[], caption: string): Part {
  const send = (type: 'photo' | 'document', frame: Frame): Promise<number[]> => {
    const uploads = files.map((media, index) => ({ field: `file${index}`, media }));
    const items = uploads.map(({ field }, index) => ({ media: `attach://${field}`, ...(index === 0 && caption !== '' && { caption }) }));
    const media =
      type === 'photo'
        ? items.map((item) => ({ type: 'photo' as const, ...item }))
        : items.map((item) => ({ type: 'document' as const, ...item }));
    return api.sendMediaGroup(at, { ...frame, media }, uploads);
  };
  return {
    hasMarkup: false,
    send: (frame) => (files.every(isPhoto) ? unlessNoPhoto(send('photo', frame), () => send('document', frame)) : send('document', frame)),
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

/** Sends a picture in another way if Telegram cannot make it a photo. */
function unlessNoPhoto(sent: Promise<number[]>, otherwise: () => Promise<number[]>): Promise<number[]> {
  return unlessError((error) => isRefusal(error, 'noPhoto', 'tooLarge'), sent, otherwise);
}

/** If the quoted message is gone, the answer is sent without the quote. */
function toReply(quote: OutMessage['quote']): ReplyParameters | undefined {
  const answered = readAnsweredId(quote?.[0] ?? '');
  return answered && { message_id: answered.message, allow_sending_without_reply: true };
}
