import { either, flag, like, list, object, oneOf, type Schema, text, whole, type WireCall } from '../../../libs/testing/double/wire.js';
import { TELEGRAM_UPDATES } from './telegram-objects.js';

/** The methods of the Bot API that we use. */
export const TELEGRAM_METHODS = [
  ...(['getMe', 'setWebhook', 'getWebhookInfo', 'deleteWebhook', 'getUpdates', 'getFile', 'getUserProfilePhotos'] as const),
  ...(['sendMessage', 'sendPhoto', 'sendDocument', 'sendVoice', 'sendAudio', 'sendMediaGroup'] as const),
  ...(['editMessageText', 'editMessageCaption', 'deleteMessage', 'deleteMessages', 'setMessageReaction'] as const),
  'answerCallbackQuery' as const,
];
export type TelegramMethod = (typeof TELEGRAM_METHODS)[number];
/** `downloadFile` is not a method. */
export type TelegramCall = TelegramMethod | 'downloadFile';

const TEXT: Schema = { type: 'string' };
const OBJECT: Schema = { type: 'object' };
// A number, or its digits in a form. Channels by name are not supported.
const chatId: Schema = { type: ['integer', 'string'], pattern: '^-?\\d+$' };
const entity = { type: TEXT, offset: whole(), length: whole(), 'url?': TEXT, 'language?': TEXT, 'user?': OBJECT, 'custom_emoji_id?': TEXT };
const entities = list(object(entity), 0, 100);
const replyParameters = object({
  ...{ message_id: whole(1), 'chat_id?': chatId, 'allow_sending_without_reply?': flag, 'quote?': text(0, 1_024) },
  ...{ 'quote_parse_mode?': TEXT, 'quote_entities?': entities, 'quote_position?': whole() },
});
const inlineButton = object(
  { text: text(1), 'url?': TEXT, 'callback_data?': text(1) },
  { oneOf: [{ required: ['url'] }, { required: ['callback_data'] }] },
);
const inlineKeyboard = object({ inline_keyboard: list(list(inlineButton, 1, 8)) });
const replyKeyboard = object({
  keyboard: list(list(object({ text: text(1), 'request_contact?': flag }), 1, 12), 1),
  ...{ 'is_persistent?': flag, 'resize_keyboard?': flag, 'one_time_keyboard?': flag, 'selective?': flag },
  'input_field_placeholder?': text(1, 64),
});
const removal = object({ remove_keyboard: { const: true }, 'selective?': flag });
const markup = { type: 'object', ...either(inlineKeyboard, replyKeyboard, removal) };
const linkPreview = object({
  ...{ 'is_disabled?': flag, 'url?': TEXT, 'prefer_small_media?': flag, 'prefer_large_media?': flag, 'show_above_text?': flag },
});

const captioned = { 'caption?': TEXT, 'parse_mode?': TEXT, 'caption_entities?': entities };
const duration = { 'duration?': whole(0) };
const sound = { ...duration, 'performer?': TEXT, 'title?': TEXT };
const group = { chat_id: chatId, 'disable_notification?': flag, 'protect_content?': flag, 'reply_parameters?': replyParameters };
const sent = { ...group, 'reply_markup?': markup };
const edited = { chat_id: chatId, message_id: whole(1), 'reply_markup?': inlineKeyboard };
const written = { text: TEXT, 'parse_mode?': TEXT, 'entities?': entities, 'link_preview_options?': linkPreview };
const media = (type: string, more: Readonly<Record<string, Schema>>) => ({
  items: object({ type: { const: type }, media: TEXT, ...captioned, ...more }),
});
const albums = [
  media('photo', { 'has_spoiler?': flag, 'show_caption_above_media?': flag }),
  media('document', { 'disable_content_type_detection?': flag }),
  media('audio', sound),
];

/** The parameters of each method. */
export const TELEGRAM_PARAMETERS: Readonly<Record<TelegramMethod, Schema>> = {
  getMe: object({}),
  setWebhook: object({
    ...{ url: text(0, 2_048), 'max_connections?': whole(1, 100), 'allowed_updates?': list(oneOf(...TELEGRAM_UPDATES)) },
    ...{ 'drop_pending_updates?': flag, 'ip_address?': TEXT, 'secret_token?': like(/^[A-Za-z0-9_-]{1,256}$/) },
  }),
  getWebhookInfo: object({}),
  deleteWebhook: object({ 'drop_pending_updates?': flag }),
  getUpdates: object({ 'offset?': whole(), 'limit?': whole(1, 100), 'timeout?': whole(), 'allowed_updates?': list(TEXT) }),
  getFile: object({ file_id: TEXT }),
  getUserProfilePhotos: object({ user_id: whole(), 'offset?': whole(), 'limit?': whole(1, 100) }),
  sendMessage: object({ ...sent, ...written }),
  sendPhoto: object({ ...sent, photo: TEXT, ...captioned, 'show_caption_above_media?': flag, 'has_spoiler?': flag }),
  sendDocument: object({ ...sent, document: TEXT, ...captioned, 'disable_content_type_detection?': flag }),
  sendVoice: object({ ...sent, voice: TEXT, ...captioned, ...duration }),
  sendAudio: object({ ...sent, audio: TEXT, ...captioned, ...sound }),
  sendMediaGroup: object({ ...group, media: { type: 'array', minItems: 2, maxItems: 10, anyOf: albums } }),
  editMessageText: object({ ...edited, ...written }),
  editMessageCaption: object({ ...edited, ...captioned, 'show_caption_above_media?': flag }),
  deleteMessage: object({ chat_id: chatId, message_id: whole(1) }),
  deleteMessages: object({ chat_id: chatId, message_ids: list(whole(1), 1, 100) }),
  setMessageReaction: object({
    ...{ chat_id: chatId, message_id: whole(1), 'is_big?': flag },
    'reaction?': list(object({ type: { const: 'emoji' }, emoji: TEXT })),
  }),
  answerCallbackQuery: object({
    ...{ callback_query_id: TEXT, 'text?': text(0, 200), 'show_alert?': flag, 'url?': TEXT, 'cache_time?': whole(0) },
  }),
};

/** The methods, below `/bot{token}`. */
export const WIRE: readonly WireCall<TelegramMethod>[] = TELEGRAM_METHODS.map((call) => ({
  ...{ call, method: 'POST', path: `/${call}`, body: TELEGRAM_PARAMETERS[call] },
}));

const sentMessage = object({ message_id: whole(1), date: whole(1), chat: OBJECT }, { additionalProperties: true });
const isMessage = /^(send|editMessage)/;
const result = (call: TelegramMethod): Schema =>
  call === 'sendMediaGroup' ? list(sentMessage, 2) : isMessage.test(call) ? sentMessage : {};

/** The calls by their paths at the service. Parameters come in a query, as JSON or as a form. */
export const CALLS: readonly WireCall<TelegramCall>[] = [
  ...TELEGRAM_METHODS.map((call): WireCall<TelegramCall> => ({
    ...{ call, method: 'POST', path: `/bot:token(^\\d+:[\\w-]{35}$)/${call}`, body: {}, bodyType: 'bytes', isBodyOptional: true },
    reply: object({ ok: { const: true }, result: result(call) }),
  })),
  { call: 'downloadFile', method: 'GET', path: '/file/bot:token/*' },
];
