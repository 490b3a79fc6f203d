import type { Address, ExistingDelivery, ExtraData, SaveRequest, TimeWindow } from '#delivery/port';
import { computeTerms, findDeparture, findExcess, formatDate, type Load, type ParcelSize, parseDay, toLocalMoment } from '#delivery/prices';
import { fillIn, type LocalText, makeText, textFor } from '#platform';
import type { Money } from '#provider-kit';
import { FIELD, LONGEST_NOTE } from './courier.manifest.js';
import type { CourierContext } from './courier.settings.js';
import { type CourierWindow, WINDOW_NAMES } from './zone.settings.js';
import { texts } from './courier.texts.js';
import { formatHours, sayAmount, sayKilograms } from './courier.words.js';
import type { CourierNetwork } from './network/courier-network.js';
import type { NetworkRate, NetworkZone } from './network/network-parts.js';
import type { Complaints } from './refusals.js';

/** An order, to be checked against a tariff of a zone. */
export interface Checked {
  request: SaveRequest;
  existing: ExistingDelivery | undefined;
  network: CourierNetwork;
  zone: NetworkZone;
  rate: NetworkRate;
  load: Load;
  cod: Money | undefined;
  declaredValue: Money | undefined;
}

/** Maximum number of points listed in a problem. */
const MOST_OFFERED = 10;

/** Whether a checkbox is set. The CRM sends `true`, `1`, `"1"` or `"on"`. */
export function isChecked(value: ExtraData[string] | undefined): boolean {
  return value === true || value === 1 || (typeof value === 'string' && ['1', 'true', 'on', 'yes'].includes(value.toLowerCase()));
}

/** Returns the reasons why the tariff cannot accept the order. Empty if it can. */
export function findComplaints(checked: Checked, context: CourierContext): Complaints {
  const { request, zone } = checked;
  const complaints: Complaints = {};
  if (request.currency !== undefined && request.currency !== zone.settings.currency)
    complaints['currency'] = fillIn(texts.currency, { zone: zone.settings.currency });
  checkParcels(checked.load, checked.rate.limits, complaints);
  checkAmounts(checked, complaints);
  if (checked.rate.tariff.type === 'selfDelivery') checkPoint(checked, request.to, complaints);
  else checkTime(checked, complaints);
  checkDate(checked, context, complaints);
  checkExtraData(checked, complaints);
  return complaints;
}

function checkParcels(load: Load, limits: ParcelSize, complaints: Complaints): void {
  if (load.parcels.length === 0) complaints['packages'] = texts.packagesMissing;
  load.parcels.forEach((parcel, index) => {
    const over = findExcess(parcel, limits);
    if (over === 'weight')
      complaints[`packages[${index}].weight`] ??= fillIn(texts.weightOverLimit, {
        weight: sayKilograms(parcel.weight),
        limit: sayKilograms(limits.weight),
      });
    else if (over === 'sides')
      complaints[`packages[${index}].length`] ??= fillIn(texts.sidesOverLimit, {
        sides: formatSides(parcel.sides),
        limits: formatSides(limits.sides),
      });
  });
}

function checkAmounts({ rate: { price }, zone, cod, declaredValue }: Checked, complaints: Complaints): void {
  const { currency } = zone.settings;
  if (cod && cod.minor > (price.maxCod ?? Infinity)) {
    complaints['delivery.cod'] =
      price.maxCod === 0 ? texts.codNotTaken : fillIn(texts.codOverLimit, { limit: sayAmount({ minor: price.maxCod ?? 0, currency }) });
  }
  if (declaredValue && declaredValue.minor > (price.maxDeclaredValue ?? Infinity)) {
    complaints['packages'] ??= fillIn(texts.declaredOverLimit, { limit: sayAmount({ minor: price.maxDeclaredValue ?? 0, currency }) });
  }
}

function checkPoint({ network, zone, load, cod }: Checked, to: Address | undefined, complaints: Complaints): void {
  const path = 'delivery.deliveryAddress.terminal';
  const point = to?.terminal ? network.findPoint(to.terminal) : undefined;
  if (!point || !point.settings.zones.includes(zone.settings.code)) {
    const offered = network.listPointsNear(zone, to ?? {}).map(({ settings }) => settings.code);
    complaints[path] = to?.terminal
      ? fillIn(texts.pointUnknown, { offered: offered.slice(0, MOST_OFFERED).join(', ') })
      : texts.pointMissing;
    return;
  }
  checkParcels(load, point.limits, complaints);
  if (cod && !point.settings.cod) complaints['delivery.cod'] ??= texts.pointTakesNoCod;
}

