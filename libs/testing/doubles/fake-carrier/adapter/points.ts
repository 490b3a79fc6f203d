import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsNumber, IsOptional, IsString, ValidateNested } from 'class-validator';
import type { PickupPoint, PointQuery } from '#delivery/port';
import type { FakeCarrierClient } from './fake-carrier.client.js';
import { explainRefusal } from './fake-carrier.errors.js';
import type { FakeCarrierContext } from './fake-carrier.settings.js';
import { dropUndefined } from './parcels.js';

/** A point where parcels are handed out and taken in. */
export class WirePoint {
  @IsString() code!: string;
  @IsString() name!: string;
  @IsString() address!: string;
  @IsOptional() @IsString() hours?: string;
  @IsOptional() @IsString() phone?: string;
  @IsNumber() lat!: number;
  @IsNumber() lon!: number;
}

/** `GET /v1/points` */
class WirePoints {
  @IsArray() @ArrayMaxSize(10_000) @ValidateNested({ each: true }) @Type(() => WirePoint) points!: WirePoint[];
}

/** Lists the points of a city or country that take parcels in. */
export async function listPickupPoints(
  client: FakeCarrierClient,
  { countryIso, city }: PointQuery,
  context: FakeCarrierContext,
): Promise<PickupPoint[]> {
  const query = { ...(countryIso && { country: countryIso }), ...(city && { city }) };
  const asked = client.read(WirePoints, { method: 'GET', path: '/v1/points', query, effect: false }, context);
  return (await explainRefusal(asked)).points.map(toPickupPoint);
}

/** A point as the CRM shows it. */
export function toPickupPoint(point: WirePoint): PickupPoint {
  return dropUndefined({
    code: point.code,
    name: point.name,
    address: point.address,
    schedule: point.hours,
    phone: point.phone,
    coordinates: { latitude: point.lat, longitude: point.lon },
  });
}
