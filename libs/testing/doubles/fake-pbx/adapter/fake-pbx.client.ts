import { createHash, createHmac } from 'node:crypto';
import { getParser } from '#platform';
import { HttpClient, type HttpStream, type ByteRange, ProviderError } from '#provider-kit';
import type { FakePbxContext } from './fake-pbx.settings.js';
import { RefusalAnswer } from './fake-pbx.wire.js';

/** Returns what signs calls of the API and webhooks: base64 of the hex HMAC-SHA1. */
export function sign(secret: string, text: string): string {
  return Buffer.from(createHmac('sha1', secret).update(text).digest('hex')).toString('base64');
}

/** A question to the API; values are digits, words and times. */
export interface FakePbxQuestion<Answer extends object> {
  /** Ends with a slash. */
  path: string;
  query: Readonly<Record<string, string>>;
  /** Whether it makes something happen. */
  effect: boolean;
  answer: new () => Answer;
}

/** The PBX's API. Throws ProviderError. */
export class FakePbxClient {
  private readonly http = new HttpClient({ name: 'Fake PBX' });

  /** Asks the API; an answer that refuses is `rejected`. */
  async ask<Answer extends object>(
    { path, query, effect, answer }: FakePbxQuestion<Answer>,
    { settings: { baseUrl = '', key, secret }, reach, signal }: FakePbxContext,
  ): Promise<Answer> {
    // In the order of their names, as they are signed.
    const pairs = Object.entries({ ...query, format: 'json' }).sort(([left], [right]) => (left < right ? -1 : 1));
    const text = new URLSearchParams(pairs).toString();
    const signature = sign(secret, `${path}${text}${createHash('md5').update(text).digest('hex')}`);
    const headers = { authorization: `${key}:${signature}` };
    const reply = await this.http.send({ method: 'GET', effect, url: `${baseUrl}${path}?${text}`, headers, reach, signal });
    const { status, message = 'no reason' } = reply.json((value) => getParser(RefusalAnswer).parse(value));
    if (status !== 'success') throw new ProviderError('rejected', `Fake PBX: ${message}`);
    return reply.json((value) => getParser(answer).parse(value));
  }

  /** Opens a file at an address that the API told; of another host none is opened. */
  async open(link: string, range: ByteRange | undefined, { settings, reach }: FakePbxContext, signal?: AbortSignal): Promise<HttpStream> {
    if (!URL.canParse(link) || new URL(link).origin !== new URL(settings.baseUrl ?? '').origin)
      throw new ProviderError('unavailable', 'Fake PBX names a recording that is somewhere else');
    return this.http.stream({ method: 'GET', effect: false, url: link, reach, ...(signal && { signal }) }, range ? { range } : {});
  }
}
