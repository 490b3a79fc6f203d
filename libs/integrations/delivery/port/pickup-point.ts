import { cutText } from '#provider-kit';
import type { PickupPoint } from './replies.js';

/** A point as an adapter keeps it. Decimal degrees. */
export interface KnownPoint {
  name: string;
  address: string;
  note?: string;
  schedule?: string;
  phone?: string;
  latitude?: number;
  longitude?: number;
}

/** A point as the CRM shows it, under the code that it is chosen by. */
export function toPickupPoint(code: string, point: KnownPoint): PickupPoint {
  return {
    code,
    name: cutText(point.name, 250),
    address: point.address,
    ...(point.note && { description: cutText(point.note, 500) }),
    ...(point.schedule && { schedule: point.schedule }),
    ...(point.phone && { phone: point.phone }),
    ...(point.latitude !== undefined &&
      point.longitude !== undefined && { coordinates: { latitude: point.latitude, longitude: point.longitude } }),
  };
}
