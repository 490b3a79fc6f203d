import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsInt, IsOptional, IsString, ValidateNested } from 'class-validator';
import type { CalculateRequest, Tariff, TariffInfo } from '#delivery/port';
import { toMoney } from '#provider-kit';
import type { FakeCarrierClient } from './fake-carrier.client.js';
import { explainRefusal } from './fake-carrier.errors.js';
import type { FakeCarrierContext } from './fake-carrier.settings.js';
import { dropUndefined, toWireAddress, toWireParcel, type WireAddress, type WireParcel } from './parcels.js';
import { toPickupPoint, WirePoint } from './points.js';

/** `POST /v1/quotes` */
interface WireQuoteRequest {
  from?: WireAddress;
  to: WireAddress;
  parcels: WireParcel[];
  currency?: string;
  fragile?: boolean;
}

class WireDays {
  @IsInt() min!: number;
  @IsInt() max!: number;
}

class WireQuote {
  @IsString() service!: string;
  @IsString() name!: string;
  @IsIn(['door', 'point']) kind!: 'door' | 'point';
  /** Minor units. */
  @IsInt() price!: number;
  @IsString() currency!: string;
  @ValidateNested() @Type(() => WireDays) days!: WireDays;
  @IsOptional() @IsArray() @ArrayMaxSize(1_000) @ValidateNested({ each: true }) @Type(() => WirePoint) points?: WirePoint[];
}

class WireQuotes {
  @IsArray() @ArrayMaxSize(100) @ValidateNested({ each: true }) @Type(() => WireQuote) quotes!: WireQuote[];
}

class WireService {
  @IsString() code!: string;
  @IsString() name!: string;
  @IsIn(['door', 'point']) kind!: 'door' | 'point';
}

/** `GET /v1/services` */
class WireServices {
  @IsArray() @ArrayMaxSize(100) @ValidateNested({ each: true }) @Type(() => WireService) services!: WireService[];
}

/** Prices for a parcel; empty where the carrier does not deliver. Throws ProviderError. */
export async function calculate(client: FakeCarrierClient, request: CalculateRequest, context: FakeCarrierContext): Promise<Tariff[]> {
  const json = toQuoteRequest(request);
  const { quotes } = await explainRefusal(client.read(WireQuotes, { method: 'POST', path: '/v1/quotes', json, effect: false }, context));
  return quotes.map(toTariff);
}

/** Lists the carrier's services, without prices. */
export async function listTariffs(client: FakeCarrierClient, context: FakeCarrierContext): Promise<TariffInfo[]> {
  const asked = client.read(WireServices, { method: 'GET', path: '/v1/services', effect: false }, context);
  return (await explainRefusal(asked)).services.map(toTariffInfo);
}

function toQuoteRequest(request: CalculateRequest): WireQuoteRequest {
  return dropUndefined({
    from: request.from && toWireAddress(request.from),
    to: toWireAddress(request.to ?? {}),
    parcels: request.parcels.map(toWireParcel),
    currency: request.currency,
    fragile: request.extraData.fragile === true || undefined,
  });
}

function toTariff(quote: WireQuote): Tariff {
  return {
    ...toTariffInfo({ code: quote.service, name: quote.name, kind: quote.kind }),
    cost: toMoney(quote.price, quote.currency),
    minTerm: quote.days.min,
    maxTerm: quote.days.max,
    ...(quote.points === undefined ? {} : { pickupPoints: quote.points.map(toPickupPoint) }),
  };
}

function toTariffInfo({ code, name, kind }: WireService): TariffInfo {
  return { code, name, type: kind === 'door' ? 'courier' : 'selfDelivery' };
}
