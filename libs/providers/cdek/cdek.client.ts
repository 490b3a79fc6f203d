import { IsInt, IsString } from 'class-validator';
import { type DtoClass, getParser, sha256Hex } from '#platform';
import { HttpClient, type HttpReply, type HttpRequest, ProviderError } from '#provider-kit';
import { CdekRefusal, isInternal, isTokenExpired } from './cdek.errors.js';
import { CdekRefusalReply } from './cdek.requests.js';
import type { CdekContext, CdekSettings } from './cdek.settings.js';
import { makeError, refuseLate, texts } from './cdek.texts.js';

/** Parameters of a question. */
export type CdekQuery = Readonly<Record<string, string>>;

/** A call of the API. */
export interface CdekCall extends Pick<HttpRequest, 'method' | 'query' | 'json'> {
  /** Begins with a slash; what is put into it is encoded. */
  path: string;
  /**
   * Whether the call changes something at CDEK: then it is sent once, and a lost reply is `unknown_outcome`.
   */
  effect: boolean;
  /** The content type wanted; JSON when left out. */
  accept?: string;
}

const CONTOURS: Readonly<Record<CdekSettings['contour'], string>> = {
  production: 'https://api.cdek.ru/v2',
  test: 'https://api.edu.cdek.ru/v2',
};

/** CDEK's tokens live for an hour; one about to expire (`marginMs`) is not used. */
const TOKEN = { ttlSeconds: 3_540, marginMs: 60_000 };

/** `POST /oauth/token` */
class CdekTokenReply {
  @IsString() access_token!: string;
  /** Seconds. */
  @IsInt() expires_in!: number;
}

interface Token {
  text: string;
  /** Milliseconds since 1970. */
  until: number;
}

/**
 * The only client of CDEK's API v2. Tokens are shared encrypted and renewed before expiry; a call whose token
 * is refused is repeated once. Throws ProviderError, or CdekRefusal for a refusal that the caller explains.
 */
export class CdekClient {
  // A city's list of points may be long.
  private readonly http = new HttpClient({
    name: 'CDEK',
    headersTimeoutMs: 15_000,
    totalTimeoutMs: 30_000,
    maxReplyBytes: 64 * 1024 * 1024,
  });
  /** Renewals that are running, by connection: many calls refused at once ask for one token. */
  private readonly renewals = new Map<string, Promise<Token>>();

  /** `baseUrl` replaces both of CDEK's contours (a double's address); without a path, `/v2` is added. */
  constructor(private readonly baseUrl?: string) {}

  /**
   * A short hash of the connection's CDEK address; cache keys begin with it to keep test and production
   * apart.
   */
  identifyContour(context: CdekContext): string {
    return sha256Hex(this.buildUrl(context)).slice(0, 8);
  }

  /** A short hash of the connection's CDEK address and credentials. */
  identifyAccount(context: CdekContext): string {
    const { clientId, clientSecret } = context.settings;
    return sha256Hex(`${this.buildUrl(context)} ${clientId} ${clientSecret}`).slice(0, 16);
  }

  /** Gets a new token, whatever is stored. Throws ProviderError: `auth` when the credentials are refused. */
  async signIn(context: CdekContext): Promise<void> {
    refuseLate(context);
    await context.cache.forget(this.buildTokenKey(context));
    await this.readToken(context);
  }

  /** Makes a call and reads its reply as `target`. */
  async read<T extends object>(target: DtoClass<T>, call: CdekCall, context: CdekContext): Promise<T> {
    return (await this.send(call, context)).json((value) => getParser(target).parse(value));
  }

  /** Makes a call and reads a list; CDEK wraps some into `entity`, and answers `{}` for an empty one. */
  async readList<T extends { list: unknown[] }>(target: DtoClass<T>, call: CdekCall, context: CdekContext): Promise<T> {
    return (await this.send(call, context)).json((value) => {
      const inner = Array.isArray(value) ? value : ((value as { entity?: unknown } | null)?.entity ?? []);
      return getParser(target).parse({ list: inner });
    });
  }

