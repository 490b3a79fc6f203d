import { IsOptional, IsString } from 'class-validator';
import { type DtoClass, getParser, sha256Hex } from '#platform';
import { HttpClient, type HttpReply, type HttpRequest, ProviderError } from '#provider-kit';
import { ApishipRefusal, ApishipRefusalReply, isRefusedAs } from './apiship.errors.js';
import type { ApishipContext, ApishipSettings } from './apiship.settings.js';
import { makeError, refuseLate, texts } from './apiship.texts.js';

/** A call of the API. */
export interface ApishipCall extends Pick<HttpRequest, 'method' | 'query' | 'json'> {
  /** Begins with a slash; what is put into it is encoded. */
  path: string;
  /**
   * Whether the call changes something at ApiShip, as also a GET may: then it is sent once, and a lost reply
   * is `unknown_outcome`.
   */
  effect: boolean;
}

const CONTOURS: Readonly<Record<ApishipSettings['contour'], string>> = {
  production: 'https://api.apiship.ru/v1',
  // Plain HTTP: `checkSettings` lets no token go there.
  test: 'http://api.dev.apiship.ru/v1',
};

/** How long a login's token lives is not documented; one that is refused sooner is replaced. */
const TOKEN = { ttlSeconds: 1_800, secret: true };
/**
 * After a 429 without a Retry-After nobody calls for so long, and never longer than `most`; milliseconds.
 * Other processes know of it after so many seconds.
 */
const PAUSE = { otherwise: 3_000, most: 3_600_000, seenAfterS: 1 };

/** `POST /users/login`; the older alias has another name for the token. */
class LoginReply {
  @IsOptional() @IsString() token?: string;
  @IsOptional() @IsString() accessToken?: string;
}

/**
 * The only client of ApiShip's API v1. The token of a login is shared encrypted, and a call whose token is
 * refused is repeated once with a new one. After a 429 no process calls for the account until ApiShip
 * wants to be called again. Throws ProviderError, or ApishipRefusal for a refusal that the caller explains.
 */
export class ApishipClient {
  private readonly http = new HttpClient({
    name: 'ApiShip',
    headersTimeoutMs: 20_000,
    totalTimeoutMs: 30_000,
    // Lists of points are long.
    maxReplyBytes: 64 * 1024 * 1024,
    explains: [401, 403],
  });

  /**
   * @param baseUrl replaces both contours (a double's address); without a path, `/v1` is added
   * @param platform the module's code at ApiShip, sent with each call
   */
  constructor(
    private readonly baseUrl?: string,
    readonly platform?: string,
  ) {}

  /** A short hash of the connection's ApiShip address and credentials, for keys of the cache. */
  identifyAccount(context: ApishipContext): string {
    const { token, login, password } = context.settings;
    return sha256Hex(JSON.stringify([this.buildUrl(context), token, login, password])).slice(0, 16);
  }

  /** A short hash of the connection's ApiShip address: public lists differ by contour. */
  identifyContour(context: ApishipContext): string {
    return sha256Hex(this.buildUrl(context)).slice(0, 8);
  }

  /** Gets a new token of a login, whatever is stored; with a token in the settings there is nothing to do. */
  async signIn(context: ApishipContext): Promise<void> {
    refuseLate(context);
    await context.cache.forget(this.buildTokenKey(context));
    await this.readToken(context);
  }

  /** Makes a call and reads its reply as `target`. */
  async read<T extends object>(target: DtoClass<T>, call: ApishipCall, context: ApishipContext): Promise<T> {
    return (await this.send(call, context)).json((value) => getParser(target).parse(value));
  }

  /** Makes a call whose reply is a list by itself, and reads it as `target.rows`. */
  async readRows<T extends { rows: unknown[] }>(target: DtoClass<T>, call: ApishipCall, context: ApishipContext): Promise<T> {
    return (await this.send(call, context)).json((value) => getParser(target).parse(Array.isArray(value) ? { rows: value } : value));
  }

  /** Makes a call; the reply is 2xx. */
  async send(call: ApishipCall, context: ApishipContext): Promise<HttpReply> {
    refuseLate(context);
    await this.refuseInPause(context);
    const token = await this.readToken(context);
    try {
      return await this.attempt(call, token, context);
    } catch (error) {
      if (!isTokenRefused(error)) throw error;
      // Refused for its token: nothing was done, so even a call with an effect may be made again, once.
      if (context.settings.token) throw makeError('auth', texts.credentials, context, {}, { cause: error });
    }
    await this.dropToken(token, context);
    try {
      return await this.attempt(call, await this.readToken(context), context);
    } catch (error) {
      throw isTokenRefused(error) ? makeError('auth', texts.credentials, context, {}, { cause: error }) : error;
    }
  }

