import type { ChatCustomer, InMessage, MessengerEvent } from '#chat/port';
import { equalInConstantTime, sha256Hex, toLanguage } from '#platform';
import { cutText, type ProviderWebhook, readWebhook, signedBody } from '#provider-kit';
import { readContent, toContent } from './content.js';
import { deriveVerifyToken, NUMBERS } from './hooks.js';
import { readTrace } from './ids.js';
import type { WhatsAppEnvironment } from './whatsapp.environment.js';
import { toFailure } from './whatsapp.errors.js';
import { findApp, type WhatsAppContext, type WhatsAppSettings } from './whatsapp.settings.js';
import { webhookBody, type WireContact, type WireMessage, type WireMessages, type WireStatus } from './whatsapp.wire.js';

const NAME_LENGTH = 255;
/** Fields that are about templates, or about the account and its numbers. */
const ACCOUNT_FIELDS = /^(message_template_\w+|template_category|phone_number_\w+|account_\w+|business_capability)_?(update|alerts)?$/;

/**
 * Meta's webhooks: several changes in a body, signed with the app's secret. The secret may be the operator's
 * and sign for all shops, so events of other business accounts are left out.
 */
export function makeWebhook(operator: WhatsAppEnvironment): ProviderWebhook<WhatsAppSettings, MessengerEvent> {
  return {
    handshake({ method, query }, { settings: { token }, connectionId }): string | undefined {
      if (method !== 'GET' || query.get('hub.mode') !== 'subscribe' || !token) return undefined;
      const isOurs = equalInConstantTime(query.get('hub.verify_token') ?? '', deriveVerifyToken(token, connectionId));
      return isOurs ? (query.get('hub.challenge') ?? undefined) : undefined;
    },

    verify: signedBody({
      header: 'x-hub-signature-256',
      prefix: 'sha256=',
      keys: ({ settings }: WhatsAppContext) => [findApp(settings, operator).secret ?? ''],
    }),

    parse(request, context): MessengerEvent[] {
      const { entry } = readWebhook(request, webhookBody);
      return entry
        .filter(({ id }) => id === context.settings.business)
        .flatMap(({ time, changes }) =>
          changes.flatMap((change) =>
            'messages' in change && change.messages ? toEvents(change.messages, context) : toAccountEvents(change, time, context),
          ),
        );
    },

    // Meta repeats a rejected webhook for days, with all events in it.
    identifyUnread: ({ rawBody }) => sha256Hex(new TextDecoder().decode(rawBody)),
  };
}

function toEvents({ metadata, contacts = [], messages = [], statuses = [] }: WireMessages, context: WhatsAppContext): MessengerEvent[] {
  const account = metadata.phone_number_id;
  return [
    ...messages.flatMap((message) => toMessageEvent(account, message, contacts, context) ?? []),
    ...statuses.flatMap((status) => toStatusEvent(account, status, context) ?? []),
  ];
}

/** Templates and limits belong to the business account, so each of its numbers is read again. */
function toAccountEvents(
  { field, value }: { field: string; value?: unknown },
  time = '',
  { memory, now: at }: WhatsAppContext,
): MessengerEvent[] {
  if (!ACCOUNT_FIELDS.test(field)) return [];
  const digest = sha256Hex(JSON.stringify(value) ?? '').slice(0, 16);
  const numbers = (memory[NUMBERS] ?? '').split(' ').filter(Boolean);
  return numbers.map((account) => ({ id: `${field}:${time}:${digest}:${account}`, account, at, type: 'account' }));
}

function toMessageEvent(
  account: string,
  message: WireMessage,
  contacts: WireContact[],
  context: WhatsAppContext,
): MessengerEvent | undefined {
  const { id, timestamp, type, from, from_user_id: userId, group_id: group, context: answered, raw } = message;
  const contact =
    contacts.find((one) => (from !== undefined && one.wa_id === from) || (userId !== undefined && one.user_id === userId)) ?? {};
  const ids = listIds(from ?? contact.wa_id, userId ?? contact.user_id);
  const [chat] = ids;
  // A chat of the CRM has one customer.
  if (chat === undefined || group !== undefined) return undefined;
  const common = { id, account, chat, at: new Date(timestamp * 1_000) };
  const { reaction, system } = readContent(raw) ?? {};
  if (type === 'reaction' && reaction) {
    const { message_id: about, emoji = '' } = reaction;
    return { ...common, type: 'reaction', message: about, emoji, ...(emoji === '' && { removed: true }) };
  }
  const changed = type === 'system' ? listIds(system?.wa_id, system?.user_id) : [];
  return {
    ...common,
    type: 'message',
    customer: { ...toCustomer(chat, contact), ...toOtherIds([...ids.slice(1), ...changed]), ...toUtm(message) },
    message: { id, ...toContent(type, raw, toLanguage(context.account.language)), ...toQuote(answered?.id) },
  };
}

/** The main id first: the phone, where WhatsApp shows it. */
function listIds(...ids: (string | undefined)[]): string[] {
  return ids.filter((one) => one !== undefined && one !== '' && one.length <= 64) as string[];
}

function toCustomer(id: string, { wa_id: phone, profile: { name = '', username } = {} }: WireContact): ChatCustomer {
  const shown = cutText(name.trim(), NAME_LENGTH);
  return {
    id,
    nickname: shown || username || id,
    ...(shown !== '' && { firstName: shown }),
    ...(phone !== undefined && { phone: `+${phone}` }),
  };
}

function toOtherIds(otherIds: string[]): Pick<ChatCustomer, 'otherIds'> {
  return otherIds.length > 0 ? { otherIds } : {};
}

/** The advertisement or post that led to the message. */
function toUtm({ referral }: WireMessage): Pick<ChatCustomer, 'utm'> {
  if (!referral) return {};
  const { source_url: url = '', source_type: medium, source_id: content, headline: campaign } = referral;
  const source = URL.canParse(url) ? new URL(url).hostname : undefined;
  return { utm: { ...(source && { source }), ...(medium && { medium }), ...(campaign && { campaign }), ...(content && { content }) } };
}

function toQuote(quote: string | undefined): Pick<InMessage, 'quote'> {
  return quote ? { quote } : {};
}

/**
 * A message of several parts is sent when its last part is. Any part can fail. A status that was overtaken by
 * a later one does no harm: the first outcome counts.
 */
function toStatusEvent(account: string, status: WireStatus, context: WhatsAppContext): MessengerEvent | undefined {
  const { id: message, status: state, timestamp, recipient_id: phone, recipient_user_id: userId, recipient_type: to, errors = [] } = status;
  const [chat] = listIds(phone, userId);
  if (chat === undefined || to === 'group') return undefined;
  const common = { id: `${message}:${state}`, account, chat, at: new Date(timestamp * 1_000) };
  if (state === 'read') return { ...common, type: 'read', message };
  const trace = readTrace(status.biz_opaque_callback_data);
  const about = { message, ...(trace && { reference: trace.reference }) };
  if (state === 'failed') {
    const problems = errors.map(({ code, title, message: words, error_data: { details } = {} }) => ({
      code,
      message: details ?? words ?? title,
    }));
    return { ...common, type: 'outcome', ...about, failure: toFailure(problems, context.account.language) };
  }
  return (state === 'sent' || state === 'delivered') && trace?.isLast !== false ? { ...common, type: 'outcome', ...about } : undefined;
}
