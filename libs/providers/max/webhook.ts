import type { ChatCustomer, ChatEvent, InMessage, MessengerEvent } from '#chat/port';
import { equalInConstantTime, sha256Hex, toLanguage } from '#platform';
import { cutText, type ProviderWebhook, readWebhook, sharedToken } from '#provider-kit';
import { readOwnPhone, showName, toContents } from './content.js';
import { openBot } from './bots.js';
import { deriveSecret, POLLED, UPDATES } from './hooks.js';
import { readAnsweredId, toCaptionId, toPartId } from './ids.js';
import type { MaxMethod } from './max.api.js';
import type { MaxContext, MaxSettings } from './max.settings.js';
import { update, type WireMessage, type WirePerson, type WireUpdate } from './max.wire.js';

/** The header with the secret of a subscription. */
export const SECRET_HEADER = 'x-max-bot-api-secret';
const NAME_LENGTH = 255;
/** Updates of one fetch. */
const FETCHED = 100;

/**
 * MAX's updates: one in a body, the bot's id at the end of the address, and in a header the secret that the
 * webhook was made with, which is all that proves their sender. Only dialogs are read.
 */
export const webhook: ProviderWebhook<MaxSettings, MessengerEvent> = {
  verify: sharedToken(
    ({ headers }) => headers[SECRET_HEADER],
    ({ settings, connectionId }, { path, headers }) => {
      // A token does not contain the bot's id, so each one is tried.
      const tokens = settings.bots.map(({ token }) => token).filter((token) => token !== '');
      return tokens
        .map((token) => deriveSecret(token, connectionId, path))
        .find((secret) => equalInConstantTime(secret, headers[SECRET_HEADER] ?? ''));
    },
  ),

  parse: (request, context) => toEvents(readWebhook(request, update), request.path, context),

  // After eight hours without a success MAX would post nothing more.
  identifyUnread: ({ path, rawBody }) => `${path}:${sha256Hex(new TextDecoder().decode(rawBody))}`,
};

/** Fetches the updates of a bot whose address MAX rejects, as MAX would post them. */
export const fetchUpdates: MaxMethod<'fetchUpdates'> = async (api, account, marker, context) => {
  if (context.memory[POLLED + account] === undefined) return undefined;
  const at = await openBot(api, account, context);
  const query = { limit: FETCHED, timeout: 0, types: UPDATES.join(','), ...(marker !== undefined && { marker }) };
  const { updates, marker: next } = await api.getUpdates(at, { query });
  const secret = deriveSecret(at.bot.token, context.connectionId, account);
  const requests = updates.map((one) => ({
    ...{ method: 'POST', headers: { [SECRET_HEADER]: secret }, query: new URLSearchParams(), path: account },
    rawBody: new TextEncoder().encode(JSON.stringify(one)),
  }));
  return { requests, ...(next !== undefined && { marker: String(next) }) };
};

type Common = Pick<ChatEvent, 'id' | 'account' | 'chat' | 'at'>;

function toEvents(given: WireUpdate, account: string, context: MaxContext): MessengerEvent[] {
  const { update_type: type, timestamp, message, chat_id: chat, user, user_locale: tag } = given;
  const subject = message?.body?.mid ?? given.message_id ?? chat ?? '';
  // Updates have no ids. A repeat is equal.
  const makeCommon = (where: number | undefined, about: string | number = subject): Common => ({
    ...{ id: `${account}:${type}:${about}:${timestamp}`, account, chat: String(where) },
    at: new Date(timestamp),
  });
  if (type === 'message_created' && message && isFromCustomer(message))
    return toMessageEvents(message, makeCommon(message.recipient?.chat_id), tag, context);
  if (type === 'message_edited' && message && isFromCustomer(message))
    return toEditEvents(message, makeCommon(message.recipient?.chat_id), tag, context);
  // Ids of groups are negative. Bots delete their own messages.
  if (type === 'message_removed' && given.message_id !== undefined && chat !== undefined && chat > 0 && String(given.user_id) !== account)
    return [{ ...makeCommon(chat), type: 'delete', message: given.message_id }];
  if (type === 'message_callback' && given.callback && message?.recipient?.chat_type !== 'chat') {
    const { callback_id: id, payload: text = '', user: customer } = given.callback;
    const where = message?.recipient?.chat_id;
    const quote = message?.body?.mid;
    // Without the message, which may be deleted, the dialog is unknown.
    if (where === undefined || text === '') return [];
    const pressed = { id: `pressed:${id}`.slice(0, 255), kind: 'text' as const, text, ...(quote !== undefined && { quote }) };
    return [{ ...makeCommon(where, id), type: 'message', customer: toCustomer(customer, tag), message: pressed }];
  }
  if (type === 'bot_started' && chat !== undefined && user) return toStartEvents(given.payload, user, makeCommon(chat), tag);
  if ((type === 'bot_stopped' || type === 'dialog_removed') && chat !== undefined) return [{ ...makeCommon(chat), type: 'blocked' }];
  return [];
}

