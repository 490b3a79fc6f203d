import { getParser, type DtoClass } from '#platform';
import { HttpClient, type HttpReply, type HttpRequest } from '#provider-kit';
import { CarrierError, WireError } from './fake-carrier.errors.js';
import type { FakeCarrierContext } from './fake-carrier.settings.js';

/** A call of the carrier's API. */
export interface CarrierCall extends Pick<HttpRequest, 'method' | 'query' | 'json' | 'headers'> {
  /** Begins with a slash; what is put into it is encoded. */
  path: string;
  /** Whether the call changes something: then it is sent once, and a lost reply is `unknown_outcome`. */
  effect: boolean;
}

/**
 * The carrier's API over HTTP; no other file calls it. Throws ProviderError, and CarrierError for a refusal.
 */
export class FakeCarrierClient {
  private readonly http = new HttpClient({ name: 'Fake Carrier' });

  /** Makes a call and reads its reply as `target`. */
  async read<T extends object>(target: DtoClass<T>, call: CarrierCall, context: FakeCarrierContext): Promise<T> {
    return (await this.send(call, context)).json((value) => getParser(target).parse(value));
  }

  /** Makes a call; the reply is 2xx. */
  async send({ path, headers, ...call }: CarrierCall, context: FakeCarrierContext): Promise<HttpReply> {
    const { baseUrl, apiKey } = context.settings;
    const reply = await this.http.send({
      ...call,
      url: `${baseUrl.replace(/\/+$/, '')}${path}`,
      headers: { ...headers, 'x-api-key': apiKey },
      reach: context.reach,
      signal: context.signal,
    });
    if (reply.ok) return reply;
    const { code, message, fields = {} } = reply.json((value) => getParser(WireError).parse(value)).error;
    throw new CarrierError(reply.status, code, message, fields);
  }
}
