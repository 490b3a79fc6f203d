import type { WireCall } from '../../../libs/testing/double/wire.js';

/* The Transport API's requests with their lengths. Unknown fields are rejected. */

const NOT_BLANK = '\\S';
const text = (maxLength: number) => ({ type: 'string', maxLength });
const filled = (maxLength: number) => ({ type: 'string', minLength: 1, maxLength, pattern: NOT_BLANK });
const whole = (minimum: number, maximum = Number.MAX_SAFE_INTEGER) => ({ type: 'integer', minimum, maximum });
const amount = { type: 'number', minimum: 0 };
const whether = { type: 'boolean' };
const url = (maxLength = 2048) => ({ type: 'string', maxLength, pattern: '^https?://\\S+$' });
/** RFC 3339 with a zone. Fractions of a second are allowed. */
const time = {
  type: 'string',
  pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?(Z|[+-]\\d\\d:\\d\\d)$',
};
const oneOf = (...values: readonly string[]) => ({ type: 'string', enum: values });
const object = (properties: object, required: readonly string[] = []) => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
});
const list = (items: object, maxItems = 1_000, minItems = 0) => ({ type: 'array', minItems, maxItems, items });

export const CHANNEL_TYPES = [
  'avito', 'consultant', 'custom', 'drom', 'fbmessenger', 'instagram', 'max', 'mega_market', 'odnoklassniki', 'ozon', 'skype', 'telegram',
  'viber', 'vk', 'whatsapp', 'wildberries', 'yandex_chat', 'yandex_market', 'youla',
] as const; // oxfmt-ignore

const feature = oneOf('none', 'receive', 'send', 'both');
const features = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, feature]));
const media = {
  ...features('creating', 'editing', 'quoting', 'deleting', 'reaction'),
  max_items_count: whole(0),
  max_item_size: whole(0),
  note_max_chars_count: whole(0, 65_535),
};
const entity = object(features('creating', 'editing', 'deleting', 'quoting', 'reaction'));
const settings = object({
  text: object({
    ...features('creating', 'editing', 'quoting', 'deleting', 'reaction'),
    max_chars_count: whole(0, 65_535),
    markup_formats: list(oneOf('bold', 'italic', 'underline', 'strikethrough', 'link', 'inline_monospace', 'block_monospace')),
  }),
  product: entity,
  order: entity,
  image: object(media),
  file: object(media),
  audio: object({ ...features('creating', 'quoting', 'deleting', 'reaction'), max_items_count: whole(0), max_item_size: whole(0) }),
  status: object(features('delivered', 'read')),
  reactions: object({ dictionary: list(filled(64)), max_count: whole(0) }),
  suggestions: object(features('text', 'phone', 'email', 'url')),
  template: object({ creation: whether }),
  customer_external_id: oneOf('any', 'phone'),
  sending_policy: object({
    new_customer: oneOf('no', 'template', 'text'),
    after_reply_timeout: oneOf('no', 'template'),
    outgoing: oneOf('allowed', 'restricted'),
  }),
  whatsapp: { type: 'object' },
});

const channel = {
  type: oneOf(...CHANNEL_TYPES),
  name: filled(100),
  external_id: filled(64),
  avatar_url: url(255),
  settings,
};
const channelBody = object({ id: whole(0), ...channel }, ['type', 'settings']);
const channelChange = object(channel);

const money = object({ value: amount, currency: { type: 'string', pattern: '^[A-Z]{3}$' } }, ['value', 'currency']);
const quantity = object({ value: amount, unit: text(16) }, ['value']);
const product = object({ id: whole(1), name: filled(255), article: text(128), url: url(), img: url(), cost: money, unit: text(16) }, [
  'name',
]);
const order = object({
  number: text(255),
  external_id: whole(1),
  url: url(),
  date: time,
  cost: money,
  discount: money,
  status: object({ code: oneOf('new', 'approval', 'assembling', 'delivery', 'complete', 'cancel'), name: text(255) }),
  delivery: object({ name: text(255), price: money, address: text(65_535), comment: text(65_535) }),
  // Which of the two names is right is a mode.
  payments: list(object({ name: text(255), amount: money, status: object({ name: text(255), payed: whether, paid: whether }) })),
  items: list(object({ name: text(255), url: url(), img: url(), quantity, price: money })),
});
const suggestion = object({ type: oneOf('text', 'phone', 'email', 'url'), title: text(255), payload: text(255) }, ['type']);

