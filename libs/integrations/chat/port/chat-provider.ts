import type { Provider, ProviderContext, ProviderManifest, ProviderWebhook, Recovery } from '#provider-kit';
import type { ChatBot } from './bot-settings.js';
import type {
  FetchedUpdates,
  HistoryPage,
  MediaFile,
  MediaRef,
  MessagePlace,
  MessengerAbilities,
  MessengerAccount,
  MessengerEvent,
  OutMessage,
  SentMessage,
} from './messenger.js';
import type { ListedTemplate, MessengerTemplate, TemplateExample, TemplateName, TemplateState } from './template.js';

/** A transport for the CRM's message gateway (reference: TransportConfiguration). */
export interface ChatTransport {
  active: boolean;
  token?: string;
  /** Where the gateway sends its events. */
  webhookUrl?: string;
  endpointUrl?: string;
}

/** A visited page. */
export interface VisitedPage {
  at: Date;
  url: string;
  title?: string;
}

/** One stay on the shop's site. */
export interface Visit {
  /** Source of the visit: `utm_source`, a referrer's host, or `direct`. */
  source: string;
  startedAt: Date;
  /** The current time while the visit continues. */
  endedAt: Date;
  /** Oldest first. */
  pages: VisitedPage[];
}

/** Known data about the visitor of a chat. Unknown values are missing. */
export interface ChatVisits {
  lastVisit?: Visit;
  /** Number of all visits. */
  count: number;
  /** `lang` as `en_US`. */
  device?: { lang?: string; browser?: string; os?: string };
  utm?: { source?: string; medium?: string; campaign?: string };
  /** A name, not a code. */
  country?: string;
  city?: string;
}

/** Description of a chat provider. */
export interface ChatManifest<S extends object> extends ProviderManifest<S> {
  /** Returns the transport of a module without a messenger, from its settings. Default: an active one. */
  describeTransport?(settings: S): ChatTransport;
  /** Returns the module's bot (`BotSettings`), or undefined for none. */
  describeBot?(settings: S): ChatBot | undefined;
  /** Required with `listAccounts`. */
  describeMessenger?(settings: S): MessengerAbilities;
  /**
   * How to find the outcome of a lost `sendMessage`: `find` needs `findMessage`. With `none` the outcome
   * stays unknown, and the message is not sent again.
   */
  readonly recovery?: Recovery;
}

/**
 * Provides data about the visitors of the shop's site, transports a messenger's messages, or both. Throws
 * only ProviderError and respects `context.signal`.
 */
export interface ChatProvider<S extends object = object> extends Provider<S> {
  readonly manifest: ChatManifest<S>;

  /** Returns when this chat customer was last seen, or undefined if they are unknown. */
  findLastOnline?(externalUserId: string, context: ProviderContext<S>): Promise<Date | undefined>;

  /** Returns the visits of this chat's customer, or `{ count: 0 }` if there are none. */
  readVisits?(externalChatId: string, context: ProviderContext<S>): Promise<ChatVisits>;

  /**
   * Lists accounts at the messenger, each a channel of the gateway. A provider with this method is a
   * messenger.
   */
  listAccounts?(context: ProviderContext<S>): Promise<MessengerAccount[]>;

  readonly webhook?: ProviderWebhook<S, MessengerEvent>;

  /**
   * Fetches updates in the form of its webhooks, for an account whose messenger cannot post them here.
   * Undefined if they are posted. Called every few seconds.
   * @param marker of the last call. Undefined for the first
   */
  fetchUpdates?(account: string, marker: string | undefined, context: ProviderContext<S>): Promise<FetchedUpdates | undefined>;

  /**
   * Sends once. `reference` is the idempotency key if the messenger supports one.
   * @throws DeliveryRefused with the gateway's code, ProviderError
   */
  sendMessage?(request: OutMessage, context: ProviderContext<S>): Promise<SentMessage>;

  /**
   * Finds a message that `sendMessage` was called with and whose reply was lost. Undefined if it, or a part
   * of it, was not sent: a later `sendMessage` then sends the rest. Required for recovery `find`.
   * @throws ProviderError `unknown_outcome` if nothing shows whether it was sent
   */
  findMessage?(request: OutMessage, context: ProviderContext<S>): Promise<SentMessage | undefined>;

  /** Edits a sent message's text, or its caption. Succeeds if the text is the same. */
  editMessage?(request: MessagePlace & { ids: readonly string[]; text: string }, context: ProviderContext<S>): Promise<void>;

  /** Deletes a sent message. Succeeds if it is already deleted. */
  deleteMessage?(request: MessagePlace & { ids: readonly string[] }, context: ProviderContext<S>): Promise<void>;

  /** Sets a manager's reaction to a message. Without `emoji`, removes it. */
  reactToMessage?(request: MessagePlace & { id: string; emoji?: string }, context: ProviderContext<S>): Promise<void>;

  /** Shows the customer that a manager has read a message. */
  markRead?(request: MessagePlace & { id: string }, context: ProviderContext<S>): Promise<void>;

  /** Opens a file of a MediaRef. */
  openMedia?(account: string, ref: string, context: ProviderContext<S>): Promise<MediaFile>;

  /**
   * Finds a customer's picture, for `openMedia`. Returns undefined if none is available. Called before each
   * of their messages, so it should cache its results. If pictures have public addresses, events contain
   * them.
   */
  findPicture?(account: string, customer: string, context: ProviderContext<S>): Promise<MediaRef | undefined>;

  /** Confirms the pressed button of an event to the messenger. Safe to repeat. */
  answerButton?(account: string, button: string, context: ProviderContext<S>): Promise<void>;

  /**
   * Lists an account's templates, at most 10,000. A provider with this method can send templates
   * (`OutMessage.template`). Called once a day and after events of type `account`.
   */
  listTemplates?(account: string, context: ProviderContext<S>): Promise<ListedTemplate[]>;

  /**
   * Creates a template, which is then reviewed. A template is unique by account, name and language: a lost
   * reply is looked up with `listTemplates`. `example`: sample values for the review.
   * @throws ProviderError `rejected` with the reason, for example if the name is taken
   */
  createTemplate?(
    account: string,
    template: MessengerTemplate & { example?: TemplateExample },
    context: ProviderContext<S>,
  ): Promise<TemplateState>;

  /** Replaces a template's content. Required with `createTemplate`. `data`: see `TemplateState`. */
  updateTemplate?(
    account: string,
    template: MessengerTemplate & { example?: TemplateExample; data?: string },
    context: ProviderContext<S>,
  ): Promise<TemplateState>;

  /** Deletes a template in one language. Succeeds if it does not exist. Required with `createTemplate`. */
  deleteTemplate?(account: string, template: TemplateName & { data?: string }, context: ProviderContext<S>): Promise<void>;

  /**
   * Reads a page of a chat's messages from before a time, oldest first. Only for messengers that keep them.
   * `page`: `next` of the page before.
   */
  readHistory?(request: MessagePlace & { before: Date; page?: string }, context: ProviderContext<S>): Promise<HistoryPage>;
}
