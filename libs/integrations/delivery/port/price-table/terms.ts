import { type Day, parseDay, toLocalMoment, WorkCalendar } from './calendar.js';
import type { AccountSettings } from '#provider-kit';
import type { TablePrice } from './price-table.settings.js';

/** Start of the terms of a request. */
export interface Departure {
  calendar: WorkCalendar;
  /** The day in the request, or today. Terms in days are relative to it. */
  from: Day;
  /** The first day on which the parcel can leave. */
  leaves: Day;
}

/**
 * Returns when a parcel leaves: on the shipment date, or today, in the account's zone. If that is today and
 * the cut-off hour has passed, a day later. A missing or past shipment date counts as today.
 */
export function findDeparture(
  shipmentDate: string | undefined,
  context: { account: AccountSettings; now: Date; settings: { cutOffHour: number } },
): Departure {
  const { day: today, hour } = toLocalMoment(context.now, context.account.timeZone);
  const asked = shipmentDate === undefined ? undefined : parseDay(shipmentDate);
  const from = asked !== undefined && asked > today ? asked : today;
  const late = from === today && hour >= context.settings.cutOffHour;
  return { calendar: WorkCalendar.of(context.account), from, leaves: late ? from + 1 : from };
}

/** First and last day of delivery, and both as calendar days from the departure's `from`. */
export interface Terms {
  first: Day;
  minTerm: number;
  maxTerm: number;
}

/** Computes the terms of a price. Returns undefined if the account does not work on any day of a year. */
export function computeTerms(price: TablePrice, departure: Departure): Terms | undefined {
  const first = departure.calendar.plus(departure.leaves, price.minDays);
  if (first === undefined) return undefined;
  const last = departure.calendar.plus(first, Math.max(0, price.maxDays - price.minDays));
  if (last === undefined) return undefined;
  return { first, minTerm: first - departure.from, maxTerm: last - departure.from };
}
