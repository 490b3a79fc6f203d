import type { DeliveryCode, TemplateButton, TemplateCategory, TemplateQuality, TemplateReason, TemplateStatus } from '../port/index.js';

/* The Transport API's requests and replies, in the API's own format. */

/** Users of a feature, from the channel's view: `receive` managers, `send` customers. */
export type Feature = 'none' | 'receive' | 'send' | 'both';

type Features<Name extends string> = { [name in Name]?: Feature };

/** Limits of a channel for files of one kind. Sizes are in bytes. */
export interface MediaSettings extends Features<'creating' | 'quoting' | 'deleting' | 'reaction'> {
  /** Not available for audio. */
  editing?: Feature;
  max_items_count?: number;
  max_item_size?: number;
  /** Not available for audio. */
  note_max_chars_count?: number;
}

/** Abilities of a channel. Managers do not see features that are left out. */
export interface ChannelSettings {
  text?: Features<'creating' | 'editing' | 'quoting' | 'deleting' | 'reaction'> & { max_chars_count?: number; markup_formats?: string[] };
  product?: Features<'creating' | 'deleting' | 'reaction'>;
  order?: Features<'creating' | 'deleting' | 'reaction'>;
  image?: MediaSettings;
  file?: MediaSettings;
  audio?: MediaSettings;
  status?: Features<'delivered' | 'read'>;
  reactions?: { dictionary: string[]; max_count: number };
  suggestions?: Features<'text' | 'phone' | 'email' | 'url'>;
  template?: { creation: boolean };
  customer_external_id?: 'any' | 'phone';
  /** Only for the type `whatsapp`. */
  whatsapp?: {
    tier?: number;
    channel_quality?: 'high' | 'medium' | 'low';
    channel_status?: 'connected' | 'flagged' | 'offline' | 'pending' | 'restricted';
  };
  sending_policy?: { new_customer?: 'no' | 'template' | 'text'; after_reply_timeout?: 'no' | 'template' };
}

/** Request to create or change a channel. */
export interface ChannelInput {
  type: string;
  /** 1 to 100 characters. */
  name: string;
  /** 1 to 64 characters. */
  external_id: string;
  /** At most 255 characters. */
  avatar_url?: string;
  settings: ChannelSettings;
}

/** A channel in a list, reduced to reliable fields. */
export interface ListedChannel {
  id: number;
  externalId: string | undefined;
}

/** A customer, sent with each message. */
export interface GatewayCustomer {
  external_id: string;
  nickname: string;
  first_name?: string;
  last_name?: string;
  avatar?: string;
  profile_url?: string;
  country?: string;
  language?: string;
  phone?: string;
  email?: string;
  secondary_external_ids?: string[];
  utm?: { source?: string; medium?: string; campaign?: string; term?: string; content?: string };
}

/** A message of a customer, or of the shop in the messenger's own app (`channel`). */
export interface GatewayMessage {
  channel: number;
  external_chat_id: string;
  originator: 'customer' | 'channel';
  customer: GatewayCustomer;
  message: {
    type: 'text' | 'image' | 'file' | 'audio';
    external_id: string;
    text?: string;
    /** Caption of media. */
    note?: string;
    items?: { id: string; caption?: string }[];
    /** RFC 3339. */
    created_at?: string;
  };
  quote?: { external_id: string };
  /** RFC 3339. */
  reply_deadline?: string;
}

/** A template of a channel. Its code is ours. */
export interface GatewayTemplate {
  code: string;
  /** `media`: its header is a file. */
  type: 'text' | 'media';
  name: string;
  lang: string;
  category?: TemplateCategory;
  header?: { content: { type: string; body?: string } };
  body: string;
  footer?: string;
  buttons?: { items: readonly TemplateButton[] };
  verification_status: TemplateStatus;
  quality?: TemplateQuality;
  rejection_reason?: TemplateReason;
}

/** Identifies a message by the gateway's id or by ours. */
export type MessageName = { id: number } | { external_id: string };

/** Outcome of a message that was answered with `async: true`. */
export interface Acknowledgement {
  channel: number;
  message: { id: number; external_id?: string };
  transport_message_id?: string;
  error?: { code: DeliveryCode; message: string; external_code?: string };
}

/** The gateway's result for a message. */
export interface TakenMessage {
  /** The gateway's id. Undefined: the gateway already had the message and does not send its id. */
  id: number | undefined;
  warnings: readonly string[];
}

/** A file at the gateway. */
export interface GatewayFile {
  id: string;
  mimeType: string | undefined;
  /** In bytes. */
  size: number | undefined;
  /** Address of its bytes. Needs no token. */
  url: string;
}
