import type { WireCall } from '../../../libs/testing/double/wire.js';
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

const TEXT = { type: 'string' };
const WHETHER = { type: 'boolean' };
const WHOLE = { type: 'integer' };
const LEAST_1 = { type: 'integer', minimum: 1 };

const object = (properties: Record<string, object>, required: readonly string[] = []) => ({
  ...{ type: 'object', additionalProperties: false, properties, required },
});
const list = (items: object, minItems = 0, maxItems = 10_000) => ({ type: 'array', items, minItems, maxItems });

// A number, or its digits in a form. Channels by name are not supported.
const chatId = { type: ['integer', 'string'], pattern: '^-?\\d+$' };
const entities = list(
  object({ type: TEXT, offset: WHOLE, length: WHOLE, url: TEXT, language: TEXT, user: { type: 'object' }, custom_emoji_id: TEXT }, [
    'type',
    'offset',
    'length',
  ]),
  0,
  100,
);
const replyParameters = object(
  {
    ...{ message_id: LEAST_1, chat_id: chatId, allow_sending_without_reply: WHETHER, quote: { type: 'string', maxLength: 1_024 } },
    ...{ quote_parse_mode: TEXT, quote_entities: entities, quote_position: WHOLE },
  },
  ['message_id'],
);
const inlineKeyboard = object(
  {
    inline_keyboard: list(
      list(
        {
          ...object({ text: { type: 'string', minLength: 1 }, url: TEXT, callback_data: { type: 'string', minLength: 1 } }, ['text']),
          oneOf: [{ required: ['url'] }, { required: ['callback_data'] }],
        },
        1,
        8,
      ),
    ),
  },
  ['inline_keyboard'],
);
const replyKeyboard = object(
  {
    keyboard: list(list(object({ text: { type: 'string', minLength: 1 }, request_contact: WHETHER }, ['text']), 1, 12), 1),
    ...{ is_persistent: WHETHER, resize_keyboard: WHETHER, one_time_keyboard: WHETHER, selective: WHETHER },
    input_field_placeholder: { type: 'string', minLength: 1, maxLength: 64 },
  },
  ['keyboard'],
);
const removal = object({ remove_keyboard: { const: true }, selective: WHETHER }, ['remove_keyboard']);
const markup = { type: 'object', anyOf: [inlineKeyboard, replyKeyboard, removal] };
const linkPreview = object({
  ...{ is_disabled: WHETHER, url: TEXT, prefer_small_media: WHETHER, prefer_large_media: WHETHER, show_above_text: WHETHER },
});

const captioned = { caption: TEXT, parse_mode: TEXT, caption_entities: entities };
const sound = { duration: { type: 'integer', minimum: 0 }, performer: TEXT, title: TEXT };
const group = { chat_id: chatId, disable_notification: WHETHER, protect_content: WHETHER, reply_parameters: replyParameters };
const sent = { ...group, reply_markup: markup };
const media = (type: string, more: Record<string, object> = {}) => object({ type: { const: type }, media: TEXT, ...captioned, ...more });

