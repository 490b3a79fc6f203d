import { parserOf, sha256Hex, type DtoClass } from '#platform';
import { HttpClient, ProviderError, type HttpReply, type HttpRequest } from '#provider-kit';
import { CdekRefusal, isInternal, isTokenExpired } from './cdek.errors.js';
import type { CdekContext, CdekSettings } from './cdek.settings.js';
import { problem, texts } from './cdek.texts.js';
import {
  CdekAcceptedReply,
  CdekCities,
  type CdekCity,
  type CdekForm,
  type CdekIntakeReply as IntakeReply,
  CdekIntakeReply,
  CdekIntakes,
  type CdekIntakeRequest,
  type CdekOrderChange,
  CdekOrderReply,
  type CdekOrderRequest,
  type CdekPoint,
  CdekPoints,
  CdekPrintReply,
  type CdekPrintRequest,
  type CdekQuote,
  CdekQuoteReply,
  type CdekQuoteRequest,
  CdekRefusalReply,
  type CdekSubscription,
  CdekSubscriptions,
  type CdekSuggestion,
  CdekSuggestions,
  CdekTariffReply,
  type CdekTariffRequest,
  CdekTokenReply,
} from './cdek.wire.js';

/** Parameters of a directory's question. */
export type CdekQuery = Readonly<Record<string, string>>;

type Call = Pick<HttpRequest, 'method' | 'query' | 'json'> & { path: string; effect: boolean; accept?: string };

const CONTOURS: Readonly<Record<CdekSettings['contour'], string>> = {
  production: 'https://api.cdek.ru/v2',
  test: 'https://api.edu.cdek.ru/v2',
};

/** A token lives an hour; one that is about to end is not used. Milliseconds. */
const TOKEN = { ttlSeconds: 3_540, marginMs: 60_000 };

interface Token {
  text: string;
  /** Milliseconds since 1970. */
  until: number;
}

/**
 * CDEK's API v2 over HTTP, the only file that calls it. Throws ProviderError, and CdekRefusal for a refusal that the caller is to explain.
 * The token is kept encrypted for all processes and renewed before it ends, once; a call that is refused for its token is made once more with a new one.
 */
export class CdekClient {
  // A city's list of points may be long.
  private readonly http = new HttpClient({
    name: 'CDEK',
    headersTimeoutMs: 15_000,
    totalTimeoutMs: 30_000,
    maxReplyBytes: 64 * 1024 * 1024,
  });
  /** Renewals under way, by connection: many calls refused at once ask for one token. */
  private readonly renewals = new Map<string, Promise<Token>>();

  /** `baseUrl` replaces both of CDEK's contours (a double); without a path, `/v2` is added. */
  constructor(private readonly baseUrl?: string) {}

  /** Says which service the connection speaks to; keys of what is kept begin with it, so that contours never mix. */
  contourOf(context: CdekContext): string {
    return sha256Hex(this.urlOf(context)).slice(0, 8);
  }

  async quotes(request: CdekQuoteRequest, context: CdekContext): Promise<CdekQuote[]> {
    const reply = await this.read(
      CdekQuoteReply,
      { method: 'POST', path: '/calculator/tarifflist', json: request, effect: false },
      context,
    );
    if (!reply.tariff_codes && reply.errors && reply.errors.length > 0) throw new CdekRefusal(reply.errors);
    return reply.tariff_codes ?? [];
  }

  /** The price of one tariff with services. */
  async tariff(request: CdekTariffRequest, context: CdekContext): Promise<CdekTariffReply> {
    const reply = await this.read(CdekTariffReply, { method: 'POST', path: '/calculator/tariff', json: request, effect: false }, context);
    if (reply.errors && reply.errors.length > 0) throw new CdekRefusal(reply.errors);
    return reply;
  }

  async cities(query: CdekQuery, context: CdekContext): Promise<CdekCity[]> {
    return (await this.list(CdekCities, { method: 'GET', path: '/location/cities', query, effect: false }, context)).list;
  }

  async suggestions(query: CdekQuery, context: CdekContext): Promise<CdekSuggestion[]> {
    return (await this.list(CdekSuggestions, { method: 'GET', path: '/location/suggest/cities', query, effect: false }, context)).list;
  }

  async points(query: CdekQuery, context: CdekContext): Promise<CdekPoint[]> {
    return (await this.list(CdekPoints, { method: 'GET', path: '/deliverypoints', query, effect: false }, context)).list;
  }

