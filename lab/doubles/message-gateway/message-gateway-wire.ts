/* The Transport API's requests with their lengths. Unknown fields are rejected. */
import { flag, type Infer, like, list, object, oneOf, type Schema, whole, type WireCall } from '../../../libs/testing/double/wire.js';
import { BOT_WIRE } from './bot-wire.js';
import {
  CHANNEL_TYPES,
  filled,
  id,
  line,
  messageType as type,
  order,
  product as productFields,
  some,
  suggestion,
  time,
  url,
  uuid,
} from './gateway-content.js';

const count = whole(0, Number.MAX_SAFE_INTEGER);
const features = (...names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [`${name}?`, oneOf('none', 'receive', 'send', 'both')]));
const media = {
  ...features('creating', 'editing', 'quoting', 'deleting', 'reaction'),
  ...{ 'max_items_count?': count, 'max_item_size?': count, 'note_max_chars_count?': whole(0, 65_535) },
};
const entity = object(features('creating', 'editing', 'deleting', 'quoting', 'reaction'));
const MARKUP = ['bold', 'italic', 'underline', 'strikethrough', 'link', 'inline_monospace', 'block_monospace'];
const settings = object({
  'text?': object({
    ...features('creating', 'editing', 'quoting', 'deleting', 'reaction'),
    ...{ 'max_chars_count?': whole(0, 65_535), 'markup_formats?': some(oneOf(...MARKUP)) },
  }),
  ...{ 'product?': entity, 'order?': entity, 'image?': object(media), 'file?': object(media) },
  'audio?': object({ ...features('creating', 'quoting', 'deleting', 'reaction'), 'max_items_count?': count, 'max_item_size?': count }),
  'status?': object(features('delivered', 'read')),
  'reactions?': object({ 'dictionary?': some(filled(64)), 'max_count?': count }),
  'suggestions?': object(features('text', 'phone', 'email', 'url')),
  'template?': object({ 'creation?': flag }),
  'customer_external_id?': oneOf('any', 'phone'),
  'sending_policy?': object({
    ...{ 'new_customer?': oneOf('no', 'template', 'text'), 'after_reply_timeout?': oneOf('no', 'template') },
    'outgoing?': oneOf('allowed', 'restricted'),
  }),
  'whatsapp?': object({
    ...{ 'tier?': count, 'channel_quality?': oneOf('high', 'medium', 'low') },
    'channel_status?': oneOf('connected', 'flagged', 'offline', 'pending', 'restricted'),
  }),
});
const channel = { 'name?': filled(100), 'external_id?': filled(64), 'avatar_url?': url(255) };
const channelBody = object({ 'id?': count, type: oneOf(...CHANNEL_TYPES), ...channel, settings });
const channelQuery = object({ 'active?': oneOf('true', 'false'), 'limit?': like(/^([1-9]\d{0,2}|1000)$/) });
const channelChange = object({ 'type?': oneOf(...CHANNEL_TYPES), ...channel, 'settings?': settings });

const product = object({ 'id?': id, ...productFields });
const items = list(object({ id: uuid, 'caption?': line(1_024) }), 1, 20);
const message = object({
  ...{ type, external_id: filled(255), 'text?': filled(65_535), 'note?': filled(64_000), 'items?': items, 'created_at?': time },
  ...{ 'page_link?': url(), 'product?': product, 'order?': order },
});
const label = filled(255);
const customer = object({
  ...{ external_id: filled(64), nickname: label, 'first_name?': line(255), 'last_name?': line(255), 'avatar?': url() },
  ...{ 'profile_url?': url(), 'country?': line(255), 'language?': line(255), 'phone?': line(255), 'email?': line(255) },
  'secondary_external_ids?': some(filled(64)),
  'utm?': object({ 'source?': label, 'medium?': label, 'campaign?': label, 'term?': label, 'content?': label }),
});
/** A message by the gateway's id or by ours. */
const named = <const F extends Parameters<typeof object>[0]>(fields: F) =>
  object({ 'id?': id, 'external_id?': filled(255), ...fields }, { anyOf: [{ required: ['id'] }, { required: ['external_id'] }] });

const messageBody = object({
  ...{ channel: id, external_chat_id: filled(64), originator: oneOf('customer', 'channel', 'user'), 'customer?': customer, message },
  ...{ 'quote?': object({ external_id: filled(255) }), 'reply_deadline?': time, 'secondary_external_chat_ids?': some(filled(64)) },
});
const editBody = object({ channel: id, message: named({ text: filled(65_535), 'edited_at?': count, 'page_link?': url() }) });
const deleteBody = object({ channel: id, message: named({}) });
const readBody = object({ channel_id: id, message: named({}) });
const readUntilBody = object({ channel_id: id, customer_external_id: filled(64), until: time });
const reaction = filled(64);
const reactionBody = object({ channel: id, message: named({}), reaction });
const reactionRemoval = object({ channel: id, message: named({}), 'reaction?': reaction });

/** Codes of a failure that a module may send. */
export const ERROR_CODES = ['general', 'customer_not_exists', 'reply_timed_out', 'spam_suspicion', 'access_restricted'] as const;
const failure = object({ code: oneOf(...ERROR_CODES), message: line(65_535), 'external_code?': line(100) });
const ackBody = object({
  ...{ channel: id, message: named({}), 'external_message_id?': filled(255), 'transport_message_id?': filled(255) },
  ...{ 'created_at?': time, 'error?': failure },
});

