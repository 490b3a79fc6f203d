import type { Readable } from 'node:stream';
import { type Money, ProviderError } from '#provider-kit';

/** Formatting that a messenger shows in texts. */
export type MarkupFormat = 'bold' | 'italic' | 'underline' | 'strikethrough' | 'link' | 'inline_monospace' | 'block_monospace';

/** Files of one kind that a messenger takes. */
export interface MediaAbility {
  /** Most files of one message. */
  maxItems: number;
  /** Most bytes of one file. */
  maxBytes: number;
  /** Most characters of the text under it; missing: it has none. */
  captionLength?: number;
  /** `editMessage` edits that text, too. */
  captionEdits?: boolean;
  /** A message with such files may answer another. */
  quotes?: boolean;
  /** Customers send them; true when left out. */
  in?: boolean;
  /** Managers send them; true when left out. */
  out?: boolean;
}

/** A button under a message: what it holds. */
export type SuggestionType = 'text' | 'phone' | 'email' | 'url';

/** What the messenger can; the gateway's channel settings follow from it and from the provider's methods. */
export interface MessengerAbilities {
  /** The gateway's type of channel: `telegram`, `whatsapp`, `custom` and so on. */
  type: string;
  text: {
    /** Characters. */
    maxLength: number;
    quotes?: boolean;
    /** Customers' edits and deletions arrive as events. */
    customerEdits?: boolean;
    customerDeletes?: boolean;
    markup?: readonly MarkupFormat[];
  };
  image?: MediaAbility;
  file?: MediaAbility;
  audio?: MediaAbility;
  /** Products and orders may be sent, as text if the provider makes them so. */
  cards?: boolean;
  /** `most`: of one person on one message; `fromCustomers`: theirs arrive as events. */
  reactions?: { dictionary: readonly string[]; most: number; fromCustomers?: boolean };
  /** Buttons that it shows under a message. */
  suggestions?: readonly SuggestionType[];
  /** What the messenger tells of a message that was sent. */
  receipts?: { delivered?: boolean; read?: boolean };
  /** What a customer is known by: any id, or a phone number. */
  customerId?: 'any' | 'phone';
  /** How a manager may write to a customer who has not written; `no` when left out. */
  newCustomer?: 'no' | 'template' | 'text';
  /** Hours after a customer's message in which managers may answer freely; missing: without end. */
  replyHours?: number;
  /** Templates are kept with the channel. */
  templates?: boolean;
}

/** An account at the messenger, such as a bot: a channel of the gateway. */
export interface MessengerAccount {
  /** 1 to 64 characters, forever the same. */
  id: string;
  /** At most 100 characters. */
  name: string;
  /** A public address, at most 255 characters. */
  avatarUrl?: string;
}

/** A file at the messenger, for `openMedia`. */
export interface MediaRef {
  ref: string;
  name?: string;
  /** Media type, such as `image/png`. */
  type?: string;
  /** Bytes. */
  size?: number;
}

/** A message of a customer, or of the shop in the messenger's own app. */
export interface InMessage {
  /** At most 255 characters, unique in the account. */
  id: string;
  kind: 'text' | 'image' | 'file' | 'audio';
  /** The text, or the text under media. */
  text?: string;
  media?: readonly MediaRef[];
  /** Id of the message that it answers. */
  quote?: string;
  /**
   * Id of the message with files whose text was edited: this one's is the new one. The gateway edits texts of
   * messages without files only; an edit that changes nothing is left out.
   */
  captionOf?: string;
  /** Until when managers may answer freely. */
  replyUntil?: Date;
}

/** Who writes. What is not known is missing. */
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
}

/** What happened at the messenger. `id` is unique in the connection. */
export type MessengerEvent = { id: string; account: string; chat: string; at: Date } & (
  | {
      type: 'message';
      message: InMessage;
      customer: ChatCustomer;
      /** `shop`: written in the messenger's own app. */
      by?: 'shop';
      /** A pressed button that shows as pending, for `answerButton`. */
      button?: string;
    }
  | { type: 'edit'; message: string; text: string }
  | { type: 'delete'; message: string }
  | { type: 'read'; message?: string; until?: Date }
  | { type: 'reaction'; message: string; emoji: string; removed?: boolean }
  | { type: 'blocked' }
  | { type: 'unblocked' }
);

/** The bytes of a file at the messenger; read once. */
export interface MediaFile {
  body: Readable;
  name?: string;
  type?: string;
  /** Bytes. */
  size?: number;
}

/** A file that a manager sends. */
export interface OutMedia {
  name: string;
  /** Media type. */
  type: string;
  /** Bytes. */
  size: number;
  /** Opens it from its beginning with each call; throws ProviderError `unavailable` or `rejected`. */
  open(): Promise<Readable>;
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
  /** The idempotency key where the messenger takes one. */
  reference: string;
  account: string;
  /** Missing in a chat that the manager begins; then `customer` is there. */
  chat?: string;
  customer?: string;
  kind: 'text' | 'image' | 'file' | 'audio' | 'product' | 'order';
  text?: string;
  media: readonly OutMedia[];
  /** Ids of the message that it answers. */
  quote?: readonly string[];
  product?: ChatProduct;
  order?: ChatOrder;
  suggestions?: readonly { type: SuggestionType; title: string; payload?: string }[];
}

/** A message that was sent. */
export interface SentMessage {
  /** All parts of it; the first is the message's external id. Empty if the messenger sends it later. */
  ids: readonly string[];
  /** Where the messenger made them now. */
  chat?: string;
  customer?: string;
}

/** A chat of an account. */
export interface MessagePlace {
  account: string;
  chat: string;
}

/** The gateway's words for why a message was not delivered. */
export type DeliveryCode = 'general' | 'customer_not_exists' | 'reply_timed_out' | 'spam_suspicion' | 'access_restricted';

/** A refusal with the gateway's word for it. `externalCode` is the messenger's own. */
export class DeliveryRefused extends ProviderError {
  constructor(
    readonly code: DeliveryCode,
    message: string,
    readonly externalCode?: string,
  ) {
    super('rejected', message);
  }
}