/** The parameters of each method, by JSON schema. */
export const TELEGRAM_PARAMETERS: Readonly<Record<TelegramMethod, { properties: Record<string, object>; required: readonly string[] }>> = {
  getMe: object({}),
  setWebhook: object(
    {
      ...{ url: { type: 'string', maxLength: 2_048 }, max_connections: { type: 'integer', minimum: 1, maximum: 100 } },
      ...{ allowed_updates: list({ type: 'string', enum: TELEGRAM_UPDATES }), drop_pending_updates: WHETHER, ip_address: TEXT },
      secret_token: { type: 'string', pattern: '^[A-Za-z0-9_-]{1,256}$' },
    },
    ['url'],
  ),
  getWebhookInfo: object({}),
  deleteWebhook: object({ drop_pending_updates: WHETHER }),
  getUpdates: object({ offset: WHOLE, limit: { type: 'integer', minimum: 1, maximum: 100 }, timeout: WHOLE, allowed_updates: list(TEXT) }),
  getFile: object({ file_id: TEXT }, ['file_id']),
  getUserProfilePhotos: object({ user_id: WHOLE, offset: WHOLE, limit: { type: 'integer', minimum: 1, maximum: 100 } }, ['user_id']),
  sendMessage: object({ ...sent, text: TEXT, parse_mode: TEXT, entities, link_preview_options: linkPreview }, ['chat_id', 'text']),
  sendPhoto: object({ ...sent, photo: TEXT, ...captioned, show_caption_above_media: WHETHER, has_spoiler: WHETHER }, ['chat_id', 'photo']),
  sendDocument: object({ ...sent, document: TEXT, ...captioned, disable_content_type_detection: WHETHER }, ['chat_id', 'document']),
  sendVoice: object({ ...sent, voice: TEXT, ...captioned, duration: sound.duration }, ['chat_id', 'voice']),
  sendAudio: object({ ...sent, audio: TEXT, ...captioned, ...sound }, ['chat_id', 'audio']),
  sendMediaGroup: object(
    {
      ...group,
      media: {
        type: 'array',
        minItems: 2,
        maxItems: 10,
        anyOf: [
          { items: media('photo', { has_spoiler: WHETHER, show_caption_above_media: WHETHER }) },
          { items: media('document', { disable_content_type_detection: WHETHER }) },
          { items: media('audio', sound) },
        ].map(({ items }) => ({ items: { ...items, required: ['type', 'media'] } })),
      },
    },
    ['chat_id', 'media'],
  ),
  editMessageText: object(
    {
      ...{ chat_id: chatId, message_id: LEAST_1, text: TEXT, parse_mode: TEXT, entities, link_preview_options: linkPreview },
      reply_markup: inlineKeyboard,
    },
    ['chat_id', 'message_id', 'text'],
  ),
  editMessageCaption: object(
    { chat_id: chatId, message_id: LEAST_1, ...captioned, show_caption_above_media: WHETHER, reply_markup: inlineKeyboard },
    ['chat_id', 'message_id'],
  ),
  deleteMessage: object({ chat_id: chatId, message_id: LEAST_1 }, ['chat_id', 'message_id']),
  deleteMessages: object({ chat_id: chatId, message_ids: list(LEAST_1, 1, 100) }, ['chat_id', 'message_ids']),
  setMessageReaction: object(
    {
      ...{ chat_id: chatId, message_id: LEAST_1, is_big: WHETHER },
      reaction: list(object({ type: { const: 'emoji' }, emoji: TEXT }, ['type', 'emoji'])),
    },
    ['chat_id', 'message_id'],
  ),
  answerCallbackQuery: object(
    {
      ...{ callback_query_id: TEXT, text: { type: 'string', maxLength: 200 }, show_alert: WHETHER, url: TEXT },
      cache_time: { type: 'integer', minimum: 0 },
    },
    ['callback_query_id'],
  ),
};

/** The methods, below `/bot{token}`. */
export const WIRE: readonly WireCall<TelegramMethod>[] = TELEGRAM_METHODS.map((call) => ({
  ...{ call, method: 'POST', path: `/${call}`, body: TELEGRAM_PARAMETERS[call] },
}));

const message = object({ message_id: { type: 'integer', minimum: 1 }, date: LEAST_1, chat: { type: 'object' } }, [
  'message_id',
  'date',
  'chat',
]);
const sentMessage = { ...message, additionalProperties: true };
const isMessage = /^(send|editMessage)/;
const result = (call: TelegramMethod): object =>
  call === 'sendMediaGroup' ? list(sentMessage, 2) : isMessage.test(call) ? sentMessage : {};

/** The calls by their paths at the service. Parameters come in a query, as JSON or as a form. */
export const CALLS: readonly WireCall<TelegramCall>[] = [
  ...TELEGRAM_METHODS.map((call): WireCall<TelegramCall> => ({
    ...{ call, method: 'POST', path: `/bot:token(^\\d+:[\\w-]{35}$)/${call}`, body: {}, bodyType: 'bytes', isBodyOptional: true },
    reply: object({ ok: { const: true }, result: result(call) }, ['ok', 'result']),
  })),
  { call: 'downloadFile', method: 'GET', path: '/file/bot:token/*' },
];
