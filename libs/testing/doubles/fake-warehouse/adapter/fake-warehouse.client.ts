import { getParser, type DtoClass, hmacSha256Hex } from '#platform';
import { HttpClient, type HttpReply } from '#provider-kit';
import { explain, WarehouseError, WireError } from './fake-warehouse.errors.js';
import type { FakeWarehouseContext } from './fake-warehouse.settings.js';

/** A call of the warehouse's API. */
export interface WarehouseCall {
  method: 'GET' | 'PUT';
  /** Begins with a slash; what is put into it is encoded. */
  path: string;
  query?: Readonly<Record<string, string>>;
  json?: object;
}

/** The warehouse's API over HTTP; no other file calls it. */
export class FakeWarehouseClient {
  private readonly http = new HttpClient({ name: 'Fake Warehouse' });

  /** Makes a call and reads its reply as `target`. Throws ProviderError, and WarehouseError for a refusal. */
  async read<T extends object>(target: DtoClass<T>, call: WarehouseCall, context: FakeWarehouseContext): Promise<T> {
    const reply = await this.send(call, context);
    if (reply.ok) return reply.json((value) => getParser(target).parse(value));
    const { code, message, fields = {} } = reply.json((value) => getParser(WireError).parse(value)).error;
    throw new WarehouseError(code, message, fields);
  }

  /** As `read`; a refusal is a ProviderError too. */
  async ask<T extends object>(target: DtoClass<T>, call: WarehouseCall, context: FakeWarehouseContext): Promise<T> {
    try {
      return await this.read(target, call, context);
    } catch (error) {
      throw explain(error);
    }
  }

  private send({ method, path, query = {}, json }: WarehouseCall, context: FakeWarehouseContext): Promise<HttpReply> {
    const { settings, now, reach, signal } = context;
    const search = new URLSearchParams(query).toString();
    const url = search === '' ? path : `${path}?${search}`;
    const timestamp = String(Math.floor(now.getTime() / 1_000));
    const body = json === undefined ? '' : JSON.stringify(json);
    const signature = hmacSha256Hex(settings.secret, `${method}\n${url}\n${timestamp}\n${body}`);
    return this.http.send({
      ...{ method, reach, signal, url: `${settings.baseUrl.replace(/\/+$/, '')}${url}`, effect: method !== 'GET' },
      headers: {
        'x-warehouse-timestamp': timestamp,
        'x-warehouse-signature': signature,
        ...(json && { 'content-type': 'application/json' }),
      },
      ...(json && { body: Buffer.from(body) }),
    });
  }
}