  createOrder(request: CdekOrderRequest, context: CdekContext): Promise<CdekAcceptedReply> {
    return this.read(CdekAcceptedReply, { method: 'POST', path: '/orders', json: request, effect: true }, context);
  }

  changeOrder(request: CdekOrderChange, context: CdekContext): Promise<CdekAcceptedReply> {
    return this.read(CdekAcceptedReply, { method: 'PATCH', path: '/orders', json: request, effect: true }, context);
  }

  deleteOrder(uuid: string, context: CdekContext): Promise<CdekAcceptedReply> {
    return this.read(CdekAcceptedReply, { method: 'DELETE', path: `/orders/${encodeURIComponent(uuid)}`, effect: true }, context);
  }

  /** After CDEK has the parcel: it goes back to the sender. */
  refuseOrder(uuid: string, context: CdekContext): Promise<CdekAcceptedReply> {
    return this.read(CdekAcceptedReply, { method: 'POST', path: `/orders/${encodeURIComponent(uuid)}/refusal`, effect: true }, context);
  }

  order(uuid: string, context: CdekContext): Promise<CdekOrderReply> {
    return this.read(CdekOrderReply, { method: 'GET', path: `/orders/${encodeURIComponent(uuid)}`, effect: false }, context);
  }

  /** By our number; of several CDEK answers the newest. */
  orderByNumber(number: string, context: CdekContext): Promise<CdekOrderReply> {
    return this.read(CdekOrderReply, { method: 'GET', path: '/orders', query: { im_number: number }, effect: false }, context);
  }

  createIntake(request: CdekIntakeRequest, context: CdekContext): Promise<CdekAcceptedReply> {
    return this.read(CdekAcceptedReply, { method: 'POST', path: '/intakes', json: request, effect: true }, context);
  }

  intake(uuid: string, context: CdekContext): Promise<CdekIntakeReply> {
    return this.read(CdekIntakeReply, { method: 'GET', path: `/intakes/${encodeURIComponent(uuid)}`, effect: false }, context);
  }

  /** Visits that were ordered for an order. */
  async intakesOf(orderUuid: string, context: CdekContext): Promise<IntakeReply[]> {
    return (
      await this.list(CdekIntakes, { method: 'GET', path: `/orders/${encodeURIComponent(orderUuid)}/intakes`, effect: false }, context)
    ).list;
  }

  deleteIntake(uuid: string, context: CdekContext): Promise<CdekAcceptedReply> {
    return this.read(CdekAcceptedReply, { method: 'DELETE', path: `/intakes/${encodeURIComponent(uuid)}`, effect: true }, context);
  }

  /** Begins a document; a lost reply costs no more than an unused file. */
  startPrint(form: CdekForm, request: CdekPrintRequest, context: CdekContext): Promise<CdekAcceptedReply> {
    return this.read(CdekAcceptedReply, { method: 'POST', path: `/print/${form}`, json: request, effect: false }, context);
  }

  printState(form: CdekForm, uuid: string, context: CdekContext): Promise<CdekPrintReply> {
    return this.read(CdekPrintReply, { method: 'GET', path: `/print/${form}/${encodeURIComponent(uuid)}`, effect: false }, context);
  }

  /** PDF bytes. */
  async printed(form: CdekForm, uuid: string, context: CdekContext): Promise<Uint8Array> {
    const path = `/print/${form}/${encodeURIComponent(uuid)}.pdf`;
    const { bytes } = await this.send({ method: 'GET', path, effect: false, accept: 'application/pdf' }, context);
    if (bytes.subarray(0, 5).toString('latin1') !== '%PDF-') throw problem('unavailable', texts.notPdf, context);
    return bytes;
  }

  async subscriptions(context: CdekContext): Promise<CdekSubscription[]> {
    return (await this.list(CdekSubscriptions, { method: 'GET', path: '/webhooks', effect: false }, context)).list;
  }

  async subscribe(url: string, context: CdekContext): Promise<void> {
    await this.send({ method: 'POST', path: '/webhooks', json: { url, type: 'ORDER_STATUS' }, effect: true }, context);
  }

  async unsubscribe(uuid: string, context: CdekContext): Promise<void> {
    await this.send({ method: 'DELETE', path: `/webhooks/${encodeURIComponent(uuid)}`, effect: true }, context);
  }