function toStartEvents(campaign: string | undefined, user: WirePerson, common: Common, tag: string | undefined): MessengerEvent[] {
  const utm = campaign ? { utm: { campaign: cutText(campaign, NAME_LENGTH) } } : {};
  const message: InMessage = { id: `start:${common.chat}:${common.at.getTime()}`, kind: 'text', text: '/start' };
  return [
    { ...common, type: 'unblocked' },
    { ...common, id: `${common.id}:text`, type: 'message', customer: { ...toCustomer(user, tag), ...utm }, message },
  ];
}

function toMessageEvents(
  message: WireMessage,
  common: Common,
  tag: string | undefined,
  { account: { language } }: MaxContext,
): MessengerEvent[] {
  const { sender, body, link } = message;
  // A message that only forwards another one has no id.
  const mid = body?.mid ?? `forward:${common.chat}:${common.at.getTime()}`;
  const phone = readOwnPhone(message);
  const customer = { ...toCustomer(sender as WirePerson, tag), ...(phone !== undefined && { phone }) };
  const quote = link?.type === 'reply' ? readAnsweredId(link.message?.mid) : undefined;
  return toContents(message, toLanguage(language)).map((content, index) => ({
    ...{ ...common, type: 'message' as const, customer },
    ...(index > 0 && { id: `${common.id}:${index}` }),
    message: { id: index === 0 ? mid : toPartId(mid, index), ...content, ...(index === 0 && quote !== undefined && { quote }) },
  }));
}

/** Only the words of a message can be seen to change. */
function toEditEvents(
  message: WireMessage,
  common: Common,
  tag: string | undefined,
  { account: { language } }: MaxContext,
): MessengerEvent[] {
  const mid = message.body?.mid;
  const [content] = toContents(message, toLanguage(language));
  if (mid === undefined || !content) return [];
  const { kind, text = '' } = content;
  if (kind === 'text') return [{ ...common, type: 'edit', message: mid, text }];
  const caption = { id: toCaptionId(mid, common.at.getTime()), kind: 'text' as const, text, quote: mid, captionOf: mid };
  return [{ ...common, type: 'message', customer: toCustomer(message.sender as WirePerson, tag), message: caption }];
}

function isFromCustomer({ sender, recipient }: WireMessage): boolean {
  return sender !== undefined && !sender.is_bot && recipient?.chat_type === 'dialog' && recipient.chat_id !== undefined;
}

function toCustomer(person: WirePerson, tag: string | undefined): ChatCustomer {
  const { user_id: id, first_name: firstName, last_name: lastName, username } = person;
  const language = /^[a-z]{2}(?![a-z])/i.exec(tag ?? '')?.[0].toLowerCase();
  const avatar = person.full_avatar_url ?? person.avatar_url;
  return {
    id: String(id),
    nickname: username || cutText(showName(person), NAME_LENGTH) || `id${id}`,
    ...(firstName && { firstName }),
    ...(lastName && { lastName }),
    ...(language !== undefined && { language }),
    ...(username && { profileUrl: `https://max.ru/${username}` }),
    ...(avatar !== undefined && /^https:\/\//.test(avatar) && { avatarUrl: avatar }),
  };
}
