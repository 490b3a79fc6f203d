import { createHash, createHmac } from 'node:crypto';
import { IsOptional, IsString } from 'class-validator';
import { getParser } from '#platform';
import { HttpClient, ProviderError } from '#provider-kit';
import type { FakePbxContext } from './fake-pbx.settings.js';

/** An answer, good or bad. */
class WireAnswer {
  @IsString() status!: string;
  @IsOptional() @IsString() message?: string;
  @IsOptional() @IsString() pbx_call_id?: string;
}

/** Returns what signs calls of the API and webhooks: base64 of the hex HMAC-SHA1. */
export function sign(secret: string, text: string): string {
  return Buffer.from(createHmac('sha1', secret).update(text).digest('hex')).toString('base64');
}

/** The PBX's API. Throws ProviderError. */
export class FakePbxClient {
  private readonly http = new HttpClient({ name: 'Fake PBX' });

  /** Makes the extension's phone ring, then calls the number (digits). Returns what it answered. */
  async callBack(extension: string, number: string, context: FakePbxContext): Promise<{ pbx_call_id?: string }> {
    const { baseUrl = '', key, secret } = context.settings;
    const path = '/v1/request/callback/';
    // In the order of their names, as they are signed; none of them needs to be encoded.
    const query = `format=json&from=${extension}&sip=${extension}&to=${number}`;
    const signature = sign(secret, `${path}${query}${createHash('md5').update(query).digest('hex')}`);
    const reply = await this.http.send({
      ...{ method: 'GET', effect: true, url: `${baseUrl}${path}?${query}`, headers: { authorization: `${key}:${signature}` } },
      ...{ reach: context.reach, signal: context.signal },
    });
    const { status, message = 'no reason', ...answer } = reply.json((value) => getParser(WireAnswer).parse(value));
    if (status !== 'success') throw new ProviderError('rejected', `Fake PBX: ${message}`);
    return answer;
  }
}
