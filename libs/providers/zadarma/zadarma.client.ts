import { IsIn, IsOptional, IsString } from 'class-validator';
import { type DtoClass, getParser, textFor } from '#platform';
import { type ByteRange, cleanText, HttpClient, type HttpReply, type HttpStream, ProviderError, quoteRefusal } from '#provider-kit';
import { type Limit, pauseCalls, takeCall } from './zadarma.limits.js';
import type { ZadarmaContext } from './zadarma.settings.js';
import { signCall, writeParameters } from './zadarma.signature.js';
import { texts } from './zadarma.texts.js';

const URL_OF_API = 'https://api.zadarma.com';
/** Hosts of Zadarma's, where recordings are downloaded. */
const OWN_HOSTS = /(^|\.)zadarma\.com$/;

/** What every answer has; a refusal may come with any HTTP status. */
class WireOutcome {
  @IsIn(['success', 'error']) status!: 'success' | 'error';
  @IsOptional() @IsString() message?: string;
}

/** A call of the API. */
export interface ZadarmaCall<Answer extends object> {
  method: 'GET' | 'POST' | 'DELETE';
  /** Ends with a slash: what is signed is what is asked. */
  path: string;
  parameters?: Readonly<Record<string, string>>;
  /** Whether it makes something happen, by whatever method: then it is sent once. */
  effect: boolean;
  /** Which of Zadarma's limits counts it; `others` when left out. */
  limit?: Limit;
  answer: DtoClass<Answer>;
}

/** The only client of Zadarma's API v1. Throws ProviderError. */
export class ZadarmaClient {
  /** A question for statistics that is repeated would be counted again. */
  private readonly http: Readonly<Record<Limit, HttpClient>> = {
    others: new HttpClient({ name: 'Zadarma' }),
    statistics: new HttpClient({ name: 'Zadarma', headersTimeoutMs: 20_000, readRetries: 0 }),
  };
  private readonly url: string;

  /** `baseUrl` replaces Zadarma's address (a double's). */
  constructor(baseUrl = URL_OF_API) {
    this.url = baseUrl.replace(/\/+$/, '');
  }

  /** Makes a call; one that Zadarma refuses is `rejected`, in its own words. */
  async ask<Answer extends object>(call: ZadarmaCall<Answer>, context: ZadarmaContext): Promise<Answer> {
    const { key, secret = '' } = context.settings;
    if (key === '' || secret === '') throw new ProviderError('auth', textFor(texts.noKeys, context.account.language));
    const { limit = 'others' } = call;
    await takeCall(limit, context);
    try {
      const reply = await this.send(call, key, secret, context);
      const outcome = reply.json((value) => getParser(WireOutcome).parse(value));
      if (!reply.ok || outcome.status !== 'success') throw toRefusal(outcome, context);
      return reply.json((value) => getParser(call.answer).parse(value));
    } catch (error) {
      if (!(error instanceof ProviderError) || error.kind !== 'rate_limited') throw error;
      throw await pauseCalls(limit, error.retryAfterMs, context);
    }
  }

  /**
   * Opens a recording at an address that the API told, which needs no credentials. An address that is not
   * Zadarma's is not opened.
   */
  async open(link: string, range: ByteRange | undefined, context: ZadarmaContext, signal?: AbortSignal): Promise<HttpStream> {
    this.refuseUnlessOwn(link, context);
    const request = { method: 'GET', url: link, effect: false, reach: 'anywhere', ...(signal && { signal }) } as const;
    return this.http.others.stream(request, range ? { range } : {});
  }

  /** Throws ProviderError `unavailable` for an address that is not Zadarma's. */
  refuseUnlessOwn(link: string, { account }: ZadarmaContext): void {
    const { protocol, hostname, origin } = new URL(URL.canParse(link) ? link : 'about:blank');
    const isOwn = (protocol === 'https:' && OWN_HOSTS.test(hostname)) || origin === new URL(this.url).origin;
    if (!isOwn) throw new ProviderError('unavailable', textFor(texts.foreignLink, account.language));
  }

  private send(
    { method, path, parameters, effect, limit = 'others' }: ZadarmaCall<object>,
    key: string,
    secret: string,
    { signal }: ZadarmaContext,
  ): Promise<HttpReply> {
    const text = writeParameters({ ...parameters, format: 'json' });
    const headers = { authorization: `${key}:${signCall(secret, path, text)}` };
    const url = `${this.url}${path}`;
    const request = { method, effect, reach: 'anywhere', signal } as const;
    if (method === 'GET') return this.http[limit].send({ ...request, url: `${url}?${text}`, headers });
    return this.http[limit].send({
      ...{ ...request, url, body: Buffer.from(text) },
      headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
    });
  }
}

/** Whether Zadarma said no to what was asked. */
export function isRefusal(error: unknown): error is ProviderError {
  return error instanceof ProviderError && error.kind === 'rejected';
}

/** A refusal by what Zadarma says; some come with the status of a success. */
function toRefusal({ message = '' }: WireOutcome, { settings: { key, secret = '' }, account }: ZadarmaContext): ProviderError {
  const reason = cleanText(message.replaceAll(key, '…').replaceAll(secret, '…'));
  if (/^auth error\b/i.test(reason)) return new ProviderError('auth', textFor(texts.credentialsRefused, account.language));
  if (/\brate limit\b/i.test(reason)) return new ProviderError('rate_limited', textFor(texts.tooManyCalls, account.language));
  return new ProviderError('rejected', quoteRefusal('Zadarma', [reason], textFor(texts.noReason, account.language)));
}
