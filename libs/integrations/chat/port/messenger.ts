import type { Readable } from 'node:stream';
import { type Money, ProviderError, type WebhookRequest } from '#provider-kit';
import type { OutMedia } from './out-media.js';
import type { OutTemplate } from './template.js';

/** Formatting that a messenger shows in texts. */
export type MarkupFormat = 'bold' | 'italic' | 'underline' | 'strikethrough' | 'link' | 'inline_monospace' | 'block_monospace';

/** Limits of a messenger for files of one kind. */
export interface MediaAbility {
  /** Maximum number of files per message. */
  maxItems: number;
  /** Maximum bytes of one file. */
  maxBytes: number;
  /** Maximum number of characters of a caption. Missing: captions are not supported. */
  captionLength?: number;
  /** Whether `editMessage` also edits the caption. */
  captionEdits?: boolean;
  /** Whether a message with such files may quote another. */
  quotes?: boolean;
  /** Whether customers send them. Default: true. */
  in?: boolean;
  /** Whether managers send them. Default: true. */
  out?: boolean;
}

/** Contents of a button below a message. */
export type SuggestionType = 'text' | 'phone' | 'email' | 'url';

/**
 * Abilities of the messenger. The gateway's channel settings follow from them and from the provider's
 * methods.
 */
export interface MessengerAbilities {
  /** The gateway's type of channel: `telegram`, `whatsapp`, `custom` and so on. */
  type: string;
  text: {
    /** In characters. */
    maxLength: number;
    quotes?: boolean;
    /** Whether customers' edits and deletions arrive as events. */
    customerEdits?: boolean;
    customerDeletes?: boolean;
    markup?: readonly MarkupFormat[];
  };
  image?: MediaAbility;
  file?: MediaAbility;
  audio?: MediaAbility;
  /** Whether products and orders can be sent, also as text if the provider converts them. */
  cards?: boolean;
  /**
   * `most`: maximum number of reactions of one person to one message. `fromCustomers`: whether theirs arrive
   * as events.
   */
  reactions?: { dictionary: readonly string[]; most: number; fromCustomers?: boolean };
  /** Buttons that it shows below a message. */
  suggestions?: readonly SuggestionType[];
  /**
   * Receipts that the messenger sends for a message. `outcome`: the reply of `sendMessage` only means that
   * the message was accepted, and each message has an event `outcome`.
   */
  receipts?: { outcome?: boolean; delivered?: boolean; read?: boolean };
  /** Identifier of a customer: any id, or a phone number. */
  customerId?: 'any' | 'phone';
  /** How managers can write to a customer who has not written. Default: `no`. `template`: `listTemplates`. */
  newCustomer?: 'no' | 'template' | 'text';
  /**
   * Hours after a customer's message in which managers may reply freely. Missing: no limit. It is the default
   * of `InMessage.replyUntil`.
   */
  replyHours?: number;
}

/** An account at the messenger, such as a bot: a channel of the gateway. */
export interface MessengerAccount {
  /** 1 to 64 characters. Must never change. */
  id: string;
  /** At most 100 characters. */
  name: string;
  /** A public address, at most 255 characters. */
  avatarUrl?: string;
  /** Only with the channel type `whatsapp`. */
  standing?: AccountStanding;
}

/** Standing of an account at its messenger. Unknown values are missing. */
export interface AccountStanding {
  /** The gateway's number for the limit on new customers a day. Missing also without a limit. */
  tier?: number;
  quality?: 'high' | 'medium' | 'low';
  status?: 'connected' | 'flagged' | 'offline' | 'pending' | 'restricted';
}

/** A file at the messenger, for `openMedia`. */
export interface MediaRef {
  ref: string;
  name?: string;
  /** Media type, such as `image/png`. */
  type?: string;
  /** In bytes. */
  size?: number;
}

/** A message of a customer, or of the shop in the messenger's own app. */
export interface InMessage {
  /** At most 255 characters, unique in the account. */
  id: string;
  kind: 'text' | 'image' | 'file' | 'audio';
  /** The text, or the caption. */
  text?: string;
  media?: readonly MediaRef[];
  /** Id of the message that it replies to. */
  quote?: string;
  /**
   * Id of the message with files whose caption was edited. This message has the new caption, because the
   * gateway edits only texts of messages without files. An edit without changes is left out.
   */
  captionOf?: string;
  /** Time until which managers may reply freely. Default: `replyHours` after a customer's message. */
  replyUntil?: Date;
}

/** The author of a message. Unknown values are missing. */
export interface ChatCustomer {
  /** 1 to 64 characters. */
  id: string;
  /** 1 to 255 characters. */
  nickname: string;
  firstName?: string;
  lastName?: string;
  language?: string;
  phone?: string;
  email?: string;
  profileUrl?: string;
  /** A public address. */
  avatarUrl?: string;
  country?: string;
  utm?: { source?: string; medium?: string; campaign?: string; term?: string; content?: string };
  /**
   * Other ids of the same person, 1 to 64 characters each. To change the id of a person, add the new one here
   * first. `id` itself stays the same.
   */
  otherIds?: readonly string[];
}

