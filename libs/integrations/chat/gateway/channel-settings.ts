import type { AccountStanding, ChatProvider, MediaAbility, MessengerAbilities } from '../port/index.js';
import type { ChannelSettings, Feature, MediaSettings } from './gateway.types.js';

/** The gateway's own limits: characters of a text and of a text under media, files, bytes of a file. */
const MOST = { chars: 65_535, noteChars: 64_000, items: 20, bytes: 20 * 1024 * 1024 };

/** Whether a provider has an optional member. */
export type HasMember = (member: keyof ChatProvider) => boolean;

/**
 * Derives a channel's settings from the messenger's abilities and the provider's methods. Unsupported
 * features are left out, because a manager's button for them would fail. `has`: checks the provider's
 * members. `standing`: the account's at the messenger, for channels of the type `whatsapp`.
 */
export function toChannelSettings(abilities: MessengerAbilities, has: HasMember, standing?: AccountStanding): ChannelSettings {
  const { text, image, file, audio, cards, reactions, suggestions, receipts, customerId, newCustomer, replyHours } = abilities;
  const sends = has('sendMessage');
  const receives = has('webhook');
  const deletes = has('deleteMessage');
  const reacts = reactions !== undefined && has('reactToMessage');
  const customersReact = receives && reactions?.fromCustomers === true;
  const customersDelete = receives && text.customerDeletes === true;

  /** Settings shared by messages of all types that managers or customers send. */
  const common = (byManagers: boolean, byCustomers: boolean, quotes: boolean | undefined) => ({
    creating: toFeature(byManagers, byCustomers),
    quoting: toFeature(byManagers && quotes === true, byCustomers && quotes === true),
    deleting: toFeature(byManagers && deletes, byCustomers && customersDelete),
    reaction: toFeature(reacts, customersReact),
  });
  const media = (ability: MediaAbility, hasNote: boolean): MediaSettings => ({
    ...common(sends && ability.out !== false, receives && ability.in !== false, ability.quotes),
    max_items_count: Math.min(ability.maxItems, MOST.items),
    max_item_size: Math.min(ability.maxBytes, MOST.bytes),
    // The gateway accepts customers' edits only for texts.
    ...(hasNote && ability.captionEdits === true && { editing: toFeature(has('editMessage'), false) }),
    ...(hasNote && { note_max_chars_count: Math.min(ability.captionLength ?? 0, MOST.noteChars) }),
  });
  const card = {
    creating: toFeature(sends, false),
    deleting: toFeature(sends && deletes, false),
    reaction: toFeature(reacts, customersReact),
  };

  return {
    text: {
      ...common(sends, receives, text.quotes),
      editing: toFeature(has('editMessage'), receives && text.customerEdits === true),
      max_chars_count: Math.min(text.maxLength, MOST.chars),
      ...(text.markup && text.markup.length > 0 && { markup_formats: [...text.markup] }),
    },
    ...(cards && { product: card, order: card }),
    ...(image && { image: media(image, true) }),
    ...(file && { file: media(file, true) }),
    ...(audio && { audio: media(audio, false) }),
    status: {
      delivered: toFeature(false, receipts?.delivered === true),
      read: toFeature(has('markRead'), receives && receipts?.read === true),
    },
    ...(reactions && { reactions: { dictionary: [...reactions.dictionary], max_count: reactions.most } }),
    ...(suggestions &&
      suggestions.length > 0 && { suggestions: Object.fromEntries(suggestions.map((type) => [type, 'receive' as const])) }),
    ...(has('createTemplate') && { template: { creation: true } }),
    ...(customerId && { customer_external_id: customerId }),
    ...(standing && abilities.type === 'whatsapp' && { whatsapp: toWhatsApp(standing) }),
    sending_policy: {
      new_customer: newCustomer === 'template' && !has('listTemplates') ? 'no' : (newCustomer ?? 'no'),
      ...(replyHours !== undefined && { after_reply_timeout: has('listTemplates') ? ('template' as const) : ('no' as const) }),
    },
  };
}

/** Unknown values are left out, as the vendor's newer client does. */
function toWhatsApp({ tier, quality, status }: AccountStanding): NonNullable<ChannelSettings['whatsapp']> {
  return {
    ...(tier !== undefined && { tier }),
    ...(quality && { channel_quality: quality }),
    ...(status && { channel_status: status }),
  };
}

/** Features are named from the channel's view: managers use `receive`, customers use `send`. */
function toFeature(byManagers: boolean, byCustomers: boolean): Feature {
  if (byManagers) return byCustomers ? 'both' : 'receive';
  return byCustomers ? 'send' : 'none';
}
