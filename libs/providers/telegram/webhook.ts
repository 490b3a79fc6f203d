import type { ChatCustomer, MessengerEvent } from '#chat/port';
import { equalInConstantTime, getParser, toLanguage } from '#platform';
import { cutText, ProviderError, type ProviderWebhook, type WebhookRequest } from '#provider-kit';
import { readOwnPhone, readText, toContent } from './content.js';
import { deriveSecret } from './hooks.js';
import { toMessageId } from './ids.js';
import { readBotId, type TelegramContext, type TelegramSettings } from './telegram.settings.js';
import { type WireChat, type WireMessage, WireUpdate, type WireUser } from './telegram.wire.js';

const SECRET_HEADER = 'x-telegram-bot-api-secret-token';
const NAME_LENGTH = 255;

/**
 * Telegram's updates: one in a body, the bot's id at the end of the address, and in a header the secret that
 * the webhook was made with, which is all that proves their sender. Only private chats are read.
 */
export const webhook: ProviderWebhook<TelegramSettings, MessengerEvent> = {
  verify({ path, headers }, { settings, connectionId }): boolean {
    const bot = settings.bots.find((one) => readBotId(one) === path);
    return bot !== undefined && equalInConstantTime(headers[SECRET_HEADER] ?? '', deriveSecret(bot.token, connectionId, path));
  },

  parse(request, context): MessengerEvent[] {
    const raw = readJson(request);
    const update = readUpdate(raw);
    const event = toEvent(update, raw, request.path, context);
    return event ? [event] : [];
  },

  // A body with a `method` would be carried out by Telegram as a call, so there is none.
  reply: () => ({ status: 200, body: '' }),
};

/** The update as it came: what a message holds is told by the names of its fields. */
type RawUpdate = Readonly<Partial<Record<string, object>>>;

function readJson({ rawBody }: WebhookRequest): RawUpdate {
  try {
    return JSON.parse(new TextDecoder().decode(rawBody)) as RawUpdate;
  } catch (cause) {
    throw new ProviderError('invalid', 'This is no update of Telegram', { cause });
  }
}

function readUpdate(raw: unknown): WireUpdate {
  try {
    return getParser(WireUpdate).parse(raw);
  } catch (cause) {
    throw new ProviderError('invalid', 'This is no update of Telegram', { cause });
  }
}

function toEvent(update: WireUpdate, raw: RawUpdate, account: string, context: TelegramContext): MessengerEvent | undefined {
  const { update_id: updateId, message, edited_message: edited, callback_query: pressed, my_chat_member: membership } = update;
  const common = (chat: number, seconds?: number) => ({
    ...{ id: `${account}:${updateId}`, account, chat: String(chat) },
    at: seconds === undefined ? context.now : new Date(seconds * 1_000),
  });
  if (message) return toMessageEvent(message, raw['message'] ?? {}, (chat, seconds) => common(chat, seconds), context);
  if (edited && isPrivate(edited.chat)) {
    const text = readText(raw['edited_message'] ?? {});
    if (text === undefined) return undefined;
    const { chat, message_id: id, edit_date: at, date } = edited;
    return { ...common(chat.id, at ?? date), type: 'edit', message: toMessageId(chat.id, id), text };
  }
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

function toMessageEvent(
  message: WireMessage,
  raw: object,
  common: (chat: number, seconds: number) => Pick<MessengerEvent, 'id' | 'account' | 'chat' | 'at'>,
  { account: { language } }: TelegramContext,
): MessengerEvent | undefined {
  const { chat, from, message_id: id, date, reply_to_message: answered } = message;
  if (!isPrivate(chat) || !from || from.is_bot) return undefined;
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

function toCustomer({ id, first_name: firstName, last_name: lastName, username, language_code: tag }: WireUser): ChatCustomer {
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
