import type { Provider, ProviderContext, ProviderManifest } from '#provider-kit';

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
  describeTransport(settings: S): ChatTransport;
  /** Undefined: no bot is registered. */
  describeBot(settings: S): ChatBot | undefined;
}

/**
 * Knows the visitors of the shop's site. Throws ProviderError and nothing else; keeps to `context.signal`.
 */
export interface ChatProvider<S extends object = object> extends Provider<S> {
  readonly manifest: ChatManifest<S>;

  /** When this chat customer was last seen; undefined when he is not known. */
  findLastOnline(externalUserId: string, context: ProviderContext<S>): Promise<Date | undefined>;

  /** The visits of the customer of this chat; `{ count: 0 }` when nothing is known. */
  readVisits(externalChatId: string, context: ProviderContext<S>): Promise<ChatVisits>;
}
