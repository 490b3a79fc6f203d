import { DateTime } from 'luxon';
import { type ExistingDelivery, joinSizes, type ParcelSize, type ShipmentRequest, toHouse } from '#delivery/port';
import { cutText, makeFieldError } from '#provider-kit';
import type { ApishipContext } from './apiship.settings.js';
import { texts } from './apiship.texts.js';
import { MOST_CHARACTERS, readPhone, toSize } from './apiship.units.js';
import { chooseHandover, findContract } from './carriers.js';
import { findOrigin } from './parties.js';
import { readTariffCode } from './tariffs.js';

/** `POST /courierCall`: for the orders of one carrier. */
export interface CourierCall extends ParcelSize {
  providerKey: string;
  /** A number here. In an order it is a text. */
  providerConnectId?: number;
  /** `YYYY-MM-DD` */
  date: string;
  /** `HH:MM`, as the end. */
  timeStart: string;
  timeEnd: string;
  orderIds: number[];
  countryCode: string;
  postIndex?: string;
  region: string;
  city: string;
  street: string;
  house: string;
  office?: string;
  companyName?: string;
  contactName: string;
  phone: string;
  email?: string;
  comment?: string;
}

const HOURS = { from: '09:00', to: '18:00' };
const LONGEST = { region: 100, city: 100, street: 55, house: 50, name: 100 };

/** Whether the carrier comes for the parcels. Otherwise the shop brings them to a point. */
export function needsCourier({ deliveries }: ShipmentRequest, context: ApishipContext): boolean {
  return (
    deliveries.length === 0 || deliveries.some((one) => chooseHandover(readCarrier(one, context), one.request.from, context).type === 1)
  );
}

/** Builds a courier's call. Throws ProviderError `invalid` with the wrong fields. */
export function buildCourierCall(request: ShipmentRequest, context: ApishipContext): CourierCall {
  const { settings } = context;
  const [carrier, ...others] = new Set(request.deliveries.map((delivery) => readCarrier(delivery, context)));
  if (carrier === undefined) throw makeFieldError('orders', texts.courierOrders, texts.required);
  if (others.length > 0) throw makeFieldError('orders', texts.oneCarrier, texts.impossible);
  const contract = findContract(carrier, context);
  const phone = readPhone(request.manager.phone) ?? readPhone(settings.senderPhone) ?? '';
  return {
    providerKey: carrier,
    ...(contract !== undefined && { providerConnectId: Number(contract) }),
    ...toVisitTime(request, context),
    ...joinSizes(request.deliveries.flatMap((delivery) => (request.parcels?.[delivery.id] ?? delivery.request.parcels).map(toSize))),
    orderIds: request.deliveries.map(({ externalId }) => Number(externalId)),
    ...toPlace(request, context),
    ...(settings.senderCompany && { companyName: settings.senderCompany }),
    contactName: cutText(request.manager.name || settings.senderName, LONGEST.name),
    phone,
    ...(settings.senderEmail && { email: settings.senderEmail }),
    ...(request.comment && { comment: cutText(request.comment, MOST_CHARACTERS) }),
  };
}

/** The carrier of a delivery's tariff, also of a tariff that is no longer on offer. */
function readCarrier({ request }: ExistingDelivery, context: ApishipContext): string {
  return readTariffCode(request.tariff, context)?.carrier ?? request.tariff.split(':')[0] ?? '';
}

/** The place that the courier comes to, in parts, in ApiShip's format for calls. */
function toPlace(
  { address }: ShipmentRequest,
  context: ApishipContext,
): Pick<CourierCall, 'countryCode' | 'postIndex' | 'region' | 'city' | 'street' | 'house' | 'office'> {
  const own = findOrigin(undefined, context);
  // The shipment's own address comes first: a shop may have several stores.
  const given = address?.city && address.street ? address : undefined;
  const place = given ? { ...given, house: toHouse(given, 'RU'), office: given.flat } : own;
  const { countryIso = 'RU', index, city, region = city, street, house, office } = place;
  if (!city || !region || !street || !house) throw makeFieldError('delivery.shipmentAddress', texts.senderAddress, texts.required);
  return {
    countryCode: countryIso,
    ...(index && { postIndex: index }),
    region: cutText(region, LONGEST.region),
    city: cutText(city, LONGEST.city),
    street: cutText(street, LONGEST.street),
    house: cutText(house, LONGEST.house),
    ...(office && { office: cutText(office, LONGEST.house) }),
  };
}

/** Day and hours of the visit. Throws ProviderError `invalid` for a time that cannot be. */
function toVisitTime({ date, time }: ShipmentRequest, context: ApishipContext): Pick<CourierCall, 'date' | 'timeStart' | 'timeEnd'> {
  const { account, now } = context;
  if (date === undefined) throw makeFieldError('date', texts.courierDay, texts.required);
  if (date < (DateTime.fromJSDate(now, { zone: account.timeZone }).toISODate() ?? ''))
    throw makeFieldError('date', texts.courierDayOver, texts.impossible);
  const timeStart = time?.from ?? HOURS.from;
  const timeEnd = time?.to ?? HOURS.to;
  if (timeStart >= timeEnd) throw makeFieldError('time', texts.courierHours, texts.impossible);
  return { date, timeStart, timeEnd };
}