/** A manager's message, in the form of the test's control. */
export const managerMessage = object({
  // The gateway's id of the channel.
  channel: id,
  // The chat by its id at the messenger, else the customer: their latest chat, or a new one.
  'chat?': filled(64),
  'customer?': object({
    external_id: filled(64),
    'nickname?': line(255),
    'first_name?': line(255),
    'last_name?': line(255),
    'avatar?': line(2048),
  }),
  // `text` when left out. `content` is the text, or the text under media.
  ...{ 'type?': type, 'content?': line(65_535), 'items?': items },
  // The gateway's id of the message it answers.
  'quote?': id,
  ...{ 'product?': product, 'order?': order, 'suggestions?': some(suggestion) },
  // `user` when left out.
  'by?': oneOf('user', 'bot'),
  // More fields of the webhook's data.
  'extra?': { type: 'object' } as Schema<object>,
});

const TEMPLATE_STATUSES = ['approved', 'pending', 'rejected', 'paused', 'disabled'] as const;
const templateButton = object({ type: oneOf('plain', 'phone', 'url'), label: filled(255), 'phone?': filled(255), 'url?': filled(4_096) });
const texts = some(line(4_096));
const templateFields = {
  name: filled(512),
  ...{ 'body?': line(65_535), 'footer?': line(4_096), 'lang?': filled(50), 'category?': oneOf('utility', 'marketing', 'authentication') },
  'header?': object({ content: object({ type: oneOf('text', 'image', 'video', 'document'), 'body?': filled(4_096) }) }),
  'buttons?': object({ items: some(templateButton) }),
  'example?': object({
    ...{ 'header?': texts, 'body?': texts, 'buttons?': some(texts) },
    'attachments?': some(object({ id: uuid, 'caption?': line(1_024) })),
  }),
  ...{ 'verification_status?': oneOf(...TEMPLATE_STATUSES), 'quality?': oneOf('pending', 'high', 'medium', 'low') },
  'rejection_reason?': oneOf('abusive_content', 'incorrect_category', 'invalid_format', 'scam'),
};
const templateBody = object({ code: filled(512), type: oneOf('text', 'media'), ...templateFields });
const templateChange = object(templateFields);
/** A module's answer to a new template. One of the vendor's clients needs both fields. */
export const templateAnswer = object({ code: filled(512), verification_status: oneOf(...TEMPLATE_STATUSES) });

const ROOT = '/api/transport/v1';
const NO_QUERY = object({});
/** The calls of the gateway's Transport API and Bot API, and `downloadFile` at the address of a file. */
export const WIRE = [
  { call: 'listChannels', method: 'GET', path: `${ROOT}/channels`, query: channelQuery },
  { call: 'createChannel', method: 'POST', path: `${ROOT}/channels`, query: NO_QUERY, body: channelBody },
  { call: 'changeChannel', method: 'PUT', path: `${ROOT}/channels/:id`, query: NO_QUERY, body: channelChange },
  { call: 'deactivateChannel', method: 'DELETE', path: `${ROOT}/channels/:id`, query: NO_QUERY },
  { call: 'listTemplates', method: 'GET', path: `${ROOT}/templates`, query: NO_QUERY },
  { call: 'activateTemplate', method: 'POST', path: `${ROOT}/channels/:id/templates`, query: NO_QUERY, body: templateBody, status: 201 },
  { call: 'changeTemplate', method: 'PUT', path: `${ROOT}/channels/:id/templates/:code`, query: NO_QUERY, body: templateChange },
  { call: 'deactivateTemplate', method: 'DELETE', path: `${ROOT}/channels/:id/templates/:code`, query: NO_QUERY },
  { call: 'sendMessage', method: 'POST', path: `${ROOT}/messages`, query: NO_QUERY, body: messageBody },
  { call: 'editMessage', method: 'PUT', path: `${ROOT}/messages`, query: NO_QUERY, body: editBody },
  { call: 'deleteMessage', method: 'DELETE', path: `${ROOT}/messages`, query: NO_QUERY, body: deleteBody },
  { call: 'markRead', method: 'POST', path: `${ROOT}/messages/read`, query: NO_QUERY, body: readBody },
  { call: 'markReadUntil', method: 'POST', path: `${ROOT}/messages/read_until`, query: NO_QUERY, body: readUntilBody },
  { call: 'acknowledge', method: 'POST', path: `${ROOT}/messages/ack`, query: NO_QUERY, body: ackBody },
  { call: 'addReaction', method: 'POST', path: `${ROOT}/messages/reaction`, query: NO_QUERY, body: reactionBody },
  { call: 'removeReaction', method: 'DELETE', path: `${ROOT}/messages/reaction`, query: NO_QUERY, body: reactionRemoval },
  { call: 'uploadFile', method: 'POST', path: `${ROOT}/files/upload`, query: NO_QUERY, body: {}, bodyType: 'bytes', isBodyOptional: true },
  { call: 'getFile', method: 'GET', path: `${ROOT}/files/:id`, query: NO_QUERY },
  { call: 'downloadFile', method: 'GET', path: '/files/:id', isOpen: true },
  ...BOT_WIRE,
] as const satisfies readonly WireCall[];
export type GatewayCall = (typeof WIRE)[number]['call'];

/** A client's message and acknowledgement, and a message as both name it. */
export type MessageRequest = Infer<typeof messageBody>;
export type AckRequest = Infer<typeof ackBody>;
export type MessageName = AckRequest['message'];
export type ManagerMessage = Infer<typeof managerMessage>;
/** An order in a message. */
export type GatewayOrder = Infer<typeof order>;