function checkTime({ request, zone }: Checked, complaints: Complaints): void {
  const { windows } = zone.settings;
  const { from, to } = request.deliveryTime ?? {};
  const path = 'delivery.deliveryTime';
  if (from !== undefined && to !== undefined && from > to) complaints[path] = texts.timeReversed;
  else if (
    windows.length > 0 &&
    (from !== undefined || to !== undefined) &&
    findWindowsMeeting(windows, request.deliveryTime).length === 0
  ) {
    complaints[path] = fillIn(texts.timeNotOffered, { hours: formatHours(windows) });
  }
  const part = request.extraData[FIELD.window];
  if (part === undefined || part === '') return;
  const chosen = windows.filter((window) => window.part === part);
  if (chosen.length === 0) {
    complaints[`delivery.extraData.${FIELD.window}`] = fillIn(texts.windowNotOffered, { offered: listParts(windows) });
  } else if (
    (from !== undefined || to !== undefined) &&
    !complaints[path] &&
    findWindowsMeeting(chosen, request.deliveryTime).length === 0
  ) {
    complaints[`delivery.extraData.${FIELD.window}`] = texts.windowAndTimeDiffer;
  }
}

function listParts(windows: readonly CourierWindow[]): LocalText {
  const names = [...new Set(windows.map((window) => WINDOW_NAMES[window.part]))];
  return makeText((language) => names.map((name) => textFor(name, language)).join(', ') || '-');
}

/** Formats millimetres. A side without a limit is a dash. */
function formatSides(sides: readonly number[]): string {
  return sides.map((side) => (side === Infinity ? '-' : String(side))).join(' x ');
}

/** Returns the windows that overlap the requested time. Times of one format (`HH:MM`) compare as texts. */
export function findWindowsMeeting(windows: readonly CourierWindow[], time: TimeWindow | undefined): CourierWindow[] {
  const { from = '00:00', to = '24:00' } = time ?? {};
  if (from === to) return windows.filter((window) => window.from <= from && from <= window.to);
  return windows.filter((window) => from < window.to && window.from < to);
}

/**
 * Returns the window that contains the time, otherwise the only one inside it, otherwise the only one that
 * overlaps it.
 */
export function findWindowMeant(windows: readonly CourierWindow[], time: TimeWindow | undefined): CourierWindow | undefined {
  const { from, to } = time ?? {};
  if (from === undefined && to === undefined) return undefined;
  const met = findWindowsMeeting(windows, time);
  const [first = '00:00', last = '24:00'] = [from, to];
  const whole = met.filter((window) => first <= window.from && window.to <= last);
  return met.find((window) => window.from <= first && last <= window.to) ?? pickOnlyOne(whole) ?? pickOnlyOne(met);
}

function pickOnlyOne<Item>(items: readonly Item[]): Item | undefined {
  return items.length === 1 ? items[0] : undefined;
}

function checkDate({ request, existing, rate, network }: Checked, context: CourierContext, complaints: Complaints): void {
  if (request.deliveryDate === undefined) return;
  const path = 'delivery.deliveryDate';
  const day = parseDay(request.deliveryDate);
  if (day === undefined) {
    complaints[path] = texts.dateUnreadable;
    return;
  }
  const { day: today, hour } = toLocalMoment(context.now, context.account.timeZone);
  const { to } = request.deliveryTime ?? {};
  if (day === today && to !== undefined && to <= `${String(hour).padStart(2, '0')}:00`)
    complaints['delivery.deliveryTime'] ??= texts.timePassed;
  // An agreed day stays valid while other fields of the delivery change.
  if (existing?.request.deliveryDate === request.deliveryDate && existing.request.tariff === request.tariff) return;
  const departure = findDeparture(request.shipmentDate, { account: context.account, now: context.now, settings: network.basics });
  const terms = computeTerms(rate.price, departure);
  if (!terms) return;
  if (day < terms.first) complaints[path] = fillIn(texts.dateTooEarly, { first: formatDate(terms.first) });
  else if (!departure.calendar.isWorking(day)) {
    complaints[path] = fillIn(texts.dateNotServed, { next: formatDate(departure.calendar.onOrAfter(day) ?? terms.first) });
  }
}

function checkExtraData({ request, network }: Checked, complaints: Complaints): void {
  const note = request.extraData[FIELD.note];
  if (typeof note === 'string' && note.length > LONGEST_NOTE)
    complaints[`delivery.extraData.${FIELD.note}`] = fillIn(texts.tooLong, { most: LONGEST_NOTE });
  const hub = request.extraData[FIELD.hub];
  if (hub !== undefined && hub !== '' && !network.findHub(String(hub))) complaints[`delivery.extraData.${FIELD.hub}`] = texts.hubUnknown;
}
