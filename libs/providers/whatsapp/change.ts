import { readRecipient } from './ids.js';
import { makeError } from '#provider-kit';
import type { WhatsAppMethod } from './whatsapp.api.js';
import { texts } from './whatsapp.texts.js';

/** Reactions that managers are offered. WhatsApp accepts any emoji. */
export const REACTIONS: readonly string[] = [
  ...['👍', '❤️', '😂', '😮', '😢', '🙏', '👎', '🔥', '👏', '🎉', '😊', '😍', '🤔', '👌', '🤝', '💪', '✅', '❌', '👀', '💯'],
  ...['😁', '🤩', '😎', '🥰', '😘', '🙂', '😉', '🤗', '😅', '😭', '😡', '😱', '🚀', '⭐', '💐', '🎁', '☕', '🙌', '✌️', '🤷'],
];

/** Sets the shop's one reaction, or takes it back. A repeat changes nothing. */
export const reactToMessage: WhatsAppMethod<'reactToMessage'> = async (api, { account, chat, id, emoji = '' }, context) => {
  const recipient = readRecipient(chat);
  if (!recipient) throw makeError('rejected', texts.errors.undeliverable);
  const json = {
    ...{ messaging_product: 'whatsapp', recipient_type: 'individual', ...recipient },
    ...{ type: 'reaction', reaction: { message_id: id, emoji } },
  };
  await api.tell(context, { number: account, json });
};

/** Shows the customer that their message was read, with all before it. */
export const markRead: WhatsAppMethod<'markRead'> = async (api, { account, id }, context) => {
  await api.tell(context, { number: account, json: { messaging_product: 'whatsapp', status: 'read', message_id: id } });
};
