import type { ProviderContext } from './provider-context.js';

/** A provider's webhook as it arrived. */
export interface WebhookRequest {
  /** Exactly as received: signatures are over these bytes. */
  rawBody: Uint8Array;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  /** What follows the connection's id in the address, without slashes at its ends; usually empty. */
  path: string;
  /** The sender's IP address behind trusted proxies, for unsigned webhooks from published networks. */
  remoteAddress?: string;
}

/** The webhook steps of a provider, pure. */
export interface ProviderWebhook<S, Event> {
  /** Is it the provider's, unchanged and fresh? Compares in constant time. `false` answers 400. */
  verify(request: WebhookRequest, context: ProviderContext<S>): boolean;
  /** Reads a verified one. Throws ProviderError `invalid` when it cannot be read. */
  parse(request: WebhookRequest, context: ProviderContext<S>): Event[];
}
