import { DateTime } from 'luxon';
import { joinSizes, type ParcelSize, type ShipmentRequest } from '#delivery/port';
import { fillIn } from '#platform';
import { cutText, makeFieldError } from '#provider-kit';
import type { Cdek } from './cdek.api.js';
import { SHIPMENT_FIELD } from './cdek.manifest.js';
import type { CdekContext } from './cdek.settings.js';
import { texts } from './cdek.texts.js';
import { MOST_CHARACTERS, toFullSize } from './cdek.units.js';
import { findOrigin } from './cities.js';
import { type CdekAddress, type CdekContact, readPhone, toSender, toSenderAddress } from './parties.js';

/**
 * `POST /intakes`: for one order by its id, or for several parcels as one load with a name, weight and sides.
 */
export interface CdekIntakeRequest extends Partial<ParcelSize> {
  order_uuid?: string;
  /** `yyyy-MM-dd` */
  intake_date: string;
  /** `HH:mm` */
  intake_time_from: string;
  /** `HH:mm` */
  intake_time_to: string;
  name?: string;
  comment: string;
  sender: CdekContact;
  from_location: CdekAddress;
  need_call: boolean;
}

/** CDEK's couriers come between these hours, and at most this number of days ahead. */
const VISIT = { from: '09:00', to: '22:00', mostDays: 31 };

/** A visit of CDEK's courier. Throws ProviderError `invalid` with the wrong fields. */
export async function buildIntakeRequest(api: Cdek, request: ShipmentRequest, context: CdekContext): Promise<CdekIntakeRequest> {
  const place = await findOrigin(api, request.address, context);
  const { date, from, to } = toVisitTime(request, context);
  const mark = toMark(request.reference);
  const comment = `${cutText(request.comment ?? '', MOST_CHARACTERS - mark.length - 1)} ${mark}`.trim();
  const phone = readPhone(request.manager.phone, request.address?.countryIso);
  const sender = toSender(context);
  const [only, ...others] = request.deliveries;
  if (only === undefined) throw makeFieldError('orders', texts.courierOrders, texts.required);
  return {
    ...(others.length === 0 ? { order_uuid: only.externalId } : toLoad(request.deliveries, context)),
    intake_date: date,
    intake_time_from: from,
    intake_time_to: to,
    comment,
    sender: {
      ...sender,
      ...(request.manager.name && { name: cutText(request.manager.name, MOST_CHARACTERS) }),
      phones: phone ? [phone] : sender.phones,
    },
    from_location: toSenderAddress(request.address, place, context),
    need_call: request.extraData[SHIPMENT_FIELD.needCall] === true,
  };
}

/** Our reference in a visit's comment, which identifies the visit. */
export function toMark(reference: string): string {
  return `[${reference}]`;
}

/** Several parcels as one load. */
function toLoad(deliveries: ShipmentRequest['deliveries'], context: CdekContext): ParcelSize & { name: string } {
  const parcels = deliveries.flatMap(({ request }) => request.parcels);
  return { name: `${deliveries.length} × CDEK`, ...joinSizes(parcels.map((parcel) => toFullSize(parcel, context))) };
}

/** Day and hours of the visit. Throws ProviderError `invalid` for a time at which no courier comes. */
function toVisitTime({ date, time }: ShipmentRequest, context: CdekContext): { date: string; from: string; to: string } {
  const { account, now } = context;
  if (date === undefined) throw makeFieldError('date', texts.courierDay, texts.required);
  const today = DateTime.fromJSDate(now, { zone: account.timeZone }).startOf('day');
  const day = DateTime.fromISO(date, { zone: account.timeZone });
  if (day < today) throw makeFieldError('date', texts.courierDayOver, texts.impossible);
  if (day > today.plus({ days: VISIT.mostDays }))
    throw makeFieldError('date', fillIn(texts.courierDayFar, { days: VISIT.mostDays }), texts.impossible);
  const from = time?.from ?? VISIT.from;
  const to = time?.to ?? VISIT.to;
  if (from < VISIT.from || to > VISIT.to || from >= to)
    throw makeFieldError('time', fillIn(texts.courierHours, { from: VISIT.from, to: VISIT.to }), texts.impossible);
  return { date, from, to };
}
