import { Refusal } from '../../../libs/testing/double/refusal.js';

/** A user, or a bot. */
export interface TelegramUser {
  id: number;
  is_bot: boolean;
  first_name: string;
  last_name?: string;
  username?: string;
  /** IETF: `pt-br`. */
  language_code?: string;
}

/** A chat as messages show it. */
export interface TelegramChat {
  id: number;
  type: 'private' | 'group' | 'supergroup' | 'channel';
  title?: string;
  first_name?: string;
  last_name?: string;
  username?: string;
}

/** A part of a text that is more than text. Offset and length are in UTF-16 units. */
export interface TelegramEntity {
  type: string;
  offset: number;
  length: number;
  url?: string;
  language?: string;
  [field: string]: unknown;
}

/** A message in the form of updates and replies. */
export interface TelegramMessage {
  /** Unique in the chat only. */
  message_id: number;
  /** Unix seconds. */
  date: number;
  chat: TelegramChat;
  from?: TelegramUser;
  edit_date?: number;
  text?: string;
  entities?: readonly TelegramEntity[];
  caption?: string;
  caption_entities?: readonly TelegramEntity[];
  media_group_id?: string;
  reply_to_message?: TelegramMessage;
  reply_markup?: TelegramMarkup;
  [field: string]: unknown;
}

/** An update: its id and its content. */
export interface TelegramUpdate {
  update_id: number;
  message?: TelegramMessage;
  edited_message?: TelegramMessage;
  [kind: string]: unknown;
}

/** A keyboard of any kind. */
export interface TelegramMarkup {
  inline_keyboard?: readonly (readonly TelegramButton[])[];
  keyboard?: readonly (readonly TelegramButton[])[];
  remove_keyboard?: true;
  [field: string]: unknown;
}

/** A button of a keyboard. */
export interface TelegramButton {
  text: string;
  url?: string;
  callback_data?: string;
  request_contact?: boolean;
}

export function badRequest(what: string): Refusal {
  return new Refusal(400, '', `Bad Request: ${what}`);
}

export function forbidden(why: string): Refusal {
  return new Refusal(403, '', `Forbidden: ${why}`);
}

/** The next call may be made after `seconds`. Sends no Retry-After header. */
export function tooMany(seconds: number): Refusal {
  return new Refusal(429, '', `Too Many Requests: retry after ${seconds}`, { retry_after: seconds });
}

/** The emoji that a reaction can be. */
export const TELEGRAM_REACTIONS: readonly string[] = [
  ...['👍', '👎', '❤', '🔥', '🥰', '👏', '😁', '🤔', '🤯', '😱', '🤬', '😢', '🎉', '🤩', '🤮', '💩', '🙏', '👌', '🕊', '🤡', '🥱', '🥴'],
  ...['😍', '🐳', '❤‍🔥', '🌚', '🌭', '💯', '🤣', '⚡', '🍌', '🏆', '💔', '🤨', '😐', '🍓', '🍾', '💋', '🖕', '😈', '😴', '😭', '🤓', '👻'],
  ...['👨‍💻', '👀', '🎃', '🙈', '😇', '😨', '🤝', '✍', '🤗', '🫡', '🎅', '🎄', '☃', '💅', '🤪', '🗿', '🆒', '💘', '🙉', '🦄', '😘', '💊'],
  ...['🙊', '😎', '👾', '🤷‍♂', '🤷', '🤷‍♀', '😡'],
];

/** The kinds of updates. */
export const TELEGRAM_UPDATES = [
  ...['message', 'edited_message', 'channel_post', 'edited_channel_post', 'business_connection', 'business_message'],
  ...['edited_business_message', 'deleted_business_messages', 'guest_message', 'stopped_message_generation', 'message_reaction'],
  ...['message_reaction_count', 'inline_query', 'chosen_inline_result', 'callback_query', 'shipping_query', 'pre_checkout_query'],
  ...['purchased_paid_media', 'poll', 'poll_answer', 'my_chat_member', 'chat_member', 'chat_join_request', 'chat_boost'],
  ...['removed_chat_boost', 'managed_bot', 'subscription'],
];

/** Kinds of updates that a bot only gets when it lists them. */
export const ASKED_BY_NAME: readonly string[] = ['chat_member', 'message_reaction', 'message_reaction_count'];