const uuid = { type: 'string', pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' };
const externalId = filled(255);
const message = object(
  {
    type: oneOf('text', 'image', 'file', 'audio', 'product', 'order'),
    external_id: externalId,
    text: filled(65_535),
    note: filled(64_000),
    items: list(object({ id: uuid, caption: text(1_024) }, ['id']), 20, 1),
    created_at: time,
    page_link: url(),
    product,
    order,
  },
  ['type', 'external_id'],
);
const customer = object(
  {
    external_id: filled(64),
    nickname: filled(255),
    first_name: text(255),
    last_name: text(255),
    avatar: url(),
    profile_url: url(),
    country: text(255),
    language: text(255),
    phone: text(255),
    email: text(255),
    secondary_external_ids: list(filled(64)),
    utm: object({ source: filled(255), medium: filled(255), campaign: filled(255), term: filled(255), content: filled(255) }),
  },
  ['external_id', 'nickname'],
);
const id = whole(1);
/** A message by the gateway's id or by ours. */
const named = (properties: object = {}, required: readonly string[] = []) => ({
  ...object({ id, external_id: externalId, ...properties }, required),
  anyOf: [{ required: ['id'] }, { required: ['external_id'] }],
});

const posted = {
  external_chat_id: filled(64),
  originator: oneOf('customer', 'channel', 'user'),
  customer,
  message,
  quote: object({ external_id: externalId }, ['external_id']),
  reply_deadline: time,
  secondary_external_chat_ids: list(filled(64)),
};
const messageBody = object({ channel: id, ...posted }, ['channel', 'external_chat_id', 'originator', 'message']);
const historyBody = object({ channel_id: id, ...posted }, ['channel_id', 'external_chat_id', 'originator', 'customer', 'message']);
const editBody = object({ channel: id, message: named({ text: filled(65_535), edited_at: whole(0), page_link: url() }, ['text']) }, [
  'channel',
  'message',
]);
const deleteBody = object({ channel: id, message: named() }, ['channel', 'message']);
const restoreBody = object({ channel_id: id, message: named() }, ['channel_id', 'message']);
const readBody = restoreBody;
const readUntilBody = object({ channel_id: id, customer_external_id: filled(64), until: time }, [
  'channel_id',
  'customer_external_id',
  'until',
]);
const reaction = filled(64);
const reactionBody = object({ channel: id, message: named(), reaction }, ['channel', 'message', 'reaction']);
const reactionRemoval = object({ channel: id, message: named(), reaction }, ['channel', 'message']);

/** Codes of a failure that a module may send. */
export const ERROR_CODES = ['general', 'customer_not_exists', 'reply_timed_out', 'spam_suspicion', 'access_restricted'] as const;
const failure = object({ code: oneOf(...ERROR_CODES), message: text(65_535), external_code: text(100) }, ['code', 'message']);
const ackBody = object(
  {
    channel: id,
    message: named(),
    external_message_id: externalId,
    transport_message_id: externalId,
    created_at: time,
    error: failure,
  },
  ['channel', 'message'],
);
const urlBody = object({ url: url() }, ['url']);

/** A manager's message, in the form of the test's control. */
export const managerMessage = object(
  {
    channel: id,
    chat: filled(64),
    customer: object({ external_id: filled(64), first_name: text(255), last_name: text(255), avatar: text(2048) }, ['external_id']),
    type: oneOf('text', 'image', 'file', 'audio', 'product', 'order'),
    content: text(65_535),
    items: list(object({ id: uuid, caption: text(1_024) }, ['id']), 20, 1),
    quote: id,
    product,
    order,
    suggestions: list(suggestion),
    by: oneOf('user', 'bot'),
    extra: { type: 'object' },
  },
  ['channel'],
);

const ROOT = '/api/transport/v1';
const NO_QUERY = object({});
/** The calls of the gateway's Transport API, and `downloadFile` at the address of a file. */
export const WIRE = [
  { call: 'listChannels', method: 'GET', path: `${ROOT}/channels` },
  { call: 'createChannel', method: 'POST', path: `${ROOT}/channels`, query: NO_QUERY, body: channelBody },
  { call: 'changeChannel', method: 'PUT', path: `${ROOT}/channels/:id`, query: NO_QUERY, body: channelChange },
  { call: 'deactivateChannel', method: 'DELETE', path: `${ROOT}/channels/:id`, query: NO_QUERY },
  { call: 'sendMessage', method: 'POST', path: `${ROOT}/messages`, query: NO_QUERY, body: messageBody },
  { call: 'sendHistory', method: 'POST', path: `${ROOT}/messages/history`, query: NO_QUERY, body: historyBody },
  { call: 'editMessage', method: 'PUT', path: `${ROOT}/messages`, query: NO_QUERY, body: editBody },
  { call: 'deleteMessage', method: 'DELETE', path: `${ROOT}/messages`, query: NO_QUERY, body: deleteBody },
  { call: 'restoreMessage', method: 'POST', path: `${ROOT}/messages/restore`, query: NO_QUERY, body: restoreBody },
  { call: 'markRead', method: 'POST', path: `${ROOT}/messages/read`, query: NO_QUERY, body: readBody },
  { call: 'markReadUntil', method: 'POST', path: `${ROOT}/messages/read_until`, query: NO_QUERY, body: readUntilBody },
  { call: 'acknowledge', method: 'POST', path: `${ROOT}/messages/ack`, query: NO_QUERY, body: ackBody },
  { call: 'addReaction', method: 'POST', path: `${ROOT}/messages/reaction`, query: NO_QUERY, body: reactionBody },
  { call: 'removeReaction', method: 'DELETE', path: `${ROOT}/messages/reaction`, query: NO_QUERY, body: reactionRemoval },
  { call: 'uploadFile', method: 'POST', path: `${ROOT}/files/upload`, query: NO_QUERY, body: {}, bodyType: 'bytes', isBodyOptional: true },
  { call: 'uploadFileByUrl', method: 'POST', path: `${ROOT}/files/upload_by_url`, query: NO_QUERY, body: urlBody },
  { call: 'getFile', method: 'GET', path: `${ROOT}/files/:id`, query: NO_QUERY },
  { call: 'downloadFile', method: 'GET', path: '/files/:id', isOpen: true },
] as const satisfies readonly WireCall[];
export type GatewayCall = (typeof WIRE)[number]['call'];
