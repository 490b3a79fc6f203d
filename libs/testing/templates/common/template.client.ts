import { Type } from 'class-transformer';
import { IsObject, IsOptional, IsString, ValidateNested } from 'class-validator';
import { type DtoClass, getParser } from '#platform';
import { HttpClient, type HttpRequest, ProviderError } from '#provider-kit';
import type { TemplateContext } from './template.settings.js';

/** A call of the service's API. With an `effect` it is sent once, and a lost reply is `unknown_outcome`. */
export interface TemplateCall extends Pick<HttpRequest, 'method' | 'query' | 'json' | 'headers' | 'effect'> {
  /** Begins with a slash; what is put into it is encoded. */
  path: string;
}

class WireReason {
  @IsString() code!: string;
  @IsString() message!: string;
  @IsOptional() @IsObject() fields?: Record<string, string>;
}

class WireError {
  @ValidateNested() @Type(() => WireReason) error!: WireReason;
}

/** The service refused: its code, its words, and what is wrong by its own names of fields. */
export class TemplateRefusal extends ProviderError {
  constructor(
    readonly code: string,
    message: string,
    fields: Record<string, string> = {},
  ) {
    super('rejected', message, { fields });
  }
}

/** The service's API over HTTP; no other file calls it. */
export class TemplateClient {
  private readonly http = new HttpClient({ name: 'Template Service' });

  /** Makes a call and reads its reply as `target`. Throws ProviderError, with a `code` if it is refused. */
  async read<T extends object>(target: DtoClass<T>, { path, headers, ...call }: TemplateCall, context: TemplateContext): Promise<T> {
    const { baseUrl, token } = context.settings;
    const reply = await this.http.send({
      ...call,
      url: `${baseUrl.replace(/\/+$/, '')}${path}`,
      headers: { ...headers, authorization: `Bearer ${token}` },
      reach: context.reach,
      signal: context.signal,
    });
    if (reply.ok) return reply.json((value) => getParser(target).parse(value));
    const { code, message, fields } = reply.json((value) => getParser(WireError).parse(value)).error;
    throw new TemplateRefusal(code, `Template Service: ${message}`, fields);
  }
}