  /**
   * Downloads a document that ApiShip named, from wherever it stores it; the credentials do not go there.
   * Throws ProviderError, `unavailable` when there is none.
   */
  async download(url: string, context: ApishipContext): Promise<Buffer> {
    refuseLate(context);
    const isOwn = URL.canParse(url) && new URL(url).origin === new URL(this.buildUrl(context)).origin;
    const reach = isOwn ? 'anywhere' : context.reach;
    const reply = await this.http.send({
      ...{ method: 'GET', url, headers: { accept: 'application/pdf' }, effect: false, reach, signal: context.signal },
    });
    if (!reply.ok || reply.bytes.subarray(0, 5).toString('latin1') !== '%PDF-') throw makeError('unavailable', texts.notPdf, context);
    return reply.bytes;
  }

  private async attempt(call: ApishipCall, token: string, context: ApishipContext): Promise<HttpReply> {
    // The bare token: ApiShip knows no `Bearer`.
    return this.exchange(call, { authorization: token }, context);
  }

  private async exchange(call: ApishipCall, headers: Record<string, string>, context: ApishipContext): Promise<HttpReply> {
    const { path, ...rest } = call;
    let reply: HttpReply;
    try {
      reply = await this.http.send({
        ...rest,
        url: `${this.buildUrl(context)}${path}`,
        headers: { ...headers, ...(this.platform && { platform: this.platform }) },
        reach: 'anywhere',
        signal: context.signal,
      });
    } catch (error) {
      if (error instanceof ProviderError && error.kind === 'rate_limited') await this.pause(error.retryAfterMs, context);
      throw error;
    }
    if (reply.ok) return reply;
    throw new ApishipRefusal(reply.status, readRefusal(reply), reply.headers['x-tracing-id']);
  }

  private async readToken(context: ApishipContext): Promise<string> {
    const { token } = context.settings;
    if (token) return token;
    return context.cache.fetch(this.buildTokenKey(context), TOKEN, () => this.requestToken(context));
  }

  private async requestToken(context: ApishipContext): Promise<string> {
    const { login = '', password = '' } = context.settings;
    // Asking twice does no harm.
    const call = { method: 'POST', path: '/users/login', json: { login, password }, effect: false } as const;
    try {
      const reply = await this.exchange(call, {}, context);
      const { token, accessToken } = reply.json((value) => getParser(LoginReply).parse(value));
      if (token ?? accessToken) return (token ?? accessToken) as string;
    } catch (error) {
      if (!(error instanceof ApishipRefusal)) throw error;
      throw makeError('auth', texts.credentials, context, {}, { cause: error });
    }
    throw makeError('auth', texts.credentials, context);
  }

  /** Forgets a token that was refused, unless another process has replaced it meanwhile. */
  private async dropToken(refused: string, context: ApishipContext): Promise<void> {
    if ((await this.readToken(context)) === refused) await context.cache.forget(this.buildTokenKey(context));
  }

  private async refuseInPause(context: ApishipContext): Promise<void> {
    const until = await context.cache.fetch(this.buildPauseKey(context), { ttlSeconds: PAUSE.seenAfterS }, () => Promise.resolve(0));
    const retryAfterMs = until - context.now.getTime();
    if (retryAfterMs > 0) throw makeError('rate_limited', texts.tooManyCalls, context, {}, { retryAfterMs });
  }

  private async pause(askedMs: number | undefined, context: ApishipContext): Promise<void> {
    const ms = Math.min(askedMs ?? PAUSE.otherwise, PAUSE.most);
    const kept = { ttlSeconds: PAUSE.most / 1_000 };
    await context.cache.update<number>(this.buildPauseKey(context), kept, (until = 0) => Math.max(until, context.now.getTime() + ms));
  }

  private buildTokenKey(context: ApishipContext): string {
    return `token:${this.identifyAccount(context)}`;
  }

  private buildPauseKey(context: ApishipContext): string {
    return `pause:${this.identifyAccount(context)}`;
  }

  private buildUrl(context: ApishipContext): string {
    const url = (this.baseUrl ?? CONTOURS[context.settings.contour]).replace(/\/+$/, '');
    return URL.canParse(url) && new URL(url).pathname === '/' ? `${url}/v1` : url;
  }
}

/** What a refusal says; nothing where its body cannot be read, as a proxy's. */
function readRefusal(reply: HttpReply): ApishipRefusalReply {
  try {
    return reply.json((value) => getParser(ApishipRefusalReply).parse(value));
  } catch {
    return {};
  }
}

/** Whether a call was refused for its token; a 403 has many other reasons. */
function isTokenRefused(error: unknown): boolean {
  return error instanceof ApishipRefusal && (error.status === 401 || isRefusedAs(error, 'tokenExpired'));
}
