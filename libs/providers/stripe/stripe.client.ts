import { setTimeout as sleep } from 'node:timers/promises';
import Stripe from 'stripe';
import { fillIn, type Language, textFor, toLanguage } from '#platform';
import { HttpClient, type HttpReply, type HttpRequest, ProviderError } from '#provider-kit';
import { toProviderError, makeUnreadableError } from './stripe.errors.js';
import type { StripeContext, StripeShop } from './stripe.settings.js';
import { texts } from './stripe.texts.js';

/** Objects on a page of a list. */
const PAGE = 100;
const REPEAT_MS = 200;

/** Stripe's official SDK over our HTTP client, which limits the time and knows what was sent. */
export class StripeClient {
  private readonly http = new HttpClient({ name: 'Stripe' });
  private readonly target: { host: string; port: string; protocol: 'http' | 'https' };

  /** `baseUrl`: where the API is, without a path; https unless it says http. */
  constructor(baseUrl = 'https://api.stripe.com') {
    const { protocol, hostname, port } = new URL(baseUrl);
    const isPlain = protocol === 'http:';
    this.target = { host: hostname, port: port || (isPlain ? '80' : '443'), protocol: isPlain ? 'http' : 'https' };
  }

  /** The account of the shop with this code. Throws ProviderError `auth` if the settings lack the shop. */
  openAccount(code: string, context: StripeContext): StripeAccount {
    const shop = context.settings.shops.find((one) => one.code === code);
    if (!shop)
      throw new ProviderError('auth', `${textFor(fillIn(texts.shopIsGone, { code: JSON.stringify(code) }), context.account.language)}.`);
    return new StripeAccount(this.createSdk(shop, context), toLanguage(context.account.language));
  }

  private createSdk(shop: StripeShop, context: StripeContext): Stripe {
    return new Stripe(shop.secretKey, {
      httpClient: new Transport(this.http, context),
      // The SDK repeats a refused key and ignores the time budget; the transport repeats what is worth it.
      maxNetworkRetries: 0,
      telemetry: false,
      ...this.target,
    });
  }
}

/** One account of Stripe. Its calls throw ProviderError and nothing else. */
export class StripeAccount {
  /** `language` is the CRM account's, for the reasons that people read. */
  constructor(
    private readonly stripe: Stripe,
    readonly language: Language,
  ) {}

  /** Makes a call without an effect: a lost reply is `unavailable`. `isWhole` checks the reply. */
  read<T>(send: (stripe: Stripe) => Promise<T>, isWhole: (reply: T) => boolean): Promise<T> {
    return this.call(false, send, isWhole);
  }

  /** Makes a call with an effect: a lost reply is `unknown_outcome`. `isWhole` checks the reply. */
  write<T>(send: (stripe: Stripe) => Promise<T>, isWhole: (reply: T) => boolean): Promise<T> {
    return this.call(true, send, isWhole);
  }

  private async call<T>(effect: boolean, send: (stripe: Stripe) => Promise<T>, isWhole: (reply: T) => boolean): Promise<T> {
    let reply: T;
    try {
      reply = await send(this.stripe);
    } catch (error) {
      throw toProviderError(error, { effect, language: this.language });
    }
    if (!isWhole(reply)) throw makeUnreadableError({ effect });
    return reply;
  }
}

/** An action's idempotency key. Repeats have one effect and, for a day at least, get the first answer. */
export function buildIdempotencyKey(action: 'session' | 'capture' | 'expire' | 'cancel' | 'refund' | 'endpoint', key: string): string {
  return `crossdock:${action}:${key}`;
}

/** All objects of a list, however many pages they are; `isWhole` checks each. */
export function listAll<T>(
  account: StripeAccount,
  list: (stripe: Stripe, page: { limit: number }) => AsyncIterable<T>,
  isWhole: (one: T) => boolean,
): Promise<T[]> {
  return account.read(
    async (stripe) => {
      const all: T[] = [];
      for await (const one of list(stripe, { limit: PAGE })) all.push(one);
      return all;
    },
    (all) => all.every(isWhole),
  );
}

/** Whether a refund or a dispute has what is read of it. */
export function isAmount({ id, currency, amount }: Stripe.Refund | Stripe.Dispute): boolean {
  return typeof id === 'string' && typeof currency === 'string' && Number.isSafeInteger(amount);
}

/** Sends the SDK's requests. Its ProviderErrors reach `toProviderError` as details of the SDK's own. */
class Transport extends Stripe.HttpClient {
  constructor(
    private readonly http: HttpClient,
    private readonly context: StripeContext,
  ) {
    super();
  }

  override getClientName(): string {
    return 'undici';
  }

  override async makeRequest(
    ...[host, port, path, method, headers, data, protocol]: Parameters<Stripe.HttpClient['makeRequest']>
  ): Promise<Transported> {
    const effect = method !== 'GET';
    const request: HttpRequest = {
      method: method as HttpRequest['method'],
      url: `${protocol}://${host}:${port}${path}`,
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
      ...(effect && { body: Buffer.from(data) }),
      effect,
      reach: 'anywhere',
      signal: this.context.signal,
    };
    const reply = await this.http.send(request).catch((error: unknown) => this.repeat(request, error));
    return new Transported(reply);
  }

  /** Repeats a call whose reply was lost, once, with the same idempotency key. */
  private async repeat(request: HttpRequest, error: unknown): Promise<HttpReply> {
    if (!(error instanceof ProviderError) || error.kind !== 'unknown_outcome' || this.context.signal.aborted) throw error;
    try {
      await sleep(REPEAT_MS, undefined, { signal: this.context.signal });
      return await this.http.send(request);
    } catch {
      throw error;
    }
  }
}

class Transported extends Stripe.HttpClientResponse {
  private readonly body: object;

  /** Throws ProviderError when the reply is no JSON object. */
  constructor(reply: HttpReply) {
    super(reply.status, Object.fromEntries(Object.entries(reply.headers).map(([name, value]) => [name, value ?? ''])));
    this.body = reply.json((value) => {
      if (typeof value !== 'object' || value === null) throw new Error('not an object');
      return value;
    });
  }

  override getRawResponse(): object {
    return {};
  }

  override toJSON(): Promise<object> {
    return Promise.resolve(this.body);
  }
}
