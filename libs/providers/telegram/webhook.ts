import type { ChatCustomer, ChatEvent, MessengerEvent } from '#chat/port';
import { sha256Hex, toLanguage } from '#platform';
import { cutText, type ProviderWebhook, readWebhook, shape, sharedToken, whole } from '#provider-kit';
import { readOwnPhone, readText, toContent } from './content.js';
import { deriveSecret } from './hooks.js';
import { toCaptionId, toMessageId } from './ids.js';
import { readBotId, type TelegramContext, type TelegramSettings } from './telegram.settings.js';
import { update, type WireChat, type WireMessage, type WirePerson, type WireUpdate } from './telegram.wire.js';

const SECRET_HEADER = 'x-telegram-bot-api-secret-token';
const NAME_LENGTH = 255;

/**
 * Telegram's updates: one in a body, the bot's id at the end of the address, and in a header the secret that
 * the webhook was made with, which is all that proves their sender. Only private chats are read.
 */
export const webhook: ProviderWebhook<TelegramSettings, MessengerEvent> = {
  verify: sharedToken(
    ({ headers }) => headers[SECRET_HEADER],
    ({ settings, connectionId }, { path }) => {
      const bot = settings.bots.find((one) => readBotId(one) === path);
      return bot && deriveSecret(bot.token, connectionId, path);
    },
  ),

  parse(request, context): MessengerEvent[] {
    const event = toEvent(readWebhook(request, update), request.path, context);
    return event ? [event] : [];
  },

  // Telegram repeats a rejected update, and holds back the following ones in its chat.
  identifyUnread(request): string {
    try {
      return `${request.path}:${readWebhook(request, shape({ update_id: whole })).update_id}`;
    } catch {
      return `${request.path}:${sha256Hex(new TextDecoder().decode(request.rawBody))}`;
    }
  },

  // A body with a `method` would be carried out by Telegram as a call, so there is none.
  reply: () => ({ status: 200, body: '' }),
};

function toEvent(given: WireUpdate, account: string, context: TelegramContext): MessengerEvent | undefined {
  const { update_id: updateId, message, edited_message: edited, callback_query: pressed, my_chat_member: membership } = given;
  const common = (chat: number, seconds?: number) => ({
    ...{ id: `${account}:${updateId}`, account, chat: String(chat) },
    at: seconds === undefined ? context.now : new Date(seconds * 1_000),
  });
  if (message) return toMessageEvent(message, common, context);
  if (edited && isPrivate(edited.chat)) return toEditEvent(updateId, edited, common, context);
  if (membership && isPrivate(membership.chat)) {
    const { chat, date, new_chat_member: member } = membership;
    return { ...common(chat.id, date), type: member.status === 'kicked' ? 'blocked' : 'unblocked' };
  }
  if (pressed && (!pressed.message || isPrivate(pressed.message.chat))) {
    const { id, from, message: under, data = '' } = pressed;
    const chat = under?.chat.id ?? from.id;
    return {
      ...{ ...common(chat), type: 'message', customer: toCustomer(from), button: id },
      message: { id: `${chat}:pressed:${id}`, kind: 'text', text: data, ...(under && { quote: toMessageId(chat, under.message_id) }) },
    };
  }
  return undefined;
}

type MakeCommon = (chat: number, seconds: number) => Pick<ChatEvent, 'id' | 'account' | 'chat' | 'at'>;

/** Only the words of a message can be seen to change. */
function toEditEvent(updateId: number, edited: WireMessage, common: MakeCommon, { account }: TelegramContext): MessengerEvent | undefined {
  const { chat, from = chat, message_id: id, date, edit_date: at = date, raw } = edited;
  const message = toMessageId(chat.id, id);
  const text = readText(raw);
  if (text !== undefined) return { ...common(chat.id, at), type: 'edit', message, text };
  const { media, text: caption = '' } = toContent(raw, toLanguage(account.language)) ?? {};
  if (!media) return undefined;
  return {
    ...{ ...common(chat.id, at), type: 'message', customer: toCustomer(from) },
    message: { id: toCaptionId(chat.id, id, updateId), kind: 'text', text: caption, quote: message, captionOf: message },
  };
}

function toMessageEvent(message: WireMessage, common: MakeCommon, { account: { language } }: TelegramContext): MessengerEvent | undefined {
  // With one person a chat is that person.
  const { chat, from = chat, message_id: id, date, reply_to_message: answered, raw } = message;
  if (!isPrivate(chat) || from.is_bot) return undefined;
  const content = toContent(raw, toLanguage(language));
  if (!content) return undefined;
  const [, command, campaign] = /^(\/start)(?:@\w+)?(?:\s+(\S{1,255}))?$/.exec(content.text ?? '') ?? [];
  const phone = readOwnPhone(raw, from.id);
  return {
    ...common(chat.id, date),
    type: 'message',
    customer: { ...toCustomer(from), ...(phone !== undefined && { phone }), ...(campaign !== undefined && { utm: { campaign } }) },
    message: {
      id: toMessageId(chat.id, id),
      ...content,
      ...(command !== undefined && { text: command }),
      ...(answered && { quote: toMessageId(chat.id, answered.message_id) }),
    },
  };
}

function toCustomer({ id, first_name: firstName, last_name: lastName, username, language_code: tag }: WirePerson): ChatCustomer {
  const language = /^[a-z]{2}(?![a-z])/i.exec(tag ?? '')?.[0].toLowerCase();
  const name = [firstName, lastName]
    .filter((part) => part)
    .join(' ')
    .trim();
  return {
    id: String(id),
    nickname: username ?? (cutText(name, NAME_LENGTH) || `id${id}`),
    ...(firstName && { firstName }),
    ...(lastName && { lastName }),
    ...(language !== undefined && { language }),
    ...(username !== undefined && { profileUrl: `https://t.me/${username}` }),
  };
}

function isPrivate({ type }: WireChat): boolean {
  return type === 'private';
}
