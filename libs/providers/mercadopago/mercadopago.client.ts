import { type DtoClass, fillIn, getParser, type Language, sha256Hex, textFor, toLanguage } from '#platform';
import { CallCounter, HttpClient, type HttpReply, type HttpRequest, ProviderError } from '#provider-kit';
import { toRefusal } from './mercadopago.errors.js';
import type { MercadoPagoContext, MercadoPagoShop } from './mercadopago.settings.js';
import { texts } from './mercadopago.texts.js';

/** A call of the API. */
export interface MercadoPagoCall extends Pick<HttpRequest, 'method' | 'query' | 'json' | 'effect'> {
  /** Begins with a slash; what is put into it is encoded. */
  path: string;
  /** `X-Idempotency-Key`, a UUID; each write needs one. */
  key?: string;
}

/** A little more, because calls travel at different speeds. */
const SECOND_MS = 1_100;

/**
 * Mercado Pago's API; no other file calls it. All processes together keep to the calls a second of the
 * settings, and make none with a token before the time that a 429 names.
 */
export class MercadoPagoClient {
  private readonly http = new HttpClient({ name: 'Mercado Pago' });
  private readonly baseUrl: string;

  /** `baseUrl`: where the API is; one address serves all countries. */
  constructor(baseUrl = 'https://api.mercadopago.com') {
    this.baseUrl = baseUrl.replace(/\/+$/, '');
  }

  /** The account of the shop with this code. Throws ProviderError `auth` if the settings lack the shop. */
  openAccount(code: string, context: MercadoPagoContext): MercadoPagoAccount {
    const shop = context.settings.shops.find((one) => one.code === code);
    if (!shop) throw new ProviderError('auth', `${textFor(fillIn(texts.shopIsGone, { code }), context.account.language)}.`);
    return new MercadoPagoAccount(this.http, this.baseUrl, shop, context);
  }

  /** The accounts of shops, those that share a token once. */
  openAccounts(shops: readonly MercadoPagoShop[], context: MercadoPagoContext): MercadoPagoAccount[] {
    const byToken = new Map(shops.map((shop) => [shop.accessToken, shop]));
    return [...byToken.values()].map((shop) => new MercadoPagoAccount(this.http, this.baseUrl, shop, context));
  }
}

/** One account of Mercado Pago. Its calls throw ProviderError and nothing else. */
export class MercadoPagoAccount {
  /** Of the CRM account, for texts that people read. */
  readonly language: Language;

  constructor(
    private readonly http: HttpClient,
    private readonly baseUrl: string,
    readonly shop: MercadoPagoShop,
    readonly context: MercadoPagoContext,
  ) {
    this.language = toLanguage(context.account.language);
  }

  /** Tells accounts apart in keys of the cache, without the token. */
  get id(): string {
    return sha256Hex(`${this.baseUrl} ${this.shop.accessToken}`).slice(0, 16);
  }

  /**
   * Makes a call and reads its reply as `target`. Throws ProviderError, a MercadoPagoRefusal where nothing
   * was done; a reply that was lost or cannot be read is `unknown_outcome` of a call with an effect.
   */
  async call<T extends object>(target: DtoClass<T>, call: MercadoPagoCall): Promise<T> {
    return (await this.send(call)).json((value) => getParser(target).parse(value));
  }

  /** As `call`, for a reply that is a list. */
  async list<T extends { list: unknown[] }>(target: DtoClass<T>, call: MercadoPagoCall): Promise<T['list']> {
    return (await this.send(call)).json((value) => getParser(target).parse({ list: value })).list;
  }

  private async send({ path, key, ...call }: MercadoPagoCall): Promise<HttpReply> {
    const { cache, settings, signal } = this.context;
    const headers = { authorization: `Bearer ${this.shop.accessToken}`, ...(key !== undefined && { 'x-idempotency-key': key }) };
    const request: HttpRequest = { ...call, url: `${this.baseUrl}${path}`, headers, reach: 'anywhere', signal };
    const counter = new CallCounter(cache, this.id, { units: settings.callsPerSecond, windowMs: SECOND_MS });
    let reply: HttpReply;
    try {
      reply = await counter.run({ signal, busy: texts.tooManyCalls }, () => this.http.send(request));
    } catch (error) {
      if (!isAuth(error)) throw error;
      throw new ProviderError('auth', `${textFor(texts.credentialsRefused, this.language)}.`, { cause: error });
    }
    if (reply.ok) return reply;
    throw toRefusal(reply, { effect: call.effect, language: this.language });
  }
}

/** Whether an error says that the token was refused. */
export function isAuth(error: unknown): error is ProviderError {
  return error instanceof ProviderError && error.kind === 'auth';
}
