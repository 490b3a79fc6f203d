import { type DtoClass, getParser, sha256Hex } from '#platform';
import { HttpClient, type HttpReply, type HttpRequest, ProviderError } from '#provider-kit';
import { MoyskladRefusal, toRefusal } from './moysklad.errors.js';
import { MoyskladPace, pause } from './moysklad.pace.js';
import type { MoyskladContext } from './moysklad.settings.js';
import { makeError, refuseLate, texts } from './moysklad.texts.js';

const URL_OF_API = 'https://api.moysklad.ru';
const PATH_OF_API = '/api/remap/1.2';

/** A call of the API. */
export interface MoyskladCall extends Pick<HttpRequest, 'method' | 'json'> {
  /** Begins with a slash; what is put into it is encoded. */
  path: string;
  query?: Readonly<Record<string, string>>;
  headers?: Readonly<Record<string, string>>;
}

/** How often a read without a reply is made again. */
const AGAIN = 2;
/** How often a call that 429 refused is made again: the time that MoySklad names is that of one call. */
const AGAIN_LATER = 5;
/** Each time so much later. */
const LATER_MS = 300;
const PAUSE_MS = 150;
/** After a 429 that names no time: of calls at once none is named. */
const CLOSED_MS = 500;

/**
 * The only client of MoySklad's JSON API 1.2. Every attempt waits for its turn among the calls of all
 * processes. A read is repeated, a write only after a 429, which did nothing.
 * @throws MoyskladRefusal, a ProviderError, for what MoySklad refused; ProviderError for all else
 */
export class MoyskladClient {
  private readonly http = new HttpClient({
    name: 'MoySklad',
    headersTimeoutMs: 20_000,
    totalTimeoutMs: 30_000,
    // The stock of everything; unpacked.
    maxReplyBytes: 64 * 1024 * 1024,
    // Repeats would not wait for their turn.
    readRetries: 0,
    explains: [401, 403, 429],
    gzip: true,
  });
  private readonly pace = new MoyskladPace();
  private readonly url: string;

  /** `baseUrl` replaces MoySklad's address (a double's); without a path, that of the API is added. */
  constructor(baseUrl = URL_OF_API) {
    const url = baseUrl.replace(/\/+$/, '');
    this.url = new URL(url).pathname === '/' ? url + PATH_OF_API : url;
  }

  /** A short hash of the address and the token. */
  identifyToken({ settings }: MoyskladContext): string {
    return sha256Hex(`${this.url} ${settings.token}`).slice(0, 16);
  }

  /** Makes a reference to an object, as requests and filters need it. */
  refer(type: string, id: string): { meta: { href: string; type: string; mediaType: string } } {
    return { meta: { href: `${this.url}/entity/${type}/${id}`, type, mediaType: 'application/json' } };
  }

  /** Makes a call and reads its reply as `target`. */
  async read<T extends object>(target: DtoClass<T>, call: MoyskladCall, context: MoyskladContext): Promise<T> {
    return (await this.send(call, context)).json((value) => getParser(target).parse(value));
  }

  /** Makes a call whose reply is a bare list, and reads it as `target.rows`. */
  async readRows<T extends { rows: unknown[] }>(target: DtoClass<T>, call: MoyskladCall, context: MoyskladContext): Promise<T> {
    return (await this.send(call, context)).json((value) => {
      if (!Array.isArray(value)) throw new Error('no list');
      return getParser(target).parse({ rows: value });
    });
  }

  /** Makes a call; the reply is 2xx. */
  async send(call: MoyskladCall, context: MoyskladContext): Promise<HttpReply> {
    if (context.settings.token === '') throw makeError('auth', texts.noToken, context);
    for (let attempt = 0; ; attempt++) {
      refuseLate(context);
      try {
        return await this.attempt(call, context, attempt);
      } catch (error) {
        if (context.signal.aborted || attempt >= countRepeats(error, call)) throw error;
        // After a 429 the turn itself is waited for.
        if (!(error instanceof MoyskladRefusal)) await pause(PAUSE_MS * 2 ** attempt, context);
      }
    }
  }

  private async attempt({ path, ...call }: MoyskladCall, context: MoyskladContext, attempt: number): Promise<HttpReply> {
    const token = this.identifyToken(context);
    const end = await this.pace.begin(token, context);
    let reply: HttpReply;
    try {
      refuseLate(context);
      reply = await this.http.send({
        ...call,
        url: this.url + path,
        headers: {
          authorization: `Bearer ${context.settings.token}`,
          // Any other value is refused.
          accept: 'application/json;charset=utf-8',
          'accept-language': context.account.language === 'ru' ? 'ru' : 'en',
          ...call.headers,
        },
        effect: hasEffect(call),
        reach: 'anywhere',
        signal: context.signal,
      });
    } finally {
      end();
    }
    if (reply.ok) return reply;
    const refusal = toRefusal(reply, hasEffect(call), context);
    if (refusal.kind === 'rate_limited') {
      const { retryAfterMs } = refusal;
      // Several calls wait for that room: each time later, so that few are refused again.
      await this.pace.close(token, retryAfterMs === undefined ? CLOSED_MS : retryAfterMs + attempt * LATER_MS, context);
    }
    throw refusal;
  }
}

function hasEffect({ method }: Pick<MoyskladCall, 'method'>): boolean {
  return method !== 'GET';
}

/** A 429 did nothing; a read that found nobody may be made again. */
function countRepeats(error: unknown, call: MoyskladCall): number {
  if (error instanceof MoyskladRefusal && error.kind === 'rate_limited') return AGAIN_LATER;
  return error instanceof ProviderError && error.kind === 'unavailable' && !hasEffect(call) ? AGAIN : 0;
}
