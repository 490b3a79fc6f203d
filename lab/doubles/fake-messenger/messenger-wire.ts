import { anything, flag, list, object, text, whole, type WireCall } from '../../../libs/testing/double/index.js';

const sentMessage = object({
  ...{ 'reference?': text(), 'chat?': text(), 'customer?': text(), 'text?': text(), 'files?': list(text()), 'quote?': text() },
});
const sent = object({ messages: list(text(1), 1), chat: text(1) });
const named = object({ 'name?': text() });
const made = object({ id: text(1) });
const none = object({});
const message = '/bots/:bot/messages/:id';

/** The calls of its API. */
export const WIRE = [
  { call: 'listBots', method: 'GET', path: '/bots', reply: object({ bots: list(object({ id: text(1), name: text(1) })) }) },
  { call: 'uploadFile', method: 'POST', path: '/files', query: named, body: anything, bodyType: 'bytes', reply: made, status: 201 },
  { call: 'sendMessage', method: 'POST', path: '/bots/:bot/messages', body: sentMessage, reply: sent, status: 201 },
  { call: 'editMessage', method: 'PUT', path: message, body: object({ text: text(1) }), reply: none },
  { call: 'deleteMessage', method: 'DELETE', path: message, reply: none },
  { call: 'react', method: 'PUT', path: '/bots/:bot/messages/:id/reaction', body: object({ 'emoji?': text() }), reply: none },
  { call: 'markRead', method: 'POST', path: '/bots/:bot/messages/:id/read', body: none, isBodyOptional: true, reply: none },
  { call: 'openFile', method: 'GET', path: '/files/:id' },
] as const satisfies readonly WireCall[];

/** Bodies of the control. */
export const written = object({
  ...{ 'bot?': text(), 'person?': text(), 'text?': text(), 'quote?': text(), 'paceMs?': whole(0) },
  'files?': list(object({ base64: text(), 'name?': text(), 'type?': text() })),
});
export const ofMessage = object({ message: text() });
export const edited = object({ message: text(), text: text() });
export const reacted = object({ message: text(), emoji: text(), 'removed?': flag });
export const blocking = object({ person: text(), 'blocked?': flag, 'bot?': text() });

/** A file, of a customer or of a message to one. */
export interface MessengerFile {
  id: string;
  name: string;
  type: string;
  bytes: Buffer;
  /** Milliseconds before each piece when it is read. */
  paceMs: number;
}

/** A person at the messenger. */
export interface MessengerPerson {
  id: string;
  nickname: string;
  firstName?: string;
}

/** A message of either side. A message with several files has a part for each. */
export interface MessengerMessage {
  id: string;
  bot: string;
  chat: string;
  by: 'customer' | 'shop';
  text: string;
  file: MessengerFile | undefined;
  quote: string | undefined;
  /** The key that it was sent with. */
  reference: string | undefined;
  edits: number;
  deleted: boolean;
  read: boolean;
  reaction: string | undefined;
}

/** A chat of a customer with a bot. */
export interface MessengerChat {
  id: string;
  bot: string;
  person: MessengerPerson;
  blocked: boolean;
}

/** A message that a customer writes. */
export interface CustomerMessage {
  /** The bot, by default the first. */
  bot?: string;
  /** The customer's id, and that of the chat. */
  person?: string;
  text?: string;
  files?: { bytes: Uint8Array; name?: string; type?: string }[];
  /** Id of the message that it answers. */
  quote?: string;
  /** Pause in milliseconds before each chunk when its files are read. */
  paceMs?: number;
}

/** The body of a webhook: an event in a chat. */
export interface MessengerPosting {
  /** Unique at the messenger. */
  id: string;
  bot: string;
  chat: string;
  /** RFC 3339. */
  at: string;
  type: 'message' | 'edit' | 'delete' | 'read' | 'reaction' | 'blocked' | 'unblocked';
  [field: string]: unknown;
}
