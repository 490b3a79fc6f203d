import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsInt, IsISO8601, IsNumber, IsObject, IsOptional, IsString, ValidateNested } from 'class-validator';
import { parserOf, type DtoClass } from '#platform';
import { HttpClient, ProviderError, type HttpReply, type HttpRequest, type ProviderContext } from '#provider-kit';
import type { FakeCarrierSettings } from './fake-carrier.settings.js';

/** An address on the carrier's wire. */
export interface WireAddress {
  country?: string;
  region?: string;
  city?: string;
  postcode?: string;
  street?: string;
  point?: string;
  notes?: string;
}

/** A parcel on the carrier's wire: grams and millimetres. */
export interface WireParcel {
  grams: number;
  size?: number[];
  contents?: string;
}

/** A question for prices. */
export interface WireQuoteRequest {
  from?: WireAddress;
  to: WireAddress;
  parcels: WireParcel[];
  currency?: string;
  fragile?: boolean;
}

/** An order to be created or changed; amounts in minor units. */
export interface WireOrderRequest {
  reference: string;
  service: string;
  currency: string;
  recipient: { name?: string; phone?: string; email?: string };
  to: WireAddress;
  from?: WireAddress;
  parcels: WireParcel[];
  collect?: number;
  insured?: number;
  fragile?: boolean;
  comment?: string;
  notifyUrl: string;
}

/** A shipment to be created or changed. */
export interface WireShipmentRequest {
  reference: string;
  orders: string[];
  date?: string;
  window?: { from?: string; to?: string };
  address?: WireAddress;
  contact?: { name?: string; phone?: string };
  comment?: string;
  loaders?: number;
  /** Code of a dock. */
  dock?: string;
}

/** The classes below are the replies, as far as the adapter relies on them. */
export class WirePoint {
  @IsString() code!: string;
  @IsString() name!: string;
  @IsString() address!: string;
  @IsOptional() @IsString() hours?: string;
  @IsOptional() @IsString() phone?: string;
  @IsNumber() lat!: number;
  @IsNumber() lon!: number;
}

export class WireDays {
  @IsInt() min!: number;
  @IsInt() max!: number;
}

export class WireService {
  @IsString() code!: string;
  @IsString() name!: string;
  @IsIn(['door', 'point']) kind!: 'door' | 'point';
}

export class WireQuote {
  @IsString() service!: string;
  @IsString() name!: string;
  @IsIn(['door', 'point']) kind!: 'door' | 'point';
  /** Minor units. */
  @IsInt() price!: number;
  @IsString() currency!: string;
  @ValidateNested() @Type(() => WireDays) days!: WireDays;
  @IsOptional() @IsArray() @ArrayMaxSize(1_000) @ValidateNested({ each: true }) @Type(() => WirePoint) points?: WirePoint[];
}

export class WireOrder {
  @IsString() id!: string;
  @IsString() reference!: string;
  @IsString() state!: string;
  @IsOptional() @IsString() trackNumber?: string;
  /** `YYYY-MM-DD`. */
  @IsOptional() @IsString() expectedOn?: string;
  /** Minor units. */
  @IsInt() price!: number;
  @IsString() currency!: string;
}

export class WireShipment {
  @IsString() id!: string;
  @IsString() state!: string;
}

export class WireEvent {
  @IsString() id!: string;
  @IsString() order!: string;
  @IsString() state!: string;
  @IsISO8601() at!: string;
  @IsOptional() @IsString() comment?: string;
  @IsOptional() @IsString() trackNumber?: string;
}

/** A list of events, from the feed and from a webhook. */
export class WireEvents {
  @IsArray() @ArrayMaxSize(10_000) @ValidateNested({ each: true }) @Type(() => WireEvent) events!: WireEvent[];
}

class WireQuotes {
  @IsArray() @ArrayMaxSize(100) @ValidateNested({ each: true }) @Type(() => WireQuote) quotes!: WireQuote[];
}

class WireServices {
  @IsArray() @ArrayMaxSize(100) @ValidateNested({ each: true }) @Type(() => WireService) services!: WireService[];
}

export class WireDock {
  @IsString() code!: string;
  @IsString() name!: string;
}

class WireDocks {
  @IsArray() @ArrayMaxSize(1_000) @ValidateNested({ each: true }) @Type(() => WireDock) docks!: WireDock[];
}

class WirePoints {
  @IsArray() @ArrayMaxSize(10_000) @ValidateNested({ each: true }) @Type(() => WirePoint) points!: WirePoint[];
}

class WireOrders {
  @IsArray() @ArrayMaxSize(100) @ValidateNested({ each: true }) @Type(() => WireOrder) orders!: WireOrder[];
}

class WireShipments {
  @IsArray() @ArrayMaxSize(100) @ValidateNested({ each: true }) @Type(() => WireShipment) shipments!: WireShipment[];
}

class WireErrorBody {
  @IsString() code!: string;
  @IsString() message!: string;
  @IsOptional() @IsObject() fields?: Record<string, string>;
}

class WireError {
  @ValidateNested() @Type(() => WireErrorBody) error!: WireErrorBody;
}

