import { Type } from 'class-transformer';
import { IsString, ValidateNested } from 'class-validator';
import { type DtoClass, getParser } from '#platform';
import { HttpClient, type HttpRequest, ProviderError } from '#provider-kit';
import type { FakeGatewayContext } from './fake-gateway.settings.js';

/** A call of the gateway's API. With an `effect` it is sent once, and a lost reply is `unknown_outcome`. */
export interface GatewayCall extends Pick<HttpRequest, 'method' | 'json' | 'effect'> {
  /** Begins with a slash; what is put into it is encoded. */
  path: string;
  /** A repeat with the same is not done again. */
  key?: string;
}

class WireReason {
  @IsString() code!: string;
  @IsString() message!: string;
}

class WireError {
  @ValidateNested() @Type(() => WireReason) error!: WireReason;
}

/** The gateway refused, in its own code and words. Nothing was done. */
export class GatewayRefusal extends ProviderError {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super('rejected', message);
  }
}

/** The gateway's API over HTTP; no other file calls it. */
export class FakeGatewayClient {
  private readonly http = new HttpClient({ name: 'Fake Gateway' });

  /** Makes a call and reads its reply as `target`. Throws ProviderError, and GatewayRefusal for a refusal. */
  async read<T extends object>(target: DtoClass<T>, { path, key, ...call }: GatewayCall, context: FakeGatewayContext): Promise<T> {
    const { baseUrl, token } = context.settings;
    const reply = await this.http.send({
      ...call,
      url: `${baseUrl.replace(/\/+$/, '')}${path}`,
      headers: { authorization: `Bearer ${token}`, ...(key !== undefined && { 'idempotency-key': key }) },
      reach: context.reach,
      signal: context.signal,
    });
    if (reply.ok) return reply.json((value) => getParser(target).parse(value));
    const { code, message } = reply.json((value) => getParser(WireError).parse(value)).error;
    throw new GatewayRefusal(code, `Fake Gateway: ${message}`);
  }
}