/** An event at the messenger. `id` is unique in the connection. */
export type MessengerEvent = ChatEvent | AccountEvent;

/** The account's standing or its templates have changed. They are then read, once for many events. */
export interface AccountEvent {
  id: string;
  type: 'account';
  account: string;
  at: Date;
}

/** An event in a chat of the messenger. */
export type ChatEvent = { id: string; account: string; chat: string; at: Date } & (
  | {
      type: 'message';
      message: InMessage;
      customer: ChatCustomer;
      /** `shop`: written in the messenger's own app. */
      by?: 'shop';
      /** A pressed button that is shown as pending, for `answerButton`. */
      button?: string;
    }
  | { type: 'edit'; message: string; text: string }
  | { type: 'delete'; message: string }
  | { type: 'read'; message?: string; until?: Date }
  /** `emoji`: may be empty with `removed`, then the last reaction is removed. */
  | { type: 'reaction'; message: string; emoji: string; removed?: boolean }
  | { type: 'blocked' }
  | { type: 'unblocked' }
  /**
   * A message was sent, or with `failure` it was not (`receipts.outcome`). The first outcome counts.
   * `reference`: the message's. It finds a message whose reply was lost.
   */
  | { type: 'outcome'; message: string; reference?: string; failure?: DeliveryFailure }
);

/** Updates in their order. */
export interface FetchedUpdates {
  /** As the messenger would post them, with their proof. */
  requests: readonly WebhookRequest[];
  /** For the next call, after these are stored. */
  marker?: string;
}

/** The bytes of a file at the messenger. Can be read once. */
export interface MediaFile {
  body: Readable;
  name?: string;
  type?: string;
  /** In bytes. */
  size?: number;
}

/** A product that a manager sends. */
export interface ChatProduct {
  id?: string;
  name: string;
  article?: string;
  url?: string;
  image?: string;
  cost?: Money;
  unit?: string;
}

/** An order that a manager sends. */
export interface ChatOrder {
  number?: string;
  externalId?: string;
  url?: string;
  date?: Date;
  cost?: Money;
  discount?: Money;
  status?: { code?: string; name?: string };
  delivery?: { name?: string; price?: Money; address?: string; comment?: string };
  payments: readonly { name?: string; amount?: Money; status?: { name?: string; paid?: boolean } }[];
  items: readonly { name?: string; url?: string; image?: string; quantity?: number; unit?: string; price?: Money }[];
}

/** A message of a manager or a bot of the CRM. */
export interface OutMessage {
  /** The idempotency key if the messenger supports one. */
  reference: string;
  account: string;
  /** Missing in a chat that the manager starts. Then `customer` is set. */
  chat?: string;
  customer?: string;
  kind: 'text' | 'image' | 'file' | 'audio' | 'product' | 'order';
  text?: string;
  media: readonly OutMedia[];
  /** Ids of the message that it replies to. */
  quote?: readonly string[];
  product?: ChatProduct;
  order?: ChatOrder;
  suggestions?: readonly { type: SuggestionType; title: string; payload?: string }[];
  /**
   * The template to send. `text` is then the filled-in text, and `media`, `quote` and `suggestions` are
   * missing or empty, because the template has them.
   */
  template?: OutTemplate;
}

/** A sent message. */
export interface SentMessage {
  /** Ids of all its parts. The first is the message's external id. Empty if the messenger sends it later. */
  ids: readonly string[];
  /** Set if the messenger created them now. */
  chat?: string;
  customer?: string;
}

/** A chat of an account. */
export interface MessagePlace {
  account: string;
  chat: string;
}

/** Messages of a chat, oldest first. */
export interface HistoryPage {
  messages: readonly {
    at: Date;
    message: InMessage;
    /** The customer of the chat, also for messages of the shop. */
    customer: ChatCustomer;
    /** `shop`: written by the shop. */
    by?: 'shop';
  }[];
  /** For the next page. Missing: there are no later messages. */
  next?: string;
}

/** The gateway's codes for failed deliveries. */
export const DELIVERY_CODES = ['general', 'customer_not_exists', 'reply_timed_out', 'spam_suspicion', 'access_restricted'] as const;
export type DeliveryCode = (typeof DELIVERY_CODES)[number];

/** Why a message was not sent. */
export interface DeliveryFailure {
  code: DeliveryCode;
  /** For the manager, in the account's language. */
  text: string;
  /** The messenger's own code. */
  externalCode?: string;
}

/** A rejection with the gateway's code. `externalCode` is the messenger's own. */
export class DeliveryRefused extends ProviderError {
  constructor(
    readonly code: DeliveryCode,
    message: string,
    readonly externalCode?: string,
  ) {
    super('rejected', message);
  }
}
