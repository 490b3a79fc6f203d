import type { Provider, ProviderContext, ProviderManifest, ProviderWebhook, Recovery } from '#provider-kit';
import type {
  MediaFile,
  MediaRef,
  MessagePlace,
  MessengerAbilities,
  MessengerAccount,
  MessengerEvent,
  OutMessage,
  SentMessage,
} from './messenger.js';

/** A transport, as the CRM's message gateway needs it (reference: TransportConfiguration). */
export interface ChatTransport {
  active: boolean;
  token?: string;
  /** Where the gateway sends its events. */
  webhookUrl?: string;
  endpointUrl?: string;
}

/** A bot, as the CRM's message gateway needs it (reference: BotConfiguration). */
export interface ChatBot {
  active: boolean;
  name: string;
  token?: string;
  /** Address of an image. */
  logo?: string;
  endpointUrl?: string;
}

/** A page that was looked at. */
export interface VisitedPage {
  at: Date;
  url: string;
  title?: string;
}

/** One stay on the shop's site. */
export interface Visit {
  /** Where it came from: `utm_source`, a referrer's host, or `direct`. */
  source: string;
  startedAt: Date;
  /** The present moment while it has not ended. */
  endedAt: Date;
  /** Oldest first. */
  pages: VisitedPage[];
}

/** What is known of the visitor behind a chat. What is not known is missing. */
export interface ChatVisits {
  lastVisit?: Visit;
  /** Of all time. */
  count: number;
  /** `lang` as `en_US`. */
  device?: { lang?: string; browser?: string; os?: string };
  utm?: { source?: string; medium?: string; campaign?: string };
  /** Names, not codes. */
  country?: string;
  city?: string;
}

/** What a chat provider says of itself. */
export interface ChatManifest<S extends object> extends ProviderManifest<S> {
  /** The transport of a module without a messenger, as its settings say; an active one when left out. */
  describeTransport?(settings: S): ChatTransport;
  /** Undefined: no bot is registered. */
  describeBot?(settings: S): ChatBot | undefined;
  /** Needed with `listAccounts`. */
  describeMessenger?(settings: S): MessengerAbilities;
  /**
   * How to learn the outcome of a lost `sendMessage`; with `none` it stays unknown, and is not sent again.
   */
  readonly recovery?: Recovery;
}

/**
 * Knows the visitors of the shop's site, carries messages of a messenger, or both. Throws ProviderError and
 * nothing else; keeps to `context.signal`.
 */
export interface ChatProvider<S extends object = object> extends Provider<S> {
  readonly manifest: ChatManifest<S>;

  /** When this chat customer was last seen; undefined when he is not known. */
  findLastOnline?(externalUserId: string, context: ProviderContext<S>): Promise<Date | undefined>;

  /** The visits of the customer of this chat; `{ count: 0 }` when nothing is known. */
  readVisits?(externalChatId: string, context: ProviderContext<S>): Promise<ChatVisits>;

  /** Accounts at the messenger, each a channel of the gateway. With it the provider is a messenger. */
  listAccounts?(context: ProviderContext<S>): Promise<MessengerAccount[]>;

  readonly webhook?: ProviderWebhook<S, MessengerEvent>;

  /**
   * Sends once; `reference` is the idempotency key where there is one.
   * @throws DeliveryRefused with the gateway's word for it; ProviderError
   */
  sendMessage?(request: OutMessage, context: ProviderContext<S>): Promise<SentMessage>;

  /** Edits the text of a message that was sent, or that under its files. What is equal is a success. */
  editMessage?(request: MessagePlace & { ids: readonly string[]; text: string }, context: ProviderContext<S>): Promise<void>;

  /** Deletes a message that was sent. What is gone already is a success. */
  deleteMessage?(request: MessagePlace & { ids: readonly string[] }, context: ProviderContext<S>): Promise<void>;

  /** Sets a manager's reaction to a message; without `emoji` it is taken back. */
  reactToMessage?(request: MessagePlace & { id: string; emoji?: string }, context: ProviderContext<S>): Promise<void>;

  /** Shows the customer that a manager has read a message. */
  markRead?(request: MessagePlace & { id: string }, context: ProviderContext<S>): Promise<void>;

  /** Opens a file of a MediaRef. */
  openMedia?(account: string, ref: string, context: ProviderContext<S>): Promise<MediaFile>;

  /**
   * Finds a customer's picture, for `openMedia`; undefined: there is none to be had. Asked before each of his
   * messages, so it should remember what it found. Where pictures have public addresses, events tell them.
   */
  findPicture?(account: string, customer: string, context: ProviderContext<S>): Promise<MediaRef | undefined>;

  /** Tells the messenger that the pressed button of an event was taken; again is fine. */
  answerButton?(account: string, button: string, context: ProviderContext<S>): Promise<void>;
}
