import type { ProviderContext } from './provider-context.js';

/** A provider's webhook as it arrived. */
export interface WebhookRequest {
  /** `GET`, `POST` or `PUT`. */
  method: string;
  /** Exactly as received: signatures are over these bytes. Empty for a `GET`. */
  rawBody: Uint8Array;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  /** The address's query, decoded. A name may occur twice. */
  query: URLSearchParams;
  /** The rest of the address after the connection's id, without slashes at its ends. Usually empty. */
  path: string;
  /** The sender's IP address behind trusted proxies, for unsigned webhooks from published networks. */
  remoteAddress?: string;
}

/** The reply to a sender instead of 200 `{"success":true}`. */
export interface WebhookReply {
  /** HTTP status. */
  status: number;
  /** An object is sent as JSON, a text as text/plain; `''` is an empty body. */
  body: object | string;
}

/** The webhook steps of a provider, pure except for keys that `verify` fetches. */
export interface ProviderWebhook<S, Event> {
  /**
   * Returns whether the webhook is authentic, unchanged and fresh. Compares in constant time. `false` answers
   * 400. A promise is for keys that the service publishes, kept in the cache (`fetchKeys`): it has 2 s, or
   * the sender gets 502.
   */
  verify(request: WebhookRequest, context: ProviderContext<S>): boolean | Promise<boolean>;

  /** Reads a verified one. Throws ProviderError `invalid` when it cannot be read. */
  parse(request: WebhookRequest, context: ProviderContext<S>): Event[];

  /**
   * For a sender that holds back the events after a rejected one: the event id to keep if `parse` cannot read
   * it. The event is acknowledged and set aside. An operator's replay has `parse` read it again. Without this
   * method: 400.
   */
  identifyUnread?(request: WebhookRequest, context: ProviderContext<S>): string;

  /**
   * Replies to a trial of the address before anything is verified or stored: the text to send back, 1 to 128
   * of `[A-Za-z0-9._-]` (any other results in 400). Undefined if it is not a trial. The settings may be empty
   * yet.
   */
  handshake?(request: WebhookRequest, context: ProviderContext<S>): string | undefined;

  /**
   * The reply to these events (the list may be empty). It is kept with the first, and a repeat gets the same.
   * Undefined: 200 `{"success":true}`. Pure, within 2 s if a port lets it make a query.
   */
  reply?(events: readonly Event[], context: ProviderContext<S>): WebhookReply | undefined | Promise<WebhookReply | undefined>;
}
