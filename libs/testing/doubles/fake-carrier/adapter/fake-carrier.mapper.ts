import { toMoney, ProviderError, type ProviderContext } from '#provider-kit';
import type {
  Address,
  CalculateRequest,
  Parcel,
  PickupPoint,
  SavedDelivery,
  SavedShipment,
  SaveRequest,
  ShipmentRequest,
  StatusReport,
  Tariff,
  TariffInfo,
} from '#delivery/port';
import {
  type CarrierError,
  type WireAddress,
  type WireEvent,
  type WireOrder,
  type WireOrderRequest,
  type WireParcel,
  type WirePoint,
  type WireQuote,
  type WireQuoteRequest,
  type WireService,
  type WireShipment,
  type WireShipmentRequest,
} from './fake-carrier.client.js';
import type { FakeCarrierSettings } from './fake-carrier.settings.js';
import { statusOf } from './fake-carrier.statuses.js';

type Context = ProviderContext<FakeCarrierSettings>;

/** Our words to the carrier's and back; pure. */
export function toQuoteRequest(request: CalculateRequest): WireQuoteRequest {
  return defined({
    from: request.from && toAddress(request.from),
    to: toAddress(request.to ?? {}),
    parcels: request.parcels.map(toParcel),
    currency: request.currency,
    fragile: request.extraData.fragile === true || undefined,
  });
}

/** Throws ProviderError `invalid` when the carrier could not be asked. */
export function toOrderRequest(request: SaveRequest, context: Context): WireOrderRequest {
  const currency = request.currency ?? context.account.currency;
  if (currency === undefined) throw new ProviderError('invalid', 'The order has no currency', { fields: { currency: 'is required' } });
  return defined({
    reference: request.reference,
    service: request.tariff,
    currency,
    recipient: defined({ name: request.recipient.name, phone: request.recipient.phone, email: request.recipient.email }),
    to: toAddress(request.to ?? {}),
    from: request.from && toAddress(request.from),
    parcels: request.parcels.map(toParcel),
    collect: request.collect?.total,
    insured: request.declaredValue?.minor,
    fragile: request.extraData.fragile === true || undefined,
    comment: typeof request.extraData.comment === 'string' ? request.extraData.comment : undefined,
    notifyUrl: context.webhookUrl,
  });
}

export function toShipmentRequest(request: ShipmentRequest): WireShipmentRequest {
  const { loaders, dock } = request.extraData;
  return defined({
    reference: request.reference,
    orders: request.deliveries.map(({ externalId }) => externalId),
    date: request.date,
    window: request.time && defined({ from: request.time.from, to: request.time.to }),
    address: request.address && toAddress(request.address),
    contact: defined({ name: request.manager.name, phone: request.manager.phone }),
    comment: request.comment,
    loaders: typeof loaders === 'number' ? loaders : undefined,
    dock: typeof dock === 'string' && dock !== '' ? dock : undefined,
  });
}

export function toTariff(quote: WireQuote): Tariff {
  return {
    ...toTariffInfo({ code: quote.service, name: quote.name, kind: quote.kind }),
    cost: toMoney(quote.price, quote.currency),
    minTerm: quote.days.min,
    maxTerm: quote.days.max,
    ...(quote.points === undefined ? {} : { pickupPoints: quote.points.map(toPoint) }),
  };
}

export function toTariffInfo({ code, name, kind }: WireService): TariffInfo {
  return { code, name, type: kind === 'door' ? 'courier' : 'selfDelivery' };
}

export function toPoint(point: WirePoint): PickupPoint {
  return defined({
    code: point.code,
    name: point.name,
    address: point.address,
    schedule: point.hours,
    phone: point.phone,
    coordinates: { latitude: point.lat, longitude: point.lon },
  });
}

export function toSaved(order: WireOrder): SavedDelivery {
  return defined({
    externalId: order.id,
    trackNumber: order.trackNumber,
    cost: toMoney(order.price, order.currency),
    deliveryDate: order.expectedOn,
    status: statusOf(order.state),
  });
}

export function toSavedShipment(shipment: WireShipment): SavedShipment {
  return { externalId: shipment.id };
}

export function toReport(event: WireEvent): StatusReport {
  return defined({
    externalId: event.order,
    code: statusOf(event.state),
    updatedAt: new Date(event.at),
    comment: event.comment,
    trackNumber: event.trackNumber,
  });
}

/** The carrier's refusal, with its field names turned into the callback's. */
export function toProviderError(error: CarrierError): ProviderError {
  const fields = Object.fromEntries(Object.entries(error.fields).map(([name, why]) => [callbackPath(name), why]));
  return new ProviderError('rejected', `Fake Carrier: ${error.message}`, Object.keys(fields).length === 0 ? {} : { fields });
}

const CALLBACK_PATHS: ReadonlyMap<string, string> = new Map([
  ['service', 'delivery.tariff'],
  ['to.country', 'delivery.deliveryAddress.countryIso'],
  ['to.city', 'delivery.deliveryAddress.city'],
  ['to.point', 'delivery.deliveryAddress.terminal'],
  ['recipient.phone', 'customer.phones'],
]);

function callbackPath(name: string): string {
  const parcel = /^parcels\[(\d+)\]\.grams$/.exec(name);
  return parcel ? `packages[${parcel[1]}].weight` : (CALLBACK_PATHS.get(name) ?? name);
}

function toAddress(address: Address): WireAddress {
  const street = [address.street, address.house ?? address.building, address.housing, address.flat]
    .filter((part) => part !== undefined && part !== '')
    .join(', ');
  return defined({
    country: address.countryIso,
    region: address.region,
    city: address.city,
    postcode: address.index,
    street: street === '' ? address.text : street,
    point: address.terminal,
    notes: address.notes,
  });
}

function toParcel(parcel: Parcel): WireParcel {
  const { length, width, height } = parcel;
  return defined({
    // The carrier takes whole grams and never less than there are.
    grams: Math.max(1, Math.ceil(parcel.weight)),
    size:
      length !== undefined && width !== undefined && height !== undefined
        ? [length, width, height].map((side) => Math.ceil(side))
        : undefined,
    contents:
      parcel.items
        .map(({ name }) => name)
        .filter((name) => name !== undefined)
        .join(', ')
        .slice(0, 100) || undefined,
  });
}

/** Without the properties that are undefined, which are not to be sent. */
function defined<T extends object>(value: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;
}
