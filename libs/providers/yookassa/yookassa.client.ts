import { setTimeout as sleep } from 'node:timers/promises';
import { type DtoClass, getParser, type Language, sha256Hex, textFor, toLanguage } from '#platform';
import { CallCounter, HttpClient, type HttpParameters, type HttpReply, type HttpRequest, ProviderError } from '#provider-kit';
import { isLost, isRefusal, toLimit, toRefusal, WireError } from './yookassa.errors.js';
import type { YookassaContext, YookassaShop } from './yookassa.settings.js';
import { TEXTS } from './yookassa.texts.js';

const URL_OF_API = 'https://api.yookassa.ru';
const VERSION = '/v3';
/** Pauses before a write whose reply was lost is repeated, under the same key. */
const PAUSES_MS = [200, 400];
/** Still being processed: as good as no answer. */
const ACCEPTED = 202;
const TOO_MANY = 429;
/** A little more, because calls travel at different speeds. */
const SECOND_MS = 1_100;

/** A call with an effect. */
export interface YookassaWrite {
  path: string;
  json: object;
  /** Idempotence-Key, 1 to 64 characters: for 24 hours a repeat has no effect and gets the first answer. */
  key: string;
  /** What a refusal is: of a request, or of the state that an object is in. */
  refusedAs: 'invalid' | 'rejected';
}

/**
 * The only client of YooKassa's API v3. All processes together keep to the calls a second of the settings,
 * and make none for a shop before the time that a 429 names.
 */
export class YookassaClient {
  // YooKassa itself takes up to half a minute.
  private readonly http = new HttpClient({ name: 'YooKassa', headersTimeoutMs: 30_000, totalTimeoutMs: 60_000, explains: [TOO_MANY] });
  private readonly url: string;

  /** `baseUrl` replaces YooKassa's address (a double's); without a path, `/v3` is added. */
  constructor(baseUrl = URL_OF_API) {
    const url = baseUrl.replace(/\/+$/, '');
    this.url = new URL(url).pathname === '/' ? url + VERSION : url;
  }

  /** The shop with this code. Throws ProviderError `auth` if the settings lack it. */
  openShop(code: string, context: YookassaContext): ShopAccount {
    const shop = context.settings.shops.find((one) => one.code === code);
    if (!shop) throw new ProviderError('auth', `${textFor(TEXTS.shopIsGone, context.account.language)}: ${JSON.stringify(code)}`);
    return new ShopAccount(shop, context, (request) => this.send(request, shop, context));
  }

  private send(request: HttpRequest, shop: YookassaShop, context: YookassaContext): Promise<HttpReply> {
    const { settings, cache, signal, account } = context;
    const login = Buffer.from(`${shop.shopId}:${shop.secretKey}`).toString('base64');
    const headers = { ...request.headers, authorization: `Basic ${login}` };
    const counter = new CallCounter(cache, sha256Hex(login).slice(0, 32), { units: settings.callsPerSecond, windowMs: SECOND_MS });
    return counter.run({ signal, busy: TEXTS.tooManyCalls }, async () => {
      const reply = await this.http.send({ ...request, url: this.url + request.url, headers });
      if (reply.status === TOO_MANY) throw toLimit(reply, account.language);
      return reply;
    });
  }
}

/** One shop of YooKassa. Its calls throw ProviderError and nothing else, YookassaRefusal for a refusal. */
export class ShopAccount {
  /** The CRM account's, for texts that people read. */
  readonly language: Language;

  constructor(
    readonly shop: YookassaShop,
    readonly context: YookassaContext,
    private readonly send: (request: HttpRequest) => Promise<HttpReply>,
  ) {
    this.language = toLanguage(context.account.language);
  }

  /** Reads an object or a page of a list. */
  async read<T extends object>(target: DtoClass<T>, path: string, query?: HttpParameters): Promise<T> {
    const { signal } = this.context;
    const reply = await this.send({ method: 'GET', url: path, query, effect: false, reach: 'anywhere', signal });
    return this.judge(target, reply, 'rejected', 'unavailable');
  }

  /**
   * Makes a call with an effect; a reply that is lost is asked for again, twice, under the same key.
   * @throws ProviderError `unknown_outcome` when none came
   */
  async write<T extends object>(target: DtoClass<T>, call: YookassaWrite): Promise<T> {
    let lost: ProviderError | undefined;
    for (const pause of [0, ...PAUSES_MS]) {
      try {
        if (pause > 0) await sleep(pause, undefined, { signal: this.context.signal });
        return await this.attempt(target, call);
      } catch (error) {
        // What a repeat came to says nothing of the first call, unless it is YooKassa's answer.
        if (isRefusal(error) || (!lost && !isLost(error))) throw error;
        lost ??= error as ProviderError;
        if (this.context.signal.aborted) throw lost;
      }
    }
    throw lost ?? new Error('unreachable');
  }

  private async attempt<T extends object>(target: DtoClass<T>, { path, json, key, refusedAs }: YookassaWrite): Promise<T> {
    const reply = await this.send({
      ...{ method: 'POST', url: path, json, headers: { 'idempotence-key': key }, effect: true },
      ...{ reach: 'anywhere', signal: this.context.signal },
    });
    return this.judge(target, reply, refusedAs, 'unknown_outcome');
  }

  private judge<T extends object>(
    target: DtoClass<T>,
    reply: HttpReply,
    refusedAs: YookassaWrite['refusedAs'],
    lostAs: 'unavailable' | 'unknown_outcome',
  ): T {
    if (reply.status === ACCEPTED) throw new ProviderError(lostAs, textFor(TEXTS.stillProcessed, this.language));
    if (reply.ok) return reply.json((value) => getParser(target).parse(value));
    throw toRefusal(
      reply.status,
      reply.json((value) => getParser(WireError).parse(value)),
      refusedAs,
    );
  }
}
