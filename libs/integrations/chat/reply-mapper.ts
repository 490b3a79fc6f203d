import { DateTime } from 'luxon';
import type { VisitsReply } from './dto/reply.js';
import type { ChatVisits, Visit } from './port/index.js';

/**
 * Formats an instant for chat callbacks, in the account's zone with its offset: `2026-11-24T19:20:38+03:00`.
 */
export function formatInstant(instant: Date, timeZone: string): string {
  return DateTime.fromJSDate(instant, { zone: timeZone }).toFormat("yyyy-MM-dd'T'HH:mm:ssZZ");
}

/** Builds the reply of the `visits` callback. Groups without known values are left out. */
export function toVisitsReply(visits: ChatVisits, timeZone: string): VisitsReply {
  const { lastVisit, count, device, utm, country, city } = visits;
  return {
    ...(lastVisit && { lastVisit: toLastVisit(lastVisit, timeZone) }),
    countVisits: count,
    ...(device && Object.keys(device).length > 0 && { device }),
    ...(utm && Object.keys(utm).length > 0 && { utm }),
    ...(country && { country }),
    ...(city && { city }),
  };
}

function toLastVisit(visit: Visit, timeZone: string): NonNullable<VisitsReply['lastVisit']> {
  return {
    source: visit.source,
    createdAt: formatInstant(visit.startedAt, timeZone),
    endedAt: formatInstant(visit.endedAt, timeZone),
    // From the rounded times, so that the three agree.
    duration: Math.max(0, Math.floor(visit.endedAt.getTime() / 1000) - Math.floor(visit.startedAt.getTime() / 1000)),
    pages: visit.pages.map((page) => ({
      dateTime: formatInstant(page.at, timeZone),
      url: page.url,
      ...(page.title && { title: page.title }),
    })),
  };
}
