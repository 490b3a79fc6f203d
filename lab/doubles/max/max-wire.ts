import {
  either,
  flag,
  like,
  list,
  mapOf,
  nothing,
  object,
  oneOf,
  type Schema,
  text,
  whole,
  type WireCall,
} from '../../../libs/testing/double/wire.js';

const label = { text: text(1, 128) };
const button = either<Schema[]>(
  object({ type: oneOf('message', 'request_contact'), ...label }),
  object({ type: oneOf('callback', 'clipboard'), ...label, payload: text(1, 1_024) }),
  object({ type: oneOf('request_geo_location'), ...label, 'quick?': flag }),
  object({ type: oneOf('link'), ...label, url: like(/^https?:\/\/\S+$/, 2_048) }),
);
const token = object({ token: text(1) });
const picture = object({ 'url?': text(1), 'token?': text(1), 'photos?': mapOf(token, 1) }, { minProperties: 1, maxProperties: 1 });
const attachment = either<Schema[]>(
  object({ type: oneOf('image'), payload: picture }),
  object({ type: oneOf('video', 'audio', 'file'), payload: token }),
  object({ type: oneOf('inline_keyboard'), payload: object({ buttons: list(list(button as Schema<object>, 1, 7), 1, 30) }) }),
);

/** The body of a message that a bot sends or edits. */
export const newMessage = object({
  'text?': either(text(0, 4_000), nothing),
  'attachments?': either(list(attachment as Schema<WireNewAttachment>), nothing),
  'link?': either(object({ type: oneOf('reply', 'forward'), mid: text(1) }), nothing),
  'notify?': flag,
  'format?': oneOf('markdown', 'html'),
});

/** An attachment that a bot sends. */
export interface WireNewAttachment {
  type: 'image' | 'video' | 'audio' | 'file' | 'inline_keyboard';
  payload: { url?: string; token?: string; photos?: Record<string, { token: string }>; buttons?: MaxButton[][] };
}

/** A button below a message. */
export interface MaxButton {
  type: string;
  text: string;
  payload?: string;
  url?: string;
}

const success = object({ success: flag, 'message?': text() });
const message = object(
  { timestamp: whole(1), recipient: { type: 'object' }, body: object({ mid: like(/^mid\./) }, { additionalProperties: true }) },
  { additionalProperties: true },
);
const subscription = object({
  ...{ url: text(1), 'secret?': like(/^[a-zA-Z0-9_-]{5,256}$/) },
  'update_types?': { ...list(text(1)), uniqueItems: true } as Schema<string[]>,
});
const messageId = object({ message_id: text(1) });

/** The calls of the Bot API that a dialogue needs, the uploads and the files. */
export const WIRE = [
  { call: 'getMe', method: 'GET', path: '/me', reply: object({ user_id: whole(1), is_bot: flag }, { additionalProperties: true }) },
  { call: 'getSubscriptions', method: 'GET', path: '/subscriptions', reply: object({ subscriptions: list({} as Schema) }) },
  { call: 'subscribe', method: 'POST', path: '/subscriptions', body: subscription, reply: success },
  { call: 'unsubscribe', method: 'DELETE', path: '/subscriptions', query: object({ url: text(1) }), reply: success },
  {
    call: 'getUpdates',
    method: 'GET',
    path: '/updates',
    query: object({ 'limit?': whole(1, 1_000), 'timeout?': whole(0, 90), 'marker?': whole(), 'types?': text(1) }),
    reply: object({ updates: list({ type: 'object' }), marker: either(whole(), nothing) }),
  },
  {
    call: 'getMessages',
    method: 'GET',
    path: '/messages',
    query: object({ 'chat_id?': whole(), 'message_ids?': text(1), 'from?': whole(), 'to?': whole(), 'count?': whole(1, 100) }),
    reply: object({ messages: list(message) }),
  },
  {
    call: 'sendMessage',
    method: 'POST',
    path: '/messages',
    body: newMessage,
    query: object({ 'chat_id?': whole(), 'user_id?': whole(), 'disable_link_preview?': flag }),
    reply: object({ message }),
  },
  { call: 'editMessage', method: 'PUT', path: '/messages', query: messageId, body: newMessage, reply: success },
  { call: 'deleteMessage', method: 'DELETE', path: '/messages', query: messageId, reply: success },
  {
    call: 'startUpload',
    method: 'POST',
    path: '/uploads',
    query: object({ type: oneOf('image', 'video', 'audio', 'file') }),
    reply: object({ url: text(1), 'token?': text(1) }),
  },
  { call: 'getVideo', method: 'GET', path: '/videos/:videoToken' },
  { call: 'uploadFile', method: 'POST', path: '/upload/:key', body: {}, bodyType: 'bytes', isOpen: true },
  { call: 'downloadFile', method: 'GET', path: '/content/:key', isOpen: true },
] as const satisfies readonly WireCall[];

/** The name of a call. */
export type MaxCall = (typeof WIRE)[number]['call'];