/** The carrier refused: its own code and words. Becomes a ProviderError in the mapper. */
export class CarrierError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly fields: Readonly<Record<string, string>>,
  ) {
    super(message);
  }
}

type Context = ProviderContext<FakeCarrierSettings>;
type Call = Pick<HttpRequest, 'method' | 'query' | 'json' | 'headers'> & { path: string; effect: boolean };

/** The carrier's API over HTTP. Throws ProviderError, and CarrierError for a refusal that the caller is to explain. */
export class FakeCarrierClient {
  private readonly http = new HttpClient({ name: 'Fake Carrier' });

  async quotes(request: WireQuoteRequest, context: Context): Promise<WireQuote[]> {
    return (await this.json(WireQuotes, { method: 'POST', path: '/v1/quotes', json: request, effect: false }, context)).quotes;
  }

  async services(context: Context): Promise<WireService[]> {
    return (await this.json(WireServices, { method: 'GET', path: '/v1/services', effect: false }, context)).services;
  }

  async points(query: { country?: string; city?: string }, context: Context): Promise<WirePoint[]> {
    return (await this.json(WirePoints, { method: 'GET', path: '/v1/points', query, effect: false }, context)).points;
  }

  /** Docks whose name contains the term. */
  async docks(term: string, context: Context): Promise<WireDock[]> {
    return (await this.json(WireDocks, { method: 'GET', path: '/v1/docks', query: { term }, effect: false }, context)).docks;
  }

  createOrder(request: WireOrderRequest, context: Context): Promise<WireOrder> {
    return this.json(WireOrder, { method: 'POST', path: '/v1/orders', json: request, effect: true }, context);
  }

  changeOrder(id: string, request: WireOrderRequest, context: Context): Promise<WireOrder> {
    return this.json(WireOrder, { method: 'PUT', path: `/v1/orders/${encodeURIComponent(id)}`, json: request, effect: true }, context);
  }

  cancelOrder(id: string, context: Context): Promise<WireOrder> {
    return this.json(WireOrder, { method: 'POST', path: `/v1/orders/${encodeURIComponent(id)}/cancel`, effect: true }, context);
  }

  order(id: string, context: Context): Promise<WireOrder> {
    return this.json(WireOrder, { method: 'GET', path: `/v1/orders/${encodeURIComponent(id)}`, effect: false }, context);
  }

  /** The oldest first. */
  async ordersWith(reference: string, context: Context): Promise<WireOrder[]> {
    return (await this.json(WireOrders, { method: 'GET', path: '/v1/orders', query: { reference }, effect: false }, context)).orders;
  }

  createShipment(request: WireShipmentRequest, context: Context): Promise<WireShipment> {
    return this.json(WireShipment, { method: 'POST', path: '/v1/shipments', json: request, effect: true }, context);
  }

  changeShipment(id: string, request: WireShipmentRequest, context: Context): Promise<WireShipment> {
    return this.json(
      WireShipment,
      { method: 'PUT', path: `/v1/shipments/${encodeURIComponent(id)}`, json: request, effect: true },
      context,
    );
  }

  cancelShipment(id: string, context: Context): Promise<WireShipment> {
    return this.json(WireShipment, { method: 'POST', path: `/v1/shipments/${encodeURIComponent(id)}/cancel`, effect: true }, context);
  }

  async shipmentsWith(reference: string, context: Context): Promise<WireShipment[]> {
    return (await this.json(WireShipments, { method: 'GET', path: '/v1/shipments', query: { reference }, effect: false }, context))
      .shipments;
  }

  /** PDF bytes, a page for each id in the order given. */
  async document(form: 'label' | 'act', ids: string[], context: Context): Promise<Uint8Array> {
    const call: Call = {
      method: 'POST',
      path: '/v1/documents',
      json: { form, ids },
      headers: { accept: 'application/pdf' },
      effect: false,
    };
    const { bytes } = await this.send(call, context);
    if (bytes.subarray(0, 5).toString('latin1') !== '%PDF-')
      throw new ProviderError('unavailable', 'Fake Carrier gave a form that is not a PDF');
    return bytes;
  }

  /** Events of up to 50 orders, in any order. */
  async events(orders: string[], context: Context): Promise<WireEvent[]> {
    return (await this.json(WireEvents, { method: 'GET', path: '/v1/events', query: { orders: orders.join(',') }, effect: false }, context))
      .events;
  }

  private async json<T extends object>(target: DtoClass<T>, call: Call, context: Context): Promise<T> {
    return (await this.send(call, context)).json((value) => parserOf(target).parse(value));
  }

  private async send({ path, headers, ...call }: Call, context: Context): Promise<HttpReply> {
    const { baseUrl, apiKey } = context.settings;
    const reply = await this.http.send({
      ...call,
      url: `${baseUrl.replace(/\/+$/, '')}${path}`,
      headers: { ...headers, 'x-api-key': apiKey },
      reach: context.reach,
      signal: context.signal,
    });
    if (reply.ok) return reply;
    const { code, message, fields = {} } = reply.json((value) => parserOf(WireError).parse(value)).error;
    throw new CarrierError(reply.status, code, message, fields);
  }
}