  private async read<T extends object>(target: DtoClass<T>, call: Call, context: CdekContext): Promise<T> {
    return (await this.send(call, context)).json((value) => parserOf(target).parse(value));
  }

  /** A reply that is a list; CDEK wraps some of them into `entity`, and answers an empty object for none. */
  private async list<T extends { list: unknown[] }>(target: DtoClass<T>, call: Call, context: CdekContext): Promise<T> {
    return (await this.send(call, context)).json((value) => {
      const inner = Array.isArray(value) ? value : ((value as { entity?: unknown } | null)?.entity ?? []);
      return parserOf(target).parse({ list: inner });
    });
  }

  private async send(call: Call, context: CdekContext): Promise<HttpReply> {
    const token = await this.token(context);
    try {
      return await this.attempt(call, token, context);
    } catch (error) {
      // Refused for its token: surely nothing was done, so that even a call with an effect may be made again.
      if (!isTokenExpired(error) && !isAuth(error)) throw error;
      try {
        return await this.attempt(call, await this.renewed(token, context), context);
      } catch (second) {
        throw isTokenExpired(second) ? problem('auth', texts.credentials, context, {}, second) : second;
      }
    }
  }

  private async attempt(call: Call, token: Token, context: CdekContext): Promise<HttpReply> {
    const { path, accept, ...rest } = call;
    const reply = await this.http.send({
      ...rest,
      url: `${this.urlOf(context)}${path}`,
      headers: { authorization: `Bearer ${token.text}`, ...(accept === undefined ? {} : { accept }) },
      reach: 'anywhere',
      signal: context.signal,
    });
    if (reply.ok) return reply;
    const { errors = [], requests = [] } = reply.json((value) => parserOf(CdekRefusalReply).parse(value));
    const refusal = new CdekRefusal([...errors, ...requests.flatMap((request) => request.errors ?? [])]);
    if (isInternal(refusal)) {
      throw problem(call.effect ? 'unknown_outcome' : 'unavailable', texts.internal, context, {}, refusal);
    }
    throw refusal;
  }

  private async token(context: CdekContext): Promise<Token> {
    const token = await this.kept(context);
    return token.until > context.now.getTime() + TOKEN.marginMs ? token : this.renewed(token, context);
  }

  /** A token other than the one that was refused or is about to end; one renewal at a time. */
  private renewed(refused: Token, context: CdekContext): Promise<Token> {
    const key = `${context.connectionId} ${this.tokenKey(context)}`;
    let running = this.renewals.get(key);
    if (running === undefined) {
      running = this.renew(refused, context).finally(() => this.renewals.delete(key));
      this.renewals.set(key, running);
    }
    return running;
  }

  private async renew(refused: Token, context: CdekContext): Promise<Token> {
    const present = await this.kept(context);
    // Somebody else has renewed it meanwhile.
    if (present.text !== refused.text) return present;
    await context.cache.forget(this.tokenKey(context));
    return this.kept(context);
  }

  private kept(context: CdekContext): Promise<Token> {
    return context.cache.fetch(this.tokenKey(context), { ttlSeconds: TOKEN.ttlSeconds, secret: true }, () => this.newToken(context));
  }

  private async newToken(context: CdekContext): Promise<Token> {
    const { clientId, clientSecret } = context.settings;
    const reply = await this.http.send({
      method: 'POST',
      url: `${this.urlOf(context)}/oauth/token`,
      form: { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret },
      // Asking twice makes two tokens and harms nothing.
      effect: false,
      reach: 'anywhere',
      signal: context.signal,
    });
    if (!reply.ok) throw problem('auth', texts.credentials, context);
    const { access_token, expires_in } = reply.json((value) => parserOf(CdekTokenReply).parse(value));
    return { text: access_token, until: context.now.getTime() + expires_in * 1_000 };
  }

  /** Other credentials, or another contour: another token. */
  private tokenKey(context: CdekContext): string {
    const { clientId, clientSecret } = context.settings;
    return `token:${sha256Hex(`${this.urlOf(context)} ${clientId} ${clientSecret}`).slice(0, 16)}`;
  }

  private urlOf(context: CdekContext): string {
    const url = (this.baseUrl ?? CONTOURS[context.settings.contour]).replace(/\/+$/, '');
    return URL.canParse(url) && new URL(url).pathname === '/' ? `${url}/v2` : url;
  }
}

function isAuth(error: unknown): boolean {
  return error instanceof ProviderError && error.kind === 'auth';
}
