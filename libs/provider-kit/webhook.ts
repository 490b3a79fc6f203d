import type { ProviderContext } from './provider-context.js';

/** A provider's webhook as it arrived. */
export interface WebhookRequest {
  /** `GET`, `POST` or `PUT`. */
  method: string;
  /** Exactly as received: signatures are over these bytes. Empty for a `GET`. */
  rawBody: Uint8Array;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  /** The address's query, decoded; a name may come twice. */
  query: URLSearchParams;
  /** What follows the connection's id in the address, without slashes at its ends; usually empty. */
  path: string;
  /** The sender's IP address behind trusted proxies, for unsigned webhooks from published networks. */
  remoteAddress?: string;
}

/** What a sender gets in place of 200 `{"success":true}`. */
export interface WebhookReply {
  /** HTTP status. */
  status: number;
  /** An object is sent as JSON, a text as text/plain; `''` is an empty body. */
  body: object | string;
}

/** The webhook steps of a provider, pure except for keys that `verify` fetches. */
export interface ProviderWebhook<S, Event> {
  /**
   * Is it the provider's, unchanged and fresh? Compares in constant time. `false` answers 400. A promise is
   * for keys that the service publishes, kept in the cache (`fetchKeys`): it has 2 s, or the sender gets 502.
   */
  verify(request: WebhookRequest, context: ProviderContext<S>): boolean | Promise<boolean>;

  /** Reads a verified one. Throws ProviderError `invalid` when it cannot be read. */
  parse(request: WebhookRequest, context: ProviderContext<S>): Event[];

  /**
   * For a sender that holds back what follows a refused one: the event id to keep by what `parse` cannot
   * read. It is acknowledged and set aside; an operator's replay has `parse` read it again. Left out: 400.
   */
  identifyUnread?(request: WebhookRequest, context: ProviderContext<S>): string;

  /**
   * Answers a trial of the address before anything is verified or stored: the text to send back, 1 to 128 of
   * `[A-Za-z0-9._-]` (any other answers 400); undefined: it is no trial. The settings may be empty yet.
   */
  handshake?(request: WebhookRequest, context: ProviderContext<S>): string | undefined;

  /**
   * What to answer to these events (there may be none); kept with the first, and a repeat gets the same.
   * Undefined: 200 `{"success":true}`. Pure, within 2 s where a port lets it ask a question.
   */
  reply?(events: readonly Event[], context: ProviderContext<S>): WebhookReply | undefined | Promise<WebhookReply | undefined>;
}
