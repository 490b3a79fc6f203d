/* The Bot API's requests with their lengths. Unknown fields are rejected. */
import { flag, type Infer, like, list, object, oneOf, text, type WireCall } from '../../../libs/testing/double/wire.js';
import { CHANNEL_TYPES, filled, id, line, messageType, order, product, suggestion, time, url, uuid } from './gateway-content.js';

/** Booleans in queries are text. */
const bool = like(/^(true|false|1|0)$/);
const num = like(/^[1-9]\d{0,15}$/);
const LISTED = {
  ...{ 'id?': num, 'since?': time, 'until?': time, 'since_id?': num, 'until_id?': num },
  'limit?': like(/^([1-9]\d{0,2}|1000)$/),
};
const scope = oneOf('public', 'private');
const channelType = oneOf(...CHANNEL_TYPES);
const role = oneOf('distributor', 'responsible', 'hidden');
const CHANNEL_OF = { 'channel_id?': num, 'channel_type?': channelType };

/** Names of the socket's events. */
export const BOT_EVENTS = [
  ...(['message_new', 'message_updated', 'message_deleted', 'message_restored', 'chat_created', 'chat_updated', 'chats_deleted'] as const),
  ...(['dialog_opened', 'dialog_closed', 'dialog_assign', 'user_joined_chat', 'user_left_chat', 'user_online_updated'] as const),
  ...(['user_updated', 'customer_updated', 'bot_updated', 'channel_updated'] as const),
] as const;
export type BotEvent = (typeof BOT_EVENTS)[number];

const COLOURS = [
  ...(['light-red', 'light-blue', 'light-green', 'light-orange', 'light-gray', 'light-grayish-blue'] as const),
  ...(['red', 'blue', 'green', 'orange', 'gray', 'grayish-blue'] as const),
] as const;
const tag = object({ name: filled(255), 'color_code?': oneOf(...COLOURS) });
const content = {
  'content?': line(65_535),
  'note?': line(65_535),
  'items?': list(object({ id: uuid, caption: text(1, 1_024) }), 1, 20),
  ...{ 'product?': object({ id, ...product }), 'order?': order, 'quote_message_id?': id },
  'transport_attachments?': object({ suggestions: list(suggestion) }),
};
const sendBody = object({
  ...{ chat_id: id, scope, 'type?': messageType, ...content },
  'mass_communication?': flag,
});
const assignBody = object({ 'user_id?': id, 'bot_id?': id }, { minProperties: 1 });
const infoBody = object({ 'name?': line(255), 'avatar_url?': url(), 'roles?': list(role) });
const commandBody = object({ 'name?': like(/^[a-z0-9_]{1,32}$/), description: filled(64) });
const holderBody = object({ 'user_id?': id, 'bot_id?': id });
const tagsBody = object({ tags: list(tag, 1) });
const uploadBody = object({ url: url() });
const metaBody = object({ 'transcription?': line(65_535), 'transcription_status?': oneOf('in_progress', 'ready', 'error') });
const templateBody = object({ phone: filled(255), 'args?': { type: 'object' } as ReturnType<typeof object> });
const tagNamesBody = object({ tags: list(object({ name: filled(255) }), 1) });

const ROOT = '/api/bot/v1';
/** The address of the socket. */
export const SOCKET_PATH = `${ROOT}/ws`;
const NO_QUERY = object({});
const get = <const Call extends string>(call: Call, path: string, query: Parameters<typeof object>[0]) =>
  ({ call, method: 'GET', path: `${ROOT}/${path}`, query: object(query) }) as const;
/**
 * The calls of the gateway's Bot API. Only one of the vendor's clients knows templates. Lists take a repeated
 * name (`id=1&id=2`): its last value is checked.
 */