  /** Makes a call; the reply is 2xx. */
  async send(call: CdekCall, context: CdekContext): Promise<HttpReply> {
    const token = await this.getToken(context);
    try {
      return await this.attempt(call, token, context);
    } catch (error) {
      // Refused for its token: nothing was done for sure, so even a call with an effect may be made again.
      if (!isTokenExpired(error) && !isAuth(error)) throw error;
      try {
        return await this.attempt(call, await this.renewToken(token, context), context);
      } catch (second) {
        throw isTokenExpired(second) ? makeError('auth', texts.credentials, context, {}, second) : second;
      }
    }
  }

  private async attempt(call: CdekCall, token: Token, context: CdekContext): Promise<HttpReply> {
    const { path, accept, ...rest } = call;
    const reply = await this.http.send({
      ...rest,
      url: `${this.buildUrl(context)}${path}`,
      headers: { authorization: `Bearer ${token.text}`, ...(accept === undefined ? {} : { accept }) },
      reach: 'anywhere',
      signal: context.signal,
    });
    if (reply.ok) return reply;
    const { errors = [], requests = [] } = reply.json((value) => getParser(CdekRefusalReply).parse(value));
    const refusal = new CdekRefusal([...errors, ...requests.flatMap((request) => request.errors ?? [])]);
    if (isInternal(refusal)) {
      throw makeError(call.effect ? 'unknown_outcome' : 'unavailable', texts.internal, context, {}, refusal);
    }
    throw refusal;
  }

  private async getToken(context: CdekContext): Promise<Token> {
    const token = await this.readToken(context);
    return token.until > context.now.getTime() + TOKEN.marginMs ? token : this.renewToken(token, context);
  }

  /** A token other than the one that was refused or is about to expire; one renewal at a time. */
  private renewToken(refused: Token, context: CdekContext): Promise<Token> {
    const key = `${context.connectionId} ${this.buildTokenKey(context)}`;
    let running = this.renewals.get(key);
    if (running === undefined) {
      running = this.replaceToken(refused, context).finally(() => this.renewals.delete(key));
      this.renewals.set(key, running);
    }
    return running;
  }

  private async replaceToken(refused: Token, context: CdekContext): Promise<Token> {
    const present = await this.readToken(context);
    // Another process has renewed it meanwhile.
    if (present.text !== refused.text) return present;
    await context.cache.forget(this.buildTokenKey(context));
    return this.readToken(context);
  }

  private readToken(context: CdekContext): Promise<Token> {
    const options = { ttlSeconds: TOKEN.ttlSeconds, secret: true };
    return context.cache.fetch(this.buildTokenKey(context), options, () => this.requestToken(context));
  }

  private async requestToken(context: CdekContext): Promise<Token> {
    const { clientId, clientSecret } = context.settings;
    const reply = await this.http.send({
      method: 'POST',
      url: `${this.buildUrl(context)}/oauth/token`,
      form: { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret },
      // Asking twice makes two tokens, which does no harm.
      effect: false,
      reach: 'anywhere',
      signal: context.signal,
    });
    if (!reply.ok) throw makeError('auth', texts.credentials, context);
    const { access_token, expires_in } = reply.json((value) => getParser(CdekTokenReply).parse(value));
    return { text: access_token, until: context.now.getTime() + expires_in * 1_000 };
  }

  /** Other credentials or another contour have a token of their own. */
  private buildTokenKey(context: CdekContext): string {
    return `token:${this.identifyAccount(context)}`;
  }

  private buildUrl(context: CdekContext): string {
    const url = (this.baseUrl ?? CONTOURS[context.settings.contour]).replace(/\/+$/, '');
    return URL.canParse(url) && new URL(url).pathname === '/' ? `${url}/v2` : url;
  }
}

function isAuth(error: unknown): boolean {
  return error instanceof ProviderError && error.kind === 'auth';
}
