import type { Readable } from 'node:stream';
import { Type } from 'class-transformer';
import { IsArray, IsString, ValidateNested } from 'class-validator';
import { getParser, type DtoClass } from '#platform';
import { HttpClient, type HttpReply, type HttpRequest, type HttpStream, ProviderError } from '#provider-kit';
import type { FakeMessengerContext } from './fake-messenger.settings.js';

class WireError {
  @IsString() code!: string;
  @IsString() message!: string;
}

class WireBot {
  @IsString() id!: string;
  @IsString() name!: string;
}

/** Reply of `GET /bots`. */
export class WireBots {
  @IsArray() @ValidateNested({ each: true }) @Type(() => WireBot) bots!: WireBot[];
}

/** Reply of `POST /files`. */
export class WireFile {
  @IsString() id!: string;
}

/** Reply of `POST /bots/{bot}/messages`: the ids of its parts. */
export class WireSent {
  @IsArray() @IsString({ each: true }) messages!: string[];
  @IsString() chat!: string;
}

/** A refusal of the messenger's: its own code and words. */
export class MessengerRefusal extends ProviderError {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super('rejected', message);
  }
}

/** A call of the messenger's API. */
export interface MessengerCall extends Pick<HttpRequest, 'method' | 'query' | 'json' | 'body' | 'contentLength' | 'headers'> {
  /** Begins with a slash; what is put into it is encoded. */
  path: string;
  /** Whether the call changes something: then it is sent once, and a lost reply is `unknown_outcome`. */
  effect: boolean;
}

/** The messenger's API over HTTP. Throws ProviderError, and MessengerRefusal for a refusal. */
export class FakeMessengerClient {
  private readonly http = new HttpClient({ name: 'Fake Messenger' });

  /** Makes a call and reads its reply as `target`. */
  async read<T extends object>(target: DtoClass<T>, call: MessengerCall, context: FakeMessengerContext): Promise<T> {
    return (await this.send(call, context)).json((value) => getParser(target).parse(value));
  }

  /** Makes a call; the reply is 2xx. */
  async send(call: MessengerCall, context: FakeMessengerContext): Promise<HttpReply> {
    const reply = await this.http.send(this.toRequest(call, context));
    if (reply.ok) return reply;
    const { code, message } = reply.json((value) => getParser(WireError).parse(value));
    throw new MessengerRefusal(reply.status, code, message);
  }

  /** Opens a file of the messenger. */
  async open(id: string, context: FakeMessengerContext): Promise<HttpStream & { body: Readable }> {
    const path = `/files/${encodeURIComponent(id)}`;
    const reply = await this.http.stream(this.toRequest({ method: 'GET', path, effect: false }, context));
    if (reply.status >= 400) throw new MessengerRefusal(reply.status, 'no_file', 'The file is not there any more');
    return reply;
  }

  private toRequest({ path, headers, ...call }: MessengerCall, { settings, reach, signal }: FakeMessengerContext): HttpRequest {
    const url = `${settings.baseUrl.replace(/\/+$/, '')}${path}`;
    return { ...call, url, headers: { ...headers, 'x-api-key': settings.apiKey }, reach, signal };
  }
}