export const BOT_WIRE = [
  get('botBots', 'bots', { ...LISTED, 'self?': bool, 'active?': bool, 'role?': role }),
  get('botCommands', 'my/commands', { ...LISTED, 'name?': line(32) }),
  get('botChannels', 'channels', { ...LISTED, 'types?': channelType, 'active?': bool }),
  get('botUsers', 'users', { ...LISTED, 'active?': bool, 'online?': bool, 'external_id?': line(255) }),
  get('botCustomers', 'customers', { ...LISTED, ...CHANNEL_OF, 'external_id?': line(255) }),
  get('botChats', 'chats', {
    ...LISTED,
    ...CHANNEL_OF,
    ...{ 'customer_id?': num, 'customer_external_id?': line(255), 'include_mass_communication?': bool },
  }),
  get('botMembers', 'members', { ...LISTED, 'chat_id?': num, 'user_id?': num, 'state?': oneOf('active', 'kicked', 'leaved') }),
  get('botTemplates', 'templates', {}),
  get('botFile', 'files/:id', {}),
  get('botDialogs', 'dialogs', {
    ...LISTED,
    ...{ 'chat_id?': num, 'user_id?': num, 'bot_id?': num, 'active?': bool, 'assign?': bool, 'include_mass_communication?': bool },
  }),
  get('botMessages', 'messages', {
    ...LISTED,
    ...CHANNEL_OF,
    ...{ 'chat_id?': num, 'dialog_id?': num, 'user_id?': num, 'customer_id?': num, 'bot_id?': num, 'scope?': scope },
    'type?': oneOf('text', 'system', 'file', 'image', 'order', 'product', 'command', 'audio'),
    'include_mass_communication?': bool,
  }),
  { call: 'botInfo', method: 'PATCH', path: `${ROOT}/my/info`, query: NO_QUERY, body: infoBody },
  { call: 'botPutCommand', method: 'PUT', path: `${ROOT}/my/commands/:name`, query: NO_QUERY, body: commandBody },
  { call: 'botDeleteCommand', method: 'DELETE', path: `${ROOT}/my/commands/:name`, query: NO_QUERY },
  { call: 'botOpenDialog', method: 'POST', path: `${ROOT}/chats/:id/dialogs`, query: NO_QUERY, body: holderBody, isBodyOptional: true },
  { call: 'botAssign', method: 'PATCH', path: `${ROOT}/dialogs/:id/assign`, query: NO_QUERY, body: assignBody },
  { call: 'botUnassign', method: 'PATCH', path: `${ROOT}/dialogs/:id/unassign`, query: NO_QUERY },
  { call: 'botClose', method: 'DELETE', path: `${ROOT}/dialogs/:id/close`, query: NO_QUERY },
  { call: 'botAddTags', method: 'PATCH', path: `${ROOT}/dialogs/:id/tags/add`, query: NO_QUERY, body: tagsBody },
  { call: 'botDeleteTags', method: 'PATCH', path: `${ROOT}/dialogs/:id/tags/delete`, query: NO_QUERY, body: tagNamesBody },
  { call: 'botSend', method: 'POST', path: `${ROOT}/messages`, query: NO_QUERY, body: sendBody, status: 201 },
  { call: 'botTemplateSend', method: 'POST', path: `${ROOT}/templates/:id/send`, query: NO_QUERY, body: templateBody, status: 201 },
  { call: 'botUpload', method: 'POST', path: `${ROOT}/files/upload`, query: NO_QUERY, body: {}, bodyType: 'bytes', isBodyOptional: true },
  { call: 'botUploadByUrl', method: 'POST', path: `${ROOT}/files/upload_by_url`, query: NO_QUERY, body: uploadBody },
  { call: 'botFileMeta', method: 'PUT', path: `${ROOT}/files/:id/meta`, query: NO_QUERY, body: metaBody },
  { call: 'botEdit', method: 'PATCH', path: `${ROOT}/messages/:id`, query: NO_QUERY, body: object(content) },
  { call: 'botDelete', method: 'DELETE', path: `${ROOT}/messages/:id`, query: NO_QUERY },
] as const satisfies readonly WireCall[];
export type BotCall = (typeof BOT_WIRE)[number]['call'];

export type BotMessageRequest = Infer<typeof sendBody>;

/** A person's message, in the form of the test's control. */
export const chatMessage = object({
  // The chat by the gateway's id.
  chat: id,
  // `customer` when left out.
  'by?': oneOf('customer', 'user', 'bot', 'channel'),
  // `command` is a manager's command.
  'type?': oneOf('text', 'command', 'system'),
  content: text(1, 65_535),
  // `public` when left out, `private` for a command.
  'scope?': scope,
});
export type ChatMessage = Infer<typeof chatMessage>;
